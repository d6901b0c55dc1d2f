"""Venues that communes offer for civic courses: free times, taken by a provider or refused with a reason."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from commune_hub.accounts import profile
from commune_hub.accounts.models import Organisation, Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.words import OrganisationKind, Permission
from commune_hub.base import outbox
from commune_hub.base.errors import InputCode, Invalid, NotFound, Refused
from commune_hub.base.ids import is_public_id
from commune_hub.base.sealed import Erased
from commune_hub.base.words import LOCAL
from commune_hub.events import courses, permissions, queries, recurrence
from commune_hub.events.actions import publishing
from commune_hub.events.course_inputs import OfferDraft, TakeDraft
from commune_hub.events.inputs import ActivityDraft
from commune_hub.events.models import Activity, Meeting, Priority, Venue
from commune_hub.events.records import SignatoryArea, VenueOffer
from commune_hub.events.rules import KINDS
from commune_hub.events.words import ActivityKind, CourseRefusal, VenueOfferState
from commune_hub.places.geo import Point, rounded_area

PROVIDERS = frozenset({OrganisationKind.ASSOCIATION, OrganisationKind.AUTHORITY})


@dataclass(frozen=True, slots=True)
class OfferedVenue:
    """A venue with its free times; `near` is how many signatories live within 10 km, None when too few to say."""

    venue: Venue
    offers: tuple[VenueOffer, ...]
    near: int | None


def offer_time(session: Session, *, venue: Venue, draft: OfferDraft, actor: Actor, now: datetime) -> VenueOffer:
    """The venue is free then, for a civic course. The same time given twice is the same offer. Raises Invalid."""
    permissions.must_edit_venue(actor, venue)
    starts_at = recurrence.wall_clock(draft.on, draft.starts)
    ends_at = recurrence.wall_clock(draft.on, draft.ends)
    if starts_at <= now:
        raise Invalid({"on": [InputCode.TOO_SMALL]})
    session.scalar(select(Venue.id).where(Venue.id == venue.id).with_for_update())
    open_ones = select(VenueOffer).where(VenueOffer.venue_id == venue.id, VenueOffer.state == VenueOfferState.OPEN)
    for there in session.scalars(open_ones):
        if (there.starts_at, there.ends_at) == (starts_at, ends_at):
            return there
    venue.offered_for_civic = True
    offer = VenueOffer(venue=venue, starts_at=starts_at, ends_at=ends_at, state=VenueOfferState.OPEN, reason="")
    session.add(offer)
    session.flush()
    return offer


def withdraw(session: Session, *, offer: VenueOffer, actor: Actor, now: datetime) -> None:
    """The commune takes a free time back, while nobody has taken it. Doing it twice changes nothing."""
    permissions.must_edit_venue(actor, offer.venue)
    _lock(session, [offer])
    if offer.state == VenueOfferState.WITHDRAWN:
        return
    if offer.state != VenueOfferState.OPEN:
        raise Refused(CourseRefusal.OFFER_IS_GONE)
    offer.state, offer.decided_at = VenueOfferState.WITHDRAWN, now


def takers(session: Session, actor: Actor) -> list[Organisation]:
    """The organisations in whose name this person may take a venue: providers and the authority. Raises NotFound."""
    found = [
        one
        for one in session.scalars(
            select(Organisation).where(Organisation.kind.in_(PROVIDERS)).order_by(Organisation.id)
        )
        if actor.may(Permission.TAKE_VENUES, one.id)
        and (one.kind == OrganisationKind.AUTHORITY or one.id in _own(actor))
    ]
    if not found:
        raise NotFound("organisation")
    return found


def _own(actor: Actor) -> set[int | None]:
    return {held_in for _, held_in in actor.roles}


def refuse(session: Session, *, offer: VenueOffer, reason: str, actor: Actor, now: datetime) -> None:
    """Not wanted, and why; the commune reads it. Raises Refused."""
    takers(session, actor)
    _lock(session, [offer])
    if offer.state != VenueOfferState.OPEN:
        raise Refused(CourseRefusal.OFFER_IS_GONE)
    offer.state, offer.reason, offer.decided_at = VenueOfferState.REFUSED, reason, now
    outbox.enqueue(
        session, "offer_refused_mail", due_at=now, now=now, key=f"offer_refused_mail:{offer.public_id}",
        offer=offer.public_id,
    )  # fmt: skip


def take(session: Session, *, draft: TakeDraft, organisation_id: str, actor: Actor, now: datetime) -> Activity:
    """Take free times of one venue for a civic course: a draft of the provider, offered together with the commune.

    The same times taken twice by the same provider are the same course. Raises Refused, NotFound.
    """
    organisation = next((one for one in takers(session, actor) if one.public_id == organisation_id), None)
    if organisation is None:
        raise Refused(CourseRefusal.NO_ORGANISATION)
    offers = _lock(session, [offer_named(session, public_id) for public_id in dict.fromkeys(draft.offers)])
    if len({offer.venue_id for offer in offers}) != 1:
        raise Invalid({"offers": [InputCode.NOT_A_CHOICE]})
    again = {offer.activity_id for offer in offers if offer.taken_by_id == organisation.id}
    if len(again) == 1 and all(offer.activity_id in again for offer in offers):
        return session.get_one(Activity, again.pop())
    if any(offer.state != VenueOfferState.OPEN for offer in offers):
        raise Refused(CourseRefusal.OFFER_IS_GONE)
    if any(offer.starts_at <= now for offer in offers):
        raise Refused(CourseRefusal.OFFER_IN_THE_PAST)
    activity = _course(session, offers, draft.languages, organisation, now)
    for offer in offers:
        offer.state, offer.taken_by, offer.activity_id = VenueOfferState.TAKEN, organisation, activity.id
        offer.decided_at = now
    session.flush()
    outbox.enqueue(
        session, "offer_taken_mail", due_at=now, now=now, key=f"offer_taken_mail:{activity.public_id}",
        activity=activity.public_id,
    )  # fmt: skip
    return activity


def _course(
    session: Session, offers: Sequence[VenueOffer], languages: Sequence[str], organisation: Organisation, now: datetime
) -> Activity:
    venue, first = offers[0].venue, offers[0].starts_at.astimezone(LOCAL)
    days = sorted({offer.starts_at.astimezone(LOCAL).date() for offer in offers})
    size = KINDS[ActivityKind.CIVIC_COURSE].capacity or 0
    season = ActivityDraft(
        kind=ActivityKind.CIVIC_COURSE, languages=tuple(languages), first_on=days[0], last_on=days[-1],
        extra_dates=tuple(days), starts=first.time(), ends=offers[0].ends_at.astimezone(LOCAL).time(),
        capacity=min(size, venue.capacity or size), co_organisers=(venue.organisation.public_id,),
    )  # fmt: skip
    activity = publishing.create(session, draft=season, organisation=organisation, actor=None, now=now)
    activity.venue = venue
    rows = {meeting.occurrence_on: meeting for meeting in queries.meetings_of(session, activity.id)}
    used: set[int] = set()
    for number, offer in enumerate(offers):
        day = offer.starts_at.astimezone(LOCAL).date()
        meeting = rows[day]
        if meeting.id in used:
            meeting = Meeting(
                activity=activity, pool=meeting.pool, occurrence_on=day, slot=number, starts_at=offer.starts_at,
                ends_at=offer.ends_at, changed_at=now,
            )  # fmt: skip
            session.add(meeting)
        usual = (meeting.starts_at, meeting.ends_at) == (offer.starts_at, offer.ends_at) and not meeting.slot
        meeting.starts_at, meeting.ends_at, meeting.moved = offer.starts_at, offer.ends_at, not usual
        session.flush()
        used.add(meeting.id)
    return activity


def offer_named(session: Session, public_id: str) -> VenueOffer:
    """The offer with this public id. Raises NotFound."""
    question = select(VenueOffer).where(VenueOffer.public_id == public_id)
    found = session.scalar(question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("offer")
    return found


def offers_of(session: Session, venue: Venue) -> list[VenueOffer]:
    """All that was offered of a venue, the newest time first."""
    question = select(VenueOffer).where(VenueOffer.venue_id == venue.id).options(joinedload(VenueOffer.taken_by))
    return list(session.scalars(question.order_by(VenueOffer.starts_at.desc(), VenueOffer.id.desc())))


def on_offer(session: Session, now: datetime) -> list[OfferedVenue]:
    """Every venue that is offered at a time to come: where most signatories live near comes first."""
    question = (
        select(VenueOffer)
        .join(VenueOffer.venue)
        .where(VenueOffer.state == VenueOfferState.OPEN, VenueOffer.starts_at > now, Venue.archived_at.is_(None))
        .options(joinedload(VenueOffer.venue).joinedload(Venue.organisation))
        .order_by(VenueOffer.starts_at, VenueOffer.id)
    )
    by_venue: dict[Venue, list[VenueOffer]] = {}
    for offer in session.scalars(question):
        by_venue.setdefault(offer.venue, []).append(offer)
    areas = [(Point(row.lat, row.lon), row.number) for row in session.scalars(select(SignatoryArea))]
    rows = [
        OfferedVenue(venue, tuple(offers), courses.living_near(Point(venue.lat, venue.lon), areas))
        for venue, offers in by_venue.items()
    ]
    return sorted(rows, key=lambda row: (-(row.near or 0), row.venue.name, row.venue.id))


def rewrite_areas(session: Session, *, now: datetime) -> None:
    """Count anew how many people with a running priority live in each square; homes are opened in memory only."""
    today = now.astimezone(LOCAL).date()
    running = select(Priority.person_id).where(Priority.since <= today, Priority.until >= today)
    people = session.scalars(
        select(Person).where(Person.id.in_(running), Person.home_sealed.is_not(None), Person.erased_at.is_(None))
    ).all()
    ring_of(session).load(person.public_id for person in people)
    number: Counter[Point] = Counter()
    for person in people:
        try:
            home = profile.home_of(session, person)
        except Erased:
            continue
        if home is not None:
            number[rounded_area(home.point)] += 1
    session.execute(delete(SignatoryArea))
    session.add_all(SignatoryArea(lat=point.lat, lon=point.lon, number=many) for point, many in number.items())
    session.flush()


def _lock(session: Session, offers: Sequence[VenueOffer]) -> list[VenueOffer]:
    numbers = [offer.id for offer in offers]
    question = select(VenueOffer).where(VenueOffer.id.in_(numbers)).order_by(VenueOffer.id).with_for_update()
    locked = session.scalars(question.execution_options(populate_existing=True)).all()
    return sorted(locked, key=lambda offer: offer.starts_at)
