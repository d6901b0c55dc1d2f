"""The commands `commune-hub places ...` as somebody at a terminal uses them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commune_hub.base.settings import PREFIX, Settings
from commune_hub.places_cli import places

HEAD = "rue;numero;localite;code_postal;id_caclr_rue;id_caclr_bat;lat_wgs84;lon_wgs84\r\n"
GOOD = "Rue de la Poste;4;Belvaux;4477;1;1;49.5106;5.9272\r\n"
BAD = "Rue de la Poste;4;Belvaux;4477;1;1;;\r\n"


@pytest.fixture
def here(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the databases of the test in the environment."""
    for name in ("database_url", "keys_url", "secret_key", "data_dir"):
        monkeypatch.setenv(PREFIX + name.upper(), getattr(settings, name))
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(places, [str(argument) for argument in arguments])


def test_an_import_says_what_it_took_and_where_the_rest_stands(here: Path) -> None:
    (here / "a.csv").write_text("\ufeff" + HEAD + GOOD + BAD, encoding="utf-8", newline="")

    done = run("import-addresses", here / "a.csv", "--report", here / "bad.csv")

    assert (done.exit_code, done.stdout) == (0, f"1 addresses taken, 1 lines rejected: see {here / 'bad.csv'}\n")
    assert (here / "bad.csv").read_text().splitlines() == [
        "line,reason,text",
        "3,no_point,Rue de la Poste;4;Belvaux;4477;1;1;;",
    ]


def test_imported_addresses_are_found_from_the_terminal(here: Path) -> None:
    (here / "a.csv").write_text(HEAD + GOOD, encoding="utf-8", newline="")
    run("import-addresses", here / "a.csv")

    found = run("find", "poste", "4", "Belvaux")

    assert (found.exit_code, found.stdout.splitlines()[0]) == (
        0,
        "1.00 address   49.51060 5.92720 0213 4, Rue de la Poste, 4477 Belvaux",
    )


def test_an_unknown_place_is_an_error_with_suggestions(here: Path) -> None:
    found = run("find", "Bettenborg")

    assert (found.exit_code, found.stdout.splitlines()[0].split()[-1]) == (1, "Bettembourg")


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"name;street\r\n", "columns that lack"), (HEAD.encode() + b"Rue de l'\xc9glise;1;x;4477;1;1;49.5;5.9", "UTF-8")],
)
def test_another_file_is_refused_in_a_sentence(here: Path, content: bytes, why: str) -> None:
    (here / "a.csv").write_bytes(content)

    done = run("import-addresses", here / "a.csv")

    assert (done.exit_code, why in done.stderr) == (1, True)


def test_a_failed_download_is_an_error_in_a_sentence(here: Path) -> None:
    done = run("fetch", "--url", "http://127.0.0.1:9/a.csv", "--to", here / "a.csv")

    assert (done.exit_code, "Fetch it by hand" in done.stderr, (here / "a.csv").exists()) == (1, True, False)


@pytest.mark.parametrize("command", [(), ("fetch",), ("import-addresses",), ("find",)])
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    done = run(*command, "--help")

    assert (done.exit_code, done.stdout.startswith("Usage:")) == (0, True)
