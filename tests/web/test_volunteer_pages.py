"""The doors of volunteers and of who works with them: happy, refused, wrong person."""

import io
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts import queries as people
from commune_hub.accounts.actions import sign_in_staff
from commune_hub.accounts.models import Account, SignInCode
from commune_hub.accounts.rules import reach_from
from commune_hub.accounts.words import Role
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.records import Attendance, GroupMessage
from commune_hub.volunteers import rota
from commune_hub.volunteers.actions import hosting
from commune_hub.volunteers.models import HandOver, Material, MeetingHost, SupportRequest, Volunteer
from commune_hub.volunteers.words import HostState, SupportStep, VolunteerState
from tests.factories import NOW, a_meeting, a_person, a_signup, a_volunteer, an_account, an_actor, an_organisation

MAIL = "josee@example.lu"
FORM = {"name": "Josée Wagener", "contact": MAIL, "languages": ["lb", "fr"], "place": "Belvaux", "likes": "table"}


@pytest.fixture(autouse=True)
def lets_go(app: Flask, session: Session) -> None:
    """What a test has read holds SQLite's write lock; it lets go before each request."""

    def let_go() -> None:
        session.commit()

    app.before_request_funcs.setdefault(None, []).insert(0, let_go)


def at(app: Flask, moment: datetime) -> None:
    app.extensions["clock"] = lambda: moment


def sign_in(app: Flask, session: Session, mail: str, now: datetime = NOW) -> FlaskClient:
    """A client that has entered the code sent to this address."""
    reach = reach_from(mail)
    assert reach
    accounts.request_code(session, reach=reach, now=now)
    row = session.scalars(select(SignInCode).order_by(SignInCode.id.desc())).first()
    assert row is not None and row.code_sealed
    person = people.people_at(session, row.contact_hash)[0]
    code = session.info["keyring"].open(person.public_id, row.code_sealed)
    client = app.test_client()
    client.set_cookie("signin", str(accounts.enter_code(session, reach=reach, code=code, shared_phone=False, now=now)))
    session.commit()
    return client


def staff(app: Flask, session: Session, account: Account) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("signin", sign_in_staff(session, account=account, now=NOW, second_factor=True))
    session.commit()
    return client


def file_of(client: FlaskClient, volunteer: Volunteer) -> str:
    """A volunteer's file, opened with a reason."""
    path = f"/fr/staff/volunteers/{volunteer.public_id}"
    asked = client.get(path)
    ticket = re.search(r'name="ticket" value="([^"]*)"', asked.text)
    assert ticket, "the file asks why"
    client.post("/fr/staff/why", data={"ticket": ticket[1], "why": "Call about the training"})
    return client.get(path).text


def josee(session: Session, **given: object) -> Volunteer:
    return a_volunteer(session, person=a_person(session, name="Josée", contact=MAIL), **given)


def hosting_(session: Session, volunteer: Volunteer, meeting: Meeting) -> MeetingHost:
    officer = an_actor(session, organisation=meeting.activity.organisation)
    return hosting.assign(session, meetings=[meeting], volunteer=volunteer, actor=officer, now=NOW)[0]


# -- announcing oneself ---------------------------------------------------------------


def test_who_announces_themselves_is_known_with_languages_place_and_commune(
    client: FlaskClient, session: Session
) -> None:
    answer = client.post("/fr/volunteer/announce", data=FORM)
    again = client.post("/fr/volunteer/announce", data=FORM | {"languages": ["de"]})

    volunteer = session.scalars(select(Volunteer)).one()
    assert (answer.location, again.location) == ("/fr/volunteer/thank-you",) * 2
    assert (volunteer.state, volunteer.person.name) == ("announced", "Josée Wagener")
    assert set(volunteer.offers) == {"lb", "fr"}
    assert (volunteer.place, volunteer.lau2s, volunteer.likes) == ("Belvaux", ("0213",), ["table"])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": ""}, 'href="#name"'),
        ({"contact": "nobody"}, 'href="#contact"'),
        ({"languages": []}, 'href="#languages"'),
        ({"other_languages": "qqqqq"}, 'href="#other_languages"'),
        ({"place": "Atlantis"}, 'href="#place"'),
        ({"name": "x" * 200}, 'href="#name"'),
    ],
)
def test_a_form_that_cannot_be_understood_says_where_and_keeps_what_was_typed(
    client: FlaskClient, session: Session, given: dict[str, object], told: str
) -> None:
    answer = client.post("/fr/volunteer/announce", data=FORM | given)

    assert answer.status_code == 422 and told in answer.text
    assert session.scalars(select(Volunteer)).all() == []


