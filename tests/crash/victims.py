"""A process that does one thing again and again, says before each time what it begins and after it what it was told,
and is killed in the middle of it: kill -9, at a random moment."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy import text

from commune_hub.base.db import Store, open_store
from commune_hub.base.settings import Settings

Facts = dict[str, Any]
# Seconds; a machine may be busy.
PATIENCE = 300


@dataclass(frozen=True)
class Doing:
    """One thing that must survive a crash. To add another: a function for each of the three, and a row in DOINGS.

    `prepare` makes what is needed and returns what the victim has to know (plain values). `act` does it once, for the
    number it is given, and returns what it was told (plain values too); the number of an act that was cut off comes
    again, like somebody who presses again. `check` holds the store against what was begun and what was told.
    """

    name: str
    prepare: Callable[[Store], Facts]
    act: Callable[["Scene", int], Any]
    check: Callable[["Scene", "Heard"], None]
    within: float = 0.15


@dataclass
class Heard:
    """What victims said before they died: the numbers they began, and what they were told for which."""

    begun: set[int] = field(default_factory=set)
    told: dict[int, Any] = field(default_factory=dict)

    @property
    def next_number(self) -> int:
        """The act that was cut off, else a new one."""
        return min(self.begun - set(self.told), default=max(self.begun, default=-1) + 1)


@dataclass
class Scene:
    """Where it happens: the databases, what was prepared, and what a victim makes itself once."""

    settings: Settings
    store: Store
    facts: Facts
    own: dict[str, Any] = field(default_factory=dict)


def kill_often(doing: Doing, settings: Settings, store: Store, *, kills: int) -> tuple[Scene, Heard]:
    """Prepare, kill so many victims at random moments, and check after each."""
    scene, heard = Scene(settings, store, doing.prepare(store)), Heard()
    chance = random.Random(f"{doing.name} {store.engine.dialect.name}")
    for _ in range(kills):
        _kill_one(doing, scene, heard, chance.uniform(0, doing.within), in_the_first=chance.random() < 0.4)
        _settle(store)
        doing.check(scene, heard)
    return scene, heard


def _kill_one(doing: Doing, scene: Scene, heard: Heard, after: float, *, in_the_first: bool) -> None:
    """`in_the_first`: while it does its first act, which also opens everything; else when it has been told once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.doings"])
    # The victim opens files of its own; on SQLite nobody may hold the lock meanwhile.
    scene.store.engine.dispose()
    ears, mouth = context.Pipe(duplex=False)
    victim = context.Process(
        target=_be_a_victim, args=(doing.name, scene.settings, scene.facts, heard.next_number, mouth), daemon=True
    )
    victim.start()
    mouth.close()
    try:
        assert ears.poll(PATIENCE), "the victim does not begin"
        _hear(ears, heard)
        if not in_the_first:
            assert ears.poll(PATIENCE), f"{doing.name} takes too long"
            _hear(ears, heard)
        time.sleep(after)
        assert victim.is_alive(), f"{doing.name} ended by itself: {victim.exitcode}"
        # With what it has started: pg_dump would go on, and hold its locks.
        os.killpg(victim.pid or 0, signal.SIGKILL)
        victim.join()
        while True:
            _hear(ears, heard)
    except EOFError:
        pass
    finally:
        victim.kill()
        victim.join()
        ears.close()


def _hear(ears: Connection, heard: Heard) -> None:
    what, number, *more = ears.recv()
    if what == "begun":
        heard.begun.add(number)
    else:
        heard.told[number] = more[0]


def _be_a_victim(name: str, settings: Settings, facts: Facts, first: int, mouth: Connection) -> None:
    from tests.crash.doings import EVERY_DOING

    os.setsid()
    doing = EVERY_DOING[name]
    scene = Scene(settings, open_store(settings), facts)
    for number in count(first):
        mouth.send(("begun", number))
        mouth.send(("told", number, doing.act(scene, number)))


def _settle(store: Store) -> None:
    """PostgreSQL notices a moment later that its client has died."""
    if store.engine.dialect.name == "sqlite":
        return
    others = text(
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        " and backend_type = 'client backend' and state <> 'idle'"
    )
    for _ in range(500):
        with store.engine.connect() as connection:
            if not connection.scalar(others):
                return
        time.sleep(0.01)
    raise AssertionError("a dead client's work does not end")
