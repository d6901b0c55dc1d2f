"""The commands that look after an installation."""

import json
import re
import signal
import time
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from commune_hub import __version__
from commune_hub.accounts import actions as accounts
from commune_hub.accounts.words import Role
from commune_hub.base import outbox
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.cli import PARTS, main
from commune_hub.upgrade import newest_revision
from tests.cli.conftest import Hub, start
from tests.factories import an_organisation
from tests.infrastructure.server import serving


def everything(group: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command and group, as it is typed."""
    import click

    found = [path]
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            found.extend(everything(group.get_command(context, name), (*path, name)))
    return found


def test_every_command_has_help(hub: Hub) -> None:
    silent = [path for path in everything(main) if len(hub(*path, "--help").output.split("Options:")[0].split()) < 6]

    assert silent == []
    assert set(PARTS) <= {path[0] for path in everything(main) if path}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_version_is_told(hub: Hub) -> None:
    assert hub("--version").output == f"commune-hub, version {__version__}\n"


def test_an_organisation_is_added_once(hub: Hub) -> None:
    added = hub("organisation", "add", "Gemeng Suessem", "--commune", "sanem", "--mail", "office@example.lu")
    again = hub("organisation", "add", "Gemeng Suessem")
    nowhere = hub("organisation", "add", "Atlantis", "--commune", "atlantis")

    assert (added.exit_code, added.output) == (0, "gemeng-suessem\n")
    assert (again.exit_code, again.output) == (1, "Error: There is an organisation with this name already.\n")
    assert (nowhere.exit_code, nowhere.output.count("\n")) == (1, 1)
    assert hub("organisation", "list").output == "gemeng-suessem  commune  Gemeng Suessem  0213\n"


def test_an_invited_user_gets_a_link_that_works(hub: Hub, session: Session, now: datetime) -> None:
    an_organisation(session, slug="sanem")
    session.commit()

    who = ("--mail", "marc@example.lu", "--name", "Marc")
    said = hub("user", "add", *who, "--role", "officer", "--organisation", "sanem")

    [token] = re.findall(r"^http://localhost:8000/fr/staff/invitation/(\S+)$", said.output, re.M)
    invitation = accounts.open_invitation(session, token=token, now=now)
    assert (invitation.person.name, invitation.role, invitation.organisation.slug) == ("Marc", Role.OFFICER, "sanem")


def test_a_user_with_a_password_can_sign_in_until_the_account_is_closed(hub: Hub) -> None:
    added = hub(
        "user", "add", "--mail", "eva@example.lu", "--name", "Eva", "--role", "admin", "--password",
        stdin="a long enough sentence\n",
    )  # fmt: skip
    listed = hub("user", "list").output
    closed = hub("user", "close", "eva@example.lu")

    assert added.output == "Eva can sign in now: http://localhost:8000/fr/staff/sign-in\n"
    assert listed.split()[1:] == ["Eva", "admin"]
    assert closed.output == "The account is closed.\n"
    assert hub("user", "list").output.split()[1:] == ["Eva", "admin", "(closed)"]


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["--role", "officer"], 2, "The role officer needs --organisation."),
        (["--role", "admin", "--organisation", "sanem"], 2, "The role admin has no --organisation."),
        (["--role", "officer", "--organisation", "atlantis"], 1, "There is no such organisation."),
        (["--role", "admin", "--password"], 1, "A password needs at least 8 characters."),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_user_that_cannot_be_added_is_refused_in_one_line(
    hub: Hub, arguments: list[str], code: int, error: str
) -> None:
    said = hub("user", "add", "--mail", "eva@example.lu", "--name", "Eva", *arguments, stdin="short\n")

    assert (said.exit_code, said.output.splitlines()[-1]) == (code, f"Error: {error}")


def test_the_revision_is_told_and_an_upgrade_again_changes_nothing(hub: Hub) -> None:
    head = newest_revision()

    current, upgraded = hub("db", "current"), hub("db", "upgrade")

    assert (current.exit_code, current.output) == (0, f"database: {head}, newest: {head}\n")
    assert upgraded.output == f"The database is at {head} already.\n"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_an_empty_database_goes_up_and_down_and_does_not_serve_before(hub: Hub, tmp_path: Path) -> None:
    empty = {"COMMUNE_HUB_DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite"}
    head = newest_revision()

    said = [
        hub(*arguments, **empty)
        for arguments in (
            ("db", "current"), ("run",), ("db", "upgrade"), ("db", "downgrade", "base", "--yes"),
            ("db", "downgrade", "nonsense", "--yes"),
        )
    ]  # fmt: skip

    assert [(result.exit_code, result.output.splitlines()[-1]) for result in said[:4]] == [
        (1, f"database: none, newest: {head}"),
        (1, "Error: The database lacks migrations. Run first: commune-hub db upgrade"),
        (0, f"The database is at {head}, before at none."),
        (0, "The database is at none."),
    ]
    assert (said[4].exit_code, said[4].output.count("\n")) == (1, 1)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("PORT", "eighty", "COMMUNE_HUB_PORT must be a whole number, not 'eighty'."),
        ("SECRET_KEY", "short", "COMMUNE_HUB_SECRET_KEY has fewer than 32 characters: set a longer one."),
        ("DATABASE_URL", "nosuch://x", "A database address cannot be used (NoSuchModuleError)."),
        ("DATABASE_URL", "sqlite:////proc/none/x", "The data cannot be read or written (FileNotFoundError)."),
    ],
)
def test_a_setting_that_cannot_be_used_ends_in_one_line(hub: Hub, name: str, value: str, error: str) -> None:
    said = hub("db", "current", **{f"COMMUNE_HUB_{name}": value})

    assert (said.exit_code, said.output) == (1, f"Error: {error}\n")


def test_the_settings_are_shown_without_their_secrets(hub: Hub) -> None:
    said = hub("config", "show", COMMUNE_HUB_MAIL_PASSWORD="hunter2")

    shown = dict(line.split("=", 1) for line in said.output.splitlines())

    assert (shown["COMMUNE_HUB_SECRET_KEY"], shown["COMMUNE_HUB_MAIL_PASSWORD"]) == ("(set)", "(set)")
    assert shown["COMMUNE_HUB_PORT"] == "8000"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_password_in_a_database_address_is_not_shown(hub: Hub) -> None:
    said = hub("config", "show", COMMUNE_HUB_DATABASE_URL="postgresql://hub:hunter2@db/hub")

    assert "COMMUNE_HUB_DATABASE_URL=postgresql://hub:***@db/hub" in said.output


def test_the_health_of_a_running_server_is_asked(
    hub: Hub, settings: Settings, store: Store, now: datetime
) -> None:
    with serving(settings, store=store, clock=lambda: now) as live:
        well = hub("healthz", "--url", f"{live.url}/healthz")
        elsewhere = hub("healthz", "--url", f"{live.url}/nowhere")
    gone = hub("healthz", "--url", f"{live.url}/healthz")

    assert (well.exit_code, json.loads(well.output)["database"]) == (0, True)
    assert (elsewhere.exit_code, gone.exit_code) == (1, 1)


def test_the_worker_works_off_what_is_due_at_a_given_time(
    environ: dict[str, str | None], session: Session, store: Store, now: datetime
) -> None:
    outbox.enqueue(session, "fill_seats", due_at=now, now=now, key="gone", pool="AAAAAAAAAAAAAAAAAAAAAA")
    session.commit()

    worker = start("worker", "--once", "--now", "2026-11-22T11:00", environ=environ)
    said, errors = worker.communicate(timeout=60)

    # The seats, and the nightly and daily work that a worker plans for itself.
    assert (worker.returncode, said) == (0, "done 5, failed for now 0, given up 0\n")
    assert "messages stay in the outbox" in errors


def test_the_worker_ends_at_a_sigterm_and_two_share_no_sqlite(environ: dict[str, str | None], store: Store) -> None:
    first = start("worker", environ=environ)
    wait_for_a_night(store)
    second = start("worker", "--once", environ=environ)
    _, errors = second.communicate(timeout=60)
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=60)

    assert first.returncode == 0
    if store.engine.dialect.name == "sqlite":
        refused = "Error: A worker is running on this database already; SQLite bears one."
        assert (second.returncode, errors.splitlines()[-1]) == (1, refused)
    else:
        assert second.returncode == 0


def wait_for_a_night(store: Store) -> None:
    """Until the worker has begun, which shows by its planning of the housekeeping."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with store.reading() as session:
            if outbox.counts(session):
                return
        time.sleep(0.1)
    raise AssertionError("the worker does not begin")
