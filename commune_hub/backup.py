"""Backup and restore of both stores: while people use the hub, and checked before anything is overwritten.

A backup is a folder: the hub's database, the store of personal keys, and manifest.json. The secret of the
installation is not in it, so that a lost backup can be read by nobody; keep it somewhere else.
"""

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import URL, Engine, func, make_url, select

from commune_hub import __version__, upgrade
from commune_hub.accounts.models import Person
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.privacy.erasing import finish_erasures

MANIFEST = "manifest.json"


class BackupError(Exception):
    """It cannot be done; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `secret_check` fits the secret that can read it, and tells nothing about it."""

    version: str
    revision: str
    dialect: str
    made_at: str
    secret_check: str
    files: dict[str, str]


def back_up(store: Store, settings: Settings, folder: Path, *, now: datetime) -> Manifest:
    """Write both stores into a new folder and return what is in it. Nobody has to stop working.

    The hub is copied before the keys: a key is there before anything is sealed with it, so the other way round a
    person who signs up in between would have come back without a key.
    """
    revision = upgrade.revision_of(store)
    if revision is None:
        raise BackupError("There is nothing to back up: the database has no tables yet.")
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty. Name a new folder.")
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    part.chmod(0o700)
    dialect = store.engine.dialect.name
    files = {}
    for name, engine in _stores(store):
        path = part / _file_of(name, engine)
        _copy_out(engine, path)
        files[path.name] = _hash_of(path)
    manifest = Manifest(__version__, revision, dialect, now.isoformat(), _secret_check(store), files)
    (part / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n")
    if folder.exists():
        folder.rmdir()
    part.rename(folder)
    settings.backup_stamp.parent.mkdir(parents=True, exist_ok=True)
    settings.backup_stamp.write_text(now.isoformat())
    return manifest


def restore(
    store: Store, folder: Path, *, now: datetime, replace: bool = False, gone: frozenset[str] = frozenset()
) -> Manifest:
    """Put a backup into the databases of the settings. Raises BackupError before anything is changed when files
    are damaged, the secret does not fit, or there are people already and `replace` is not said.

    Whoever was erased since the backup is erased again: they stand in the store of keys that is overwritten here, and
    for an empty machine in `gone`, the list that was kept apart (`commune-hub retention gone`).
    """
    manifest = read_manifest(folder)
    if manifest.dialect != store.engine.dialect.name:
        raise BackupError(f"The backup is from {manifest.dialect}, the settings name {store.engine.dialect.name}.")
    for name, expected in manifest.files.items():
        if not (folder / name).is_file() or _hash_of(folder / name) != expected:
            raise BackupError(f"{folder / name} is missing or damaged.")
    if manifest.secret_check != _secret_check(store):
        raise BackupError(
            "This backup was made with another COMMUNE_HUB_SECRET_KEY (or file `secret` in the data folder): put that"
            " one back first, nothing could be read without it."
        )
    if not replace and upgrade.revision_of(store) is not None and _people(store):
        raise BackupError("There are people in this database already. To overwrite them: restore --replace")
    went = gone | (store.keys.destroyed() if store.keys.is_prepared() else set())
    for name, engine in _stores(store):
        _copy_in(engine, folder / _file_of(name, engine))
    store.keys.prepare()
    store.keys.note_destroyed(*went)
    # Their keys at once; their rows as soon as the tables are of this version, at the latest before the first page.
    store.keys.destroy(*went)
    if upgrade.is_current(store):
        with store.writing() as session:
            finish_erasures(session, now=now)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """What a backup says about itself. Raises BackupError when the folder is none."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{folder} is not a backup of the hub.") from error


def _stores(store: Store) -> list[tuple[str, Engine]]:
    return [("hub", store.engine), ("keys", store.keys.engine)]


def _file_of(name: str, engine: Engine) -> str:
    return f"{name}.sqlite" if engine.dialect.name == "sqlite" else f"{name}.dump"


def _copy_out(engine: Engine, path: Path) -> None:
    if engine.dialect.name != "sqlite":
        _postgres("pg_dump", engine.url, "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
        return
    with closing(sqlite3.connect(f"file:{engine.url.database}?mode=ro", uri=True)) as source, closing(
        sqlite3.connect(path)
    ) as target:
        source.backup(target)
        # One file without companions, whatever mode the source was in.
        target.execute("pragma journal_mode=delete")
        if target.execute("pragma integrity_check").fetchone() != ("ok",):
            raise BackupError(f"The copy of {engine.url.database} is damaged.")


def _copy_in(engine: Engine, path: Path) -> None:
    if engine.dialect.name != "sqlite":
        options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _postgres("pg_restore", engine.url, *options, str(path))
        return
    engine.dispose()
    target_path = Path(str(engine.url.database))
    target_path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target_path, timeout=10)) as target:
        # Into the live file rather than over it: a process that still has it open sees the restored rows.
        source.backup(target)


def _postgres(program: str, url: URL, *arguments: str) -> None:
    found = shutil.which(program) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)), None
    )
    if found is None:
        raise BackupError(f"{program} is missing: install PostgreSQL's client programs.")
    # The password travels in the environment: a command line can be read by everybody on the machine.
    address = make_url(url).set(drivername="postgresql", password=None)
    environ = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    command = [found, f"--dbname={address.render_as_string(hide_password=False)}", *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        line = next(iter(done.stderr.strip().splitlines()), "")
        raise BackupError(f"{program} failed: {line[:300]}")


def _secret_check(store: Store) -> str:
    return store.keys.derive("check of backups").hex()


def _people(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
