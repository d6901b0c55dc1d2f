"""Makes the pictures of docs/guides from the demo country, always of the same evening."""

import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from commune_hub import upgrade  # noqa: E402
from commune_hub.accounts import actions as people  # noqa: E402
from commune_hub.accounts.models import Contact, SignInCode  # noqa: E402
from commune_hub.accounts.rules import Reach  # noqa: E402
from commune_hub.accounts.words import ContactKind  # noqa: E402
from commune_hub.base.db import Store, open_store  # noqa: E402
from commune_hub.base.settings import Settings  # noqa: E402
from commune_hub.demo import accounts, country  # noqa: E402
from tests.infrastructure import chromium  # noqa: E402
from tests.infrastructure.server import serving  # noqa: E402

PICTURES = ROOT / "docs" / "guides" / "pictures"
EVENING = datetime(2026, 11, 24, 17, 40, tzinfo=UTC)
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


def main() -> None:
    """Fill a demo country in a folder that goes away, serve it and take the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = Settings.from_env({}, data_dir=folder, log_level="ERROR")
        store = open_store(settings)
        upgrade.upgrade(store)
        country.fill(store, now=EVENING)
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.flags())
        with serving(replace(settings), store=store, clock=lambda: EVENING) as live:
            visitor(browser, live.url)
            for account in accounts.ACCOUNTS:
                if account.title in STAFF:
                    staff(browser, live.url, account)
            for who, mail in (("learner", accounts.LEARNER_MAIL), ("volunteer", accounts.VOLUNTEER_MAIL)):
                own_space(browser, live.url, store, who, mail)
        store.close()


def visitor(browser: Browser, url: str) -> None:
    """What somebody sees who looks for practice near Belvaux on a phone."""
    page = browser.new_context(viewport=PHONE, locale="fr-LU").new_page()
    for name, path in (("home", "/fr/"), ("results", "/fr/search?l=lb&place=Belvaux"), ("commune", "/fr/c/sanem")):
        page.goto(url + path)
        shoot(page, f"visitor-{name}")
    page.goto(url + "/fr/search?l=lb&place=Belvaux")
    page.locator("h3 a").first.click()
    shoot(page, "visitor-activity")
    page.locator("input[name=name]").fill("Amina")
    page.locator("input[name=contact]").fill("amina@example.org")
    page.locator("input[name=contact]").press("Enter")
    page.wait_for_url("**/b/**")
    shoot(page, "visitor-booking")
    page.set_viewport_size(DESK)
    page.goto(url + "/fr/c/sanem/poster")
    shoot(page, "visitor-poster")


STAFF = {
    "Officer of Sanem": [
        ("today", "/fr/staff/", PHONE),
        ("desk", "/fr/staff/", DESK),
        ("activities", "/fr/staff/activities", DESK),
        ("new", "/fr/staff/activities/new?kind=conversation_table", PHONE),
        ("counter", "/fr/staff/counter", PHONE),
    ],
    "Coordinator of Sanem": [("people", "/fr/staff/people", DESK)],
    "ASTI, whole country": [
        ("pairing", "/fr/staff/pairing", DESK),
        ("pairs", "/fr/staff/pairs", PHONE),
        ("missing", "/fr/staff/missing", DESK),
    ],
    "National officer": [("record", "/fr/staff/record", DESK)],
    "Auditor": [("traces", "/fr/staff/traces", DESK)],
    "Technical administrator": [("outbox", "/en/staff/outbox", DESK)],
}


def staff(browser: Browser, url: str, account: accounts.DemoAccount) -> None:
    """What a member of staff sees after signing in with both factors."""
    page = browser.new_context(viewport=DESK, locale="fr-LU").new_page()
    page.goto(url + "/fr/staff/sign-in")
    page.locator("input[name=mail]").fill(account.mail)
    page.locator("input[type=password]").fill(accounts.PASSWORD)
    page.locator("input[type=password]").press("Enter")
    page.locator("input[name=code]").fill(account.code_now(EVENING))
    page.locator("input[name=code]").press("Enter")
    page.wait_for_url("**/staff/")
    for name, path, size in STAFF[account.title]:
        page.set_viewport_size(size)
        page.goto(url + path)
        shoot(page, f"{account.role}-{name}")


OWN_SPACE = {
    "learner": [("roadmap", "/fr/my/roadmap"), ("coach", "/fr/my/coach"), ("data", "/fr/my/data")],
    "volunteer": [("today", "/fr/volunteer"), ("pairs", "/fr/volunteer/pairs"), ("times", "/fr/volunteer/times")],
}


def own_space(browser: Browser, url: str, store: Store, who: str, mail: str) -> None:
    """What somebody sees who has signed in with a code, on a phone."""
    reach = Reach(ContactKind.MAIL, mail)
    with store.writing() as session:
        people.request_code(session, reach=reach, now=EVENING)
        asked = session.scalars(select(SignInCode).order_by(SignInCode.id.desc())).first()
        assert asked is not None and asked.contact_id is not None and asked.code_sealed is not None
        person = session.get_one(Contact, asked.contact_id).person
        code = person.opened(asked.code_sealed)
        token = people.enter_code(session, reach=reach, code=code, shared_phone=False, now=EVENING)
    context = browser.new_context(viewport=PHONE, locale="fr-LU")
    context.add_cookies([{"name": "signin", "value": str(token), "url": url}])
    page = context.new_page()
    for name, path in OWN_SPACE[who]:
        page.goto(url + path)
        shoot(page, f"{who}-{name}")


def shoot(page: Page, name: str) -> None:
    """One picture, as high as two screens at most, with few colours so that it stays small."""
    height = min(page.evaluate("document.documentElement.scrollHeight"), 1480)
    size = page.viewport_size or PHONE
    path = PICTURES / f"{name}.png"
    # As high as the picture, so that the bar at the foot of a phone stands at its foot.
    page.set_viewport_size({"width": size["width"], "height": height})
    page.screenshot(path=path)
    page.set_viewport_size(size)
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
