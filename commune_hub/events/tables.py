"""The tables of one evening with several languages: who is expected, who speaks, who is missing, who sat there."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import time

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from commune_hub.events import cafe
from commune_hub.events.cafe import LanguagePlan, Speaker
from commune_hub.events.models import Activity, Meeting, Signup
from commune_hub.events.records import HeadCount, TableSpeaker
from commune_hub.events.words import SignupState

_BETWEEN_NAMES = re.compile(r"\s*(?:[,;/&+]|\b(?:an|a|et|und|and|e)\b)\s*")


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of the evening with its own languages; `starts` None when the tables do not change."""

    starts: time | None
    plans: tuple[LanguagePlan, ...]


@dataclass(frozen=True, slots=True)
class Evening:
    """The plan of one meeting. `undecided` said they will come, and not for which language."""

    slots: tuple[Slot, ...]
    speakers: tuple[Speaker, ...]
    chosen: bool
    undecided: int
    counted: dict[str, int]


def evening_of(session: Session, meeting: Meeting) -> Evening:
    """What the officer needs to know before and during a café."""
    expected = _expected(session, meeting)
    chosen = speakers_of(session, meeting)
    speakers = chosen or named_hosts(meeting.activity)
    return Evening(
        slots=tuple(_slot(starts, tags, expected, speakers) for starts, tags in slots_of(meeting.activity).items()),
        speakers=tuple(speakers),
        chosen=bool(chosen),
        undecided=expected[""],
        counted={row.language: row.number for row in session.scalars(_counts(meeting))},
    )


def _slot(starts: time | None, tags: list[str], expected: Counter[str], speakers: list[Speaker]) -> Slot:
    # Tables change between the parts of an evening, so that a speaker may look after one in each.
    return Slot(starts, tuple(cafe.balance({tag: expected[tag] for tag in tags}, speakers)))


def slots_of(activity: Activity) -> dict[time | None, list[str]]:
    """The languages of each part of the evening, in order."""
    slots: dict[time | None, list[str]] = {}
    for row in activity.languages:
        if row.tag not in slots.setdefault(row.starts, []):
            slots[row.starts].append(row.tag)
    return slots


def _expected(session: Session, meeting: Meeting) -> Counter[str]:
    question = (
        select(Signup.for_language, func.count())
        .where(Signup.pool_id == meeting.pool_id, Signup.state == SignupState.CONFIRMED)
        .group_by(Signup.for_language)
    )
    return Counter(dict(session.execute(question).all()))


def _counts(meeting: Meeting) -> Select[HeadCount]:
    return select(HeadCount).where(HeadCount.meeting_id == meeting.id)


def speakers_of(session: Session, meeting: Meeting) -> list[Speaker]:
    """Who looks after a table at this meeting, as somebody chose."""
    question = select(TableSpeaker).where(TableSpeaker.meeting_id == meeting.id).order_by(TableSpeaker.position)
    return [Speaker(row.name, frozenset(row.languages)) for row in session.scalars(question)]


def named_hosts(activity: Activity) -> list[Speaker]:
    """The hosts named on the activity's page. Nobody has said yet which languages they can do."""
    names = (name.strip() for name in _BETWEEN_NAMES.split(activity.hosts))
    return [Speaker(name, frozenset()) for name in names if name]
