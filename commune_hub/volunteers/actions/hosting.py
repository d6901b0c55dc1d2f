"""Who looks after a meeting: assigned by an officer, handed over by the host who cannot come."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.permissions import Actor
from commune_hub.base import outbox
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import new_public_id
from commune_hub.base.words import LOCAL
from commune_hub.events import permissions
from commune_hub.events.models import Meeting
from commune_hub.events.words import MeetingState
from commune_hub.volunteers import queries, rota, rules
from commune_hub.volunteers.actions import life
from commune_hub.volunteers.models import HandOver, MeetingHost, Volunteer
from commune_hub.volunteers.words import HostState, Unqualified, VolunteerRefusal, VolunteerState


def assign(
    session: Session, *, meetings: Iterable[Meeting], volunteer: Volunteer, actor: Actor, now: datetime
) -> list[MeetingHost]:
    """A volunteer looks after these meetings of one activity; those that have begun or are cancelled are left aside.

    Raises Refused when the organiser's setting, or minors who may come, keep them from it. Twice is once.
    """
    coming = [one for one in meetings if one.starts_at > now and one.state == MeetingState.PLANNED]
    if not coming:
        raise Refused(VolunteerRefusal.MEETING_IS_OVER)
    permissions.must_edit(actor, coming[0].activity)
    must_be_able(session, volunteer=volunteer, meeting=coming[0])
    life.lock(session, volunteer)
    hosts = [_host(session, meeting, volunteer, now) for meeting in coming]
    life.become_active(session, volunteer=volunteer, now=now)
    outbox.enqueue(
        session, "host_assigned_mail", due_at=now, now=now, key=f"host_assigned_mail:{new_public_id()}",
        volunteer=volunteer.public_id, hosts=",".join(host.public_id for host in hosts[:20]),
    )  # fmt: skip
    return hosts


def must_be_able(session: Session, *, volunteer: Volunteer, meeting: Meeting) -> None:
    """Raises Refused when this volunteer may not look after this meeting."""
    bar = rules.bar_to_help(
        VolunteerState(volunteer.state),
        qualified=is_qualified(volunteer, meeting),
        policy=queries.unqualified_in(session, meeting.activity.organisation_id),
        minors=meeting.activity.minors_allowed,
        bulletin_seen=volunteer.bulletin_seen_on is not None,
    )
    if bar is not None:
        raise Refused(bar)


def is_qualified(volunteer: Volunteer, meeting: Meeting) -> bool:
    """Whether a training is valid on the day of the meeting."""
    return volunteer.is_qualified(meeting.starts_at.astimezone(LOCAL).date())


def needs_warning(session: Session, *, volunteer: Volunteer, meeting: Meeting) -> bool:
    """Whether the organiser wants to be told that this host has no valid training."""
    warns = queries.unqualified_in(session, meeting.activity.organisation_id) is Unqualified.WARN
    return warns and not is_qualified(volunteer, meeting)


def release(session: Session, *, host: MeetingHost, actor: Actor, now: datetime) -> None:
    """The officer takes a host off a meeting; who was asked to stand in is asked no more."""
    permissions.must_edit(actor, host.meeting.activity)
    if host.meeting.starts_at <= now:
        raise Refused(VolunteerRefusal.MEETING_IS_OVER)
    session.delete(host)
    session.flush()


def cannot(session: Session, *, host: MeetingHost, now: datetime) -> list[HandOver]:
    """The host cannot come: the others near by are asked at once, the organiser is told. Twice is once."""
    _lock(session, host)
    if host.meeting.starts_at <= now:
        raise Refused(VolunteerRefusal.MEETING_IS_OVER)
    if host.state != HostState.HOSTS:
        return []
    host.state, host.changed_at = HostState.CANNOT, now
    asked = [_ask(session, host, volunteer, now) for volunteer in rota.stand_ins(session, host.meeting)]
    outbox.enqueue(
        session, "host_cannot_mail", due_at=now, now=now, host=host.public_id, asked=str(len(asked)),
        key=f"host_cannot_mail:{host.public_id}:{now.isoformat()}",
    )  # fmt: skip
    return asked


def can_after_all(session: Session, *, host: MeetingHost, now: datetime) -> None:
    """The host comes after all, unless somebody took over. Raises Refused."""
    _lock(session, host)
    if host.state == HostState.REPLACED:
        raise Refused(VolunteerRefusal.SOMEBODY_ELSE_COMES)
    if host.meeting.starts_at <= now:
        raise Refused(VolunteerRefusal.MEETING_IS_OVER)
    host.state, host.changed_at = HostState.HOSTS, now
    session.flush()


def answer(session: Session, *, asked: HandOver, comes: bool, now: datetime) -> None:
    """Somebody who was asked says whether they stand in; the first who says yes does. Raises Refused."""
    host = asked.host
    _lock(session, host)
    session.refresh(asked)
    if asked.comes and comes:
        return
    if host.state != HostState.CANNOT:
        raise Refused(VolunteerRefusal.SOMEBODY_ELSE_COMES)
    if host.meeting.starts_at <= now or host.meeting.state != MeetingState.PLANNED:
        raise Refused(VolunteerRefusal.MEETING_IS_OVER)
    asked.answered_at, asked.comes = now, comes
    if not comes:
        session.flush()
        return
    must_be_able(session, volunteer=asked.volunteer, meeting=host.meeting)
    stands_in = _host(session, host.meeting, asked.volunteer, now)
    stands_in.stands_in_for_id = host.id
    host.state, host.changed_at = HostState.REPLACED, now
    life.become_active(session, volunteer=asked.volunteer, now=now)
    outbox.enqueue(
        session, "stand_in_found_mail", due_at=now, now=now, host=host.public_id, by=stands_in.public_id,
        key=f"stand_in_found_mail:{stands_in.public_id}:{now.isoformat()}",
    )  # fmt: skip
    outbox.enqueue(
        session, "host_found_mail", due_at=now, now=now, by=stands_in.public_id,
        key=f"host_found_mail:{stands_in.public_id}:{now.isoformat()}",
    )  # fmt: skip


def own_host(session: Session, *, volunteer: Volunteer, meeting: Meeting) -> MeetingHost:
    """The volunteer's own row at a meeting. Raises NotFound when they have none, or somebody took over."""
    question = select(MeetingHost).where(
        MeetingHost.meeting_id == meeting.id, MeetingHost.volunteer_id == volunteer.id,
        MeetingHost.state != HostState.REPLACED,
    )  # fmt: skip
    found = session.scalar(question)
    if found is None:
        raise NotFound("meeting")
    return found


