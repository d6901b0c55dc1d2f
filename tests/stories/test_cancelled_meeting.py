"""A visitor finds a table near Belvaux and takes a seat; the officer cancels it; the visitor has both mails."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime

import pyotp
import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from commune_hub.accounts.actions import begin_totp
from commune_hub.accounts.models import Account
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.worker import loop
from tests.factories import PASSWORD, a_venue, an_account, an_activity, an_organisation
from tests.infrastructure.mail_server import MailServer, mail_server, parts_of
from tests.infrastructure.server import LiveServer


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server on loopback."""
    with mail_server() as server:
        yield server


@pytest.fixture
def deliver(live_server: LiveServer, settings: Settings, store: Store, mail: MailServer, now: datetime) -> Callable:
    """The worker does what waits in the outbox; returns the subjects of all mail so far."""
    settings = replace(settings, base_url=live_server.url, mail_host="127.0.0.1", mail_port=str(mail.port))
    work = loop.work_of(settings, store)

    def run() -> list[str]:
        loop.run(work, clock=lambda: now, once=True)
        return [sent["Subject"] for sent in mail.mails]

    return run


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """The officer's computer."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def find_near_belvaux(page: Page, site: str) -> None:
    """Language, place, search: this week and 5 km are chosen already."""
    page.goto(f"{site}/en/")
    page.get_by_role("radio", name="Lëtzebuergesch").check()
    page.get_by_label("Where?").fill("Belvaux")
    page.get_by_role("button", name="Search", exact=True).click()


def take_a_seat(page: Page) -> None:
    page.get_by_label("First name").fill("Amina")
    page.get_by_label("Phone or mail address").fill("amina@example.lu")
    page.locator("form button", has_text="Sign up").click()


def sign_in(page: Page, site: str, secret: str, now: datetime) -> None:
    page.goto(f"{site}/en/staff/sign-in")
    page.get_by_label("Mail address").fill("claire@example.lu")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).at(now))
    page.get_by_role("button", name="Sign in").click()


def cancel_the_meeting(page: Page) -> str:
    """Returns what the list of names showed before."""
    page.get_by_role("link", name=re.compile("Open")).first.click()
    names = page.locator("main").inner_text()
    page.get_by_role("link", name="Cancel it").click()
    page.get_by_label("The host is ill").check()
    page.get_by_role("button", name="Cancel and tell one person").click()
    return names


def status_of(mail: MailServer, number: int) -> str:
    [event] = Calendar.from_ical(parts_of(mail.mails[number])["text/calendar"]).walk("VEVENT")
    return str(event["status"])


def test_who_took_a_seat_hears_that_the_meeting_is_cancelled(
    live_server: LiveServer, page: Page, desk: Page, deliver: Callable[[], list[str]], session: Session,
    mail: MailServer, now: datetime,
) -> None:  # fmt: skip
    commune = an_organisation(session, name="Gemeng Suessem")
    day = date(2026, 11, 24)
    an_activity(session, venue=a_venue(session, organisation=commune), rrule="", first_on=day, last_on=day)
    officer = an_account(session, organisation=commune, mail="claire@example.lu", name="Claire")
    secret = begin_totp(session, account=session.get_one(Account, officer.id))
    session.commit()

    find_near_belvaux(page, live_server.url)
    page.get_by_role("link", name=re.compile("Conversation table")).first.click()
    take_a_seat(page)
    first = deliver()
    sign_in(desk, live_server.url, secret, now)
    names = cancel_the_meeting(desk)
    both = deliver()
    page.reload()
    find_near_belvaux(desk, live_server.url)

    assert first == ["You have a seat: Tue 24 Nov, 18:30"]
    assert "Amina" in names
    assert both == [*first, "Cancelled: Tue 24 Nov, 18:30"]
    assert [status_of(mail, 0), status_of(mail, 1)] == ["CONFIRMED", "CANCELLED"]
    assert page.locator("h1").inner_text() == "This date is cancelled"
    assert desk.get_by_role("link", name=re.compile("Conversation table")).count() == 0
