"""What takes place around: the activities of a commune with their next dates, and how many dates each commune has."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.base import ExecutableOption

from commune_hub.accounts.models import Organisation, OrganisationCommune
from commune_hub.events.models import Activity, CoOrganiser, Meeting
from commune_hub.events.words import ActivityState, MeetingState, SignupMode

LOOKS_AHEAD = timedelta(days=60)


def next_of_each(session: Session, lau2: str, now: datetime, limit: int = 12) -> list[Meeting]:
    """The next meeting of every activity offered by an organisation that covers the commune, soonest first.

    A whole course that has begun is left out, because nobody can begin later.
    """
    first = (
        select(Meeting.activity_id, func.min(Meeting.starts_at).label("starts_at"))
        .join(Meeting.activity)
        .where(_coming(now), _offered_in(lau2))
        .group_by(Meeting.activity_id)
        .subquery()
    )
    question = (
        select(Meeting)
        .join(first, (first.c.activity_id == Meeting.activity_id) & (first.c.starts_at == Meeting.starts_at))
        .join(Meeting.activity)
        .where(Meeting.state == MeetingState.PLANNED, _may_still_begin(now))
        .options(*_whole())
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )
    return list(session.scalars(question))


def coming_in(session: Session, lau2: str, now: datetime, limit: int = 300) -> list[Meeting]:
    """All meetings of the next weeks offered by organisations that cover the commune, soonest first."""
    question = select(Meeting).join(Meeting.activity).where(_coming(now), _offered_in(lau2)).options(*_whole())
    return list(session.scalars(question.order_by(Meeting.starts_at, Meeting.id).limit(limit)))


def _whole() -> tuple[ExecutableOption, ...]:
    activity = joinedload(Meeting.activity)
    return (
        activity.joinedload(Activity.organisation),
        activity.joinedload(Activity.venue),
        activity.selectinload(Activity.languages),
        activity.selectinload(Activity.texts),
        activity.selectinload(Activity.slots),
        activity.selectinload(Activity.dates),
        activity.selectinload(Activity.co_organisers).joinedload(CoOrganiser.organisation),
        joinedload(Meeting.pool),
        joinedload(Meeting.own_venue),
    )


def dates_by_commune(session: Session, now: datetime) -> dict[str, int]:
    """The number of meetings to come in the next weeks, by code of the commune that its organiser covers."""
    question = (
        select(OrganisationCommune.lau2, func.count(Meeting.id))
        .join(Organisation, Organisation.id == OrganisationCommune.organisation_id)
        .join(Activity, Activity.organisation_id == Organisation.id)
        .join(Meeting, Meeting.activity_id == Activity.id)
        .where(_coming(now))
        .group_by(OrganisationCommune.lau2)
    )
    return dict(session.execute(question).all())


def _coming(now: datetime) -> ColumnElement[bool]:
    return (
        (Activity.state == ActivityState.PUBLISHED)
        & (Meeting.state == MeetingState.PLANNED)
        & (Meeting.starts_at > now)
        & (Meeting.starts_at < now + LOOKS_AHEAD)
    )


def _offered_in(lau2: str) -> ColumnElement[bool]:
    here = select(OrganisationCommune.organisation_id).where(OrganisationCommune.lau2 == lau2)
    together = exists().where(CoOrganiser.activity_id == Activity.id, CoOrganiser.organisation_id.in_(here))
    return or_(Activity.organisation_id.in_(here), together)


def _may_still_begin(now: datetime) -> ColumnElement[bool]:
    begun = exists().where(Meeting.activity_id == Activity.id, Meeting.starts_at <= now).correlate(Activity)
    return or_(Activity.signup != SignupMode.WHOLE_COURSE, ~begun)
