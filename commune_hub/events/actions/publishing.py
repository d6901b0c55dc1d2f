"""Writing, publishing and archiving activities, and making their meetings from the season."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Permission
from commune_hub.base.errors import InputCode, Invalid, NotFound, Refused
from commune_hub.base.ids import new_public_id
from commune_hub.base.words import Language
from commune_hub.events import courses, listings, permissions, queries, recurrence, rules, seasons
from commune_hub.events.actions import deciding, seats
from commune_hub.events.actions import meetings as meeting_actions
from commune_hub.events.certification import USUAL
from commune_hub.events.inputs import ActivityDraft
from commune_hub.events.models import (
    Activity,
    ActivityDate,
    ActivityLanguage,
    ActivitySlot,
    ActivityText,
    CoOrganiser,
    Meeting,
    SeatPool,
    Signup,
    Venue,
)
from commune_hub.events.records import Course, VenueOffer
from commune_hub.events.recurrence import Occurrence, SeasonChange
from commune_hub.events.rules import KINDS
from commune_hub.events.words import (
    LIVE,
    ActivityKind,
    ActivityRefusal,
    ActivityState,
    AttendanceMode,
    CancelReason,
    DateKind,
    MeetingState,
    SignupMode,
    TextField,
    VenueOfferState,
)


def create(
    session: Session,
    *,
    draft: ActivityDraft,
    organisation: Organisation,
    actor: Actor | None,
    now: datetime,
    previous: Activity | None = None,
    public_id: str | None = None,
) -> Activity:
    """A new activity in draft, with its meetings made. `actor` None is an import or the demo.

    `public_id` is the one that a form promised, so that the form sent twice makes one activity.
    """
    if actor is not None and not actor.may(Permission.PUBLISH, organisation.id):
        raise NotFound("organisation")
    activity = Activity(
        organisation=organisation, state=ActivityState.DRAFT, previous_id=previous.id if previous else None,
        created_at=now, public_id=public_id or new_public_id(),
    )  # fmt: skip
    _write(session, activity, draft, now)
    session.add(activity)
    session.flush()
    _make_meetings(session, activity, seasons.occurrences_of(seasons.season_of(activity)), now)
    return activity


def change(session: Session, *, activity: Activity, draft: ActivityDraft, actor: Actor, now: datetime) -> SeasonChange:
    """Change an activity and its dates. Dates with sign-ups that fall away are cancelled and their people are told;
    the caller shows `preview` before. A single meeting that was moved by hand stays where it is."""
    permissions.must_edit(actor, activity)
    planned = preview(session, activity=activity, draft=draft, now=now)
    if activity.state == ActivityState.DRAFT:
        # Nobody knows a draft. Its seats would belong to dates where the new ones belong to the course, or reversed.
        _forget_meetings(session, activity)
        _write(session, activity, draft, now)
        session.flush()
        _make_meetings(session, activity, seasons.occurrences_of(seasons.season_of(activity)), now)
        return planned
    _write(session, activity, draft, now)
    session.flush()
    _apply(session, activity, planned, now)
    _spread_sizes(session, activity, now)
    listings.refresh(session, activity.id)
    return planned


def preview(session: Session, *, activity: Activity, draft: ActivityDraft, now: datetime) -> SeasonChange:
    """What a change of the season would do to the meetings to come; those of the past are never touched."""
    season = checked_season(draft)
    meetings = [meeting for meeting in queries.meetings_of(session, activity.id) if meeting.starts_at > now]
    mine = [m for m in meetings if not m.moved and m.state == MeetingState.PLANNED]
    kept_as_is = {(m.occurrence_on, m.slot) for m in meetings if m not in mine}
    old = seasons.occurrences_from(mine)
    new = [o for o in seasons.occurrences_of(season) if o.starts_at > now and o.key not in kept_as_is]
    taken = select(Meeting.occurrence_on, Meeting.slot).join(Signup, Signup.pool_id == Meeting.pool_id)
    with_signups = {
        (row.occurrence_on, row.slot)
        for row in session.execute(taken.where(Meeting.activity_id == activity.id, Signup.state.in_(LIVE)))
    }
    return recurrence.changes(old, new, with_signups)


def checked_season(draft: ActivityDraft) -> recurrence.Season:
    """The season of a draft. Raises Invalid with the fields of the form."""
    season = seasons.season_from(draft)
    problems = recurrence.problems_of(season)
    names = {"slots": "starts", "extra_on": "extra_dates", "skipped_on": "skipped_dates"}
    if problems:
        raise Invalid({names.get(field, field): [code] for field, code in problems.items()})
    if not seasons.occurrences_of(season):
        raise Invalid({"rrule": [InputCode.NO_DATES]})
    return season


def publish(session: Session, *, activity: Activity, actor: Actor | None, now: datetime) -> None:
    """Show an activity to everybody. Raises Refused when it has no date to come, or lacks its convention."""
    if actor is not None:
        permissions.must_edit(actor, activity)
    if not any(meeting.starts_at > now for meeting in queries.meetings_of(session, activity.id)):
        raise Refused(ActivityRefusal.NO_DATES_LEFT)
    if activity.kind == ActivityKind.CONVENTIONED_COURSE and not activity.convention_reference:
        raise Refused(ActivityRefusal.NO_CONVENTION_REFERENCE)
    if activity.attendance_mode != AttendanceMode.ONLINE and activity.venue_id is None:
        raise Invalid({"venue": [InputCode.REQUIRED]})
    bar = courses.bar_to_publish(
        modules_of(session, activity), kind=ActivityKind(activity.kind), signup=SignupMode(activity.signup)
    )
    if bar is not None:
        raise Refused(bar)
    activity.state = ActivityState.PUBLISHED
    activity.published_at = activity.published_at or now
    activity.changed_at = now
    deciding.plan_all(session, activity=activity, now=now)
    listings.refresh(session, activity.id)


def modules_of(session: Session, activity: Activity) -> list[courses.Module]:
    """The dates of an activity as the rules of courses see them."""
    meetings = queries.meetings_of(session, activity.id)
    replaced = {meeting.replaces_id for meeting in meetings}
    return [
        courses.Module(
            round((meeting.ends_at - meeting.starts_at) / timedelta(minutes=1)),
            meeting.state == MeetingState.CANCELLED,
            meeting.id in replaced,
        )
        for meeting in meetings
    ]


def archive(session: Session, *, activity: Activity, actor: Actor, now: datetime) -> None:
    """Take an activity out of the search; meetings to come are cancelled and their people told."""
    permissions.must_edit(actor, activity)
    for meeting in queries.meetings_of(session, activity.id):
        if meeting.starts_at > now and meeting.state == MeetingState.PLANNED:
            meeting_actions.cancel_meeting(session, meeting=meeting, reason=CancelReason.OTHER, actor=None, now=now)
    activity.state = ActivityState.ARCHIVED
    activity.changed_at = now
    listings.refresh(session, activity.id)


def delete_draft(session: Session, *, activity: Activity, actor: Actor) -> None:
    """Throw away an activity that was never published."""
    permissions.must_edit(actor, activity)
    if activity.state != ActivityState.DRAFT:
        raise NotFound("activity")
    _forget_meetings(session, activity)
    # A room that was taken for it is free again.
    free = {"state": VenueOfferState.OPEN, "taken_by_id": None, "activity_id": None, "decided_at": None}
    session.execute(update(VenueOffer).where(VenueOffer.activity_id == activity.id).values(free))
    session.execute(delete(Course).where(Course.activity_id == activity.id))
    session.delete(activity)
    session.flush()


def _forget_meetings(session: Session, activity: Activity) -> None:
    session.execute(delete(Meeting).where(Meeting.activity_id == activity.id))
    session.execute(delete(SeatPool).where(SeatPool.activity_id == activity.id))
    session.expire(activity, ["meetings"])


def _write(session: Session, activity: Activity, draft: ActivityDraft, now: datetime) -> None:
    kind = KINDS[draft.kind]
    season = checked_season(draft)
    venue = _venue(session, activity, draft)
    activity.kind = draft.kind
    activity.signup = draft.signup_mode
    activity.registration_by = draft.registration_by
    activity.registration_contact = draft.registration_contact
    activity.attendance_mode = draft.attendance_mode
    activity.online_url = draft.online_url
    activity.venue = venue
    activity.level_from = draft.level_from or kind.level_from
    activity.level_to = draft.level_to or kind.level_to
    if activity.level_from and activity.level_to and activity.level_to < activity.level_from:
        activity.level_to = activity.level_from
    drop_in = draft.signup_mode is SignupMode.DROP_IN
    activity.capacity = None if drop_in else draft.capacity or _room(kind.capacity, venue)
    activity.waiting_room = 0 if drop_in else kind.waiting_room if draft.waiting_room is None else draft.waiting_room
    activity.minimum = kind.minimum
    activity.certificate_basis = USUAL[draft.kind].basis
    activity.certificate_number = USUAL[draft.kind].number
    activity.closes_minutes = (draft.closes_hours or 0) * 60
    activity.price_cents = draft.price
    activity.voucher_price_cents = draft.voucher_price
    activity.free_of_charge = not draft.price
    for name in (
        "minors_allowed", "child_care", "literacy", "convention_reference", "hosts", "contact_name", "contact_phone",
        "contact_mail", "reference", "rrule", "skip_public_holidays", "skip_school_holidays",
    ):  # fmt: skip
        setattr(activity, name, getattr(draft, name))
    activity.first_on, activity.last_on = season.first_on, season.last_on
    activity.changed_at = now
    _write_rows(session, activity, draft, season)


def _write_rows(session: Session, activity: Activity, draft: ActivityDraft, season: recurrence.Season) -> None:
    # The old rows go first: a unique constraint would see both at once.
    if activity.id is not None:
        activity.languages, activity.slots, activity.texts, activity.dates = [], [], [], []
        activity.co_organisers = []
        session.flush()
    activity.languages = _languages(draft)
    activity.slots = [
        ActivitySlot(number=number, starts=slot.starts, minutes=slot.minutes)
        for number, slot in enumerate(season.slots)
    ]
    activity.texts = [
        ActivityText(language=language, field=field, text=text)
        for field in TextField
        for language in Language
        if (text := getattr(draft, f"{field}_{language}"))
    ]
    activity.dates = [ActivityDate(on=day, kind=DateKind.EXTRA) for day in sorted(season.extra_on)]
    activity.dates += [ActivityDate(on=day, kind=DateKind.SKIPPED) for day in sorted(season.skipped_on)]
    wanted = select(Organisation).where(Organisation.public_id.in_(draft.co_organisers))
    activity.co_organisers = [
        CoOrganiser(organisation=organisation)
        for organisation in session.scalars(wanted)
        if organisation is not activity.organisation
    ]


def _languages(draft: ActivityDraft) -> list[ActivityLanguage]:
    """The practised languages; when tables change in the middle of an evening, each with its part of it."""
    early = dict.fromkeys(tag.lower() if len(tag) <= 3 else tag for tag in draft.languages)
    later = dict.fromkeys(tag.lower() if len(tag) <= 3 else tag for tag in draft.later_languages)
    if draft.later_starts is None or not later:
        return [ActivityLanguage(position=number, tag=tag) for number, tag in enumerate(early)]
    parts = [(tag, draft.starts, draft.later_starts) for tag in early]
    parts += [(tag, draft.later_starts, draft.ends) for tag in later]
    return [
        ActivityLanguage(position=number, tag=tag, starts=starts, ends=ends)
        for number, (tag, starts, ends) in enumerate(parts)
    ]


def _venue(session: Session, activity: Activity, draft: ActivityDraft) -> Venue | None:
    if draft.attendance_mode is AttendanceMode.ONLINE or not draft.venue:
        return None
    try:
        venue = queries.venue_named(session, draft.venue)
    except NotFound:
        raise Invalid({"venue": [InputCode.UNKNOWN_VENUE]}) from None
    if venue.organisation_id != activity.organisation.id and venue is not activity.venue:
        raise Invalid({"venue": [InputCode.UNKNOWN_VENUE]})
    return venue


def _room(capacity: int | None, venue: Venue | None) -> int | None:
    """The kind's usual size, but never more than the room holds."""
    if capacity is None or venue is None or venue.capacity is None:
        return capacity
    return min(capacity, venue.capacity)


