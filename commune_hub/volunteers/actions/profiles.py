"""What volunteers keep about themselves: languages, times, place and reach, wishes, the charter."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from commune_hub.accounts.queries import ring_of
from commune_hub.places.geo import Point, rounded_home
from commune_hub.volunteers.models import Volunteer, VolunteerCommune, VolunteerLanguage
from commune_hub.volunteers.words import LanguageUse


def keep_point(session: Session, *, volunteer: Volunteer, point: Point | None, label: str = "") -> None:
    """About where they start from, rounded and sealed; `label` is the name of the locality. None keeps nothing."""
    volunteer.point_sealed = None
    if point is not None:
        rounded = rounded_home(point)
        kept = json.dumps([rounded.lat, rounded.lon, label])
        volunteer.point_sealed = ring_of(session).seal(volunteer.person.public_id, kept)
    session.flush()


def keep_wishes(session: Session, *, volunteer: Volunteer, wishes: str) -> None:
    """What they want, in their own words; sealed, because people write about themselves."""
    volunteer.wishes_sealed = ring_of(session).seal(volunteer.person.public_id, wishes) if wishes else None
    session.flush()


def set_languages(
    session: Session, *, volunteer: Volunteer, offers: Mapping[str, int | None], understands: Iterable[str]
) -> None:
    """The languages in which they help, each with their own level or None, and those they only understand."""
    volunteer.languages.clear()
    session.flush()
    for tag, level in offers.items():
        volunteer.languages.append(VolunteerLanguage(tag=tag, kind=LanguageUse.OFFERS, level=level))
    for tag in dict.fromkeys(understands):
        if tag not in offers:
            volunteer.languages.append(VolunteerLanguage(tag=tag, kind=LanguageUse.UNDERSTANDS, level=None))
    session.flush()


def set_communes(session: Session, *, volunteer: Volunteer, lau2s: Iterable[str]) -> None:
    """The communes that they help."""
    volunteer.communes.clear()
    session.flush()
    volunteer.communes.extend(VolunteerCommune(lau2=lau2) for lau2 in dict.fromkeys(lau2s))
    session.flush()


def touch(volunteer: Volunteer, now: datetime) -> None:
    """The profile was looked through by its owner."""
    volunteer.changed_at = now
