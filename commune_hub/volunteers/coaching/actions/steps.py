"""A step in the life of a pair: locked, asked of the rules, written down."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base.errors import Refused
from commune_hub.volunteers.actions import life
from commune_hub.volunteers.coaching import queries, rules
from commune_hub.volunteers.coaching.models import CoachingPair, CoachingRequest
from commune_hub.volunteers.coaching.words import Answer, CoachingRefusal, EndedBy, PairState, PairStep


def lock_pair(session: Session, pair: CoachingPair) -> CoachingPair:
    """Two who act on a pair at once take turns, and the second sees what the first did."""
    # In the order in which a proposal locks, so that none waits for the other.
    life.lock(session, pair.volunteer)
    session.scalars(select(CoachingRequest.id).where(CoachingRequest.id == pair.request_id).with_for_update()).one()
    session.scalars(select(CoachingPair.id).where(CoachingPair.id == pair.id).with_for_update()).one()
    for row in (pair, pair.request, *pair.sides):
        session.refresh(row)
    session.expire(pair, ["meetings"])
    return pair


def take_step(
    session: Session, pair: CoachingPair, step: PairStep, now: datetime, *, ended_by: EndedBy | None = None
) -> None:
    """Take a step of the life cycle. Raises Refused for one that the table does not have."""
    both_yes = all(answer is Answer.YES for answer in pair.answers)
    becomes = rules.after(PairState(pair.state), step, both_yes=both_yes, meetings=queries.held(pair))
    if isinstance(becomes, CoachingRefusal):
        raise Refused(becomes)
    if pair.state == PairState.PAUSED and becomes is not PairState.ENDED:
        pair.paused_at, pair.went_on_at = None, now
    if becomes is PairState.PAUSED:
        pair.paused_at = now
    if becomes is PairState.ENDED:
        pair.ended_at, pair.ended_by = now, ended_by
    if becomes is PairState.ACCEPTED and pair.accepted_at is None:
        pair.accepted_at = now
    pair.state = becomes
    session.flush()
