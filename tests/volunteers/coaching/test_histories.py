"""Pairs over random histories of events and clicks: no place twice, no contact before two yeses, no forbidden pair."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.base.errors import Refused
from commune_hub.volunteers.coaching import queries, rules
from commune_hub.volunteers.coaching.actions import endings, meetings, proposals, requests
from commune_hub.volunteers.coaching.inputs import AnswerDraft, HoursDraft, WhyDraft
from commune_hub.volunteers.coaching.models import CoachingPair, CoachingRequest, PairMeeting
from commune_hub.volunteers.coaching.words import (
    HELD,
    OPEN,
    TOGETHER,
    Answer,
    NextWish,
    PairReason,
    PairState,
    RequestState,
    Side,
)
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.words import VolunteerState
from tests import factories

CLICKS = (
    "propose", "propose", "same_again", "same_again", "yes", "yes", "yes", "no", "run_out",
    "take_back", "log", "confirm", "dispute", "pause",
    "go_on", "end", "close", "again", "fewer_places", "volunteer_pauses",
)  # fmt: skip
click = st.tuples(st.sampled_from(CLICKS), st.integers(0, 30), st.integers(0, 30), st.integers(0, 9))
clicks = st.lists(click, min_size=10, max_size=60)


class World:
    """Three volunteers and four learners, one of them under 18, and every click there is."""

    def __init__(self, session: Session) -> None:
        self.session = session
        account = factories.an_account(session, role=Role.ASTI)
        seen = {"bulletin_seen_on": factories.NOW.date(), "bulletin_seen_by_id": account.id}
        given = ({"capacity": 2}, {"capacity": 1, **seen}, {"offers": {"lb": None, "fr": None}})
        self.volunteers = [
            factories.a_volunteer(session, charter_agreed_on=factories.NOW.date(), **one) for one in given
        ]
        wishes = ({}, {"minor": "yes"}, {"language": "fr"}, {})
        self.requests = [factories.a_coaching_request(session, **one) for one in wishes]
        self.refusals: set[tuple[int, int]] = set()

    def click(self, what: str, one: int, two: int, now: datetime) -> None:
        request = self.requests[one % len(self.requests)]
        volunteer = self.volunteers[two % len(self.volunteers)]
        pairs = list(self.session.scalars(select(CoachingPair).order_by(CoachingPair.id)))
        pair = pairs[-1 - one % len(pairs)] if pairs else None
        side = pair.side(list(Side)[two % 2]) if pair else None
        with suppress(Refused):
            self._do(what, request, volunteer, pair, side, now)
        self._remember()

    def _do(
        self, what: str, request: CoachingRequest, volunteer: Volunteer, pair: CoachingPair | None, side: object,
        now: datetime,
    ) -> None:  # fmt: skip
        session = self.session
        alone: dict[str, Callable[[], object]] = {
            "propose": lambda: proposals.propose(session, request=request, volunteer=volunteer, by=None, now=now),
            "close": lambda: requests.close(session, request=request, now=now),
            "again": lambda: requests.wait_again(session, request=request, now=now),
            "fewer_places": lambda: setattr(volunteer, "capacity", 1),
            "volunteer_pauses": lambda: setattr(volunteer, "state", VolunteerState.PAUSED),
        }
        if what in alone:
            alone[what]()
            session.flush()
        if pair is None or what in alone:
            return
        learner, coach = pair.side(Side.LEARNER), pair.side(Side.VOLUNTEER)
        why = WhyDraft(reason=PairReason.NOT_A_FIT, next_wish=NextWish.NEW_PAIR)
        last = pair.meetings[-1] if pair.meetings else None
        with_pair: dict[str, Callable[[], object]] = {
            "yes": lambda: proposals.answer(session, side=side, draft=AnswerDraft(answer=Answer.YES), now=now),  # type: ignore[arg-type]
            "no": lambda: proposals.answer(session, side=side, draft=AnswerDraft(answer=Answer.NO), now=now),  # type: ignore[arg-type]
            "same_again": lambda: proposals.propose(
                session, request=pair.request, volunteer=pair.volunteer, by=None, now=now
            ),
            "run_out": lambda: proposals.run_out(session, pair=pair, now=now),
            "take_back": lambda: proposals.take_back(session, pair=pair, now=now),
            "log": lambda: meetings.log(session, side=coach, draft=HoursDraft(), now=now),
            "confirm": lambda: last and meetings.confirm(session, side=learner, meeting=last, held=True, now=now),
            "dispute": lambda: last and meetings.confirm(session, side=learner, meeting=last, held=False, now=now),
            "pause": lambda: endings.pause(session, side=side, draft=WhyDraft(), now=now),  # type: ignore[arg-type]
            "go_on": lambda: endings.go_on(session, pair=pair, by=None, now=now),
            "end": lambda: endings.end(session, pair=pair, by=Side(side.side), draft=why, now=now),  # type: ignore[attr-defined]
        }
        with_pair[what]()

    def _remember(self) -> None:
        self.session.flush()
        for pair in self.session.scalars(select(CoachingPair).where(CoachingPair.state == PairState.ENDED)):
            if any(side.answer == Answer.NO or side.reason == PairReason.NOT_A_FIT for side in pair.sides):
                self.refusals.add((pair.request.person_id, pair.volunteer_id))

    def check(self, before: set[int], capacities: dict[int, int]) -> None:
        pairs = list(self.session.scalars(select(CoachingPair)))
        open_ones = [pair for pair in pairs if pair.state in OPEN]
        for pair in pairs:
            shown = rules.shows_contacts(PairState(pair.state), pair.answers)
            assert shown == (pair.state in TOGETHER)
            assert pair.state not in TOGETHER or [side.answer for side in pair.sides] == ["yes", "yes"]
            days = [meeting.day for meeting in pair.meetings if meeting.state in HELD]
            assert len(days) == len(set(days))
            if pair.id not in before:
                assert (pair.request.person_id, pair.volunteer_id) not in self.refusals
                assert not pair.request.minor or pair.volunteer.bulletin_seen_on is not None
                assert pair.request.language in pair.volunteer.offers
                assert pair.volunteer.state != VolunteerState.PAUSED
                mine = [one for one in open_ones if one.volunteer_id == pair.volunteer_id]
                assert len(mine) <= capacities[pair.volunteer_id]
        for request in self.requests:
            mine = [pair for pair in open_ones if pair.request_id == request.id]
            assert len(mine) <= 1
            expected = {
                RequestState.WAITING: set(), RequestState.CLOSED: set(), RequestState.PROPOSED: {PairState.PROPOSED},
                RequestState.PAIRED: set(TOGETHER),
            }[RequestState(request.state)]  # fmt: skip
            assert {PairState(pair.state) for pair in mine} <= expected and bool(mine) == bool(expected)
        confirmed = self.session.scalars(select(PairMeeting).where(PairMeeting.state == "confirmed"))
        counted = queries.confirmed_hours(self.session, [one.person_id for one in self.requests], Side.LEARNER)
        assert sum(one.minutes for one in confirmed) == sum(hour.minutes for hour in counted)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(clicks)
def test_whatever_the_order_of_clicks_nobody_is_harmed(store: Store, clicks: list[tuple[str, int, int, int]]) -> None:
    with store.open(write=True) as session:
        world = World(session)
        now = factories.NOW
        for what, one, two, days in clicks:
            now += timedelta(days=days, minutes=1)
            before = set(session.scalars(select(CoachingPair.id)))
            capacities = {volunteer.id: volunteer.capacity for volunteer in world.volunteers}
            known = set(world.refusals)
            world.click(what, one, two, now)
            after, world.refusals = world.refusals, known
            world.check(before, capacities)
            world.refusals = after
        session.rollback()
