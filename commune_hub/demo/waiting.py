"""Coaches with a free place and learners for whom there is nobody: what ASTI's board has to decide in the demo."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from commune_hub.demo.people import Neighbour
from commune_hub.places.communes import localities
from commune_hub.volunteers.actions import life, profiles
from commune_hub.volunteers.coaching.actions import requests
from commune_hub.volunteers.coaching.inputs import RequestWishes
from commune_hub.volunteers.coaching.words import RequestChannel
from commune_hub.volunteers.rules import free_from
from commune_hub.volunteers.words import Like, VolunteerState

_TUESDAY_EVENING = 5
# Where, what they offer and understand, how many learners they take.
_COACHES = (
    ("Luxembourg", "lb", ("fr", "ar"), 2), ("Strassen", "lb", ("fr",), 1), ("Walferdange", "lb", ("de", "en"), 1),
    ("Esch-sur-Alzette", "fr", ("pt",), 2), ("Dudelange", "lb", ("fr", "en"), 1), ("Mersch", "de", ("fr",), 1),
)  # fmt: skip
# Where, what, at which level, for how many, the language that the coach has to share.
_NOBODY_FOR = (
    ("Differdange", "lb", "6", 8, ""), ("Esch-sur-Alzette", "lb", "3", 6, "pt"), ("Wiltz", "fr", "3", 5, ""),
)  # fmt: skip


def fill(session: Session, *, people: Iterator[Neighbour], now: datetime, chance: random.Random) -> None:
    """Some of the people who have nothing to do with coaching yet."""
    points = {place.name: place.point for place in localities()}
    for place, language, understands, capacity in _COACHES:
        volunteer = life.announce(session, person=next(people).person, now=now - timedelta(days=90))
        profiles.set_languages(session, volunteer=volunteer, offers={language: None}, understands=understands)
        profiles.keep_point(session, volunteer=volunteer, point=points[place], label=place)
        volunteer.free_slots = free_from({_TUESDAY_EVENING, *chance.sample(range(18), 5)})
        volunteer.capacity, volunteer.likes, volunteer.state = capacity, [Like.COACH], VolunteerState.TRAINED
        volunteer.charter_agreed_on = (now - timedelta(days=80)).date()
    for place, language, level, many, shared in _NOBODY_FOR:
        for number in range(many):
            form = {
                "language": language, "level": level, "place": place, "reach_km": "5", "slots": [_TUESDAY_EVENING],
                "languages": [shared or "en"], "must_share": "yes" if shared else "",
            }  # fmt: skip
            requests.ask(
                session, person=next(people).person, draft=RequestWishes.parse(form), channel=RequestChannel.WEB,
                now=now - timedelta(days=2 * number + 1),
            )  # fmt: skip
    session.flush()
