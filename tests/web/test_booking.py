"""My booking behind its link: state, giving back, another date, saying yes; and nothing that others should see."""

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from commune_hub.app import create_app
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.events.actions import seats
from commune_hub.events.actions.meetings import cancel_meeting, move
from commune_hub.events.inputs import MoveDraft
from commune_hub.events.models import Activity, Signup
from commune_hub.events.words import CancelReason, SignupState
from tests.factories import a_meeting, a_person, a_pool, a_signup, a_venue, an_activity, an_actor

LATER = datetime(2027, 1, 10, 10, tzinfo=UTC)


def a_booking(session: Session, activity: Activity, number: int = 0, name: str = "Amina") -> Signup:
    """A seat, or a place in the queue, at one of the dates to come, with its rows in hand."""
    coming = [m for m in activity.meetings if m.starts_at > datetime(2026, 11, 22, tzinfo=UTC)]
    person = a_person(session, name=name, contact="amina@example.lu", language="en")
    signup = a_signup(session, coming[number].pool, person=person)
    assert signup.pool.meetings
    return signup


def a_page(client: FlaskClient, signup: Signup) -> str:
    return client.get(f"/en/b/{signup.link_key}").text


def state_of(store: Store, signup: Signup) -> str:
    with store.reading() as session:
        return session.get_one(Signup, signup.id).state


def app_at(settings: Settings, store: Store, moment: datetime) -> Flask:
    app = create_app(settings, store=store, clock=lambda: moment)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


def test_the_page_says_what_was_taken(client: FlaskClient, session: Session) -> None:
    signup = a_booking(session, an_activity(session))
    session.commit()

    answer = client.get(f"/en/b/{signup.link_key}")

    for told in ("You have a seat", "Tuesday, 24 November, 18:30 – 20:00", "Centre culturel, Belvaux", "Amina"):
        assert told in answer.text
    assert "amina@example.lu" not in answer.text
    assert {name: answer.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")} == {
        "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow",
    }  # fmt: skip


def test_a_wrong_key_opens_nothing(client: FlaskClient, session: Session) -> None:
    a_booking(session, an_activity(session))
    session.commit()

    paths = [("GET", ""), ("GET", ".ics"), ("POST", "/cancel"), ("POST", "/move"), ("POST", "/accept")]
    answers = [client.open(f"/en/b/{'A' * 22}{path}", method=method).status_code for method, path in paths]

    assert answers == [404] * 5


def test_opening_the_link_changes_nothing(client: FlaskClient, session: Session, store: Store) -> None:
    signup = a_booking(session, an_activity(session))
    session.commit()

    for path in ("", "/cancel", "/move", "/accept"):
        client.get(f"/en/b/{signup.link_key}{path}")

    assert state_of(store, signup) == SignupState.CONFIRMED


def test_who_waits_sees_the_place_in_the_queue(client: FlaskClient, session: Session) -> None:
    activity = an_activity(session, capacity="1")
    first = a_booking(session, activity, name="Yonas")
    a_signup(session, first.pool)
    signup = a_booking(session, activity)
    session.commit()

    assert "You are number 2 of 2." in a_page(client, signup)


def test_a_seat_given_back_goes_to_whoever_waited(
    settings: Settings, store: Store, session: Session, now: datetime
) -> None:
    activity = an_activity(session, capacity="1")
    signup, waits = a_booking(session, activity, 2), a_booking(session, activity, 2, name="Yonas")
    session.commit()
    client = app_at(settings, store, now).test_client()

    answer = client.post(f"/en/b/{signup.link_key}/cancel", follow_redirects=True)
    again = client.post(f"/en/b/{signup.link_key}/cancel", follow_redirects=True)

    assert "Thank you for telling us." in answer.text
    assert "You no longer come" in answer.text
    assert "Thank you for telling us." not in again.text
    assert [state_of(store, one) for one in (signup, waits)] == [SignupState.CANCELLED, SignupState.CONFIRMED]


def test_a_past_date_cannot_be_given_back(settings: Settings, store: Store, session: Session) -> None:
    signup = a_booking(session, an_activity(session))
    session.commit()
    client = app_at(settings, store, LATER).test_client()

    answer = client.post(f"/en/b/{signup.link_key}/cancel", follow_redirects=True)

    assert "This date is over." in answer.text
    assert "I can’t come" not in answer.text
    assert state_of(store, signup) == SignupState.CONFIRMED


def test_another_date_can_be_taken_instead(client: FlaskClient, session: Session, store: Store) -> None:
    activity = an_activity(session)
    signup = a_booking(session, activity)
    target = activity.meetings[-1].pool.public_id
    session.commit()

    offered = target in a_page(client, signup)
    answer = client.post(f"/en/b/{signup.link_key}/move", data={"pool": target}, follow_redirects=True)

    assert (offered, "You have changed the date." in answer.text) == (True, True)
    assert "Tuesday, 15 December, 18:30 – 20:00" in answer.text
    assert state_of(store, signup) == SignupState.CANCELLED


