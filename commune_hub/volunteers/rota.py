"""Who looks after which meeting, and who could stand in."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from commune_hub.accounts.queries import ring_of
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import is_public_id
from commune_hub.base.words import LOCAL
from commune_hub.events.models import Activity, Meeting
from commune_hub.events.permissions import Host
from commune_hub.events.words import ActivityState, AttendanceMode, MeetingState
from commune_hub.places.geo import Point, haversine_km
from commune_hub.volunteers import rules
from commune_hub.volunteers.models import HandOver, MeetingHost, Volunteer, VolunteerLanguage
from commune_hub.volunteers.queries import readable, unqualified_in
from commune_hub.volunteers.words import HELPING, HostState, LanguageUse, VolunteerState

MOST_ASKED = 10


def hosts_of(session: Session, meeting_ids: Iterable[int]) -> dict[int, list[MeetingHost]]:
    """The hosts of these meetings in the order in which they were assigned, names readable."""
    question = (
        select(MeetingHost)
        .where(MeetingHost.meeting_id.in_(list(meeting_ids)))
        .options(
            joinedload(MeetingHost.volunteer).joinedload(Volunteer.person),
            joinedload(MeetingHost.volunteer).selectinload(Volunteer.qualifications),
        )
        .order_by(MeetingHost.id)
    )
    found: dict[int, list[MeetingHost]] = defaultdict(list)
    for host in session.scalars(question):
        found[host.meeting_id].append(host)
    ring_of(session).load(host.volunteer.person.public_id for hosts in found.values() for host in hosts)
    return found


def hosts_at(session: Session, meeting_id: str) -> list[MeetingHost]:
    """The rows of all hosts at a meeting (public id), with what a page shows of it."""
    meeting = contains_eager(MeetingHost.meeting)
    activity = meeting.joinedload(Meeting.activity)
    question = (
        select(MeetingHost)
        .join(MeetingHost.meeting)
        .where(Meeting.public_id == meeting_id)
        .options(
            activity.joinedload(Activity.organisation), activity.joinedload(Activity.venue),
            activity.selectinload(Activity.languages), activity.selectinload(Activity.texts),
            meeting.joinedload(Meeting.pool), meeting.joinedload(Meeting.own_venue),
        )
        .order_by(MeetingHost.id)
    )  # fmt: skip
    return list(session.scalars(question)) if is_public_id(meeting_id) else []


def without_host(
    session: Session, organisation_ids: Iterable[int] | None, since: datetime, until: datetime, limit: int = 20
) -> list[Meeting]:
    """The dates of these organisations (None: of all) that volunteers look after and that nobody does: the host cannot
    come, or other dates of the same activity have one and this has none."""
    hosted = select(MeetingHost.meeting_id).where(MeetingHost.state == HostState.HOSTS)
    known = select(Meeting.activity_id).join(MeetingHost, MeetingHost.meeting_id == Meeting.id)
    question = (
        select(Meeting)
        .join(Meeting.activity)
        .where(
            Meeting.starts_at >= since, Meeting.starts_at < until, Meeting.state == MeetingState.PLANNED,
            Activity.state == ActivityState.PUBLISHED, Meeting.id.not_in(hosted), Meeting.activity_id.in_(known),
        )
        .options(joinedload(Meeting.activity).selectinload(Activity.texts))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )  # fmt: skip
    if organisation_ids is not None:
        question = question.where(Activity.organisation_id.in_(list(organisation_ids)))
    return list(session.scalars(question))


def host_named(session: Session, public_id: str) -> MeetingHost:
    """The row of a host at a meeting. Raises NotFound."""
    question = select(MeetingHost).where(MeetingHost.public_id == public_id).options(joinedload(MeetingHost.meeting))
    found = session.scalar(question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("host")
    return found


def host_if_there(session: Session, public_id: str) -> MeetingHost | None:
    """The same with the names behind it, for a job; None when the officer took the host off since."""
    meeting = joinedload(MeetingHost.meeting)
    activity = meeting.joinedload(Meeting.activity)
    question = (
        select(MeetingHost)
        .where(MeetingHost.public_id == public_id)
        .options(
            joinedload(MeetingHost.volunteer).joinedload(Volunteer.person), meeting.joinedload(Meeting.own_venue),
            activity.joinedload(Activity.organisation), activity.joinedload(Activity.venue),
            activity.selectinload(Activity.languages), activity.selectinload(Activity.texts),
        )
    )  # fmt: skip
    return session.scalar(question)


def hosted_by(
    session: Session, volunteer: Volunteer, since: datetime, until: datetime | None = None
) -> list[MeetingHost]:
    """What a volunteer looks after, or said that they cannot, from one moment to another, in order of time."""
    activity = joinedload(MeetingHost.meeting).joinedload(Meeting.activity)
    question = (
        select(MeetingHost)
        .join(MeetingHost.meeting)
        .join(Meeting.activity)
        .where(
            MeetingHost.volunteer_id == volunteer.id, MeetingHost.state != HostState.REPLACED, Meeting.ends_at > since,
            Activity.state != ActivityState.DRAFT,
        )
        .options(
            activity.joinedload(Activity.organisation), activity.joinedload(Activity.venue),
            activity.selectinload(Activity.languages), activity.selectinload(Activity.texts),
            joinedload(MeetingHost.meeting).joinedload(Meeting.pool),
            joinedload(MeetingHost.meeting).joinedload(Meeting.own_venue),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )  # fmt: skip
    if until is not None:
        question = question.where(Meeting.starts_at < until)
    return list(session.scalars(question.limit(200)))


def as_host(session: Session, volunteer: Volunteer) -> Host:
    """The volunteer as whoever takes attendance at the meetings that they look after; none once they have left."""
    question = select(MeetingHost.meeting_id).where(
        MeetingHost.volunteer_id == volunteer.id, MeetingHost.state == HostState.HOSTS
    )
    meetings = session.scalars(question) if volunteer.state != VolunteerState.LEFT else ()
    return Host(volunteer.person_id, volunteer.person.public_id, frozenset(meetings))


# -- who could stand in ----------------------------------------------------------------


def stand_ins(session: Session, meeting: Meeting, limit: int = MOST_ASKED) -> list[Volunteer]:
    """Who could look after a meeting, nearest first: speaks its language, is free then, lives within their own reach,
    may help there, and does not look after it already."""
    activity = meeting.activity
    policy = unqualified_in(session, activity.organisation_id)
    known = select(MeetingHost.volunteer_id).where(MeetingHost.meeting_id == meeting.id)
    speaks = and_(VolunteerLanguage.tag.in_(activity.tags), VolunteerLanguage.kind == LanguageUse.OFFERS)
    question = select(Volunteer).where(
        Volunteer.state.in_(HELPING), Volunteer.languages.any(speaks), Volunteer.id.not_in(known)
    )
    day = meeting.starts_at.astimezone(LOCAL).date()
    near: list[tuple[float, int, Volunteer]] = []
    for one in readable(session, question):
        free = one.now_and_then or rules.is_free(one.free_slots, meeting.starts_at)
        bar = rules.bar_to_help(
            VolunteerState(one.state), qualified=one.is_qualified(day), policy=policy, minors=activity.minors_allowed,
            bulletin_seen=one.bulletin_seen_on is not None,
        )  # fmt: skip
        km = _km(one, meeting)
        if free and bar is None and km is not None:
            near.append((km, one.id, one))
    return [one for _, _, one in sorted(near, key=lambda row: row[:2])[:limit]]


def _km(volunteer: Volunteer, meeting: Meeting) -> float | None:
    """How far it is for them; None when it is farther than they go, or nobody knows."""
    if meeting.activity.attendance_mode == AttendanceMode.ONLINE or meeting.venue is None:
        return 0.0 if volunteer.online else None
    point = volunteer.point
    if point is None:
        return None
    km = haversine_km(point, Point(meeting.venue.lat, meeting.venue.lon))
    return km if km <= volunteer.reach_km else None


def hand_over_behind(session: Session, link_key: str) -> HandOver:
    """The question behind the link in a mail. Raises NotFound."""
    question = select(HandOver).where(HandOver.link_key == link_key)
    found = session.scalar(question.options(*_whole_hand_over())) if is_public_id(link_key) else None
    if found is None:
        raise NotFound("question")
    return found


def question_to(session: Session, host: str, volunteer: str) -> HandOver | None:
    """The question to a volunteer about a host's meeting, both by public id."""
    question = (
        select(HandOver)
        .join(HandOver.host)
        .join(Volunteer, Volunteer.id == HandOver.volunteer_id)
        .where(MeetingHost.public_id == host, Volunteer.public_id == volunteer)
    )
    return session.scalar(question.options(*_whole_hand_over()))


def asked_now(session: Session, volunteer: Volunteer, now: datetime) -> list[HandOver]:
    """The open questions to a volunteer, whether they could stand in."""
    question = (
        select(HandOver)
        .join(HandOver.host)
        .join(MeetingHost.meeting)
        .where(
            HandOver.volunteer_id == volunteer.id, HandOver.answered_at.is_(None),
            MeetingHost.state == HostState.CANNOT, Meeting.starts_at > now, Meeting.state == MeetingState.PLANNED,
        )
        .options(*_whole_hand_over())
        .order_by(Meeting.starts_at)
    )  # fmt: skip
    return list(session.scalars(question))


def _whole_hand_over() -> tuple:  # type: ignore[type-arg]
    meeting = joinedload(HandOver.host).joinedload(MeetingHost.meeting)
    activity = meeting.joinedload(Meeting.activity)
    return (
        joinedload(HandOver.volunteer).joinedload(Volunteer.person),
        activity.joinedload(Activity.organisation),
        activity.joinedload(Activity.venue),
        activity.selectinload(Activity.languages),
        activity.selectinload(Activity.texts),
        meeting.joinedload(Meeting.own_venue),
    )
