"""Who waits for a coach and who could be one, read from the tables in a fixed number of questions."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.queries import ring_of
from commune_hub.base.words import LOCAL
from commune_hub.matching.rules import Waiting
from commune_hub.volunteers.coaching import queries as coaching
from commune_hub.volunteers.coaching.models import CoachingPair, CoachingRequest
from commune_hub.volunteers.coaching.rules import Coach, Learner
from commune_hub.volunteers.coaching.words import OPEN
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.queries import WHOLE
from commune_hub.volunteers.words import HELPING, Like


def requests(session: Session) -> list[CoachingRequest]:
    """Who waits, longest first, names readable."""
    return [one for one in coaching.waiting_requests(session) if one.person.erased_at is None]


def volunteers(session: Session) -> list[Volunteer]:
    """Who could coach: those who help and have not said that they would rather do something else."""
    question = select(Volunteer).join(Volunteer.person).options(*WHOLE)
    question = question.where(Volunteer.state.in_(sorted(HELPING)), Person.erased_at.is_(None))
    found = [
        one for one in session.scalars(question.order_by(Volunteer.id)) if not one.likes or Like.COACH in one.likes
    ]
    ring_of(session).load(one.person.public_id for one in found)
    return found


def volunteers_by_id(session: Session, ids: Iterable[int]) -> dict[int, Volunteer]:
    """These volunteers with all that a card shows."""
    found = session.scalars(select(Volunteer).where(Volunteer.id.in_(list(ids))).options(*WHOLE)).all()
    ring_of(session).load(one.person.public_id for one in found)
    return {one.id: one for one in found}


def learners(session: Session, requests: Iterable[CoachingRequest], now: datetime) -> list[Waiting]:
    """Requests as the pairing sees them (coaching/queries.py `learner_of`, for all of them at once)."""
    refusing, said_no = coaching.refusing_communes(session), coaching.said_no(session)
    return [
        Waiting(
            one.id,
            Learner(
                person_id=one.person_id, language=one.language, level=one.level, free_slots=one.free_slots,
                point=one.point, reach_km=one.reach_km, online=one.online, minor=one.minor,
                languages=frozenset(one.languages), must_share=one.must_share,
                said_no=said_no.get(one.person_id, frozenset()), qualified_only=one.lau2 in refusing,
            ),
            days_waited(one, now),
        )
        for one in requests
    ]  # fmt: skip


def coaches(session: Session, volunteers: Iterable[Volunteer], on: date) -> list[Coach]:
    """Volunteers as the pairing sees them (coaching/queries.py `coach_of`, for all of them at once)."""
    taken = Counter(session.scalars(select(CoachingPair.volunteer_id).where(CoachingPair.state.in_(sorted(OPEN)))))
    return [
        Coach(
            volunteer_id=one.id, person_id=one.person_id, active=one.state in HELPING, offers=one.offers,
            understands=frozenset(one.understands), free_slots=one.free_slots, now_and_then=one.now_and_then,
            point=one.point, reach_km=one.reach_km, online=one.online,
            free_places=max(0, one.capacity - taken[one.id]), charter=one.charter_agreed_on is not None,
            bulletin_seen=one.bulletin_seen_on is not None, qualified=one.is_qualified(on),
        )
        for one in volunteers
    ]  # fmt: skip


def days_waited(request: CoachingRequest, now: datetime) -> int:
    """For how many days somebody has waited."""
    return max(0, (now.astimezone(LOCAL).date() - request.asked_at.astimezone(LOCAL).date()).days)
