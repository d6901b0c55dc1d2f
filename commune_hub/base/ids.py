"""Public ids and one-time tokens: 128 bits, safe in a URL."""

import hashlib
import re
import secrets

_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}")


def new_public_id() -> str:
    """22 characters of the URL-safe alphabet that carry 128 random bits."""
    return secrets.token_urlsafe(16)


def is_public_id(text: str) -> bool:
    """Whether the text has the shape of a public id, so that nothing else reaches the database."""
    return _SHAPE.fullmatch(text) is not None


def token_hash(token: str) -> bytes:
    """What the database keeps of a random token; the token itself has 128 bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()
