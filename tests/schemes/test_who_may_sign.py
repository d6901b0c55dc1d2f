"""Who may sign or join, and on which way (ELIG, SIGN); the ids are those of docs/law.md."""

from datetime import date

import pytest

from commune_hub.schemes.loading import profiles
from commune_hub.schemes.rules import bars_to_sign, candidate_until, may_sign
from commune_hub.schemes.words import Connection, Nature, SigningBar, Status
from tests.schemes.a_contract import CAI, CIR_2019, CIR_2026, FR_CAI, PAKT, SESSION, SIGNED, an_applicant


@pytest.mark.parametrize(
    ("born_on", "may"),
    [(date(2005, 4, 12), True), (date(2005, 4, 13), False), (date(2005, 4, 11), True), (date(1920, 1, 1), True)],
)
def test_ELIG_1_sixteen_on_the_day_of_signature_is_old_enough(born_on: date, may: bool) -> None:
    assert may_sign(CAI, an_applicant(born_on=born_on), SIGNED) is may


def test_K1_the_regulation_wins_over_the_leaflet_that_says_more_than_sixteen() -> None:
    on_the_birthday = an_applicant(born_on=date(2005, 4, 12))

    assert (CAI.persons.least_age, bars_to_sign(CAI, on_the_birthday, SIGNED)) == (16, ())


@pytest.mark.parametrize(
    ("citizen_of", "bars"),
    [
        ({"PT"}, ()),
        ({"ER"}, ()),
        ({"LU"}, (SigningBar.NATIONALITY,)),
        ({"LU", "PT"}, (SigningBar.NATIONALITY,)),
        (set(), ()),
    ],
)
def test_ELIG_2_foreigners_from_the_union_or_not_but_no_luxembourgers(
    citizen_of: set[str], bars: tuple[SigningBar, ...]
) -> None:
    assert bars_to_sign(CAI, an_applicant(citizen_of=frozenset(citizen_of)), SIGNED) == bars


def test_ELIG_3_only_who_lives_here_legally() -> None:
    works_here = an_applicant(connections=frozenset({Connection.WORK}))

    assert bars_to_sign(CAI, works_here, SIGNED) == (SigningBar.NO_CONNECTION,)


def test_ELIG_4_only_who_wants_to_stay() -> None:
    assert bars_to_sign(CAI, an_applicant(stays=False), SIGNED) == (SigningBar.NOT_DURABLE,)


@pytest.mark.parametrize("status", Status)
def test_ELIG_7_a_temporary_permit_or_a_request_for_protection_excludes(status: Status) -> None:
    excluded = an_applicant(statuses=frozenset({status}))

    assert bars_to_sign(CAI, excluded, SIGNED) == (SigningBar.EXCLUDED,)


def test_ELIG_7_everything_that_stands_against_it_is_told_at_once() -> None:
    nobody = an_applicant(
        born_on=date(2010, 1, 1), citizen_of=frozenset({"LU"}), connections=frozenset(), stays=False,
        statuses=frozenset(Status), session_on=None,
    )  # fmt: skip

    assert bars_to_sign(CAI, nobody, SIGNED) == (
        SigningBar.TOO_YOUNG, SigningBar.NATIONALITY, SigningBar.NO_CONNECTION, SigningBar.NOT_DURABLE,
        SigningBar.EXCLUDED, SigningBar.NO_SESSION,
    )  # fmt: skip


@pytest.mark.parametrize("day", [date(2024, 1, 1), date(2026, 11, 22)])
def test_nobody_can_sign_the_cai_since_the_law_of_2023_is_in_force(day: date) -> None:
    assert bars_to_sign(CAI, an_applicant(session_on=day), day) == (SigningBar.NO_LONGER_OPEN,)


def test_the_last_day_of_the_cai_and_the_first_of_the_pact_leave_no_gap() -> None:
    last, first = date(2023, 12, 31), date(2024, 1, 1)

    assert (CAI.open_on(last), PAKT.open_on(last), CAI.open_on(first), PAKT.open_on(first)) == (
        True,
        False,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("session_on", "bars"),
    [
        (SIGNED, ()),
        (None, (SigningBar.NO_SESSION,)),
        (date(2021, 4, 13), (SigningBar.NO_SESSION,)),
    ],
)
def test_SIGN_1_an_information_session_comes_first(session_on: date | None, bars: tuple[SigningBar, ...]) -> None:
    assert bars_to_sign(CAI, an_applicant(session_on=session_on), SIGNED) == bars


