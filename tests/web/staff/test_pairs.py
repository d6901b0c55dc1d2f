"""Pairs and requests for ASTI: stages, calls, notes, settling, standing in; and asking for somebody at the counter."""

import io
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.actions import sign_in_staff
from commune_hub.accounts.models import Account
from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.volunteers.coaching import queries
from commune_hub.volunteers.coaching.actions import meetings
from commune_hub.volunteers.coaching.inputs import HoursDraft
from commune_hub.volunteers.coaching.models import CoachingPair, CoachingRequest, StandIn
from commune_hub.volunteers.coaching.words import PairMeetingState, PairState, RequestChannel, RequestState, Side
from tests import factories

FORM = {
    "name": "Amina", "contact": "", "speaks": "fr", "language": "lb", "level": "3", "slots": ["5"],
    "place": "Belvaux", "reach_km": "10",
}  # fmt: skip


@pytest.fixture
def asti(session: Session, client: FlaskClient, now: datetime) -> Account:
    """The client is signed in as somebody of ASTI."""
    account = factories.an_account(session, role=Role.ASTI, name="Laura")
    client.set_cookie("signin", sign_in_staff(session, account=account, now=now, second_factor=True))
    session.commit()
    return account


def named_pair(session: Session, learner: str, days_ago: int, now: datetime) -> CoachingPair:
    at = now - timedelta(days=days_ago)
    person = factories.a_person(session, name=learner, contact=f"{learner.split()[0].lower()}@example.lu")
    request = factories.a_coaching_request(session, person=person, now=at)
    pair = factories.a_pair(session, request=request, now=at)
    session.commit()
    return pair


def test_those_that_need_a_call_come_first(
    client: FlaskClient, session: Session, asti: Account, now: datetime
) -> None:
    named_pair(session, "Silent Smith", 20, now)
    named_pair(session, "Fresh Frank", 2, now)

    calls, first = client.get("/en/staff/pairs").text, client.get("/en/staff/pairs?stage=accepted").text

    assert "Silent S." in calls and "Fresh F." not in calls
    assert "No first meeting for more than 14 days" in calls
    assert "Silent S." in first and "Fresh F." in first
    assert client.get("/en/staff/pairs?stage=nonsense").status_code == 200


def test_a_call_is_noted_and_answers_the_wish_for_help(
    client: FlaskClient, session: Session, store: Store, asti: Account, now: datetime
) -> None:
    pair = named_pair(session, "Amina Bouzid", 2, now)
    pair.help_asked_at = now
    session.commit()
    address = f"/en/staff/pairs/{pair.public_id}"

    before = client.get(address).text
    for _ in range(2):
        client.post(f"{address}/call", data={"text": "Both are well"})
    after = client.get(address).text

    assert "One of the two asked for help" in before and "amina@example.lu" in before
    assert after.count("Both are well") == 1 and "One of the two asked for help" not in after
    empty = client.post(f"{address}/call", data={"text": " "})
    assert (empty.status_code, "Please fill this in." in empty.text) == (422, True)


def test_what_the_two_do_not_agree_about_is_settled(
    client: FlaskClient, session: Session, store: Store, asti: Account, now: datetime
) -> None:
    pair = named_pair(session, "Amina Bouzid", 10, now)
    meeting = meetings.log(session, side=pair.side(Side.VOLUNTEER), draft=HoursDraft(minutes=120), now=now)
    meetings.confirm(session, side=pair.side(Side.LEARNER), meeting=meeting, held=False, now=now)
    session.commit()
    address = f"/en/staff/pairs/{pair.public_id}"

    calls = client.get("/en/staff/pairs").text
    client.post(f"{address}/meetings/{meeting.public_id}", data={"minutes": "60"})

    with store.reading() as reading:
        found = queries.meeting_of(queries.pair_named(reading, pair.public_id), meeting.public_id)
        assert (found.state, found.minutes, found.settled_by_id) == (PairMeetingState.CONFIRMED, 60, asti.id)
    assert "The two do not agree about a meeting" in calls


