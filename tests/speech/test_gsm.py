"""Text messages are counted as the phone company counts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.speech.gsm import fitted, is_cheap, segments

# Reminders of the lengths that were measured when the screens were drawn: French 145 characters, Luxembourgish 121.
FRENCH = (
    "Demain mardi 24 nov. à 18:30: table de conversation en luxembourgeois, Centre culturel, Belvaux."
    " Vous ne venez pas? hub.example.lu/b/Ab3dEf7h12345"
)
LUXEMBOURGISH = (
    "Muer, Dënschdeg 24. Nov. um 18:30: Gespréichsronn op Lëtzebuergesch, Centre culturel, Bieles."
    " Kommt Dir net? hub.lu/b/Ab3"
)
GERMAN = "Morgen, Dienstag, 24. Nov. um 18:30: Gesprächsrunde auf Luxemburgisch. Sie können nicht? hub.lu/b/Ab3dEf7h"
PORTUGUESE = (
    "Amanhã, terça-feira, 24 nov. às 18:30: mesa de conversação em luxemburguês. Não pode vir? hub.lu/b/Ab3dEf7h"
)
ARABIC = "غدا الثلاثاء 24 نوفمبر الساعة 18:30: طاولة محادثة باللغة اللوكسمبورغية في المركز الثقافي بيلفو hub.lu/b/Ab3"


@pytest.mark.parametrize(
    ("text", "number", "forcing"),
    [
        (FRENCH, 1, ()),
        (FRENCH.replace("table", "fête"), 3, ("ê",)),
        (LUXEMBOURGISH, 2, ("ë",)),
        (PORTUGUESE, 2, ("ã", "ç", "ê")),
        (GERMAN, 1, ()),
    ],
)
def test_the_measured_reminders_are_counted_as_they_were_measured(
    text: str, number: int, forcing: tuple[str, ...]
) -> None:
    counted = segments(text)

    assert (counted.number, counted.needs_ucs2, counted.forcing) == (number, bool(forcing), forcing)


def test_another_script_takes_two_messages() -> None:
    assert (segments(ARABIC).number, segments(ARABIC).needs_ucs2) == (2, True)


@pytest.mark.parametrize(
    ("text", "number", "left"),
    [
        ("", 0, 160),
        ("a" * 160, 1, 0),
        ("a" * 161, 2, 145),
        ("€" * 80, 1, 0),
        ("€" * 81, 2, 143),
        ("a" * 306, 2, 0),
        ("a" * 152 + "€" + "a" * 152, 3, 152),
        ("п" * 70, 1, 0),
        ("п" * 71, 2, 63),
        ("п" * 66 + "🙂" + "п" * 10, 2, 55),
    ],
)
def test_what_is_left_is_counted_and_no_character_is_torn_in_two(text: str, number: int, left: int) -> None:
    assert segments(text)[:2] == (number, left)


@given(st.text(st.sampled_from("aZ9 €[éêëçã’п🙂\n"), max_size=400))
def test_a_text_always_fits_into_its_messages_and_a_fitted_one_never_takes_more(text: str) -> None:
    counted = segments(text)

    size = len(text.encode("utf-16-be")) // 2 if counted.needs_ucs2 else len(text) + sum(c in "€[" for c in text)
    one, part = (70, 67) if counted.needs_ucs2 else (160, 153)
    room = one if counted.number < 2 else part * counted.number
    # A character of two parts that does not fit leaves one place empty.
    assert 0 <= room - size - counted.left < max(1, counted.number)
    assert counted.needs_ucs2 is any(not is_cheap(char) for char in text)
    # The three dots of … are the only thing that becomes longer.
    assert segments(fitted(text)).number <= counted.number
    assert fitted(fitted(text)) == fitted(text)