def test_a_date_without_a_seat_is_not_offered_and_refused_when_its_queue_is_full(
    client: FlaskClient, session: Session, store: Store
) -> None:
    activity = an_activity(session, capacity="1", waiting_room="0")
    signup = a_booking(session, activity)
    taken = a_booking(session, activity, 1, name="Yonas").pool.public_id
    session.commit()

    offered = taken in a_page(client, signup)
    answer = client.post(f"/en/b/{signup.link_key}/move", data={"pool": taken}, follow_redirects=True)

    assert (offered, "This date and its waiting list are full." in answer.text) == (False, True)
    assert state_of(store, signup) == SignupState.CONFIRMED


@pytest.mark.parametrize("pool", ["", "A" * 22, "elsewhere"])
def test_a_date_of_another_activity_cannot_be_taken(
    client: FlaskClient, session: Session, store: Store, pool: str
) -> None:
    signup = a_booking(session, an_activity(session))
    wanted = a_pool(session).public_id if pool == "elsewhere" else pool
    session.commit()

    answer = client.post(f"/en/b/{signup.link_key}/move", data={"pool": wanted})

    assert (answer.status_code, state_of(store, signup)) == (404, SignupState.CONFIRMED)


def test_a_cancelled_booking_cannot_be_moved(client: FlaskClient, session: Session, now: datetime) -> None:
    activity = an_activity(session)
    signup = a_booking(session, activity)
    seats.cancel(session, signup=signup, now=now)
    target = activity.meetings[-1].pool
    session.commit()

    answer = client.post(
        f"/en/b/{signup.link_key}/move", data={"pool": target.public_id}, follow_redirects=True
    )

    assert "There is nothing to cancel." in answer.text
    session.refresh(target)
    assert target.taken == 0


def test_a_date_that_the_organiser_cancelled_says_so(client: FlaskClient, session: Session, now: datetime) -> None:
    signup = a_booking(session, an_activity(session))
    cancel_meeting(session, meeting=signup.pool.meetings[0], reason=CancelReason.WEATHER, actor=None, now=now)
    session.commit()

    page = a_page(client, signup)

    assert "This date is cancelled" in page
    assert "Bad weather" in page
    assert "I can’t come" not in page


def test_a_date_that_was_moved_shows_the_new_time_and_says_that_it_changed(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    signup = a_booking(session, an_activity(session))
    meeting = signup.pool.meetings[0]
    draft = MoveDraft.parse({"on": "2026-11-25", "starts": "19:00", "ends": "20:30"})
    actor = an_actor(session, organisation=meeting.activity.organisation)
    move(session, meeting=meeting, draft=draft, actor=actor, now=now)
    session.commit()

    page = a_page(client, signup)

    assert "The organiser has changed this date." in page
    assert "Wednesday, 25 November, 19:00 – 20:30" in page


def test_an_offered_seat_is_taken_with_one_tap_and_too_late_is_refused(
    settings: Settings, store: Store, session: Session, now: datetime
) -> None:
    activity = an_activity(session, capacity="1", last_on=date(2026, 11, 24))
    holder, first, second = (a_booking(session, activity, name=name) for name in ("Marc", "Amina", "Yonas"))
    day_before = datetime(2026, 11, 23, 13, tzinfo=UTC)
    seats.cancel(session, signup=holder, now=day_before)
    session.commit()
    client = app_at(settings, store, day_before).test_client()

    page = a_page(client, first)
    answer = client.post(f"/en/b/{first.link_key}/accept", follow_redirects=True)
    refused = client.post(f"/en/b/{second.link_key}/accept", follow_redirects=True)

    assert "A seat is free. Do you want it?" in page
    assert "We keep it for you until Tuesday, 24 November, 14:00." in page
    assert "The seat is yours." in answer.text
    assert "The time to answer is over." in refused.text
    assert [state_of(store, one) for one in (first, second)] == [SignupState.CONFIRMED, SignupState.WAITING]


def test_who_was_taken_off_the_list_reads_why(client: FlaskClient, session: Session, now: datetime) -> None:
    signup = a_booking(session, an_activity(session))
    actor = an_actor(session, organisation=signup.pool.activity.organisation)
    seats.take_off(session, signup=signup, reason="You have <moved> away.", actor=actor, now=now)
    session.commit()

    page = a_page(client, signup)

    assert "The organiser took you off the list" in page
    assert "You have &lt;moved&gt; away." in page


def test_an_enrolment_says_when_the_seats_are_given(client: FlaskClient, session: Session) -> None:
    course = an_activity(session, kind="civic_course", first_on=date(2027, 1, 12), last_on=date(2027, 2, 9))
    signup = a_booking(session, course)
    session.commit()

    page = a_page(client, signup)

    assert "You have enrolled" in page
    assert "The seats are given on Tuesday, 5 January." in page
    assert "I leave the course" in page


def test_the_link_of_an_online_meeting_is_for_those_who_have_a_seat(client: FlaskClient, session: Session) -> None:
    activity = an_activity(session, attendance_mode="online", online_url="https://meet.example.lu/x", capacity="1")
    holder, waits = a_booking(session, activity), a_booking(session, activity, name="Yonas")
    session.commit()

    pages = [a_page(client, one) for one in (holder, waits)]

    assert ["https://meet.example.lu/x" in page for page in pages] == [True, False]


def test_the_calendar_takes_a_seat_given_back_out_again(client: FlaskClient, session: Session, now: datetime) -> None:
    activity = an_activity(session)
    stays, gone = a_booking(session, activity), a_booking(session, activity, name="Yonas")
    seats.cancel(session, signup=gone, now=now)
    session.commit()

    files = [client.get(f"/en/b/{one.link_key}.ics") for one in (stays, gone)]

    events = [Calendar.from_ical(file.text).walk("VEVENT") for file in files]
    assert [[str(event["STATUS"]) for event in found] for found in events] == [["CONFIRMED"], ["CANCELLED"]]
    assert files[0].headers["Cache-Control"] == "no-store"


def test_the_short_address_of_a_booking_tells_nobody_where_one_came_from(
    client: FlaskClient, session: Session
) -> None:
    signup = a_booking(session, an_activity(session))
    session.commit()

    answer = client.get(f"/b/{signup.link_key}", headers={"Accept-Language": "de"})

    assert (answer.location, answer.headers["Referrer-Policy"]) == (f"/de/b/{signup.link_key}", "no-referrer")


def test_the_buttons_work_over_https_though_the_page_sends_no_referrer(
    settings: Settings, store: Store, session: Session, now: datetime
) -> None:
    signup = a_booking(session, an_activity(session))
    session.commit()
    app = create_app(
        Settings.from_env({}, **{**vars(settings), "base_url": "https://localhost"}), store=store, clock=lambda: now
    )
    client = app.test_client()
    page = client.get(f"/en/b/{signup.link_key}", base_url="https://localhost").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]

    answers = [
        client.post(f"/en/b/{signup.link_key}/cancel", base_url="https://localhost", data=data).status_code
        for data in ({}, {"csrf_token": token})
    ]

    assert answers == [400, 303]


