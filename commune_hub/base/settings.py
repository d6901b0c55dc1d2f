"""All settings: environment variables COMMUNE_HUB_..., read once, described in docs/settings.md."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from commune_hub.base.words import Language

PREFIX = "COMMUNE_HUB_"
_CHOICES = {
    "default_language": tuple(Language),
    "log_level": ("DEBUG", "INFO", "WARNING", "ERROR"),
    "mail_security": ("none", "starttls", "tls"),
    "record": ("none", "http", "file", "manual"),
}
_WHOLE_NUMBERS = (
    "port", "workers", "trusted_proxies", "mail_port", "trace_months", "pairing_complete", "pairing_best_few",
    "qualification_months",
)  # fmt: skip


class SettingsError(Exception):
    """A setting is missing or cannot be used; the message names it and says how to mend it."""


def _setting(default: str, help_text: str, secret: bool = False) -> str:
    return field(default=default, metadata={"help": help_text, "secret": secret})  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Settings:
    """What an installation may choose. Every field is the variable COMMUNE_HUB_<FIELD IN CAPITALS>."""

    data_dir: str = _setting("var", "Folder for the SQLite files, the mailbox of the demo, tiles and reports.")
    database_url: str = _setting("", "SQLAlchemy URL of the main database; empty: SQLite in data_dir.")
    owner_url: str = _setting("", "PostgreSQL: address as the owner of the tables, for `db upgrade` only.", True)
    keys_url: str = _setting("", "SQLAlchemy URL of the store of personal keys; empty: SQLite in data_dir.", True)
    secret_key: str = _setting("", "At least 32 characters; from it all other keys are derived. Never change it.", True)
    base_url: str = _setting("http://localhost:8000", "Address under which people reach the site.")
    host: str = _setting("127.0.0.1", "Address on which the server listens.")
    port: str = _setting("8000", "Port on which the server listens.")
    workers: str = _setting("2", "Number of web worker processes.")
    trusted_proxies: str = _setting("0", "How many proxies in front set X-Forwarded-For and X-Forwarded-Proto.")
    default_language: str = _setting("fr", "Interface language when the browser asks for none that we have.")
    mail_host: str = _setting("", "SMTP host; empty: mail waits in the outbox.")
    mail_port: str = _setting("25", "SMTP port.")
    mail_security: str = _setting("none", "none, starttls or tls.")
    mail_user: str = _setting("", "SMTP user name; empty: no login.")
    mail_password: str = _setting("", "SMTP password.", True)
    mail_from: str = _setting("hub@localhost", "Sender address of all mail; the name shown is the organiser's.")
    sms_gateway: str = _setting("log", "log (written to the log without number and text) or http.")
    sms_url: str = _setting("", "Address of the HTTP gateway, which gets a POST with JSON: to, text, key.")
    sms_token: str = _setting("", "Sent to the HTTP gateway as bearer token; empty: none.", True)
    mailbox: str = _setting("", "Folder of the development mailbox (the page /dev/mailbox); empty: no such page.")
    geocoder: str = _setting("none", "none, or a comma list of geoportail, nominatim, ban, tried in this order.")
    geocoder_url: str = _setting("", "Another address of the first geocoder (tests, own instance).")
    tiles_url: str = _setting("", "Tile server behind our own caching proxy, {z}/{x}/{y}; empty: plain background.")
    tiles_attribution: str = _setting("", "Attribution that the tile server asks for.")
    pairing_weights: str = _setting("near=100,times=40,level=30,shared=40,waiting=10", "What a pair's score is of.")
    pairing_complete: str = _setting("10000000", "Learners x volunteers up to which every possible pair is looked at.")
    pairing_best_few: str = _setting("30", "Above it: how many possible coaches of each learner are looked at.")
    trace_months: str = _setting("36", "For how many months it is kept who looked at whose data; our assumption.")
    facts: str = _setting("../shared/data", "Folder of fact files that some tests compare the gazetteer with.")
    qualification_months: str = _setting("24", "For how many months a training qualifies a volunteer.")
    engagement_issuer: str = _setting("ASTI", "Who issues the volunteers' certificates of engagement, as printed.")
    log_level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR.")
    record: str = _setting("none", "How the national contract record is reached: none, http, file or manual.")
    record_url: str = _setting("", "Address of the record's HTTP interface, without /v1.")
    record_client: str = _setting("", "Client id at the record (OAuth 2 client credentials).")
    record_secret: str = _setting("", "Client secret at the record.", True)
    record_organisation: str = _setting("commune-hub", "In whose name the hub asks the record.")
    record_agent: str = _setting("commune-hub", "Agent under whom the record knows the hub (RGD art. 28).")
    record_peer_key: str = _setting("", "File form: path of the record's public Ed25519 key (PEM).")
    proxy_hosts: str = _setting("", "Host names that may be asked for, comma separated; empty: that of base_url.")

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
        values["database_url"] = self.database_url or f"sqlite:///{data / 'hub.sqlite'}"
        values["keys_url"] = self.keys_url or f"sqlite:///{data / 'keys.sqlite'}"
        values["secret_key"] = self.secret_key or secret_of(data)
        values["base_url"] = self.base_url.rstrip("/")
        if len(values["secret_key"]) < 32:
            raise SettingsError(f"{PREFIX}SECRET_KEY has fewer than 32 characters: set a longer one.")
        values["log_level"] = self.log_level.upper()
        for name, choices in _CHOICES.items():
            if values[name] not in choices:
                raise SettingsError(f"{PREFIX}{name.upper()} must be one of {', '.join(choices)}.")
        for name in _WHOLE_NUMBERS:
            if not values[name].isdigit():
                raise SettingsError(f"{PREFIX}{name.upper()} must be a whole number, not {values[name]!r}.")
        return Settings(**values)

    @property
    def backup_stamp(self) -> Path:
        """The file that says when the last backup was made."""
        return Path(self.data_dir) / "last-backup"

    @property
    def secure(self) -> bool:
        """Whether people reach the site over HTTPS, so that cookies may ask for it."""
        return self.base_url.startswith("https://")


def secret_of(data: Path) -> str:
    """The secret kept beside the SQLite files, made on first use and readable by the owner only."""
    path = data / "secret"
    data.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
