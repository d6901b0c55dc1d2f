"""Several dates, or the whole season, in one go: what is taken, what is told, what is refused."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base.outbox import Job
from commune_hub.events.models import Activity, Signup
from commune_hub.events.words import SignupState
from tests.factories import NOW, a_signup, an_activity


def pools_to_come(activity: Activity) -> list[str]:
    return [meeting.pool.public_id for meeting in activity.meetings if meeting.starts_at > NOW]


def states(session: Session) -> dict[str, str]:
    found = session.scalars(select(Signup).execution_options(populate_existing=True)).all()
    states = {signup.pool.public_id: str(signup.state) for signup in found}
    session.commit()
    return states


def form(**given: object) -> dict[str, object]:
    return {"name": "Amina", "contact": "621 123 456", "form_token": "t1", **given}


def test_the_days_that_were_ticked_are_taken_and_told_in_one_message(client: FlaskClient, session: Session) -> None:
    activity = an_activity(session)
    pools = pools_to_come(activity)
    session.commit()
    url = f"/en/a/{activity.public_id}"

    linked = f'href="{url}/dates"' in client.get(url).text
    answer = client.post(f"{url}/dates", data=form(pools=[pools[0], pools[2]]), follow_redirects=True)

    assert linked
    assert states(session) == {pools[0]: "confirmed", pools[2]: "confirmed"}
    assert "You have a seat on 2 days." in answer.text
    assert re.search(r'Your other dates</h2>.*?href="/en/b/[^"]+">Tuesday, 8 December', answer.text, re.S)
    assert session.scalars(select(Job.kind).where(Job.kind.like("%mail"))).all() == ["season_mail"]


def test_the_whole_season_waits_where_a_date_is_full(client: FlaskClient, session: Session) -> None:
    activity = an_activity(session, capacity=1, waiting_room=1)
    pools = pools_to_come(activity)
    a_signup(session, activity.meetings[-1].pool)
    session.commit()

    answer = client.post(f"/en/a/{activity.public_id}/dates", data=form(season="yes"), follow_redirects=True)

    assert [state for pool, state in states(session).items() if pool in pools].count("waiting") == 1
    assert "You have a seat on 3 days." in answer.text
    assert "You are on the waiting list for one day." in answer.text


def test_the_same_form_twice_is_the_same_and_a_day_given_back_can_be_taken_again(
    client: FlaskClient, session: Session
) -> None:
    activity = an_activity(session)
    pools = pools_to_come(activity)
    session.commit()
    url = f"/en/a/{activity.public_id}/dates"

    answers = [client.post(url, data=form(pools=pools[:2])) for _ in range(2)]
    client.post(f"{answers[0].location.split('#')[0]}/cancel")
    client.post(url, data=form(pools=pools[:1]))

    assert answers[0].location == answers[1].location
    found = session.scalars(select(Signup.state).where(Signup.state != SignupState.CANCELLED)).all()
    assert (list(found), session.query(Signup).count()) == (["confirmed", "confirmed"], 3)


def test_without_a_day_the_form_asks_again_and_keeps_what_was_typed(client: FlaskClient, session: Session) -> None:
    activity = an_activity(session)
    session.commit()

    answer = client.post(f"/en/a/{activity.public_id}/dates", data=form())

    assert (answer.status_code, states(session)) == (422, {})
    assert 'id="pools-err"' in answer.text
    assert 'value="Amina"' in answer.text


def test_a_day_of_another_activity_takes_nothing_at_all(client: FlaskClient, session: Session) -> None:
    activity, other = an_activity(session), an_activity(session)
    pools = [pools_to_come(activity)[0], pools_to_come(other)[0]]
    session.commit()

    answer = client.post(f"/en/a/{activity.public_id}/dates", data=form(pools=pools))

    assert (answer.status_code, states(session)) == (404, {})


def test_who_has_all_these_days_already_is_told_so(client: FlaskClient, session: Session) -> None:
    activity = an_activity(session)
    pools = pools_to_come(activity)
    session.commit()
    url = f"/en/a/{activity.public_id}/dates"
    client.post(url, data=form(pools=pools[:1]))

    answer = client.post(url, data=form(pools=pools[:1], form_token="t2"), follow_redirects=True)

    assert "already" in answer.text
    assert len(states(session)) == 1


def test_a_course_has_no_such_page(client: FlaskClient, session: Session) -> None:
    course = an_activity(session, kind="volunteer_course")
    session.commit()
    url = f"/en/a/{course.public_id}"

    assert ("/dates" in client.get(url).text, client.get(f"{url}/dates").status_code) == (False, 404)