def test_a_meeting_that_did_not_take_place_does_not_count_for_the_pair_either(
    client: FlaskClient, session: Session, store: Store, asti: Account, now: datetime
) -> None:
    pair = named_pair(session, "Amina Bouzid", 10, now)
    meeting = meetings.log(session, side=pair.side(Side.VOLUNTEER), draft=HoursDraft(), now=now)
    session.commit()

    client.post(f"/en/staff/pairs/{pair.public_id}/meetings/{meeting.public_id}", data={"minutes": "0"})

    with store.reading() as reading:
        found = queries.pair_named(reading, pair.public_id)
        assert (found.state, found.meetings[-1].state) == (PairState.ACCEPTED, PairMeetingState.NOT_HELD)


def test_a_proposal_is_taken_back_a_pair_is_taken_over_and_ended(
    client: FlaskClient, session: Session, store: Store, asti: Account, now: datetime
) -> None:
    proposal, pair = factories.a_proposal(session), named_pair(session, "Amina Bouzid", 10, now)
    session.commit()

    client.post(f"/en/staff/pairs/{proposal.public_id}/step", data={"step": "take_back"})
    client.post(f"/en/staff/pairs/{pair.public_id}/step", data={"step": "mine"})
    client.post(f"/en/staff/pairs/{pair.public_id}/step", data={"step": "end"})

    with store.reading() as reading:
        both = [queries.pair_named(reading, one.public_id) for one in (proposal, pair)]
        assert [one.state for one in both] == [PairState.ENDED, PairState.ENDED]
        assert [one.request.state for one in both] == [RequestState.WAITING, RequestState.WAITING]
        assert both[1].coordinator_id == asti.id


def test_a_colleague_stands_in(client: FlaskClient, session: Session, store: Store, asti: Account) -> None:
    colleague = factories.an_account(session, role=Role.ASTI, name="Rémi")
    session.commit()
    form = {"colleague": colleague.public_id, "first_on": "2026-12-01", "last_on": "2026-12-10"}

    for _ in range(2):
        client.post("/en/staff/pairs/away", data=form)
    page = client.get("/en/staff/pairs/away").text
    wrong = client.post("/en/staff/pairs/away", data=form | {"last_on": "2026-11-30"})
    with store.reading() as reading:
        [arranged] = reading.scalars(select(StandIn))
    client.post(f"/en/staff/pairs/away/{arranged.public_id}")

    assert "Stand-in: Rémi" in page
    assert (wrong.status_code, "The end is before the beginning." in wrong.text) == (422, True)
    with store.reading() as reading:
        assert reading.scalars(select(StandIn)).all() == []


def test_who_waits_longest_comes_first_and_has_a_file(
    client: FlaskClient, session: Session, asti: Account, now: datetime
) -> None:
    for name, days in (("Newer", 3), ("Older", 40)):
        person = factories.a_person(session, name=name, contact=f"{name.lower()}@example.lu")
        factories.a_coaching_request(session, person=person, now=now - timedelta(days=days), wishes=f"Says {name}")
    session.commit()

    page = client.get("/en/staff/requests").text
    older = session.scalars(select(CoachingRequest).order_by(CoachingRequest.asked_at)).first()
    assert older is not None
    session.commit()
    file = client.get(f"/en/staff/requests/{older.public_id}").text
    client.post(f"/en/staff/requests/{older.public_id}/close")

    assert page.index("Older") < page.index("Newer") and "40 days" in page
    assert "older@example.lu" in file and "Says Older" in file
    assert "Older" not in client.get("/en/staff/requests").text