def test_a_name_in_any_script_comes_back_as_it_was(client: FlaskClient, session: Session) -> None:
    client.post("/fr/volunteer/announce", data=FORM | {"name": "ሰላም <b>አበባ</b>"})

    assert session.scalars(select(Volunteer)).one().person.name == "ሰላም <b>አበባ</b>"


# -- own pages --------------------------------------------------------------------------


def test_a_volunteer_lands_on_today_and_who_is_none_is_shown_how_to_become_one(app: Flask, session: Session) -> None:
    josee(session)
    a_person(session, name="Amina", contact="amina@example.lu")
    ours, other = sign_in(app, session, MAIL), sign_in(app, session, "amina@example.lu")

    assert "Josée" in ours.get("/fr/volunteer").text
    assert ours.get("/fr/my/dates").location == "/fr/volunteer"
    assert other.get("/fr/volunteer").location == "/fr/volunteer/announce"
    for path in ("profile", "times", "papers", "trainings", "materials"):
        assert ours.get(f"/fr/volunteer/{path}").status_code == 200
        assert other.get(f"/fr/volunteer/{path}").status_code == 404


def test_times_and_profile_are_kept(app: Flask, session: Session) -> None:
    volunteer = josee(session)
    client = sign_in(app, session, MAIL)

    client.post("/fr/volunteer/times", data={"slots": ["0", "17"], "now_and_then": "yes"})
    answer = client.post(
        "/fr/volunteer/profile",
        data={
            "offers": ["lb", "de"], "level_de": "C1", "understands": "pt, anglais", "place": "Sanem", "reach_km": "15",
            "capacity": "2", "likes": ["coach"], "communes": ["0213", "0204"], "wishes": "No stairs",
        },
    )  # fmt: skip

    session.expire_all()
    assert answer.status_code == 303
    assert (volunteer.free_slots, volunteer.now_and_then) == (1 | 1 << 17, True)
    assert (volunteer.offers, volunteer.understands) == ({"lb": None, "de": 13}, ("pt", "en"))
    assert (volunteer.reach_km, volunteer.capacity, volunteer.lau2s) == (15, 2, ("0204", "0213"))
    assert (volunteer.place, volunteer.wishes, volunteer.likes) == ("Sanem", "No stairs", ["coach"])


@pytest.mark.parametrize("given", [{"offers": []}, {"reach_km": "0"}, {"communes": ["9999"]}, {"level_lb": "Z9"}])
def test_a_profile_that_cannot_be_understood_changes_nothing(
    app: Flask, session: Session, given: dict[str, object]
) -> None:
    volunteer = josee(session)
    client = sign_in(app, session, MAIL)

    answer = client.post("/fr/volunteer/profile", data={"offers": ["lb"], "reach_km": "5", "capacity": "1"} | given)

    session.expire_all()
    assert (answer.status_code, volunteer.reach_km) == (422, 10)


def test_pausing_coming_back_and_stopping_are_steps_that_the_volunteer_takes(app: Flask, session: Session) -> None:
    volunteer = josee(session)
    client = sign_in(app, session, MAIL)

    for becomes in ("paused", "active", "left"):
        client.post("/fr/volunteer/state", data={"becomes": becomes})
        session.expire_all()
        assert volunteer.state == becomes
    assert client.post("/fr/volunteer/state", data={"becomes": "trained"}).status_code == 404
    assert client.get("/fr/volunteer/profile").status_code == 404


# -- own meetings -----------------------------------------------------------------------


