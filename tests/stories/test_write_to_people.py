"""Writing to the people of a meeting and answering at the end of a season, in a browser on a small phone."""

from collections.abc import Callable
from datetime import datetime

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Organisation
from commune_hub.base.outbox import Job
from commune_hub.events.records import SeasonAnswer, SeasonQuestion
from tests import factories
from tests.infrastructure.server import LiveServer

Axe = Callable[[Page], list[str]]


def is_narrow(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def signed_in(page: Page, session: Session, live: LiveServer, organisation: Organisation, now: datetime) -> None:
    account = factories.an_account(session, organisation=organisation)
    token = accounts.sign_in_staff(session, account=account, now=now, second_factor=True)
    session.commit()
    page.context.add_cookies([{"name": "signin", "value": token, "url": live.url}])


def test_an_officer_writes_looks_and_sends_once(
    page: Page, session: Session, live_server: LiveServer, axe: Axe, now: datetime
) -> None:
    meeting = factories.a_meeting(session, capacity=3)
    for contact in ("amina@example.lu", "621 123 456", "", "621 123 457"):
        factories.a_signup(session, meeting.pool, person=factories.a_person(session, contact=contact))
    signed_in(page, session, live_server, meeting.activity.organisation, now)

    page.goto(f"{live_server.url}/en/staff/meetings/{meeting.public_id}")
    page.get_by_role("link", name="Write to the people").click()
    found = axe(page)
    page.get_by_label("Also the person who waits").check()
    page.get_by_label("Your message").fill("La fête commence à 19 h.")
    page.get_by_label("In which language do you write?").select_option("fr")
    page.get_by_role("button", name="Look at it first").click()
    found += axe(page)
    narrow = is_narrow(page)
    page.get_by_role("button", name="Send to 3 people").dblclick()
    expect(page.get_by_text("3 people get your message.")).to_be_visible()
    found += axe(page)

    session.rollback()
    assert (found, narrow) == ([], True)
    assert len(session.scalars(select(Job).where(Job.kind == "group_mail")).all()) == 3


def test_somebody_answers_two_questions_and_staff_read_the_numbers(
    page: Page, session: Session, live_server: LiveServer, axe: Axe, now: datetime
) -> None:
    meeting = factories.a_meeting(session)
    question = SeasonQuestion(
        activity_id=meeting.activity_id, person_id=factories.a_person(session).id, asked_at=now
    )  # fmt: skip
    session.add(question)
    session.add_all(
        SeasonAnswer(activity_id=meeting.activity_id, useful=3, would_help="Später", answered_on=now.date())
        for _ in range(5)
    )
    signed_in(page, session, live_server, meeting.activity.organisation, now)

    page.goto(f"{live_server.url}/en/q/{question.link_key}")
    found = axe(page)
    page.get_by_label("Very").check()
    page.get_by_label("What would help you?").fill("A babysitter")
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("heading", name="You have answered. Thank you.")).to_be_visible()
    found += axe(page)
    page.goto(f"{live_server.url}/en/staff/activities/{meeting.activity.public_id}/answers")
    expect(page.get_by_text("6 have answered.")).to_be_visible()
    found += axe(page)

    assert (found, is_narrow(page)) == ([], True)
