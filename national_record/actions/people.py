"""People before and beside their contract: candidates at information sessions, the six groups, the interview."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base.errors import Refused
from commune_hub.base.ids import new_public_id
from commune_hub.schemes import matricule as numbers
from commune_hub.schemes.words import ObligationKind
from national_record import queries
from national_record.access_models import Agent
from national_record.files import GROUPS, Group, Personal
from national_record.models import (
    Candidacy,
    Contract,
    FileEntry,
    InformationSession,
    Interview,
    Invitation,
    OrientationDay,
    Person,
    RoadmapStep,
)
from national_record.words import Refusal


def plan_session(
    session: Session, *, scheme: str, starts_at: datetime, place: str, language: str, seats: int
) -> InformationSession:
    """An information session (RGD art. 5)."""
    meeting = InformationSession(scheme=scheme, starts_at=starts_at, place=place, language=language, seats=seats)
    session.add(meeting)
    session.flush()
    return meeting


def register(session: Session, *, matricule: str, personal: Personal, by: Agent, now: datetime) -> Person:
    """A new person. The matricule is checked, and kept sealed: the authority may keep it (RGD art. 26 b)."""
    if not numbers.is_valid(matricule) or not numbers.agrees_with(matricule, personal.birth_date):
        raise Refused(Refusal.MATRICULE_INVALID)
    if queries.person_with(session, matricule) is not None:
        raise Refused(Refusal.MATRICULE_TAKEN)
    ring, public_id = queries.ring_of(session), new_public_id()
    ring.add_owner(public_id)
    person = Person(
        public_id=public_id, matricule_sealed=ring.seal(public_id, numbers.compact(matricule)),
        matricule_hash=queries.matricule_hash(session, matricule), created_at=now,
    )  # fmt: skip
    session.add(person)
    session.flush()
    record(session, person=person, content=personal, by=by, now=now)
    return person


def record(session: Session, *, person: Person, content: Group, by: Agent, now: datetime) -> None:
    """Put the content of one of the six groups in the place of what stood there (RGD art. 24)."""
    [group] = [group for group, kind in GROUPS.items() if type(content) is kind]
    entry = next((one for one in person.entries if one.data_group == group), None)
    if entry is None:
        entry = FileEntry(data_group=group)
        person.entries.append(entry)
    entry.content_sealed = queries.ring_of(session).seal(person.public_id, content.model_dump_json())
    entry.recorded_at, entry.recorded_by_id = now, by.id
    session.flush()


def invite(session: Session, *, meeting: InformationSession, person: Person) -> Candidacy:
    """Register somebody for an information session; twice is once."""
    question = select(Candidacy).where(Candidacy.session_id == meeting.id, Candidacy.person_id == person.id)
    candidacy = session.scalar(question)
    if candidacy is None:
        candidacy = Candidacy(session=meeting)
        person.candidacies.append(candidacy)
        session.flush()
    return candidacy


def interview(
    session: Session, *, person: Person, held_on: date, by: Agent, social_worker: bool,
    steps: Sequence[tuple[ObligationKind, date, str, str]],
) -> Interview:  # fmt: skip
    """The administrative interview with the roadmap that is handed over: kind, day, title and place (RGD art. 5)."""
    held = Interview(person=person, held_on=held_on, agent_id=by.id, social_worker=social_worker)
    held.steps = [RoadmapStep(kind=kind, on_day=day, title=title, place=place) for kind, day, title, place in steps]
    session.add(held)
    session.flush()
    return held


def plan_orientation_day(session: Session, *, on_day: date, place: str) -> OrientationDay:
    """An orientation day (RGD art. 19)."""
    day = OrientationDay(on_day=on_day, place=place)
    session.add(day)
    session.flush()
    return day


def invite_to_day(session: Session, *, day: OrientationDay, contract: Contract, now: datetime) -> Invitation:
    """A personal invitation (fact sheet); only for those who still miss the day, and once."""
    if ObligationKind.ORIENTATION_DAY not in contract.missing:
        raise Refused(Refusal.NO_SUCH_OBLIGATION)
    found = next((one for one in contract.invitations if one.day_id == day.id), None)
    if found is None:
        found = Invitation(day=day, sent_at=now)
        contract.invitations.append(found)
        session.flush()
    return found
