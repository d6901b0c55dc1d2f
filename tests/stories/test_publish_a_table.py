"""An officer publishes a weekly table from nothing and takes over a season; every staff page on a phone and by axe."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.actions import sign_in_staff
from commune_hub.accounts.models import Account, Organisation
from commune_hub.accounts.words import Role
from commune_hub.base import outbox
from commune_hub.base.outbox import Job, JobState
from commune_hub.events.models import Activity, Venue
from commune_hub.events.words import ActivityState, CancelReason, MeetingState
from tests import factories
from tests.infrastructure.server import LiveServer

# What a page looks like does not depend on the database.
ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return factories.an_organisation(session, name="Gemeng Suessem", slug="suessem")


@pytest.fixture
def venue(session: Session, organisation: Organisation) -> Venue:
    return factories.a_venue(session, organisation=organisation)


@pytest.fixture
def officer(session: Session, organisation: Organisation) -> Account:
    return factories.an_account(session, organisation=organisation)


def arrive(page: Page, site: LiveServer, session: Session, account: Account, now: datetime) -> None:
    """Signed in, with what the session holds."""
    token = sign_in_staff(session, account=account, now=now, second_factor=True)
    session.commit()
    page.context.add_cookies([{"name": "signin", "value": token, "url": site.url}])


def test_a_table_is_published_from_eight_fields(
    page: Page, live_server: LiveServer, session: Session, officer: Account, venue: Venue, now: datetime
) -> None:
    arrive(page, live_server, session, officer, now)
    page.goto(f"{live_server.url}/en/staff/")

    page.get_by_role("link", name="New activity").click()
    page.get_by_role("button", name="Conversation table").click()
    page.get_by_role("checkbox", name="Lëtzebuergesch").check()
    page.get_by_label("To level").select_option("A2")
    page.get_by_label("Where?").select_option(venue.public_id)
    page.get_by_role("checkbox", name="Tue").check()
    page.get_by_label("From", exact=True).fill("18:30")
    page.get_by_label("First day").fill("2026-12-01")
    page.get_by_label("Last day").fill("2027-02-23")
    page.get_by_label("Who leads it?").fill("Josée")
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_text("It is published. Everybody can see it now.")).to_be_visible()
    expect(page.get_by_text("school holidays", exact=True)).to_have_count(3)
    activity = session.scalars(select(Activity)).one()
    assert (activity.state, len(activity.meetings)) == (ActivityState.PUBLISHED, 10)


@ONE_DATABASE
def test_questions_show_only_where_they_matter(
    page: Page, live_server: LiveServer, session: Session, officer: Account, now: datetime
) -> None:
    arrive(page, live_server, session, officer, now)
    page.goto(f"{live_server.url}/en/staff/activities/new?kind=conversation_table")
    questions = ("On which day?", "Which week of the month?", "Which dates?", "Rule (RFC 5545)", "First day")

    shown = {}
    for rhythm in ("Every week", "Every month", "Single dates", "Other"):
        page.get_by_role("radio", name=rhythm, exact=True).check()
        shown[rhythm] = [words for words in questions if page.get_by_text(words, exact=True).is_visible()]

    assert shown == {
        "Every week": ["On which day?", "First day"],
        "Every month": ["On which day?", "Which week of the month?", "First day"],
        "Single dates": ["Which dates?"],
        "Other": ["Rule (RFC 5545)", "First day"],
    }


def test_last_season_is_taken_over_with_three_fields(
    page: Page, live_server: LiveServer, session: Session, officer: Account, venue: Venue, now: datetime
) -> None:
    last = factories.an_activity(session, venue=venue)
    arrive(page, live_server, session, officer, now)
    page.goto(f"{live_server.url}/en/staff/activities")

    page.get_by_role("link", name="Plan the next season").click()
    page.get_by_label("First day").fill("2027-01-05")
    page.get_by_label("Last day").fill("2027-03-30")
    page.get_by_label("Who leads it?").fill("Rui")
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_text("It is published. Everybody can see it now.")).to_be_visible()
    new = session.scalars(select(Activity).where(Activity.previous_id == last.id)).one()
    assert (new.hosts, new.tags, new.venue, new.rrule) == ("Rui", last.tags, venue, last.rrule)


@ONE_DATABASE
def test_a_pin_set_on_the_map_fills_the_two_numbers(
    page: Page, live_server: LiveServer, session: Session, officer: Account, now: datetime
) -> None:
    arrive(page, live_server, session, officer, now)
    page.goto(f"{live_server.url}/en/staff/places/new")

    page.locator("[data-pick]").click()

    lat, lon = page.get_by_label("Latitude").input_value(), page.get_by_label("Longitude").input_value()
    assert 49 < float(lat) < 51 and 5 < float(lon) < 7


def a_busy_commune(session: Session, organisation: Organisation, venue: Venue, now: datetime) -> list[str]:
    """Addresses of every staff page, in all their states: with people and without, cancelled, left out, in trouble."""
    table = factories.an_activity(session, venue=venue, capacity=1, skip_school_holidays=True)
    café = factories.an_activity(
        session,
        venue=venue,
        kind="language_cafe",
        languages=("lb", "fr", "pt", "en", "ar"),
        rrule="FREQ=MONTHLY;BYDAY=2WE",
    )
    draft = factories.an_activity(session, venue=venue, published=False)
    full, cancelled = table.meetings[-4], table.meetings[-1]
    seated, waiting = (
        factories.a_signup(session, full.pool, person=factories.a_person(session, name=name, contact=contact))
        for name, contact in (("Amina", "621111222"), ("مريم", ""))
    )
    cancelled.state, cancelled.cancel_reason = MeetingState.CANCELLED, CancelReason.WEATHER
    outbox.enqueue(session, "signup_mail", due_at=now, now=now, key="k", signup=seated.public_id)
    job = session.scalars(select(Job).where(Job.key == "k")).one()
    job.state, job.last_error = JobState.DEAD, "SMTPServerDisconnected"
    new, of = "activities/new", f"activities/{table.public_id}"
    return [
        "", "activities", "activities?shelf=drafts", "activities?shelf=past", new, f"{new}?kind=conversation_table",
        f"{new}?kind=conventioned_course", f"{new}?kind=civic_course", f"{new}?again={table.public_id}",
        f"{of}/edit", f"{of}/season", f"activities/{café.public_id}/season", f"activities/{draft.public_id}/season",
        f"meetings/{full.public_id}", f"meetings/{cancelled.public_id}", f"meetings/{full.public_id}/cancel",
        f"meetings/{full.public_id}/move", f"meetings/{full.public_id}/sign-up",
        f"meetings/{café.meetings[-1].public_id}/sign-up", f"sign-ups/{seated.public_id}",
        f"sign-ups/{waiting.public_id}", f"sign-ups/{seated.public_id}/slip", "counter", "places", "places/new",
        f"places/{venue.public_id}", "activities/import", "people", "outbox", "password",
    ]  # fmt: skip


@ONE_DATABASE
@pytest.mark.parametrize("language", ["fr", "de"])
def test_every_staff_page_fits_a_phone_and_satisfies_axe(
    page: Page,
    axe: Callable[[Page], list[str]],
    live_server: LiveServer,
    session: Session,
    organisation: Organisation,
    venue: Venue,
    now: datetime,
    language: str,
) -> None:
    paths = a_busy_commune(session, organisation, venue, now)
    account = factories.an_account(session, role=Role.COORDINATOR, organisation=organisation)
    factories.a_role(session, account, Role.ADMIN, None)
    arrive(page, live_server, session, account, now)

    wrong = []
    for path in paths:
        answer = page.goto(f"{live_server.url}/{language}/staff/{path}")
        assert answer and answer.status == 200, path
        page.set_viewport_size({"width": 320, "height": 740})
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong += [f"/{path}: {too_wide} px too wide"] if too_wide else []
        wrong += [f"/{path}: {violation}" for violation in axe(page)]

    assert wrong == []


@ONE_DATABASE
def test_forms_that_were_refused_satisfy_axe_too(
    page: Page,
    axe: Callable[[Page], list[str]],
    live_server: LiveServer,
    session: Session,
    officer: Account,
    venue: Venue,
    now: datetime,
) -> None:
    meeting = factories.a_meeting(session, venue=venue)
    arrive(page, live_server, session, officer, now)

    wrong = []
    for path in (
        "activities/new?kind=conversation_table", "places/new", f"meetings/{meeting.public_id}/sign-up",
        f"meetings/{meeting.public_id}/cancel", "activities/import", "password",
    ):  # fmt: skip
        page.goto(f"{live_server.url}/fr/staff/{path}")
        page.locator("form").last.evaluate("form => form.noValidate = true")
        page.locator("main form").first.evaluate("form => form.noValidate = true")
        page.locator("main").locator("button.btn[form], form button.btn").last.click()
        assert page.locator("[role=alert]").count() > 0, f"{path} → {urlsplit(page.url).path}"
        wrong += [f"/{path}: {violation}" for violation in axe(page)]

    assert wrong == []
