"""Checking a certificate: for anybody, without a name, by code, by file and by the published key."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Contact, Person, SignInCode
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.rules import reach_from
from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.base.ids import as_read
from commune_hub.events.actions import certificates as actions
from commune_hub.events.certificate_documents import Finding, check, public_key_from
from commune_hub.events.certificates import batch_of
from commune_hub.events.records import Attendance, Certificate
from commune_hub.events.words import AttendanceState, CertificateState
from tests.events.test_certificates import a_course, a_table, noted
from tests.factories import a_person, an_actor

LATER = datetime(2027, 1, 10, 10, tzinfo=UTC)
PRESENT = AttendanceState.PRESENT


@dataclass
class Issued:
    """A certificate of Amina's: its code, and what a test changes it with."""

    store: Store
    code: str
    person_id: int

    def void(self) -> None:
        """The provider takes it back."""
        with self.store.writing() as session:
            [one] = [row for row in session.query(Certificate) if row.state == CertificateState.ISSUED]
            officer = an_actor(session, role=Role.OFFICER, organisation=one.activity.organisation)
            actions.void(session, certificate=one, note="It was her sister.", actor=officer, now=LATER)


@pytest.fixture
def issued(store: Store) -> Issued:
    """A certificate of Amina Ben Ali from a course of ten evenings."""
    with store.writing() as session:
        amina = a_person(session, name="Amina Ben Ali", contact="amina@example.lu", language="de")
        activity = a_course(session, title_fr="Cours du soir")
        noted(session, activity, amina, [PRESENT] * 10)
        actions.prepare(session, activity=activity, now=LATER)
        officer = an_actor(session, role=Role.OFFICER, organisation=activity.organisation)
        actions.release(session, activity=activity, actor=officer, now=LATER)
        actions.issue(session, activity=activity, now=LATER)
        [one] = batch_of(session, activity.id)
        return Issued(store, one.code, amina.id)


def learner_token(session: Session, mail: str, now: datetime) -> str:
    """The token of a sign-in with the code that a learner gets."""
    reach = reach_from(mail)
    assert reach is not None
    accounts.request_code(session, reach=reach, now=now)
    row = session.query(SignInCode).order_by(SignInCode.id.desc()).first()
    assert row is not None and row.code_sealed is not None
    code = ring_of(session).open(session.get_one(Contact, row.contact_id).person.public_id, row.code_sealed)
    return str(accounts.enter_code(session, reach=reach, code=code, shared_phone=False, now=now))


def signed_in(client: FlaskClient, session: Session, mail: str, now: datetime) -> None:
    """Sign in on the phone of a learner."""
    client.set_cookie("signin", learner_token(session, mail, now))


def test_anybody_sees_that_it_is_valid_and_no_name(client: FlaskClient, issued: Issued) -> None:
    answer = client.get(f"/en/verify/{issued.code}")

    assert answer.status_code == 200
    for words in ("This certificate is valid", "10 h of 10 h, at 10 meetings of 10", "A. B. A.", "10 January 2027"):
        assert words in answer.text
    assert "Amina" not in answer.text and "Ben Ali" not in answer.text
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_a_void_one_says_so_without_the_note_for_the_person(client: FlaskClient, issued: Issued) -> None:
    issued.void()

    answer = client.get(f"/en/verify/{issued.code}")

    assert "This certificate is not valid" in answer.text and "The issuer has taken it back." in answer.text
    assert "sister" not in answer.text and "This certificate is valid" not in answer.text


@pytest.mark.parametrize("code", ["7K3M09XZ4TABCDEFGH11KMNPQR", "x", "%00", "a" * 5000, "..%2f..%2fetc"])
def test_an_unknown_code_is_said_plainly(client: FlaskClient, issued: Issued, code: str) -> None:
    answer = client.get(f"/en/verify/{code}", follow_redirects=True)

    assert answer.status_code == 404


def test_what_nobody_has_got_yet_is_unknown(client: FlaskClient, store: Store) -> None:
    with store.writing() as session:
        activity = a_course(session)
        noted(session, activity, a_person(session), [PRESENT] * 10)
        actions.prepare(session, activity=activity, now=LATER)
        code = batch_of(session, activity.id)[0].code

    assert client.get(f"/en/verify/{code}").status_code == 404


def test_a_code_can_be_typed_as_it_is_printed(client: FlaskClient, issued: Issued) -> None:
    answer = client.get("/en/verify", query_string={"code": as_read(issued.code).lower()})

    assert (answer.status_code, answer.location) == (303, f"/en/verify/{issued.code}")
    assert client.get("/en/verify?code=1234").status_code == 404


