"""A newcomer scans a poster, takes a seat, and gives it back; another one waits and moves up. In a real browser."""

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.events.models import Activity
from commune_hub.worker import loop
from tests.factories import a_person, a_signup, a_venue, an_activity, an_organisation
from tests.infrastructure.mail_server import MailServer, mail_server, parts_of
from tests.infrastructure.server import LiveServer

Axe = Callable[[Page], list[str]]
on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server on loopback."""
    with mail_server() as server:
        yield server


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A cheap phone whose browser runs no script."""
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, locale="en-GB", java_script_enabled=False, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def take_a_seat(page: Page, name: str, contact: str) -> None:
    """The two fields and the one tap of a visitor; the next date is chosen already."""
    page.get_by_label("First name").fill(name)
    page.get_by_label("Phone or mail address").fill(contact)
    page.locator("form button", has_text="Sign up").click()


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_two_fields_and_one_tap_from_the_poster_to_the_seat_and_back(
    live_server: LiveServer, phone: Page, session: Session, settings: Settings, store: Store, mail: MailServer,
    now: datetime,
) -> None:  # fmt: skip
    activity = an_activity(session, capacity="1", first_on=date(2026, 12, 1), last_on=date(2026, 12, 1))
    session.commit()
    work = loop.work_of(
        replace(settings, base_url=live_server.url, mail_host="127.0.0.1", mail_port=str(mail.port)), store
    )

    def post() -> dict[str, str]:
        """What the worker has mailed: the text, by who got it."""
        loop.run(work, clock=lambda: now, once=True)
        return {sent["To"]: parts_of(sent)["text/plain"] for sent in mail.mails}

    def my_link(text: str) -> str:
        return re.findall(rf"{live_server.url}/en/b/[\w-]+|{live_server.url}/b/[\w-]+", text)[0]

    phone.goto(f"{live_server.url}/a/{activity.public_id}")
    take_a_seat(phone, "Amina", "amina@example.lu")
    first = heading(phone)
    phone.goto(f"{live_server.url}/a/{activity.public_id}")
    take_a_seat(phone, "Yonas", "yonas@example.lu")
    second, queue = heading(phone), phone.locator(".done").inner_text()

    letters = post()
    phone.goto(my_link(letters["amina@example.lu"]))
    phone.get_by_role("button", name="I can’t come").click()
    gone = heading(phone)
    phone.goto(my_link(letters["yonas@example.lu"]))
    moved_up = heading(phone)

    assert (first, second, gone, moved_up) == (
        "You have a seat", "You are on the waiting list", "You no longer come", "You have a seat",
    )  # fmt: skip
    assert "You are number 1 of 1." in queue
    assert [sent["To"].split("@")[0] for sent in mail.mails] == ["amina", "yonas"]
    post()
    assert [sent["To"].split("@")[0] for sent in mail.mails[2:]] == ["amina", "yonas"]


def test_a_form_that_was_sent_wrong_shows_what_to_mend(
    live_server: LiveServer, page: Page, axe: Axe, session: Session
) -> None:
    activity = an_activity(session)
    session.commit()
    page.goto(f"{live_server.url}/en/a/{activity.public_id}")

    take_a_seat(page, "Amina", "one two")

    assert axe(page) == []
    assert page.locator("#contact").get_attribute("aria-invalid") == "true"
    page.locator(".errsum a").click()
    assert page.evaluate("document.activeElement.id") == "contact"
    assert page.get_by_label("First name").input_value() == "Amina"


