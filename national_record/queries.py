"""Questions to the record's database."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from commune_hub.base.errors import NotFound
from commune_hub.base.ids import is_public_id
from commune_hub.base.sealed import Keyring
from commune_hub.schemes import matricule as numbers
from national_record.access_models import Agent, Client, Disclosure
from national_record.files import GROUPS, Group, Personal
from national_record.models import (
    Attestation,
    Candidacy,
    Contract,
    InformationSession,
    Person,
    Provider,
)
from national_record.words import AttestationState, DataGroup


def ring_of(session: Session) -> Keyring:
    """The personal keys that this session has in hand."""
    ring: Keyring = session.info["keyring"]
    return ring


def matricule_hash(session: Session, matricule: str) -> bytes:
    """By which a person is found again."""
    return ring_of(session).store.lookup_hash("record matricule", numbers.compact(matricule))


def number_hash(session: Session, number: str) -> bytes:
    """By which a contract is found again."""
    return ring_of(session).store.lookup_hash("contract number", number.strip().upper())


def number_of(session: Session, contract: Contract) -> str:
    """The number of a contract as it stands on paper."""
    return ring_of(session).open(contract.person.public_id, contract.number_sealed)


def person_with(session: Session, matricule: str) -> Person | None:
    """The person with this matricule, if the record knows one."""
    return session.scalar(select(Person).where(Person.matricule_hash == matricule_hash(session, matricule)))


def person_named(session: Session, public_id: str, *, lock: bool = False) -> Person:
    """The person with this public id. Raises NotFound."""
    question = select(Person).where(Person.public_id == public_id)
    found = session.scalar(question.with_for_update() if lock else question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("person")
    return found


def group_of(session: Session, person: Person, group: DataGroup) -> Group | None:
    """What stands in one group of a file, opened."""
    entry = next((one for one in person.entries if one.data_group == group), None)
    if entry is None:
        return None
    return GROUPS[group].model_validate_json(ring_of(session).open(person.public_id, entry.content_sealed))


def personal_of(session: Session, person: Person) -> Personal:
    """Who somebody is; this group is there from the first day."""
    found = group_of(session, person, DataGroup.PERSONAL)
    assert isinstance(found, Personal), "a person is never recorded without the personal situation"
    return found


def names_of(session: Session, people: Sequence[Person]) -> dict[int, str]:
    """The names of many, with their keys fetched in one question."""
    ring_of(session).load([person.public_id for person in people])
    said = {person.id: personal_of(session, person) for person in people}
    return {key: f"{one.first_names} {one.names}" for key, one in said.items()}


def contract_for_update(session: Session, public_id: str) -> Contract:
    """The contract with this reference, locked. Raises NotFound."""
    question = select(Contract).where(Contract.public_id == public_id).with_for_update()
    found = session.scalar(question.execution_options(populate_existing=True)) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("contract")
    return found


def contract_meant(session: Session, *, number: str | None, matricule: str | None, birth_date: date) -> Contract | None:
    """The contract that a signatory means: the running one, else the newest. None where the birth date is wrong."""
    if number is not None:
        contract = session.scalar(select(Contract).where(Contract.number_hash == number_hash(session, number)))
    else:
        person = person_with(session, matricule or "")
        contracts = person.contracts if person else []
        contract = next((one for one in reversed(contracts) if one.is_open), contracts[-1] if contracts else None)
    if contract is None or personal_of(session, contract.person).birth_date != birth_date:
        return None
    return contract


def contract_told(session: Session, *, client: Client, reference: str) -> Contract | None:
    """The contract with this reference, if this client was ever told about it."""
    return session.scalar(
        select(Contract)
        .join(Disclosure, Disclosure.contract_id == Contract.id)
        .where(Contract.public_id == reference, Disclosure.client_id == client.id)
    )


def attestation_sent(session: Session, *, client: Client, public_id: str, lock: bool = False) -> Attestation | None:
    """The client's own attestation with this id."""
    question = select(Attestation).where(Attestation.public_id == public_id, Attestation.client_id == client.id)
    return session.scalar(
        question.with_for_update().execution_options(populate_existing=True) if lock else question
    )


def attestation_named(session: Session, public_id: str) -> Attestation:
    """An attestation for the officer who decides, locked. Raises NotFound."""
    question = select(Attestation).where(Attestation.public_id == public_id).with_for_update()
    found = session.scalar(question.execution_options(populate_existing=True)) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("attestation")
    return found


def waiting_attestations(session: Session, *, limit: int = 100) -> list[Attestation]:
    """What has come in and was not decided, the oldest first."""
    question = (
        select(Attestation)
        .where(Attestation.state == AttestationState.RECEIVED)
        .options(selectinload(Attestation.contract).selectinload(Contract.person).selectinload(Person.entries))
        .order_by(Attestation.id)
        .limit(limit)
    )
    return list(session.scalars(question))


def waiting_count(session: Session) -> int:
    """How many attestations wait for a decision."""
    return session.scalar(
        select(func.count()).select_from(Attestation).where(Attestation.state == AttestationState.RECEIVED)
    ) or 0


def provider_of(session: Session, *, client: Client, code: str) -> Provider | None:
    """The provider with this code, if this client writes for it."""
    return session.scalar(select(Provider).where(Provider.code == code, Provider.client_id == client.id))


def convention(session: Session, reference: str | None) -> Provider | None:
    """The provider with this convention."""
    if reference is None:
        return None
    return session.scalar(select(Provider).where(Provider.convention_reference == reference))


def service_agent(session: Session, *, client: Client, login: str) -> Agent | None:
    """The agent of a client with this name, with what the director has authorised."""
    return session.scalar(
        select(Agent).where(Agent.client_id == client.id, Agent.login == login).options(selectinload(Agent.grants))
    )


def agents(session: Session) -> list[Agent]:
    """All agents, staff first."""
    question = select(Agent).options(selectinload(Agent.grants), selectinload(Agent.client))
    return list(session.scalars(question.order_by(Agent.client_id.is_not(None), Agent.login)))


def sessions_between(session: Session, start: datetime, end: datetime) -> list[InformationSession]:
    """The information sessions of some days."""
    return list(
        session.scalars(
            select(InformationSession)
            .where(InformationSession.starts_at >= start, InformationSession.starts_at < end)
            .order_by(InformationSession.starts_at)
        )
    )


def candidates_of(session: Session, meeting: InformationSession) -> list[Candidacy]:
    """Who is registered for an information session."""
    return list(
        session.scalars(
            select(Candidacy)
            .where(Candidacy.session_id == meeting.id)
            .options(selectinload(Candidacy.person).selectinload(Person.entries))
            .order_by(Candidacy.id)
        )
    )
