"""Attestations on both databases: decided by an officer, corrected, withdrawn, sent twice at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from commune_hub.base.errors import Refused
from commune_hub.schemes.words import ContractState, Lack, ObligationKind
from national_record import demo, law
from national_record.actions import attestations, contracts
from national_record.inputs import AttestationBody
from national_record.models import Attestation, Contract
from national_record.words import AttestationState, Refusal
from tests.national_record.factories import a_client, a_contract, an_agent, an_attestation
from tests.national_record.hub import Hub, attestation


def test_a_validated_civic_course_meets_its_obligation_and_brings_the_contract_into_force(
    session: Session, now: datetime
) -> None:
    contract = a_contract(session)
    civic = an_attestation(session, contract, now=now)

    attestations.validate(session, attestation=civic, by=an_agent(session), now=now)

    assert civic.state == AttestationState.VALIDATED
    assert (contract.state, contract.in_force_on) == (ContractState.IN_FORCE, date(2026, 9, 1))
    assert contract.missing == [ObligationKind.LANGUAGE, ObligationKind.ORIENTATION_DAY]


def test_practice_meets_no_obligation_and_opens_nothing(session: Session, now: datetime) -> None:
    contract = a_contract(session)
    table = an_attestation(session, contract, counts_for="practice", activity_kind="conversation_table", now=now)

    attestations.validate(session, attestation=table, by=an_agent(session), now=now)

    assert (table.state, contract.state, len(contract.missing)) == ("validated", ContractState.SIGNED, 3)


@pytest.mark.parametrize(
    ("first_on", "last_on", "missing"),
    [
        (date(2023, 10, 1), date(2023, 11, 19), 3), (date(2023, 10, 1), date(2023, 11, 20), 2),
        (date(2025, 11, 1), date(2025, 11, 30), 2), (date(2025, 11, 1), date(2025, 12, 1), 3),
    ],
)  # fmt: skip
def test_what_was_over_before_the_contract_or_ended_after_it_meets_nothing(
    session: Session, now: datetime, first_on: date, last_on: date, missing: int
) -> None:
    contract = a_contract(session, in_force_on=date(2023, 12, 1) if last_on.year == 2025 else None)
    civic = an_attestation(session, contract, first_on=first_on, last_on=last_on, now=now)

    try:
        attestations.validate(session, attestation=civic, by=an_agent(session), now=now)
    except Refused as refused:
        assert refused.reason is Refusal.OUTSIDE_THE_CONTRACT

    assert len(contract.missing) == missing
    assert (contract.state == ContractState.SIGNED) == (last_on == date(2023, 11, 19))


def test_a_rejected_one_says_why_and_cannot_be_decided_again(session: Session, now: datetime) -> None:
    contract, by = a_contract(session), an_agent(session)
    civic = an_attestation(session, contract, now=now)

    attestations.reject(session, attestation=civic, reason="Une soirée manque", by=by, now=now)

    assert (civic.state, civic.reason, civic.decided_by_id) == ("rejected", "Une soirée manque", by.id)
    with pytest.raises(Refused) as refused:
        attestations.validate(session, attestation=civic, by=by, now=now)
    assert refused.value.reason is Refusal.ALREADY_DECIDED


def corrected(session: Session, civic: Attestation, contract: Contract, now: datetime) -> Attestation:
    body = {**attestation(contract.public_id), "hub_attestation": civic.hub_attestation, "attended": 2, "minutes": 240}
    client = session.get_one(type(a_client(session, contract)), civic.client_id)
    return attestations.correct(
        session, client=client, public_id=civic.public_id, body=AttestationBody.model_validate(body, strict=False),
        now=now,
    )  # fmt: skip


def test_a_correction_opens_the_obligation_again_until_it_is_decided(session: Session, now: datetime) -> None:
    contract = a_contract(session)
    civic = an_attestation(session, contract, now=now)
    attestations.validate(session, attestation=civic, by=an_agent(session), now=now)

    corrected(session, civic, contract, now)

    assert (civic.state, civic.decided_at) == (AttestationState.RECEIVED, None)
    assert ObligationKind.CIVIC in contract.missing


def test_what_was_verified_at_the_end_of_a_contract_stays(session: Session, now: datetime) -> None:
    contract = a_contract(session)
    civic = an_attestation(session, contract, now=now)
    attestations.validate(session, attestation=civic, by=an_agent(session), now=now)
    for kind in list(contract.missing):
        contracts.meet(session, contract=contract, kind=kind, on=now.date(), attestation_id=None, now=now)

    corrected(session, civic, contract, now)

    assert (contract.state, contract.missing) == (ContractState.FULFILLED, [])


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, []),
        ({"attended": 2, "minutes": 240}, [Lack.MODULE_MISSED]),
        ({"minutes": 300, "of_minutes": 300}, [Lack.TOO_SHORT]),
        ({"activity_kind": "conversation_table"}, ["activity_does_not_count"]),
        ({"counts_for": "language", "activity_kind": "conventioned_course", "level": "A1.1"}, ["no_convention"]),
        ({"counts_for": "language", "activity_kind": "outside", "level": None}, ["from_outside", Lack.LEVEL_NOT_SHOWN]),
        ({"counts_for": "practice", "activity_kind": "conversation_table"}, []),
    ],
)
def test_the_officer_sees_which_criteria_are_not_met(
    session: Session, now: datetime, given: dict[str, object], found: list[str]
) -> None:
    received = an_attestation(session, a_contract(session), now=now, **given)

    assert law.doubts(received, under_convention=False) == found


def test_a_receipt_can_only_be_made_by_the_record(session: Session, now: datetime) -> None:
    contract = a_contract(session)
    first, second = (an_attestation(session, contract, now=now) for _ in range(2))

    assert len({first.receipt, second.receipt}) == 2
    assert all(len(one.receipt) == 48 for one in (first, second))


def test_the_same_attestation_sent_eight_times_at_once_is_one(app: Flask, store: Store) -> None:
    hub = Hub(app.test_client())
    body = attestation(hub.reference(demo.RUNNING))
    headers = {**hub.headers, "Idempotency-Key": "the-same-for-all"}

    def send(_: int) -> tuple[int, str]:
        answer = app.test_client().post("/v1/attestations", json=body, headers=headers)
        return answer.status_code, answer.json["receipt"]

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(8)))

    assert len(answers) == 1
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attestation)) == 1


def test_an_answer_that_cannot_be_traced_does_not_leave(
    app: Flask, store: Store, break_traces: Callable[[], None]
) -> None:
    hub = Hub(app.test_client())
    reference = hub.reference(demo.RUNNING)
    break_traces()

    read, sent = hub.get(f"/v1/contracts/{reference}/missing"), hub.attest(reference)

    assert (read.status_code, sent.status_code) == (503, 503)
    assert "language" not in read.text
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attestation)) == 0
