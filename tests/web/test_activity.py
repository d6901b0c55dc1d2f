"""The page of an activity and the form on it: what is shown, who gets a seat, what is refused."""

import gzip
import json
import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload
from werkzeug.test import TestResponse

from commune_hub.accounts.models import Person
from commune_hub.base.db import Store
from commune_hub.base.outbox import Job
from commune_hub.events.actions.meetings import cancel_meeting
from commune_hub.events.models import Activity, SeatPool, Signup
from commune_hub.events.words import CancelReason, SignupState
from tests.factories import a_meeting, a_pool, a_signup, a_venue, an_activity, an_organisation
from tests.infrastructure.counting import counted

HOSTILE = '"><script>alert(1)</script>'


def page_of(client: FlaskClient, activity: Activity, query: str = "") -> str:
    return client.get(f"/en/a/{activity.public_id}{query}").text


def sign_up(client: FlaskClient, at: SeatPool, **given: str) -> TestResponse:
    form = {"pool": at.public_id, "name": "Amina", "contact": "621 123 456", "reminder": "yes", "form_token": "t1"}
    return client.post(f"/en/a/{at.activity.public_id}/sign-up", data=form | given)


def saved(session: Session, pool: SeatPool) -> SeatPool:
    """Committed with its activity in hand: whatever the test reads later would hold the lock of SQLite."""
    assert pool.activity
    session.commit()
    return pool


def signups(session: Session) -> list[Signup]:
    everything = joinedload(Signup.person).selectinload(Person.contacts)
    question = select(Signup).order_by(Signup.id).options(everything).execution_options(populate_existing=True)
    found = list(session.scalars(question))
    session.commit()
    return found


def chosen(page: str) -> list[str]:
    return re.findall(r'name="pool" value="([^"]+)" checked', page)


def test_the_page_tells_all_that_one_needs_to_decide(client: FlaskClient, session: Session) -> None:
    venue = a_venue(session, organisation=an_organisation(session, name="Gemeng Suessem"), bus_stop="Gemeng")
    activity = an_activity(session, venue=venue, hosts="Josée, Marc", child_care="yes")
    session.commit()

    page = page_of(client, activity)

    for told in (
        "Conversation table", "Lëtzebuergesch", "Every Tuesday, 18:30 – 20:00", "from 6 October to 15 December 2026",
        "Centre culturel, Belvaux", "4, rue de la Poste, 4477 Belvaux", "Beginners to intermediate (A1–B1)",
        "6 people, 2 hosts", "Somebody looks after the children", "Entrance without steps", "Free of charge",
        "Offered by Gemeng Suessem", "Bus stop: Gemeng", "26 00 00 00", "Tuesday, 24 Nov", "6 seats free",
    ):  # fmt: skip
        assert told in page


def test_a_draft_answers_like_something_that_is_not_there(client: FlaskClient, session: Session) -> None:
    draft = an_activity(session, published=False)
    session.commit()

    names = (draft.public_id, "A" * 22, "nothing")
    answers = [client.get(f"/en/a/{name}") for name in names]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.text.replace(name, "") for name, answer in zip(names, answers, strict=True)}) == 1


def test_what_an_organiser_writes_is_text_and_nothing_else(client: FlaskClient, session: Session) -> None:
    venue = a_venue(session, organisation=an_organisation(session, name=HOSTILE), name=HOSTILE, access_note=HOSTILE)
    activity = an_activity(
        session, venue=venue, title_en=HOSTILE, description_en=HOSTILE, hosts=HOSTILE, contact_name=HOSTILE,
        audience_en=HOSTILE, registration_by="provider", registration_contact=f"https://example.lu/{HOSTILE}",
    )  # fmt: skip
    session.commit()

    pages = [page_of(client, activity), page_of(client, activity, "/poster")]

    assert [page.count("<script>alert") for page in pages] == [0, 0]
    assert HOSTILE in json.loads(re.search(r'ld\+json"[^>]*>(.*?)</script>', pages[0], re.S)[1])[0]["name"]  # type: ignore[index]


def test_the_dates_are_told_to_search_engines(client: FlaskClient, session: Session) -> None:
    pool = a_pool(session, capacity="2")
    a_signup(session, pool)
    session.commit()

    page = page_of(client, pool.activity)

    [event] = json.loads(re.search(r'<script type="application/ld\+json" nonce="[^"]+">(.*?)</script>', page)[1])  # type: ignore[index]
    assert (event["startDate"], event["eventStatus"], event["remainingAttendeeCapacity"], event["location"]["geo"]) == (
        "2026-11-24T18:30:00+01:00",
        "https://schema.org/EventScheduled",
        1,
        {"@type": "GeoCoordinates", "latitude": 49.5103, "longitude": 5.9241},
    )


