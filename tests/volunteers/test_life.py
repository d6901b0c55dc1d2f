"""Announcing oneself and the steps of a volunteer's life, on a real database."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from commune_hub.accounts.words import Role
from commune_hub.base.errors import Refused
from commune_hub.volunteers.actions import life
from commune_hub.volunteers.words import StepBy, VolunteerRefusal, VolunteerState
from tests.factories import NOW, a_person, a_volunteer, an_actor

S = VolunteerState


def test_who_announces_themselves_twice_is_one_volunteer_with_one_first_step(session: Session) -> None:
    person = a_person(session)

    first = life.announce(session, person=person, now=NOW)
    second = life.announce(session, person=person, now=NOW + timedelta(days=1))

    session.refresh(first)
    assert second is first
    assert [(row.became, row.at) for row in first.steps] == [(S.ANNOUNCED, NOW)]


def test_each_step_is_kept_with_whose_doing_it_was_and_a_note_that_only_the_key_opens(session: Session) -> None:
    asti = an_actor(session, role=Role.ASTI)
    volunteer = life.announce(session, person=a_person(session), now=NOW)

    life.step(session, volunteer=volunteer, becomes=S.MET, by=StepBy.STAFF, actor=asti, note="Likes cooking", now=NOW)
    life.become_active(session, volunteer=volunteer, now=NOW)

    session.refresh(volunteer)
    met = volunteer.steps[1]
    assert [(row.became, row.by_id) for row in volunteer.steps] == [
        (S.ANNOUNCED, None), (S.MET, asti.account_id), (S.ACTIVE, None),
    ]  # fmt: skip
    assert met.note_sealed is not None and b"cooking" not in met.note_sealed
    assert volunteer.person.opened(met.note_sealed) == "Likes cooking"


def test_a_step_that_the_table_does_not_have_is_refused_and_leaves_no_row(session: Session) -> None:
    volunteer = life.announce(session, person=a_person(session), now=NOW)

    with pytest.raises(Refused) as refused:
        life.step(session, volunteer=volunteer, becomes=S.ACTIVE, by=StepBy.OWN, now=NOW)

    session.refresh(volunteer)
    assert (refused.value.reason, volunteer.state) == (VolunteerRefusal.STEP_NOT_ALLOWED, S.ANNOUNCED)
    assert len(volunteer.steps) == 1


def test_who_had_left_and_announces_themselves_again_begins_anew(session: Session) -> None:
    volunteer = a_volunteer(session)
    life.step(session, volunteer=volunteer, becomes=S.LEFT, by=StepBy.OWN, now=NOW)

    again = life.announce(session, person=volunteer.person, now=NOW + timedelta(days=90))

    assert (again.id, again.state, again.announced_at) == (volunteer.id, S.ANNOUNCED, NOW + timedelta(days=90))


def test_place_and_wishes_can_be_read_with_the_own_key_only(session: Session) -> None:
    volunteer = a_volunteer(session, wishes="No stairs, please")

    session.refresh(volunteer)
    assert volunteer.point is not None and abs(volunteer.point.lat - 49.5103) < 0.004
    assert (volunteer.place, volunteer.wishes) == ("Belvaux", "No stairs, please")
    for sealed in (volunteer.point_sealed, volunteer.wishes_sealed):
        assert sealed is not None and b"Belvaux" not in sealed and b"stairs" not in sealed
