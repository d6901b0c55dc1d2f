"""The law in words: every kind of rule has its sentence, every value of a file is said or said to be unknown."""

from dataclasses import fields, replace
from datetime import date

import pytest

from commune_hub.schemes.loading import profiles
from commune_hub.schemes.profile import ObligationRule, Persons, Profile, Rights, Saying, Term, VoucherRule
from commune_hub.schemes.words import Benefit, CertifiedBy, Connection, ObligationKind, StartEvent, Status
from commune_hub.speech import law
from commune_hub.speech.catalogues import SPOKEN, Speech, speeches_from, translations_folder

SPEECHES = speeches_from(translations_folder())
ENGLISH = SPEECHES["en"]
TODAY = date(2026, 11, 24)


def _in_chapters(profile: Profile) -> list[Saying]:
    """What a file says in its own words, in the order of the chapters."""
    chapters = ["persons", "term", *(rule.kind for rule in profile.obligations), "vouchers", "rights", "retention"]
    return sorted(profile.also, key=lambda one: chapters.index(one.about))


def said(profile: Profile, speech: Speech = ENGLISH) -> dict[str, dict[str, law.Line]]:
    return {
        chapter.title: {line.topic: line for line in chapter.lines}
        for chapter in law.chapters_of(profile, TODAY, speech)
    }


def test_every_kind_of_rule_has_its_sentence() -> None:
    groups = {"persons": Persons, "term": Term, "obligation": ObligationRule, "vouchers": VoucherRule, "rights": Rights}
    kinds = {f"{name}.{one.name}" for name, group in groups.items() for one in fields(group)} - {"obligation.kind"}

    assert set(law.RULES) == kinds
    words = (*ObligationKind, *Connection, *Status, *StartEvent, *CertifiedBy, *Benefit)
    assert [word for word in words if word not in law.WORD] == []


@pytest.mark.parametrize("profile", profiles().values(), ids=lambda profile: profile.id)
def test_every_value_of_a_file_is_told_with_its_source(profile: Profile) -> None:
    everything = [line for chapter in law.chapters_of(profile, TODAY, ENGLISH) for line in chapter.lines]
    lines = [line for line in everything if line.topic]

    assert sum(not line.established for line in lines) == sum(not one.established for one in profile.grounds.values())
    assert [line.topic for line in lines if line.established and not line.places] == []
    assert [line.said for line in everything if not line.topic] == [one.says["en"] for one in _in_chapters(profile)]
    # What is left out is what there is no rule about, and nothing else.
    silent = len(profile.grounds) - len(lines)
    assert 0 <= silent <= sum(key.startswith(("persons.", "term.")) for key in profile.grounds)


@pytest.mark.parametrize("profile", profiles().values(), ids=lambda profile: profile.id)
def test_what_a_shipped_file_says_itself_it_says_in_five_languages(profile: Profile) -> None:
    texts = [
        profile.name,
        *profile.contradictions,
        *(one.says for one in profile.also),
        *(one.note for one in profile.grounds.values() if one.note),
    ]

    assert [text["en"] for text in texts if set(text) != set(SPOKEN)] == []


def test_the_numbers_of_the_cai_are_read_as_people_say_them() -> None:
    told = said(profiles()["LU-CAI"])

    assert told["Who could sign"]["Age"].said == "You are 16 or older."
    assert told["Who could sign"]["Nationality"].said == "It is not for citizens of Luxembourg."
    assert told["How long"]["Length"] == law.Line(
        "Length", "It lasts 24 months.", ("RGD art. 4", "FS-FR durée"),
        "The first and the last day count. A contract that has not begun has no end date.",
    )  # fmt: skip
    assert told["Civic course"]["Length"].said == "It takes 6 hours or more."
    assert told["Civic course"]["Number of dates"].said == "Usually 2 or 3."
    assert told["Language course"]["Languages"].said == "One of these: Luxembourgish, French or German."
    assert told["Vouchers"]["Price"].said == "A language course costs €10.00 with a voucher."
    assert told["Your data"]["People who signed or joined"].said == (
        "The data are made anonymous 36 months after the signature."
    )


@pytest.mark.parametrize("profile", profiles().values(), ids=lambda profile: profile.id)
def test_K15_a_benefit_is_never_promised(profile: Profile) -> None:
    if profile.rights.benefits:
        line = said(profile)["What it brings"]["What it may help with"]
        assert line.said.startswith("Other authorities may take it into account for: ")
        assert line.said.endswith(". They decide. We promise nothing.")
        assert line.places


def test_what_is_not_established_says_so_and_what_we_do_ourselves_too() -> None:
    told = said(profiles()["LU-BIERGERPAKT"])

    assert told["Who can join"]["Not for"] == law.Line("Not for", "Not established.", (), "", established=False)
    assert told["Your data"]["People who signed or joined"].said == (
        "Not established. We delete 24 months after the last activity: our own rule."
    )


def test_the_letters_carry_their_country() -> None:
    names = [law.name_of(profile, ENGLISH) for profile in profiles().values()]

    assert names == ["CAI (France)", "CIR (France)", "CIR (France)", "Biergerpakt (Luxembourg)", "CAI (Luxembourg)"]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2023, 12, 31), "Since 1 October 2011"),
        (date(2024, 1, 1), "Cannot be signed since 1 January 2024"),
        (date(2011, 9, 30), "Begins on 1 October 2011"),
    ],
)
def test_whether_it_can_be_signed_today(day: date, state: str) -> None:
    assert law.state_of(profiles()["LU-CAI"], day, ENGLISH) == state


@pytest.mark.parametrize("code", SPOKEN)
def test_no_language_leaves_a_value_out(code: str) -> None:
    for profile in profiles().values():
        for chapter in law.chapters_of(profile, TODAY, SPEECHES[code]):
            assert [line for line in chapter.lines if "%(" in line.said or "%%" in line.said] == []


def test_a_country_may_speak_of_what_we_have_no_words_for() -> None:
    plain = profiles()["LU-CAI"]
    strange = replace(plain.counts[0], activity="sailing")
    profile = replace(
        plain, counts=(strange,), grounds={**plain.grounds, "counts.sailing": plain.grounds["term.months"]}
    )

    assert said(profile)["What counts"]["sailing"].said == "It may count for: Language course. Only with a convention."
