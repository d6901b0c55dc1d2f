"""How long data are kept (DATA-5 to DATA-7): never too early, never too late, and never against a running contract."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.schemes.keeping import retention
from commune_hub.schemes.loading import profiles
from commune_hub.schemes.profile import Profile, RetentionRule
from commune_hub.schemes.words import Anchor, Population, RetentionAction, RetentionConflict
from tests.schemes.a_contract import CAI, PAKT


@pytest.mark.parametrize(
    ("session_on", "due_on"),
    [
        (date(2023, 3, 1), date(2024, 3, 1)),
        (date(2024, 2, 29), date(2025, 3, 1)),
        (date(2023, 2, 28), date(2024, 2, 28)),
    ],
)
def test_DATA_6_and_K4_a_candidate_is_deleted_a_year_after_the_last_session(session_on: date, due_on: date) -> None:
    due = retention(CAI, Population.CANDIDATES, {Anchor.INFORMATION_SESSION: session_on})

    assert (due.action, due.due_on, due.assumed) == (RetentionAction.DELETE, due_on, False)
    assert (due.is_due(due_on - timedelta(days=1)), due.is_due(due_on)) == (False, True)


def test_DATA_5_and_K5_a_signatory_is_made_anonymous_three_years_after_the_signature() -> None:
    due = retention(CAI, Population.SIGNATORIES, {Anchor.SIGNATURE: date(2021, 4, 12)})

    assert (due.action, due.due_on) == (RetentionAction.ANONYMISE, date(2024, 4, 12))


def test_DATA_7_the_file_that_certifies_is_kept_ten_years_from_the_end_of_the_contract() -> None:
    due = retention(CAI, Population.CERTIFICATION_FILE, {Anchor.CONTRACT_END: date(2024, 2, 29)})

    assert (due.action, due.due_on) == (RetentionAction.DELETE, date(2034, 3, 1))


def test_K5_while_a_contract_runs_a_human_decides() -> None:
    # A contract signed in 2021 that began late, or a second one, can outlive its three years.
    days = {Anchor.SIGNATURE: date(2021, 4, 12)}

    due = retention(CAI, Population.SIGNATORIES, days, contract_running=True)

    assert (due.conflict, due.is_due(date(2030, 1, 1))) == (RetentionConflict.CONTRACT_RUNNING, False)


def test_K6_three_populations_three_operations() -> None:
    assert [(rule.population, rule.anchor, rule.months, rule.action) for rule in CAI.retention] == [
        (Population.CANDIDATES, Anchor.INFORMATION_SESSION, 12, RetentionAction.DELETE),
        (Population.SIGNATORIES, Anchor.SIGNATURE, 36, RetentionAction.ANONYMISE),
        (Population.CERTIFICATION_FILE, Anchor.CONTRACT_END, 120, RetentionAction.DELETE),
    ]


@pytest.mark.parametrize("profile", [p for p in profiles().values() if p.id != "LU-CAI"], ids=lambda p: p.id)
@pytest.mark.parametrize("population", Population)
def test_where_a_scheme_has_no_rule_two_years_after_the_last_activity_are_our_assumption(
    profile: Profile, population: Population
) -> None:
    due = retention(profile, population, {Anchor.LAST_ACTIVITY: date(2024, 2, 29)})

    assert (due.assumed, due.action, due.due_on) == (True, RetentionAction.DELETE, date(2026, 3, 1))


def test_without_the_day_that_starts_the_time_a_human_decides() -> None:
    due = retention(PAKT, Population.SIGNATORIES, {Anchor.SIGNATURE: date(2024, 2, 1)})

    assert (due.conflict, due.due_on, due.is_due(date(2090, 1, 1))) == (RetentionConflict.NO_ANCHOR, None, False)


@given(st.dates(date(2012, 1, 1), date(2060, 1, 1)), st.sampled_from(CAI.retention), st.integers(-800, 4000))
def test_never_too_early_and_never_too_late(happened: date, rule: RetentionRule, days: int) -> None:
    assert rule.anchor and rule.months
    due = retention(CAI, rule.population, {rule.anchor: happened})
    years = rule.months // 12

    assert due.due_on is not None
    full_years = due.due_on.year - happened.year - ((due.due_on.month, due.due_on.day) < (happened.month, happened.day))
    eve = due.due_on - timedelta(days=1)
    eve_years = eve.year - happened.year - ((eve.month, eve.day) < (happened.month, happened.day))
    assert (full_years, eve_years) == (years, years - 1)
    assert due.is_due(happened + timedelta(days=days)) is (happened + timedelta(days=days) >= due.due_on)
