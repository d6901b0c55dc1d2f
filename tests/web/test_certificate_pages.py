"""The pages about certificates in a real browser: no barrier that axe-core knows, no sideways scroll."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.queries import actor_of
from commune_hub.base.db import Store
from commune_hub.events.actions import certificates as actions
from commune_hub.events.certificates import batch_of
from commune_hub.events.words import AttendanceState
from tests.events.test_certificates import a_course, a_table, noted
from tests.factories import a_person, an_account, an_organisation
from tests.infrastructure.server import LiveServer
from tests.web.test_verify import learner_token

LATER = datetime(2027, 1, 10, 10, tzinfo=UTC)
PRESENT, ABSENT = AttendanceState.PRESENT, AttendanceState.ABSENT


@pytest.fixture
def now() -> datetime:
    """After the course."""
    return LATER


@pytest.fixture
def world(store: Store) -> dict[str, str]:
    """A course with a valid, a void and a prepared certificate, and the tokens of a learner and an officer."""
    with store.writing() as session:
        organisation = an_organisation(session, name="Gemeng Suessem")
        course = a_course(session, organisation=organisation, title_en="Luxembourgish for beginners")
        table = a_table(session, organisation=organisation)
        amina = a_person(session, name="Amina Ben Ali", contact="amina@example.lu", language="en")
        for person, states in (
            (amina, [PRESENT] * 9 + [ABSENT]), (a_person(session, name="Bogdan"), [PRESENT] * 8 + [ABSENT] * 2),
            (a_person(session, name="Chen"), [PRESENT] + [ABSENT] * 9),
        ):  # fmt: skip
            noted(session, course, person, states)
        noted(session, table, amina, [PRESENT] * 2)
        account = an_account(session, organisation=organisation)
        actions.prepare(session, activity=table, now=LATER)
        actions.issue(session, activity=table, now=LATER)
        actions.prepare(session, activity=course, now=LATER)
        actor = actor_of(session, account.id, LATER)
        assert actor is not None
        actions.release(session, activity=course, actor=actor, now=LATER)
        actions.issue(session, activity=course, now=LATER, limit=1)
        [valid] = batch_of(session, table.id)
        first, on_its_way = batch_of(session, course.id)
        actions.void(session, certificate=first, note="It was her sister.", actor=actor, now=LATER)
        return {
            "valid": valid.code, "void": first.code, "waits": on_its_way.code, "course": course.public_id,
            "officer": accounts.sign_in_staff(session, account=account, now=LATER, second_factor=True),
            "learner": learner_token(session, "amina@example.lu", LATER),
        }  # fmt: skip


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_have_no_barriers_and_fit(
    page: Page, live_server: LiveServer, world: dict[str, str], axe: Callable[[Page], list[str]], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    visits = {
        "": ["verify", f"verify/{world['valid']}", f"verify/{world['void']}", "verify/unknown"],
        world["learner"]: ["my/papers"],
        world["officer"]: [
            "staff/certificates", f"staff/activities/{world['course']}/certificates",
            f"staff/certificates/{world['valid']}", f"staff/certificates/{world['void']}",
            f"staff/certificates/{world['waits']}",
        ],
    }  # fmt: skip

    troubles = []
    for token, paths in visits.items():
        page.context.clear_cookies()
        if token:
            page.context.add_cookies([{"name": "signin", "value": token, "url": live_server.url}])
        for path in paths:
            page.goto(f"{live_server.url}/en/{path}")
            troubles += [f"{path}: {trouble}" for trouble in axe(page)]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                troubles.append(f"{path}: scrolls sideways")

    assert troubles == []
