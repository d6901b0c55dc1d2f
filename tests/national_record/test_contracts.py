"""A contract's life on a real database: signing, entry into force, vouchers, the end, the second contract."""

from datetime import date, datetime

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from commune_hub.base.errors import Refused
from commune_hub.schemes.words import (
    ContractState,
    ObligationKind,
    SchemeId,
    SecondContractBar,
    SigningBar,
    VoucherBar,
)
from national_record import certification, demo, queries
from national_record.actions import attestations, contracts
from national_record.models import Contract
from national_record.words import Refusal
from tests.national_record.factories import BORN, THEN, a_contract, a_person, an_agent, an_attestation


def state(contract: Contract) -> tuple[str, date | None, date | None]:
    return contract.state, contract.in_force_on, contract.ends_on


def meet_all(session: Session, contract: Contract, on: date, now: datetime) -> None:
    for kind in list(contract.missing):
        contracts.meet(session, contract=contract, kind=kind, on=on, attestation_id=None, now=now)


def test_the_cai_cannot_be_signed_after_2023(session: Session, now: datetime) -> None:
    person = a_person(session)

    with pytest.raises(Refused) as refused:
        contracts.sign(session, person=person, scheme=SchemeId.LU_CAI, signed_on=date(2024, 1, 1), now=now)

    assert refused.value.reason is SigningBar.NO_LONGER_OPEN


def test_it_can_be_signed_on_the_last_day_of_2023(session: Session) -> None:
    assert state(a_contract(session, signed_on=date(2023, 12, 31))) == (ContractState.SIGNED, None, None)


def test_who_is_fifteen_cannot_sign(session: Session, now: datetime) -> None:
    person = a_person(session, born=date(2007, 11, 21))

    with pytest.raises(Refused) as refused:
        a_contract(session, person=person, signed_on=date(2023, 11, 20))

    assert refused.value.reason is SigningBar.TOO_YOUNG


def test_a_year_after_the_session_another_one_comes_first(session: Session, now: datetime) -> None:
    person = a_person(session)
    person.candidacies[0].session.starts_at = datetime.fromisoformat("2022-11-01T17:00:00+00:00")

    with pytest.raises(Refused) as refused:
        a_contract(session, person=person)

    assert refused.value.reason is SigningBar.SESSION_TOO_LONG_AGO


def test_nobody_signs_twice(session: Session) -> None:
    person = a_person(session)
    a_contract(session, person=person)

    with pytest.raises(Refused) as refused:
        a_contract(session, person=person)

    assert refused.value.reason is Refusal.CONTRACT_RUNNING


def test_it_enters_into_force_with_the_first_measure_and_runs_two_years(session: Session) -> None:
    contract = a_contract(session, in_force_on=date(2024, 2, 29))

    contracts.begin(session, contract=contract, first_day=date(2024, 4, 1), now=THEN)

    assert state(contract) == (ContractState.IN_FORCE, date(2024, 2, 29), date(2026, 2, 28))


def test_a_membership_of_the_pact_is_in_force_at_once_and_has_no_end(session: Session) -> None:
    person = a_person(session, legal_residence=False, works_here=True)

    contract = a_contract(session, person=person, scheme=SchemeId.LU_BIERGERPAKT, signed_on=date(2025, 3, 1))

    assert state(contract) == (ContractState.IN_FORCE, date(2025, 3, 1), None)


def test_the_last_obligation_fulfils_it_and_the_ten_year_file_knows(session: Session, now: datetime) -> None:
    contract = a_contract(session, in_force_on=date(2025, 9, 1))

    meet_all(session, contract, date(2026, 6, 1), now)

    certified = certification.find(session, queries.ring_of(session).open(
        contract.person.public_id, contract.person.matricule_sealed
    ))  # fmt: skip
    assert (contract.state, contract.closed_on) == (ContractState.FULFILLED, now.date())
    assert certified == certification.Certified(
        names="Amina Bouzid", contact="amina@example.org, +352621123456", accomplished=True
    )


def test_what_is_not_done_at_the_end_of_the_term_ends_it(session: Session, now: datetime) -> None:
    contract = a_contract(session, in_force_on=date(2024, 11, 22))

    on_its_last_day = contracts.close_what_is_over(session, today=date(2026, 11, 21), now=now)
    after_it = contracts.close_what_is_over(session, today=date(2026, 11, 22), now=now)

    assert (on_its_last_day, after_it) == (0, 1)
    assert (contract.state, contract.closed_on) == (ContractState.ENDED, date(2026, 11, 21))


