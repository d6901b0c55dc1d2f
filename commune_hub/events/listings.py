"""Listings: what the search reads, written in the same transaction as the truth."""

from collections.abc import Iterable
from datetime import datetime
from enum import IntFlag

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.base.words import LOCAL
from commune_hub.events import rules
from commune_hub.events.models import Activity, Listing, Meeting, SeatPool
from commune_hub.events.words import (
    SEARCHABLE,
    ActivityKind,
    ActivityState,
    AttendanceMode,
    CefrLevel,
    MeetingState,
    SignupMode,
    TextField,
)

ANY_LANGUAGE = ""
ALWAYS_FREE = 1_000_000


class Flag(IntFlag):
    """What a listing is, in bits, so that one comparison filters on many."""

    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 4
    THURSDAY = 8
    FRIDAY = 16
    SATURDAY = 32
    SUNDAY = 64
    EVENING = 128
    DAYTIME = 256
    CHILD_CARE = 512
    STEP_FREE = 1024
    ONLINE = 2048
    ON_SITE = 4096
    BEGINNER = 8192
    MINORS = 16384


WEEKDAYS = (Flag.MONDAY, Flag.TUESDAY, Flag.WEDNESDAY, Flag.THURSDAY, Flag.FRIDAY, Flag.SATURDAY, Flag.SUNDAY)


def flags_of(activity: Activity, meeting: Meeting) -> Flag:
    """The bits of one meeting; weekday and time of day are local."""
    local = meeting.starts_at.astimezone(LOCAL)
    venue = meeting.venue
    flags = WEEKDAYS[local.weekday()] | (Flag.EVENING if rules.is_evening(local.hour) else Flag.DAYTIME)
    given = {
        Flag.CHILD_CARE: activity.child_care,
        Flag.STEP_FREE: venue is not None and venue.step_free,
        Flag.ONLINE: activity.attendance_mode != AttendanceMode.ON_SITE,
        Flag.ON_SITE: activity.attendance_mode != AttendanceMode.ONLINE,
        Flag.BEGINNER: rules.is_for_beginners(_level(activity.level_from)),
        Flag.MINORS: activity.minors_allowed,
    }
    for flag, holds in given.items():
        flags |= flag if holds else Flag(0)
    return flags


def free_seats(pool: SeatPool) -> int:
    """Free seats as the search shows them; drop-in has no end of them."""
    return ALWAYS_FREE if pool.capacity is None else max(0, pool.capacity - pool.taken)


def card_of(activity: Activity, meeting: Meeting) -> dict[str, object]:
    """The facts that a result card shows, ready to be put into words."""
    start, end = meeting.starts_at.astimezone(LOCAL), meeting.ends_at.astimezone(LOCAL)
    venue = meeting.venue
    return {
        "activity": activity.public_id,
        "kind": activity.kind,
        "titles": {row.language: row.text for row in activity.texts if row.field == TextField.TITLE},
        "tags": list(activity.tags),
        "from": activity.level_from,
        "to": activity.level_to,
        "on": start.date().isoformat(),
        "starts": f"{start:%H:%M}",
        "ends": f"{end:%H:%M}",
        "venue": venue.name if venue else "",
        "locality": venue.locality if venue else "",
        "mode": activity.attendance_mode,
        "signup": activity.signup,
        "organiser": activity.organisation.name,
        "charge": not activity.free_of_charge,
        "by": activity.registration_by,
    }


def refresh(session: Session, activity_id: int) -> None:
    """Write the listings of an activity anew (published, moved, cancelled, renamed ...)."""
    session.flush()
    activity = session.scalars(
        select(Activity)
        .where(Activity.id == activity_id)
        .options(selectinload(Activity.languages), selectinload(Activity.texts), joinedload(Activity.organisation))
        .execution_options(populate_existing=True)
    ).one()
    session.execute(delete(Listing).where(Listing.activity_id == activity_id))
    rows: list[dict[str, object]] = []
    for meeting in listed_meetings(session, activity):
        meeting.card = card_of(activity, meeting)
        rows.extend(_rows(activity, meeting))
    if rows:
        session.execute(insert(Listing), rows)


def listed_meetings(session: Session, activity: Activity) -> list[Meeting]:
    """The meetings that the search shows: planned ones of a published activity, of a whole course only the first,
    because nobody can begin later."""
    if activity.state != ActivityState.PUBLISHED or ActivityKind(activity.kind) not in SEARCHABLE:
        return []
    planned = list(
        session.scalars(
            select(Meeting)
            .where(Meeting.activity_id == activity.id, Meeting.state == MeetingState.PLANNED)
            .options(joinedload(Meeting.pool), joinedload(Meeting.own_venue))
            .order_by(Meeting.starts_at, Meeting.id)
        )
    )
    return planned[:1] if activity.signup == SignupMode.WHOLE_COURSE else planned


def _rows(activity: Activity, meeting: Meeting) -> Iterable[dict[str, object]]:
    venue = meeting.venue
    on_site = activity.attendance_mode != AttendanceMode.ONLINE and venue is not None
    common: dict[str, object] = {
        "meeting_id": meeting.id,
        "activity_id": activity.id,
        "starts": int(meeting.starts_at.timestamp()),
        "lat": venue.lat if on_site and venue else None,
        "lon": venue.lon if on_site and venue else None,
        "kind": activity.kind,
        "levels": rules.level_mask(_level(activity.level_from), _level(activity.level_to)),
        "flags": int(flags_of(activity, meeting)),
        "free": free_seats(meeting.pool),
    }
    return [{**common, "language": tag} for tag in (ANY_LANGUAGE, *activity.tags)]


def set_free(session: Session, pool: SeatPool) -> None:
    """Tell the search how many seats of a pool are free now."""
    meetings = select(Meeting.id).where(Meeting.pool_id == pool.id)
    session.execute(update(Listing).where(Listing.meeting_id.in_(meetings)).values(free=free_seats(pool)))


def forget_past(session: Session, now: datetime) -> None:
    """Drop the listings of meetings that are over; the search never shows them."""
    session.execute(delete(Listing).where(Listing.starts < int(now.timestamp()) - 86400))


def _level(number: int | None) -> CefrLevel | None:
    return None if number is None else CefrLevel(number)
