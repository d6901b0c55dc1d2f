"""The alphabet of phones (GSM 03.38): what fits into it, and how many text messages the phone company counts."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# The basic alphabet (160 to a message) and the extension, whose letters count twice.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€\f")
_LIKE = str.maketrans(
    {
        "’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...",
        "·": "-", "\u00a0": " ", "\u202f": " ", "œ": "oe", "Œ": "OE",
    }
)  # fmt: skip


class Segments(NamedTuple):
    """How many messages a text becomes, how many characters are left in the last one, and which make it dear.

    `left` counts in the alphabet that the text needs: letters of the basic alphabet, or units of UCS-2. `forcing`
    are the characters that phones' own alphabet does not have, each once, in the order of the text.
    """

    number: int
    left: int
    needs_ucs2: bool
    forcing: tuple[str, ...]


def segments(text: str) -> Segments:
    """160 letters in one message and 153 in each of several; with a foreign character 70 and 67 (3GPP TS 23.040)."""
    forcing = tuple(dict.fromkeys(char for char in text if not is_cheap(char)))
    if forcing:
        return Segments(*_packed(_units(text), 70, 67), True, forcing)
    return Segments(*_packed((2 if char in _EXTENSION else 1 for char in text), 160, 153), False, ())


def is_cheap(char: str) -> bool:
    """Whether the phones' own alphabet has this character."""
    return char in _BASIC or char in _EXTENSION


def fitted(text: str) -> str:
    """The text in the phones' own alphabet where that reads the same: one ê makes a message three times as dear.

    A text in another script stays as it is.
    """
    text = text.translate(_LIKE)
    plain = "".join(char if is_cheap(char) else _without_marks(char) for char in text)
    return plain if all(map(is_cheap, plain)) else text


def _units(text: str) -> Iterator[int]:
    """The size of each character in UCS-2; half a picture is never sent."""
    return (len(char.encode("utf-16-be", "surrogatepass")) // 2 for char in text)


def _packed(sizes: Iterable[int], one: int, part: int) -> tuple[int, int]:
    """Messages and what is left in the last; a character of two parts is never torn in two."""
    sizes = list(sizes)
    if (whole := sum(sizes)) <= one:
        return (1 if sizes else 0), one - whole
    number, used = 1, 0
    for size in sizes:
        if used + size > part:
            number, used = number + 1, 0
        used += size
    return number, part - used


def _without_marks(char: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", char) if not unicodedata.combining(part))