def _host(session: Session, meeting: Meeting, volunteer: Volunteer, now: datetime) -> MeetingHost:
    question = select(MeetingHost).where(
        MeetingHost.meeting_id == meeting.id, MeetingHost.volunteer_id == volunteer.id
    )
    found = session.scalar(question)
    if found is None:
        found = MeetingHost(
            meeting=meeting, volunteer=volunteer, state=HostState.HOSTS, assigned_at=now, changed_at=now
        )
        session.add(found)
    elif found.state != HostState.HOSTS:
        found.state, found.changed_at = HostState.HOSTS, now
    session.flush()
    return found


def _ask(session: Session, host: MeetingHost, volunteer: Volunteer, now: datetime) -> HandOver:
    question = select(HandOver).where(HandOver.host_id == host.id, HandOver.volunteer_id == volunteer.id)
    asked = session.scalar(question)
    if asked is None:
        asked = HandOver(host=host, volunteer=volunteer, asked_at=now)
        session.add(asked)
    asked.asked_at, asked.answered_at, asked.comes = now, None, None
    session.flush()
    # The job names both by what opens nothing: the link's key would stand in the outbox and in logs.
    outbox.enqueue(
        session, "stand_in_asked_mail", due_at=now, now=now, host=host.public_id, volunteer=volunteer.public_id,
        key=f"stand_in_asked_mail:{host.public_id}:{volunteer.public_id}:{now.isoformat()}",
    )  # fmt: skip
    return asked


def _lock(session: Session, host: MeetingHost) -> None:
    """Two who answer at once take turns; the second sees that somebody comes already."""
    question = select(MeetingHost).where(MeetingHost.id == host.id).with_for_update()
    session.scalars(question.execution_options(populate_existing=True)).one()
