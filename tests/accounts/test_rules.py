"""Contacts as people type them, and the limits of signing in."""

import pytest

from commune_hub.accounts.rules import Reach, may_try, plain_name, reach_from
from commune_hub.accounts.words import ContactKind


@pytest.mark.parametrize(
    ("typed", "reach"),
    [
        (" Amina@Example.LU ", Reach(ContactKind.MAIL, "amina@example.lu")),
        ("621 123 456", Reach(ContactKind.PHONE, "+352621123456")),
        ("+352 621-123-456", Reach(ContactKind.PHONE, "+352621123456")),
        ("00352 621 123 456", Reach(ContactKind.PHONE, "+352621123456")),
        ("352621123456", Reach(ContactKind.PHONE, "+352621123456")),
        ("26 00 00", Reach(ContactKind.PHONE, "+352260000")),
        ("+33 6 12 34 56 78", Reach(ContactKind.PHONE, "+33612345678")),
        ("", None),
        ("amina", None),
        ("amina@", None),
        ("amina@example", None),
        ("a@b.lu, c@d.lu", None),
        ("12", None),
        ("0621123456", None),
        ("x" * 300 + "@example.lu", None),
        ("amina@example.lu\nBcc: all@example.lu", None),
    ],
)
def test_a_contact_is_one_form_of_phone_or_mail(typed: str, reach: Reach | None) -> None:
    assert reach_from(typed) == reach


def test_names_are_compared_without_case_and_extra_spaces() -> None:
    assert plain_name("  AMINA   Ben ") == plain_name("amina ben")


@pytest.mark.parametrize(("account", "address", "may"), [(9, 99, True), (10, 0, False), (0, 100, False)])
def test_ten_tries_an_account_and_a_hundred_an_address(account: int, address: int, may: bool) -> None:
    assert may_try(account, address) is may
