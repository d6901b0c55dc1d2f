"""The production server: granian, several processes, each with the whole app."""

import multiprocessing
import os
from dataclasses import fields

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from commune_hub.base.settings import PREFIX, Settings

# Threads per process that run Python; a page waits for the database most of its time.
THREADS = 4


def serve(settings: Settings, *, host: str, port: int, workers: int | None = None) -> None:
    """Serve until SIGTERM or SIGINT; running requests are answered first."""
    export(settings)
    # A forked process would share the database connections and locks of this one; SQLite then locks itself out.
    multiprocessing.set_start_method("spawn", force=True)
    Granian(
        "commune_hub.app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers or int(settings.workers),
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        # A process that has missed the signal would keep the server from ending for ever.
        workers_kill_timeout=15,
        log_level=LogLevels.warning,
    ).serve()  # type: ignore[attr-defined]


def export(settings: Settings) -> None:
    """Put exactly these settings into the environment, for the processes that are started from here."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update({PREFIX + field.name.upper(): getattr(settings, field.name) for field in fields(settings)})
