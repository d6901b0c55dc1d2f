"""Passwords: long enough, not common, argon2id."""

import pytest

from commune_hub.base import passwords
from commune_hub.base.errors import InputCode


def test_a_password_matches_its_own_hash_only() -> None:
    stored = passwords.hash_password("a long enough sentence")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(stored, "a long enough sentence")
    assert not passwords.matches(stored, "another sentence")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", InputCode.PASSWORD_TOO_SHORT),
        ("x" * 129, InputCode.PASSWORD_TOO_LONG),
        ("Password123", InputCode.PASSWORD_TOO_COMMON),
        ("aaaaaaaaaaaa", InputCode.PASSWORD_TOO_COMMON),
        ("kaffi um zwou auer", None),
        ("ያልተለመደ የይለፍ ቃል", None),
    ],
)
def test_no_composition_rules_but_length_and_commonness(password: str, code: InputCode | None) -> None:
    assert passwords.problem_with(password) == code
