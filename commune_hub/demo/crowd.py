"""Who takes which seat in the demo country: judged by the same rule as anybody's sign-up, written many at once."""

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from commune_hub.base.errors import Refused
from commune_hub.base.ids import new_public_id
from commune_hub.demo.people import Neighbour
from commune_hub.demo.programme import Crowd, Offer
from commune_hub.events import queries, rules
from commune_hub.events.actions import seats
from commune_hub.events.models import Activity, Meeting, SeatPool, Signup
from commune_hub.events.records import QueueDecision
from commune_hub.events.words import QueueRule, QueueStep, SeatRefusal, SignupChannel, SignupMode, SignupState

# Of a table with six seats, for a meeting of this week; who waits is counted as well.
_SIZES = {Crowd.NOBODY: (0, 0), Crowd.LIGHT: (1, 3), Crowd.BUSY: (4, 6), Crowd.FULL: (7, 9)}
_DROP_IN = {Crowd.NOBODY: (0, 0), Crowd.LIGHT: (3, 7), Crowd.BUSY: (8, 14), Crowd.FULL: (16, 26)}
# How many of them have signed up so many weeks before; the last figure holds for the rest of the season.
_WEEKS_BEFORE = (1.0, 1.0, 0.7, 0.5, 0.35, 0.2, 0.1, 0.0)
_REGULARS = 14


@dataclass(slots=True)
class _Pool:
    """A pool as it fills."""

    row: SeatPool
    taken: int = 0
    queue: list[rules.Claim] = field(default_factory=list)

    def ask(self, at: datetime) -> rules.Answer | None:
        """What the rule says to somebody who asks at this moment; None when the waiting list is full."""
        row = self.row
        facts = rules.Seats(
            row.capacity, self.taken, row.closes_at, waiting=len(self.queue), waiting_room=row.waiting_room
        )  # fmt: skip
        claim = rules.Claim(at, len(self.queue) + 1)
        answer = rules.seat_for(facts, claim, self.queue, at)
        if isinstance(answer, SeatRefusal):
            return None
        if answer.state is SignupState.WAITING:
            self.queue.append(claim)
        self.taken += answer.state is SignupState.CONFIRMED
        return answer


def come_to_meetings(
    session: Session,
    *,
    offer: Offer,
    activity: Activity,
    neighbours: Sequence[Neighbour],
    now: datetime,
    chance: random.Random,
) -> int:
    """Fill the meetings of an activity where one signs up for each date; returns how many sign-ups there are now."""
    regulars = _regulars(activity, neighbours, 2 * _REGULARS if activity.capacity is None else _REGULARS, chance)
    signups: list[tuple[Signup, Meeting]] = []
    for meeting in queries.meetings_of(session, activity.id):
        wanted = _how_many(offer.crowd, activity, (meeting.starts_at - now) / timedelta(weeks=1), chance)
        pool = _Pool(meeting.pool)
        asked = _moments(meeting.pool.closes_at, now, min(wanted, len(regulars)), chance)
        for at, neighbour in zip(asked, chance.sample(regulars, len(asked)), strict=True):
            answer = pool.ask(at)
            if answer is not None:
                signup = _signup(activity, meeting.pool, neighbour, answer.state, at, chance)
                seated = answer.state is SignupState.CONFIRMED
                step = QueueStep.SEAT_AT_ONCE if seated else QueueStep.TO_THE_QUEUE
                session.add(QueueDecision(pool_id=meeting.pool_id, signup=signup, at=at, step=step, rule=answer.rule))
                signups.append((signup, meeting))
        if asked and not pool.queue and chance.random() < 0.1:
            session.add(_given_back(activity, meeting.pool, chance.choice(regulars), asked[0], chance))
        meeting.pool.taken, meeting.pool.waiting = pool.taken, len(pool.queue)
    session.flush()
    for signup, meeting in signups:
        if signup.state == SignupState.CONFIRMED and signup.reminder:
            seats.plan_reminder(session, signup, meeting, now)
    return len(signups)


