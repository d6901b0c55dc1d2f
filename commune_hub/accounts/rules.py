"""Decisions about signing in: limits, lifetimes, contacts."""

from dataclasses import dataclass
from datetime import timedelta

import phonenumbers
from email_validator import EmailNotValidError, validate_email

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
    return _mail(text) if "@" in text else _phone(text)


def _mail(text: str) -> Reach | None:
    try:
        address = validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None
    return Reach(ContactKind.MAIL, address.lower())


def _phone(text: str) -> Reach | None:
    try:
        number = phonenumbers.parse(text, "LU")
    except phonenumbers.NumberParseException:
        return None
    # Another country's number may be too new for the library's tables: there, a possible length is enough.
    known = phonenumbers.is_valid_number if number.country_code == 352 else phonenumbers.is_possible_number
    if not known(number) or any(character.isalpha() for character in text):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Reach(ContactKind.PHONE, e164) if len(e164) >= 9 else None


def plain_name(name: str) -> str:
    """A first name as it is compared: spaces folded, case folded, any script."""
    return " ".join(name.split()).casefold()


def short_name(name: str) -> str:
    """The first name with the initial of the last one, as it stands on a list: Amina Bouzid is Amina B."""
    first, *others = name.split() or [""]
    return f"{first} {others[-1][0].upper()}." if others else first
