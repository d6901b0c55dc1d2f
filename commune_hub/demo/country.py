"""Fills an empty database with the demo country: the same country for the same now."""

import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Account, Organisation, OrganisationCommune, Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import actor_of
from commune_hub.base.db import Base, Store
from commune_hub.base.outbox import Job, JobState
from commune_hub.base.words import LOCAL
from commune_hub.demo import accounts, contracts, crowd, looks, pairs, rolls, volunteers, waiting
from commune_hub.demo.organisers import HALLS, ORGANISERS, Organiser
from commune_hub.demo.people import Neighbour, people
from commune_hub.demo.programme import MISHAPS, PROGRAMME, Mishap, Offer, Pause
from commune_hub.events import queries, seasons
from commune_hub.events.actions import meetings, publishing, seats, venues
from commune_hub.events.inputs import ActivityDraft, MoveDraft, VenueDraft
from commune_hub.events.models import Activity, Meeting, Signup, Venue
from commune_hub.events.recurrence import wall_clock
from commune_hub.events.words import ActivityState, MeetingState, RegistrationBy, SignupMode, SignupState
from commune_hub.places.communes import localities
from commune_hub.places.geo import KM_PER_DEGREE
from commune_hub.web.theme import Theme

Progress = Callable[[int, int], None]

_SEED = 20230820
_WRITTEN_BEFORE = timedelta(days=21)
_PUBLISHED_BEFORE = timedelta(days=14)
_KM_PER_DEGREE_EAST = KM_PER_DEGREE * 0.647  # at the latitude of the country
_STEPS_BEFORE, _STEPS_AFTER = 3, 1
_LEARNER_GOES_TO = ("belvaux", "esch-library", "soleuvre-cafe")
_GIVES_BACK = "bonnevoie-twice"
_ATTESTED = ("belvaux", "esch-library", "bonnevoie-twice")


class DatabaseInUse(Exception):
    """There are organisations already: the demo country, with accounts that everybody knows, is not put beside them."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What there is now, of each how many."""

    organisations: int
    venues: int
    activities: int
    meetings: int
    people: int
    signups: int


@dataclass(slots=True)
class _Country:
    """What has been made so far, by the keys of the tables in this package."""

    session: Session
    now: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(_SEED))
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    organisations: dict[str, Organisation] = field(default_factory=dict)
    halls: dict[str, Venue] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    neighbours: list[Neighbour] = field(default_factory=list)
    opened: dict[str, Account] = field(default_factory=dict)

    @property
    def monday(self) -> date:
        """The Monday of this week, from which all seasons are counted."""
        today = self.now.astimezone(LOCAL).date()
        return today - timedelta(days=today.weekday())


def fill(store: Store, *, now: datetime, progress: Progress | None = None) -> Filled:
    """Make the demo country in one transaction; `progress` is told how many of how many steps are done.

    Raises DatabaseInUse when there is an organisation already.
    """
    steps = count(1)
    total = len(PROGRAMME) + _STEPS_BEFORE + _STEPS_AFTER

    def step() -> None:
        if progress is not None:
            progress(next(steps), total)

    with store.writing() as session:
        if session.scalar(select(Organisation.id).limit(1)) is not None:
            raise DatabaseInUse
        country = _Country(session, now)
        actor = _found(country)
        step()
        _build(country)
        step()
        country.neighbours = people(session, now=now, chance=country.chance)
        step()
        for offer in PROGRAMME:
            _offer(country, offer, actor)
            step()
        coach = accounts.volunteer(session, now=now - timedelta(days=420))
        volunteers.come(session, coach=coach, activities=country.activities, now=now, chance=country.chance)
        rolls.note_past(session, now=now, chance=country.chance)
        volunteers.settle(
            session, activities=country.activities, opened=country.opened, organisations=country.organisations, now=now
        )
        learner = _let_things_happen(country, actor, coach)
        _link_contracts(country, learner)
        looks.fill(session, now=now)
        _settle_outbox(session, now)
        filled = _counted(session)
        step()
    return filled


def _found(country: _Country) -> Actor:
    """Organisations and accounts; returns who acts for the whole country."""
    session, long_ago = country.session, country.now - timedelta(days=500)
    for one in ORGANISERS:
        country.organisations[one.slug] = organisation = _organisation(one, long_ago)
        session.add(organisation)
    session.flush()
    country.opened = accounts.open_accounts(session, organisations=country.organisations, now=long_ago)
    actor = actor_of(session, country.opened["asti@example.org"].id, country.now)
    assert actor is not None
    return actor


