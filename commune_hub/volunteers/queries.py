"""Questions about volunteers: who they are, for whom they work, what they look after, who could stand in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.accounts.models import Account, OrganisationCommune, Person
from commune_hub.accounts.queries import ring_of
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import is_public_id
from commune_hub.events.models import Activity, CoOrganiser, Meeting
from commune_hub.volunteers.models import (
    MeetingHost,
    Qualification,
    Volunteer,
    VolunteerCommune,
    VolunteerLanguage,
    VolunteerPolicy,
    VolunteerStep,
)
from commune_hub.volunteers.words import HELPING, LanguageUse, Unqualified, VolunteerState

# Whoever hosted so long ago still counts as working for the organiser.
WORKED_FOR = timedelta(days=183)
WHOLE = (
    joinedload(Volunteer.person),
    selectinload(Volunteer.languages),
    selectinload(Volunteer.communes),
    selectinload(Volunteer.qualifications),
)


def volunteer_named(session: Session, public_id: str) -> Volunteer:
    """The volunteer with this public id, with all that a page shows. Raises NotFound."""
    question = select(Volunteer).where(Volunteer.public_id == public_id).options(*WHOLE)
    found = session.scalar(question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("volunteer")
    return found


def volunteers_of(session: Session, person_ids: Iterable[int]) -> list[Volunteer]:
    """The volunteers among these people (a family that shares a contact), names readable."""
    return readable(session, select(Volunteer).where(Volunteer.person_id.in_(list(person_ids))).order_by(Volunteer.id))


def volunteer_with_calendar(session: Session, key: str) -> Volunteer | None:
    """Whose private calendar this is; nobody's once they have left."""
    question = select(Volunteer).where(Volunteer.calendar_key == key, Volunteer.state != VolunteerState.LEFT)
    return session.scalar(question.options(*WHOLE)) if is_public_id(key) else None


