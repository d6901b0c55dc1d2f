"""Certificates for staff: the batch, one click, names and skills, taking back; by those who may only."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.accounts.words import OrganisationKind, Role
from commune_hub.base.db import Store
from commune_hub.events.actions import certificates as actions
from commune_hub.events.certificates import batch_of, name_on, statement_of
from commune_hub.events.models import Activity
from commune_hub.events.records import Certificate
from commune_hub.events.words import AttendanceState
from tests.events.test_certificates import a_course, noted
from tests.factories import a_person, an_organisation
from tests.infrastructure.counting import counted
from tests.web.staff.conftest import SignedIn

LATER = datetime(2027, 1, 10, 10, tzinfo=UTC)
PRESENT, ABSENT = AttendanceState.PRESENT, AttendanceState.ABSENT


@pytest.fixture
def now() -> datetime:
    """After the course."""
    return LATER


@pytest.fixture
def course(session: Session, organisation: Organisation) -> Activity:
    """A course that is over: Amina was always there, Bogdan too rarely."""
    activity = a_course(session, organisation=organisation, title_en="Evening course")
    noted(session, activity, a_person(session, name="Amina"), [PRESENT] * 10)
    noted(session, activity, a_person(session, name="Bogdan"), [PRESENT] + [ABSENT] * 9)
    actions.prepare(session, activity=activity, now=LATER)
    session.commit()
    return activity


def the_only(session: Session, activity: Activity) -> Certificate:
    session.expire_all()
    [certificate] = batch_of(session, activity.id)
    return certificate


def test_the_batch_is_released_with_one_click_and_its_progress_is_shown(
    session: Session, officer: FlaskClient, course: Activity
) -> None:
    url = f"/en/staff/activities/{course.public_id}/certificates"

    before = officer.get(url).text
    officer.post(f"{url}/release")
    during = officer.get(url).text
    actions.issue(session, activity=course, now=LATER)
    after = officer.get(url).text

    assert "Release one certificate" in before and "not signed at 10 meetings" in before
    assert "Bogdan" in before and "Not enough meetings for a certificate." in before
    assert "0 of 1 are issued." in during
    assert "One valid certificate" in after and "Release" not in after


def test_name_and_skills_are_typed_before_the_release(
    session: Session, officer: FlaskClient, course: Activity
) -> None:
    url = f"/en/staff/certificates/{the_only(session, course).code}"

    empty = officer.post(url, data={"name": " ", "skills": "x"})
    long = officer.post(url, data={"name": "Amina", "skills": "x" * 601})
    kept = officer.post(url, data={"name": "Amina Ben Ali", "skills": "Reads signs."})

    said = statement_of(session, the_only(session, course))
    assert (empty.status_code, long.status_code, kept.status_code) == (422, 422, 303)
    assert (said.name, said.skills) == ("Amina Ben Ali", "Reads signs.")


def test_an_issued_one_is_issued_again_or_taken_back_with_a_reason(
    session: Session, officer: FlaskClient, course: Activity
) -> None:
    officer.post(f"/en/staff/activities/{course.public_id}/certificates/release")
    actions.issue(session, activity=course, now=LATER)
    first = the_only(session, course).code

    again = officer.post(f"/en/staff/certificates/{first}", data={"name": "Amina Ben Ali"})
    actions.issue(session, activity=course, now=LATER)
    old, new = batch_of(session, course.id)
    silent = officer.post(f"/en/staff/certificates/{new.code}/void", data={"note": ""})
    officer.post(f"/en/staff/certificates/{new.code}/void", data={"note": "It was her sister."})

    old, new = batch_of(session, course.id)
    assert (again.status_code, silent.status_code) == (303, 422)
    assert [(old.state, old.void_reason), (new.state, new.void_reason)] == [
        ("void", "replaced"), ("void", "withdrawn"),
    ]  # fmt: skip
    assert name_on(session, new) == "Amina Ben Ali"
    assert "It was her sister." in officer.get(f"/en/staff/certificates/{new.code}").text


def test_an_officer_prints_the_file_and_before_it_is_issued_there_is_none(
    session: Session, officer: FlaskClient, course: Activity
) -> None:
    url = f"/en/staff/certificates/{the_only(session, course).code}.pdf"

    before = officer.get(url).status_code
    officer.post(f"/en/staff/activities/{course.public_id}/certificates/release")
    actions.issue(session, activity=course, now=LATER)

    assert (before, officer.get(url).content_type) == (404, "application/pdf")


def test_an_officer_of_another_commune_finds_nothing(
    session: Session, signed_in: SignedIn, course: Activity
) -> None:
    foreign = signed_in(Role.OFFICER, an_organisation(session))
    code = the_only(session, course).code
    activity = f"/en/staff/activities/{course.public_id}/certificates"

    pages = (activity, f"/en/staff/certificates/{code}", f"/en/staff/certificates/{code}.pdf")
    gets = [foreign.get(url) for url in pages]
    posts = [
        foreign.post(url, data={"name": "X", "note": "Y"})
        for url in (
            f"{activity}/release", f"{activity}/prepare", f"/en/staff/certificates/{code}",
            f"/en/staff/certificates/{code}/void",
        )
    ]  # fmt: skip

    assert [answer.status_code for answer in gets + posts] == [404] * 7
    assert "Evening course" not in foreign.get("/en/staff/certificates").text


def test_a_civic_course_is_seen_by_its_commune_and_released_by_the_state(
    session: Session, signed_in: SignedIn, officer: FlaskClient, organisation: Organisation
) -> None:
    an_organisation(session, kind=OrganisationKind.AUTHORITY, name="Ministry")
    activity = a_course(session, 2, kind="civic_course", convention_reference="", organisation=organisation)
    noted(session, activity, a_person(session), [PRESENT] * 2)
    actions.prepare(session, activity=activity, now=LATER)
    national = signed_in(Role.NATIONAL_OFFICER)
    url = f"/en/staff/activities/{activity.public_id}/certificates"

    seen, refused = officer.get(url), officer.post(f"{url}/release")
    shelf, released = national.get("/en/staff/certificates"), national.post(f"{url}/release")

    assert "They wait for the State’s adult education." in seen.text and "Release one" not in seen.text
    assert (refused.status_code, released.status_code) == (404, 303)
    assert url in shelf.text


def test_nobody_without_the_permission_comes_in(signed_in: SignedIn) -> None:
    assert signed_in(Role.ADMIN).get("/en/staff/certificates").status_code == 404


def test_the_number_of_questions_does_not_grow_with_the_batch(
    session: Session, store: Store, officer: FlaskClient, course: Activity
) -> None:
    url = f"/en/staff/activities/{course.public_id}/certificates"

    def questions() -> int:
        with counted(store) as statements:
            officer.get(url)
        return len(statements)

    one = questions()
    for number in range(3):
        noted(session, course, a_person(session, name=f"P{number}"), [PRESENT] * 10)
    actions.prepare(session, activity=course, now=LATER)

    assert questions() == one