def _make_meetings(session: Session, activity: Activity, occurrences: list[Occurrence], now: datetime) -> None:
    shared: SeatPool | None = None
    if activity.signup == SignupMode.WHOLE_COURSE:
        existing = queries.meetings_of(session, activity.id)
        shared = existing[0].pool if existing else None
    for occurrence in occurrences:
        pool = shared or _pool(activity, occurrence.starts_at)
        if activity.signup == SignupMode.WHOLE_COURSE:
            shared = pool
        session.add(
            Meeting(
                activity=activity, pool=pool, occurrence_on=occurrence.on, slot=occurrence.slot,
                starts_at=occurrence.starts_at, ends_at=occurrence.ends_at, changed_at=now,
            )
        )  # fmt: skip
    session.flush()


def _pool(activity: Activity, starts_at: datetime) -> SeatPool:
    return SeatPool(
        activity=activity, capacity=activity.capacity, waiting_room=activity.waiting_room, taken=0, waiting=0, over=0,
        closes_at=starts_at - timedelta(minutes=activity.closes_minutes),
        reserved_until=rules.reservation_end(ActivityKind(activity.kind), starts_at),
        decides_at=rules.decision_moment(ActivityKind(activity.kind), starts_at),
    )  # fmt: skip


def _apply(session: Session, activity: Activity, planned: SeasonChange, now: datetime) -> None:
    """Carry out a change of dates: retime, cancel what people signed up for, delete the rest, make the new ones."""
    rows = {(m.occurrence_on, m.slot): m for m in queries.meetings_of(session, activity.id)}
    for _, new in planned.retimed:
        meeting_actions.retime(session, meeting=rows[new.key], starts_at=new.starts_at, ends_at=new.ends_at, now=now)
    for occurrence in planned.dropped_with_signups:
        meeting_actions.cancel_meeting(
            session, meeting=rows[occurrence.key], reason=CancelReason.OTHER, actor=None, now=now
        )
    for occurrence in planned.dropped_free:
        _delete_meeting(session, rows[occurrence.key])
    _make_meetings(session, activity, list(planned.added), now)


