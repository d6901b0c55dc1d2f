"""Who waits without a prospect: learners for whom the best plan has nobody, and people in the queues of full tables."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from commune_hub.base.words import LOCAL
from commune_hub.events.models import Activity, Meeting, Signup
from commune_hub.events.words import ActivityKind, CefrLevel, MeetingState, SignupState
from commune_hub.matching import waiting
from commune_hub.matching.gaps import Need
from commune_hub.matching.plans import plan
from commune_hub.matching.rules import PairingRules
from commune_hub.matching.words import LineState
from commune_hub.places.geo import Point
from commune_hub.volunteers.coaching.models import CoachingRequest
from commune_hub.volunteers.rules import slot_of

_TABLES = frozenset({ActivityKind.CONVERSATION_TABLE, ActivityKind.LANGUAGE_CAFE})


def needs(session: Session, *, rules: PairingRules, now: datetime) -> list[Need]:
    """Everybody once for each language that they wait for. Nothing in it names anybody."""
    asked = waiting.requests(session)
    learners = waiting.learners(session, asked, now)
    coaches = waiting.coaches(session, waiting.volunteers(session), now.astimezone(LOCAL).date())
    lines = plan(learners, coaches, rules.weights, rules.size).lines
    without = {line.request_id for line in lines if line.state is LineState.NOBODY}
    found: dict[tuple[int, str], Need] = {}
    for signup, meeting in _queued(session, now):
        need = _of_signup(signup, meeting)
        if need is not None:
            found.setdefault((signup.person_id, need.language), need)
    for request in asked:
        if request.id in without and (point := request.point) is not None:
            found[request.person_id, request.language] = _of_request(request, point)
    return list(found.values())


def _queued(session: Session, now: datetime) -> list[tuple[Signup, Meeting]]:
    """Who waits for a seat at a table, each with its next date."""
    question = (
        select(Signup, Meeting)
        .join(Meeting, Meeting.pool_id == Signup.pool_id)
        .join(Meeting.activity)
        .where(Signup.state == SignupState.WAITING, Activity.kind.in_(sorted(_TABLES)))
        .where(Meeting.starts_at > now, Meeting.state == MeetingState.PLANNED)
        .options(
            contains_eager(Meeting.activity).options(joinedload(Activity.venue), selectinload(Activity.languages)),
            joinedload(Meeting.own_venue),
        )
        .order_by(Meeting.starts_at.desc(), Signup.id)
    )
    next_of = {row[0]: row[1] for row in session.execute(question)}
    return sorted(next_of.items(), key=lambda both: both[0].id)


def _of_signup(signup: Signup, meeting: Meeting) -> Need | None:
    """What a person in a queue would take instead: the same language and level, near there, at the same time."""
    activity, venue, slot = meeting.activity, meeting.venue, slot_of(meeting.starts_at)
    language = signup.for_language or next(iter(activity.tags), "")
    if not language or slot is None or venue is None:
        return None
    return Need(language, _main(activity.level_from), 1 << slot, Point(venue.lat, venue.lon))


def _of_request(request: CoachingRequest, point: Point) -> Need:
    return Need(
        request.language, _main(request.level), request.free_slots, point, request.reach_km,
        speaks=frozenset(request.languages) - {request.language}, must_share=request.must_share, for_a_coach=True,
    )  # fmt: skip


def _main(level: int | None) -> str:
    """The level without its half; whoever came to a table for everybody begins."""
    return CefrLevel(level or CefrLevel.A1).main
