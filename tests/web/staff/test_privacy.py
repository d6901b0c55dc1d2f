"""Why is it opened, the auditor's search, merging, and what waits for the authority."""

import re
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import traces
from commune_hub.accounts.models import Organisation, Person
from commune_hub.accounts.traces import AccessTrace
from commune_hub.accounts.words import Role
from commune_hub.privacy.models import PersonMerge, RetentionCase
from commune_hub.privacy.words import CaseReason
from commune_hub.volunteers.actions import life
from tests import factories
from tests.web.staff.conftest import SignedIn

WHY = "she said so at the counter"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def two(session: Session) -> tuple[Person, Person]:
    people = [factories.a_person(session, name="Amina", contact=contact) for contact in ("621 123 456", "a@example.lu")]
    session.commit()
    return people[0], people[1]


def test_a_search_over_people_asks_why_once_and_is_traced(
    signed_in: SignedIn, session: Session, now: datetime
) -> None:
    asti = signed_in(Role.ASTI)
    asti.says_why = False  # type: ignore[attr-defined]
    one, other = two(session)

    asked = asti.post("/en/staff/merge", data={"name": "Amina"})
    short = asti.post("/en/staff/why", data={"ticket": hidden(asked.text, "ticket"), "why": "because"})
    said = asti.post("/en/staff/why", data={"ticket": hidden(asked.text, "ticket"), "why": WHY})
    found = asti.post("/en/staff/merge", data={"name": "Amina"})

    assert ("Why do you open this?" in asked.text, "a@example.lu" in asked.text) == (True, False)
    assert (short.status_code, said.status_code, said.location) == (422, 303, "/en/staff/merge")
    assert found.text.count('name="kept"') == 2
    rows = session.scalars(select(AccessTrace).order_by(AccessTrace.id)).all()
    assert [(row.thing, row.result) for row in rows] == [("person_search", "announced"), ("person_search", "shown")]
    assert {person.person for person in rows[1].people} == {one.public_id, other.public_id}


def test_a_ticket_of_somebody_else_opens_nothing(signed_in: SignedIn, session: Session) -> None:
    asti = signed_in(Role.ASTI)
    asti.says_why = False  # type: ignore[attr-defined]
    asked = asti.post("/en/staff/merge", data={"name": "Amina"})

    answer = signed_in(Role.ASTI).post("/en/staff/why", data={"ticket": hidden(asked.text, "ticket"), "why": WHY})

    assert answer.status_code == 404


def test_two_become_one_and_two_again(signed_in: SignedIn, session: Session) -> None:
    asti = signed_in(Role.ASTI)
    one, other = two(session)
    form = {"kept": one.public_id, "merged": other.public_id, "reason": WHY}

    silent = asti.post("/en/staff/merge/two", data=form | {"reason": ""})
    merged = asti.post("/en/staff/merge/two", data=form)
    again = asti.post("/en/staff/merge/two", data=form)
    row = session.scalars(select(PersonMerge)).one()
    page = asti.get("/en/staff/merge").text
    undone = asti.post(f"/en/staff/merge/{row.public_id}/undo")

    assert [answer.status_code for answer in (silent, merged, again, undone)] == [422, 303, 303, 303]
    assert WHY in page and "Can be undone until 22 December 2026" in page
    session.expire_all()
    assert (other.merged_into_id, row.undone_at is not None) == (None, True)


def test_a_coordinator_merges_nobody_who_was_never_there(
    signed_in: SignedIn, session: Session, organisation: Organisation
) -> None:
    one, other = two(session)
    coordinator = signed_in(Role.COORDINATOR, organisation)

    answer = coordinator.post(
        "/en/staff/merge/two", data={"kept": one.public_id, "merged": other.public_id, "reason": WHY}
    )

    assert answer.status_code == 404


def test_the_auditor_reads_who_looked_and_searches_with_a_reason(
    signed_in: SignedIn, officer: FlaskClient, session: Session, organisation: Organisation
) -> None:
    meeting = factories.a_meeting(session, organisation=organisation)
    factories.a_signup(session, meeting.pool, person=factories.a_person(session, name="Amina", contact="621 123 456"))
    officer.get(f"/en/staff/meetings/{meeting.public_id}")
    auditor = signed_in(Role.AUDITOR)
    auditor.says_why = False  # type: ignore[attr-defined]

    page = auditor.get("/en/staff/traces").text
    asked = auditor.post("/en/staff/traces", data={"person": "621 123 456"})
    auditor.post("/en/staff/why", data={"ticket": hidden(asked.text, "ticket"), "why": "a complaint of the person"})
    found = auditor.post("/en/staff/traces", data={"person": "621 123 456", "since": "2026-11-22"})
    none = auditor.post("/en/staff/traces", data={"since": "2020-01-01", "until": "2020-02-01"})
    bad = auditor.post("/en/staff/traces", data={"person": "nobody", "since": "yesterday"})

    assert "Marc, Officer, Gemeng Suessem" in page and "The list of names of a meeting (one person)" in page
    assert "Amina" not in page
    assert "Why do you open this?" in asked.text
    assert "Marc, Officer, Gemeng Suessem" in found.text
    assert "Nobody looked at anything." in none.text
    assert bad.status_code == 422


def test_what_waits_is_decided_with_a_reason(signed_in: SignedIn, session: Session, now: datetime) -> None:
    director = signed_in(Role.DIRECTOR)
    person = factories.a_person(session, name="Amina")
    case = RetentionCase(person=person, reason=CaseReason.CONTRACT_RUNNING, noticed_at=now)
    session.add(case)
    session.flush()
    url = f"/en/staff/retention/{case.public_id}"

    page = director.get("/en/staff/retention").text
    silent = director.post(url, data={"decision": "later"})
    later = director.post(url, data={"decision": "later", "note": "the contract runs until spring"})

    assert "Amina" in page and "A contract is still running" in page
    assert (silent.status_code, later.status_code) == (422, 303)
    session.expire_all()
    assert (case.decision, str(case.until)) == ("later", "2027-02-20")
    assert "Nothing waits" in director.get("/en/staff/retention").text


def test_a_file_that_was_refused_is_traced_too(
    signed_in: SignedIn, session: Session, organisation: Organisation
) -> None:
    signup = factories.a_signup(session, factories.a_pool(session))
    stranger = signed_in(Role.OFFICER, organisation)

    answer = stranger.get(f"/en/staff/sign-ups/{signup.public_id}")

    row = session.scalars(select(AccessTrace)).one()
    assert answer.status_code == 404
    assert (row.thing, row.result, [one.person for one in row.people]) == (
        "signup", "refused", [signup.person.public_id]
    )  # fmt: skip


def test_the_file_of_a_volunteer_asks_why_and_the_volunteer_reads_it(signed_in: SignedIn, session: Session) -> None:
    asti = signed_in(Role.ASTI)
    asti.says_why = False  # type: ignore[attr-defined]
    volunteer = life.announce(session, person=factories.a_person(session, name="Josée"), now=factories.NOW)
    url = f"/en/staff/volunteers/{volunteer.public_id}"

    asked = asti.get(url)
    said = asti.post("/en/staff/why", data={"ticket": hidden(asked.text, "ticket"), "why": WHY})
    shown = asti.get(url)

    rows = traces.traces_of(session, [volunteer.person.public_id], limit=9)
    assert ("Josée" in asked.text, said.location, "Josée" in shown.text) == (False, url, True)
    assert [(row.result, traces.read_motive(session, row)) for row in rows] == [("shown", WHY), ("announced", WHY)]
