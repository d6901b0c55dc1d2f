"""The volunteers of the demo country: profiles, a training that was held, hosts of tables, ideas, a request."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Account, Organisation, Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import actor_of, ring_of
from commune_hub.accounts.rules import Reach
from commune_hub.accounts.words import ContactKind
from commune_hub.base.words import LOCAL, Language
from commune_hub.events import queries as events
from commune_hub.events.actions import seats
from commune_hub.events.models import Activity
from commune_hub.events.records import Attendance, AttendanceChange
from commune_hub.events.words import ActivityKind, AttendanceState, CefrLevel, MeetingState
from commune_hub.places.communes import localities
from commune_hub.volunteers.actions import hosting, life, materials, profiles, qualifying, support
from commune_hub.volunteers.inputs import MaterialDraft, SupportDraft, SupportStepDraft
from commune_hub.volunteers.models import MeetingHost, Volunteer
from commune_hub.volunteers.rules import SLOTS, free_from
from commune_hub.volunteers.words import HostState, Like, StepBy, SupportStep, VolunteerState

MONTHS = 24
TRAINED_AT = "training-last"


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who helps: name, commune, languages ("lb fr:B2"), what else they understand, the tables they host."""

    name: str
    lau2: str
    offers: str
    understands: str = ""
    hosts: str = ""
    language: Language = Language.FR


HELPERS = (
    Helper("Josée Wagener", "0213", "lb fr de:C1", "pt", "belvaux", Language.LB),
    Helper("Marc Thill", "0213", "lb de", "fr en", "belvaux", Language.LB),
    Helper("Claudine Hoffmann", "0213", "fr lb", "de en", "soleuvre-cafe"),
    Helper("Pit Kayser", "0204", "lb fr", "en", "esch-library", Language.LB),
    Helper("Manuela Ferreira", "0204", "pt fr", "lb es", "esch-library", Language.PT),
    Helper("Aurélie Petit", "0204", "fr en:C1", "es"),
    Helper("Jean-Paul Origer", "0204", "lb de fr", "", "esch-saturday", Language.LB),
    Helper("Sonia Rossi", "0203", "fr it", "lb pt"),
    Helper("Nico Feltgen", "0203", "lb", "fr de", "dudelange-twice", Language.LB),
    Helper("Yvonne Kremer", "0202", "lb de", "fr", "", Language.DE),
    Helper("Rui Marques", "0202", "pt lb:B2", "fr es", "", Language.PT),
    Helper("Denise Klein", "0209", "fr lb", "de"),
    Helper("Émile Schmit", "0304", "lb fr de", "en", "bonnevoie-twice", Language.LB),
    Helper("Hannah Brandt", "0304", "de en:C2", "fr lb", "", Language.DE),
    Helper("Samira Haddad", "0304", "fr ar", "en", "online-or-here"),
    Helper("Oliver Grant", "0304", "en fr:B2", "lb", "", Language.EN),
    Helper("Léa Weber", "0304", "lb fr", "pt en"),
    Helper("Thierry Noël", "0309", "fr", "en de"),
    Helper("Malou Reding", "0309", "lb fr de", "en", "strassen", Language.LB),
    Helper("Ria Steffen", "0310", "lb", "de fr", "bereldange", Language.LB),
    Helper("Tom Becker", "0310", "lb de en:C1", "fr", "bereldange", Language.LB),
    Helper("Carlo Meisch", "0409", "lb fr", "pt", "mersch", Language.LB),
    Helper("Nicole Feyereisen", "0605", "lb fr", "pt de", "ettelbruck", Language.LB),
    Helper("João Teixeira", "0605", "pt lb:B1 fr", "es", "ettelbruck", Language.PT),
    Helper("Mett Weis", "0807", "lb", "fr de", "wiltz", Language.LB),
    Helper("Edmée Lanners", "0802", "lb fr", "de", "redange", Language.LB),
    Helper("Raymonde Goerens", "1104", "lb de", "fr", "grevenmacher", Language.DE),
    Helper("Agnès Dupont", "1104", "fr", "de"),
    Helper("Виктор Коваль", "0304", "uk fr:B1", "en"),
    Helper("Farid Rahimi", "0204", "fa fr:C1", "en"),
)
_NEW = (
    Helper("Monique Lentz", "0213", "lb fr"),
    Helper("Bruno Silva", "0204", "pt fr", "", "", Language.PT),
    Helper("Greta Lang", "0304", "de", "", "", Language.DE),
)
_LIKES = ((Like.TABLE, Like.COACH), (Like.COACH,), (Like.TABLE, Like.CAFE), (Like.COACH, Like.COURSE), (Like.CAFE,))
_IDEAS = (
    ("Um Maart", "shopping", "lb", "A1 A2", "Wat kascht dat? Fënnef Froen an eng Lëscht fir anzekafen.", True),
    ("Chez le médecin", "health", "fr", "A1 B1", "Dire où l’on a mal, demander un rendez-vous, lire l’ordonnance."),
    ("Mein Tag", "everyday life", "de", "A1 A2", "Uhrzeiten, Mahlzeiten, Arbeit: zehn Karten zum Erzählen."),
    ("Raconter une photo", "everyday life", "fr", "A2 B2", "Chacun apporte une photo. Qui, où, quand, pourquoi ?"),
    ("D’Joreszäiten an eise Fester", "festivals", "lb", "A2 B1", "Vu Liichtmëssdag bis Kleeschen: wat maacht Dir?"),
)  # fmt: skip


