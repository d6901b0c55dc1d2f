"""The command national-record, on a folder of its own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, func, select

from national_record import demo
from national_record.access_models import Agent, Trace
from national_record.actions import access
from national_record.cli import main
from national_record.models import Person
from national_record.settings import Settings, open_store
from national_record.words import Duty


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NATIONAL_RECORD_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("NATIONAL_RECORD_PASSWORD", "un mot de passe à soi")
    return tmp_path


def run(*command: str) -> Result:
    return CliRunner().invoke(main, command)


def said(*command: str) -> str:
    result = run(*command)
    assert result.exit_code == 0, result.output
    return result.output.strip()


def test_from_an_empty_folder_to_an_authorised_hub(folder: Path) -> None:
    said("db", "upgrade")
    director = said("agent", "add", "D@example.lu", "--name", "D", "--organisation", "MFSVA", "--role", "director")
    secret = said("client", "add", "hub", "--organisation", "https://hub.example.lu")
    service = ("--role", "service", "--client", "hub", "--duty", "link", "--duty", "submit")
    said("agent", "add", "commune-hub", "--name", "Hub", "--organisation", "https://hub.example.lu", *service)

    store = open_store(Settings.from_env())
    with store.writing() as session:
        token = access.give_token(session, name="hub", secret=secret, now=datetime.now(UTC))
        agents = {one.login: one.duties for one in session.scalars(select(Agent))}
    store.close()
    assert "nothing yet" in director
    assert token is not None
    assert agents == {"d@example.lu": frozenset(), "commune-hub": {Duty.LINK, Duty.SUBMIT}}
    assert said("audit", "verify") == "All chains are whole."


def test_it_does_not_serve_before_its_migrations(folder: Path) -> None:
    result = run("run")

    assert (result.exit_code, result.output) == (1, "Error: Migrations are missing. Run: national-record db upgrade\n")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("agent", "add", "x", "--name", "x", "--organisation", "x", "--role", "service"), "A service has a --client"),
        (("agent", "add", "x", "--name", "x", "--organisation", "x", "--duty", "link"), "not for this role"),
        (("retention", "run"), "national-record db upgrade"),
    ],
)
def test_what_goes_wrong_is_one_sentence(folder: Path, command: tuple[str, ...], words: str) -> None:
    result = run(*command)

    assert result.exit_code in (1, 2)
    assert words in result.output
    assert "Traceback" not in result.output


def test_the_night_closes_deletes_and_makes_anonymous(folder: Path) -> None:
    said("db", "upgrade")
    store = open_store(Settings.from_env())
    with store.writing() as session:
        demo.fill(session, now=datetime(2026, 11, 22, 10, tzinfo=UTC))

    dry = said("retention", "run", "--dry-run", "--now", "2027-02-01")
    done = said("retention", "run", "--now", "2027-02-01")
    again = said("retention", "run", "--now", "2027-02-01")

    assert dry.splitlines()[0] == done.splitlines()[0] + " (nothing was changed)"
    assert "contracts made anonymous 2," in done
    assert "because a contract still runs" in done
    assert "contracts made anonymous 0," in again
    with store.writing() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 7
        session.execute(delete(Trace))
    store.close()
    broken = run("audit", "verify")
    assert (broken.exit_code, "the end is missing" in broken.output) == (1, True)


def test_a_folder_with_something_else_is_no_demo(folder: Path) -> None:
    (folder / "mine").write_text("mine")

    result = run("demo", "--data-dir", str(folder))

    assert (result.exit_code, "holds something else" in result.output) == (1, True)
