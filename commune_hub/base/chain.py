"""A chain of hashes over entries in order, with a signed head: whatever is changed, removed or swapped shows."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PURPOSE = "sign heads of chains"
START = bytes(32)


def link(previous: bytes, content: Mapping[str, object]) -> bytes:
    """The hash of an entry: it covers what the entry says and, through the one before, everything that stood earlier.

    `content` is what JSON knows; its keys are sorted, so that the order in which it was put together says nothing.
    """
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(previous + said.encode()).digest()


def head_of(previous: bytes, contents: Iterable[Mapping[str, object]]) -> bytes:
    """The hash of the last entry."""
    for content in contents:
        previous = link(previous, content)
    return previous


class Signer:
    """Signs heads with the key of the installation. Whoever may write the database, but has no secret, cannot."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def sign(self, head: Mapping[str, object]) -> bytes:
        """64 bytes over everything that a head says."""
        return self._key.sign(link(START, head))

    def holds(self, head: Mapping[str, object], signature: bytes) -> bool:
        """Whether the signature was made over exactly this head, with this key."""
        try:
            self._key.public_key().verify(signature, link(START, head))
        except InvalidSignature:
            return False
        return True
