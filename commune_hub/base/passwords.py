"""Passwords: argon2id, eight to 128 characters, the commonest refused."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from commune_hub.base.errors import InputCode

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# The account need not exist for the same work to be done: see `burn`.
_DUMMY = _HASHER.hash("nobody has this password")

# Short on purpose: the commonest of published lists that are long enough to be accepted, and our own words.
COMMON = frozenset(
    """password password1 password123 passw0rd 12345678 123456789 1234567890 qwertyuiop qwerty123 azertyuiop
    azerty123 iloveyou sunshine princess football baseball superman trustno1 letmein1 welcome1 welcome123
    motdepasse motdepasse1 passwort passwort1 passwort123 hallo123 luxembourg letzebuerg lëtzebuerg
    luxembourg1 commune123 communehub commune-hub administrator changeme changeme1 11111111 00000000
    88888888 12341234 abcd1234 abc12345 1q2w3e4r 1qaz2wsx zaq12wsx""".split()
)


def problem_with(password: str) -> InputCode | None:
    """Why a new password is not accepted, or None (no composition rules on purpose)."""
    if len(password) < 8:
        return InputCode.PASSWORD_TOO_SHORT
    if len(password) > 128:
        return InputCode.PASSWORD_TOO_LONG
    if password.casefold() in COMMON or len(set(password)) < 3:
        return InputCode.PASSWORD_TOO_COMMON
    return None


def hash_password(password: str) -> str:
    """The argon2id hash in its standard text form (19 MiB, two passes, one lane)."""
    return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether the password belongs to the stored hash."""
    try:
        return _HASHER.verify(stored, password[:128])
    except (VerificationError, InvalidHashError):
        return False


def burn(password: str) -> None:
    """Spend the time of a check, so that an unknown account answers no faster than a known one."""
    matches(_DUMMY, password)