def test_a_text_in_another_language_says_so(client: FlaskClient, session: Session) -> None:
    activity = an_activity(session, description_fr="On parle de tout.", title_fr="Papotons !")
    session.commit()

    page = page_of(client, activity)

    assert "Text in French" in page
    assert re.search(r'<div class="prose" lang="fr"[^>]*><p>On parle de tout\.</p>', page)
    assert '<p class="b" lang="fr">Papotons !</p>' in page


def test_the_next_date_with_a_seat_is_proposed_and_a_link_may_choose_another(
    client: FlaskClient, session: Session
) -> None:
    activity = an_activity(session, capacity="1")
    first, second, third, *_ = [m for m in activity.meetings if m.starts_at > datetime(2026, 11, 22, tzinfo=UTC)]
    a_signup(session, first.pool)
    a_signup(session, first.pool)
    session.commit()

    plain, linked = page_of(client, activity), page_of(client, activity, f"?m={third.public_id}")

    assert (chosen(plain), chosen(linked)) == ([second.pool.public_id], [third.pool.public_id])
    assert "One person waits" in plain


def test_a_cancelled_date_is_struck_out_and_said_to_whoever_comes_for_it(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    activity = an_activity(session)
    meeting = next(m for m in activity.meetings if m.starts_at > now)
    cancel_meeting(session, meeting=meeting, reason=CancelReason.HOST_ILL, actor=None, now=now)
    session.commit()

    page = page_of(client, activity, f"?m={meeting.public_id}")

    assert "This date is cancelled: Tuesday, 24 November, 18:30 – 20:00.</b> The host is ill" in page
    assert f'value="{meeting.pool.public_id}" disabled' in page


def test_an_activity_that_is_over_says_when_and_shows_no_form(client: FlaskClient, session: Session) -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    activity = an_activity(session, now=began, first_on=date(2026, 2, 3), last_on=date(2026, 6, 30))
    session.commit()

    page = page_of(client, activity)

    assert "This activity is over. The last day was 30 June 2026." in page
    assert "<form class" not in page


def test_a_course_has_one_sign_up_for_all_its_dates(client: FlaskClient, session: Session) -> None:
    course = an_activity(session, kind="volunteer_course", first_on=date(2026, 12, 1), last_on=date(2026, 12, 15))
    pool = saved(session, course.meetings[0].pool)

    page = page_of(client, course)
    sign_up(client, pool)

    assert ("3 dates" in page, re.findall(r'type="radio" name="pool"', page)) == (True, [])
    assert [signup.pool_id for signup in signups(session)] == [pool.id]


def test_registration_elsewhere_says_where_and_takes_nobody(client: FlaskClient, session: Session) -> None:
    activity = an_activity(
        session, registration_by="provider", registration_contact="https://example.lu/cours, 26 00 00 01"
    )
    pool = saved(session, activity.meetings[-1].pool)

    page = page_of(client, activity)
    answer = sign_up(client, pool)

    assert 'href="https://example.lu/cours"' in page
    assert 'href="tel:+35226000001"' in page
    assert "You sign up with the provider, not on this site." in page
    assert (answer.status_code, signups(session)) == (303, [])


def test_a_first_name_and_a_contact_take_a_seat(client: FlaskClient, session: Session) -> None:
    pool = saved(session, a_pool(session))

    answer = sign_up(client, pool, has_contract="yes", contact="Amina@Example.lu")

    [signup] = signups(session)
    assert (answer.status_code, answer.location) == (303, f"/en/b/{signup.link_key}")
    assert (signup.state, signup.reminder, signup.says_has_contract) == (SignupState.CONFIRMED, True, True)
    assert (signup.person.name, signup.person.language) == ("Amina", "en")
    assert signup.person.contacts[0].value == "amina@example.lu"
    booked = client.get(answer.location).text
    assert "You have a seat" in booked
    assert "amina@example.lu" not in booked


@pytest.mark.parametrize("name", ["ዮናስ", "زهرا", "小林さん", "Ге́рман", "Zoë-Lou d’Été", "<b>", "Nguyễn"])
def test_a_name_in_any_script_comes_back_byte_for_byte(client: FlaskClient, session: Session, name: str) -> None:
    pool = saved(session, a_pool(session))

    answer = sign_up(client, pool, name=name)

    [signup] = signups(session)
    assert signup.person.name == name
    assert f"soon, {name.replace('<', '&lt;').replace('>', '&gt;')}." in client.get(answer.location).text


def test_the_same_form_twice_is_one_seat(client: FlaskClient, session: Session) -> None:
    pool = saved(session, a_pool(session))

    answers = [sign_up(client, pool), sign_up(client, pool)]

    assert len(signups(session)) == 1
    assert answers[0].location == answers[1].location


def test_another_person_on_the_same_open_page_gets_a_seat_of_their_own(client: FlaskClient, session: Session) -> None:
    pool = saved(session, a_pool(session))

    answers = [sign_up(client, pool), sign_up(client, pool, name="Yonas")]

    assert [signup.person.name for signup in signups(session)] == ["Amina", "Yonas"]
    assert answers[0].location != answers[1].location


def test_who_signed_up_already_is_told_so_and_gets_the_link_by_message_only(
    client: FlaskClient, session: Session
) -> None:
    pool = saved(session, a_pool(session))
    first = sign_up(client, pool, form_token="one")

    again = [sign_up(client, pool, name=" AMINA ", form_token=token) for token in ("two", "three")]

    [signup] = signups(session)
    page = client.get(again[0].location).text
    assert [answer.location for answer in again] == [f"/en/a/{pool.activity.public_id}"] * 2
    assert "You have signed up for this date already. Look at the message that we sent you." in page
    assert signup.link_key in first.location
    assert signup.link_key not in page
    mails = session.scalars(select(Job).where(Job.kind == "signup_mail")).all()
    assert [job.ids["signup"] for job in mails] == [signup.public_id] * 2
    assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client: FlaskClient, session: Session) -> None:
    pool = saved(session, a_pool(session))

    answer = sign_up(client, pool, name="", contact="not a number", reminder="")

    assert (answer.status_code, signups(session)) == (422, [])
    assert "There are 2 problems" in answer.text
    assert "Please fill this in." in answer.text
    assert "Please write a phone number or a mail address." in answer.text
    assert 'value="not a number"' in answer.text
    assert chosen(answer.text) == [pool.public_id]