def come_to_course(
    session: Session, *, offer: Offer, activity: Activity, neighbours: Sequence[Neighbour], now: datetime,
    chance: random.Random,
) -> int:  # fmt: skip
    """Fill a course, each person by an own sign-up: what a reservation keeps is for the real action to know.

    Returns how many there are; who finds the waiting list full goes away.
    """
    pool = queries.meetings_of(session, activity.id)[0].pool
    share = {Crowd.NOBODY: 0.0, Crowd.LIGHT: 0.35, Crowd.BUSY: 0.75, Crowd.FULL: 1.2}[offer.crowd]
    wanted = round((pool.capacity or 0) * share)
    regulars = _regulars(activity, neighbours, wanted, chance)
    asked = _moments(pool.closes_at, now, len(regulars), chance)
    opens, came = pool.reserved_until, 0
    for at, neighbour in zip(asked, regulars, strict=True):
        if opens is not None and opens <= at:
            seats.fill_named(session, pool_id=pool.public_id, now=opens)
            opens = None
        with suppress(Refused):
            seats.sign_up(
                session, pool_id=pool.public_id, person=neighbour.person, now=at, reminder=False,
                channel=chance.choice((SignupChannel.WEB, SignupChannel.WEB, SignupChannel.COUNTER)),
            )  # fmt: skip
            came += 1
    if opens is not None and opens <= now:
        seats.fill_named(session, pool_id=pool.public_id, now=opens)
    return came


def _regulars(activity: Activity, neighbours: Sequence[Neighbour], many: int, chance: random.Random) -> list[Neighbour]:
    """People of the communes that the organiser covers first, then others."""
    covered = set(activity.organisation.lau2s)
    mixed = chance.sample(neighbours, len(neighbours))
    return sorted(mixed, key=lambda neighbour: neighbour.lau2 not in covered)[:many]


def _how_many(crowd: Crowd, activity: Activity, weeks: float, chance: random.Random) -> int:
    sizes = _DROP_IN if activity.capacity is None else _SIZES
    low, high = sizes[crowd]
    size = 1.0 if activity.capacity is None else activity.capacity / 6
    before = _WEEKS_BEFORE[min(len(_WEEKS_BEFORE) - 1, max(0, int(weeks)))]
    # Who says beforehand "I will come" to a café is few.
    eager = 0.6 if activity.signup == SignupMode.DROP_IN and weeks > 0 else 1.0
    return round(chance.randint(low, high) * size * before * eager)


def _moments(closes_at: datetime, now: datetime, many: int, chance: random.Random) -> list[datetime]:
    """When so many people ask, one after the other, in the ten days before the end or before now."""
    latest = min(closes_at, now) - timedelta(minutes=5)
    return sorted(latest - timedelta(minutes=chance.randrange(10 * 24 * 60)) for _ in range(many))


def _signup(
    activity: Activity, pool: SeatPool, neighbour: Neighbour, state: SignupState, at: datetime, chance: random.Random
) -> Signup:
    tags = activity.tags
    return Signup(
        public_id=new_public_id(), link_key=new_public_id(), pool_id=pool.id, person_id=neighbour.person.id,
        state=state, asked_at=at, decided_at=at, reminder=chance.random() < 0.6,
        channel=SignupChannel.COUNTER if chance.random() < 0.15 else SignupChannel.WEB,
        for_language=chance.choice(tags) if len(tags) > 1 else "", says_has_contract=chance.random() < 0.2,
    )  # fmt: skip


def _given_back(
    activity: Activity, pool: SeatPool, neighbour: Neighbour, before: datetime, chance: random.Random
) -> QueueDecision:
    """Somebody who had a seat and gave it back before the others came."""
    signup = _signup(activity, pool, neighbour, SignupState.CANCELLED, before - timedelta(days=1), chance)
    signup.cancelled_at = signup.decided_at = at = before - timedelta(hours=2)
    return QueueDecision(
        pool_id=pool.id, signup=signup, at=at, step=QueueStep.CANCELLED, rule=QueueRule.OWN_CHOICE
    )  # fmt: skip
