"""Coaching in the demo country: who waits, who was proposed to whom, who meets, who pauses, whose time has ended."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.permissions import Actor
from commune_hub.base.errors import Refused
from commune_hub.base.words import LOCAL
from commune_hub.demo.people import Neighbour
from commune_hub.events.recurrence import wall_clock
from commune_hub.places.communes import localities
from commune_hub.volunteers.actions import life, profiles
from commune_hub.volunteers.coaching.actions import endings, meetings, proposals, requests, talking
from commune_hub.volunteers.coaching.inputs import (
    AnswerDraft,
    DateDraft,
    HoursDraft,
    MessageDraft,
    RequestWishes,
    WhyDraft,
)
from commune_hub.volunteers.coaching.models import CoachingPair, CoachingRequest, PairMeeting
from commune_hub.volunteers.coaching.words import Answer, NextWish, PairReason, Phrase, RequestChannel, Side
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.rules import free_from
from commune_hub.volunteers.words import Like, VolunteerState

_COACHES = 22
_WAITING = 14
_AT_HOME = {
    "0304": "Luxembourg", "0204": "Esch-sur-Alzette", "0202": "Differdange", "0203": "Dudelange", "0213": "Belvaux",
    "0209": "Mondercange", "0309": "Strassen", "0310": "Walferdange", "0409": "Mersch", "0605": "Ettelbruck",
    "0807": "Wiltz", "1104": "Echternach",
}  # fmt: skip
_OFFERS = ("lb", "lb", "lb", "fr", "lb", "fr", "de", "lb", "lb", "pt", "fr")
_ASKED = ("lb", "lb", "fr", "lb", "lb", "fr", "de", "lb", "fr", "lb")
_HELPING = (("fr",), ("fr", "en"), ("pt", "fr"), ("en",), ("de", "fr"), ("ar", "fr"))
_WISHES = (
    "I would like to talk with the teachers of my children.", "Je voudrais parler avec mes voisins.",
    "Am liebsten beim Spazieren.", "", "Quero falar no trabalho.", "", "J’ai un petit enfant avec moi.", "",
)  # fmt: skip


def fill(
    session: Session, *, neighbours: Sequence[Neighbour], learner: Person, coach: Person, actor: Actor, now: datetime,
    chance: random.Random,
) -> None:  # fmt: skip
    """Coaches and learners among the neighbours; the demo learner has the demo volunteer for a coach."""
    people = iter(neighbours[120:])
    own_coach = _volunteer(session, coach, "Belvaux", "lb", now, chance, capacity=2)
    # They are a volunteer already, with their own profile: one place more for the second learner.
    own_coach.capacity = max(2, own_coach.capacity)
    amina = _ask(session, learner, "Belvaux", "lb", now - timedelta(days=90), chance)
    _meeting_weekly(session, _pair(session, amina, own_coach, actor, now - timedelta(days=75)), now, weeks=9)
    coaches = [
        _volunteer(session, one.person, _AT_HOME[one.lau2], language, now, chance)
        for one, language in zip(_take(people, _COACHES), _OFFERS * 3, strict=False)
    ]
    # Somebody waits for the demo volunteer's answer.
    asks = next(people)
    waits = _ask(session, asks.person, _AT_HOME[asks.lau2], "lb", now - timedelta(days=20), chance, online="yes")
    proposals.propose(session, request=waits, volunteer=own_coach, by=actor, now=now - timedelta(days=2))
    for number, volunteer in enumerate(coaches):
        one = next(people)
        language = next(iter(volunteer.offers))
        asked_at = now - timedelta(days=150 - 5 * number)
        request = _ask(session, one.person, _AT_HOME[one.lau2], language, asked_at, chance)
        _let_live(session, number, request, volunteer, actor, now)
    for number, one in enumerate(_take(people, _WAITING)):
        asked_at = now - timedelta(days=41 - 3 * number, hours=number)
        _ask(session, one.person, _AT_HOME[one.lau2], _ASKED[number % len(_ASKED)], asked_at, chance)


def _take(people: Iterator[Neighbour], number: int) -> list[Neighbour]:
    return [next(people) for _ in range(number)]


def _let_live(
    session: Session, number: int, request: CoachingRequest, volunteer: Volunteer, actor: Actor, now: datetime
) -> None:
    """A life for each pair, by its number: most meet, some are silent, some pause, some have ended."""
    begins = request.asked_at + timedelta(days=12)
    try:
        if number % 11 < 5:
            _meeting_weekly(session, _pair(session, request, volunteer, actor, begins), now, weeks=4 + number % 5)
        elif number % 11 == 5:
            # No first meeting: ASTI calls.
            _pair(session, request, volunteer, actor, now - timedelta(days=18))
        elif number % 11 == 6:
            pair = _pair(session, request, volunteer, actor, now - timedelta(days=70))
            _meeting_weekly(session, pair, now - timedelta(days=24), weeks=3)
        elif number % 11 == 7:
            pair = _pair(session, request, volunteer, actor, begins)
            _meeting_weekly(session, pair, now - timedelta(days=20), weeks=5)
            why = WhyDraft(reason=PairReason.HEALTH)
            endings.pause(session, side=pair.side(Side.VOLUNTEER), draft=why, now=now - timedelta(days=12))
        elif number % 11 == 8:
            pair = _pair(session, request, volunteer, actor, begins)
            _meeting_weekly(session, pair, now - timedelta(days=30), weeks=8)
            why = WhyDraft(reason=PairReason.GOAL_REACHED, next_wish=NextWish.TABLE)
            endings.end(session, pair=pair, by=Side.LEARNER, draft=why, now=now - timedelta(days=15))
        else:
            at = now - timedelta(days=number % 9 + 1)
            pair = proposals.propose(session, request=request, volunteer=volunteer, by=actor, now=at)
            if number % 2:
                _says_yes(session, pair, Side.VOLUNTEER, at + timedelta(hours=20))
    except Refused:
        # The two live too far apart, or have no language in common: they wait like others.
        pass


def _volunteer(
    session: Session, person: Person, place: str, language: str, now: datetime, chance: random.Random, capacity: int = 1
) -> Volunteer:
    volunteer = life.announce(session, person=person, now=now - timedelta(days=300))
    if volunteer.languages:
        return volunteer
    point = next(found.point for found in localities() if found.name == place)
    profiles.set_languages(session, volunteer=volunteer, offers={language: None}, understands=chance.choice(_HELPING))
    profiles.keep_point(session, volunteer=volunteer, point=point, label=place)
    volunteer.free_slots = free_from(chance.sample(range(18), 5)) | 1 << 5
    volunteer.capacity, volunteer.reach_km, volunteer.online = capacity, 15, chance.random() < 0.4
    volunteer.likes = [Like.COACH]
    volunteer.charter_agreed_on = (now - timedelta(days=280)).date()
    volunteer.state = VolunteerState.TRAINED
    session.flush()
    return volunteer


def _ask(
    session: Session, person: Person, place: str, language: str, at: datetime, chance: random.Random, **given: str
) -> CoachingRequest:
    form = {
        "language": language, "level": str(chance.choice((3, 3, 6, 9))), "place": place, "reach_km": "10",
        "slots": [str(slot) for slot in {5, *chance.sample(range(18), 3)}], "languages": chance.choice(_HELPING),
        "wishes": chance.choice(_WISHES), **given,
    }  # fmt: skip
    return requests.ask(
        session, person=person, draft=RequestWishes.parse(form), channel=RequestChannel.WEB, now=at
    )


def _pair(
    session: Session, request: CoachingRequest, volunteer: Volunteer, actor: Actor, at: datetime
) -> CoachingPair:
    pair = proposals.propose(session, request=request, volunteer=volunteer, by=actor, now=at)
    _says_yes(session, pair, Side.LEARNER, at + timedelta(hours=3))
    _says_yes(session, pair, Side.VOLUNTEER, at + timedelta(days=1))
    return pair


def _says_yes(session: Session, pair: CoachingPair, side: Side, at: datetime) -> None:
    proposals.answer(session, side=pair.side(side), draft=AnswerDraft(answer=Answer.YES), now=at)


def _meeting_weekly(session: Session, pair: CoachingPair, until: datetime, *, weeks: int) -> None:
    """Meetings until a moment: the last one waits for the learner's yes, the next one is planned."""
    coach, learner = pair.side(Side.VOLUNTEER), pair.side(Side.LEARNER)
    for meeting in list(pair.meetings):
        meetings.call_off(session, side=learner, meeting=meeting, now=meeting.starts_at)
    last = until.astimezone(LOCAL).date() - timedelta(days=2)
    assert pair.accepted_at is not None
    first = pair.accepted_at.astimezone(LOCAL).date()
    days = [last - timedelta(weeks=week) for week in reversed(range(weeks))]
    held: PairMeeting | None = None
    for number, day in enumerate(day for day in days if day > first):
        evening = wall_clock(day, time(20))
        draft = HoursDraft(on=day, minutes=(60, 60, 90)[number % 3])
        held = meetings.log(session, side=coach, draft=draft, now=evening)
        if day != last:
            meetings.confirm(session, side=learner, meeting=held, held=True, now=evening + timedelta(hours=1))
    talking.write(session, side=coach, draft=MessageDraft(phrase=Phrase.THANK_YOU), now=wall_clock(last, time(21)))
    draft_of_next = DateDraft(on=last + timedelta(weeks=1), at=time(18, 30))
    meetings.propose_date(session, side=coach, draft=draft_of_next, now=wall_clock(last, time(21)))
