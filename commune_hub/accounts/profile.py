"""What a person keeps about themselves: the language, a rounded home, which messages they want."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.queries import ring_of
from commune_hub.base.words import Language
from commune_hub.places.geo import Point, rounded_home


@dataclass(frozen=True, slots=True)
class Home:
    """About where somebody lives: rounded to some 300 m before it is kept, and read by that person alone."""

    point: Point
    label: str


def home_of(session: Session, person: Person) -> Home | None:
    """The person's own rounded home. Others get a distance band at most (places.geo.distance_band)."""
    if person.home_sealed is None:
        return None
    kept = json.loads(ring_of(session).open(person.public_id, person.home_sealed))
    return Home(Point(kept["lat"], kept["lon"]), kept["label"])


def keep_home(session: Session, *, person: Person, point: Point, label: str) -> Home:
    """Keep a home, rounded; `label` is the name of the locality, never a street or a number."""
    rounded = rounded_home(point)
    kept = json.dumps({"lat": rounded.lat, "lon": rounded.lon, "label": label})
    person.home_sealed = ring_of(session).seal(person.public_id, kept)
    session.flush()
    return Home(rounded, label)


def forget_home(session: Session, *, person: Person) -> None:
    """Keep no home any more."""
    person.home_sealed = None
    session.flush()


def set_language(session: Session, *, person: Person, language: Language) -> None:
    """The language of the messages that the person gets."""
    person.language = language
    session.flush()


def ask_no_questions(session: Session, *, person: Person, never: bool, now: datetime) -> None:
    """No more questions at the end of a season; or questions again."""
    person.no_questions_at = (person.no_questions_at or now) if never else None
    session.flush()


def pause_messages(session: Session, *, person: Person, paused: bool, now: datetime) -> None:
    """No more messages, but that something was cancelled; or messages again."""
    person.messages_paused_at = (person.messages_paused_at or now) if paused else None
    session.flush()
