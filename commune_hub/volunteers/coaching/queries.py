"""Questions about requests and pairs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from commune_hub.accounts.models import OrganisationCommune
from commune_hub.accounts.queries import ring_of
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import is_public_id
from commune_hub.base.words import LOCAL
from commune_hub.events.models import Venue
from commune_hub.places.geo import Point, haversine_km
from commune_hub.volunteers.coaching.models import CoachingPair, CoachingRequest, PairMeeting, PairSide
from commune_hub.volunteers.coaching.rules import Coach, Course, Learner, PublicPlace, quiet
from commune_hub.volunteers.coaching.words import (
    HELD,
    OPEN,
    Answer,
    PairMeetingState,
    PairReason,
    PairState,
    Quiet,
    RequestState,
    Side,
)
from commune_hub.volunteers.models import Volunteer, VolunteerLanguage, VolunteerPolicy
from commune_hub.volunteers.words import HELPING, LanguageUse, Unqualified

_WAITS_SHOWN = timedelta(days=365)


# -- one of them -----------------------------------------------------------


def request_named(session: Session, public_id: str) -> CoachingRequest:
    """The request with this public id. Raises NotFound."""
    return _request(session, CoachingRequest.public_id == public_id, public_id)


def request_by_key(session: Session, link_key: str) -> CoachingRequest:
    """The request behind a link. Raises NotFound."""
    return _request(session, CoachingRequest.link_key == link_key, link_key)


def _request(session: Session, condition: ColumnElement[bool], key: str) -> CoachingRequest:
    question = select(CoachingRequest).where(condition).options(joinedload(CoachingRequest.person))
    found = session.scalar(question) if is_public_id(key) else None
    if found is None or found.person.erased_at is not None:
        raise NotFound("request")
    return found


def pair_named(session: Session, public_id: str) -> CoachingPair:
    """The pair with this public id, whole. Raises NotFound."""
    question = select(CoachingPair).where(CoachingPair.public_id == public_id).options(*whole_pair())
    found = session.scalar(question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("pair")
    load_keys(session, [found])
    return found


def side_by_key(session: Session, link_key: str) -> PairSide:
    """The side of a pair that this link opens. Raises NotFound, also when one of the two was erased."""
    question = select(PairSide).where(PairSide.link_key == link_key)
    found = session.scalar(question.options(joinedload(PairSide.pair).options(*whole_pair())))
    if not is_public_id(link_key) or found is None or any(one.person.erased_at for one in found.pair.sides):
        raise NotFound("pair")
    load_keys(session, [found.pair])
    return found


def meeting_of(pair: CoachingPair, public_id: str) -> PairMeeting:
    """The meeting of this pair with that public id. Raises NotFound."""
    found = next((meeting for meeting in pair.meetings if meeting.public_id == public_id), None)
    if found is None:
        raise NotFound("meeting")
    return found


def whole_pair() -> tuple[_AbstractLoad, ...]:
    """What a page about a pair reads, in a fixed number of questions."""
    return (
        joinedload(CoachingPair.request).joinedload(CoachingRequest.person),
        joinedload(CoachingPair.volunteer).options(joinedload(Volunteer.person), selectinload(Volunteer.languages)),
        joinedload(CoachingPair.venue),
        selectinload(CoachingPair.sides).joinedload(PairSide.person),
        selectinload(CoachingPair.meetings),
    )


def load_keys(session: Session, pairs: Iterable[CoachingPair]) -> None:
    """Fetch the personal keys of everybody in these pairs in one question."""
    ring_of(session).load(side.person.public_id for pair in pairs for side in pair.sides)


# -- lists -----------------------------------------------------------------


def waiting_requests(session: Session) -> list[CoachingRequest]:
    """Who waits for a coach, longest first."""
    question = select(CoachingRequest).where(CoachingRequest.state == RequestState.WAITING)
    found = list(
        session.scalars(
            question.order_by(CoachingRequest.asked_at, CoachingRequest.id).options(joinedload(CoachingRequest.person))
        )
    )
    ring_of(session).load(request.person.public_id for request in found)
    return found


def requests_of(session: Session, person_ids: Sequence[int]) -> list[CoachingRequest]:
    """The requests of these people, newest first."""
    question = select(CoachingRequest).where(CoachingRequest.person_id.in_(person_ids))
    return list(session.scalars(question.order_by(CoachingRequest.id.desc())))


def live_request(session: Session, person_id: int, language: str) -> CoachingRequest | None:
    """The request of this person for this language that is not closed."""
    return session.scalar(
        select(CoachingRequest).where(
            CoachingRequest.person_id == person_id, CoachingRequest.language == language,
            CoachingRequest.state != RequestState.CLOSED,
        )
    )  # fmt: skip


def sides_of(session: Session, person_ids: Sequence[int], side: Side) -> list[PairSide]:
    """The pairs in which these people stand on this side, the open ones first, then the newest."""
    question = select(PairSide).where(PairSide.person_id.in_(person_ids), PairSide.side == side)
    found = list(session.scalars(question.options(joinedload(PairSide.pair).options(*whole_pair()))))
    load_keys(session, (one.pair for one in found))
    return sorted(found, key=lambda one: (one.pair.state == PairState.ENDED, -one.pair.id))


def open_pairs(session: Session) -> list[CoachingPair]:
    """Every pair and proposal that has not ended, oldest first."""
    question = select(CoachingPair).where(CoachingPair.state.in_(sorted(OPEN))).options(*whole_pair())
    found = list(session.scalars(question.order_by(CoachingPair.proposed_at, CoachingPair.id)))
    load_keys(session, found)
    return found


def places_taken(session: Session, volunteer_id: int) -> list[int]:
    """The places of a volunteer that pairs and proposals take up."""
    open_ones = CoachingPair.state.in_(sorted(OPEN))
    return list(session.scalars(select(CoachingPair.place).where(CoachingPair.volunteer_id == volunteer_id, open_ones)))


# -- facts for the rules -----------------------------------------------------


def learner_of(session: Session, request: CoachingRequest) -> Learner:
    """A request as the pairing sees it."""
    return Learner(
        person_id=request.person_id,
        language=request.language,
        level=request.level,
        free_slots=request.free_slots,
        point=request.point,
        reach_km=request.reach_km,
        online=request.online,
        minor=request.minor,
        languages=frozenset(request.languages),
        must_share=request.must_share,
        said_no=said_no(session, [request.person_id]).get(request.person_id, frozenset()),
        qualified_only=request.lau2 in refusing_communes(session),
    )


def refusing_communes(session: Session) -> frozenset[str]:
    """The communes of organisations that let nobody coach without a valid qualification."""
    question = (
        select(OrganisationCommune.lau2)
        .join(VolunteerPolicy, VolunteerPolicy.organisation_id == OrganisationCommune.organisation_id)
        .where(VolunteerPolicy.unqualified == Unqualified.REFUSE)
    )
    return frozenset(session.scalars(question))


def said_no(session: Session, person_ids: Sequence[int] | None = None) -> dict[int, frozenset[int]]:
    """For each learner the volunteers with whom a proposal was declined, or a pair did not fit: never again.

    `person_ids` None: of everybody.
    """
    question = (
        select(CoachingRequest.person_id, CoachingPair.volunteer_id)
        .join(CoachingPair, CoachingPair.request_id == CoachingRequest.id)
        .join(PairSide, PairSide.pair_id == CoachingPair.id)
        .where(or_(PairSide.answer == Answer.NO, PairSide.reason == PairReason.NOT_A_FIT))
        .where(CoachingPair.state == PairState.ENDED)
        .distinct()
    )
    if person_ids is not None:
        question = question.where(CoachingRequest.person_id.in_(person_ids))
    found: dict[int, set[int]] = {}
    for person_id, volunteer_id in session.execute(question):
        found.setdefault(person_id, set()).add(volunteer_id)
    return {person_id: frozenset(volunteers) for person_id, volunteers in found.items()}


def coach_of(session: Session, volunteer: Volunteer, on: date) -> Coach:
    """A volunteer as the pairing sees them on a day."""
    return Coach(
        volunteer_id=volunteer.id,
        person_id=volunteer.person_id,
        active=volunteer.state in HELPING,
        offers=volunteer.offers,
        understands=frozenset(volunteer.understands),
        free_slots=volunteer.free_slots,
        now_and_then=volunteer.now_and_then,
        point=volunteer.point,
        reach_km=volunteer.reach_km,
        online=volunteer.online,
        free_places=volunteer.capacity - len(places_taken(session, volunteer.id)),
        charter=volunteer.charter_agreed_on is not None,
        bulletin_seen=volunteer.bulletin_seen_on is not None,
        qualified=volunteer.is_qualified(on),
    )


def course_of(pair: CoachingPair) -> Course:
    """What the definition of "inactive" looks at."""
    since = pair.went_on_at or pair.accepted_at
    held = [meeting.day for meeting in pair.meetings if meeting.state in HELD]
    return Course(PairState(pair.state), _day(since) if since else None, max(held, default=None))


def quiet_since(pair: CoachingPair, now: datetime) -> Quiet | None:
    """Whether a pair is inactive today, by the one definition (rules.quiet)."""
    return quiet(course_of(pair), _day(now))


def held(pair: CoachingPair) -> int:
    """How many meetings took place as far as anybody knows."""
    return sum(meeting.state in HELD for meeting in pair.meetings)


def public_places(session: Session, near: Point) -> list[PublicPlace]:
    """The rooms of all registers around a point."""
    around = 0.3
    question = select(Venue.id, Venue.lat, Venue.lon).where(
        Venue.archived_at.is_(None),
        Venue.lat.between(near.lat - around, near.lat + around),
        Venue.lon.between(near.lon - around, near.lon + around),
    )
    return [PublicPlace(row.id, Point(row.lat, row.lon)) for row in session.execute(question.order_by(Venue.id))]


# -- hours -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hour:
    """A confirmed meeting: what counts as practice for the learner and for the volunteer's certificate."""

    day: date
    minutes: int
    language: str


