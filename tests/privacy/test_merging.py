"""Two people who are one, and for 30 days two again."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Contact, Person
from commune_hub.accounts.words import Role
from commune_hub.base.errors import NotFound, Refused
from commune_hub.events.models import Signup
from commune_hub.events.records import Alert, Attendance
from commune_hub.events.words import SignupState
from commune_hub.privacy import merging
from commune_hub.privacy.words import MergeRefusal
from tests import factories
from tests.privacy.conftest import Known, a_link

WHY = "she said so at the counter"


def owned(session: Session, person: Person) -> tuple[int, ...]:
    session.expire_all()
    return tuple(
        len(session.scalars(select(table.id).where(table.person_id == person.id)).all())
        for table in (Signup, Attendance, Contact, Alert)
    )


def test_what_two_did_comes_together_and_apart_again(session: Session, known: Known, now: datetime) -> None:
    asti = factories.an_actor(session, role=Role.ASTI)
    once = factories.a_person(session, name="Amandine", contact="+352621000444")
    before = owned(session, once), owned(session, known.person)

    row = merging.merge(session, kept=once, merged=known.person, reason=WHY, actor=asti, now=now)
    together = owned(session, once), owned(session, known.person)
    search = session.scalars(select(Alert).where(Alert.person_id == once.id)).one().search
    merging.undo(session, merge=row, actor=asti, now=now + timedelta(days=30))

    assert together == ((2, 1, 2, 1), (0, 0, 0, 0))
    assert (search, merging.reason_of(session, row)) == ("a secret search", WHY)
    assert (owned(session, once), owned(session, known.person)) == before
    assert session.scalars(select(Alert)).one().search == "a secret search"
    assert known.person.merged_into_id is None


def test_the_same_attendance_of_both_counts_once_for_who_is_kept(
    session: Session, known: Known, now: datetime
) -> None:
    asti = factories.an_actor(session, role=Role.ASTI)
    for signup in session.scalars(select(Signup).where(Signup.person_id == known.other.id)).all():
        signup.state = SignupState.CANCELLED
    session.flush()

    merging.merge(session, kept=known.person, merged=known.other, reason=WHY, actor=asti, now=now)

    assert owned(session, known.person)[:2] == (4, 1)
    assert owned(session, known.other)[:2] == (0, 1)


def test_why_two_are_not_made_one(session: Session, known: Known, now: datetime) -> None:
    asti = factories.an_actor(session, role=Role.ASTI)
    one, other = known.person, known.other
    third = factories.a_person(session)
    a_link(session, third)
    officer = factories.an_account(session, role=Role.ASTI).person

    def why(kept: Person, merged: Person) -> str:
        with pytest.raises(Refused) as refused:
            merging.merge(session, kept=kept, merged=merged, reason=WHY, actor=asti, now=now)
        return str(refused.value.reason)

    assert [why(one, one), why(one, other), why(one, third), why(one, officer)] == [
        MergeRefusal.SAME_PERSON, MergeRefusal.BOTH_HAVE_A_SEAT, MergeRefusal.HOLDS_MORE, MergeRefusal.HOLDS_MORE,
    ]  # fmt: skip


def test_after_30_days_there_is_no_way_back(session: Session, now: datetime) -> None:
    asti = factories.an_actor(session, role=Role.ASTI)
    one, other = factories.a_person(session), factories.a_person(session)
    row = merging.merge(session, kept=one, merged=other, reason=WHY, actor=asti, now=now)

    with pytest.raises(Refused) as refused:
        merging.undo(session, merge=row, actor=asti, now=now + timedelta(days=30, seconds=1))

    assert refused.value.reason is MergeRefusal.TOO_LATE_TO_UNDO


def test_a_coordinator_finds_and_merges_who_was_at_the_own_meetings_only(
    session: Session, known: Known, now: datetime
) -> None:
    pool = session.scalars(select(Signup).where(Signup.person_id == known.person.id)).first()
    assert pool is not None
    ours = pool.pool.activity.organisation
    here = factories.an_actor(session, role=Role.COORDINATOR, organisation=ours)
    there = factories.an_actor(session, role=Role.COORDINATOR, organisation=factories.an_organisation(session))

    found = [
        [one.person.name for one in merging.search(session, name=known.person.name, reach=None, actor=actor)]
        for actor in (here, there)
    ]

    assert found == [[known.person.name], []]
    with pytest.raises(NotFound):
        merging.person_to_merge(session, public_id=known.person.public_id, actor=there)
