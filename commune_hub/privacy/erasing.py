"""Deleting and making anonymous: two operations without a way back (RGD art. 25(3)); the ten-year file is a third, in
the record's own house.

Both end what is running, empty every row about the person by the registry, give the rows that are left new random ids,
and destroy the key. Anonymising leaves the counted rows together, as one person without name. Deleting leaves single
seats and attendances, each meeting's for somebody else without name, so that numbers stay and no history does.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Integer, LargeBinary, delete, event, inspect, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import KeyedColumnElement

from commune_hub.accounts.models import Account, Contact, Person, SignIn
from commune_hub.accounts.queries import ring_of
from commune_hub.base.errors import Refused
from commune_hub.base.ids import new_code, new_public_id
from commune_hub.base.words import Language
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.records import Attendance
from commune_hub.privacy.leaving import leave
from commune_hub.privacy.models import PersonMerge, RetentionCase
from commune_hub.privacy.registry import Left, Personal, children_first
from commune_hub.privacy.words import RightsRefusal
from commune_hub.schemes.words import RetentionAction

_DOOMED = "keys to destroy"


def erase(session: Session, *, person: Person, action: RetentionAction, now: datetime) -> None:
    """Delete somebody, or make them anonymous, with everybody who was merged into them.

    The keys are destroyed as soon as the caller has committed; whose they are is written down before, so that what is
    interrupted is finished by `finish_erasures`. Raises Refused for whoever works here: the account is closed first.
    """
    account = session.scalar(select(Account).where(Account.person_id == person.id))
    if account is not None and account.disabled_at is None:
        raise Refused(RightsRefusal.WORKS_HERE)
    keys = []
    for one in [*merged_into(session, person), person]:
        keys += [one.public_id, *_empty(session, one, action, now)]
    destroy_after_commit(session, keys)


def merged_into(session: Session, person: Person) -> list[Person]:
    """Those who turned out to be this person."""
    return list(session.scalars(select(Person).where(Person.merged_into_id == person.id, Person.erased_at.is_(None))))


def destroy_after_commit(session: Session, owners: list[str]) -> None:
    """Write down whose keys go, and destroy them once the rows are gone for good: never one without the other."""
    ring_of(session).store.note_destroyed(*owners)
    if _DOOMED not in session.info:
        session.info[_DOOMED] = []
        event.listen(session, "after_commit", _destroy)
        event.listen(session, "after_rollback", _spare)
    session.info[_DOOMED] += owners


def _destroy(session: Session) -> None:
    doomed: list[str] = session.info[_DOOMED]
    ring_of(session).store.destroy(*doomed)
    doomed.clear()


def _spare(session: Session) -> None:
    session.info[_DOOMED].clear()


def _empty(session: Session, person: Person, action: RetentionAction, now: datetime) -> list[str]:
    keys = leave(session, person=person, now=now)
    session.flush()
    _end_sign_ins(session, person)
    deleting = action is RetentionAction.DELETE
    for table in children_first():
        if table.left is Left.NOTHING or (deleting and table.left is Left.NUMBERS):
            ids = table.ids([person.id]).scalar_subquery()
            key = next(iter(inspect(table.model).primary_key))
            session.execute(delete(table.model).where(key.in_(ids)), execution_options={"synchronize_session": False})
        else:
            _empty_rows(session, table, person, now)
    session.execute(delete(RetentionCase).where(RetentionCase.person_id == person.id))
    session.execute(
        update(PersonMerge).where(PersonMerge.kept_id == person.id).values(reason_sealed=b"", final_at=now)
    )
    _empty_account(session, person)
    person.public_id = new_public_id()
    person.language = Language.FR
    person.name_sealed = person.name_hash = b""
    person.home_sealed = person.messages_paused_at = None
    person.erased_at = now
    session.flush()
    if deleting:
        _scatter(session, person, now)
    session.expire_all()
    return keys


def _empty_rows(session: Session, table: Personal, person: Person, now: datetime) -> None:
    """What is left of a table: texts go, keys that somebody has in hand are made anew, what runs ends."""
    columns = table.model.__table__.columns
    key = next(iter(inspect(table.model).primary_key))
    for row_id in session.scalars(table.ids([person.id])).all():
        values: dict[str, Any] = {name: _nothing(columns[name]) for name in table.emptied}
        values |= {name: new_code() if name == "code" else new_public_id() for name in table.renewed}
        if values:
            session.execute(update(table.model).where(key == row_id).values(values))
        for name in table.ended:
            session.execute(
                update(table.model).where(key == row_id, columns[name].is_(None)).values({name: now})
            )


def _nothing(column: KeyedColumnElement[Any]) -> object:
    assert isinstance(column, Column)
    # An issued certificate has a signature, says the database; an empty one is none.
    if isinstance(column.type, LargeBinary) and (not column.nullable or column.name == "signature_sealed"):
        return b""
    if column.nullable:
        return None
    if isinstance(column.type, Boolean):
        return False
    return 0 if isinstance(column.type, Integer) else ""


def _end_sign_ins(session: Session, person: Person) -> None:
    """Sign-ins with a contact that nobody else in the family has."""
    for contact in session.scalars(select(Contact).where(Contact.person_id == person.id)).all():
        others = select(Contact.id).where(Contact.value_hash == contact.value_hash, Contact.person_id != person.id)
        if session.scalar(others.limit(1)) is None:
            session.execute(delete(SignIn).where(SignIn.contact_hash == contact.value_hash))


def _empty_account(session: Session, person: Person) -> None:
    session.execute(
        update(Account)
        .where(Account.person_id == person.id)
        .values(mail_hash=new_public_id().encode(), password="", totp_sealed=None)
    )


def _scatter(session: Session, person: Person, now: datetime) -> None:
    """Each meeting's (or whole course's) seat and attendance for somebody else without name: they cannot be joined."""
    pools: dict[int, Person] = {}

    def nobody(pool_id: int) -> Person:
        if pool_id not in pools:
            pools[pool_id] = Person(
                language=Language.FR, name_sealed=b"", name_hash=b"", created_at=now, erased_at=now
            )
            session.add(pools[pool_id])
        return pools[pool_id]

    for signup in session.scalars(select(Signup).where(Signup.person_id == person.id)).all():
        signup.person = nobody(signup.pool_id)
    attended = select(Attendance, Meeting.pool_id).join(Meeting, Meeting.id == Attendance.meeting_id)
    for attendance, pool_id in session.execute(attended.where(Attendance.person_id == person.id)).all():
        attendance.person = nobody(pool_id)
    session.flush()


def finish_erasures(session: Session, *, now: datetime) -> int:
    """Erase again whoever is known although they went: a restored backup brings them back. Returns how many."""
    store = ring_of(session).store
    gone = store.destroyed()
    found = 0
    wanted = sorted(gone)
    for start in range(0, len(wanted), 500):
        known = select(Person).where(Person.public_id.in_(wanted[start : start + 500]), Person.erased_at.is_(None))
        for person in session.scalars(known).all():
            keys = _empty(session, person, RetentionAction.DELETE, now)
            destroy_after_commit(session, keys)
            found += 1
    kept = store.find(wanted)
    if kept:
        store.destroy(*kept)
    return found
