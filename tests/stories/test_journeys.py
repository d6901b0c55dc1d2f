"""The journeys of UX.md §3.8 in a real browser, with their taps and fields counted: J2 to J5, J10 and J11."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.actions import enter_code, request_code, sign_in_staff
from commune_hub.accounts.models import Person, SignInCode
from commune_hub.accounts.rules import Reach
from commune_hub.accounts.words import ContactKind, Role
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.matching import alerts
from commune_hub.matching.search import Search
from commune_hub.worker import loop
from tests.factories import (
    a_coaching_request,
    a_person,
    a_signup,
    a_venue,
    a_volunteer,
    an_account,
    an_activity,
    an_organisation,
)
from tests.infrastructure.mail_server import MailServer, mail_server, parts_of
from tests.infrastructure.server import LiveServer
from tests.web.test_contract_pages import a_civic_course, a_link

AMINA = Reach(ContactKind.MAIL, "amina@example.lu")
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server on loopback."""
    with mail_server() as server:
        yield server


@pytest.fixture
def deliver(live_server: LiveServer, settings: Settings, store: Store, mail: MailServer, now: datetime) -> Callable:
    """The worker does what waits; answers the text of the newest mail to somebody."""
    work = loop.work_of(
        replace(settings, base_url=live_server.url, mail_host="127.0.0.1", mail_port=str(mail.port)), store
    )

    def run(to: str) -> str:
        loop.run(work, clock=lambda: now, once=True)
        return [parts_of(sent)["text/plain"] for sent in mail.mails if sent["To"] == to][-1]

    return run


@dataclass
class Hand:
    """A hand at a page, that counts what it does."""

    page: Page
    taps: int = 0
    fields: int = 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.click()

    def type(self, label: str, text: str) -> None:
        self.fields += 1
        self.page.get_by_label(label).fill(text)

    def button(self, name: str) -> None:
        self.tap(self.page.get_by_role("button", name=name))

    def open(self, link: str) -> None:
        """A link in a message is a tap; the QR code on a poster is none, and opened with page.goto."""
        self.taps += 1
        self.page.goto(link)


@pytest.fixture
def hand(page: Page) -> Hand:
    return Hand(page)


def sign_up(hand: Hand) -> None:
    hand.type("First name", "Amina")
    hand.type("Phone or mail address", "amina@example.lu")
    hand.tap(hand.page.locator("#sign-up form button", has_text="Sign up"))


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def my_link(site: LiveServer, text: str) -> str:
    return re.findall(rf"{site.url}/en/b/[\w-]+", text)[0]


def test_j2_from_the_poster_to_a_seat_in_one_tap_and_two_fields(
    live_server: LiveServer, hand: Hand, session: Session
) -> None:
    activity = an_activity(session)
    session.commit()

    hand.page.goto(f"{live_server.url}/en/a/{activity.public_id}")
    sign_up(hand)

    assert heading(hand.page) == "You have a seat"
    assert (hand.taps, hand.fields) == (1, 2)


def test_j3_from_a_full_date_over_the_waiting_list_to_the_seat_in_three_taps(
    live_server: LiveServer, hand: Hand, session: Session, deliver: Callable[[str], str], page: Page
) -> None:
    activity = an_activity(
        session, capacity="1", rrule="FREQ=WEEKLY;BYDAY=MO,TU", first_on=date(2026, 11, 23), last_on=date(2026, 11, 24)
    )
    first = a_signup(session, activity.meetings[0].pool, person=a_person(session, name="Yonas"))
    session.commit()

    page.goto(f"{live_server.url}/en/a/{activity.public_id}")
    hand.tap(page.locator("label.opt", has_text="23"))
    sign_up(hand)
    queue = heading(page)
    context = page.context.browser.new_page()  # type: ignore[union-attr]
    context.goto(f"{live_server.url}/en/b/{first.link_key}")
    context.get_by_role("button", name="I can’t come").click()
    context.close()
    page.goto(my_link(live_server, deliver("amina@example.lu")))
    hand.button("Yes, I come")

    assert (queue, heading(page)) == ("You are on the waiting list", "You have a seat")
    assert (hand.taps, hand.fields) == (3, 2)


def test_j4_a_seat_is_given_back_in_two_taps_and_goes_to_the_next(
    live_server: LiveServer, hand: Hand, session: Session, deliver: Callable[[str], str]
) -> None:
    pool = next(m.pool for m in an_activity(session, capacity="1").meetings if m.starts_at.date() == date(2026, 11, 24))
    for name in ("amina", "yonas"):
        a_signup(session, pool, person=a_person(session, name=name, contact=f"{name}@example.lu", language="en"))
    session.commit()

    hand.open(my_link(live_server, deliver("amina@example.lu")))
    hand.button("I can’t come")

    assert heading(hand.page) == "You no longer come"
    assert (hand.taps, hand.fields) == (2, 0)
    assert "It is yours" in deliver("yonas@example.lu")