def _organisation(one: Organiser, at: datetime) -> Organisation:
    return Organisation(
        kind=one.kind, name=one.name, slug=one.slug, phone=one.phone, mail=one.mail,
        website=f"https://{one.slug}.example.org", spoken=one.spoken.split(),
        theme=asdict(Theme.of(*one.colours)) if one.colours else {}, created_at=at,
        communes=[OrganisationCommune(lau2=lau2) for lau2 in one.lau2s.split()],
    )  # fmt: skip


def _build(country: _Country) -> None:
    """The register of venues."""
    points = {(place.lau2, place.name): place.point for place in localities()}
    for hall in HALLS:
        point = points[hall.lau2, hall.locality]
        form = {
            "name": hall.name, "address": hall.address, "postcode": hall.postcode, "locality": hall.locality,
            "step_free": hall.step_free, "access_note": hall.access_note, "bus_stop": hall.bus_stop,
            "capacity": hall.capacity, "free_times": hall.free_times, "offered_for_civic": bool(hall.free_times),
        }  # fmt: skip
        if hall.metres is not None:
            north, east = hall.metres
            form |= {
                "lat": point.lat + north / 1000 / KM_PER_DEGREE,
                "lon": point.lon + east / 1000 / _KM_PER_DEGREE_EAST,
            }
        country.halls[hall.key] = venues.add(
            country.session, draft=VenueDraft.parse(form), organisation=country.organisations[hall.organiser],
            actor=None, now=country.now - timedelta(days=400),
        )  # fmt: skip


def _offer(country: _Country, offer: Offer, actor: Actor) -> None:
    """One activity with its meetings and whoever comes."""
    session, now, chance = country.session, country.now, country.chance
    draft = _draft(country, offer)
    begins = min(now, wall_clock(draft.first_on, time(9)))
    activity = publishing.create(
        session, draft=draft, organisation=country.organisations[offer.organiser], actor=None,
        now=begins - _WRITTEN_BEFORE, previous=country.activities.get(offer.follows),
    )  # fmt: skip
    country.activities[offer.key] = activity
    _set_rounds(activity, offer)
    if offer.state is ActivityState.DRAFT:
        return
    comes_here = activity.registration_by == RegistrationBy.HUB and offer.state is ActivityState.PUBLISHED
    neighbours = country.neighbours
    if comes_here and activity.signup in (SignupMode.SIGN_UP, SignupMode.DROP_IN):
        crowd.come_to_meetings(session, offer=offer, activity=activity, neighbours=neighbours, now=now, chance=chance)
    publishing.publish(session, activity=activity, actor=None, now=begins - _PUBLISHED_BEFORE)
    if comes_here and activity.signup == SignupMode.WHOLE_COURSE:
        crowd.come_to_course(session, offer=offer, activity=activity, neighbours=neighbours, now=now, chance=chance)
    if offer.state is ActivityState.ARCHIVED:
        publishing.archive(session, activity=activity, actor=actor, now=now - timedelta(days=30))


def _draft(country: _Country, offer: Offer) -> ActivityDraft:
    """The form, as an officer would have filled it in."""
    shape, by = offer.shape, next(one for one in ORGANISERS if one.slug == offer.organiser)
    starts, ends = (offer.at or shape.at).split("-")
    levels = offer.levels.split()
    loose = sorted(country.monday + timedelta(weeks=week, days=weekday) for week, weekday in offer.dates)
    first_on = loose[0] if loose else country.monday + timedelta(weeks=offer.span.first)
    last_on = loose[-1] if loose else country.monday + timedelta(weeks=offer.span.last, days=6)
    form: dict[str, object] = {
        "kind": shape.kind, "languages": (offer.languages or shape.languages).split(),
        "level_from": levels[0] if levels else "", "level_to": levels[1] if len(levels) > 1 else "",
        "venue": country.halls[offer.hall].public_id if offer.hall else "", "starts": starts, "ends": ends,
        "first_on": first_on, "last_on": last_on, "rrule": "" if loose else shape.rule(offer.days),
        "extra_dates": loose, "skip_public_holidays": offer.pause is not Pause.NEVER,
        "skip_school_holidays": offer.pause is Pause.SCHOOL, "hosts": offer.hosts, "reference": offer.key,
        "contact_name": by.contact_name, "contact_phone": by.phone, "contact_mail": by.mail,
        "co_organisers": [country.organisations[slug].public_id for slug in offer.partners.split()],
        **shape.given, **offer.given, **offer.texts,
    }  # fmt: skip
    if reference := form.get("convention_reference"):
        form["convention_reference"] = str(reference).format(year=first_on.year, number=next(country.numbers))
    draft = ActivityDraft.parse(form)
    if shape.times is None:
        return draft
    dates = seasons.occurrences_of(seasons.season_from(draft))
    return ActivityDraft.parse(form | {"last_on": dates[shape.times - 1].on})