def test_a_host_takes_attendance_of_the_own_meeting_and_of_no_other(app: Flask, session: Session) -> None:
    meeting, other = a_meeting(session), a_meeting(session)
    volunteer = josee(session)
    hosting_(session, volunteer, meeting)
    seat = a_signup(session, meeting.pool, person=a_person(session, name="Amina", contact="+352621000123"))
    at(app, meeting.starts_at)
    client = sign_in(app, session, MAIL, meeting.starts_at)
    roll = f"/fr/volunteer/meetings/{meeting.public_id}/attendance"

    page = client.get(roll).text
    client.post(roll, data={"mark": f"present:{seat.person.public_id}", "page": "p"})
    touched = int(meeting.starts_at.timestamp() * 1000)
    taps = {"taps": [{"key": "k1234567", "touch": "finish", "at": touched}]}
    answer = client.post(f"{roll}/taps", json=taps)
    foreign = f"/fr/volunteer/meetings/{other.public_id}"

    assert "Amina" in page and "621" not in page
    assert answer.get_json()["finished"] is True
    assert session.scalars(select(Attendance.noted_by_id)).all() == [volunteer.person_id]
    for path in ("", "/attendance", "/attendance/sign", "/sheet.pdf", "/message"):
        assert client.get(foreign + path).status_code == 404
    assert client.post(f"{foreign}/attendance/taps", json=taps).status_code == 404
    assert client.get(f"/fr/volunteer/meetings/{meeting.public_id}/sheet.pdf").content_type == "application/pdf"


def test_a_host_opens_a_practice_card_by_scan_during_the_own_meeting(app: Flask, session: Session) -> None:
    from commune_hub.events.actions import cards

    meeting = a_meeting(session)
    hosting_(session, josee(session), meeting)
    person = a_person(session, name="Rui")
    card = cards.make_card(session, person=person, now=NOW)
    at(app, meeting.starts_at)
    client = sign_in(app, session, MAIL, meeting.starts_at)

    page = client.get(f"/fr/k/{card.code}")
    answer = client.post(f"/fr/k/{card.code}", data={"meeting": meeting.public_id})

    assert "Rui" in page.text
    assert answer.location.startswith(f"/fr/volunteer/meetings/{meeting.public_id}/attendance")
    assert session.scalars(select(Attendance.person_id)).all() == [person.id]
    at(app, meeting.ends_at + timedelta(hours=1))
    assert "Rui" not in client.get(f"/fr/k/{card.code}").text


def test_a_host_writes_to_those_who_come_once_and_sees_no_contact(app: Flask, session: Session) -> None:
    meeting = a_meeting(session)
    hosting_(session, josee(session), meeting)
    a_signup(session, meeting.pool, person=a_person(session, name="Amina", contact="+352621000123"))
    client = sign_in(app, session, MAIL)
    path = f"/fr/volunteer/meetings/{meeting.public_id}/message"
    form = {"language": "fr", "text": "À mardi !", "key": "A" * 22}

    page = client.get(path).text
    client.post(path, data=form)
    client.post(path, data=form)
    empty = client.post(path, data=form | {"text": "", "key": "B" * 22})

    assert "621" not in page and "Amina" not in page
    assert [message.text for message in session.scalars(select(GroupMessage))] == ["À mardi !"]
    assert empty.status_code == 422


def test_i_cannot_come_asks_the_others_whose_link_works_without_signing_in(app: Flask, session: Session) -> None:
    meeting = a_meeting(session)
    hosting_(session, josee(session), meeting)
    other = a_volunteer(session)
    client = sign_in(app, session, MAIL)

    client.post(f"/fr/volunteer/meetings/{meeting.public_id}/cannot")
    client.post(f"/fr/volunteer/meetings/{meeting.public_id}/cannot")
    asked = session.scalars(select(HandOver)).one()
    link, visitor = f"/fr/stand-in/{asked.link_key}", app.test_client()
    looked = visitor.get(link)
    session.refresh(asked)
    untouched = asked.answered_at
    visitor.post(link, data={"comes": "yes"})

    states = {row.volunteer_id: row.state for row in rota.hosts_of(session, [meeting.id])[meeting.id]}
    assert (looked.status_code, untouched) == (200, None)
    assert states[other.id] == HostState.HOSTS
    assert set(states.values()) == {HostState.HOSTS, HostState.REPLACED}
    assert client.post(f"/fr/volunteer/meetings/{meeting.public_id}/can").status_code == 404
    assert visitor.get(f"/fr/stand-in/{'A' * 22}").status_code == 404


