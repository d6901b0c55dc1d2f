"""Which pairs need a call, who of ASTI looks after which, and who stands in."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from commune_hub.accounts.models import Account, Grant
from commune_hub.accounts.words import Role
from commune_hub.base.words import LOCAL
from commune_hub.volunteers.coaching import queries
from commune_hub.volunteers.coaching.models import CoachingPair, StandIn
from commune_hub.volunteers.coaching.rules import Care, calls
from commune_hub.volunteers.coaching.words import CallReason, PairMeetingState, PairState

_OF_ASTI = (Grant.role == Role.ASTI) & Grant.ended_at.is_(None)


def calls_for(pair: CoachingPair, now: datetime) -> tuple[CallReason, ...]:
    """Why ASTI should call these two."""
    proposed = (now - pair.proposed_at).days if pair.state == PairState.PROPOSED else None
    care = Care(
        course=queries.course_of(pair),
        help_asked=pair.help_asked_at is not None and pair.state != PairState.ENDED,
        disputed=any(meeting.state == PairMeetingState.DISPUTED for meeting in pair.meetings),
        proposed_days=proposed,
        paused_days=(now - pair.paused_at).days if pair.paused_at else None,
    )
    return calls(care, now.astimezone(LOCAL).date())


def ended_since(session: Session, since: datetime) -> list[CoachingPair]:
    """What has ended since then, newest first."""
    question = select(CoachingPair).where(CoachingPair.ended_at >= since).options(*queries.whole_pair())
    found = list(session.scalars(question.order_by(CoachingPair.ended_at.desc(), CoachingPair.id.desc())))
    queries.load_keys(session, found)
    return found


# -- who looks after a pair ----------------------------------------------------


def caretakers(session: Session, on: date) -> dict[int, int]:
    """For each coordinator who is away on a day: who stands in."""
    away = select(StandIn.account_id, StandIn.stand_in_id).where(StandIn.first_on <= on, StandIn.last_on >= on)
    return {row.account_id: row.stand_in_id for row in session.execute(away.order_by(StandIn.id))}


def asti_accounts(session: Session) -> list[Account]:
    """The coordinators of ASTI who can sign in."""
    question = select(Account).where(Account.disabled_at.is_(None), Account.grants.any(_OF_ASTI))
    return list(session.scalars(question.options(joinedload(Account.person)).order_by(Account.id)))


def looked_after_by(session: Session, account_id: int, pairs: Iterable[CoachingPair], on: date) -> list[CoachingPair]:
    """The pairs of a coordinator on a day: the own ones, those of whoever is away, and those that nobody looks after.

    Whoever is away and has somebody to stand in looks after none.
    """
    away = caretakers(session, on)
    known = {account.id for account in asti_accounts(session)}
    return [
        pair
        for pair in pairs
        if (owner := away.get(pair.coordinator_id or 0, pair.coordinator_id)) == account_id or owner not in known
    ]


def stand_ins(session: Session, since: date) -> list[StandIn]:
    """Who is or will be away, and who stands in."""
    question = select(StandIn).where(StandIn.last_on >= since).order_by(StandIn.first_on, StandIn.id)
    return list(session.scalars(question))