def _set_rounds(activity: Activity, offer: Offer) -> None:
    """The languages of a café by round, each with its number of tables: "lb:2 it en|es fr de" are two rounds."""
    rounds = [[cell.partition(":") for cell in part.split()] for part in offer.rounds.split("|") if part]
    rows = {row.tag: row for row in activity.languages}
    slot = activity.slots[0]
    begins = datetime.combine(activity.first_on, slot.starts)
    length = timedelta(minutes=slot.minutes / max(1, len(rounds)))
    for number, cells in enumerate(rounds):
        for tag, _, tables in cells:
            rows[tag].tables = int(tables or 1)
            if len(rounds) > 1:
                rows[tag].starts = (begins + number * length).time()
                rows[tag].ends = (begins + (number + 1) * length).time()


def _let_things_happen(country: _Country, actor: Actor, coach: Person) -> Person:
    """What happens to the best of programmes: a seat given back, meetings cancelled, moved, made larger."""
    session, now = country.session, country.now
    learner = accounts.learner(session, now=now - timedelta(days=100))
    pairs.fill(
        session, neighbours=country.neighbours, learner=learner, coach=coach, actor=actor, now=now,
        chance=random.Random(_SEED),
    )  # fmt: skip
    waiting.fill(session, people=iter(country.neighbours[250:]), now=now)
    for key in _LEARNER_GOES_TO:
        pool = _coming(country, key, now + timedelta(hours=2)).pool
        seats.sign_up(session, pool_id=pool.public_id, person=learner, now=now - timedelta(minutes=3))
    given_back = _coming(country, _GIVES_BACK, now + timedelta(days=1)).pool
    lucky = next(row for row in queries.signups_of_pool(session, given_back.id) if row.state == SignupState.CONFIRMED)
    seats.cancel(session, signup=lucky, now=now - timedelta(minutes=1))
    for mishap in MISHAPS:
        _happen(country, mishap, actor)
    return learner


def _link_contracts(country: _Country, learner: Person) -> None:
    """The learner's contract, and what the record says to what was told about others."""
    session, now = country.session, country.now
    link = contracts.link_the_learner(session, learner=learner, now=now)
    rolls.practised(session, person=learner, activity=country.activities[_LEARNER_GOES_TO[0]], now=now)
    tables = [country.activities[key] for key in _ATTESTED]
    contracts.let_the_record_answer(session, link=link, neighbours=country.neighbours, tables=tables, now=now)


def _happen(country: _Country, mishap: Mishap, actor: Actor) -> None:
    session, now = country.session, country.now
    meeting = _coming(country, mishap.key, now + timedelta(days=mishap.days))
    if mishap.cancelled is not None:
        meetings.cancel_meeting(session, meeting=meeting, reason=mishap.cancelled, actor=actor, now=now)
    elif mishap.seats is not None:
        room = meeting.pool.waiting_room
        meetings.set_size(
            session, meeting=meeting, capacity=mishap.seats, waiting_room=room, actor=actor, now=now
        )  # fmt: skip
    else:
        starts, ends = mishap.at.split("-")
        day = meeting.starts_at.astimezone(LOCAL).date() + timedelta(days=mishap.moved_days)
        venue = country.halls[mishap.hall].public_id if mishap.hall else ""
        draft = MoveDraft.parse({"on": day, "starts": starts, "ends": ends, "venue": venue})
        meetings.move(session, meeting=meeting, draft=draft, actor=actor, now=now)


def _coming(country: _Country, key: str, after: datetime) -> Meeting:
    """The first meeting of an activity after this moment that takes place."""
    coming = queries.meetings_of(country.session, country.activities[key].id)
    return next(row for row in coming if row.starts_at > after and row.state == MeetingState.PLANNED)


def _settle_outbox(session: Session, now: datetime) -> None:
    """Nobody is to get the mails of a past that never was: what is due counts as done."""
    due = (Job.state == JobState.WAITING) & (Job.due_at <= now)
    session.execute(update(Job).where(due).values(state=JobState.DONE, done_at=Job.due_at))


def _counted(session: Session) -> Filled:
    tables: tuple[type[Base], ...] = (Organisation, Venue, Activity, Meeting, Person, Signup)
    return Filled(*(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables))
