"""Public ids and one-time tokens: 128 bits, safe in a URL."""

import hashlib
import re
import secrets

# Crockford's: no letter that looks like a digit, because people type these codes from paper.
_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 26
_READ_AS = str.maketrans("OIL", "011", " -\u2011\u2013")
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


def new_code() -> str:
    """26 letters and digits that carry 130 random bits, for what people read from paper and type."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))


def code_from(typed: str) -> str:
    """The code that somebody typed, with or without spaces and dashes, in small letters, with O for 0; '' if none."""
    code = typed.strip().upper().translate(_READ_AS)
    return code if len(code) == _CODE_LENGTH and set(code) <= set(_CODE_LETTERS) else ""


def as_read(code: str) -> str:
    """A code in groups, as it is printed: 7K3MQ-9XZ4T-BCDEF-GH11K-MNPQRS."""
    return "-".join([code[:5], code[5:10], code[10:15], code[15:20], code[20:]])