def test_the_private_calendar_is_behind_its_key_and_gone_with_who_leaves(app: Flask, session: Session) -> None:
    meeting, volunteer = a_meeting(session), josee(session)
    hosting_(session, volunteer, meeting)
    session.commit()
    client, path = app.test_client(), f"/volunteer/{volunteer.calendar_key}.ics"

    found = client.get(path)
    volunteer.state = VolunteerState.LEFT
    session.commit()

    assert meeting.public_id in found.text and found.content_type.startswith("text/calendar")
    assert found.headers["Cache-Control"] == "no-store"
    assert client.get(path).status_code == 404
    assert client.get(f"/volunteer/{'A' * 22}.ics").status_code == 404


# -- trainings and papers ---------------------------------------------------------------


def test_a_training_is_joined_in_one_tap_and_nothing_else_is(app: Flask, session: Session) -> None:
    training = a_meeting(session, kind="volunteer_training", languages=("fr",))
    table, volunteer = a_meeting(session), josee(session)
    client = sign_in(app, session, MAIL)

    answer = client.post("/fr/volunteer/trainings", data={"pool": training.pool.public_id})
    wrong = client.post("/fr/volunteer/trainings", data={"pool": table.pool.public_id})

    assert answer.location.startswith("/fr/b/")
    assert wrong.status_code == 404
    assert session.scalars(select(Signup.person_id)).all() == [volunteer.person_id]


def test_hours_become_a_certificate_that_anybody_can_verify_and_only_its_owner_opens(
    app: Flask, session: Session
) -> None:
    meeting = a_meeting(session)
    hosting_(session, josee(session), meeting)
    a_volunteer(session, person=a_person(session, name="Marc", contact="marc@example.lu"))
    after = meeting.ends_at + timedelta(hours=1)
    early = sign_in(app, session, MAIL)
    early.post("/fr/volunteer/engagement")
    nothing_yet = early.get("/fr/volunteer/papers").text
    at(app, after)
    ours, other = sign_in(app, session, MAIL, after), sign_in(app, session, "marc@example.lu", after)

    ours.post("/fr/volunteer/charter")
    ours.post("/fr/volunteer/engagement")
    from commune_hub.volunteers.models import Engagement

    code = session.scalars(select(Engagement.code)).one()
    pdf = ours.get(f"/fr/volunteer/engagement/{code}.pdf")
    checked = app.test_client().get(f"/fr/verify/{code}").text

    assert "engagement/" not in nothing_yet.replace("/volunteer/engagement", "")
    assert pdf.data.startswith(b"%PDF") and b"chub1:" in pdf.data
    assert "1 h 30 min" in checked and "J." in checked and "Josée" not in checked
    assert other.get(f"/fr/volunteer/engagement/{code}.pdf").status_code == 404


# -- staff ---------------------------------------------------------------------------------


def test_asti_takes_a_volunteer_through_the_steps_and_notes_the_bulletin(app: Flask, session: Session) -> None:
    volunteer = josee(session, state=VolunteerState.ANNOUNCED)
    client = staff(app, session, an_account(session, role=Role.ASTI))
    path = f"/fr/staff/volunteers/{volunteer.public_id}"

    client.post(f"{path}/step", data={"becomes": "met", "note": "Warm-hearted"})
    client.post(f"{path}/bulletin", data={"seen": "yes"})
    refused = client.post(f"{path}/step", data={"becomes": "trained"}, follow_redirects=True)
    page = file_of(client, volunteer)

    session.expire_all()
    assert (volunteer.state, volunteer.bulletin_seen_on) == ("met", NOW.date())
    assert "Warm-hearted" in page and MAIL in page
    assert "note warn" in refused.text


def test_an_officer_sees_the_contact_of_who_works_for_them_and_finds_nobody_else(app: Flask, session: Session) -> None:
    ours = an_organisation(session)
    near, far = josee(session), a_volunteer(session, lau2s=("0304",))
    nora = a_person(session, name="Nora Neu", contact="nora@example.lu")
    new = a_volunteer(session, state=VolunteerState.ANNOUNCED, person=nora)
    client = staff(app, session, an_account(session, organisation=ours))

    page = client.get("/fr/staff/volunteers").text
    file = file_of(client, near)

    assert MAIL in page and "Nora N." in page and "nora@example.lu" not in page
    assert far.person.name not in page
    assert MAIL in file and "Belvaux" not in file
    assert "nora@example.lu" not in file_of(client, new)
    assert client.get(f"/fr/staff/volunteers/{far.public_id}").status_code == 404


