"""Two people turn out to be one: what they did comes together, and for 30 days it can be taken apart again (HOUSE.md).

Rows go over to the one who is kept, and their sealed texts are sealed anew with that key. A row that the kept one has
too (the same attendance) stays where it is, so that nothing counts twice. Whoever has a contract, helps others or works
here is kept, never merged into somebody else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Account, Contact, Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import contact_hash, name_hash, ring_of
from commune_hub.accounts.rules import Reach
from commune_hub.accounts.words import Permission
from commune_hub.base.errors import NotFound, Refused
from commune_hub.events.models import Activity, SeatPool, Signup
from commune_hub.events.words import LIVE
from commune_hub.privacy.models import PersonMerge
from commune_hub.privacy.registry import TABLES, Personal
from commune_hub.privacy.rules import MERGE_DAYS
from commune_hub.privacy.words import MergeRefusal

FOUND_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody that a search found: how many sign-ups they have, and when the last one was."""

    person: Person
    signups: int
    last_at: datetime | None


def search(session: Session, *, name: str, reach: Reach | None, actor: Actor) -> list[Candidate]:
    """People with this name or this contact; a coordinator finds those with a sign-up at the own organisation."""
    question = select(Person).where(Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    wanted = []
    if name:
        wanted.append(Person.name_hash == name_hash(session, name))
    if reach is not None:
        of_contact = select(Contact.person_id).where(Contact.value_hash == contact_hash(session, reach))
        wanted.append(Person.id.in_(of_contact))
    if not wanted:
        return []
    question = question.where(wanted[0] if len(wanted) == 1 else wanted[0] | wanted[1])
    ours = actor.organisation_ids(Permission.MERGE_PEOPLE)
    if ours is not None:
        question = question.where(Person.id.in_(_known_to(ours)))
    people = session.scalars(question.order_by(Person.id).limit(FOUND_AT_MOST)).all()
    ring_of(session).load(person.public_id for person in people)
    return [_candidate(session, person) for person in people]


def _known_to(organisation_ids: frozenset[int]):  # type: ignore[no-untyped-def]
    return (
        select(Signup.person_id)
        .join(SeatPool, SeatPool.id == Signup.pool_id)
        .join(Activity, Activity.id == SeatPool.activity_id)
        .where(Activity.organisation_id.in_(organisation_ids))
    )


def _candidate(session: Session, person: Person) -> Candidate:
    moments = session.scalars(select(Signup.asked_at).where(Signup.person_id == person.id)).all()
    return Candidate(person, len(moments), max(moments, default=None))


def person_to_merge(session: Session, *, public_id: str, actor: Actor) -> Person:
    """Somebody that this member of staff may merge. Raises NotFound."""
    question = select(Person).where(Person.public_id == public_id, Person.erased_at.is_(None))
    ours = actor.organisation_ids(Permission.MERGE_PEOPLE)
    if ours is not None:
        question = question.where(Person.id.in_(_known_to(ours)))
    found = session.scalar(question.with_for_update())
    if found is None:
        raise NotFound("person")
    return found


def merge(
    session: Session, *, kept: Person, merged: Person, reason: str, actor: Actor, now: datetime
) -> PersonMerge:
    """Make two people one. Raises Refused; asking for the same again changes nothing."""
    if merged.merged_into_id == kept.id:
        return session.scalars(
            select(PersonMerge).where(PersonMerge.merged_id == merged.id, PersonMerge.undone_at.is_(None))
        ).one()
    if kept.id == merged.id:
        raise Refused(MergeRefusal.SAME_PERSON)
    if kept.merged_into_id is not None or merged.merged_into_id is not None:
        raise Refused(MergeRefusal.NOT_TWO_PEOPLE)
    if _holds_more(session, merged):
        raise Refused(MergeRefusal.HOLDS_MORE)
    if _live_pools(session, kept) & _live_pools(session, merged):
        raise Refused(MergeRefusal.BOTH_HAVE_A_SEAT)
    moved: dict[str, list[int]] = {}
    for table in _moving():
        ids = list(session.scalars(table.ids([merged.id])))
        moved[table.model.__tablename__] = [one for one in ids if _hand_over(session, table, one, merged, kept)]
    merged.merged_into_id = kept.id
    row = PersonMerge(
        kept=kept, merged=merged, by_id=actor.account_id, at=now, moved=moved,
        reason_sealed=ring_of(session).seal(kept.public_id, reason),
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.expire_all()
    return row


def undo(session: Session, *, merge: PersonMerge, actor: Actor, now: datetime) -> None:
    """Take the two apart again, within 30 days: what went over goes back, what came since stays with who was kept."""
    if merge.undone_at is not None:
        return
    if merge.final_at is not None or now - merge.at > timedelta(days=MERGE_DAYS):
        raise Refused(MergeRefusal.TOO_LATE_TO_UNDO)
    kept, merged = merge.kept, merge.merged
    for table in _moving():
        still = set(session.scalars(table.ids([kept.id])))
        for row_id in merge.moved.get(table.model.__tablename__, []):
            if row_id in still:
                _hand_over(session, table, row_id, kept, merged)
    merged.merged_into_id = None
    merge.undone_at, merge.undone_by_id = now, actor.account_id
    session.flush()
    session.expire_all()


def merge_named(session: Session, *, public_id: str, actor: Actor) -> PersonMerge:
    """A merge that this member of staff may undo. Raises NotFound."""
    found = session.scalar(select(PersonMerge).where(PersonMerge.public_id == public_id).with_for_update())
    if found is None or found not in recent(session, actor=actor, since=None):
        raise NotFound("merge")
    return found


def recent(session: Session, *, actor: Actor, since: datetime | None) -> list[PersonMerge]:
    """The merges that this member of staff may see, the newest first."""
    question = select(PersonMerge).order_by(PersonMerge.id.desc()).limit(100)
    if since is not None:
        question = question.where(PersonMerge.at > since, PersonMerge.undone_at.is_(None))
    ours = actor.organisation_ids(Permission.MERGE_PEOPLE)
    if ours is not None:
        question = question.where(PersonMerge.kept_id.in_(_known_to(ours)))
    found = list(session.scalars(question))
    ring_of(session).load(one.public_id for merge in found for one in (merge.kept, merge.merged))
    return found


def reason_of(session: Session, merge: PersonMerge) -> str:
    """Why they were merged; '' once the person has been erased."""
    return "" if merge.kept.erased_at is not None else merge.kept.opened(merge.reason_sealed)


def _moving() -> list[Personal]:
    return [table for table in TABLES if table.moves and table.of is None and not table.holds]


def _holds_more(session: Session, person: Person) -> bool:
    if session.scalar(select(Account.id).where(Account.person_id == person.id)) is not None:
        return True
    held = (table for table in TABLES if table.holds and table.of is None)
    return any(session.scalar(table.ids([person.id]).limit(1)) is not None for table in held)


def _live_pools(session: Session, person: Person) -> set[int]:
    live = select(Signup.pool_id).where(Signup.person_id == person.id, Signup.state.in_(LIVE))
    return set(session.scalars(live))


def _hand_over(session: Session, table: Personal, row_id: int, giver: Person, taker: Person) -> bool:
    """One row with all that hangs on it; False when the taker has the same already."""
    key = next(iter(inspect(table.model).primary_key))
    try:
        with session.begin_nested():
            session.execute(update(table.model).where(key == row_id).values({table.by: taker.id}))
    except IntegrityError:
        return False
    _seal_anew(session, table, [row_id], giver, taker)
    return True


def _seal_anew(session: Session, table: Personal, row_ids: list[int], giver: Person, taker: Person) -> None:
    ring = ring_of(session)
    key = next(iter(inspect(table.model).primary_key))
    sealed = [column for column in table.model.__table__.columns if column.name.endswith("_sealed")]
    for column in sealed:
        rows = session.execute(select(key, column).where(key.in_(row_ids), column.is_not(None))).all()
        for row_id, text in rows:
            anew = ring.seal(taker.public_id, ring.open(giver.public_id, text))
            session.execute(update(table.model).where(key == row_id).values({column.name: anew}))
    for child in TABLES:
        if child.of is table.model:
            child_key = next(iter(inspect(child.model).primary_key))
            ids = list(session.scalars(select(child_key).where(getattr(child.model, child.by).in_(row_ids))))
            if ids:
                _seal_anew(session, child, ids, giver, taker)