def test_at_the_counter_somebody_is_asked_for_once(
    client: FlaskClient, session: Session, store: Store, now: datetime
) -> None:
    officer = factories.an_account(session, organisation=factories.an_organisation(session))
    client.set_cookie("signin", sign_in_staff(session, account=officer, now=now, second_factor=True))
    session.commit()
    form_id = client.get("/en/staff/requests/new").text.split('name="form_id" value="')[1].split('"')[0]

    answers = [client.post("/en/staff/requests/new", data=FORM | {"form_id": form_id}) for _ in range(2)]
    wrong = client.post("/en/staff/requests/new", data=FORM | {"slots": []})

    with store.reading() as reading:
        [made] = reading.scalars(select(CoachingRequest))
        assert (made.channel, made.entered_by_id, made.person.contacts) == (RequestChannel.COUNTER, officer.id, [])
        assert [answer.location for answer in answers] == [f"/en/coach/r/{made.link_key}"] * 2
    assert wrong.status_code == 422


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMIN, Role.NATIONAL_OFFICER])
def test_only_asti_sees_who_waits_and_who_is_paired(
    client: FlaskClient, session: Session, now: datetime, role: Role
) -> None:
    pair = named_pair(session, "Amina Bouzid", 2, now)
    organisation = factories.an_organisation(session) if role is Role.OFFICER else None
    account = factories.an_account(session, role=role, organisation=organisation)
    client.set_cookie("signin", sign_in_staff(session, account=account, now=now, second_factor=True))
    session.commit()

    paths = ("pairs", f"pairs/{pair.public_id}", "requests", f"requests/{pair.request.public_id}", "pairs/away")
    assert [client.get(f"/en/staff/{path}").status_code for path in paths] == [404] * 5


LIST = "name;contact;language;level;free_times;place\r\nZoë;zoe@example.lu;lb;A1;TU3;Belvaux\r\n"


def sent(text: str) -> dict[str, object]:
    return {"file": (io.BytesIO(text.encode()), "list.csv")}


def test_a_list_is_looked_at_and_then_comes_in_once(
    client: FlaskClient, session: Session, store: Store, asti: Account
) -> None:
    address = "/en/staff/pairs/lists/learners"

    preview = client.post(address, data=sent(LIST)).text
    kept = preview.split('name="packed" value="')[1].split('"')[0]
    with store.reading() as reading:
        before = len(reading.scalars(select(CoachingRequest)).all())
    answers = [client.post(address, data={"packed": kept}).status_code for _ in range(2)]

    with store.reading() as reading:
        [made] = reading.scalars(select(CoachingRequest))
        assert (made.person.name, made.channel) == ("Zoë", RequestChannel.IMPORT)
    assert "Zoë" in preview and "Import one person" in preview
    assert (before, answers) == (0, [303, 303])


def test_a_list_with_an_error_brings_nothing_in_and_says_where(
    client: FlaskClient, session: Session, store: Store, asti: Account
) -> None:
    address = "/en/staff/pairs/lists/learners"

    page = client.post(address, data=sent(LIST + "=cmd;x;lb;A1;TU3;Belvaux\r\n"))
    kept = page.text.split('name="packed" value="')[1].split('"')[0]
    problems = client.post(f"{address}/errors.csv", data={"packed": kept}).data.decode("utf-8-sig")

    assert page.status_code == 422 and "Line 3" in page.text
    assert "3;contact;" in problems and "\n=" not in problems
    with store.reading() as reading:
        assert reading.scalars(select(CoachingRequest)).all() == []


def test_a_table_leaves_when_somebody_says_why(client: FlaskClient, session: Session, asti: Account) -> None:
    factories.a_pair(session)
    session.commit()

    asked = client.get("/en/staff/pairs/export/pairs.csv")
    template = client.get("/en/staff/pairs/lists/volunteers/template.csv")

    assert "text/html" in asked.content_type
    assert template.data.startswith(b"\xef\xbb\xbfname;contact;speaks;offers")
    assert client.get("/en/staff/pairs/export/nothing.csv").status_code == 404
    assert client.get("/en/staff/pairs/export/pairs.pdf").status_code == 404


def test_with_a_reason_the_table_leaves_as_csv_and_as_a_workbook(
    client: FlaskClient, session: Session, asti: Account
) -> None:
    pair = factories.a_pair(session)
    learner = pair.request.person.name
    session.commit()
    ticket = client.get("/en/staff/pairs/export/pairs.csv").text.split('name="ticket" value="')[1].split('"')[0]

    said = client.post("/en/staff/why", data={"ticket": ticket, "why": "Report for the steering group"})
    table = client.get(said.location)
    book = client.get("/en/staff/pairs/export/hours.xlsx")

    assert table.content_type == "text/csv; charset=utf-8" and learner in table.data.decode("utf-8-sig")
    assert book.data.startswith(b"PK")