def test_the_address_of_the_qr_code_chooses_the_reader_s_language(client: FlaskClient, issued: Issued) -> None:
    answer = client.get(f"/verify/{issued.code}", headers={"Accept-Language": "pt"})

    assert (answer.status_code, answer.location) == (302, f"/pt/verify/{issued.code}")
    assert client.get("/verify", headers={"Accept-Language": "de"}).location == "/de/verify"


def test_an_erased_person_s_certificate_stays_valid_without_initials(client: FlaskClient, issued: Issued) -> None:
    with issued.store.writing() as session:
        person = session.get_one(Person, issued.person_id)
        person.erased_at = LATER
        issued.store.keys.destroy(person.public_id)

    answer = client.get(f"/en/verify/{issued.code}")

    assert "This certificate is valid" in answer.text and "Initials" not in answer.text


# -- my papers --------------------------------------------------------------


@pytest.fixture
def amina(app: Flask, client: FlaskClient, issued: Issued, now: datetime) -> FlaskClient:
    """Amina, signed in after the course."""
    app.extensions["clock"] = lambda: LATER
    with issued.store.writing() as session:
        signed_in(client, session, "amina@example.lu", LATER)
    return client


def test_my_papers_show_the_certificate_with_the_size_of_its_file(amina: FlaskClient, issued: Issued) -> None:
    answer = amina.get("/en/my/papers")

    assert answer.status_code == 200
    assert f"/en/my/papers/{issued.code}.pdf" in answer.text
    assert "PDF, about 40 KB" in answer.text and "10 h of 10 h" in answer.text


def test_the_file_is_signed_and_says_nothing_in_its_headers(amina: FlaskClient, issued: Issued) -> None:
    pem = amina.get("/.well-known/commune-hub-certificates.pem")
    answer = amina.get(f"/en/my/papers/{issued.code}.pdf")

    checked = check(answer.data, public_key_from(pem.data))
    assert (checked.finding, checked.said["name"]) == (Finding.GENUINE, "Amina Ben Ali")
    assert b"/Lang(de)" in answer.data
    assert answer.headers["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_file_of_a_void_one_carries_that_it_is_void(amina: FlaskClient, issued: Issued) -> None:
    issued.void()
    pem = amina.get("/.well-known/commune-hub-certificates.pem").data

    answer = amina.get(f"/en/my/papers/{issued.code}.pdf")

    assert check(answer.data, public_key_from(pem)).said["voided_on"] == "2027-01-10"
    assert "It was her sister." in amina.get("/en/my/papers").text


def test_a_row_changed_behind_our_back_gives_no_file(amina: FlaskClient, issued: Issued) -> None:
    with issued.store.writing() as session:
        session.query(Certificate).one().minutes = 6000

    answer = amina.get(f"/en/my/papers/{issued.code}.pdf")

    assert (answer.status_code, answer.location) == (303, "/en/my/papers")
    assert "This certificate is not as it was signed." in amina.get("/en/my/papers").text


def test_somebody_else_s_paper_is_not_there(app: Flask, client: FlaskClient, issued: Issued) -> None:
    app.extensions["clock"] = lambda: LATER
    with issued.store.writing() as session:
        a_person(session, name="Bogdan", contact="bogdan@example.lu")
        signed_in(client, session, "bogdan@example.lu", LATER)

    page = client.get("/en/my/papers")

    assert client.get(f"/en/my/papers/{issued.code}.pdf").status_code == 404
    assert "You have no papers yet" in page.text


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/en/my/papers").location == "/en/sign-in"


def test_hours_of_practice_can_be_had_now_and_a_course_says_who_confirms(
    app: Flask, client: FlaskClient, store: Store
) -> None:
    in_the_season = datetime(2026, 12, 3, 10, tzinfo=UTC)
    app.extensions["clock"] = lambda: in_the_season
    with store.writing() as session:
        amina = a_person(session, contact="amina@example.lu")
        table, course = a_table(session), a_course(session, title_en="Evening course")
        for activity in (table, course):
            noted(session, activity, amina, [PRESENT, PRESENT])
        signed_in(client, session, "amina@example.lu", in_the_season)
        person, table_id, course_id = amina.public_id, table.public_id, course.public_id

    page = client.get("/en/my/papers").text
    asked = client.post(f"/en/my/papers/{table_id}", data={"person": person})
    refused = client.post(f"/en/my/papers/{course_id}", data={"person": person}, follow_redirects=True)
    foreign = client.post(f"/en/my/papers/{table_id}", data={"person": "x"})

    assert "You get a certificate after the last meeting on 4 December 2026." in page
    assert "After the last meeting on 10 December 2026 it is confirmed by the language school." in page
    assert page.count("Have it now") == 1
    assert (asked.status_code, foreign.status_code) == (303, 404)
    assert "There are not enough hours for a certificate yet." in refused.text
    assert "It is being made." in client.get("/en/my/papers").text
    with store.reading() as session:
        assert session.query(Attendance).count() == 4