def test_a_date_of_another_activity_cannot_be_taken_here(client: FlaskClient, session: Session) -> None:
    here, elsewhere = saved(session, a_pool(session)), saved(session, a_pool(session))

    answers = [sign_up(client, here, pool=pool) for pool in (elsewhere.public_id, "A" * 22)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert (answers[0].text, signups(session)) == (answers[1].text, [])


def test_too_late_is_refused_in_words(client: FlaskClient, session: Session) -> None:
    pool = saved(session, a_pool(session, closes_hours="240"))

    answer = client.post(
        f"/en/a/{pool.activity.public_id}/sign-up",
        data={"pool": pool.public_id, "name": "Amina", "contact": "621123456"},
        follow_redirects=True,
    )

    assert (answer.status_code, signups(session)) == (200, [])
    assert "It is too late to sign up for this date. Please choose another date." in answer.text


def test_a_huge_field_is_refused_on_a_page_that_says_so(client: FlaskClient, session: Session) -> None:
    pool = saved(session, a_pool(session))

    answer = sign_up(client, pool, name="x" * 10_000_000)

    assert (answer.status_code, "What you sent is too large." in answer.text) == (413, True)


def test_drop_in_takes_an_announcement_with_a_language(client: FlaskClient, session: Session) -> None:
    cafe = an_activity(session, kind="language_cafe", languages=("lb", "pt"))
    pool = saved(session, cafe.meetings[-1].pool)

    page = page_of(client, cafe)
    for wanted in ("pt", "xx"):
        sign_up(client, pool, name=wanted, for_language=wanted)

    assert "You need not sign up. Just come." in page
    assert [(s.person.name, s.for_language, s.state) for s in signups(session)] == [
        ("pt", "pt", SignupState.CONFIRMED),
        ("xx", "", SignupState.CONFIRMED),
    ]


def test_where_residents_come_first_one_says_where_one_lives(client: FlaskClient, session: Session) -> None:
    activity = an_activity(session)
    activity.resident_days = 30
    pool = saved(session, activity.meetings[-1].pool)

    page = page_of(client, activity)
    sign_up(client, pool, lives_in="0213")
    sign_up(client, pool, name="Yonas", lives_in="9999")

    assert '<option value="0213">Sanem</option>' in page
    assert [(s.lives_in, s.state) for s in signups(session)] == [
        ("0213", SignupState.CONFIRMED),
        ("", SignupState.WAITING),
    ]


def test_the_number_of_questions_does_not_grow_with_the_dates(
    client: FlaskClient, session: Session, store: Store
) -> None:
    one = an_activity(session, first_on=date(2026, 12, 1), last_on=date(2026, 12, 1))
    three = an_activity(session, first_on=date(2026, 12, 1), last_on=date(2026, 12, 15))
    session.commit()
    page_of(client, one)

    asked = []
    for activity in (one, three):
        with counted(store) as statements:
            page_of(client, activity)
        asked.append(len(statements))

    assert asked[0] == asked[1] <= 12


def test_a_page_with_a_season_of_dates_is_small(client: FlaskClient, session: Session) -> None:
    activity = an_activity(
        session, rrule="FREQ=WEEKLY;BYDAY=MO,WE,FR", last_on=date(2027, 6, 30), description_en="We talk. " * 100,
        skip_school_holidays="", capacity="6",
    )  # fmt: skip
    session.commit()

    page = page_of(client, activity)

    assert len(re.findall(r'type="radio" name="pool"', page)) == 60
    assert len(gzip.compress(page.encode(), 9)) <= 14 * 1024


def test_the_calendar_keeps_cancelled_dates_and_the_link_of_a_meeting_to_itself(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    activity = an_activity(
        session, attendance_mode="online", online_url="https://meet.example.lu/secret", last_on=date(2026, 12, 1)
    )
    coming = [m for m in activity.meetings if m.starts_at > now]
    cancel_meeting(session, meeting=coming[0], reason=CancelReason.OTHER, actor=None, now=now)
    session.commit()

    answer = client.get(f"/en/a/{activity.public_id}.ics")

    events = Calendar.from_ical(answer.text).walk("VEVENT")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert [str(event["STATUS"]) for event in events] == ["CANCELLED", "CONFIRMED"]
    assert "secret" not in answer.text


def test_the_poster_speaks_five_languages_and_carries_the_short_address(client: FlaskClient, session: Session) -> None:
    activity = an_activity(session)
    session.commit()

    page = page_of(client, activity, "/poster")

    assert f"localhost:8000/a/{activity.public_id}" in page
    assert re.findall(r'<p lang="(\w\w)" dir="ltr"><b>', page) == ["lb", "fr", "de", "pt"]
    assert '<svg viewBox="0 0' in page
    assert client.get(f"/en/a/{activity.public_id}/qr.svg").content_type.startswith("image/svg+xml")


def test_a_short_address_opens_in_the_readers_language(client: FlaskClient, session: Session) -> None:
    activity = an_activity(session)
    meeting = activity.meetings[-1]
    session.commit()
    short = f"/a/{activity.public_id}"

    asked = client.get(f"{short}?m={meeting.public_id}", headers={"Accept-Language": "pt-BR, en;q=0.5"}).location
    client.get("/de/a/" + activity.public_id)
    remembered = client.get(short, headers={"Accept-Language": "pt"}).location
    client.get("/lb/a/" + activity.public_id, headers={"Referer": "http://localhost/de/a/x"})
    switched = client.get(short).location

    assert asked == f"/pt{short}?m={meeting.public_id}"
    assert (remembered, switched) == (f"/de{short}", f"/lb{short}")


def test_the_page_wears_the_colours_of_its_organiser(client: FlaskClient, session: Session) -> None:
    organisation = an_organisation(session, theme={"brand": "#7a1f5c", "brand_dark": "#551540"})
    activity = an_activity(session, organisation=organisation)
    session.commit()

    page = page_of(client, activity)

    assert "--brand:#7a1f5c" in page


def test_where_everything_is_full_the_nearest_with_a_seat_is_named(client: FlaskClient, session: Session) -> None:
    venue = a_venue(session)
    full = a_meeting(session, venue=venue, capacity=1, waiting_room=0)
    a_signup(session, full.pool)
    free = a_meeting(session, venue=venue, on=date(2026, 11, 25))
    session.commit()

    told = [client.get(f"/en/a/{one.activity.public_id}").text for one in (full, free)]

    assert ["Here a seat is free now" in page for page in told] == [True, False]
    assert f"/en/a/{free.activity.public_id}?m={free.public_id}" in told[0]