def _delete_meeting(session: Session, meeting: Meeting) -> None:
    """A meeting that nobody ever signed up for leaves no trace; one with a history is kept as cancelled."""
    pool = meeting.pool
    history = session.scalar(select(Signup.id).where(Signup.pool_id == pool.id).limit(1))
    alone = activity_has_own_pool(meeting)
    if history is not None and alone:
        meeting.state = MeetingState.CANCELLED
        meeting.cancel_reason = CancelReason.OTHER
        return
    session.delete(meeting)
    session.flush()
    if alone:
        session.delete(pool)
        session.flush()


def activity_has_own_pool(meeting: Meeting) -> bool:
    """Whether the meeting's seats are its own, not those of a whole course."""
    return meeting.activity.signup != SignupMode.WHOLE_COURSE


def _spread_sizes(session: Session, activity: Activity, now: datetime) -> None:
    """Bring the activity's size, waiting room and closing time to the pools of meetings to come."""
    coming = {m.pool_id: m for m in reversed(queries.meetings_of(session, activity.id)) if m.starts_at > now}
    for meeting in coming.values():
        pool = meeting.pool
        pool.closes_at = meeting.starts_at - timedelta(minutes=activity.closes_minutes)
        if (pool.capacity, pool.waiting_room) != (activity.capacity, activity.waiting_room):
            seats.set_capacity(
                session, pool=pool, capacity=activity.capacity, waiting_room=activity.waiting_room, now=now
            )