def test_the_page_says_by_which_rule_each_thing_was_decided(client: FlaskClient, session: Session) -> None:
    activity = an_activity(session, capacity="1")
    first, waits = a_booking(session, activity, 2), a_booking(session, activity, 2, name="Yonas")
    seats.cancel(session, signup=first, now=datetime(2026, 11, 22, 11, tzinfo=UTC))
    session.commit()

    page = a_page(client, waits)

    told = [page.index(words) for words in (
        "What was decided, and why", "A place on the waiting list", "All seats were taken.",
        "A seat from the waiting list", "Who asked first comes first.",
    )]  # fmt: skip
    assert told == sorted(told)


def a_waiting_one(session: Session) -> Signup:
    """Somebody who waits, while a table with free seats is in the same hall."""
    venue = a_venue(session)
    full = a_meeting(session, venue=venue, capacity=1)
    a_signup(session, full.pool)
    a_meeting(session, venue=venue, on=date(2026, 11, 25))
    person = a_person(session, name="Amina", contact="amina@example.lu", language="en")
    return a_signup(session, full.pool, person=person)


def a_free_pool(page: str) -> str:
    return re.findall(r'/too">.*?name="pool" value="([\w-]+)"', page)[0]


def test_who_waits_takes_a_free_seat_near_by_in_one_tap_and_keeps_the_place(
    client: FlaskClient, session: Session, store: Store
) -> None:
    waits = a_waiting_one(session)
    session.commit()
    page = a_page(client, waits)

    answer = client.post(f"/en/b/{waits.link_key}/too", data={"pool": a_free_pool(page)}, follow_redirects=True)
    after = a_page(client, waits)

    assert "Here a seat is free now" in page
    assert "You have a seat" in answer.text
    assert "Wednesday, 25 November" in answer.text
    assert state_of(store, waits) == SignupState.WAITING
    assert "Here a seat is free now" not in after


def test_the_second_tap_on_the_same_seat_is_refused_in_words(client: FlaskClient, session: Session) -> None:
    waits = a_waiting_one(session)
    session.commit()
    pool = a_free_pool(a_page(client, waits))
    client.post(f"/en/b/{waits.link_key}/too", data={"pool": pool})

    again = client.post(f"/en/b/{waits.link_key}/too", data={"pool": pool}, follow_redirects=True)

    assert "You have signed up for this date already." in again.text


def test_who_has_a_seat_is_offered_no_other(client: FlaskClient, session: Session) -> None:
    waits = a_waiting_one(session)
    pool = a_meeting(session, on=date(2026, 11, 26)).pool.public_id
    seat = a_booking(session, an_activity(session))
    session.commit()

    answers = [client.post(f"/en/b/{key}/too", data={"pool": pool}) for key in (seat.link_key, "A" * 22)]

    assert "Here a seat is free now" not in a_page(client, seat)
    assert [answer.status_code for answer in answers] == [303, 404]
    assert len(waits.pool.meetings) == 1
