"""One test run: a folder shared by its worker processes, with what is started once and stopped at its end."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ENV = "COMMUNE_HUB_TEST_RUN"
PREFIX = "commune-hub-tests-"


def open_run() -> Path:
    """The folder of this run: made by the process that starts it, inherited by the workers."""
    if ENV in os.environ:
        return Path(os.environ[ENV])
    parent = _parent()
    for left in parent.glob(f"{PREFIX}*"):
        _sweep(left)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    # PostgreSQL runs as another user than root and must be able to reach its folder in here.
    folder.chmod(0o711)
    (folder / "pid").write_text(str(os.getpid()))
    os.environ[ENV] = str(folder)
    return folder


def close_run(folder: Path) -> None:
    """Stop what was started and remove the folder; only the process that opened it does so."""
    if (folder / "pid").read_text() == str(os.getpid()):
        _remove(folder)
        del os.environ[ENV]


@contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """Only one process of the run at a time."""
    with (folder / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def once(folder: Path, name: str, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What `make` answered in the first process of the run that asked."""
    answer = folder / f"{name}.json"
    with alone(folder, name):
        if not answer.exists():
            answer.write_text(json.dumps(make()))
        return json.loads(answer.read_text())  # type: ignore[no-any-return]


def _parent() -> Path:
    # In memory a commit costs no disk flush. Containers often give it 64 MB only, which is too little.
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1_000_000_000:
        return memory
    return Path(tempfile.gettempdir())


def _sweep(folder: Path) -> None:
    """Remove what a run that was killed has left behind, its PostgreSQL with it."""
    try:
        os.kill(int((folder / "pid").read_text()), 0)
    except (ProcessLookupError, FileNotFoundError):
        _remove(folder)
    except (PermissionError, ValueError):
        pass


def _remove(folder: Path) -> None:
    from tests.infrastructure import postgres

    postgres.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
