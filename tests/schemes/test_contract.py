"""When a contract begins and ends, and what comes after it (CONT); the ids are those of docs/law.md."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.schemes.periods import after_months, age_on, last_day
from commune_hub.schemes.rules import (
    Begun,
    Proof,
    contract_state,
    end_of,
    ends_on,
    extended_to,
    idle_end,
    in_force_on,
    obligations_missing,
    priority_period,
    second_contract,
)
from commune_hub.schemes.words import CefrLevel, ContractState, ObligationKind, SecondContractBar
from tests.schemes.a_contract import BEGUN, CAI, CIR_2019, CIR_2026, LAST, PAKT, SIGNED, a_contract, a_proof, everything

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
MONTHS = st.integers(1, 240)


def test_CONT_1_three_commitments() -> None:
    assert obligations_missing(CAI, a_contract()) == (
        ObligationKind.LANGUAGE, ObligationKind.CIVIC, ObligationKind.ORIENTATION_DAY
    )  # fmt: skip
    assert obligations_missing(CAI, a_contract(*everything())) == ()


@pytest.mark.parametrize(
    ("begun", "day"),
    [
        ([], None),
        ([Begun("civic_course", date(2021, 10, 2)), Begun("conventioned_course", BEGUN, True)], BEGUN),
        ([Begun("orientation_day", date(2021, 11, 6))], date(2021, 11, 6)),
        # The day of signature itself counts, the day before does not.
        ([Begun("civic_course", SIGNED)], SIGNED),
        ([Begun("civic_course", date(2021, 4, 11))], None),
        # A course that goes on after it counts from the signature, one that was over then does not.
        ([Begun("conventioned_course", date(2021, 2, 1), True, last_on=date(2021, 6, 30))], SIGNED),
        ([Begun("conventioned_course", date(2021, 2, 1), True, last_on=date(2021, 4, 11))], None),
    ],
)
def test_CONT_2_it_enters_into_force_with_the_first_measure(begun: list[Begun], day: date | None) -> None:
    assert in_force_on(CAI, SIGNED, begun) == day


@pytest.mark.parametrize("activity", ["conversation_table", "language_cafe", "coaching", "volunteer_course"])
def test_K2_practice_is_no_first_measure(activity: str) -> None:
    assert in_force_on(CAI, SIGNED, [Begun(activity, BEGUN, True)]) is None


def test_K2_a_course_without_a_convention_is_no_first_measure() -> None:
    assert in_force_on(CAI, SIGNED, [Begun("conventioned_course", BEGUN)]) is None


@pytest.mark.parametrize(
    ("begun_on", "last"),
    [
        (date(2020, 2, 29), date(2022, 2, 28)),
        (date(2020, 3, 1), date(2022, 2, 28)),
        (date(2020, 2, 28), date(2022, 2, 27)),
        (date(2022, 3, 1), date(2024, 2, 29)),
        (date(2021, 9, 20), date(2023, 9, 19)),
        (date(2021, 1, 1), date(2022, 12, 31)),
        (date(2021, 12, 31), date(2023, 12, 30)),
    ],
)
def test_CONT_2_and_K2_two_years_with_their_first_and_last_day(begun_on: date, last: date) -> None:
    assert ends_on(CAI, begun_on) == last


def test_K2_a_contract_that_nothing_has_begun_has_no_end() -> None:
    signed = a_contract(in_force_on=None)

    assert (ends_on(CAI, None), end_of(CAI, signed)) == (None, None)
    assert contract_state(CAI, signed, date(2026, 1, 1)) is ContractState.SIGNED


@pytest.mark.parametrize(
    ("day", "done", "state"),
    [
        (SIGNED, False, ContractState.SIGNED),
        (BEGUN, False, ContractState.IN_FORCE),
        (LAST, False, ContractState.IN_FORCE),
        (date(2023, 9, 20), False, ContractState.ENDED),
        (LAST, True, ContractState.FULFILLED),
        (date(2026, 1, 1), True, ContractState.FULFILLED),
    ],
)
def test_CONT_3_respected_when_all_was_done_within_two_years(day: date, done: bool, state: ContractState) -> None:
    assert contract_state(CAI, a_contract(*(everything() if done else ())), day) is state


@pytest.mark.parametrize(("day", "missing"), [(BEGUN, 0), (LAST, 0), (date(2023, 9, 20), 1), (date(2021, 9, 19), 1)])
def test_CONT_3_the_last_day_is_in_time_and_the_next_is_not(day: date, missing: int) -> None:
    civic, orientation = a_proof(ObligationKind.CIVIC), a_proof(ObligationKind.ORIENTATION_DAY)

    contract = a_contract(a_proof(on=day), civic, orientation)

    assert len(obligations_missing(CAI, contract)) == missing


def test_CONT_4_a_legitimate_reason_at_the_end_opens_a_second_contract() -> None:
    contract, over = a_contract(a_proof()), date(2023, 9, 20)

    assert second_contract(CAI, contract, over, legitimate_reason=False) is SecondContractBar.NO_LEGITIMATE_REASON
    assert second_contract(CAI, contract, LAST, legitimate_reason=True) is SecondContractBar.STILL_RUNNING
    assert second_contract(CAI, a_contract(in_force_on=None), over, legitimate_reason=True) is (
        SecondContractBar.STILL_RUNNING
    )
    assert second_contract(CAI, a_contract(*everything()), over, legitimate_reason=True) is (
        SecondContractBar.NOTHING_MISSING
    )
    assert second_contract(PAKT, contract, over, legitimate_reason=True) is SecondContractBar.NOT_IN_THIS_SCHEME


def test_CONT_5_the_second_contract_is_about_what_is_missing_only() -> None:
    first = a_contract(a_proof(), a_proof(ObligationKind.ORIENTATION_DAY))
    agreed = second_contract(CAI, first, date(2023, 9, 20), legitimate_reason=True)
    assert agreed == frozenset({ObligationKind.CIVIC})

    second = a_contract(second=True, agreed=agreed, signed_on=date(2023, 10, 2), in_force_on=date(2023, 10, 7))
    done = a_contract(
        a_proof(ObligationKind.CIVIC, on=date(2023, 10, 21)), second=True, agreed=agreed, in_force_on=date(2023, 10, 7)
    )

    assert obligations_missing(CAI, second) == (ObligationKind.CIVIC,)
    assert contract_state(CAI, done, date(2023, 10, 22)) is ContractState.FULFILLED
    assert second_contract(CAI, second, date(2026, 1, 1), legitimate_reason=True) is SecondContractBar.IS_THE_SECOND


@pytest.mark.parametrize(
    ("joined", "last_module", "end"),
    [
        (date(2024, 2, 29), None, date(2026, 2, 28)),
        (date(2024, 2, 29), date(2025, 5, 10), date(2027, 5, 9)),
        # A module from before does not shorten the membership.
        (date(2024, 2, 29), date(2023, 1, 1), date(2026, 2, 28)),
    ],
)
def test_the_membership_ends_after_two_years_without_a_module(
    joined: date, last_module: date | None, end: date
) -> None:
    member = a_contract(signed_on=joined, in_force_on=joined, last_module_on=last_module)

    assert (idle_end(PAKT, joined, last_module), end_of(PAKT, member), idle_end(CAI, joined)) == (end, end, None)
    assert contract_state(PAKT, member, end) is ContractState.IN_FORCE
    assert contract_state(PAKT, member, after_months(end, 1)) is ContractState.ENDED


@pytest.mark.parametrize(("months", "last"), [(12, date(2023, 9, 19)), (1, date(2022, 10, 19)), (13, None), (0, None)])
def test_france_extends_by_a_year_at_most(months: int, last: date | None) -> None:
    assert ends_on(CIR_2019, BEGUN) == date(2022, 9, 19)
    assert extended_to(CIR_2019, BEGUN, months) == last


def test_what_is_not_established_extends_nothing() -> None:
    assert (extended_to(CAI, BEGUN, 6), extended_to(CIR_2026, BEGUN, 6), extended_to(PAKT, BEGUN, 6)) == (None,) * 3


def test_signatories_come_first_from_the_signature_to_the_last_day() -> None:
    assert priority_period(CAI, a_contract()) == (SIGNED, LAST)
    assert priority_period(CAI, a_contract(in_force_on=None)) == (SIGNED, None)
    assert priority_period(PAKT, a_contract()) is None


@given(DAYS, MONTHS)
def test_a_period_has_a_next_day_in_the_month_that_it_should_or_its_first_that_exists(start: date, months: int) -> None:
    nextday = after_months(start, months)

    moved = (nextday.year * 12 + nextday.month) - (start.year * 12 + start.month)
    assert (nextday.day, moved) in {(start.day, months), (1, months + 1)}
    assert (nextday - last_day(start, months)).days == 1


@given(DAYS, DAYS, MONTHS, MONTHS)
def test_who_begins_later_never_ends_earlier_and_more_months_never_are_fewer_days(
    one: date, other: date, months: int, more: int
) -> None:
    first, second = sorted((one, other))

    assert last_day(first, months) <= last_day(second, months)
    assert last_day(first, months) < last_day(first, months + more)


@given(DAYS, st.integers(0, 100))
def test_one_is_as_old_as_the_years_that_have_passed(born: date, years: int) -> None:
    birthday = after_months(born, years * 12)

    assert age_on(born, birthday) == years
    if years:
        assert age_on(born, last_day(born, years * 12)) == years - 1


PROOFS = st.builds(
    a_proof,
    st.sampled_from(ObligationKind),
    on=st.dates(date(2021, 8, 1), date(2023, 11, 1)),
    level=st.sampled_from([None, *CefrLevel]),
    language=st.sampled_from(["fr", "lb", "pt", ""]),
    minutes=st.integers(0, 600),
    attended=st.integers(0, 10),
)


@given(st.lists(PROOFS, max_size=6), PROOFS)
def test_one_more_proof_never_opens_an_obligation_again(proofs: list[Proof], more: Proof) -> None:
    before, after = a_contract(*proofs), a_contract(*proofs, more)

    assert set(obligations_missing(CAI, after)) <= set(obligations_missing(CAI, before))


@given(st.lists(PROOFS, max_size=6), st.randoms())
def test_the_order_in_which_proofs_come_in_changes_nothing(proofs: list[Proof], dice: Random) -> None:
    shuffled = dice.sample(proofs, len(proofs))

    assert obligations_missing(CAI, a_contract(*shuffled)) == obligations_missing(CAI, a_contract(*proofs))


@given(st.lists(PROOFS, max_size=6), st.dates(date(2021, 1, 1), date(2026, 1, 1)))
def test_a_contract_never_goes_back_to_an_earlier_state(proofs: list[Proof], day: date) -> None:
    order = [ContractState.SIGNED, ContractState.IN_FORCE, ContractState.ENDED]
    contract = a_contract(*proofs)

    today, tomorrow = (contract_state(CAI, contract, one) for one in (day, day + timedelta(days=1)))

    if ContractState.FULFILLED in (today, tomorrow):
        assert today in (ContractState.SIGNED, tomorrow)
    else:
        assert order.index(today) <= order.index(tomorrow)