def readable(session: Session, question: Select[Volunteer]) -> list[Volunteer]:
    """The volunteers that a question finds, names readable; nobody who was erased or is somebody else."""
    known = question.join(Volunteer.person).where(Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    found = list(session.scalars(known.options(*WHOLE)))
    ring_of(session).load(one.person.public_id for one in found)
    return found


def unqualified_in(session: Session, organisation_id: int | None) -> Unqualified:
    """What an organisation does about volunteers without a valid qualification; it warns where it has not said."""
    found = session.get(VolunteerPolicy, organisation_id) if organisation_id is not None else None
    return Unqualified(found.unqualified) if found else Unqualified.WARN


# -- for whom they work ----------------------------------------------------------


def organisers_of(session: Session, volunteer_ids: Sequence[int], now: datetime) -> dict[int, set[int]]:
    """The organisations (database ids) that each works for: of a commune that they help, or of a meeting that they
    look after now, will, or did in the last half year."""
    found: dict[int, set[int]] = defaultdict(set)
    helps = (
        select(VolunteerCommune.volunteer_id, OrganisationCommune.organisation_id)
        .join(OrganisationCommune, OrganisationCommune.lau2 == VolunteerCommune.lau2)
        .where(VolunteerCommune.volunteer_id.in_(volunteer_ids))
    )
    hosts = (
        select(MeetingHost.volunteer_id, Activity.organisation_id, CoOrganiser.organisation_id)
        .join(MeetingHost.meeting)
        .join(Meeting.activity)
        .outerjoin(CoOrganiser, CoOrganiser.activity_id == Activity.id)
        .where(MeetingHost.volunteer_id.in_(volunteer_ids), Meeting.ends_at > now - WORKED_FOR)
        .distinct()
    )
    for volunteer_id, *organisations in [*session.execute(helps), *session.execute(hosts)]:
        found[volunteer_id].update(number for number in organisations if number is not None)
    return found


def working_for(session: Session, organisation_ids: Iterable[int], now: datetime) -> list[Volunteer]:
    """The volunteers who work for one of these organisations and have not left, longest known first (C-09)."""
    ours = list(organisation_ids)
    helps = (
        select(VolunteerCommune.volunteer_id)
        .join(OrganisationCommune, OrganisationCommune.lau2 == VolunteerCommune.lau2)
        .where(OrganisationCommune.organisation_id.in_(ours))
    )
    shared = select(CoOrganiser.activity_id).where(CoOrganiser.organisation_id.in_(ours))
    hosts = (
        select(MeetingHost.volunteer_id)
        .join(MeetingHost.meeting)
        .join(Meeting.activity)
        .where(Meeting.ends_at > now - WORKED_FOR, or_(Activity.organisation_id.in_(ours), Activity.id.in_(shared)))
    )
    question = select(Volunteer).where(
        Volunteer.state != VolunteerState.LEFT, or_(Volunteer.id.in_(helps), Volunteer.id.in_(hosts))
    )
    return readable(session, question.order_by(Volunteer.id))


# -- the pool (A-06) -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sieve:
    """What ASTI looks for in the pool; an empty field lets everybody through."""

    states: tuple[VolunteerState, ...] = ()
    language: str = ""
    lau2: str = ""
    slot: int | None = None
    like: str = ""
    qualified: bool | None = None


def pool_of(session: Session, sieve: Sieve, today: date) -> list[Volunteer]:
    """The volunteers that pass, longest known first. Who has left is shown to those who ask for it only."""
    states = sieve.states or tuple(state for state in VolunteerState if state is not VolunteerState.LEFT)
    question = select(Volunteer).where(Volunteer.state.in_(states))
    if sieve.language:
        offers = and_(VolunteerLanguage.tag == sieve.language, VolunteerLanguage.kind == LanguageUse.OFFERS)
        question = question.where(Volunteer.languages.any(offers))
    if sieve.lau2:
        question = question.where(Volunteer.communes.any(VolunteerCommune.lau2 == sieve.lau2))
    if sieve.slot is not None:
        free = Volunteer.free_slots.op("&")(1 << sieve.slot) != 0
        question = question.where(or_(free, Volunteer.now_and_then))
    if sieve.qualified is not None:
        valid = Volunteer.qualifications.any(Qualification.valid_until >= today)
        question = question.where(valid if sieve.qualified else ~valid)
    found = readable(session, question.order_by(Volunteer.id))
    return [one for one in found if not sieve.like or sieve.like in one.likes]


def ending(session: Session, today: date, until: date) -> list[Volunteer]:
    """Whose qualification runs out in this time, the next first; nobody who pauses or has left."""
    question = select(Volunteer).where(
        Volunteer.state.in_(HELPING), Volunteer.qualifications.any(Qualification.valid_until.between(today, until))
    )
    found = [one for one in readable(session, question) if one.qualified_until and one.qualified_until <= until]
    return sorted(found, key=lambda one: (one.qualified_until or today, one.id))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a volunteer's life as ASTI reads it: what they became, when, by whom, the note."""

    became: VolunteerState
    at: datetime
    by: str
    note: str


def steps_of(session: Session, volunteer: Volunteer) -> list[Step]:
    """The steps of a volunteer, the last first."""
    question = (
        select(VolunteerStep, Account)
        .outerjoin(Account, Account.id == VolunteerStep.by_id)
        .where(VolunteerStep.volunteer_id == volunteer.id)
        .options(joinedload(Account.person))
        .order_by(VolunteerStep.id.desc())
    )
    rows = session.execute(question).all()
    ring_of(session).load([volunteer.person.public_id, *(by.person.public_id for _, by in rows if by)])
    return [
        Step(
            VolunteerState(row.became), row.at, by.person.name if by else "",
            volunteer.person.opened(row.note_sealed) if row.note_sealed else "",
        )
        for row, by in rows
    ]  # fmt: skip


def seen_by(session: Session, volunteer: Volunteer) -> str:
    """Who looked at their bulletin no. 5."""
    account = session.get(Account, volunteer.bulletin_seen_by_id) if volunteer.bulletin_seen_by_id else None
    return account.person.name if account else ""
