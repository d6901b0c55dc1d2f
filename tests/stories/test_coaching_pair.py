"""J9 in a real browser, with its taps counted; and both sides of a proposal answered with one tap each."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from commune_hub.volunteers.coaching import queries
from commune_hub.volunteers.coaching.words import PairMeetingState, PairState, Side
from tests import factories
from tests.infrastructure.server import LiveServer
from tests.stories.test_journeys import Hand, deliver, hand, mail  # noqa: F401 - fixtures

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def link_in(site: LiveServer, text: str) -> str:
    return re.findall(rf"{site.url}/en/p/[\w/-]+", text)[0]


def people(session: Session) -> dict[str, object]:
    learner = factories.a_person(session, name="Amina", contact="amina@example.lu", language="en")
    coach = factories.a_person(session, name="Josée", contact="josee@example.lu", language="en")
    long_ago = factories.NOW - timedelta(days=12)
    return {
        "request": factories.a_coaching_request(session, person=learner, now=long_ago),
        "volunteer": factories.a_volunteer(session, person=coach, charter_agreed_on=long_ago.date()),
    }


def test_j9_the_coach_logs_a_meeting_in_two_taps_and_the_learner_confirms_it(
    live_server: LiveServer, hand: Hand, session: Session, store: Store, deliver: Callable[[str], str], page: Page  # noqa: F811
) -> None:
    pair = factories.a_pair(session, now=factories.NOW - timedelta(days=12), **people(session))
    session.commit()

    hand.open(link_in(live_server, deliver("josee@example.lu")))
    opened = page.locator("h1").inner_text()
    hand.button("Yes, we met")
    taps = (hand.taps, hand.fields)
    hand.open(link_in(live_server, deliver("amina@example.lu")))
    hand.button("Yes, that is right")

    assert (opened, taps) == ("Did you meet Amina?", (2, 0))
    assert hand.taps == 4
    with store.reading() as reading:
        found = queries.pair_named(reading, pair.public_id)
        [hour] = queries.confirmed_hours(reading, [found.request.person_id], Side.LEARNER)
        assert (found.state, found.meetings[0].state, hour.minutes) == (
            PairState.MET, PairMeetingState.CONFIRMED, 60,
        )  # fmt: skip


def test_each_side_answers_a_proposal_with_one_tap(
    live_server: LiveServer, hand: Hand, session: Session, deliver: Callable[[str], str], page: Page, now: datetime  # noqa: F811
) -> None:
    factories.a_proposal(session, now=now, **people(session))
    session.commit()

    page.goto(link_in(live_server, deliver("amina@example.lu")))
    hand.button("Yes, I would like to")
    page.goto(link_in(live_server, deliver("josee@example.lu")))
    hand.button("Yes, I would like to")

    assert hand.taps == 2
    assert page.get_by_role("link", name="amina@example.lu").is_visible()
