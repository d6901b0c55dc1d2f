"""Whose time is over, and on which day: never too early, never too late."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.base.words import LOCAL
from commune_hub.privacy.retention import profile_for
from commune_hub.privacy.rules import HeldContract, Life, Verdict, is_due, verdict
from commune_hub.privacy.words import CaseReason
from commune_hub.schemes.words import RetentionAction

DAYS = st.dates(date(2012, 1, 1), date(2040, 12, 31))
CAI = HeldContract("LU-CAI", "fulfilled", date(2026, 11, 1), date(2022, 9, 15), date(2022, 10, 1), date(2024, 9, 30))
TODAY = date(2026, 11, 22)


def judged(life: Life, day: date = TODAY) -> Verdict:
    found = verdict(life, profile_for, day)
    assert found is not None
    return found


def test_a_signatory_is_made_anonymous_three_years_after_the_signature() -> None:
    assert judged(Life(TODAY, (CAI,))) == Verdict(RetentionAction.ANONYMISE, date(2025, 9, 15), False)


def test_without_a_scheme_somebody_is_deleted_two_years_after_the_last_activity() -> None:
    assert judged(Life(date(2024, 11, 22))) == Verdict(RetentionAction.DELETE, date(2026, 11, 22), True)


def test_a_scheme_without_a_rule_gets_our_own() -> None:
    pact = replace(CAI, scheme="LU-BIERGERPAKT", signed_on=date(2024, 2, 1), state="ended")

    assert judged(Life(date(2024, 5, 31), (pact,))).due_on == date(2026, 5, 31)
    assert judged(Life(date(2024, 5, 31), (pact,))).assumed


@pytest.mark.parametrize(
    ("life", "case"),
    [
        (Life(TODAY, (replace(CAI, state="in_force", ends_on=TODAY),)), CaseReason.CONTRACT_RUNNING),
        (Life(TODAY, (replace(CAI, state="in_force", ends_on=TODAY - timedelta(days=1)),)), None),
        (Life(TODAY, (replace(CAI, state="signed", ends_on=None),)), CaseReason.CONTRACT_RUNNING),
        (Life(TODAY, (CAI,), seat_ahead=True), CaseReason.SEAT_AHEAD),
        (Life(TODAY, (CAI,), helps=True), CaseReason.STILL_HELPS),
        (Life(TODAY, (replace(CAI, signed_on=None),)), CaseReason.NO_ANCHOR),
    ],
)
def test_what_speaks_against_it_goes_to_a_human(life: Life, case: CaseReason | None) -> None:
    assert judged(life).case is case


def test_of_two_contracts_the_later_clock_counts() -> None:
    second = replace(CAI, signed_on=date(2023, 12, 30), state="ended")

    assert judged(Life(TODAY, (CAI, second))).due_on == date(2026, 12, 30)


def test_whoever_works_here_is_left_alone() -> None:
    assert verdict(Life(date(2000, 1, 1), works_here=True), profile_for, TODAY) is None


@given(DAYS, st.sampled_from([None, "LU-CAI"]))
def test_never_a_day_too_early_and_never_a_day_too_late(anchor: date, scheme: str | None) -> None:
    years = 3 if scheme else 2
    contract = HeldContract("LU-CAI", "ended", anchor, anchor)
    life = Life(anchor, (contract,) if scheme else ())
    found = judged(life, date(2060, 1, 1))

    # Whoever was last here on 29 February keeps the whole of the last day too, in a year without one.
    kept = date(anchor.year + years, anchor.month, min(anchor.day, 28) if anchor.month == 2 else anchor.day)
    assert found.due_on in (kept, kept + timedelta(days=1))
    assert (found.due_on.month, found.due_on.day) in ((anchor.month, anchor.day), (3, 1))
    assert not is_due(found, found.due_on - timedelta(days=1)) and is_due(found, found.due_on)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC)))
def test_the_day_is_the_one_on_the_wall_also_when_the_clock_changes(moment: datetime) -> None:
    local = moment.astimezone(LOCAL)

    assert judged(Life(local.date()), local.date()).due_on > local.date() + timedelta(days=729)
