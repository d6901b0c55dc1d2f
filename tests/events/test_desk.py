"""What the desk asks: which rooms are taken, what waits to be done."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from commune_hub.events import desk, seasons
from commune_hub.events.actions import meetings
from commune_hub.events.recurrence import Occurrence
from commune_hub.events.words import CancelReason
from commune_hub.places.words import PointSource
from tests import factories


def test_a_room_is_taken_only_while_somebody_else_is_in_it(session: Session) -> None:
    venue = factories.a_venue(session)
    there = factories.an_activity(session, venue=venue)
    meeting = there.meetings[-1]

    def wanting(starts_in: int, minutes: int) -> list[Occurrence]:
        start = meeting.starts_at + timedelta(minutes=starts_in)
        return [Occurrence(meeting.occurrence_on, 0, start, start + timedelta(minutes=minutes))]

    found = {
        (starts_in, minutes): desk.clashes(session, venue=venue, occurrences=wanting(starts_in, minutes))
        for starts_in, minutes in ((-60, 60), (90, 60), (-60, 61), (89, 60), (10, 10))
    }

    assert found == {(-60, 60): [], (90, 60): [], (-60, 61): [meeting], (89, 60): [meeting], (10, 10): [meeting]}


def test_an_activity_is_not_in_its_own_way(session: Session) -> None:
    activity = factories.an_activity(session)
    occurrences = seasons.occurrences_of(seasons.season_of(activity))

    assert activity.venue is not None
    assert desk.clashes(session, venue=activity.venue, occurrences=occurrences, but=activity) == []


def test_a_meeting_in_another_room_leaves_its_own_free(session: Session) -> None:
    venue, other = factories.a_venue(session), factories.a_venue(session)
    meeting = factories.a_meeting(session, venue=venue)
    meeting.own_venue = other
    session.flush()
    wanted = [Occurrence(meeting.occurrence_on, 0, meeting.starts_at, meeting.ends_at)]

    found = [desk.clashes(session, venue=room, occurrences=wanted) for room in (venue, other)]

    assert found == [[], [meeting]]


def test_to_do_holds_what_waits_and_nothing_of_others(session: Session, now: datetime) -> None:
    organisation = factories.an_organisation(session)
    venue = factories.a_venue(session, organisation=organisation, point_source=PointSource.APPROXIMATE)
    full = factories.a_meeting(session, venue=venue, capacity=1)
    for _ in range(2):
        factories.a_signup(session, full.pool)
    ending = factories.an_activity(session, venue=venue, starts=time(8), ends=time(9))
    factories.an_activity(session, venue=venue, published=False)
    factories.an_activity(session, venue=factories.a_venue(session, point_source=PointSource.APPROXIMATE))

    found = desk.to_do(session, [organisation.id], now)

    assert found == desk.ToDo(undecided=(), lost=(), waiting=(full,), ending=(ending,), drafts=1, approximate=1)


def test_a_course_that_waits_for_its_decision_or_for_another_date_is_to_do(session: Session, now: datetime) -> None:
    course = factories.an_activity(
        session, kind="civic_course", rrule="FREQ=WEEKLY;BYDAY=SA", first_on=date(2027, 1, 9), last_on=date(2027, 1, 16)
    )
    first, second = course.meetings
    ours, decides_at = [course.organisation_id], first.pool.decides_at
    assert decides_at is not None
    meetings.cancel_meeting(session, meeting=second, reason=CancelReason.HOST_ILL, actor=None, now=now)

    early = desk.to_do(session, ours, now)
    late = desk.to_do(session, ours, decides_at + timedelta(hours=1))
    elsewhere = desk.to_do(session, [factories.an_organisation(session).id], decides_at + timedelta(hours=1))

    assert [(found.undecided, found.lost) for found in (early, late, elsewhere)] == [
        ((), (second,)), ((course,), (second,)), ((), ()),
    ]  # fmt: skip


def test_a_season_that_goes_on_is_not_to_do(session: Session, now: datetime) -> None:
    ending = factories.an_activity(session)
    following = factories.an_activity(
        session, organisation=ending.organisation, first_on=date(2027, 1, 5), last_on=date(2027, 6, 29)
    )
    following.previous_id = ending.id
    session.flush()

    assert desk.to_do(session, [ending.organisation_id], now).ending == ()


def test_the_heaps_hold_each_activity_once(session: Session, now: datetime) -> None:
    organisation = factories.an_organisation(session)
    for season in ((date(2026, 10, 6), date(2026, 12, 15)), (date(2026, 3, 3), date(2026, 6, 30))):
        factories.an_activity(
            session, organisation=organisation, first_on=season[0], last_on=season[1], now=now.replace(month=1)
        )
    factories.an_activity(session, organisation=organisation, published=False)

    counts = desk.shelf_counts(session, [organisation.id], now)
    lines = {
        shelf: [
            (line.activity.first_on.month, line.to_come)
            for line in desk.shelf_page(session, organisation_ids=[organisation.id], shelf=shelf, now=now)
        ]
        for shelf in desk.Shelf
    }

    assert counts == {desk.Shelf.RUNNING: 1, desk.Shelf.DRAFTS: 1, desk.Shelf.PAST: 1}
    assert lines == {desk.Shelf.RUNNING: [(10, 4)], desk.Shelf.DRAFTS: [(10, 4)], desk.Shelf.PAST: [(3, 0)]}


def test_of_a_whole_course_one_signs_up_for_the_first_day(session: Session, now: datetime) -> None:
    course = factories.an_activity(
        session, kind="volunteer_course", first_on=date(2026, 12, 1), last_on=date(2026, 12, 15)
    )

    found = desk.meetings_to_sign_up_for(session, now, [course.organisation_id])

    assert found == [course.meetings[0]]