def test_j5_a_signatory_books_the_civic_course_from_the_roadmap_in_two_taps(
    live_server: LiveServer, hand: Hand, session: Session, axe: Callable[[Page], list[str]], now: datetime
) -> None:
    amina = a_person(session, contact="amina@example.lu", language="en")
    a_link(session, amina)
    a_civic_course(session)
    token = a_learner_s_token(session, AMINA, now)
    session.commit()
    page = hand.page
    page.context.add_cookies([{"name": "signin", "value": token, "url": live_server.url}])

    page.goto(f"{live_server.url}/en/my/roadmap")
    found = axe(page)
    hand.tap(page.get_by_role("link", name=re.compile("^Sign up")))
    found += axe(page)
    hand.button("Confirm")

    assert re.search("/en/b/", page.url)
    assert (hand.taps, hand.fields, found) == (2, 0, [])


def a_learner_s_token(session: Session, reach: Reach, now: datetime) -> str:
    """The session of somebody who has typed the code from the message."""
    request_code(session, reach=reach, now=now)
    row = session.scalars(select(SignInCode)).one()
    owner = session.scalars(select(Person).where(Person.contacts.any(id=row.contact_id))).one()
    code = owner.opened(row.code_sealed or b"")
    return str(enter_code(session, reach=reach, code=code, shared_phone=False, now=now))


def test_j11_tonight_s_table_is_cancelled_in_three_clicks_and_everything_follows(
    live_server: LiveServer, hand: Hand, session: Session, deliver: Callable[[str], str], now: datetime
) -> None:
    commune = an_organisation(session)
    tonight = date(2026, 11, 22)
    activity = an_activity(
        session, venue=a_venue(session, organisation=commune), rrule="", first_on=tonight, last_on=tonight
    )
    guest = a_person(session, contact="amina@example.lu", language="en")
    a_signup(session, activity.meetings[0].pool, person=guest)
    token = sign_in_staff(session, account=an_account(session, organisation=commune), now=now, second_factor=True)
    where = f"{live_server.url}/en/a/{activity.public_id}"
    session.commit()
    page = hand.page
    page.context.add_cookies([{"name": "signin", "value": token, "url": live_server.url}])

    page.goto(f"{live_server.url}/en/staff/")
    hand.tap(page.get_by_role("link", name=re.compile("^Cancel")).first)
    hand.tap(page.get_by_label("The host is ill"))
    hand.button("Cancel and tell one person")
    done = page.locator("main").inner_text()
    page.goto(where)
    public = page.locator("main").inner_text()
    page.goto(f"{live_server.url}/en/search?l=lb&place=Belvaux")
    listed = page.locator(f'a[href*="{activity.public_id}"]').count()
    calendar = page.request.get(f"{where}.ics").text()

    assert (hand.taps, hand.fields) == (3, 0)
    assert "This meeting is cancelled." in done
    assert "All dates to come are cancelled." in public
    assert (listed, "STATUS:CANCELLED" in calendar) == (0, True)
    assert "The host is ill" in deliver("amina@example.lu")


def test_the_pages_of_tell_me_pass_axe_and_fit_a_small_screen(
    live_server: LiveServer, hand: Hand, session: Session, axe: Callable[[Page], list[str]], now: datetime
) -> None:
    page, found = hand.page, []
    alert = alerts.ask(session, reach=AMINA, search=Search(language="lb"), language="en", now=now)
    link = f"{live_server.url}/en/t/{alert.link_key}"
    session.commit()

    page.set_viewport_size({"width": 320, "height": 640})
    for address in (f"{live_server.url}/en/tell-me?l=lb&place=Belvaux", link):
        page.goto(address)
        found += axe(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{address} scrolls sideways")
    hand.button("Yes, tell me")
    found += axe(page)

    assert (heading(page), found) == ("We tell you what is new", [])


def test_j10_asti_makes_a_pair_in_two_clicks_from_the_longest_wait(
    live_server: LiveServer, hand: Hand, session: Session, deliver: Callable[[str], str], now: datetime
) -> None:
    learner = a_person(session, name="Amina B.", contact="amina@example.lu", language="en")
    coach = a_person(session, name="Josée K.", contact="josee@example.lu", language="en")
    a_coaching_request(session, person=a_person(session, name="Daniyar"), now=now - timedelta(days=3))
    a_coaching_request(session, person=learner, now=now - timedelta(days=41))
    a_volunteer(session, person=coach, charter_agreed_on=now.date())
    token = sign_in_staff(session, account=an_account(session, role=Role.ASTI), now=now, second_factor=True)
    session.commit()
    page = hand.page
    page.context.add_cookies([{"name": "signin", "value": token, "url": live_server.url}])

    page.goto(f"{live_server.url}/en/staff/pairing")
    hand.tap(page.get_by_role("link", name="Propose this pair – Josée K."))
    hand.button("Send to both")

    assert "Sent to both" in page.locator("main").inner_text()
    assert (hand.taps, hand.fields) == (2, 0)
    assert page.locator("h2#learner").inner_text() == "Daniyar"
    assert "Josée" in deliver("amina@example.lu")
    assert "Amina" in deliver("josee@example.lu")
