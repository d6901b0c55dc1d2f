"""Every page that can be reached by links in the demo country, as each role: axe, width at 320 px, right to left."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Account, Contact, Grant, SignInCode
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.rules import reach_from
from commune_hub.accounts.words import Role
from commune_hub.app import create_app
from commune_hub.base.db import Store, open_store
from commune_hub.base.settings import Settings
from commune_hub.demo import country
from commune_hub.demo.accounts import LEARNER_MAIL, VOLUNTEER_MAIL
from tests.infrastructure.databases import SECRET, sqlite_copy
from tests.infrastructure.server import LiveServer, serving

EVENING = datetime(2026, 11, 24, 17, 40, tzinfo=UTC)
ROLES = ("visitor", "learner", "volunteer", "officer", "coordinator", "national_officer", "admin", "auditor")
BY_CODE = {"learner": LEARNER_MAIL, "volunteer": VOLUNTEER_MAIL}
# Files, and pages that a program reads.
NO_PAGE = re.compile(r"\.(ics|csv|pdf|png|pem|svg)$|/sheet|/export|/template|/dev/|/healthz|/errors")
STARTS = {
    "visitor": ["/", "/search?place=Belvaux", "/search?place=Belvaux&view=map", "/search?l=sgg&place=Vianden",
                "/sign-in", "/how", "/languages", "/staff/sign-in", "/verify", "/report-problem", "/nothing-here",
                "/coach", "/coach?language=lb", "/coach?language=lb&level=3", "/coach?language=lb&level=1",
                "/coach?language=lb&level=3&slots=5", "/coach?language=lb&level=3&step=times"],
    "learner": ["/my/dates", "/my/profile", "/my/papers", "/my/hours", "/my/card", "/my/coach", "/my/data",
                "/my/data/looks", "/my/data/delete", "/volunteer/pairs"],
    "volunteer": ["/volunteer"],
    "officer": ["/staff/"],
    "coordinator": ["/staff/", "/staff/people"],
    "national_officer": ["/staff/", "/staff/record"],
    "admin": ["/staff/"],
    "auditor": ["/staff/", "/staff/traces"],
    "asti": ["/staff/pairs?stage=active", "/staff/requests", "/staff/"],
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(run: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Store]]:
    """The demo country on SQLite, one for all these tests: they only read."""
    folder = tmp_path_factory.mktemp("demo")
    databases = sqlite_copy(run, folder / "db")  # type: ignore[arg-type]
    settings = Settings.from_env({}, secret_key=SECRET, data_dir=str(folder), **vars(databases))
    store = open_store(settings)
    country.fill(store, now=EVENING)
    yield settings, store
    store.close()


@pytest.fixture(scope="module")
def live(demo: tuple[Settings, Store]) -> Iterator[LiveServer]:
    """The app on the demo country."""
    settings, store = demo
    with serving(replace(settings), store=store, clock=lambda: EVENING) as server:
        yield server


def token_of(store: Store, role: str) -> str:
    """A session of somebody with that role."""
    with store.writing() as session:
        if role in BY_CODE:
            reach = reach_from(BY_CODE[role])
            assert reach is not None
            accounts.request_code(session, reach=reach, now=EVENING)
            row = session.scalars(select(SignInCode).order_by(SignInCode.id.desc())).first()
            assert row is not None and row.code_sealed is not None and row.contact_id is not None
            owner = session.get_one(Contact, row.contact_id).person.public_id
            code = ring_of(session).open(owner, row.code_sealed)
            return str(accounts.enter_code(session, reach=reach, code=code, shared_phone=False, now=EVENING))
        account = session.scalars(
            select(Account).join(Grant).where(Grant.role == Role(role)).order_by(Account.id)
        ).first()
        assert account is not None
        return accounts.sign_in_staff(session, account=account, now=EVENING, second_factor=True)


def pages_of(app: Flask, role: str, token: str, language: str) -> dict[str, str]:
    """One address for each page that this role reaches by links, by endpoint."""
    client = app.test_client()
    if token:
        client.set_cookie("signin", token, domain="localhost")
    adapter = app.url_map.bind("localhost")
    found: dict[str, str] = {}
    waiting = [f"/{language}{start}" for start in STARTS[role]]
    while waiting:
        address = waiting.pop(0)
        try:
            endpoint, _ = adapter.match(address.split("?")[0], method="GET")
        except HTTPException:
            endpoint = "no such page"
        in_full = endpoint in ("pages.search", "pages.ask_coach")
        name = f"{endpoint}{'?' if '?' in address else ''}{address if in_full else ''}"
        if name in found or NO_PAGE.search(address.split("?")[0]) or endpoint == "static":
            continue
        answer = client.get(address, follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        found[name] = address
        links = re.findall(rf'href="(/{language}/[^"#]*)', answer.text)
        waiting += [link.replace("&amp;", "&") for link in links if endpoint != "pages.search" or "/search" not in link]
    return found


def wrong_with(page: Page, address: str, axe: Callable[[Page], list[str]]) -> list[str]:
    """What a person would trip over: a rule of axe, a page wider than a small phone."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(address)
    wrong = axe(page)
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        wrong.append("wider than 320 px")
    return [f"{address}: {one}" for one in wrong]


def a_context(browser: Browser, url: str, token: str) -> BrowserContext:
    """A phone, signed in or not."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    if token:
        context.add_cookies([{"name": "signin", "value": token, "url": url}])
    return context


@pytest.mark.parametrize("role", [*ROLES, pytest.param("asti", marks=pytest.mark.prove)])
@pytest.mark.parametrize(
    "language",
    ["fr", pytest.param("de"), *(pytest.param(code, marks=pytest.mark.prove) for code in ("lb", "en", "pt"))],
)
def test_every_page_can_be_read_by_everybody(
    live: LiveServer, demo: tuple[Settings, Store], browser: Browser, axe: Callable[[Page], list[str]], role: str,
    language: str,
) -> None:  # fmt: skip
    token = "" if role == "visitor" else token_of(demo[1], role)
    addresses = pages_of(live.app, role, token, language)
    context = a_context(browser, live.url, token)
    page = context.new_page()

    wrong = [one for address in addresses.values() for one in wrong_with(page, live.url + address, axe)]

    context.close()
    assert wrong == []
    assert len(addresses) >= len(STARTS[role])


def test_the_pages_turn_round_for_a_script_from_right_to_left(
    demo: tuple[Settings, Store], browser: Browser, axe: Callable[[Page], list[str]]
) -> None:
    settings, store = demo
    app = create_app(settings, store=store, clock=lambda: EVENING, pseudo_rtl=True)
    client = app.test_client()
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    with serving(replace(settings), store=store, clock=lambda: EVENING) as server:
        for address in ("/xr/", "/xr/search?place=Belvaux", "/xr/c/sanem"):
            html = client.get(address).text
            assert '<html lang="xr" dir="rtl">' in html
            page.goto(server.url + "/fr/")
            page.set_content(html.replace('href="/static', f'href="{server.url}/static'))
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    context.close()
