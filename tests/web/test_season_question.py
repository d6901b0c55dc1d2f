"""The page with the two questions, and what staff see of the answers."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Person
from commune_hub.accounts.profile import ask_no_questions
from commune_hub.events.models import Meeting
from commune_hub.events.records import SeasonAnswer, SeasonQuestion
from tests import factories


@pytest.fixture
def meeting(session: Session) -> Meeting:
    return factories.a_meeting(session)


@pytest.fixture
def address(session: Session, meeting: Meeting, now: datetime) -> str:
    """Where somebody answers who was asked."""
    person = factories.a_person(session)
    question = SeasonQuestion(activity_id=meeting.activity_id, person_id=person.id, asked_at=now)
    session.add(question)
    session.commit()
    return f"/en/q/{question.link_key}"


def answers(session: Session) -> int:
    session.expire_all()
    count = session.scalar(select(func.count()).select_from(SeasonAnswer)) or 0
    session.commit()
    return count


def test_opening_the_link_answers_nothing_and_the_button_answers_once(
    client: FlaskClient, session: Session, address: str
) -> None:
    opened = client.get(address)
    before = answers(session)
    sent = [client.post(address, data={"useful": "4", "would_help": "More evenings"}) for _ in range(2)]
    page = client.get(address).text

    assert (opened.status_code, opened.headers["Referrer-Policy"], before) == (200, "no-referrer", 0)
    assert ([one.status_code for one in sent], answers(session)) == ([303, 303], 1)
    assert "You have answered. Thank you." in page and "You have answered already." in page


@pytest.mark.parametrize("form", [{}, {"useful": "5"}, {"useful": "4", "would_help": "a" * 301}])
def test_an_answer_that_is_none_is_asked_for_again(
    client: FlaskClient, session: Session, address: str, form: dict[str, str]
) -> None:
    answer = client.post(address, data=form)

    assert (answer.status_code, answers(session)) == (422, 0)
    assert "There is a problem" in answer.text or "There are" in answer.text


def test_an_old_link_says_so_and_a_wrong_one_is_not_found(
    client: FlaskClient, session: Session, address: str, now: datetime
) -> None:
    session.scalars(select(SeasonQuestion)).one().asked_at = now - timedelta(days=60)
    session.commit()

    assert "It is too late to answer" in client.get(address).text
    assert [client.get("/en/q/" + key).status_code for key in ("A" * 22, "x")] == [404, 404]
    assert client.post("/en/q/" + "A" * 22, data={}).status_code == 404


def test_staff_of_the_organiser_see_numbers_from_five_on_and_others_nothing(
    client: FlaskClient, session: Session, meeting: Meeting, address: str, now: datetime
) -> None:
    path = f"/en/staff/activities/{meeting.activity.public_id}/answers"
    ours, theirs = (
        accounts.sign_in_staff(session, now=now, second_factor=True, account=factories.an_account(session, **given))
        for given in (
            {"organisation": meeting.activity.organisation},
            {"organisation": factories.an_organisation(session)},
        )
    )
    session.add_all(
        SeasonAnswer(activity_id=meeting.activity_id, useful=4, would_help="<b>More", answered_on=now.date())
        for _ in range(4)
    )
    session.commit()

    client.set_cookie("signin", ours)
    few = client.get(path).text
    session.add(SeasonAnswer(activity_id=meeting.activity_id, useful=4, would_help="", answered_on=now.date()))
    session.commit()
    many = client.get(path).text
    client.set_cookie("signin", theirs)
    foreign = client.get(path).status_code

    assert "Fewer than 5 people have answered." in few and "More" not in few.split("<main")[1].split("</main>")[0]
    assert "5 have answered." in many and "&lt;b&gt;More" in many and "fewer than 5" in many
    assert foreign == 404


def test_one_tap_ends_these_questions_for_good_and_the_profile_begins_them_again(
    client: FlaskClient, session: Session, address: str, now: datetime
) -> None:
    opened = client.get(address).text
    told = client.post(f"{address}/never", follow_redirects=True).text

    session.expire_all()
    person = session.scalars(select(Person)).one()
    never = person.no_questions_at
    ask_no_questions(session, person=person, never=False, now=now)
    assert ("No such questions any more" in opened, "No such questions any more" in told) == (True, False)
    assert "We ask you no such questions any more." in told
    assert (never, person.no_questions_at) == (now, None)
