"""The pages of one's own contract: linking it, the roadmap, the ledger, papers from outside; with and without one."""

import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.profile import keep_home
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.contracts import queries
from commune_hub.contracts.actions import linking, replies
from commune_hub.contracts.models import Consent, ContractLink, Inquiry, OutsideCertificate
from commune_hub.contracts.record import Found, Standing
from commune_hub.contracts.words import ConsentPurpose, OutsideState
from commune_hub.events.models import Activity, Priority, Signup
from commune_hub.places.geo import Point
from tests.factories import a_person, a_signup, an_activity, an_organisation
from tests.web.staff.conftest import Browser
from tests.web.test_account import MAIL, ask, enter, newest_code, signed_in

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
BORN = date(1985, 6, 30)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A hub that reaches its record over HTTP; nobody asks it here."""
    return Settings(**{**vars_of(settings), "record": "http"})


def vars_of(settings: Settings) -> dict[str, str]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


@pytest.fixture
def amina(session: Session) -> Person:
    person = a_person(session, contact=MAIL, language="en")
    session.commit()
    return person


@pytest.fixture
def phone(app: Flask, session: Session, store: Store, amina: Person) -> FlaskClient:
    """Amina's phone, signed in."""
    browser = Browser(app, app.response_class)
    browser.session = session
    return signed_in(browser, store)


def a_link(session: Session, person: Person, scheme: str = "LU-CAI", **given: object) -> ContractLink:
    """A contract that the record knows, with the language course met."""
    linking.agree(session, person=person, purpose=ConsentPurpose.RECORD, language="en", now=NOW)
    dates = {"signed_on": date(2023, 9, 4), "in_force_on": date(2026, 3, 12), "ends_on": date(2028, 3, 11)} | given
    found = Found("R" * 22, scheme, "in_force", **dates)  # type: ignore[arg-type]
    link = linking.link(session, person=person, found=found, now=NOW)
    assert link is not None
    met = {"kind": "language", "state": "met", "on": "2026-06-06"}
    missing = [{"kind": kind, "state": "missing", "on": None} for kind in ("civic", "orientation_day")]
    voucher = {"number": "1", "language": "lb", "issued_on": "2026-09-01", "expires_on": "2027-02-28", "state": "valid"}
    standing = Standing("in_force", (met, *missing), (voucher,))
    replies.take_standing(session, link=link, standing=standing, now=NOW)
    session.commit()
    return link


