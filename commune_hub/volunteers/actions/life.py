"""The life of a volunteer, step by step: each is a row, and only those of the table are taken."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import ring_of
from commune_hub.base import outbox
from commune_hub.base.errors import Refused
from commune_hub.base.words import LOCAL
from commune_hub.volunteers import permissions, rules
from commune_hub.volunteers.models import Volunteer, VolunteerStep
from commune_hub.volunteers.words import StepBy, VolunteerRefusal, VolunteerState


def announce(session: Session, *, person: Person, now: datetime) -> Volunteer:
    """Somebody says that they would like to help. Who has said so before is found again; who had left begins anew."""
    volunteer = session.scalar(select(Volunteer).where(Volunteer.person_id == person.id).with_for_update())
    if volunteer is None:
        volunteer = Volunteer(person=person, announced_at=now, changed_at=now)
        session.add(volunteer)
        session.flush()
        _note(session, volunteer, VolunteerState.ANNOUNCED, None, "", now)
        _thank(session, volunteer, now)
    elif volunteer.state == VolunteerState.LEFT:
        step(session, volunteer=volunteer, becomes=VolunteerState.ANNOUNCED, by=StepBy.OWN, now=now)
        volunteer.announced_at = now
        _thank(session, volunteer, now)
    return volunteer


def _thank(session: Session, volunteer: Volunteer, now: datetime) -> None:
    key = f"volunteer_announced_mail:{volunteer.public_id}:{now.isoformat()}"
    outbox.enqueue(session, "volunteer_announced_mail", due_at=now, now=now, key=key, volunteer=volunteer.public_id)


def step(
    session: Session,
    *,
    volunteer: Volunteer,
    becomes: VolunteerState,
    by: StepBy,
    now: datetime,
    actor: Actor | None = None,
    note: str = "",
) -> None:
    """Take a step of the life cycle. Raises Refused for one that the table does not have.

    The note is for ASTI's eyes and sealed with the volunteer's key. Twice the same step is one.
    """
    lock(session, volunteer)
    was = VolunteerState(volunteer.state)
    if was is becomes:
        return
    if not rules.may_step(was, becomes, by):
        raise Refused(VolunteerRefusal.STEP_NOT_ALLOWED)
    volunteer.state = becomes
    volunteer.changed_at = now
    _note(session, volunteer, becomes, actor, note, now)


def become_active(session: Session, *, volunteer: Volunteer, now: datetime) -> None:
    """The first meeting or pair makes somebody active; whoever is so already, or not met yet, stays as they are."""
    if rules.may_step(VolunteerState(volunteer.state), VolunteerState.ACTIVE, StepBy.RULE):
        step(session, volunteer=volunteer, becomes=VolunteerState.ACTIVE, by=StepBy.RULE, now=now)


def see_bulletin(session: Session, *, volunteer: Volunteer, seen: bool, actor: Actor, now: datetime) -> None:
    """Bulletin no. 5 was shown to this member of ASTI on this day, or that note is taken back. Nothing else is kept."""
    permissions.must_look_after(actor)
    lock(session, volunteer)
    volunteer.bulletin_seen_on = now.astimezone(LOCAL).date() if seen else None
    volunteer.bulletin_seen_by_id = actor.account_id if seen else None
    session.flush()


def lock(session: Session, volunteer: Volunteer) -> None:
    """Two who act on a volunteer at once take turns, and the second sees what the first did."""
    question = select(Volunteer).where(Volunteer.id == volunteer.id).with_for_update()
    session.scalars(question.execution_options(populate_existing=True)).one()


def _note(
    session: Session, volunteer: Volunteer, became: VolunteerState, actor: Actor | None, note: str, now: datetime
) -> None:
    sealed = ring_of(session).seal(volunteer.person.public_id, note) if note else None
    by = actor.account_id if actor else None
    session.add(VolunteerStep(volunteer_id=volunteer.id, became=became, at=now, by_id=by, note_sealed=sealed))
    session.flush()
