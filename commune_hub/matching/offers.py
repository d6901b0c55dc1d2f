"""What is new in a week, who wants to be told, and what each of them likes: the facts of the weekly mail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from commune_hub.accounts.models import Person
from commune_hub.accounts.profile import home_of
from commune_hub.accounts.queries import ring_of
from commune_hub.events.models import Activity, Listing, Meeting, SeatPool, Signup
from commune_hub.events.rules import level_mask
from commune_hub.events.words import SEARCHABLE, ActivityState, CefrLevel
from commune_hub.matching.weekly import Crowd, Offer, Wish

_ALL_LEVELS = level_mask(None, None)
_REMEMBERED = timedelta(days=365)


@dataclass(frozen=True)
class New:
    """What was published since a moment and can still be taken: offers, and the next meeting of each."""

    offers: tuple[Offer, ...]
    meetings: tuple[str, ...]


def new_offers(session: Session, *, since: datetime, now: datetime) -> New:
    """Activities with a place that were published since, with their next date, in the order of publishing."""
    question = (
        select(Activity, Meeting.public_id, Listing.lat, Listing.lon, Listing.levels)
        .join(Meeting, Meeting.activity_id == Activity.id)
        .join(Listing, (Listing.meeting_id == Meeting.id) & (Listing.language == ""))
        .where(
            Activity.published_at > since, Activity.state == ActivityState.PUBLISHED, Activity.kind.in_(SEARCHABLE),
            Meeting.starts_at > now, Listing.free > 0, Listing.lat.is_not(None),
        )
        .order_by(Activity.published_at, Activity.id, Meeting.starts_at)
        .options(selectinload(Activity.languages))
    )  # fmt: skip
    found: dict[int, tuple[Offer, str]] = {}
    for activity, meeting, lat, lon, levels in session.execute(question):
        assert lat is not None and lon is not None, "only listings with a point are asked for"
        found.setdefault(activity.id, (Offer(lat, lon, frozenset(activity.tags), levels), meeting))
    return New(tuple(offer for offer, _ in found.values()), tuple(meeting for _, meeting in found.values()))


def wishes_of(session: Session, person_ids: Iterable[int], now: datetime) -> Mapping[int, Wish]:
    """What people like: the languages and levels of what they signed up for in a year; unknown: all of them."""
    ids = list(person_ids)
    languages: dict[int, set[str]] = {}
    levels: dict[int, int] = {}
    for start in range(0, len(ids), 500):
        question = (
            select(Signup.person_id, Activity)
            .join(Signup.pool)
            .join(SeatPool.activity)
            .where(Signup.person_id.in_(ids[start : start + 500]), Signup.asked_at > now - _REMEMBERED)
            .options(selectinload(Activity.languages))
        )
        for person_id, activity in session.execute(question):
            languages.setdefault(person_id, set()).update(activity.tags)
            low, high = (CefrLevel(level) if level else None for level in (activity.level_from, activity.level_to))
            levels[person_id] = levels.get(person_id, 0) | level_mask(low, high)
    return {
        person_id: Wish(frozenset(languages.get(person_id, ())), levels.get(person_id, _ALL_LEVELS))
        for person_id in ids
    }


def crowd_of(session: Session, people: Iterable[Person], now: datetime) -> tuple[Crowd, list[Person]]:
    """Those of these people whose home is known, as columns; homes are read in memory only."""
    everybody = [person for person in people if person.home_sealed is not None]
    ring_of(session).load(person.public_id for person in everybody)
    wishes = wishes_of(session, [person.id for person in everybody], now)
    kinds: dict[Wish, int] = {}
    points, numbers = [], []
    for person in everybody:
        home = home_of(session, person)
        assert home is not None, "only people with a home are asked for"
        points.append((home.point.lat, home.point.lon))
        numbers.append(kinds.setdefault(wishes[person.id], len(kinds)))
    lat, lon = np.array([point[0] for point in points]), np.array([point[1] for point in points])
    return Crowd(lat, lon, np.array(numbers, dtype=np.int64), list(kinds)), everybody
