"""Decisions about signing in: limits, lifetimes, contacts."""

import re
from dataclasses import dataclass
from datetime import timedelta

from commune_hub.accounts.words import ContactKind, SessionKind

TRY_WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 100
CODE_LIFETIME = timedelta(minutes=15)
CODE_TRIES = 5
INVITATION_LIFETIME = timedelta(days=7)
LIFETIME = {
    SessionKind.OWN_PHONE: timedelta(days=180),
    SessionKind.SHARED_PHONE: timedelta(hours=1),
    SessionKind.STAFF: timedelta(hours=10),
}

_MAIL = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@[^@\s<>\"',;:()\[\]\\]{1,190}\.[^@\s.\d][^@\s.]{1,62}")
_COUNTRY = {"00": "+", "+": "+"}


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach a person, in one form: a mail address in lower case, a phone number with its country (+352...)."""

    kind: ContactKind
    value: str


def may_try(account_tries: int, address_tries: int) -> bool:
    """Whether another sign-in may be tried: no permanent lock-out, the window moves on."""
    return account_tries < TRIES_PER_ACCOUNT and address_tries < TRIES_PER_ADDRESS


def reach_from(text: str) -> Reach | None:
    """A phone number or a mail address as people type it, or None when it is neither.

    A number without country is a Luxembourg one (+352).
    """
    text = text.strip()
    if len(text) > 254:
        return None
    if "@" in text:
        return Reach(ContactKind.MAIL, text.lower()) if _MAIL.fullmatch(text) else None
    digits = re.sub(r"[\s./()\-\u00a0\u202f]", "", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if re.fullmatch(r"\d{6,11}", digits) and not digits.startswith("0"):
        digits = "+352" + (digits[3:] if digits.startswith("352") and len(digits) > 9 else digits)
    return Reach(ContactKind.PHONE, digits) if re.fullmatch(r"\+[1-9]\d{7,14}", digits) else None


def plain_name(name: str) -> str:
    """A first name as it is compared: spaces folded, case folded, any script."""
    return " ".join(name.split()).casefold()
