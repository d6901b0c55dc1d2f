"""Attendance in a real browser: twelve names in four taps, a walk-in in two, without JavaScript, without network."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Account, Organisation
from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.events import roll
from commune_hub.events.models import Meeting
from commune_hub.events.records import AttendanceChange, Roll
from commune_hub.events.words import ActivityKind
from tests.factories import a_meeting, a_person, a_signup, an_account, an_organisation
from tests.infrastructure.server import LiveServer, serving

START = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
NAMES = [
    "Amina Bouzid", "Bogdan Costea", "Carla Mendes", "Daniyar Seitkali", "Elena Petrova", "Fatou Diallo",
    "Goran Vuković", "Hiba Ali", "Ines Rocha", "Jamal Khan", "Katya Lis", "Luis Ferreira",
]  # fmt: skip
NewPhone = Callable[..., Page]


class Clock:
    """Ten minutes after the beginning, and it moves."""

    def __init__(self) -> None:
        self.began = monotonic()

    def __call__(self) -> datetime:
        return START + timedelta(minutes=10, seconds=monotonic() - self.began)


@pytest.fixture
def site(settings: Settings, store: Store) -> Iterator[LiveServer]:
    """The app with a clock that moves: which tap was last matters here."""
    with serving(settings, store=store, clock=Clock()) as live:
        yield live


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return an_organisation(session, name="Gemeng Suessem")


@pytest.fixture
def officer(session: Session, organisation: Organisation) -> Account:
    return an_account(session, role=Role.OFFICER, organisation=organisation)


@pytest.fixture
def meeting(session: Session, organisation: Organisation) -> Meeting:
    """A table of twelve on the evening of this test."""
    meeting = a_meeting(session, organisation=organisation, capacity=12)
    for name in NAMES:
        a_signup(session, meeting.pool, person=a_person(session, name=name))
    session.commit()
    return meeting


@pytest.fixture
def phone(browser: Browser, session: Session, officer: Account, site: LiveServer) -> Iterator[NewPhone]:
    """A phone on which the officer is signed in."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def new(*, javascript: bool = True, width: int = 360, account: Account | None = None) -> Page:
        token = accounts.sign_in_staff(session, account=account or officer, now=START, second_factor=True)
        session.commit()
        context = browser.new_context(
            viewport={"width": width, "height": 740}, locale="en-GB", reduced_motion="reduce",
            java_script_enabled=javascript,
        )  # fmt: skip
        context.add_cookies([{"name": "signin", "value": token, "url": site.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield new
    for context in contexts:
        context.close()
    assert errors == []


def url_of(site: LiveServer, meeting: Meeting) -> str:
    return f"{site.url}/en/staff/meetings/{meeting.public_id}/attendance"


def states(store: Store, meeting: Meeting) -> dict[str, str]:
    with store.reading() as session:
        found = roll.roll_of(session, session.get_one(Meeting, meeting.id))
        return {line.name.split()[0]: str(line.state) for line in found.lines}


def finished(store: Store, meeting: Meeting) -> bool:
    with store.reading() as session:
        return roll.is_finished(session, session.get_one(Meeting, meeting.id))


def taps(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(AttendanceChange)) or 0


def row(page: Page, name: str, button: str) -> None:
    page.get_by_role("group", name=name).get_by_role("button", name=button).click()


def kept(page: Page) -> str:
    return page.evaluate("JSON.stringify(localStorage)")  # type: ignore[no-any-return]


EVERYBODY_BUT_TWO = {name.split()[0]: "present" for name in NAMES} | {"Elena": "absent", "Ines": "absent"}


def test_twelve_people_in_four_taps_from_the_page_of_today(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store, axe: Callable[[Page], list[str]]
) -> None:
    page = phone()
    page.goto(f"{site.url}/en/staff/")
    assert axe(page) == []

    page.get_by_role("button", name="All present").click()
    row(page, "Elena P.", "Absent")
    row(page, "Ines R.", "Absent")
    expect(page.locator("[data-words]")).to_contain_text("Saved at 18:4")
    assert states(store, meeting) == EVERYBODY_BUT_TWO
    assert page.locator(".cnt").inner_text().split() == ["10", "present", "2", "absent", "0", "to", "mark"]
    page.get_by_role("button", name="Finish").click()

    expect(page.get_by_text("Attendance is finished. Thank you.")).to_be_visible()
    assert finished(store, meeting)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(page) == []


def test_a_walk_in_takes_two_taps_and_a_first_name(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store, axe: Callable[[Page], list[str]]
) -> None:
    page = phone()
    page.goto(url_of(site, meeting))

    page.locator("summary", has_text="Add").click()
    page.get_by_label("First name").fill("Marta")
    assert axe(page) == []
    page.get_by_role("button", name="OK").click()

    expect(page.get_by_role("group", name="Marta").get_by_role("button", name="Present")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator("[data-words]")).to_have_text("Each tap is saved.")
    assert states(store, meeting)["Marta"] == "present"


def test_excused_stands_in_the_small_menu_of_a_name(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store, axe: Callable[[Page], list[str]]
) -> None:
    page = phone()
    page.goto(url_of(site, meeting))

    page.locator("summary", has_text="Hiba A.").click()
    assert axe(page) == []
    page.get_by_role("button", name="Excused – Hiba A.").click()

    expect(page.locator("li", has_text="Hiba A.").locator(".exc")).to_be_visible()
    expect(page.locator("[data-words]")).to_contain_text("Saved at")
    assert states(store, meeting)["Hiba"] == "excused"


def test_everything_works_without_javascript(phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store) -> None:
    page = phone(javascript=False)
    page.goto(url_of(site, meeting))

    page.get_by_role("button", name="All present").click()
    row(page, "Elena P.", "Absent")
    assert page.url.endswith(f"#p-{page.locator('li', has_text='Elena P.').get_attribute('data-person')}")
    row(page, "Ines R.", "Absent")
    page.get_by_role("button", name="Finish").click()

    expect(page.get_by_text("Attendance is finished. Thank you.")).to_be_visible()
    assert states(store, meeting) == EVERYBODY_BUT_TWO


def test_without_network_taps_wait_on_the_phone_and_go_out_in_order_once(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store, axe: Callable[[Page], list[str]]
) -> None:
    page = phone()
    page.goto(url_of(site, meeting))
    page.context.set_offline(True)

    page.get_by_role("button", name="All present").click()
    row(page, "Elena P.", "Present")
    row(page, "Elena P.", "Absent")
    expect(page.locator("[data-words]")).to_have_text("No network. Not sent yet: 3")
    assert page.locator(".save").get_attribute("class") == "save late"
    assert axe(page) == []
    box = kept(page)
    assert not any(name.split()[0] in box for name in NAMES)
    assert set(states(store, meeting).values()) == {"unknown"}
    page.context.set_offline(False)

    expect(page.locator("[data-words]")).to_contain_text("Saved at")
    assert states(store, meeting) == {name.split()[0]: "present" for name in NAMES} | {"Elena": "absent"}
    assert (taps(store), kept(page)) == (14, "{}")


def test_finishing_without_network_is_sent_when_it_is_back(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store
) -> None:
    page = phone()
    page.goto(url_of(site, meeting))
    page.context.set_offline(True)

    page.get_by_role("button", name="All present").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("[data-words]")).to_have_text("No network. Not sent yet: 2")
    expect(page.get_by_role("button", name="Finish")).to_be_disabled()
    assert not finished(store, meeting)
    page.context.set_offline(False)

    expect(page.get_by_text("Attendance is finished. Thank you.")).to_be_visible()
    assert finished(store, meeting)


def cut(page: Page, site: LiveServer, *, away: bool) -> None:
    """The network is gone, for the page and for what looks after it; or it is back."""
    site.away = away
    page.context.set_offline(away)


def test_without_network_the_roll_is_loaded_again_and_somebody_new_is_added_once(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store, axe: Callable[[Page], list[str]]
) -> None:
    page = phone()
    page.goto(url_of(site, meeting))
    expect(page.locator("[data-roll][data-offline]")).to_have_count(1, timeout=30_000)
    cut(page, site, away=True)
    row(page, "Amina B.", "Absent")
    page.locator("summary", has_text="Add").click()
    page.get_by_label("First name").fill("Марта <b>")
    page.get_by_label("Phone or mail").fill("621 123 456")
    page.get_by_role("button", name="OK").click()
    row(page, "Bogdan C.", "Present")
    expect(page.locator("[data-words]")).to_have_text("No network. Not sent yet: 3")

    page.reload()

    expect(page.get_by_role("group", name="Amina B.").get_by_role("button", name="Absent")).to_have_attribute(
        "aria-pressed", "true"
    )
    row(page, "Марта <b>", "Absent")
    expect(page.locator("[data-words]")).to_have_text("No network. Not sent yet: 4")
    assert axe(page) == []
    assert "Марта" in kept(page)
    cut(page, site, away=False)

    # The page is loaded again, with the new person as the server knows them.
    expect(page.locator("[data-words]")).to_have_text("Each tap is saved.")
    expect(page.get_by_role("group", name="Марта <.").get_by_role("button", name="Absent")).to_have_attribute(
        "aria-pressed", "true"
    )
    found = states(store, meeting)
    assert (found["Amina"], found["Bogdan"], found["Марта"], len(found)) == ("absent", "present", "absent", 13)
    assert kept(page) == "{}"


def test_what_was_tapped_on_a_kept_page_counts_at_the_moment_of_the_finger(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store
) -> None:
    one, other = phone(), phone()
    one.goto(url_of(site, meeting))
    expect(one.locator("[data-roll][data-offline]")).to_have_count(1, timeout=30_000)
    other.goto(url_of(site, meeting))
    row(other, "Amina B.", "Present")
    expect(other.locator("[data-words]")).to_contain_text("Saved at")
    cut(one, site, away=True)

    # A page as old as the first tap must not take the second one for older than that.
    one.reload()
    row(one, "Amina B.", "Absent")
    cut(one, site, away=False)

    expect(one.locator("[data-words]")).to_contain_text("Saved at")
    assert states(store, meeting)["Amina"] == "absent"


def test_no_name_stays_on_the_phone_when_the_roll_is_finished_or_its_officer_signs_out(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store
) -> None:
    left = []
    for last in ("Finish", "Sign out"):
        page = phone()
        page.goto(url_of(site, meeting))
        expect(page.locator("[data-roll][data-offline]")).to_have_count(1, timeout=30_000)
        before = page.evaluate(PAGES_KEPT)
        if last == "Sign out":
            page.locator("summary", has_text="Menu").click()
        with page.expect_navigation():
            page.get_by_role("button", name=last).click()
        page.wait_for_timeout(300)
        left.append((before, page.evaluate(PAGES_KEPT)))
        with store.writing() as session:
            session.execute(delete(Roll))

    assert left == [(1, 0), (1, 0)]


PAGES_KEPT = """
caches.open("roll").then((box) => box.keys()).then((keys) => keys.filter((one) => one.url.includes("/staff/")).length)
"""


def test_leaving_the_page_without_network_warns_and_loses_nothing(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store
) -> None:
    page = phone()
    warned: list[str] = []

    def warn(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.accept()

    page.on("dialog", warn)
    # Where a browser keeps no pages, or may not.
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.goto(url_of(site, meeting))
    page.context.set_offline(True)
    row(page, "Amina B.", "Present")
    expect(page.locator("[data-words]")).to_have_text("No network. Not sent yet: 1")

    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    page.context.set_offline(False)
    page.goto(url_of(site, meeting))

    assert warned == ["beforeunload"]
    # Sent at once when the network was back, or by the page that was opened next.
    expect(page.locator("[data-words]")).to_have_text(re.compile("Saved at|Each tap is saved"), timeout=30_000)
    for _ in range(60):
        if states(store, meeting).get("Amina") == "present":
            break
        page.wait_for_timeout(500)
    assert states(store, meeting)["Amina"] == "present"


def test_a_reload_shows_what_is_not_sent_yet(phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store) -> None:
    page = phone()
    page.goto(url_of(site, meeting))
    page.route("**/taps", lambda route: route.abort())
    row(page, "Amina B.", "Absent")
    expect(page.locator("[data-words]")).to_have_text("No network. Not sent yet: 1")
    page.on("dialog", lambda dialog: dialog.accept())

    page.reload()

    expect(page.get_by_role("group", name="Amina B.").get_by_role("button", name="Absent")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator("[data-words]")).to_have_text("No network. Not sent yet: 1")
    page.unroute("**/taps")
    row(page, "Bogdan C.", "Present")
    expect(page.locator("[data-words]")).to_contain_text("Saved at")
    assert (states(store, meeting)["Amina"], states(store, meeting)["Bogdan"]) == ("absent", "present")


def test_an_answer_that_got_lost_is_asked_for_again_and_counts_once(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store
) -> None:
    page = phone()
    page.goto(url_of(site, meeting))
    lost: list[str] = []

    def lose_the_answer(route) -> None:  # type: ignore[no-untyped-def]
        if lost:
            route.continue_()
            return
        lost.append(route.request.post_data)
        route.fetch()
        route.abort()

    page.route("**/taps", lose_the_answer)
    row(page, "Amina B.", "Present")

    expect(page.locator("[data-words]")).to_contain_text("Saved at", timeout=10_000)
    assert (len(json.loads(lost[0])["taps"]), taps(store)) == (1, 1)


def test_of_two_phones_the_later_tap_wins_whichever_is_sent_first(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store
) -> None:
    one, other = phone(), phone()
    one.goto(url_of(site, meeting))
    other.goto(url_of(site, meeting))
    one.context.set_offline(True)

    row(one, "Amina B.", "Absent")
    row(one, "Bogdan C.", "Absent")
    row(other, "Amina B.", "Present")
    expect(other.locator("[data-words]")).to_contain_text("Saved at")
    one.context.set_offline(False)

    expect(one.locator("[data-words]")).to_contain_text("Saved at")
    assert (states(store, meeting)["Amina"], states(store, meeting)["Bogdan"]) == ("present", "absent")
    # The phone that was away shows how it stands now.
    expect(one.get_by_role("group", name="Amina B.").get_by_role("button", name="Present")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_who_is_signed_out_meanwhile_keeps_the_taps_and_is_told(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store, session: Session
) -> None:
    page = phone()
    page.goto(url_of(site, meeting))
    cookies = page.context.cookies()
    page.context.clear_cookies(name="signin")

    row(page, "Amina B.", "Present")
    expect(page.locator("[data-words]")).to_contain_text("You are signed out.")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    row(page, "Bogdan C.", "Present")

    expect(page.locator("[data-words]")).to_contain_text("Saved at")
    assert (states(store, meeting)["Amina"], states(store, meeting)["Bogdan"]) == ("present", "present")


def test_another_phone_s_end_is_respected_and_said(
    phone: NewPhone, site: LiveServer, meeting: Meeting, store: Store
) -> None:
    one, other = phone(), phone()
    one.goto(url_of(site, meeting))
    other.goto(url_of(site, meeting))
    other.get_by_role("button", name="All present").click()
    other.get_by_role("button", name="Finish").click()
    expect(other.get_by_text("Attendance is finished. Thank you.")).to_be_visible()

    row(one, "Amina B.", "Absent")

    expect(one.locator("[data-words]")).to_have_text("Please write why this is changed.")
    assert states(store, meeting)["Amina"] == "present"


def test_the_phone_goes_round_and_each_signs_on_the_own_name(
    phone: NewPhone, site: LiveServer, session: Session, organisation: Organisation, store: Store,
    axe: Callable[[Page], list[str]],
) -> None:  # fmt: skip
    day = a_meeting(session, organisation=organisation, kind=ActivityKind.ORIENTATION_DAY)
    page = phone()
    page.goto(url_of(site, day))
    for name in ("Amina Bouzid", "Bogdan"):
        page.get_by_label("First name").fill(name) if page.locator("details[open]").count() else (
            page.locator("summary", has_text="Add").click(),
            page.get_by_label("First name").fill(name),
        )
        page.get_by_role("button", name="OK").click()
        expect(page.locator("[data-words]")).to_have_text("Each tap is saved.")
    page.get_by_role("link", name="Sign", exact=True).click()
    assert axe(page) == []

    page.context.set_offline(True)
    page.get_by_role("button", name="Amina B.").click()
    expect(page.get_by_role("button", name="Amina B.")).to_have_attribute("aria-pressed", "true")
    page.context.set_offline(False)

    expect(page.locator("[data-words]")).to_contain_text("Saved at")
    with store.reading() as reading:
        lines = roll.roll_of(reading, reading.get_one(Meeting, day.id)).lines
    assert [(line.name, line.signed) for line in lines] == [("Amina B.", True), ("Bogdan", False)]


@pytest.mark.parametrize("width", [320, 1280])
def test_all_pages_of_the_roll_fit_and_are_accessible(
    phone: NewPhone, site: LiveServer, session: Session, organisation: Organisation, meeting: Meeting, width: int,
    axe: Callable[[Page], list[str]],
) -> None:  # fmt: skip
    café = a_meeting(
        session, organisation=organisation, kind=ActivityKind.LANGUAGE_CAFE, capacity=None, languages=("lb", "fr", "pt")
    )
    a_signup(session, café.pool, for_language="fr")
    page = phone(width=width)
    signup = meeting.pool.signups[0].public_id
    session.commit()
    roll_url, café_url = url_of(site, meeting), url_of(site, café)
    person = None

    faults = []
    for address in [
        roll_url, f"{roll_url}/sign", f"{roll_url}/{{person}}", roll_url.replace("attendance", "check-in"), café_url,
        café_url.replace("attendance", "tables"), f"{site.url}/en/staff/sign-ups/{signup}/card",
        f"{site.url}/en/k/{'A' * 22}",
    ]:  # fmt: skip
        page.goto(address.format(person=person))
        person = person or page.locator("[data-person]").first.get_attribute("data-person")
        faults += [f"{address}: {fault}" for fault in axe(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{address} scrolls sideways at {width}")

    assert faults == []
