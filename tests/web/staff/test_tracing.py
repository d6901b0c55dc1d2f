"""Who looks at whose data leaves a row before anything is shown; without the row nothing is."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.accounts.traces import AccessTrace
from commune_hub.accounts.words import Role
from commune_hub.events.models import Meeting
from tests import factories


def seen(session: Session) -> list[tuple[str, str, str, list[str]]]:
    session.expire_all()
    rows = session.scalars(select(AccessTrace).order_by(AccessTrace.id))
    return [(row.thing, row.result, row.about, [one.person for one in row.people]) for row in rows]


@pytest.fixture
def meeting(session: Session, organisation: Organisation) -> Meeting:
    return factories.a_meeting(session, organisation=organisation)


def test_a_page_with_names_leaves_one_row_with_everybody_on_it(
    officer: FlaskClient, session: Session, organisation: Organisation, meeting: Meeting, now: datetime
) -> None:
    people = [factories.a_signup(session, meeting.pool).person for _ in range(3)]

    answer = officer.get(f"/fr/staff/meetings/{meeting.public_id}")

    row = session.scalars(select(AccessTrace)).one()
    assert answer.status_code == 200
    assert seen(session) == [("meeting", "shown", meeting.public_id, sorted(one.public_id for one in people))]
    assert (row.at, row.role, row.organisation_id, row.channel) == (now, Role.OFFICER, organisation.id, "page")
    assert row.agent is not None and row.agent.person.name == "Marc"


def test_without_its_row_no_page_is_shown_and_the_next_one_works_again(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    factories.a_signup(session, meeting.pool, person=factories.a_person(session, name="Aminata"))
    session.execute(text("alter table access_trace_person rename to gone"))
    session.commit()

    broken = officer.get(f"/fr/staff/meetings/{meeting.public_id}")
    session.execute(text("alter table gone rename to access_trace_person"))
    session.commit()
    mended = officer.get(f"/fr/staff/meetings/{meeting.public_id}")

    assert (broken.status_code, "Aminata" in broken.text) == (503, False)
    assert (mended.status_code, "Aminata" in mended.text) == (200, True)


def test_the_own_name_and_a_page_without_anybody_leave_no_row(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    for path in ("", "/counter", f"/meetings/{meeting.public_id}", "/activities", "/password"):
        officer.get(f"/fr/staff{path}")

    assert seen(session) == []