def a_civic_course(session: Session, **given: object) -> Activity:
    """Two Saturdays in December, with room for thirty."""
    values: dict[str, object] = {
        "kind": "civic_course", "languages": ("fr",), "rrule": "FREQ=WEEKLY;BYDAY=SA", "first_on": date(2026, 12, 5),
        "last_on": date(2026, 12, 12), "starts": "09:00", "ends": "12:00", "registration_by": "hub",
    }  # fmt: skip
    activity = an_activity(session, **(values | given))  # type: ignore[arg-type]
    session.commit()
    return activity


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_i_have_a_contract_is_asked_in_the_background_with_consent(
    phone: FlaskClient, session: Session, amina: Person
) -> None:
    form = {"by": "contract_number", "number": " cai-2023-1 ", "born_on": BORN.isoformat(), "agrees": "yes"}
    answer = phone.post("/en/my/contract", data=form)
    page = phone.get(answer.location).text

    inquiry, consent = session.scalars(select(Inquiry)).one(), session.scalars(select(Consent)).one()
    assert (answer.status_code, inquiry.state, consent.purpose, consent.language) == (303, "waiting", "record", "en")
    assert "We have asked. The answer has not come yet." in page
    assert "cai-2023-1" not in page.lower()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"agrees": ""}, "Without this yes we ask nobody."),
        ({"by": "matricule", "number": "1985063099071"}, "This is not a national number"),
        ({"by": "matricule", "number": "1985063099074", "born_on": "1985-07-01"}, "another date of birth"),
        ({"number": ""}, "There is a problem"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_the_field(
    phone: FlaskClient, session: Session, given: dict[str, str], sentence: str
) -> None:
    form = {"by": "contract_number", "number": "CAI-1", "born_on": BORN.isoformat(), "agrees": "yes"} | given
    answer = phone.post("/en/my/contract", data=form)

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert list(session.scalars(select(Inquiry))) == []


def test_after_five_questions_a_day_nobody_is_asked(phone: FlaskClient, session: Session, amina: Person) -> None:
    for number in range(7):
        form = {"number": f"CAI-{number}", "born_on": BORN.isoformat(), "agrees": "yes"}
        phone.post("/en/my/contract", data=form)
        phone.post("/en/my/contract/end")

    assert len(list(session.scalars(select(Inquiry)))) == 5


def test_nobody_opens_the_contract_of_somebody_else(phone: FlaskClient, session: Session) -> None:
    other = a_person(session, name="Other", contact="other@example.lu")
    a_link(session, other)

    answers = [
        phone.get(f"/en/my/{page}?person={other.public_id}").status_code
        for page in ("contract", "contract/sent", "roadmap", "outside", "roadmap/civic")
    ]

    assert answers == [404] * 5
    assert phone.post("/en/my/contract/end", data={"person": other.public_id}).status_code == 404


def test_the_roadmap_shows_what_is_done_by_the_record_and_what_is_open(
    phone: FlaskClient, session: Session, amina: Person
) -> None:
    a_link(session, amina)
    keep_home(session, person=amina, point=Point(49.51, 5.93), label="Belvaux")
    a_civic_course(session)

    said = text_of(phone.get("/en/my/roadmap").text)

    for words in (
        "Hello Amina", "Your programme ends on 11 March 2028", "One step of 3 done", "Done on 6 June 2026",
        "6 hours: the history, the laws, life here", "To do by 11 March 2028",
        "Saturday, 5 December, 09:00 – 12:00",
        "valid until 28 February 2027", "A course then costs €10.00", "What was sent about me",
    ):  # fmt: skip
        assert words in said, words


def test_a_membership_without_a_deadline_names_none(phone: FlaskClient, session: Session, amina: Person) -> None:
    a_link(session, amina, "LU-BIERGERPAKT", signed_on=date(2025, 3, 1), in_force_on=date(2025, 3, 1), ends_on=None)

    page = phone.get("/en/my/roadmap").text

    said = text_of(page)
    assert 'href="/en/schemes#lu-biergerpakt"' in page
    assert "No deadline. You stay a member if you attend a module by" in said
    assert "To do by" not in said
    assert "Done on 6 June 2026" in said


def test_without_a_contract_the_roadmap_has_dates_and_asks(
    phone: FlaskClient, session: Session, amina: Person
) -> None:
    a_signup(session, an_activity(session).meetings[-1].pool, person=amina)
    session.commit()

    said = text_of(phone.get("/en/my/roadmap").text)

    assert "Your next date" in said
    assert "Do you have a contract?" in said
    assert "A CAI can no longer be signed" in said


def test_i_come_is_said_once_and_kept(phone: FlaskClient, session: Session, amina: Person) -> None:
    signup = a_signup(session, an_activity(session).meetings[-1].pool, person=amina)
    session.commit()

    answer = phone.post(f"/en/b/{signup.link_key}/come", data={"back": "roadmap"})
    page = phone.get(answer.location).text
    session.expire_all()

    assert (answer.location, session.get_one(Signup, signup.id).says_comes_at) == ("/en/my/roadmap", NOW)
    assert "You said that you come." in page


def test_signing_in_leads_to_the_roadmap_of_a_contract(
    client: FlaskClient, session: Session, store: Store, amina: Person
) -> None:
    a_link(session, amina)
    ask(client)

    assert enter(client, newest_code(store)).location == "/en/my/roadmap"


def test_a_course_is_booked_from_the_roadmap_once(phone: FlaskClient, session: Session, amina: Person) -> None:
    a_link(session, amina)
    pool = a_civic_course(session).meetings[0].pool.public_id

    before = text_of(phone.get(f"/en/my/roadmap/book/{pool}").text)
    booked = [phone.post(f"/en/my/roadmap/book/{pool}") for _ in range(2)]
    after = text_of(phone.get("/en/my/roadmap").text)

    assert "It may count for: Civic course" in before
    assert [answer.location.startswith("/en/b/") for answer in booked] == [True, True]
    assert len(list(session.scalars(select(Signup)))) == 1
    assert "Booked" in after or "On the waiting list" in after


def test_what_does_not_count_is_not_booked_here(phone: FlaskClient, session: Session, amina: Person) -> None:
    a_link(session, amina)
    pool = an_activity(session).meetings[-1].pool.public_id
    session.commit()

    assert phone.get(f"/en/my/roadmap/book/{pool}").status_code == 404
    assert phone.post(f"/en/my/roadmap/book/{pool}").status_code == 404


def test_ending_the_link_ends_the_priority_and_says_so(phone: FlaskClient, session: Session, amina: Person) -> None:
    a_link(session, amina)

    answer = phone.post("/en/my/contract/end", follow_redirects=True)

    [priority] = session.scalars(select(Priority))
    assert "The link has ended. Nothing more is sent." in answer.text
    assert priority.until == NOW.date() - timedelta(days=1)
    assert queries.link_of(session, amina.id) is None


def a_photo(kind: str = "JPEG") -> bytes:
    """A small photo that tells where it was taken."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "taken at home, Belvaux"
    Image.new("RGB", (60, 40), "white").save(made, kind, exif=exif)
    return made.getvalue()


PAPER = {"counts_for": "language", "title": "A1.1", "issuer": "Moien", "issued_on": "2026-10-01", "language": "lb",
         "level": "A1.1"}  # fmt: skip


def hand_in(phone: FlaskClient, data: bytes, **given: str) -> str:
    form = {**PAPER, **given, "file": (io.BytesIO(data), "photo.jpg")}
    return phone.post("/en/my/outside", data=form, follow_redirects=True).text


def test_a_photo_is_made_anew_kept_sealed_and_only_saved(phone: FlaskClient, session: Session, amina: Person) -> None:
    a_link(session, amina)
    hand_in(phone, a_photo())

    paper = session.scalars(select(OutsideCertificate)).one()
    file = phone.get(f"/en/my/outside/{paper.public_id}/file")

    assert (file.data[:3], b"Belvaux" in file.data) == (b"\xff\xd8\xff", False)
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert a_photo() not in (paper.file_sealed or b"")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Please choose a file."),
        (b"GIF89a" + b"x" * 50, "We can take a photo"),
        (b"<html><script>alert(1)</script>", "We can take a photo"),
        (a_photo()[:-40], "We cannot open this file."),
        (b"%PDF-1.7 without an end", "We cannot open this file."),
    ],
    ids=["nothing", "gif", "html", "half a photo", "half a pdf"],
)
def test_what_is_no_photo_and_no_pdf_is_refused(
    phone: FlaskClient, session: Session, amina: Person, data: bytes, sentence: str
) -> None:
    a_link(session, amina)

    assert sentence in hand_in(phone, data)
    assert list(session.scalars(select(OutsideCertificate))) == []


def test_a_picture_that_unfolds_to_a_giant_is_refused_unopened(
    phone: FlaskClient, session: Session, amina: Person
) -> None:
    a_link(session, amina)
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")

    assert "The file is too big" in hand_in(phone, bomb.getvalue())


def test_a_paper_taken_back_leaves_no_file(phone: FlaskClient, session: Session, amina: Person) -> None:
    a_link(session, amina)
    hand_in(phone, b"%PDF-1.7\n...\n%%EOF\n")
    paper = session.scalars(select(OutsideCertificate)).one()

    phone.post(f"/en/my/outside/{paper.public_id}/take-back")
    session.expire_all()

    assert (paper.state, paper.file_sealed) == (OutsideState.TAKEN_BACK, None)
    assert phone.get(f"/en/my/outside/{paper.public_id}/file").status_code == 404


def test_nobody_takes_a_paper_of_somebody_else(phone: FlaskClient, session: Session, amina: Person) -> None:
    other = a_person(session, name="Other", contact="other@example.lu")
    a_link(session, other)
    paper = OutsideCertificate(person=other, counts_for="language", file_kind="pdf", handed_in_at=NOW,
                               file_sealed=b"x", facts_sealed=b"x")  # fmt: skip
    session.add(paper)
    session.commit()

    assert phone.get(f"/en/my/outside/{paper.public_id}/file").status_code == 404
    assert phone.post(f"/en/my/outside/{paper.public_id}/take-back").status_code == 404


def test_the_page_of_an_activity_says_what_it_would_count_for(client: FlaskClient, session: Session) -> None:
    table = an_activity(session, organisation=an_organisation(session))
    course = a_civic_course(session)

    practice = text_of(client.get(f"/en/a/{table.public_id}").text)
    civic = text_of(client.get(f"/en/a/{course.public_id}").text)

    assert "Practice: it stands beside the courses and does not replace one." in practice
    assert "It may count for: Civic course of the integration contract" in civic
