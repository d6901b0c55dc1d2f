"""Field encryption with one key per person; destroying the key erases the person (crypto-shredding)."""

import hashlib
import hmac
import os
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Column, Engine, LargeBinary, MetaData, String, Table, delete, insert, inspect, select

_TABLES = MetaData()
_KEYS = Table(
    "personal_key",
    _TABLES,
    Column("owner", String(22), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)
# Whose key was destroyed. A restored backup brings keys back, but never this list: what stands in it goes again.
_DESTROYED = Table("destroyed_key", _TABLES, Column("owner", String(22), primary_key=True))


class Erased(Exception):
    """The key of this person has been destroyed: what was sealed with it is gone."""


class KeyStore:
    """The second store: one random key per person, wrapped with a key derived from the installation's secret."""

    def __init__(self, engine: Engine, secret: str) -> None:
        self.engine = engine
        self._secret = secret.encode()
        self._wrap = AESGCM(self.derive("wrap personal keys"))
        self._lookup = self.derive("look up contacts")

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose, from the installation's secret."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(self._secret)

    def prepare(self) -> None:
        """Make the tables where they are missing."""
        _TABLES.create_all(self.engine)

    def is_prepared(self) -> bool:
        """Whether the tables are there."""
        there = inspect(self.engine).get_table_names()
        return {_KEYS.name, _DESTROYED.name} <= set(there)

    def new(self, owner: str) -> bytes:
        """A new key for the owner (a public id). It is there before anything sealed with it is committed."""
        key = AESGCM.generate_key(256)
        with self.engine.begin() as connection:
            connection.execute(insert(_KEYS).values(owner=owner, wrapped=_seal(self._wrap, key, owner)))
        return key

    def new_many(self, owners: Iterable[str]) -> dict[str, bytes]:
        """New keys for many owners in one transaction (imports, the demo country)."""
        keys = {owner: AESGCM.generate_key(256) for owner in owners}
        rows = [{"owner": owner, "wrapped": _seal(self._wrap, key, owner)} for owner, key in keys.items()]
        with self.engine.begin() as connection:
            if rows:
                connection.execute(insert(_KEYS), rows)
        return keys

    def find(self, owners: Iterable[str]) -> dict[str, bytes]:
        """The keys of those owners that still have one."""
        wanted = list(owners)
        found: dict[str, bytes] = {}
        with self.engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
            for start in range(0, len(wanted), 500):
                rows = connection.execute(select(_KEYS).where(_KEYS.c.owner.in_(wanted[start : start + 500])))
                found.update({row.owner: _open(self._wrap, row.wrapped, row.owner) for row in rows})
        return found

    def destroy(self, *owners: str) -> None:
        """Destroy these keys; nothing sealed with them can be read again."""
        with self.engine.begin() as connection:
            for owner in owners:
                connection.execute(delete(_KEYS).where(_KEYS.c.owner == owner))
        if self.engine.dialect.name == "sqlite":
            empty_journal(self.engine)

    def note_destroyed(self, *owners: str) -> None:
        """Write down, before anything is destroyed, whose data go: what is interrupted can be finished."""
        with self.engine.begin() as connection:
            known = set(connection.scalars(select(_DESTROYED.c.owner)))
            for owner in set(owners) - known:
                connection.execute(insert(_DESTROYED).values(owner=owner))

    def destroyed(self) -> set[str]:
        """Everybody whose data went: random ids that lead nowhere."""
        with self.engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
            return set(connection.scalars(select(_DESTROYED.c.owner)))

    def lookup_hash(self, kind: str, value: str) -> bytes:
        """A keyed hash by which a sealed value can be found again, without telling what it is."""
        return hmac.new(self._lookup, f"{kind}\0{value}".encode(), hashlib.sha256).digest()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


class Keyring:
    """The personal keys that one session has in hand; it asks the key store once per person."""

    def __init__(self, store: KeyStore) -> None:
        self.store = store
        # Whose data were read: the doors write a trace of it (RGD art. 28), and cannot forget anybody.
        self.opened: set[str] = set()
        self._keys: dict[str, bytes] = {}

    def add_owner(self, owner: str) -> None:
        """Make the key of a new person."""
        self._keys[owner] = self.store.new(owner)

    def add_owners(self, owners: Iterable[str]) -> None:
        """Make the keys of many new people at once."""
        self._keys.update(self.store.new_many(owners))

    def load(self, owners: Iterable[str]) -> None:
        """Fetch the keys of a whole list in one question, before it is read."""
        missing = {owner for owner in owners if owner not in self._keys}
        if missing:
            self._keys.update(self.store.find(missing))

    def seal(self, owner: str, text: str) -> bytes:
        """The text, readable only with the owner's key. Raises Erased when there is none."""
        return _seal(AESGCM(self._key(owner)), text.encode(), owner)

    def open(self, owner: str, sealed: bytes) -> str:
        """The text again. Raises Erased when the key has been destroyed."""
        self.opened.add(owner)
        return _open(AESGCM(self._key(owner)), sealed, owner).decode()

    def _key(self, owner: str) -> bytes:
        self.load([owner])
        try:
            return self._keys[owner]
        except KeyError:
            raise Erased(owner) from None


def empty_journal(engine: Engine) -> None:
    """SQLite's journal still has the pages as they were: write them back and empty it."""
    connection = engine.raw_connection()
    try:
        # Past SQLAlchemy, which would begin a transaction first.
        assert connection.driver_connection is not None
        connection.driver_connection.execute("pragma wal_checkpoint(truncate)")
    finally:
        connection.close()


def _seal(cipher: AESGCM, data: bytes, owner: str) -> bytes:
    nonce = os.urandom(12)
    return nonce + cipher.encrypt(nonce, data, owner.encode())


def _open(cipher: AESGCM, sealed: bytes, owner: str) -> bytes:
    try:
        return cipher.decrypt(sealed[:12], sealed[12:], owner.encode())
    except InvalidTag:
        raise Erased(owner) from None