def test_a_membership_ends_after_two_years_without_a_module(session: Session, now: datetime) -> None:
    contract = a_contract(session, scheme=SchemeId.LU_BIERGERPAKT, signed_on=date(2024, 2, 1))
    contracts.meet(
        session, contract=contract, kind=ObligationKind.CIVIC, on=date(2024, 10, 5), attestation_id=None, now=now
    )

    on_the_last_day = contracts.close_what_is_over(session, today=date(2026, 10, 4), now=now)
    after_it = contracts.close_what_is_over(session, today=date(2026, 10, 5), now=now)

    assert (on_the_last_day, after_it) == (0, 1)


def test_a_second_contract_is_about_what_is_missing_only(session: Session, now: datetime) -> None:
    contract = a_contract(session, in_force_on=date(2023, 12, 1))
    contracts.meet(
        session, contract=contract, kind=ObligationKind.LANGUAGE, on=date(2024, 6, 1), attestation_id=None, now=now
    )
    contracts.close_what_is_over(session, today=date(2025, 12, 1), now=now)

    second = contracts.sign_second(
        session, contract=contract, reason="Maladie de longue durée", signed_on=date(2026, 1, 12), now=now
    )

    assert second.missing == [ObligationKind.CIVIC, ObligationKind.ORIENTATION_DAY]
    with pytest.raises(Refused) as refused:
        contracts.sign_second(session, contract=contract, reason="Encore une fois", signed_on=now.date(), now=now)
    assert refused.value.reason is Refusal.SECOND_TAKEN


@pytest.mark.parametrize(
    ("kept", "reason"), [(False, SecondContractBar.STILL_RUNNING), (True, SecondContractBar.NOTHING_MISSING)]
)
def test_there_is_no_second_contract_while_one_runs_or_was_kept(
    session: Session, now: datetime, kept: bool, reason: SecondContractBar
) -> None:
    contract = a_contract(session, in_force_on=date(2025, 9, 1))
    if kept:
        meet_all(session, contract, date(2026, 6, 1), now)

    with pytest.raises(Refused) as refused:
        contracts.sign_second(session, contract=contract, reason="Sans raison", signed_on=now.date(), now=now)

    assert refused.value.reason is reason


def test_the_next_voucher_comes_after_seventy_percent_of_a_course(session: Session, now: datetime) -> None:
    contract = a_contract(session, in_force_on=date(2025, 9, 1))
    contracts.give_voucher(session, contract=contract, language="fr", today=date(2025, 9, 1), now=now)
    contracts.use_voucher(session, contract=contract, number=1, on=date(2026, 2, 28), now=now)
    with pytest.raises(Refused) as refused:
        contracts.give_voucher(session, contract=contract, language="lb", today=now.date(), now=now)
    course = an_attestation(
        session, contract, counts_for="language", activity_kind="conventioned_course", level="A1.1", minutes=700,
        of_minutes=1000, convention_reference=demo.CONVENTION, now=now,
    )  # fmt: skip
    attestations.validate(session, attestation=course, by=an_agent(session), now=now)

    voucher = contracts.give_voucher(session, contract=contract, language="lb", today=date(2026, 11, 22), now=now)

    assert refused.value.reason is VoucherBar.COURSE_NOT_FINISHED
    assert (voucher.number, voucher.expires_on) == (2, date(2027, 5, 21))


def test_a_voucher_is_shown_within_six_months(session: Session, now: datetime) -> None:
    contract = a_contract(session, in_force_on=date(2025, 9, 1))
    contracts.give_voucher(session, contract=contract, language="fr", today=date(2025, 9, 1), now=now)

    with pytest.raises(Refused) as refused:
        contracts.use_voucher(session, contract=contract, number=1, on=date(2026, 3, 1), now=now)

    assert refused.value.reason is Refusal.VOUCHER_NOT_VALID


@pytest.mark.parametrize(
    "wrong",
    [
        {"in_force_on": date(2023, 11, 19)}, {"ends_on": date(2026, 1, 1)}, {"state": "in_force"}, {"state": "ended"},
        {"second": True}, {"state": "forgotten"},
    ],
)  # fmt: skip
def test_the_database_refuses_a_contract_that_cannot_be(session: Session, wrong: dict[str, object]) -> None:
    plain = {
        "public_id": "x" * 22, "number_hash": b"1", "number_sealed": b"1", "scheme": "LU-CAI",
        "person_id": a_person(session, born=BORN).id, "state": "signed", "signed_on": date(2023, 11, 20),
        "second": False,
    }  # fmt: skip

    with pytest.raises(IntegrityError):
        session.execute(insert(Contract).values({**plain, **wrong}))