def test_hosts_are_assigned_on_the_page_of_the_meeting_for_one_date_or_for_all(app: Flask, session: Session) -> None:
    from tests.factories import an_activity

    activity = an_activity(session)
    volunteer = josee(session)
    client = staff(app, session, an_account(session, organisation=activity.organisation))
    meeting = next(one for one in activity.meetings if one.starts_at > NOW)
    path = f"/fr/staff/meetings/{meeting.public_id}"

    offered = client.get(path).text
    client.post(f"{path}/hosts", data={"volunteer": volunteer.public_id, "all": "yes"})
    stranger = client.post(f"{path}/hosts", data={"volunteer": a_stranger(session).public_id})
    rows = session.scalars(select(MeetingHost).order_by(MeetingHost.id)).all()
    client.post(f"/fr/staff/hosts/{rows[0].public_id}/release")

    assert "Josée" in offered
    assert len(rows) == sum(one.starts_at > NOW for one in activity.meetings)
    assert stranger.status_code == 404
    assert len(session.scalars(select(MeetingHost)).all()) == len(rows) - 1


def a_stranger(session: Session) -> Volunteer:
    volunteer = a_volunteer(session, lau2s=("0304",))
    session.commit()
    return volunteer


def test_a_pdf_goes_into_the_library_and_what_is_none_does_not(app: Flask, session: Session) -> None:
    josee(session)
    client, ours = staff(app, session, an_account(session, role=Role.ASTI)), sign_in(app, session, MAIL)
    form = {"title": "Um Maart", "theme": "akafen", "language": "lb", "this_week": "yes"}

    client.post("/fr/staff/materials", data=form | {"file": (io.BytesIO(b"%PDF-1.7 x %%EOF"), "a.pdf")})
    client.post("/fr/staff/materials", data=form | {"file": (io.BytesIO(b"MZ virus"), "a.pdf")})
    both = client.post("/fr/staff/materials", data=form | {"url": ""})

    material = session.scalars(select(Material)).one()
    file = ours.get(f"/fr/volunteer/materials/{material.public_id}.pdf")
    assert both.status_code == 422
    assert "Um Maart" in ours.get("/fr/volunteer/materials?language=lb&theme=akafen").text
    assert (file.data, file.content_type) == (b"%PDF-1.7 x %%EOF", "application/pdf")


def test_a_letter_goes_to_those_whom_the_filters_let_through_once(app: Flask, session: Session) -> None:
    from commune_hub.base.outbox import Job

    speaks = a_volunteer(session, offers={"pt": None})
    a_volunteer(session, offers={"lb": None})
    client = staff(app, session, an_account(session, role=Role.ASTI))
    form = {"text": "Venez samedi !", "key": "C" * 22}

    for _ in range(2):
        client.post("/fr/staff/volunteers/write?language=pt", data=form)

    jobs = session.scalars(select(Job).where(Job.kind == "volunteer_letter_mail")).all()
    assert [job.ids["volunteer"] for job in jobs] == [speaks.public_id]


def test_a_commune_asks_and_asti_moves_the_request_on(app: Flask, session: Session) -> None:
    ours = an_organisation(session)
    officer, asti = an_account(session, organisation=ours), an_account(session, role=Role.ASTI, name="Laura")
    commune, helpers = staff(app, session, officer), staff(app, session, asti)
    stranger = staff(app, session, an_account(session, organisation=an_organisation(session, lau2="0304")))

    asked = commune.post("/fr/staff/support", data={"kind": "language_cafe", "languages": ["lb"], "wish": "Un café"})
    form = {"step": "talk", "owner": asti.public_id, "next_step": "Visit", "next_on": "2026-12-01", "text": "Good idea"}
    helpers.post(asked.location, data=form)
    commune.post(asked.location, data={"step": "first_meeting", "text": "Thank you"})

    request = session.scalars(select(SupportRequest)).one()
    page = commune.get(asked.location).text
    assert (request.step, request.owner_id) == (SupportStep.TALK, asti.id)
    assert "Laura" in page and "Visit" in page and "Thank you" in page
    assert stranger.get(asked.location).status_code == 404
    assert commune.post("/fr/staff/support", data={"kind": "language_cafe", "wish": ""}).status_code == 422