def confirmed_hours(session: Session, person_ids: Sequence[int], side: Side) -> list[Hour]:
    """The confirmed meetings of these people as learners, or as coaches; newest first."""
    question = (
        select(PairMeeting.day, PairMeeting.minutes, CoachingRequest.language)
        .join(CoachingPair, PairMeeting.pair_id == CoachingPair.id)
        .join(CoachingRequest, CoachingPair.request_id == CoachingRequest.id)
        .join(PairSide, PairSide.pair_id == CoachingPair.id)
        .where(PairSide.person_id.in_(person_ids), PairSide.side == side)
        .where(PairMeeting.state == PairMeetingState.CONFIRMED)
        .order_by(PairMeeting.day.desc(), PairMeeting.id.desc())
    )
    return [Hour(*row) for row in session.execute(question)]


# -- how long one waits --------------------------------------------------------


def usual_wait(session: Session, language: str, now: datetime) -> int | None:
    """In how many days half of those who asked for this language in the last year were together with a coach.

    None when fewer than five were: a guess would be a promise.
    """
    question = (
        select(CoachingRequest.asked_at, func.min(CoachingPair.accepted_at))
        .join(CoachingPair, CoachingPair.request_id == CoachingRequest.id)
        .where(CoachingRequest.language == language, CoachingPair.accepted_at > now - _WAITS_SHOWN)
        .group_by(CoachingRequest.id, CoachingRequest.asked_at)
    )
    waits = sorted(max(0, (accepted - asked).days) for asked, accepted in session.execute(question) if accepted)
    return waits[len(waits) // 2] if len(waits) >= 5 else None


def offered_languages(session: Session) -> list[str]:
    """The languages in which at least one volunteer helps, by how many do."""
    question = (
        select(VolunteerLanguage.tag)
        .join(Volunteer)
        .where(VolunteerLanguage.kind == LanguageUse.OFFERS, Volunteer.state.in_(sorted(HELPING)))
        .group_by(VolunteerLanguage.tag)
        .order_by(func.count().desc(), VolunteerLanguage.tag)
    )
    return list(session.scalars(question))


def offering_near(session: Session, request: CoachingRequest, km: float) -> int:
    """How many volunteers help in this language within so many kilometres, or online where that is wished."""
    question = (
        select(Volunteer)
        .join(VolunteerLanguage)
        .where(VolunteerLanguage.kind == LanguageUse.OFFERS, VolunteerLanguage.tag == request.language)
        .where(Volunteer.state.in_(sorted(HELPING)), Volunteer.capacity > 0)
        .options(joinedload(Volunteer.person))
    )
    found = list(session.scalars(question))
    ring_of(session).load(volunteer.person.public_id for volunteer in found)
    here = request.point
    return sum(_is_near(volunteer, here, km, online=request.online) for volunteer in found)


def _is_near(volunteer: Volunteer, here: Point | None, km: float, *, online: bool) -> bool:
    if online and volunteer.online:
        return True
    there = volunteer.point
    return here is not None and there is not None and haversine_km(here, there) <= km


def _day(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()
