"""The plainest valid thing of each kind; a test says only what matters to it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Account, Grant, Organisation, OrganisationCommune, Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import actor_of
from commune_hub.accounts.rules import reach_from
from commune_hub.accounts.words import OrganisationKind, Role
from commune_hub.events.actions import publishing, seats
from commune_hub.events.inputs import ActivityDraft
from commune_hub.events.models import Activity, Meeting, Priority, SeatPool, Signup, Venue
from commune_hub.events.words import ActivityKind, PriorityReason
from commune_hub.places.geo import Point
from commune_hub.places.words import PointSource
from commune_hub.volunteers.actions import profiles
from commune_hub.volunteers.coaching.actions import proposals, requests
from commune_hub.volunteers.coaching.inputs import AnswerDraft, RequestWishes
from commune_hub.volunteers.coaching.models import CoachingPair, CoachingRequest
from commune_hub.volunteers.coaching.words import Answer, RequestChannel
from commune_hub.volunteers.models import Qualification, Volunteer
from commune_hub.volunteers.rules import free_from
from commune_hub.volunteers.words import QualifiedBy, VolunteerState

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
PASSWORD = "a long enough sentence"
_count = iter(range(1, 10**9))


def an_organisation(session: Session, **given: Any) -> Organisation:
    """A commune with a phone number; `lau2` says which it covers (default Sanem)."""
    number = next(_count)
    lau2 = given.pop("lau2", "0213")
    organisation = Organisation(
        **{
            "kind": OrganisationKind.COMMUNE,
            "name": f"Gemeng {number}",
            "slug": f"gemeng-{number}",
            "phone": "26 00 00 00",
            "mail": "office@example.lu",
            "spoken": ["fr", "lb"],
            "theme": {},
            "created_at": NOW,
        }
        | given
    )
    organisation.communes.append(OrganisationCommune(lau2=lau2))
    session.add(organisation)
    session.flush()
    return organisation


def a_person(session: Session, *, contact: str = "", **given: Any) -> Person:
    """Somebody with a first name; `contact` is a mail address or a phone number."""
    values = {"name": "Amina", "language": "fr", "now": NOW} | given
    return accounts.new_person(session, reach=reach_from(contact) if contact else None, **values)


def an_account(
    session: Session,
    *,
    role: Role = Role.OFFICER,
    organisation: Organisation | None = None,
    mail: str = "",
    name: str = "Marc",
) -> Account:
    """An account with one role; an officer or coordinator works for `organisation`."""
    person = a_person(session, name=name, contact=mail or f"marc{next(_count)}@example.lu")
    return accounts.new_account(
        session, person=person, password=PASSWORD, role=role, organisation=organisation, now=NOW
    )


def an_actor(session: Session, **given: Any) -> Actor:
    """The acting person behind a new account."""
    actor = actor_of(session, an_account(session, **given).id, NOW)
    assert actor is not None
    return actor


def a_role(session: Session, account: Account, role: Role, organisation: Organisation | None) -> None:
    """One more role for an account."""
    account.grants.append(Grant(role=role, organisation=organisation, granted_at=NOW))
    session.flush()


def a_venue(session: Session, **given: Any) -> Venue:
    """A hall in Belvaux."""
    organisation = given.pop("organisation", None) or an_organisation(session)
    venue = Venue(
        **{
            "organisation": organisation,
            "name": "Centre culturel",
            "address": "4, rue de la Poste",
            "postcode": "4477",
            "locality": "Belvaux",
            "lau2": "0213",
            "lat": 49.5103,
            "lon": 5.9241,
            "point_source": PointSource.PIN,
            "step_free": True,
        }
        | given
    )
    session.add(venue)
    session.flush()
    return venue


def a_draft(**given: Any) -> ActivityDraft:
    """What an officer types for a weekly table on Tuesdays at 18:30, until Christmas 2026."""
    values: dict[str, Any] = {
        "kind": ActivityKind.CONVERSATION_TABLE,
        "languages": ("lb",),
        "rrule": "FREQ=WEEKLY;BYDAY=TU",
        "starts": time(18, 30),
        "ends": time(20),
        "first_on": date(2026, 10, 6),
        "last_on": date(2026, 12, 15),
        "hosts": "Josée",
    }
    if given.get("kind") == ActivityKind.CIVIC_COURSE:
        values |= {"starts": time(9), "ends": time(15)}
    return ActivityDraft.parse(values | given)


def an_activity(
    session: Session,
    *,
    now: datetime = NOW,
    published: bool = True,
    venue: Venue | None = None,
    organisation: Organisation | None = None,
    **given: Any,
) -> Activity:
    """A published weekly table; `given` are fields of the form (ActivityDraft)."""
    organisation = organisation or (venue.organisation if venue else an_organisation(session))
    if given.get("attendance_mode") != "online":
        venue = venue or a_venue(session, organisation=organisation)
        given = {"venue": venue.public_id} | given
    activity = publishing.create(session, draft=a_draft(**given), organisation=organisation, actor=None, now=now)
    if published:
        publishing.publish(session, activity=activity, actor=None, now=now)
    return activity


def a_meeting(session: Session, **given: Any) -> Meeting:
    """The only meeting of an activity, on Tuesday 24 November 2026 at 18:30."""
    day = given.pop("on", date(2026, 11, 24))
    values = {"rrule": "", "first_on": day, "last_on": day} | given
    return an_activity(session, **values).meetings[0]


def a_pool(session: Session, **given: Any) -> SeatPool:
    """The seats of one meeting; `capacity` and `waiting_room` as in the form."""
    return a_meeting(session, **given).pool


def a_signup(
    session: Session, pool: SeatPool, *, person: Person | None = None, now: datetime = NOW, **given: Any
) -> Signup:
    """Somebody takes a seat, or a place in the queue."""
    person = person or a_person(session, name=f"Person {next(_count)}")
    return seats.sign_up(session, pool_id=pool.public_id, person=person, now=now, **given)


def a_priority(session: Session, person: Person, **given: Any) -> Priority:
    """A running contract that gives priority."""
    values = {
        "reason": PriorityReason.SIGNATORY,
        "since": NOW.date() - timedelta(days=100),
        "until": NOW.date() + timedelta(days=600),
    }
    priority = Priority(person_id=person.id, **(values | given))
    session.add(priority)
    session.flush()
    return priority


def a_volunteer(session: Session, *, person: Person | None = None, **given: Any) -> Volunteer:
    """An active volunteer in Belvaux who offers Luxembourgish on Tuesday evenings, within 10 km.

    `offers` maps tags to levels, `understands` lists tags, `slots` are numbers of the 18, `point` and `place` where
    they start from, `lau2s` the communes they help, `wishes` their words, `qualified_until` a day; else columns.
    """
    person = person or a_person(session, name=f"Helper {next(_count)}", contact=f"helper{next(_count)}@example.lu")
    offers, understands = given.pop("offers", {"lb": None}), given.pop("understands", ("fr",))
    point, place = given.pop("point", Point(49.5103, 5.9241)), given.pop("place", "Belvaux")
    lau2s, wishes = given.pop("lau2s", ("0213",)), given.pop("wishes", "")
    slots, qualified_until = given.pop("slots", (5,)), given.pop("qualified_until", None)
    values = {"state": VolunteerState.ACTIVE, "free_slots": free_from(slots), "announced_at": NOW, "changed_at": NOW}
    volunteer = Volunteer(person=person, **(values | given))
    session.add(volunteer)
    session.flush()
    profiles.set_languages(session, volunteer=volunteer, offers=offers, understands=understands)
    profiles.keep_point(session, volunteer=volunteer, point=point, label=place)
    profiles.keep_wishes(session, volunteer=volunteer, wishes=wishes)
    profiles.set_communes(session, volunteer=volunteer, lau2s=lau2s)
    if qualified_until is not None:
        training = an_activity(session, kind="volunteer_training", languages=("fr",))
        volunteer.qualifications.append(
            Qualification(
                activity_id=training.id, qualified_by=QualifiedBy.TRAINING, valid_until=qualified_until,
                granted_on=min(NOW.date(), qualified_until) - timedelta(days=1),
            )
        )  # fmt: skip
        session.flush()
    return volunteer


def a_coaching_request(
    session: Session, *, person: Person | None = None, now: datetime = NOW, **given: Any
) -> CoachingRequest:
    """A learner in Belvaux who waits for a coach in Luxembourgish, free on Tuesday evenings; `given` as in the form."""
    person = person or a_person(session, name=f"Learner {next(_count)}", contact=f"learner{next(_count)}@example.lu")
    form = {"language": "lb", "level": "3", "slots": (5,), "place": "Belvaux", "languages": ("fr",)} | given
    return requests.ask(
        session, person=person, draft=RequestWishes.parse(form), channel=RequestChannel.WEB, now=now
    )


def a_proposal(session: Session, *, now: datetime = NOW, **given: Any) -> CoachingPair:
    """A proposal that waits for two answers; `request` and `volunteer` may be given."""
    request = given.get("request") or a_coaching_request(session, now=now)
    volunteer = given.get("volunteer") or a_volunteer(session, charter_agreed_on=NOW.date())
    return proposals.propose(session, request=request, volunteer=volunteer, by=given.get("by"), now=now)


def a_pair(session: Session, *, now: datetime = NOW, at_home: bool = False, **given: Any) -> CoachingPair:
    """Two who have both said yes."""
    pair = a_proposal(session, now=now, **given)
    for side in pair.sides:
        proposals.answer(session, side=side, draft=AnswerDraft(answer=Answer.YES, at_home=at_home), now=now)
    return pair
