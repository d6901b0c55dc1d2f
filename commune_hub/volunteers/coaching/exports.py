"""What ASTI takes along as a table: hours, volunteers, pairs, who waits. Codes stay codes, to be reckoned with."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.queries import ring_of
from commune_hub.base.words import LOCAL
from commune_hub.events.words import CefrLevel
from commune_hub.volunteers import hours
from commune_hub.volunteers.coaching import caring, queries
from commune_hub.volunteers.coaching.lists import times_cell
from commune_hub.volunteers.coaching.models import CoachingPair
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.queries import WHOLE
from commune_hub.volunteers.words import VolunteerState

Table = tuple[list[str], list[list[str]]]


def table_of(session: Session, what: str, now: datetime) -> Table | None:
    """Heads and rows of one of the tables; None for a table that there is not."""
    match what:
        case "pairs":
            return _pairs(session, now)
        case "volunteers":
            return _volunteers(session)
        case "hours":
            return _hours(session, now)
        case "waiting":
            return _waiting(session)
    return None


def _pairs(session: Session, now: datetime) -> Table:
    head = [
        "learner", "volunteer", "language", "state", "proposed_on", "accepted_on", "ended_on", "ended_by",
        "meetings_held", "minutes_confirmed", "last_met_on", "needs_call",
    ]  # fmt: skip
    pairs = list(session.scalars(select(CoachingPair).options(*queries.whole_pair()).order_by(CoachingPair.id)))
    queries.load_keys(session, pairs)
    return head, [_pair(pair, now) for pair in pairs if not any(side.person.erased_at for side in pair.sides)]


def _pair(pair: CoachingPair, now: datetime) -> list[str]:
    last = queries.course_of(pair).last_met
    confirmed = sum(meeting.minutes for meeting in pair.meetings if meeting.state == "confirmed")
    return [
        pair.request.person.name, pair.volunteer.person.name, pair.request.language, pair.state,
        _day(pair.proposed_at), _day(pair.accepted_at), _day(pair.ended_at), pair.ended_by or "",
        str(queries.held(pair)), str(confirmed), last.isoformat() if last else "",
        "|".join(caring.calls_for(pair, now)),
    ]  # fmt: skip


def _volunteers(session: Session) -> Table:
    head = [
        "name", "contact", "state", "offers", "understands", "free_times", "place", "reach_km", "online", "places",
        "places_taken", "charter_on", "bulletin_seen_on", "qualified_until",
    ]  # fmt: skip
    return head, [
        [
            one.person.name, _contacts(one.person), one.state, "|".join(one.offers), "|".join(one.understands),
            times_cell(one.free_slots), one.place, str(one.reach_km), _yes(one.online), str(one.capacity),
            str(len(queries.places_taken(session, one.id))), _iso(one.charter_agreed_on), _iso(one.bulletin_seen_on),
            _iso(one.qualified_until),
        ]
        for one in _everybody(session)
    ]  # fmt: skip


def _everybody(session: Session) -> Iterable[Volunteer]:
    question = select(Volunteer).where(Volunteer.state != VolunteerState.LEFT).options(*WHOLE).order_by(Volunteer.id)
    found = [one for one in session.scalars(question) if one.person.erased_at is None]
    ring_of(session).load(one.person.public_id for one in found)
    return found


def _hours(session: Session, now: datetime) -> Table:
    return ["volunteer", "day", "minutes", "kind", "languages"], [
        [one.person.name, given.on.isoformat(), str(given.minutes), given.kind, "|".join(given.languages)]
        for one in _everybody(session)
        for given in hours.given_by(session, one, now)
    ]


def _waiting(session: Session) -> Table:
    head = [
        "name", "contact", "language", "level", "free_times", "place", "reach_km", "online", "languages", "must_share",
        "under_18", "waiting_since",
    ]  # fmt: skip
    return head, [
        [
            one.person.name, _contacts(one.person), one.language, CefrLevel(one.level).label,
            times_cell(one.free_slots), one.place, str(one.reach_km), _yes(one.online), "|".join(one.languages),
            _yes(one.must_share), _yes(one.minor), _day(one.asked_at),
        ]
        for one in queries.waiting_requests(session)
    ]  # fmt: skip


def _contacts(person: Person) -> str:
    return " ".join(contact.value for contact in person.contacts)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(moment: datetime | None) -> str:
    return moment.astimezone(LOCAL).date().isoformat() if moment else ""
