"""The roll on the web: taps as forms and as the phone sends them, walk-ins, corrections, sheet, codes, tables."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.base.db import Store
from commune_hub.events import roll, tables
from commune_hub.events.cafe import Speaker
from commune_hub.events.models import Meeting
from commune_hub.events.records import PracticeCard, Roll
from commune_hub.events.words import ActivityKind, AttendanceState
from tests import factories
from tests.infrastructure.counting import counted
from tests.web.staff.conftest import SignedIn

START = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
NAMES = ("Amina Bouzid", "Bogdan", "Carla Maria Silva")


@pytest.fixture
def now() -> datetime:
    """Ten minutes after the beginning."""
    return START + timedelta(minutes=10)


@pytest.fixture
def meeting(session: Session, organisation: Organisation) -> Meeting:
    """A table with three names."""
    meeting = factories.a_meeting(session, organisation=organisation)
    for name in NAMES:
        factories.a_signup(session, meeting.pool, person=factories.a_person(session, name=name))
    session.commit()
    return meeting


def states(store: Store, meeting: Meeting) -> dict[str, str]:
    with store.reading() as session:
        found = roll.roll_of(session, session.get_one(Meeting, meeting.id))
        return {line.name: str(line.state) for line in found.lines}


def ids(page: str) -> list[str]:
    return re.findall(r'data-person="([^"]{22})"', page)


def url(meeting: Meeting, rest: str = "/attendance") -> str:
    return f"/en/staff/meetings/{meeting.public_id}{rest}"


def test_the_list_shows_first_names_with_an_initial_and_nothing_about_contracts(
    officer: FlaskClient, meeting: Meeting
) -> None:
    page = re.sub(r"<template.*?</template>", "", officer.get(url(meeting)).text, flags=re.S)

    shown = re.findall(r'<bdi class="b">([^<]+)</bdi>', page)
    assert shown == ["Amina B.", "Bogdan", "Carla S."]
    assert "Bouzid" not in page and "contract" not in page.lower()
    assert page.count('aria-pressed="false"') == 6


def test_a_tap_without_javascript_comes_back_to_its_row(officer: FlaskClient, meeting: Meeting, store: Store) -> None:
    person = ids(officer.get(url(meeting)).text)[1]

    answer = officer.post(url(meeting), data={"mark": f"absent:{person}", "page": "p1", "back": "roll"})

    assert (answer.status_code, answer.location) == (303, f"{url(meeting)}#p-{person}")
    assert states(store, meeting) == {"Amina B.": "unknown", "Bogdan": "absent", "Carla S.": "unknown"}
    assert f'value="absent:{person}" aria-pressed="true"' in officer.get(url(meeting)).text


def test_everybody_present_one_absent_finish_in_forms(officer: FlaskClient, meeting: Meeting, store: Store) -> None:
    person = ids(officer.get(url(meeting)).text)[0]

    for mark in ("all", f"excused:{person}", "finish"):
        officer.post(url(meeting), data={"mark": mark, "page": mark})
    page = officer.get(url(meeting)).text

    assert states(store, meeting) == {"Amina B.": "excused", "Bogdan": "present", "Carla S.": "present"}
    assert "Attendance is finished" in page and "Finished: " in page
    assert 'name="mark"' not in page


def test_what_the_phone_sends_is_taken_once_and_answered_with_all_marks(
    officer: FlaskClient, meeting: Meeting, store: Store, now: datetime
) -> None:
    first, second, third = ids(officer.get(url(meeting)).text)
    at = int(now.timestamp() * 1000)
    taps = [
        {"key": "aaaaaaaa", "at": at - 3000, "touch": "all", "person": ""},
        {"key": "bbbbbbbb", "at": at - 2000, "touch": "absent", "person": second},
        {"key": "cccccccc", "at": at - 1000, "touch": "present", "person": "somebody else"},
    ]

    answers = [officer.post(url(meeting, "/attendance/taps"), json={"taps": taps}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].json == {
        "marks": {first: ["present", False], second: ["absent", False], third: ["present", False]},
        "refused": {"cccccccc": "This person is not on the list."},
        "finished": False,
        "clock": "18:40",
    }


@pytest.mark.parametrize(
    "body",
    [
        {"taps": [{"key": "short", "at": 1, "touch": "all"}]},
        {"taps": [{"key": "aaaaaaaa", "at": "soon", "touch": "all"}]},
        {"taps": [{"key": "aaaaaaaa", "at": 10**15, "touch": "all"}]},
        {"taps": [{"key": "aaaaaaaa", "at": 1, "touch": "delete everything"}]},
        {"taps": [{"key": "aaaaaaaa", "at": 1, "touch": "all"}] * 501},
        {"taps": "all of them"},
    ],
)
def test_what_is_no_tap_is_refused_and_nothing_noted(
    officer: FlaskClient, meeting: Meeting, store: Store, body: dict[str, object]
) -> None:
    assert officer.post(url(meeting, "/attendance/taps"), json=body).status_code == 422
    assert officer.post(url(meeting), data={"mark": "delete:everything"}).status_code == 404
    assert set(states(store, meeting).values()) == {"unknown"}


def test_a_first_name_is_enough_for_a_walk_in_and_none_is_asked_again(
    officer: FlaskClient, meeting: Meeting, store: Store
) -> None:
    refused = officer.post(url(meeting, "/attendance/add"), data={"name": " ", "contact": "621 123 456"})
    added = officer.post(url(meeting, "/attendance/add"), data={"name": "Katya", "form_token": "t"})

    assert refused.status_code == 422
    assert "Please fill this in." in refused.text and 'value="621 123 456"' in refused.text
    assert added.status_code == 303
    assert states(store, meeting)["Katya"] == "present"


def test_a_correction_asks_why_and_shows_the_trail(officer: FlaskClient, meeting: Meeting, store: Store) -> None:
    officer.post(url(meeting), data={"mark": "all", "page": "1"})
    officer.post(url(meeting), data={"mark": "finish", "page": "2"})
    person = ids(officer.get(url(meeting)).text)[0]
    here = url(meeting, f"/attendance/{person}")

    empty = officer.post(here, data={"state": "absent", "reason": ""})
    done = officer.post(here, data={"state": "absent", "reason": "It was her <sister>."})
    tapped = officer.post(url(meeting), data={"mark": f"present:{person}", "page": "3"}, follow_redirects=True)

    assert (empty.status_code, done.status_code) == (422, 303)
    assert states(store, meeting)["Amina B."] == "absent"
    assert "Please write why this is changed." in tapped.text
    trail = officer.get(here).text
    assert "It was her &lt;sister&gt;." in trail and trail.count("<bdi>Marc</bdi>") == 2


def test_before_the_meeting_there_is_a_list_and_no_buttons(
    app: Flask, officer: FlaskClient, meeting: Meeting, store: Store
) -> None:
    app.extensions["clock"] = lambda: START - timedelta(hours=2)

    page = officer.get(url(meeting)).text
    officer.post(url(meeting), data={"mark": "all"})

    assert "You can take attendance from" in page and 'name="mark"' not in page
    assert set(states(store, meeting).values()) == {"unknown"}


def test_another_commune_s_officer_finds_nothing(
    meeting: Meeting, officer: FlaskClient, signed_in: SignedIn, session: Session
) -> None:
    person = ids(officer.get(url(meeting)).text)[0]
    signup = meeting.pool.signups[0].public_id
    other = signed_in(organisation=factories.an_organisation(session))

    answers = {
        (method, rest): other.open(url(meeting, rest), method=method).status_code
        for method, rest in [
            ("GET", "/attendance"),
            ("POST", "/attendance"),
            ("POST", "/attendance/taps"),
            ("GET", "/attendance/sign"),
            ("POST", "/attendance/add"),
            ("GET", f"/attendance/{person}"),
            ("POST", f"/attendance/{person}"),
            ("GET", "/sheet.pdf"),
            ("GET", "/check-in"),
            ("POST", "/check-in"),
            ("GET", "/tables"),
            ("POST", "/tables"),
            ("POST", "/tables/count"),
        ]
    }

    assert {key for key, code in answers.items() if code != 404} == set()
    for method, rest in (("GET", "card"), ("POST", "card"), ("GET", "card/print")):
        assert other.open(f"/en/staff/sign-ups/{signup}/{rest}", method=method).status_code == 404


def test_a_person_of_another_meeting_has_no_page_here(officer: FlaskClient, meeting: Meeting, session: Session) -> None:
    stranger = factories.a_person(session, name="Goran")
    session.commit()

    assert officer.get(url(meeting, f"/attendance/{stranger.public_id}")).status_code == 404
    assert officer.get(url(meeting, "/attendance/nobody")).status_code == 404


def test_twelve_names_cost_no_more_questions_than_one(
    officer: FlaskClient, session: Session, store: Store, organisation: Organisation
) -> None:
    asked = []
    for number in (1, 12):
        meeting = factories.a_meeting(session, organisation=organisation, capacity=20)
        for _ in range(number):
            factories.a_signup(session, meeting.pool)
        session.commit()
        officer.post(url(meeting), data={"mark": "all"})
        with counted(store) as page_questions:
            assert len(ids(officer.get(url(meeting)).text)) == number
        with counted(store) as tap_questions:
            officer.post(url(meeting, "/attendance/taps"), json={})
        asked.append((len(page_questions), len(tap_questions)))

    assert asked[0] == asked[1]


def test_the_sheet_is_a_tagged_pdf_that_leads_back_to_the_list(officer: FlaskClient, meeting: Meeting) -> None:
    answer = officer.get(url(meeting, "/sheet.pdf"))

    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF") and b"/StructTreeRoot" in answer.data
    short = officer.get(f"/r/{meeting.public_id}", headers={"Accept-Language": "en"})
    assert (short.status_code, short.location) == (302, url(meeting))


def test_the_code_for_checking_in_is_made_once_and_shown(
    officer: FlaskClient, meeting: Meeting, session: Session
) -> None:
    assert "Make the code" in officer.get(url(meeting, "/check-in")).text

    for _ in range(2):
        assert officer.post(url(meeting, "/check-in")).location == url(meeting, "/check-in")

    code = session.scalars(select(Roll.check_in)).one()
    assert f"/h/{code}" in officer.get(url(meeting, "/check-in")).text


def test_a_card_is_made_printed_and_replaced_at_the_counter(
    officer: FlaskClient, meeting: Meeting, session: Session
) -> None:
    here = f"/en/staff/sign-ups/{meeting.pool.signups[0].public_id}/card"
    session.commit()
    assert officer.get(f"{here}/print").status_code == 404

    officer.post(here)
    first = session.scalars(select(PracticeCard.code)).one()
    session.commit()
    assert f"/k/{first}" in officer.get(here).text
    printed = officer.get(f"{here}/print").text
    assert f"/k/{first}" in printed and "Amina" not in printed
    officer.post(here, data={"lost": first})

    assert first not in officer.get(here).text


def test_the_tables_of_a_café_are_planned_and_counted(
    officer: FlaskClient, session: Session, store: Store, organisation: Organisation
) -> None:
    café = factories.a_meeting(
        session, organisation=organisation, kind=ActivityKind.LANGUAGE_CAFE, capacity=None, languages=("lb", "fr")
    )
    factories.a_signup(session, café.pool, for_language="fr")
    session.commit()

    officer.post(url(café, "/tables"), data={"name0": "Josée", "languages0": ["lb"], "name1": "", "languages1": ["fr"]})
    for number in ("9", "7", "-1", "many"):
        officer.post(url(café, "/tables/count"), data={"language": "lb", "number": number})
    page = officer.get(url(café, "/tables")).text

    with store.reading() as reading:
        plan = tables.evening_of(reading, reading.get_one(Meeting, café.id))
    assert (plan.speakers, plan.counted) == ((Speaker("Josée", frozenset({"lb"})),), {"lb": 7})
    assert "One speaker is missing" in page and "somebody who speaks French" in page
    assert officer.post(url(café, "/tables/count"), data={"language": "xx", "number": 1}).status_code == 404
    assert officer.post(url(café, "/tables/count"), data={"language": "lb", "number": "?"}).status_code == 422


def test_where_it_counts_each_person_signs_with_a_tap_on_the_own_name(
    officer: FlaskClient, session: Session, store: Store, organisation: Organisation
) -> None:
    day = factories.a_meeting(session, organisation=organisation, kind=ActivityKind.ORIENTATION_DAY)
    session.commit()
    officer.post(url(day, "/attendance/add"), data={"name": "Amina Bouzid", "form_token": "t"})
    person = ids(officer.get(url(day)).text)[0]

    assert "Has signed on paper" in officer.get(url(day)).text
    officer.post(url(day), data={"mark": f"signed:{person}", "page": "1", "back": "sign"})

    with store.reading() as reading:
        [line] = roll.roll_of(reading, reading.get_one(Meeting, day.id)).lines
    assert (line.state, line.signed) == (AttendanceState.PRESENT, True)
    assert 'aria-pressed="true"' in officer.get(url(day, "/attendance/sign")).text
