"""The settings of the record: environment variables NATIONAL_RECORD_..., described in docs/record.md."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from commune_hub.base.db import Store, make_engine
from commune_hub.base.sealed import KeyStore
from commune_hub.base.settings import SettingsError, secret_of

PREFIX = "NATIONAL_RECORD_"


def _setting(default: str, help_text: str) -> str:
    return field(default=default, metadata={"help": help_text})  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Settings:
    """What an installation may choose. Every field is the variable NATIONAL_RECORD_<FIELD IN CAPITALS>."""

    data_dir: str = _setting("var/record", "Folder for the SQLite files and the secret.")
    database_url: str = _setting("", "SQLAlchemy URL of the database; empty: SQLite in data_dir.")
    keys_url: str = _setting("", "SQLAlchemy URL of the store of personal keys; empty: SQLite in data_dir.")
    secret_key: str = _setting("", "At least 32 characters; all other keys are derived from it. Never change it.")
    host: str = _setting("127.0.0.1", "Address on which the server listens.")
    port: str = _setting("8001", "Port on which the server listens.")
    workers: str = _setting("1", "Number of web worker processes.")
    secure: str = _setting("", "`yes` when people reach it over HTTPS, so that cookies ask for it.")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **given: str) -> "Settings":
        """Settings from the environment; `given` wins. Raises SettingsError when one cannot be used."""
        environ = os.environ if environ is None else environ
        found = {f.name: environ[PREFIX + f.name.upper()] for f in fields(cls) if PREFIX + f.name.upper() in environ}
        return cls(**{**found, **given}).completed()

    def completed(self) -> "Settings":
        """The same with the derived defaults filled in and checked."""
        data = Path(self.data_dir).absolute()
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["data_dir"] = str(data)
        values["database_url"] = self.database_url or f"sqlite:///{data / 'record.sqlite'}"
        values["keys_url"] = self.keys_url or f"sqlite:///{data / 'record-keys.sqlite'}"
        values["secret_key"] = self.secret_key or secret_of(data)
        if len(values["secret_key"]) < 32:
            raise SettingsError(f"{PREFIX}SECRET_KEY has fewer than 32 characters: set a longer one.")
        for name in ("port", "workers"):
            if not values[name].isdigit():
                raise SettingsError(f"{PREFIX}{name.upper()} must be a whole number, not {values[name]!r}.")
        return Settings(**values)


def open_store(settings: Settings) -> Store:
    """The two databases that the settings name."""
    return Store(make_engine(settings.database_url), KeyStore(make_engine(settings.keys_url), settings.secret_key))
