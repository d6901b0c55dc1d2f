"""The plainest valid things of the record; a test says only what matters."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from commune_hub.schemes.words import SchemeId
from national_record import demo, files
from national_record.access_models import Agent, Client, Disclosure
from national_record.actions import access, attestations, contracts, people
from national_record.inputs import AttestationBody
from national_record.models import Attestation, Contract, Person
from national_record.words import STAFF_DUTIES, AgentRole
from tests.national_record.hub import attestation

THEN = datetime(2023, 11, 20, 9, tzinfo=UTC)
SIGNED_ON = THEN.date()
BORN = date(1990, 5, 14)
_serials = count(1)


def an_agent(session: Session, role: AgentRole = AgentRole.AUDITOR) -> Agent:
    """Somebody of the authority, authorised for everything."""
    agent = access.add_agent(
        session, login=f"agent{next(_serials)}@record.example", name="Paul Schmit", organisation="MFSVA", role=role,
        password="moien-record", now=THEN,
    )  # fmt: skip
    access.authorise(session, agent=agent, duties=STAFF_DUTIES, by=None, now=THEN)
    return agent


def a_person(session: Session, *, born: date = BORN, **immigration: Any) -> Person:
    """Somebody who may sign, with an interview after the information session of 2 November 2023."""
    by = an_agent(session)
    personal = files.Personal(
        names="Bouzid", first_names="Amina", birth_date=born, mail="amina@example.org", phone="+352621123456"
    )
    person = people.register(
        session, matricule=demo.matricule_of(born, next(_serials) % 1000), personal=personal, by=by, now=THEN
    )
    lives = {"nationality": "PT", "legal_residence": True, "stays_durably": True, **immigration}
    people.record(session, person=person, content=files.Immigration(**lives), by=by, now=THEN)
    meeting = people.plan_session(
        session, scheme=SchemeId.LU_CAI, starts_at=datetime(2023, 11, 2, 17, tzinfo=UTC), place="Esch", language="fr",
        seats=20,
    )  # fmt: skip
    people.invite(session, meeting=meeting, person=person).came = True
    people.interview(session, person=person, held_on=date(2023, 11, 2), by=by, social_worker=False, steps=[])
    return person


def a_contract(
    session: Session, *, person: Person | None = None, scheme: str = SchemeId.LU_CAI, signed_on: date = SIGNED_ON,
    in_force_on: date | None = None,
) -> Contract:  # fmt: skip
    """A CAI that was signed on 20 November 2023; in force when a day is given."""
    contract = contracts.sign(
        session, person=person or a_person(session), scheme=scheme, signed_on=signed_on, now=THEN
    )
    if in_force_on is not None:
        contracts.begin(session, contract=contract, first_day=in_force_on, now=THEN)
    return contract


def a_client(session: Session, contract: Contract) -> Client:
    """A hub that was told about the contract."""
    client, _ = access.add_client(session, name=f"hub{next(_serials)}", organisation="hub", now=THEN)
    session.add(Disclosure(client_id=client.id, contract_id=contract.id, first_at=THEN))
    session.flush()
    return client


def an_attestation(session: Session, contract: Contract, *, client: Client | None = None, now: datetime, **given: Any
                   ) -> Attestation:  # fmt: skip
    """A civic course of three evenings, all attended, as a hub sends it."""
    body = AttestationBody.model_validate(
        {**attestation(contract.public_id), "hub_attestation": f"hub-{next(_serials)}", **given}, strict=False
    )
    received, _ = attestations.receive(session, client=client or a_client(session, contract), body=body, now=now)
    return received
