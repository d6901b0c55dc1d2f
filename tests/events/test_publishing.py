"""Writing, publishing and changing activities and their meetings."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.words import Role
from commune_hub.base.errors import InputCode, Invalid, NotFound, Refused
from commune_hub.base.outbox import Job
from commune_hub.base.words import LOCAL
from commune_hub.events import listings, queries
from commune_hub.events.actions import meetings, publishing
from commune_hub.events.inputs import MoveDraft
from commune_hub.events.models import Activity, Listing, Meeting
from commune_hub.events.words import (
    ActivityKind,
    ActivityRefusal,
    ActivityState,
    CancelReason,
    MeetingState,
    SignupMode,
)
from tests.factories import a_draft, a_signup, a_venue, an_activity, an_actor, an_organisation


def local_starts(activity: Activity) -> list[str]:
    return [f"{meeting.starts_at.astimezone(LOCAL):%m-%d %H:%M}" for meeting in activity.meetings]


def an_editor(session: Session, activity: Activity) -> Any:
    return an_actor(session, organisation=activity.organisation)


def change(session: Session, activity: Activity, now: datetime, **given: Any) -> Any:
    assert activity.venue is not None
    draft = a_draft(venue=activity.venue.public_id, **given)
    return publishing.change(session, activity=activity, draft=draft, actor=an_editor(session, activity), now=now)


def test_half_past_six_stays_half_past_six_across_the_clock_change(session: Session) -> None:
    activity = an_activity(session, first_on="2026-10-20", last_on="2026-11-24", skip_school_holidays="")

    assert {start[-5:] for start in local_starts(activity)} == {"18:30"}
    assert [m.starts_at.hour for m in activity.meetings] == [16, 17, 17, 17, 17, 17]


def test_the_kind_brings_its_defaults(session: Session) -> None:
    table = an_activity(session)
    cafe = an_activity(session, kind=ActivityKind.LANGUAGE_CAFE, languages=("lb", "fr", "pt"))

    assert (table.signup, table.capacity, table.waiting_room) == (SignupMode.SIGN_UP, 6, 6)
    assert (cafe.signup, cafe.capacity, cafe.waiting_room) == (SignupMode.DROP_IN, None, 0)
    assert cafe.tags == ("lb", "fr", "pt")


def test_a_room_smaller_than_the_usual_size_decides(session: Session) -> None:
    civic = an_activity(session, venue=a_venue(session, capacity=20), kind=ActivityKind.CIVIC_COURSE)

    assert civic.capacity == 20


def test_a_published_meeting_is_listed_once_per_language_and_once_for_any(session: Session) -> None:
    an_activity(session, rrule="", first_on="2026-11-25", last_on="2026-11-25", languages=("lb", "fr"))

    assert sorted(session.scalars(select(Listing.language))) == ["", "fr", "lb"]


def test_a_draft_is_not_listed_and_an_archived_one_no_longer(session: Session, now: datetime) -> None:
    activity = an_activity(session, published=False)
    assert session.scalars(select(Listing.id)).all() == []

    publishing.publish(session, activity=activity, actor=an_editor(session, activity), now=now)
    assert session.scalars(select(Listing.id)).all() != []

    publishing.archive(session, activity=activity, actor=an_editor(session, activity), now=now)
    assert session.scalars(select(Listing.id)).all() == []


def test_listings_equal_what_a_fresh_look_at_the_truth_would_write(session: Session, now: datetime) -> None:
    activity = an_activity(session, capacity=2, languages=("lb", "fr"))
    a_signup(session, activity.meetings[-1].pool)
    meetings.cancel_meeting(
        session,
        meeting=activity.meetings[-2],
        reason=CancelReason.HOST_ILL,
        actor=an_editor(session, activity),
        now=now,
    )

    def rows() -> list[tuple[Any, ...]]:
        columns = [column for column in Listing.__table__.columns if column.name != "id"]
        return sorted(map(tuple, session.execute(select(*columns))))

    before = rows()
    listings.refresh(session, activity.id)

    assert rows() == before
    assert {row[1] for row in before} == {activity.id}


def test_an_activity_whose_dates_are_over_is_not_published(session: Session, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        an_activity(session, first_on="2026-10-06", last_on="2026-10-20")

    assert refused.value.reason == ActivityRefusal.NO_DATES_LEFT


def test_a_language_course_needs_its_convention(session: Session) -> None:
    with pytest.raises(Refused) as refused:
        an_activity(session, kind=ActivityKind.CONVENTIONED_COURSE)

    assert refused.value.reason == ActivityRefusal.NO_CONVENTION_REFERENCE


def test_the_officer_of_another_commune_finds_nothing(session: Session, now: datetime) -> None:
    activity, stranger = an_activity(session), an_actor(session, organisation=an_organisation(session))

    with pytest.raises(NotFound):
        publishing.archive(session, activity=activity, actor=stranger, now=now)


def test_a_venue_of_another_organisation_cannot_be_used(session: Session) -> None:
    organisation, foreign = an_organisation(session), a_venue(session)

    with pytest.raises(Invalid) as invalid:
        an_activity(session, organisation=organisation, venue=foreign)

    assert invalid.value.problems == {"venue": (InputCode.UNKNOWN_VENUE,)}


def test_what_a_change_would_do_is_known_before_it_is_done(session: Session, now: datetime) -> None:
    activity = an_activity(session)
    a_signup(session, activity.meetings[-1].pool)
    assert activity.venue is not None

    planned = publishing.preview(
        session, activity=activity, now=now, draft=a_draft(venue=activity.venue.public_id, rrule="FREQ=WEEKLY;BYDAY=WE")
    )

    assert [o.on.isoformat() for o in planned.dropped_with_signups] == ["2026-12-15"]
    assert [o.on.isoformat() for o in planned.dropped_free] == ["2026-11-24", "2026-12-01", "2026-12-08"]
    assert [o.on.isoformat() for o in planned.added] == ["2026-11-25", "2026-12-02", "2026-12-09"]


def test_a_dropped_date_with_sign_ups_is_cancelled_and_its_people_are_told(session: Session, now: datetime) -> None:
    activity = an_activity(session)
    last = activity.meetings[-1]
    signup = a_signup(session, last.pool)

    change(session, activity, now, last_on=date(2026, 12, 8))

    assert last.state == MeetingState.CANCELLED
    told = session.scalars(select(Job.ids).where(Job.kind == "meeting_cancelled_mail")).all()
    assert told == [{"signup": signup.public_id, "meeting": last.public_id}]


def test_another_hour_keeps_the_seats_and_tells_the_people(session: Session, now: datetime) -> None:
    activity = an_activity(session)
    last = activity.meetings[-1]
    a_signup(session, last.pool)

    change(session, activity, now, starts=time(19), ends=time(20, 30))

    assert (last.pool.taken, f"{last.starts_at:%H:%M}", last.sequence) == (1, "18:00", 1)
    assert last.pool.closes_at == last.starts_at
    assert len(session.scalars(select(Job).where(Job.kind == "meeting_moved_mail")).all()) == 1


def test_the_past_is_never_touched(session: Session, now: datetime) -> None:
    activity = an_activity(session)
    past = [m.public_id for m in activity.meetings if m.starts_at < now]

    change(session, activity, now, rrule="FREQ=WEEKLY;BYDAY=WE")

    after = queries.meetings_of(session, activity.id)
    assert [m.public_id for m in after if m.starts_at < now] == past


def test_a_meeting_moved_by_hand_stays_where_it_is(session: Session, now: datetime) -> None:
    activity = an_activity(session)
    actor = an_editor(session, activity)
    last = activity.meetings[-1]
    moved = MoveDraft.parse({"on": "2026-12-17", "starts": "10:00", "ends": "11:30"})
    meetings.move(session, meeting=last, draft=moved, actor=actor, now=now)

    change(session, activity, now, starts=time(19), ends=time(20, 30))

    assert f"{last.starts_at.astimezone(LOCAL):%m-%d %H:%M}" == "12-17 10:00"


def test_this_and_all_following_move_together(session: Session, now: datetime) -> None:
    activity = an_activity(session)
    actor = an_editor(session, activity)
    first_coming = next(m for m in activity.meetings if m.starts_at > now)
    draft = MoveDraft.parse({"on": "2026-11-25", "starts": "19:00", "ends": "20:30", "following": "1"})

    changed = meetings.move(session, meeting=first_coming, draft=draft, actor=actor, now=now)

    assert [f"{m.starts_at.astimezone(LOCAL):%m-%d %H:%M}" for m in changed] == [
        "11-25 19:00", "12-02 19:00", "12-09 19:00", "12-16 19:00",
    ]  # fmt: skip


def test_a_cancelled_meeting_leaves_the_search_and_everybody_is_told(session: Session, now: datetime) -> None:
    activity = an_activity(session, rrule="", first_on="2026-11-24", last_on="2026-11-24", capacity=1)
    meeting = activity.meetings[0]
    for _ in range(2):
        a_signup(session, meeting.pool)

    told = meetings.cancel_meeting(
        session, meeting=meeting, reason=CancelReason.HOST_ILL, actor=an_editor(session, activity), now=now
    )

    assert told == 2
    assert (meeting.state, meeting.sequence) == (MeetingState.CANCELLED, 1)
    assert session.scalars(select(Listing.id)).all() == []
    waiting_reminders = select(Job.id).where(Job.kind == "reminder", Job.state == "waiting")
    assert session.scalars(waiting_reminders).all() == []


def test_a_meeting_is_cancelled_once(session: Session, now: datetime) -> None:
    activity = an_activity(session)
    actor = an_editor(session, activity)
    meetings.cancel_meeting(session, meeting=activity.meetings[-1], reason=CancelReason.OTHER, actor=actor, now=now)

    with pytest.raises(Refused) as refused:
        meetings.cancel_meeting(session, meeting=activity.meetings[-1], reason=CancelReason.OTHER, actor=actor, now=now)

    assert refused.value.reason == ActivityRefusal.ALREADY_CANCELLED


def test_a_draft_can_be_thrown_away_and_a_published_activity_cannot(session: Session, now: datetime) -> None:
    draft, published = an_activity(session, published=False), an_activity(session)

    publishing.delete_draft(session, activity=draft, actor=an_editor(session, draft))

    assert session.scalars(select(Meeting.id).where(Meeting.activity_id == draft.id)).all() == []
    with pytest.raises(NotFound):
        publishing.delete_draft(session, activity=published, actor=an_editor(session, published))


def test_a_co_organiser_may_change_it_too(session: Session, now: datetime) -> None:
    neighbour = an_organisation(session)
    activity = an_activity(session, co_organisers=(neighbour.public_id,))

    publishing.archive(session, activity=activity, actor=an_actor(session, organisation=neighbour), now=now)

    assert activity.state == ActivityState.ARCHIVED


def test_two_slots_make_two_meetings_a_day(session: Session) -> None:
    activity = an_activity(session, rrule="", first_on="2026-11-24", last_on="2026-11-24", second_starts="20:15")

    assert local_starts(activity) == ["11-24 18:30", "11-24 20:15"]
    assert len({meeting.pool_id for meeting in activity.meetings}) == 2


def test_a_whole_course_is_listed_with_its_first_date_only(session: Session) -> None:
    course = an_activity(session, kind=ActivityKind.VOLUNTEER_COURSE, first_on="2026-11-24")

    listed = session.scalars(select(Listing.meeting_id).where(Listing.language == "")).all()

    assert listed == [course.meetings[0].id]


def test_an_admin_without_the_permission_cannot_publish(session: Session, now: datetime) -> None:
    organisation = an_organisation(session)
    admin = an_actor(session, role=Role.ADMIN)

    with pytest.raises(NotFound):
        publishing.create(session, draft=a_draft(), organisation=organisation, actor=admin, now=now)


def test_more_seats_for_the_activity_reach_the_dates_to_come(session: Session, now: datetime) -> None:
    activity = an_activity(session, capacity=1, waiting_room=5)
    last = activity.meetings[-1]
    _, waiting = a_signup(session, last.pool), a_signup(session, last.pool)

    change(session, activity, now, capacity=4)

    assert (last.pool.capacity, waiting.state) == (4, "confirmed")


def test_the_decision_and_the_closing_time_follow_a_moved_course(session: Session, now: datetime) -> None:
    course = an_activity(session, kind=ActivityKind.CIVIC_COURSE, rrule="", first_on="2026-12-12", last_on="2026-12-12")
    meeting = course.meetings[0]
    draft = MoveDraft.parse({"on": "2026-12-19", "starts": "09:00", "ends": "12:00"})

    meetings.move(session, meeting=meeting, draft=draft, actor=an_editor(session, course), now=now)

    assert meeting.pool.closes_at == datetime(2026, 12, 19, 8, tzinfo=UTC)
    assert meeting.pool.decides_at == meeting.pool.closes_at - timedelta(days=7)


def test_a_cafe_changes_its_tables_in_the_middle_of_the_evening(session: Session) -> None:
    cafe = an_activity(
        session, kind=ActivityKind.LANGUAGE_CAFE, starts="19:00", ends="20:30", languages=("lb", "it", "en"),
        later_starts="19:45", later_languages=("es", "fr", "en"),
    )  # fmt: skip

    slots = [(row.tag, f"{row.starts:%H:%M}", f"{row.ends:%H:%M}") for row in cafe.languages]

    assert slots == [
        ("lb", "19:00", "19:45"), ("it", "19:00", "19:45"), ("en", "19:00", "19:45"),
        ("es", "19:45", "20:30"), ("fr", "19:45", "20:30"), ("en", "19:45", "20:30"),
    ]  # fmt: skip
    assert cafe.tags == ("lb", "it", "en", "es", "fr")
