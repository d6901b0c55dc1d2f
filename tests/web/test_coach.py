"""Asking for a coach in four steps, and the request behind its link."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from commune_hub.volunteers.coaching.models import CoachingRequest
from commune_hub.volunteers.coaching.words import RequestState
from tests import factories

LAST = "/en/coach?language=lb&level=3&slots=5&slots=8"
FORM = {
    "language": "lb", "level": "3", "slots": ["5", "8"], "place": "Belvaux", "reach_km": "5", "online": "yes",
    "languages": ["fr", "pt"], "wishes": "Talk about gardens", "name": "Amina", "contact": "amina@example.lu",
}  # fmt: skip


def kept(store: Store) -> list[tuple[str, str, int, int]]:
    with store.reading() as session:
        return [
            (one.state, one.language, one.level, one.free_slots)
            for one in session.scalars(select(CoachingRequest).order_by(CoachingRequest.id))
        ]


def token_on(client: FlaskClient) -> str:
    return str(re.findall(r'name="form_token" value="([^"]*)"', client.get(LAST).text)[0])


def test_one_question_after_the_other(client: FlaskClient) -> None:
    pages = [
        client.get(f"/en/coach{query}").text
        for query in ("", "?language=lb", "?language=lb&level=3", "?language=lb&level=3&slots=5")
    ]

    assert [re.findall(r"Question (\d) of 4", page) for page in pages] == [["1"], ["2"], ["3"], ["4"]]
    assert [page.count('name="name"') for page in pages] == [0, 0, 0, 1]


def test_a_question_left_open_is_asked_again(client: FlaskClient) -> None:
    first, third = client.get("/en/coach?step=language"), client.get("/en/coach?language=lb&level=3&step=times")

    assert "Please fill this in." in first.text
    assert "Please" in third.text and "Question 3 of 4" in third.text


def test_sent_twice_it_is_one_request_with_a_page_of_its_own(client: FlaskClient, store: Store) -> None:
    form = FORM | {"form_token": token_on(client)}

    answers = [client.post("/en/coach", data=form) for _ in range(2)]

    assert kept(store) == [(RequestState.WAITING, "lb", 3, 1 << 5 | 1 << 8)]
    assert answers[0].status_code == 303 and answers[0].location == answers[1].location
    page = client.get(answers[0].location)
    assert ("We are looking for a coach" in page.text, "Talk about gardens" in page.text) == (True, True)
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client: FlaskClient, store: Store) -> None:
    answer = client.post("/en/coach", data=FORM | {"place": "Qwertzuiop", "name": ""})

    assert (answer.status_code, kept(store)) == (422, [])
    assert "Please fill this in." in answer.text and "Talk about gardens" in answer.text
    assert 'value="8"' in answer.text


def test_a_place_that_nobody_knows_is_asked_again(client: FlaskClient, store: Store) -> None:
    answer = client.post("/en/coach", data=FORM | {"place": "Qwertzuiop"})

    assert (answer.status_code, kept(store)) == (422, [])
    assert "We do not know this place." in answer.text


def test_below_a1_it_is_said_kindly_which_course_comes_first(client: FlaskClient, session: Session) -> None:
    factories.an_activity(session, kind="language_cafe", rrule="FREQ=WEEKLY;BYDAY=WE")
    session.commit()

    page = client.get("/en/coach?language=lb&level=1").text

    assert "First a course, then a coach" in page
    assert "Language café" in page


def test_no_coach_near_by_is_told_with_tables_near_by(client: FlaskClient, session: Session) -> None:
    factories.an_activity(session)
    request = factories.a_coaching_request(session, reach_km="5")
    session.commit()

    alone = client.get(f"/en/coach/r/{request.link_key}").text
    factories.a_volunteer(session)
    session.commit()
    near = client.get(f"/en/coach/r/{request.link_key}").text

    assert "Nobody helps in this language within 20 km of you yet." in alone
    assert "One volunteer helps in this language within 20 km of you." in near
    assert "Practise meanwhile" in alone and "Conversation table" in alone


def test_a_request_is_changed_closed_and_opened_again(client: FlaskClient, session: Session, store: Store) -> None:
    request = factories.a_coaching_request(session, wishes="Gardens")
    session.commit()
    address = f"/en/coach/r/{request.link_key}"

    form = client.get(f"{address}/change").text
    client.post(f"{address}/change", data={"level": "6", "slots": ["0"], "place": "Esch", "reach_km": "10"})
    changed = kept(store)
    client.post(f"{address}/close")
    closed = kept(store)
    client.post(f"{address}/again")

    assert "Gardens" in form
    assert changed == [(RequestState.WAITING, "lb", 6, 1)]
    assert [row[0] for row in (*closed, *kept(store))] == [RequestState.CLOSED, RequestState.WAITING]


def test_a_link_of_nobody_opens_nothing(client: FlaskClient) -> None:
    answers = [client.get("/en/coach/r/AAAAAAAAAAAAAAAAAAAAAA"), client.post("/en/coach/r/x/close")]

    assert [answer.status_code for answer in answers] == [404, 404]
