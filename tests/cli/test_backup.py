"""Backup and restore: consistent while people sign up, checked before anything is overwritten."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import func, select, text

from commune_hub import backup
from commune_hub.accounts.models import Person
from commune_hub.backup import BackupError
from commune_hub.base.db import Store, open_store
from commune_hub.base.settings import Settings
from commune_hub.privacy import erasing
from commune_hub.schemes.words import RetentionAction
from tests.cli.conftest import Hub
from tests.factories import a_person


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return [person.name for person in session.scalars(select(Person).order_by(Person.id))]


def people(store: Store, now: datetime, *names: str) -> None:
    with store.writing() as session:
        for name in names:
            a_person(session, name=name, now=now)


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path) -> Iterator[Store]:
    """An empty machine with SQLite and the same secret."""
    data = tmp_path / "elsewhere"
    store = open_store(
        replace(
            settings, data_dir=str(data), database_url=f"sqlite:///{data}/hub.sqlite",
            keys_url=f"sqlite:///{data}/keys.sqlite",
        )
    )  # fmt: skip
    yield store
    store.close()


def test_what_was_backed_up_comes_back(hub: Hub, store: Store, now: datetime, tmp_path: Path) -> None:
    people(store, now, "Amina", "João")
    made = hub("backup", str(tmp_path / "backup"))
    people(store, now, "Later")

    careful = hub("restore", str(tmp_path / "backup"))
    restored = hub("restore", "--replace", str(tmp_path / "backup"))

    store.engine.dispose()
    assert (made.exit_code, restored.exit_code) == (0, 0), made.output + restored.output
    assert (careful.exit_code, careful.output) == (
        1, "Error: There are people in this database already. To overwrite them: restore --replace\n"
    )  # fmt: skip
    assert names(store) == ["Amina", "João"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_backup_is_restored_on_an_empty_machine(
    store: Store, settings: Settings, elsewhere: Store, now: datetime, tmp_path: Path
) -> None:
    people(store, now, "Amina")
    backup.back_up(store, settings, tmp_path / "backup", now=now)

    backup.restore(elsewhere, tmp_path / "backup", now=now)

    assert names(elsewhere) == ["Amina"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_backup_while_people_sign_up_knows_the_name_of_everybody_in_it(
    store: Store, settings: Settings, elsewhere: Store, now: datetime, tmp_path: Path
) -> None:
    stop = Event()

    def keep_coming() -> None:
        while not stop.is_set():
            people(store, now, "Somebody")

    crowd = [Thread(target=keep_coming) for _ in range(4)]
    for thread in crowd:
        thread.start()
    try:
        for number in range(5):
            backup.back_up(store, settings, tmp_path / f"backup{number}", now=now)
    finally:
        stop.set()
        for thread in crowd:
            thread.join()

    for number in range(5):
        backup.restore(elsewhere, tmp_path / f"backup{number}", now=now, replace=True)
        assert set(names(elsewhere)) <= {"Somebody"}
    with elsewhere.engine.connect() as connection:
        assert connection.scalar(text("pragma integrity_check")) == "ok"
        assert connection.scalar(select(func.count()).select_from(Person)) > 0


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_backup_that_cannot_be_read_is_refused_before_anything_changes(
    store: Store, settings: Settings, now: datetime, tmp_path: Path
) -> None:
    people(store, now, "Amina")
    folder = tmp_path / "backup"
    backup.back_up(store, settings, folder, now=now)
    other = open_store(replace(settings, secret_key="another secret of at least 32 characters"))

    said = []
    for target, break_it in (
        (other, lambda: None),
        (store, lambda: (folder / "keys.sqlite").write_bytes(b"damaged")),
        (store, lambda: (folder / "manifest.json").write_text(json.dumps({"not": "ours"}))),
    ):
        break_it()
        with pytest.raises(BackupError) as refused:
            backup.restore(target, folder, now=now, replace=True)
        said.append(str(refused.value).replace(str(folder), "FOLDER").split(":")[0])
    other.close()

    assert said == [
        "This backup was made with another COMMUNE_HUB_SECRET_KEY (or file `secret` in the data folder)",
        "FOLDER/keys.sqlite is missing or damaged.",
        "FOLDER is not a backup of the hub.",
    ]
    assert names(store) == ["Amina"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_backup_goes_into_a_new_folder_that_only_its_owner_reads(
    hub: Hub, settings: Settings, now: datetime, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"

    first, second = hub("backup", str(folder)), hub("backup", str(folder))

    assert (first.exit_code, second.exit_code) == (0, 1)
    assert second.output == f"Error: {folder} is not empty. Name a new folder.\n"
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.name for path in folder.iterdir()} == {"hub.sqlite", "keys.sqlite", "manifest.json"}
    assert settings.backup_stamp.is_file()


def test_whoever_went_since_the_backup_does_not_come_back(
    hub: Hub, store: Store, now: datetime, tmp_path: Path
) -> None:
    people(store, now, "Amina", "João")
    hub("backup", str(tmp_path / "backup"))
    with store.writing() as session:
        amina = session.scalars(select(Person).order_by(Person.id)).first()
        assert amina is not None
        owner = amina.public_id
        erasing.erase(session, person=amina, action=RetentionAction.DELETE, now=now)

    restored = hub("restore", "--replace", str(tmp_path / "backup"))

    store.engine.dispose()
    store.keys.engine.dispose()
    assert restored.exit_code == 0, restored.output
    assert (names(store), store.keys.find([owner]), store.keys.destroyed()) == (["", "João"], {}, {owner})


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_nor_on_an_empty_machine_with_the_list_that_was_kept_apart(
    store: Store, settings: Settings, elsewhere: Store, now: datetime, tmp_path: Path
) -> None:
    people(store, now, "Amina", "João")
    backup.back_up(store, settings, tmp_path / "backup", now=now)
    with store.reading() as session:
        owner = session.scalars(select(Person.public_id).order_by(Person.id)).first()
    assert owner is not None

    backup.restore(elsewhere, tmp_path / "backup", now=now, gone=frozenset({owner}))

    assert names(elsewhere) == ["", "João"]