def come(
    session: Session, *, coach: Person, activities: Mapping[str, Activity], now: datetime, chance: random.Random
) -> None:
    """The volunteers announce themselves, are met, and sign up for the training of last season; `coach` is the first,
    who has the demo account."""
    pool = events.meetings_of(session, activities[TRAINED_AT].id)[0].pool
    for number, helper in enumerate(HELPERS):
        since = now - timedelta(days=420 - 3 * number)
        person = coach if number == 0 else _person(session, helper, number, since)
        volunteer = _announced(session, person, helper, number, since, chance)
        life.step(session, volunteer=volunteer, becomes=VolunteerState.MET, by=StepBy.STAFF, now=since)
        if number % 7 != 5:
            asked = pool.closes_at - timedelta(days=10)
            seats.sign_up(session, pool_id=pool.public_id, person=volunteer.person, now=asked)
    for number, helper in enumerate(_NEW):
        at = now - timedelta(days=2 + number)
        _announced(session, _person(session, helper, 100 + number, at), helper, 100 + number, at, chance)


def _person(session: Session, helper: Helper, number: int, at: datetime) -> Person:
    reach = Reach(ContactKind.MAIL, f"helper{number:03d}@people.example.org")
    person = accounts.new_person(session, name=helper.name, language=helper.language, now=at, reach=reach)
    accounts.add_contact(session, person=person, reach=Reach(ContactKind.PHONE, f"+352621000{600 + number}"), now=at)
    person.contacts[0].confirmed_at = at
    return person


def _announced(
    session: Session, person: Person, helper: Helper, number: int, at: datetime, chance: random.Random
) -> Volunteer:
    volunteer = life.announce(session, person=person, now=at)
    offers = {tag: _level(level) for tag, _, level in (one.partition(":") for one in helper.offers.split())}
    profiles.set_languages(session, volunteer=volunteer, offers=offers, understands=helper.understands.split())
    profiles.set_communes(session, volunteer=volunteer, lau2s=[helper.lau2])
    home = chance.choice([place for place in localities() if place.lau2 == helper.lau2])
    profiles.keep_point(session, volunteer=volunteer, point=home.point, label=home.name)
    volunteer.free_slots = free_from([5 if number == 0 else 2, *chance.sample(range(SLOTS), 4)])
    volunteer.now_and_then = number % 5 == 0
    volunteer.reach_km, volunteer.online = chance.choice((5, 10, 10, 15, 20)), number % 3 == 0
    volunteer.capacity, volunteer.likes = 2 - number % 2, [str(like) for like in _LIKES[number % len(_LIKES)]]
    if number < 100:
        volunteer.charter_agreed_on = (at + timedelta(days=14)).date()
    if number == 3:
        profiles.keep_wishes(session, volunteer=volunteer, wishes="Am léiwsten zu Fouss, zesumme spadséieren.")
    return volunteer


def _level(label: str) -> int | None:
    return int(CefrLevel.from_label(label)) if label else None