@pytest.fixture
def addresses(session: Session, now: datetime) -> dict[str, str]:
    """One page of each kind, in the states that look different."""
    organisation = an_organisation(session, name="Gemeng Suessem", website="https://example.lu")
    venue = a_venue(session, organisation=organisation, bus_stop="Gemeng", access_note="Lift")
    table = an_activity(session, venue=venue, hosts="Josée", child_care="yes", capacity="1", description_fr="Oui.")
    cafe = an_activity(session, venue=venue, kind="language_cafe", languages=("lb", "fr", "pt"))
    winter = {"first_on": date(2027, 1, 12), "last_on": date(2027, 2, 9)}
    course = an_activity(session, venue=venue, kind="civic_course", **winter)
    other = an_activity(session, venue=venue, registration_by="provider", registration_contact="26 00 00 01")
    past = an_activity(session, venue=venue, now=datetime(2026, 1, 1, tzinfo=now.tzinfo), **_last_winter())
    amina = a_person(session, name="Amina", contact="amina@example.lu")
    pool = next(m.pool for m in table.meetings if m.starts_at > now)
    seat, waits = a_signup(session, pool, person=amina), a_signup(session, pool)
    enrolled = a_signup(session, course.meetings[0].pool)
    session.commit()
    pages: dict[str, Activity] = {"table": table, "cafe": cafe, "course": course, "elsewhere": other, "over": past}
    return {name: f"/a/{activity.public_id}" for name, activity in pages.items()} | {
        "seat": f"/b/{seat.link_key}", "queue": f"/b/{waits.link_key}", "enrolled": f"/b/{enrolled.link_key}",
        "sign in": "/sign-in", "commune": "/c/sanem", "neighbours": "/c/differdange", "nothing": "/c/clervaux",
        "poster": f"/a/{table.public_id}/poster", "paper": "/c/sanem/poster", "how": "/how-it-works",
        "accessibility": "/accessibility", "privacy": "/privacy", "problem": "/problem", "error": "/a/nothing",
    }  # fmt: skip


def _last_winter() -> dict[str, date]:
    return {"first_on": date(2026, 2, 3), "last_on": date(2026, 6, 30)}


@on_sqlite
def test_every_public_page_passes_axe_fits_a_small_screen_and_is_light(
    live_server: LiveServer, page: Page, axe: Axe, addresses: dict[str, str], proving: bool
) -> None:
    found: list[str] = []

    for language in ("lb", "fr", "de", "en", "pt") if proving else ("fr", "de"):
        for name, path in addresses.items():
            page.set_viewport_size({"width": 320, "height": 640})
            answer = page.goto(f"{live_server.url}/{language}{path}")
            assert answer is not None
            if len(gzip.compress(answer.body(), 9)) > 14 * 1024:
                found.append(f"{language} {name}: more than 14 KB")
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{language} {name}: scrolls sideways at 320 px")
            page.set_viewport_size({"width": 360, "height": 740})
            found += [f"{language} {name}: {problem}" for problem in axe(page)]

    assert found == []


@on_sqlite
def test_signed_in_pages_pass_axe(
    live_server: LiveServer, page: Page, axe: Axe, addresses: dict[str, str], store: Store
) -> None:
    from tests.web.test_account import newest_code

    found: list[str] = []
    page.goto(f"{live_server.url}/fr/my/dates")
    page.locator("#contact").fill("amina@example.lu")
    page.locator("form.card button").click()
    found += axe(page)
    page.locator("#code").fill(newest_code(store))
    page.locator("form.card button").click()

    for language in ("fr", "de"):
        page.goto(f"{live_server.url}/{language}/my/dates")
        found += axe(page)

    assert page.locator("article.card").count() == 1
    assert found == []


@on_sqlite
def test_a_poster_with_much_on_it_still_is_one_sheet_of_paper(
    live_server: LiveServer, browser: Browser, session: Session
) -> None:
    organisation = an_organisation(session, name="Service à l’égalité des chances et à l’intégration de la commune")
    venue = a_venue(
        session, organisation=organisation, name="Centre culturel régional « Aalt Schoulhaus »",
        address="124, rue du Général George S. Patton", bus_stop="Schoulhaus, rue du Général Patton",
    )  # fmt: skip
    long = an_activity(
        session, venue=venue, languages=("lb", "fr", "pt", "en"), rrule="FREQ=MONTHLY;BYDAY=1TU,3TU", child_care="yes",
        title_fr="Café des langues et jeux de société pour toute la famille", hosts="Josée, Marc", price="12.50",
        voucher_price="2.50", last_on=date(2027, 6, 30),
    )  # fmt: skip
    for number in range(8):
        an_activity(session, venue=venue, title_fr=f"Table de conversation au café du coin numéro {number}")
    session.commit()
    page = browser.new_page()

    overfull = []
    for language in ("lb", "fr", "de", "en", "pt"):
        for path in (f"a/{long.public_id}/poster", "c/sanem/poster", "c/sanem/leaflet"):
            page.goto(f"{live_server.url}/{language}/{path}")
            overfull += page.evaluate(
                """path => [...document.querySelectorAll('.sheet, .leaflet')]
                    .filter(box => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
                    .map(box => `${path}: ${box.className} ${box.scrollHeight} > ${box.clientHeight}`)""",
                f"{language}/{path}",
            )
            sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
            overfull += [f"{language}/{path}: {sheets} sheets"] if sheets != 1 else []
    page.close()

    assert overfull == []
