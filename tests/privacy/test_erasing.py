"""Deleting and making anonymous: nothing of somebody is left, in no file, and what others count stays."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.models import Contact, Person
from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.base.errors import Refused
from commune_hub.base.settings import Settings
from commune_hub.events.models import Signup
from commune_hub.events.records import Alert, Attendance, PracticeCard
from commune_hub.privacy import erasing
from commune_hub.privacy.words import RightsRefusal
from commune_hub.schemes.words import RetentionAction
from commune_hub.worker import retention as run
from tests import factories
from tests.infrastructure.databases import files_in
from tests.infrastructure.postgres import conninfo
from tests.privacy.conftest import SECRETS, Known, a_link, seats


@pytest.mark.parametrize("action", RetentionAction)
def test_numbers_stay_and_nobody_else_is_touched(
    session: Session, known: Known, now: datetime, action: RetentionAction
) -> None:
    person, other, present = known.person, known.other, select(func.count()).select_from(Attendance)
    before = seats(session), session.scalar(present)
    a_link(session, person)

    erasing.erase(session, person=person, action=action, now=now)
    session.commit()

    assert (seats(session), session.scalar(present)) == ([("cancelled", 1), ("confirmed", 3)], before[1])
    assert (person.erased_at, person.name, person.contacts, person.home_sealed) == (now, "", [], None)
    assert [one.name for one in accounts.people_at(session, other.contacts[0].value_hash)] == ["Béatrice"]
    for table in (Alert, PracticeCard):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_what_is_made_anonymous_hangs_together_what_is_deleted_does_not(
    session: Session, known: Known, now: datetime
) -> None:
    first, second = known.person, known.other
    erasing.erase(session, person=first, action=RetentionAction.ANONYMISE, now=now)
    erasing.erase(session, person=second, action=RetentionAction.DELETE, now=now)
    session.commit()

    pools = {
        row.person_id: row.pools
        for row in session.execute(
            select(Signup.person_id, func.count(Signup.pool_id.distinct()).label("pools")).group_by(Signup.person_id)
        )
    }

    assert pools.pop(first.id) == 2
    assert second.id not in pools
    assert set(pools.values()) == {1} and len(pools) == 2
    # The seat and the attendance of one meeting stay together, or the meeting would count two people.
    assert session.scalars(select(Attendance.person_id).where(Attendance.person_id != first.id)).one() in pools


def test_ids_and_keys_that_somebody_has_in_hand_lead_nowhere_any_more(
    session: Session, known: Known, now: datetime
) -> None:
    person = known.person
    was = {person.public_id, *session.scalars(select(Signup.link_key).where(Signup.person_id == person.id))}

    erasing.erase(session, person=person, action=RetentionAction.ANONYMISE, now=now)
    session.commit()

    assert was & {person.public_id, *session.scalars(select(Signup.link_key))} == set()


def test_whoever_works_here_is_not_erased_before_the_account_is_closed(session: Session, now: datetime) -> None:
    account = factories.an_account(session, role=Role.ASTI)

    with pytest.raises(Refused) as refused:
        erasing.erase(session, person=account.person, action=RetentionAction.DELETE, now=now)

    assert refused.value.reason is RightsRefusal.WORKS_HERE
    account.disabled_at = now
    erasing.erase(session, person=account.person, action=RetentionAction.DELETE, now=now)
    assert (account.password, account.totp_sealed) == ("", None)


def test_a_transaction_that_fails_destroys_no_key(session: Session, known: Known, now: datetime) -> None:
    owner = known.person.public_id
    session.commit()

    erasing.erase(session, person=known.person, action=RetentionAction.DELETE, now=now)
    session.rollback()
    session.execute(text("select 1"))
    session.commit()

    assert set(session.info["keyring"].store.find([owner])) == {owner}


def test_an_interrupted_erasure_is_finished_by_the_next_run(
    store: Store, session: Session, known: Known, now: datetime
) -> None:
    owner = known.person.public_id
    store.keys.note_destroyed(owner)
    session.commit()

    outcome = run.run(store, now=now, trace_months=36)

    session.expire_all()
    assert outcome.erased_again == 1
    assert session.get_one(Person, known.person.id).erased_at == now
    assert store.keys.find([owner]) == {}


def bytes_of(store: Store, settings: Settings) -> Iterable[tuple[Path, bytes]]:
    """Every file of the installation and of the databases; of a PostgreSQL server all files, the log too."""
    for folder in {Path(settings.data_dir), _on_disk(store.engine), _on_disk(store.keys.engine)}:
        yield from files_in(folder)


def _on_disk(engine: Engine) -> Path:
    """The folder of the database, of PostgreSQL that of the server, after it wrote everything to the disk."""
    if engine.dialect.name == "sqlite":
        return Path(str(engine.url.database)).parent
    with psycopg.connect(conninfo(engine.url), autocommit=True) as connection:
        connection.execute("checkpoint")
        found = connection.execute("select current_setting('data_directory')").fetchone()
    assert found is not None
    return Path(found[0])


def test_no_byte_of_somebody_is_found_in_any_file(
    store: Store, session: Session, known: Known, settings: Settings, now: datetime
) -> None:
    person, keys = known.person, store.keys
    a_link(session, person, state="ended")
    session.commit()
    person_id = person.id
    with keys.engine.connect() as connection:
        wrapped = connection.execute(
            text("select wrapped from personal_key where owner = :owner"), {"owner": person.public_id}
        ).scalar_one()
    contact = session.scalars(select(Contact).where(Contact.person_id == person_id)).one()
    hashes = [contact.value_hash, person.name_hash, person.name_sealed, contact.value_sealed, bytes(wrapped)]
    words = [word.encode() for word in SECRETS]
    control = known.other.public_id.encode()

    erasing.erase(session, person=person, action=RetentionAction.DELETE, now=now)
    session.commit()
    run.sweep(store)

    files = list(bytes_of(store, settings))
    # PostgreSQL's write-ahead log has what was sealed, and the wrapped key, until it is recycled: decision 9.
    sought = {False: [*words, *hashes], True: words}
    found = [f"{path}: {one!r}" for path, data in files for one in sought["pg_wal" in path.parts] if one in data]
    assert found == []
    # The search itself works: somebody who stays is found.
    assert any(control in data for _path, data in files)