def settle(
    session: Session,
    *,
    activities: Mapping[str, Activity],
    opened: Mapping[str, Account],
    organisations: Mapping[str, Organisation],
    now: datetime,
) -> None:
    """What the training came to, who hosts which table, one host who cannot come; ideas and a request for support."""
    found = list(session.scalars(select(Volunteer).order_by(Volunteer.id)))
    ring_of(session).load(one.person.public_id for one in found)
    _all_were_there(session, activities[TRAINED_AT])
    qualifying.reckon(session, volunteers=found, months=MONTHS, now=now)
    asti, officer = (_actor(session, opened[mail], now) for mail in ("asti@example.org", "officer.sanem@example.org"))
    for volunteer, helper in zip(found, HELPERS, strict=False):
        if helper.hosts:
            _host(session, volunteer, activities[helper.hosts], now)
    josee = found[0]
    life.see_bulletin(session, volunteer=josee, seen=True, actor=asti, now=now - timedelta(days=200))
    _cannot(session, activities["esch-library"], now)
    for row in _IDEAS:
        title, theme, language, levels, about, *this_week = row
        low, high = levels.split()
        draft = MaterialDraft.parse(
            {"title": title, "theme": theme, "language": language, "level_from": low, "level_to": high,
             "about": about, "url": "https://ideas.example.org/", "this_week": "yes" if this_week else ""}
        )  # fmt: skip
        materials.add(session, draft=draft, file=None, actor=asti, now=now - timedelta(days=1))
    _ask(session, organisations["sanem"], officer, asti, opened["asti@example.org"], now)


def _all_were_there(session: Session, training: Activity) -> None:
    """Whoever came to the training came to all of it, but for two who missed a day."""
    meetings = [meeting.id for meeting in events.meetings_of(session, training.id)]
    two = select(Volunteer.id).order_by(Volunteer.id).offset(20).limit(2)
    missed = select(Volunteer.person_id).where(Volunteer.id.in_(two))
    for table, column in ((Attendance, Attendance.state), (AttendanceChange, AttendanceChange.became)):
        there = (table.meeting_id.in_(meetings), table.person_id.not_in(missed))
        session.execute(update(table).where(*there).values({column: AttendanceState.PRESENT}))


def _actor(session: Session, account: Account, now: datetime) -> Actor:
    actor = actor_of(session, account.id, now)
    assert actor is not None
    return actor


def _host(session: Session, volunteer: Volunteer, activity: Activity, now: datetime) -> None:
    """All dates of the season, also those that are over: their hours count."""
    for meeting in events.meetings_of(session, activity.id):
        session.add(
            MeetingHost(
                meeting_id=meeting.id, volunteer_id=volunteer.id, state=HostState.HOSTS,
                assigned_at=activity.created_at, changed_at=activity.created_at,
            )
        )  # fmt: skip
    session.flush()
    life.become_active(session, volunteer=volunteer, now=now)


def _cannot(session: Session, activity: Activity, now: datetime) -> None:
    """One of two hosts gives the date after next back; others near by are asked."""
    coming = [
        one for one in events.meetings_of(session, activity.id)
        if one.starts_at > now + timedelta(days=6) and one.state == MeetingState.PLANNED
    ]  # fmt: skip
    question = select(MeetingHost).where(MeetingHost.meeting_id == coming[0].id).order_by(MeetingHost.id).limit(1)
    hosting.cannot(session, host=session.scalars(question).one(), now=now - timedelta(minutes=5))


def _ask(
    session: Session, organisation: Organisation, officer: Actor, asti: Actor, owner: Account, now: datetime
) -> None:
    wish = "Nous aimerions ouvrir une deuxième table, le samedi matin, pour les parents. Il nous manque deux bénévoles."
    draft = SupportDraft.parse({"kind": ActivityKind.CONVERSATION_TABLE, "languages": ("lb", "fr"), "wish": wish})
    request = support.ask(session, draft=draft, organisation=organisation, actor=officer, now=now - timedelta(days=12))
    day = now.astimezone(LOCAL).date() + timedelta(days=5)
    step = SupportStepDraft.parse(
        {"step": SupportStep.VOLUNTEERS, "next_step": "Appeler deux bénévoles de Belvaux", "next_on": day,
         "text": "Visite faite : la salle est libre le samedi."}
    )  # fmt: skip
    support.go_on(
        session, request=request, draft=step, owner_id=owner.id, activity=None, actor=asti, now=now - timedelta(days=3)
    )  # fmt: skip
