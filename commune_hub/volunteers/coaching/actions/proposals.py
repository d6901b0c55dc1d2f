"""Proposing two people to each other, their answers, and what follows when both say yes or nobody answers."""

from datetime import datetime

from sqlalchemy.orm import Session

from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import ring_of
from commune_hub.base import outbox
from commune_hub.base.errors import Refused
from commune_hub.base.words import LOCAL
from commune_hub.places.geo import midpoint
from commune_hub.volunteers.actions import life
from commune_hub.volunteers.coaching import queries, rules
from commune_hub.volunteers.coaching.actions import requests
from commune_hub.volunteers.coaching.actions.meetings import ask_next_day
from commune_hub.volunteers.coaching.actions.steps import lock_pair, take_step
from commune_hub.volunteers.coaching.inputs import AnswerDraft
from commune_hub.volunteers.coaching.models import CoachingPair, CoachingRequest, PairMeeting, PairSide
from commune_hub.volunteers.coaching.words import (
    Answer,
    CoachingRefusal,
    EndedBy,
    Obstacle,
    PairState,
    PairStep,
    RequestState,
    Side,
)
from commune_hub.volunteers.models import Volunteer


def propose(
    session: Session, *, request: CoachingRequest, volunteer: Volunteer, by: Actor | None, now: datetime
) -> CoachingPair:
    """Write to both with what they need to decide, and no contact data. Twice the same click is one proposal.

    Raises Refused for what is never possible (rules.NEVER), whoever clicks, and when the request does not wait.
    """
    # Always in this order, so that two proposals cannot wait for each other.
    life.lock(session, volunteer)
    requests.lock(session, request)
    if request.state != RequestState.WAITING:
        same = next((one for one in request.pairs if one.volunteer_id == volunteer.id and not one.ended_at), None)
        if same is not None and same.state == PairState.PROPOSED:
            return same
        raise Refused(CoachingRefusal.NOT_WAITING)
    learner = queries.learner_of(session, request)
    coach = queries.coach_of(session, volunteer, now.astimezone(LOCAL).date())
    never = rules.obstacles(learner, coach) & rules.NEVER
    place = rules.free_place(queries.places_taken(session, volunteer.id), volunteer.capacity)
    if never or place is None:
        raise Refused(min(never, default=Obstacle.NOT_FREE, key=list(Obstacle).index))

    pair = CoachingPair(
        request=request, volunteer=volunteer, place=place, proposed_at=now,
        coordinator_id=by.account_id if by else None,
        sides=[
            PairSide(side=Side.LEARNER, person=request.person),
            PairSide(side=Side.VOLUNTEER, person=volunteer.person),
        ],
    )  # fmt: skip
    session.add(pair)
    request.state = RequestState.PROPOSED
    session.flush()
    for side in Side:
        _enqueue(session, "pair_proposed_mail", pair, side, now, now)
        _enqueue(session, "pair_reminder_mail", pair, side, now + rules.ANSWER_REMINDER, now)
    outbox.enqueue(
        session, "pair_runs_out", due_at=now + rules.ANSWER_WITHIN, now=now, pair=pair.public_id,
        key=f"pair_runs_out:{pair.public_id}",
    )  # fmt: skip
    return pair


def answer(session: Session, *, side: PairSide, draft: AnswerDraft, now: datetime) -> None:
    """One of the two says yes or no. The same answer twice is one; a no before the other's yes takes a yes back.

    Raises Refused when it is too late for an answer.
    """
    pair = lock_pair(session, side.pair)
    if side.answer == draft.answer:
        return
    yes = draft.answer is Answer.YES
    step = PairStep.SAY_YES if yes else PairStep.SAY_NO
    if step not in rules.STEPS[PairState(pair.state)]:
        raise Refused(CoachingRefusal.ALREADY_ANSWERED)
    side.answer, side.answered_at = draft.answer, now
    side.at_home = yes and draft.at_home
    if not yes:
        side.reason = draft.reason
        side.why_sealed = ring_of(session).seal(side.person.public_id, draft.why) if draft.why else None
    take_step(session, pair, step, now, ended_by=EndedBy(side.side))
    if pair.state == PairState.ACCEPTED:
        _come_together(session, pair, now)
    elif pair.state == PairState.ENDED:
        _look_again(session, pair)
        _enqueue(session, "pair_not_made_mail", pair, Side(side.side).other, now, now)


def _come_together(session: Session, pair: CoachingPair, now: datetime) -> None:
    """Contacts are open from now on; a public place about half-way and a first date are proposed."""
    request, volunteer = pair.request, pair.volunteer
    request.state = RequestState.PAIRED
    life.become_active(session, volunteer=volunteer, now=now)
    here, there = request.point, volunteer.point
    middle = midpoint(here, there) if here and there else here or there
    if middle is not None:
        pair.venue_id = rules.midway(here, there, queries.public_places(session, middle))
    starts_at = rules.first_date(request.free_slots & volunteer.free_slots, now)
    first = PairMeeting(starts_at=starts_at, day=starts_at.astimezone(LOCAL).date())
    pair.meetings.append(first)
    session.flush()
    ask_next_day(session, first, now)
    for side in Side:
        _enqueue(session, "pair_accepted_mail", pair, side, now, now)


def run_out(session: Session, *, pair: CoachingPair, now: datetime) -> None:
    """Nobody answered in time, or only one of the two: the proposal is withdrawn, and the learner waits as before."""
    lock_pair(session, pair)
    if pair.state != PairState.PROPOSED:
        return
    take_step(session, pair, PairStep.RUN_OUT, now, ended_by=EndedBy.NO_ANSWER)
    _look_again(session, pair)
    for side in pair.sides:
        if side.answer == Answer.YES:
            _enqueue(session, "pair_not_made_mail", pair, Side(side.side), now, now)


def take_back(session: Session, *, pair: CoachingPair, now: datetime) -> None:
    """ASTI takes a proposal back before both have said yes. Raises Refused after that."""
    lock_pair(session, pair)
    if pair.state == PairState.ENDED and pair.ended_by == EndedBy.ASTI:
        return
    take_step(session, pair, PairStep.TAKE_BACK, now, ended_by=EndedBy.ASTI)
    _look_again(session, pair)
    for side in Side:
        _enqueue(session, "pair_not_made_mail", pair, side, now, now)


def _look_again(session: Session, pair: CoachingPair) -> None:
    """The learner waits again, with the same place in the order."""
    pair.request.state = RequestState.WAITING
    session.flush()


def _enqueue(session: Session, kind: str, pair: CoachingPair, side: Side, due_at: datetime, now: datetime) -> None:
    outbox.enqueue(
        session, kind, due_at=due_at, now=now, key=f"{kind}:{pair.public_id}:{side}", pair=pair.public_id, side=side
    )
