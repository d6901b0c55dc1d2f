"""The dates of an activity: leaving out, taking in, adding."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.events.models import Activity, Venue
from commune_hub.events.words import MeetingState
from tests import factories


@pytest.fixture
def venue(session: Session, organisation: Organisation) -> Venue:
    return factories.a_venue(session, organisation=organisation)


def coming(activity: Activity) -> list[str]:
    return [f"{m.occurrence_on}" for m in activity.meetings if m.starts_at > factories.NOW and m.state == "planned"]


def tick(officer: FlaskClient, activity: Activity, *days: str, **more: str) -> int:
    """Send the page with these days ticked, and say yes to what it asks."""
    address = f"/en/staff/activities/{activity.public_id}/season"
    answer = officer.post(address, data={"on": list(days), **more})
    if answer.status_code == 200:
        mark = answer.text.split('name="confirmed" value="')[1].split('"')[0]
        return officer.post(address, data={"on": list(days), **more, "confirmed": mark}).status_code
    return answer.status_code


def test_a_tick_taken_away_leaves_a_date_out(officer: FlaskClient, session: Session, venue: Venue) -> None:
    activity = factories.an_activity(session, venue=venue)

    tick(officer, activity, "2026-11-24", "2026-12-01", "2026-12-15")

    page = officer.get(f"/en/staff/activities/{activity.public_id}/season").text
    assert coming(activity) == ["2026-11-24", "2026-12-01", "2026-12-15"]
    assert [row.on for row in activity.dates] == [date(2026, 12, 8)]
    assert "left out by you" in page


def test_a_date_left_out_can_be_ticked_again(officer: FlaskClient, session: Session, venue: Venue) -> None:
    activity = factories.an_activity(session, venue=venue, skipped_dates=("2026-12-08",))

    tick(officer, activity, "2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15")

    assert coming(activity) == ["2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15"]
    assert activity.dates == []


def test_a_holiday_that_is_ticked_takes_place_after_all(officer: FlaskClient, session: Session, venue: Venue) -> None:
    season = {"first_on": date(2026, 12, 15), "last_on": date(2027, 1, 5), "skip_school_holidays": True}
    activity = factories.an_activity(session, venue=venue, **season)
    before = coming(activity)

    tick(officer, activity, "2026-12-15", "2026-12-29", "2027-01-05")

    assert before == ["2026-12-15", "2027-01-05"]
    assert coming(activity) == ["2026-12-15", "2026-12-29", "2027-01-05"]


def test_the_page_says_why_a_day_is_left_out_and_that_the_table_is_not_verified(
    officer: FlaskClient, session: Session, venue: Venue
) -> None:
    season = {"first_on": date(2026, 12, 15), "last_on": date(2027, 1, 5), "skip_school_holidays": True}
    activity = factories.an_activity(session, venue=venue, **season)

    page = officer.get(f"/en/staff/activities/{activity.public_id}/season").text

    assert page.count("school holidays</span>") == 2
    assert "made by hand and not verified" in page


def test_dates_are_added_also_after_the_season(officer: FlaskClient, session: Session, venue: Venue) -> None:
    activity = factories.an_activity(session, venue=venue)

    tick(officer, activity, *coming(activity), more_dates="18.12.2026\n2026-12-22")

    assert coming(activity)[-2:] == ["2026-12-18", "2026-12-22"]
    assert activity.last_on == date(2026, 12, 22)


def test_single_dates_fall_away_without_a_trace(officer: FlaskClient, session: Session, venue: Venue) -> None:
    days = ("2026-12-03", "2026-12-10")
    activity = factories.an_activity(
        session, venue=venue, rrule="", extra_dates=days, first_on=date(2026, 12, 3), last_on=date(2026, 12, 10)
    )

    tick(officer, activity, "2026-12-10")

    assert coming(activity) == ["2026-12-10"]
    assert [row.on for row in activity.dates] == [date(2026, 12, 10)]


def test_no_date_left_is_refused_with_a_word(officer: FlaskClient, session: Session, venue: Venue) -> None:
    activity = factories.an_activity(
        session, venue=venue, rrule="", extra_dates=("2026-12-03",), first_on="2026-12-03", last_on="2026-12-03"
    )

    answer = officer.post(f"/en/staff/activities/{activity.public_id}/season", data={})

    assert answer.status_code == 422
    assert "These choices leave no date." in answer.text
    assert coming(activity) == ["2026-12-03"]


def test_a_date_that_cannot_be_read_is_said(officer: FlaskClient, session: Session, venue: Venue) -> None:
    activity = factories.an_activity(session, venue=venue)

    answer = officer.post(f"/en/staff/activities/{activity.public_id}/season", data={"more_dates": "31.02.2027"})

    assert answer.status_code == 422
    assert "Please write a date" in answer.text


def test_a_date_that_was_cancelled_or_moved_stays_as_it_is(
    officer: FlaskClient, session: Session, venue: Venue
) -> None:
    activity = factories.an_activity(session, venue=venue)
    cancelled, moved = activity.meetings[-1], activity.meetings[-2]
    officer.post(f"/en/staff/meetings/{cancelled.public_id}/cancel", data={"reason": "weather"})
    officer.post(
        f"/en/staff/meetings/{moved.public_id}/move", data={"on": "2026-12-09", "starts": "18:30", "ends": "20:00"}
    )

    tick(officer, activity, "2026-11-24", "2026-12-01")

    assert [one.state for one in activity.meetings[-2:]] == [MeetingState.PLANNED, MeetingState.CANCELLED]
