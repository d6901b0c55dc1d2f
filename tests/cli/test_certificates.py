"""Checking a certificate at the terminal: genuine, changed, of another installation, void; with and without a key."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from commune_hub.cli import main
from tests.cli.conftest import Hub
from tests.web.test_verify import Issued, amina, issued  # noqa: F401 - fixtures

OTHER_SECRET = "another installation with a secret of its own"


@pytest.fixture
def file(amina: FlaskClient, issued: Issued, tmp_path: Path) -> Path:  # noqa: F811
    """Amina's certificate as she downloaded it."""
    path = tmp_path / "certificate.pdf"
    path.write_bytes(amina.get(f"/en/my/papers/{issued.code}.pdf").data)
    return path


def test_a_genuine_file_is_recognised_and_read_out(hub: Hub, file: Path) -> None:
    done = hub("certificate", "verify", str(file))

    assert done.exit_code == 0
    assert done.output.startswith("GENUINE")
    assert "Amina Ben Ali" in done.output and "600 of 600 minutes, 10 of 10 meetings" in done.output
    assert "Whether it was made void since cannot be seen here." in done.output


def test_a_file_with_one_changed_letter_is_not(hub: Hub, file: Path) -> None:
    data = file.read_bytes()
    place = data.index(b"stream", data.index(b"/Contents")) + 30
    file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])

    done = hub("certificate", "verify", str(file))

    assert (done.exit_code, done.output.split(":")[0]) == (1, "CHANGED")


def test_the_published_key_is_enough_and_another_s_is_not(hub: Hub, file: Path, tmp_path: Path) -> None:
    keys = {}
    for name, secret in (("ours", {}), ("theirs", {"COMMUNE_HUB_SECRET_KEY": OTHER_SECRET})):
        keys[name] = tmp_path / f"{name}.pem"
        keys[name].write_text(hub("certificate", "public-key", **secret).output)
    elsewhere = CliRunner(env={"COMMUNE_HUB_DATA_DIR": str(tmp_path / "empty"), "COMMUNE_HUB_SECRET_KEY": None})

    ours = elsewhere.invoke(main, ["certificate", "verify", str(file), "--key", str(keys["ours"])])
    theirs = elsewhere.invoke(main, ["certificate", "verify", str(file), "--key", str(keys["theirs"])])
    none = elsewhere.invoke(main, ["certificate", "verify", str(file)])
    no_key = elsewhere.invoke(main, ["certificate", "verify", str(file), "--key", str(file)])

    assert (ours.exit_code, theirs.exit_code, none.exit_code, no_key.exit_code) == (0, 1, 1, 1)
    assert theirs.output == "NOT GENUINE: it was not signed with this key.\n"
    assert "There is no installation here." in none.output and not (tmp_path / "empty").exists()


def test_a_void_one_says_so(hub: Hub, amina: FlaskClient, issued: Issued, file: Path) -> None:  # noqa: F811
    issued.void()
    file.write_bytes(amina.get(f"/en/my/papers/{issued.code}.pdf").data)

    done = hub("certificate", "verify", str(file))

    assert done.exit_code == 1
    assert "GENUINE" in done.output and "VOID since 2027-01-10" in done.output


def test_any_other_file_is_no_certificate(hub: Hub, tmp_path: Path) -> None:
    other = tmp_path / "x.pdf"
    other.write_bytes(b"%PDF-1.7 nothing")

    done = hub("certificate", "verify", "--json", str(other))

    assert (done.exit_code, '"no_certificate"' in done.output) == (1, True)
