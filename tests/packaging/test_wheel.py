"""The wheel: everything is in it, and it works in an environment that knows nothing of this checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from commune_hub import __version__
from tests.house.source import PACKAGE, ROOT

UV = Path(sys.executable).with_name("uv")
FETCH = """
import sys
from commune_hub.app import create_app
from commune_hub.base.settings import Settings
client = create_app(Settings.from_env()).test_client()
for path in sys.argv[1:]:
    print(client.get(path, follow_redirects=True).status_code, path)
"""

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path, **environ: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("COMMUNE_HUB_", "PYTHON"))}
    done = subprocess.run(
        command, cwd=cwd, env={**inherited, **environ}, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def wheel(folder: Path) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist", cwd=ROOT)
    return next((folder / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def environment(folder: Path, wheel: Path) -> Path:
    """The bin folder of a new virtual environment with the locked packages and the wheel."""
    run(UV, "venv", "--python", sys.executable, folder / "venv", cwd=folder)
    python = folder / "venv/bin/python"
    run(UV, "pip", "sync", "--python", python, "--require-hashes", ROOT / "requirements/base.lock", cwd=folder)
    run(UV, "pip", "install", "--python", python, "--no-deps", "--offline", wheel, cwd=folder)
    return python.parent


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_everything_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    packages = [*PACKAGE.rglob("*"), *(ROOT / "national_record").rglob("*")]
    package = {p.relative_to(ROOT).as_posix() for p in packages if p.is_file() and p.suffix != ".pyc"}
    catalogues = {
        f"commune_hub/{po.relative_to(ROOT).with_suffix('.mo').as_posix()}"
        for po in (ROOT / "translations").glob("*/LC_MESSAGES/*.po")
    }

    inside = {name for name in names_in(wheel) if ".dist-info/" not in name}

    assert inside == package | catalogues


def test_the_source_archive_makes_the_same_wheel_without_node(folder: Path, wheel: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder / "dist", cwd=ROOT)
    run("tar", "-xzf", next((folder / "dist").glob("*.tar.gz")), cwd=folder)
    source = next(folder.glob("commune_hub-*"))
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "again", cwd=source)

    assert names_in(next((folder / "again").glob("*.whl"))) == names_in(wheel)


def test_the_wheel_declares_what_it_needs(folder: Path, environment: Path) -> None:
    run(UV, "pip", "check", "--python", environment / "python", cwd=folder)


def test_the_installed_command_runs_and_serves_pages(folder: Path, environment: Path) -> None:
    hub = environment / "commune-hub"
    data = {"COMMUNE_HUB_DATA_DIR": str(folder / "data")}
    paths = ["/fr/", "/fr/schemes", "/healthz", "/static/vendor/leaflet/leaflet.js"]

    version = run(hub, "--version", cwd=folder)
    run(hub, "db", "upgrade", cwd=folder, **data)
    run(hub, "doctor", cwd=folder, **data)
    answers = run(environment / "python", "-I", "-c", FETCH, *paths, cwd=folder, **data)

    assert __version__ in version
    assert answers.splitlines() == [f"200 {path}" for path in paths]
