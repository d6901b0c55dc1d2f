"""ASTI's board, the best plan, where help is missing: what is shown, two clicks to a proposal, wrong people."""

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.accounts.words import Role
from commune_hub.base.outbox import Job
from commune_hub.matching.models import PairingRun
from commune_hub.volunteers.coaching.models import CoachingPair, CoachingRequest
from commune_hub.volunteers.models import Volunteer
from tests import factories
from tests.web.staff.conftest import SignedIn

BOARD = "/en/staff/pairing"


@pytest.fixture
def asti(signed_in: SignedIn) -> FlaskClient:
    return signed_in(Role.ASTI)


@pytest.fixture
def coach(session: Session, now: datetime) -> Volunteer:
    return a_coach(session, now, name="Josée K.")


def a_coach(session: Session, now: datetime, name: str, **given: object) -> Volunteer:
    person = factories.a_person(session, name=name)
    return factories.a_volunteer(session, person=person, charter_agreed_on=now.date(), **given)


def a_learner(session: Session, now: datetime, name: str, days: int = 0, **given: object) -> CoachingRequest:
    person = factories.a_person(session, name=name)
    return factories.a_coaching_request(session, person=person, now=now - timedelta(days=days), **given)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_board_opens_at_the_longest_wait_with_coaches_and_reasons(
    asti: FlaskClient, session: Session, now: datetime, coach: Volunteer
) -> None:
    a_coach(session, now, "Paul W.", slots=(0,))
    a_learner(session, now, "Daniyar S.", 3)
    a_learner(session, now, "Amina B.", 41, wishes="I want to talk in the shop")

    said = plain(asti.get(BOARD).text)

    assert "2 learners are waiting. 2 volunteers are free." in said
    assert said.index("Amina B.") < said.index("Daniyar S.")
    assert "I want to talk in the shop" in said
    assert said.index("Josée K.") < said.index("4 of 4") < said.index("Paul W.") < said.index("3 of 4")
    assert "One free time in common" in said
    assert "No common free time." in said


def test_two_clicks_make_a_proposal_to_both_and_the_same_two_again_make_no_second(
    asti: FlaskClient, session: Session, now: datetime, coach: Volunteer
) -> None:
    request = a_learner(session, now, "Amina B.", 41)

    link = re.search(r'href="(/en/staff/pairing/[\w-]{22}/[\w-]{22})"', asti.get(BOARD).text)
    assert link
    check = asti.get(link[1])
    assert "Both read this" in check.text
    assert session.scalars(select(CoachingPair)).all() == []
    answers = [asti.post(link[1]) for _ in range(2)]

    (pair,) = session.scalars(select(CoachingPair))
    assert (pair.request_id, pair.volunteer_id) == (request.id, coach.id)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(session.scalars(select(Job).where(Job.kind == "pair_proposed_mail")).all()) == 2
    assert "Nobody is waiting" in asti.get(BOARD).text


def test_a_pair_that_is_never_possible_is_not_shown_and_not_sent(
    asti: FlaskClient, session: Session, now: datetime
) -> None:
    other = a_coach(session, now, "Paul W.", offers={"fr": None})
    request = a_learner(session, now, "Amina B.")
    address = f"{BOARD}/{request.public_id}/{other.public_id}"

    assert "Paul W." not in asti.get(BOARD).text
    assert asti.get(address).status_code == 404
    refused = asti.post(address, follow_redirects=True)

    assert "This volunteer does not offer this language." in refused.text
    assert session.scalars(select(CoachingPair)).all() == []


def test_a_plan_is_made_changed_and_solved_again_and_sends_nothing(
    asti: FlaskClient, session: Session, now: datetime, coach: Volunteer
) -> None:
    patient, new = a_learner(session, now, "Amina B.", 41), a_learner(session, now, "Daniyar S.")
    assert "No plan yet" in asti.get(f"{BOARD}/plan").text

    made = asti.post(f"{BOARD}/plan")
    page = asti.get(made.location)
    assert re.search(r"Amina B\..+Josée K\..+Without a coach.+Daniyar S\.", plain(page.text))
    assert "Volunteers who would suit: 1. All are with others in this plan." in page.text
    swapped = asti.post(made.location, data={"change": f"lock:{new.public_id}:{coach.public_id}"})
    locked = plain(asti.get(swapped.location).text)
    out = asti.post(swapped.location, data={"change": f"out:{new.public_id}:{coach.public_id}"})

    assert re.search(r"Daniyar S\..+Josée K\. Stays.+Without a coach.+Amina B\.", locked)
    without = plain(asti.get(out.location).text)
    assert re.search(r"Amina B\..+Josée K\..+Taken out by you.+Daniyar S\. and Josée K\.", without)
    assert session.scalars(select(CoachingPair)).all() == []
    assert len(session.scalars(select(PairingRun)).all()) == 3
    assert patient.state == "waiting"


_NOBODY = "A" * 22


@pytest.mark.parametrize("change", ["", "lock", "lock:x:y", "marry:a:b", f"out:{_NOBODY}:{_NOBODY}", "x" * 5000])
def test_a_change_that_makes_no_sense_changes_nothing(
    asti: FlaskClient, session: Session, coach: Volunteer, change: str
) -> None:
    made = asti.post(f"{BOARD}/plan")

    answer = asti.post(made.location, data={"change": change})

    assert answer.status_code == 404
    assert len(session.scalars(select(PairingRun)).all()) == 1


def test_where_help_is_missing_is_said_in_numbers_and_never_about_fewer_than_five(
    signed_in: SignedIn, session: Session, now: datetime, organisation: Organisation
) -> None:
    officer = signed_in(Role.OFFICER, organisation)
    for number in range(4):
        a_learner(session, now, f"Learner{number}", place="Differdange")
    few = officer.get("/en/staff/missing")
    a_learner(session, now, "Learner5", place="Differdange")
    enough, on_map = officer.get("/en/staff/missing"), officer.get("/en/staff/missing/map")

    assert "Groups of fewer than 5 people are never shown." in few.text
    assert "Differdange" not in few.text
    assert "A table in Differdange: Luxembourgish A1, Tuesday evening" in enough.text
    assert "3 volunteers for Luxembourgish in Differdange" in enough.text
    assert "Together they reach 5 of 5 people." in enough.text
    assert "A table in Differdange" in on_map.text
    assert "Learner" not in few.text + enough.text + on_map.text


def test_people_in_the_queue_of_a_full_table_count_as_well(
    signed_in: SignedIn, session: Session, now: datetime, organisation: Organisation
) -> None:
    pool = factories.a_pool(session, capacity=1, waiting_room=6)
    for _ in range(6):
        factories.a_signup(session, pool)

    said = signed_in(Role.OFFICER, organisation).get("/en/staff/missing").text

    assert "Together they reach 5 of 5 people." in said


def test_only_asti_sees_the_board(
    signed_in: SignedIn, organisation: Organisation, session: Session, now: datetime
) -> None:
    a_learner(session, now, "Amina B.")

    for role in (Role.OFFICER, Role.COORDINATOR, Role.ADMIN, Role.DIRECTOR):
        client = signed_in(role, organisation if role in (Role.OFFICER, Role.COORDINATOR) else None)
        assert client.get(BOARD).status_code == 404
        assert client.post(f"{BOARD}/plan").status_code == 404
