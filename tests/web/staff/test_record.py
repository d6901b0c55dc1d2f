"""The authority's page of the record, and the question at the counter; who else comes finds nothing there."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation, Person
from commune_hub.accounts.words import OrganisationKind, Role
from commune_hub.base.settings import Settings
from commune_hub.contracts import queries
from commune_hub.contracts.actions import attesting, linking, outside
from commune_hub.contracts.inputs import LinkDraft, ProofDraft
from commune_hub.contracts.models import Attestation, ContractLink, Inquiry, OutsideCertificate, Transfer
from commune_hub.contracts.words import AttestationState, RecordForm
from commune_hub.events.actions import certificates as issuing
from commune_hub.events.words import AttendanceState
from tests.events.test_certificates import a_table, noted
from tests.factories import a_person, an_organisation
from tests.web.staff.conftest import SignedIn
from tests.web.test_contract_pages import PAPER, a_link, a_photo, vars_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
LATER = datetime(2027, 1, 10, 10, tzinfo=UTC)
BORN = date(1985, 6, 30)
ASKED = {"number": "CAI-7", "born_on": BORN.isoformat(), "motive": "fee of the course", "agrees": "yes"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A hub whose record is read by an officer."""
    return Settings(**{**vars_of(settings), "record": "manual"})


@pytest.fixture
def national(signed_in: SignedIn, session: Session) -> FlaskClient:
    """A national officer, signed in."""
    return signed_in(Role.NATIONAL_OFFICER, an_organisation(session, kind=OrganisationKind.AUTHORITY))


@pytest.fixture
def amina(session: Session) -> Person:
    return a_person(session, contact="amina@example.lu", language="en")


def test_at_the_counter_one_word_comes_back(
    officer: FlaskClient, national: FlaskClient, signed_in: SignedIn, session: Session, organisation: Organisation
) -> None:
    asked = officer.post("/en/staff/counter/contract", data=ASKED)
    waits = officer.get(asked.location).text
    inquiry = session.scalars(select(Inquiry)).one()
    form = {"found": "yes", "reference": "REG-1", "scheme": "LU-CAI", "state": "in_force", "ends_on": "2028-03-11"}
    national.post(f"/en/staff/record/questions/{inquiry.public_id}", data=form)
    answered = officer.get(asked.location).text
    colleague = signed_in(Role.OFFICER, organisation).get(asked.location)

    assert "Asked. Please look again" in waits
    assert "Valid" in answered
    assert not any(secret in answered for secret in ("2028", "REG-1", "LU-CAI", "CAI-7", "1985"))
    assert colleague.status_code == 404
    assert list(session.scalars(select(ContractLink))) == []


@pytest.mark.parametrize("missing", ["motive", "agrees", "number"])
def test_at_the_counter_nothing_is_asked_without_motive_and_consent(
    officer: FlaskClient, session: Session, missing: str
) -> None:
    answer = officer.post("/en/staff/counter/contract", data=ASKED | {missing: ""})

    assert answer.status_code == 422
    assert list(session.scalars(select(Inquiry))) == []


def test_a_matricule_stands_on_no_screen(officer: FlaskClient, session: Session) -> None:
    form = ASKED | {"by": "matricule", "number": "1985063099074"}
    answer = officer.post("/en/staff/counter/contract", data=form, follow_redirects=True)

    assert "Here only the number of the contract can be used." in answer.text
    assert list(session.scalars(select(Inquiry))) == []


def test_an_officer_of_the_authority_links_by_hand_and_notes_what_the_register_says(
    national: FlaskClient, session: Session, amina: Person
) -> None:
    draft = LinkDraft.parse({"number": "CAI-7", "born_on": BORN, "agrees": "yes"})
    inquiry = linking.ask(session, person=amina, draft=draft, form=RecordForm.MANUAL, language="en", now=NOW)
    page = national.get("/en/staff/record").text
    question = national.get(f"/en/staff/record/questions/{inquiry.public_id}").text
    form = {"found": "yes", "reference": "REG-1", "scheme": "LU-CAI", "state": "in_force", "signed_on": "2026-11-01"}
    national.post(f"/en/staff/record/questions/{inquiry.public_id}", data=form)
    link = queries.link_of(session, amina.id)
    activity = a_table(session)
    noted(session, activity, amina, [AttendanceState.PRESENT] * 4)
    issuing.prepare(session, activity=activity, now=LATER)
    issuing.issue(session, activity=activity, now=LATER)
    attesting.follow(session, person=amina, activity=activity, now=LATER)
    one = session.scalars(select(Attestation)).one()
    address = f"/en/staff/record/attestations/{one.public_id}"
    too_early = national.post(f"{address}/verdict", data={"validated": "yes"}, follow_redirects=True).text
    entered = national.get(address).text
    national.post(address, data={"receipt": "2027/15"})
    state = one.state
    national.post(f"{address}/verdict", data={"reason": "Not within the contract"})

    assert "Amina" in page and "CAI-7" not in page
    assert "CAI-7" in question and "30 June 1985" in question
    assert link is not None and link.reference == "REG-1"
    assert "An earlier message about this has to be noted first." in too_early
    assert '"counts_for"' not in entered and "counts_for" in entered
    assert (state, one.state) == (AttestationState.RECEIVED, AttestationState.REJECTED)
    assert session.scalars(select(Transfer)).one().receipt == "2027/15"
    assert "Not within the contract" in national.get("/en/staff/record").text
    national.post(f"{address}/seen")
    assert "Not within the contract" not in national.get("/en/staff/record").text


def test_a_paper_is_confirmed_attested_and_its_file_deleted(
    national: FlaskClient, session: Session, amina: Person
) -> None:
    a_link(session, amina)
    draft = ProofDraft.parse(PAPER)
    paper = outside.hand_in(session, person=amina, draft=draft, data=a_photo(), now=NOW)
    address = f"/en/staff/record/papers/{paper.public_id}"
    file = national.get(f"{address}/file")
    national.post(address, data=PAPER | {"confirms": "yes", "level": "A1"})
    again = national.post(address, data=PAPER | {"confirms": "yes"}, follow_redirects=True).text

    body = attesting.body_of(session, session.scalars(select(Transfer)).one())
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert (paper.state, paper.file_sealed) == ("confirmed", None)
    assert (body["counts_for"], body["level"], body["issuer"]) == ("language", "A1", "Moien")
    assert "This paper has its answer already." in again


def test_a_paper_is_refused_with_a_reason_only(national: FlaskClient, session: Session, amina: Person) -> None:
    a_link(session, amina)
    paper = outside.hand_in(session, person=amina, draft=ProofDraft.parse(PAPER), data=a_photo(), now=NOW)
    address = f"/en/staff/record/papers/{paper.public_id}"

    without = national.post(address, data=PAPER)
    national.post(address, data=PAPER | {"reason": "The name on it is another one"})

    assert without.status_code == 422
    assert (paper.state, amina.opened(paper.reason_sealed or b"")) == ("refused", "The name on it is another one")
    assert list(session.scalars(select(Attestation))) == []


def test_a_commune_sees_nothing_of_the_record(officer: FlaskClient, session: Session, amina: Person) -> None:
    a_link(session, amina)
    paper = outside.hand_in(session, person=amina, draft=ProofDraft.parse(PAPER), data=a_photo(), now=NOW)

    for address in ("record", f"record/papers/{paper.public_id}", f"record/papers/{paper.public_id}/file"):
        assert officer.get(f"/en/staff/{address}").status_code == 404
    assert session.scalars(select(OutsideCertificate)).one().state == "waiting"
