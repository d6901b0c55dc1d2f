"""The doctor: looks at everything an installation needs, says what is wrong and how to mend it."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from commune_hub import upgrade
from commune_hub.accounts import traces
from commune_hub.accounts.models import Person
from commune_hub.base import outbox
from commune_hub.base.db import Store, open_store
from commune_hub.base.outbox import JobState
from commune_hub.base.sealed import Erased
from commune_hub.base.settings import PREFIX, Settings, SettingsError
from commune_hub.base.words import LOCAL, Language
from commune_hub.privacy import retention
from commune_hub.speech.catalogues import translations_folder
from commune_hub.web.layout import STATIC
from commune_hub.worker.adapters.geocoders import geocoders_of
from commune_hub.worker.adapters.smtp import Smtp
from commune_hub.worker.sms import gateway_from
from commune_hub.worker.work import Failed, host_of

LATE = timedelta(minutes=15)
_NEEDED_FILES = ("vendor/icons.json", "vendor/leaflet/leaflet.js", "vendor/leaflet/leaflet.css", "hub.css")


class State(StrEnum):
    """How a part is."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do about it."""

    what: str
    state: State
    said: str
    mend: str = ""


def examine(environ: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Everything, in the order in which one would mend it; ends early where nothing further can be looked at."""
    yield from _environment(environ)
    try:
        settings = Settings.from_env(environ)
    except (SettingsError, OSError) as error:
        yield Finding("settings", State.BAD, str(error), "Change the variable and run the doctor again.")
        return
    yield from _settings(settings)
    yield _folder(Path(settings.data_dir))
    yield from _secret(settings)
    try:
        store = open_store(settings)
    except (SQLAlchemyError, ImportError, OSError) as error:
        said = f"The database cannot be opened ({type(error).__name__})."
        yield Finding("database", State.BAD, said, f"Check {PREFIX}DATABASE_URL and {PREFIX}KEYS_URL.")
        return
    try:
        yield from _databases(store)
    finally:
        store.close()
    yield _files()
    yield from _catalogues()
    yield from _mail(settings)


def _environment(environ: Mapping[str, str]) -> Iterator[Finding]:
    known = {PREFIX + field.name.upper() for field in fields(Settings)}
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known and not name.startswith(f"{PREFIX}TEST_"):
            yield Finding("settings", State.WARN, f"There is no setting {name}.", "docs/settings.md lists all of them.")


def _settings(settings: Settings) -> Iterator[Finding]:
    wrong = []
    if not settings.base_url.startswith(("http://", "https://")):
        wrong.append(f"{PREFIX}BASE_URL must begin with http:// or https://.")
    if settings.mail_from.count("@") != 1:
        wrong.append(f"{PREFIX}MAIL_FROM must be a mail address.")
    for check in (geocoders_of, gateway_from):
        try:
            check(settings)
        except SettingsError as error:
            wrong.append(str(error))
    for said in wrong:
        yield Finding("settings", State.BAD, said, "Change the variable and run the doctor again.")
    if not wrong:
        yield Finding("settings", State.OK, "All of them can be used.")
    if settings.mailbox and settings.secure:
        mend = f"Unset {PREFIX}MAILBOX: everybody can read all mail, also codes to sign in, at /dev/mailbox."
        yield Finding("settings", State.BAD, "The development mailbox is open on a public site.", mend)
    if not settings.secure and host_of(settings) not in ("localhost", "127.0.0.1", "::1"):
        mend = f"Put a proxy with a certificate in front and write https:// into {PREFIX}BASE_URL."
        yield Finding("settings", State.WARN, "People reach the site without HTTPS.", mend)


def _folder(path: Path) -> Finding:
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path) as file:
            file.write(b"x")
    except OSError as error:
        said = f"{path} cannot be written ({type(error).__name__})."
        return Finding("data folder", State.BAD, said, "Give the folder to the user the hub runs as, or free the disk.")
    return Finding("data folder", State.OK, str(path))


def _secret(settings: Settings) -> Iterator[Finding]:
    path = Path(settings.data_dir) / "secret"
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding("secret", State.BAD, f"{path} can be read by others.", f"chmod 600 {path}")


def _databases(store: Store) -> Iterator[Finding]:
    try:
        with store.writing() as session:
            session.execute(text("select 1"))
            clock = session.scalar(select(func.now())) if store.engine.dialect.name == "postgresql" else None
        revision, newest = upgrade.revision_of(store), upgrade.newest_revision()
        prepared = store.keys.is_prepared()
    except SQLAlchemyError as error:
        said = f"It cannot be reached or written ({type(getattr(error, 'orig', error)).__name__})."
        mend = "Is the server running, is the disk full or read-only, is the address right?"
        yield Finding("database", State.BAD, said, mend)
        return
    yield Finding("database", State.OK, f"{store.engine.dialect.name}, can be written.")
    yield _clock(clock)
    if revision != newest or not prepared:
        said = f"It is at {revision or 'no revision'}, needed is {newest}."
        yield Finding("migrations", State.BAD, said, "commune-hub db upgrade")
        return
    yield Finding("migrations", State.OK, f"at {revision}")
    yield _keys(store)
    yield from _outbox(store)
    yield _retention(store)


def _clock(database: datetime | None) -> Finding:
    now = datetime.now(UTC)
    if database is not None and abs(now - database) > timedelta(seconds=30):
        said = "This machine and the database differ by more than 30 seconds."
        return Finding("clock", State.BAD, said, "Let both follow the same time server (chrony, systemd-timesyncd).")
    if now.year < 2025:
        return Finding("clock", State.BAD, f"It says {now:%Y-%m-%d}.", "Set the clock of this machine.")
    return Finding("clock", State.OK, f"{now.astimezone(LOCAL):%Y-%m-%d %H:%M %Z}")


def _keys(store: Store) -> Finding:
    with store.reading() as session:
        newest = session.scalar(select(Person).where(Person.erased_at.is_(None)).order_by(Person.id.desc()).limit(1))
        try:
            said = "Nobody is known yet." if newest is None else "Names can be read." if newest.name is not None else ""
        except Erased:
            mend = f"Put back the {PREFIX}SECRET_KEY and the store of keys that belong to this database."
            return Finding("keys", State.BAD, "The secret or the store of keys does not fit the database.", mend)
    return Finding("keys", State.OK, said)


def _outbox(store: Store) -> Iterator[Finding]:
    now = datetime.now(UTC)
    with store.reading() as session:
        counts, since = outbox.counts(session), outbox.waiting_since(session, now)
    if since is not None and now - since > LATE:
        minutes = int((now - since).total_seconds() // 60)
        said = f"A message has been waiting for {minutes} minutes."
        yield Finding("outbox", State.WARN, said, "Is `commune-hub worker` running, and is a mail server set?")
    dead = counts.get(JobState.DEAD, 0)
    if dead:
        mend = "An administrator finds them on the page Outbox."
        yield Finding("outbox", State.WARN, f"{dead} could not be delivered and are no longer tried.", mend)
    if not dead and (since is None or now - since <= LATE):
        yield Finding("outbox", State.OK, f"{counts.get(JobState.WAITING, 0)} waiting, none late.")


def _retention(store: Store) -> Finding:
    with store.reading() as session:
        run, waiting = retention.last_run(session), len(retention.open_cases(session))
        damaged = next(traces.verify(session, rows=False), None)
    if damaged is not None:
        mend = "commune-hub audit verify shows all of it; a backup shows what stood there."
        return Finding("traces", State.BAD, f"The head of {damaged.month} is not as it was written.", mend)
    if run is None or run.finished_at is None or datetime.now(UTC) - run.finished_at > timedelta(days=2):
        said = "It has not run yet." if run is None else f"It last ran on {run.started_at.astimezone(LOCAL):%Y-%m-%d}."
        return Finding("retention", State.WARN, said, "Is `commune-hub worker` running? Or: commune-hub retention run")
    said = f"It ran on {run.started_at.astimezone(LOCAL):%Y-%m-%d}; {waiting} wait for a decision."
    return Finding("retention", State.OK, said)


def _files() -> Finding:
    missing = [name for name in _NEEDED_FILES if not (STATIC / name).is_file()]
    if missing:
        mend = "In a checkout any ./hub command makes them; a wheel without them is broken."
        return Finding("files", State.BAD, f"Missing: {', '.join(missing)}.", mend)
    return Finding("files", State.OK, "Icons and front-end files are there.")


def _catalogues() -> Iterator[Finding]:
    folder = translations_folder()
    missing, old = [], []
    for code in sorted(set(Language) - {Language.EN}):
        po, mo = (folder / code / "LC_MESSAGES" / f"messages.{end}" for end in ("po", "mo"))
        if not mo.is_file():
            missing.append(code)
        elif po.is_file() and po.stat().st_mtime > mo.stat().st_mtime:
            old.append(code)
    mend = "commune-hub translations compile"
    if missing:
        yield Finding("languages", State.WARN, f"No catalogue for {', '.join(missing)}: people read English.", mend)
    if old:
        yield Finding("languages", State.WARN, f"Changed since they were compiled: {', '.join(old)}.", mend)
    if not missing and not old:
        yield Finding("languages", State.OK, ", ".join(Language))


def _mail(settings: Settings) -> Iterator[Finding]:
    if not settings.mail_host:
        mend = f"Set {PREFIX}MAIL_HOST and {PREFIX}MAIL_FROM."
        yield Finding("mail", State.WARN, "No mail server is set: messages stay in the outbox.", mend)
        return
    where = f"{settings.mail_host}:{settings.mail_port}"
    try:
        Smtp(settings, host_of(settings)).greet()
    except (Failed, SettingsError) as error:
        mend = f"Check {PREFIX}MAIL_HOST, _PORT, _SECURITY, _USER and _PASSWORD."
        yield Finding("mail", State.BAD, f"{where} does not take our mail ({error}).", mend)
    else:
        yield Finding("mail", State.OK, f"{where} answers.")
    if not settings.mailbox and settings.sms_gateway == "log":
        mend = "There is no gateway yet; ask people for a mail address too."
        yield Finding("text messages", State.WARN, "People who gave only a phone number get no messages.", mend)