@pytest.mark.parametrize(
    ("day", "bars"), [(date(2022, 2, 28), ()), (date(2022, 3, 1), (SigningBar.SESSION_TOO_LONG_AGO,))]
)
def test_SIGN_4_a_year_after_the_session_another_one_is_needed(day: date, bars: tuple[SigningBar, ...]) -> None:
    assert (bars_to_sign(CAI, an_applicant(), day), candidate_until(CAI, SESSION)) == (bars, date(2022, 2, 28))


def test_K3_signing_on_the_day_of_the_session_or_later_are_both_ways() -> None:
    assert may_sign(CAI, an_applicant(session_on=SIGNED), SIGNED)
    assert may_sign(CAI, an_applicant(), SIGNED)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2019, 12, 31), "Office luxembourgeois de l’accueil et de l’intégration (OLAI)"),
        (date(2020, 1, 1), "Ministère de la Famille, de l’Intégration et à la Grande Région, "
            "Département de l’intégration"),
        (date(2026, 11, 22), "Ministère de la Famille, des Solidarités, du Vivre ensemble et de l’Accueil, "
            "Division Vivre-ensemble interculturel"),
    ],
)  # fmt: skip
def test_SIGN_5_and_K16_the_authority_is_that_of_the_day(day: date, name: str) -> None:
    authority = CAI.authority_on(day)

    assert authority is not None and authority.name == name


def test_K16_no_old_address_of_the_authority_is_in_a_profile() -> None:
    told = " ".join(f"{one.name} {one.link}" for profile in profiles().values() for one in profile.authorities)

    assert [old for old in ("cai@", "8002", "ast.lu", "olai.public", "forum-cai") if old in told] == []


@pytest.mark.parametrize(
    ("given", "bars"),
    [
        ({}, ()),
        ({"citizen_of": frozenset({"LU"})}, ()),
        ({"connections": frozenset({Connection.WORK})}, ()),
        ({"connections": frozenset()}, (SigningBar.NO_CONNECTION,)),
        ({"born_on": date(2006, 11, 23)}, (SigningBar.TOO_YOUNG,)),
        ({"born_on": date(2006, 11, 22)}, ()),
        ({"session_on": None, "stays": False}, ()),
    ],
)
def test_the_pact_is_for_adults_who_live_or_work_here_luxembourgers_too(
    given: dict[str, object], bars: tuple[SigningBar, ...]
) -> None:
    assert PAKT.nature is Nature.MEMBERSHIP
    assert bars_to_sign(PAKT, an_applicant(**given), date(2024, 11, 22)) == bars


def test_somebody_born_on_29_february_grows_older_on_1_march() -> None:
    born = an_applicant(born_on=date(2008, 2, 29))

    assert [may_sign(PAKT, born, date(2026, *day)) for day in [(2, 28), (3, 1)]] == [False, True]


@pytest.mark.parametrize(
    ("citizen_of", "bars"), [({"ER"}, ()), ({"PT"}, (SigningBar.NATIONALITY,)), ({"CH"}, (SigningBar.NATIONALITY,))]
)
def test_the_french_contract_is_for_newcomers_from_outside_the_union(
    citizen_of: set[str], bars: tuple[SigningBar, ...]
) -> None:
    newcomer = an_applicant(
        citizen_of=frozenset(citizen_of), connections=frozenset({Connection.FIRST_ADMISSION}), session_on=None
    )

    assert [bars_to_sign(cir, newcomer, day) for cir, day in [(CIR_2019, SIGNED), (CIR_2026, date(2026, 5, 1))]] == [
        bars, bars
    ]  # fmt: skip


def test_K19_the_french_cai_is_another_contract_unreliable_and_not_in_use() -> None:
    temporary = an_applicant(
        citizen_of=frozenset({"ER"}),
        connections=frozenset({Connection.FIRST_ADMISSION, Connection.RESIDENCE}),
        statuses=frozenset({Status.TEMPORARY_PERMIT}),
    )

    assert (FR_CAI.reliable, FR_CAI.in_use, FR_CAI.country, CAI.country) == (False, False, "FR", "LU")
    # The one admits whom the other excludes: mixing the two profiles would be wrong for people.
    assert bars_to_sign(FR_CAI, temporary, date(2012, 1, 1)) == ()
    assert bars_to_sign(CAI, temporary, SIGNED) == (SigningBar.EXCLUDED,)


def test_K20_what_the_article_contradicts_stands_in_its_profile_with_its_source() -> None:
    assert len(FR_CAI.contradictions) == 5
    assert {place.split(" ")[0] for ground in FR_CAI.grounds.values() for place in ground.sources} == {"FRA"}
