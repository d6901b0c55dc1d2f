"""A full disk, a locked database, one that may only be read: a plain page, nobody's data, and it recovers by itself."""

import os
import pwd
import resource
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import make_url

from commune_hub.accounts import actions as accounts
from commune_hub.app import create_app
from commune_hub.base.db import Store, open_store
from commune_hub.base.settings import Settings
from commune_hub.events.models import Signup
from tests import factories
from tests.crash.doings import DURING
from tests.infrastructure.databases import Databases, sqlite_copy
from tests.infrastructure.postgres import conninfo

Trouble = Callable[[Store, Path], AbstractContextManager[None]]
TABLES = ("signup", "access_trace")


@contextmanager
def locked(store: Store, folder: Path) -> Iterator[None]:
    """Another program holds it, and does not let go."""
    if store.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(store.engine.url.database), isolation_level=None)) as other:
            other.execute("begin exclusive")
            yield
            other.execute("rollback")
        return
    with psycopg.connect(conninfo(store.engine.url.difference_update_query(["options"]))) as held:
        held.execute(f"lock table {', '.join(TABLES)} in access exclusive mode")
        yield
        held.rollback()


@contextmanager
def read_only(store: Store, folder: Path) -> Iterator[None]:
    """Its files belong to somebody else; on PostgreSQL it is the copy that follows another server."""
    store.engine.dispose()
    if store.engine.dialect.name == "sqlite":
        yield from _without_the_right_to_write(folder)
        return
    with psycopg.connect(conninfo(store.engine.url.difference_update_query(["options"])), autocommit=True) as other:
        name = psycopg.sql.Identifier(str(store.engine.url.database))
        other.execute(psycopg.sql.SQL("alter database {} set default_transaction_read_only = on").format(name))
        try:
            yield
        finally:
            other.execute(psycopg.sql.SQL("alter database {} reset default_transaction_read_only").format(name))
    store.engine.dispose()


def _without_the_right_to_write(folder: Path) -> Iterator[None]:
    files = [*folder.glob("*.sqlite*"), folder]
    modes = {path: path.stat().st_mode for path in files}
    for path in files:
        path.chmod(0o555 if path.is_dir() else 0o444)
    # Root may always write.
    me = os.geteuid()
    if me == 0:
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(me)
        for path, mode in modes.items():
            path.chmod(mode)


@contextmanager
def full(store: Store, folder: Path) -> Iterator[None]:
    """The disk is full: really so where we may make a small one, else no file may grow. PostgreSQL says that it is."""
    if store.engine.dialect.name == "sqlite":
        if os.path.ismount(folder.parent):
            filler = folder.parent / "filler"
            with filler.open("wb", buffering=0) as file:
                try:
                    while file.write(b"\0" * 65536) == 65536:
                        pass
                except OSError:
                    pass
            yield
            filler.unlink()
            return
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, usual[1]))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        return
    with psycopg.connect(conninfo(store.engine.url.difference_update_query(["options"])), autocommit=True) as other:
        other.execute(
            "create function no_room() returns trigger language plpgsql as"
            " $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$"
        )
        for table in TABLES:
            other.execute(f"create trigger no_room before insert on {table} execute function no_room()")
        try:
            yield
        finally:
            other.execute("drop function no_room() cascade")


@pytest.fixture
def place(databases: Databases, run: Path, tmp_path: Path) -> Iterator[tuple[Path, Databases]]:
    """Where the databases of this test are: on SQLite a disk of 16 MB, if we may make one."""
    if not databases.database_url.startswith("sqlite"):
        yield tmp_path, databases
        return
    small = tmp_path / "small disk"
    small.mkdir()
    mounted = os.geteuid() == 0 and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(small)], capture_output=True, check=False
    ).returncode  # fmt: skip
    # Pytest's folders are for their owner only.
    for folder in [small, *small.parents[:3]]:
        folder.chmod(0o755)
    try:
        yield small / "db", sqlite_copy(run, small / "db")
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(small)], check=True)


@pytest.fixture
def trouble_store(place: tuple[Path, Databases], settings: Settings) -> Iterator[tuple[Store, Path]]:
    """The store there; on PostgreSQL one that does not wait for ten seconds."""
    folder, databases = place
    url = make_url(databases.database_url)
    if url.get_backend_name() != "sqlite":
        url = url.update_query_dict({"options": "-c lock_timeout=300"})
    store = open_store(
        Settings.from_env(
            {}, secret_key=settings.secret_key, data_dir=str(folder), keys_url=databases.keys_url,
            database_url=url.render_as_string(hide_password=False),
        )
    )  # fmt: skip
    yield store, folder
    store.close()


def a_client(store: Store, settings: Settings) -> FlaskClient:
    app = create_app(settings, store=store, clock=lambda: DURING)
    app.config.update(WTF_CSRF_ENABLED=False)
    return app.test_client()


@pytest.mark.parametrize("trouble", [locked, read_only, full], ids=lambda trouble: trouble.__name__)
def test_in_trouble_there_is_a_plain_page_without_anybody_s_data_and_afterwards_all_goes_on(
    trouble_store: tuple[Store, Path], settings: Settings, trouble: Trouble
) -> None:
    store, folder = trouble_store
    with store.writing() as session:
        organisation = factories.an_organisation(session)
        activity = factories.an_activity(session, organisation=organisation)
        tonight = next(meeting for meeting in activity.meetings if meeting.ends_at > DURING)
        factories.a_signup(session, tonight.pool, person=factories.a_person(session, name="Aminata"))
        account = factories.an_account(session, organisation=organisation)
        token = accounts.sign_in_staff(session, account=account, now=DURING, second_factor=True)
        roll = f"/en/staff/meetings/{tonight.public_id}/attendance"
        page, pool_id = f"/en/a/{activity.public_id}", activity.meetings[-1].pool.public_id
    visitor, officer = a_client(store, settings), a_client(store, settings)
    officer.set_cookie("signin", token)
    form = {"name": "Zahra", "contact": "621 123 456", "form_token": "one press", "pools": pool_id}

    with trouble(store, folder):
        answers = [visitor.post(f"{page}/dates", data=form), officer.get(roll)]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert ["Nothing of yours is lost." in answer.text for answer in answers] == [True, True]
    assert [name for answer in answers for name in ("Aminata", "Traceback", "seat") if name in answer.text] == []
    # Nothing is told afterwards of what was not written down.
    assert "You have a seat" not in visitor.get("/en/how-it-works").text
    told = [visitor.post(f"{page}/dates", data=form, follow_redirects=True).text for _ in range(2)]
    assert ["You have a seat" in one for one in told] == [True, True]
    assert "Aminata" in officer.get(roll).text
    with store.reading() as session:
        assert session.query(Signup).count() == 2
