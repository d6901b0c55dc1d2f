"""The doctor finds what is wrong, says how to mend it, and leaves alone what is well."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from commune_hub import doctor
from commune_hub.base.db import Store, open_store
from commune_hub.base.settings import PREFIX, Settings
from commune_hub.doctor import State
from commune_hub.upgrade import newest_revision
from tests.cli.conftest import Hub
from tests.factories import a_person
from tests.infrastructure.mail_server import closed_port, mail_server


def found(environ: dict[str, str | None], **more: str) -> dict[str, tuple[State, str]]:
    """What the doctor says, by the worst finding of each part."""
    given = {name: value for name, value in {**environ, **more}.items() if value is not None}
    worst: dict[str, tuple[State, str]] = {}
    order = [State.OK, State.WARN, State.BAD]
    for finding in doctor.examine(given):
        assert finding.mend or finding.state is State.OK
        if order.index(finding.state) >= order.index(worst.get(finding.what, (State.OK, ""))[0]):
            worst[finding.what] = (finding.state, finding.said)
    return worst


def test_a_healthy_installation_is_well(environ: dict[str, str | None]) -> None:
    with mail_server() as mail:
        said = found(environ, COMMUNE_HUB_MAIL_HOST="127.0.0.1", COMMUNE_HUB_MAIL_PORT=str(mail.port))

    assert [what for what, (state, _) in said.items() if state is State.BAD] == []
    assert said["mail"] == (State.OK, f"127.0.0.1:{mail.port} answers.")
    assert said["database"][0] is said["migrations"][0] is said["keys"][0] is said["outbox"][0] is State.OK


def test_a_mail_server_that_does_not_answer_is_found(environ: dict[str, str | None]) -> None:
    with closed_port() as port:
        said = found(environ, COMMUNE_HUB_MAIL_HOST="127.0.0.1", COMMUNE_HUB_MAIL_PORT=str(port))

    assert said["mail"] == (
        State.BAD, f"127.0.0.1:{port} does not take our mail (mail server: ConnectionRefusedError)."
    )  # fmt: skip


def test_missing_migrations_are_found(environ: dict[str, str | None], store: Store) -> None:
    with store.writing() as session:
        session.execute(text("delete from alembic_version"))

    said = found(environ)

    with store.writing() as session:
        session.execute(text("insert into alembic_version values (:head)"), {"head": newest_revision()})
    assert said["migrations"] == (State.BAD, f"It is at no revision, needed is {newest_revision()}.")


def test_a_secret_that_does_not_fit_the_database_is_found(environ: dict[str, str | None], store: Store) -> None:
    with store.writing() as session:
        a_person(session)

    said = found(environ, COMMUNE_HUB_SECRET_KEY="another secret of at least 32 characters")

    assert said["keys"] == (State.BAD, "The secret or the store of keys does not fit the database.")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "value", "state", "said"),
    [
        ("PORT", "eighty", State.BAD, "COMMUNE_HUB_PORT must be a whole number, not 'eighty'."),
        ("LOG_LEVEL", "LOUD", State.BAD, "COMMUNE_HUB_LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR."),
        ("GEOCODER", "google", State.BAD, "COMMUNE_HUB_GEOCODER: 'google' is none of geoportail, nominatim, ban."),
        ("SMS_GATEWAY", "pigeon", State.BAD, "COMMUNE_HUB_SMS_GATEWAY must be log or http."),
        ("MAIL_FORM", "hub@example.lu", State.WARN, "There is no setting COMMUNE_HUB_MAIL_FORM."),
        ("BASE_URL", "http://hub.example.lu", State.WARN, "People reach the site without HTTPS."),
    ],
)
def test_a_setting_that_cannot_be_meant_is_found(
    environ: dict[str, str | None], name: str, value: str, state: State, said: str
) -> None:
    assert found(environ, **{PREFIX + name: value})["settings"] == (state, said)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_development_mailbox_on_a_public_site_is_found(environ: dict[str, str | None]) -> None:
    said = found(environ, COMMUNE_HUB_MAILBOX="/tmp/mailbox", COMMUNE_HUB_BASE_URL="https://hub.example.lu")

    assert said["settings"] == (State.BAD, "The development mailbox is open on a public site.")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_secret_that_others_can_read_is_found(settings: Settings, hub: Hub, environ: dict[str, str | None]) -> None:
    path = Path(settings.data_dir) / "secret"
    path.write_text("x" * 40)
    os.chmod(path, 0o644)

    said = hub("doctor")

    assert said.exit_code == 1
    assert f"-> chmod 600 {path}" in said.output


def test_the_doctor_changes_nothing(environ: dict[str, str | None], settings: Settings) -> None:
    store = open_store(settings)
    found(environ)

    with store.reading() as session:
        rows = session.scalar(text("select count(*) from job"))
    store.close()

    assert rows == 0
