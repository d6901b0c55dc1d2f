"""Learners and volunteers from ASTI's lists: first a plan with every error named, then all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts import queries as people
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.rules import Reach
from commune_hub.base.errors import InputCode
from commune_hub.base.words import Language
from commune_hub.events.recurrence import wall_clock
from commune_hub.events.sheets import RowError, SheetCode
from commune_hub.places import queries as places
from commune_hub.volunteers.actions import life, profiles
from commune_hub.volunteers.coaching import queries, rules
from commune_hub.volunteers.coaching.actions import requests
from commune_hub.volunteers.coaching.lists import LearnerRow, Line, VolunteerRow
from commune_hub.volunteers.coaching.words import RequestChannel
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.rules import free_from


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. It can be carried out when there are no errors."""

    lines: tuple[Line, ...]
    errors: tuple[RowError, ...]


def plan(session: Session, *, lines: Sequence[Line], now: datetime) -> Plan:
    """What these rows mean; nothing is written. Who is here already, or stands twice in the list, is an error."""
    errors: list[RowError] = []
    seen: set[tuple[str, str, str]] = set()
    for line in lines:
        row = line.row
        language = row.language if isinstance(row, LearnerRow) else ""
        key = (row.name.casefold(), row.contact.value if row.contact else "", language)
        if row.contact is not None and key in seen:
            errors.append(RowError(line.number, "name", SheetCode.DOUBLE_REFERENCE, row.name))
        seen.add(key)
        errors += [RowError(line.number, column, code, value) for column, code, value in _faults(session, row, now)]
    return Plan(tuple(lines), tuple(errors))


def _faults(
    session: Session, row: LearnerRow | VolunteerRow, now: datetime
) -> list[tuple[str, InputCode | SheetCode, str]]:
    found: list[tuple[str, InputCode | SheetCode, str]] = []
    if row.place and not places.find_places(session, row.place, limit=1):
        found.append(("place", InputCode.UNKNOWN_PLACE, row.place))
    if row.speaks not in set(Language):
        found.append(("speaks", InputCode.NOT_A_CHOICE, row.speaks))
    known = _known(session, row.name, row.contact)
    if isinstance(row, VolunteerRow):
        if known is not None and session.scalar(select(Volunteer.id).where(Volunteer.person_id == known)):
            found.append(("name", SheetCode.ALREADY_THERE, row.name))
        return found
    if rules.level_refusal(row.level) is not None:
        found.append(("level", InputCode.TOO_SMALL, ""))
    if row.waiting_since is not None and wall_clock(row.waiting_since, time()) > now:
        found.append(("waiting_since", InputCode.NOT_A_DATE, row.waiting_since.isoformat()))
    if known is not None and queries.live_request(session, known, row.language) is not None:
        found.append(("name", SheetCode.ALREADY_THERE, row.name))
    return found


def _known(session: Session, name: str, reach: Reach | None) -> int | None:
    """The person with this name at this contact, if they are here."""
    if reach is None:
        return None
    wanted = people.name_hash(session, name)
    here = people.people_at(session, people.contact_hash(session, reach))
    return next((person.id for person in here if person.name_hash == wanted), None)


def carry_out(session: Session, *, plan: Plan, actor: Actor, now: datetime) -> int:
    """Make everybody of a plan without errors; returns how many. Whoever waited before keeps that day."""
    if plan.errors:
        raise ValueError("a plan with errors is not carried out")
    for line in plan.lines:
        row = line.row
        person = accounts.person_for(session, name=row.name, language=row.speaks, now=now, reach=row.contact)
        if isinstance(row, LearnerRow):
            made = requests.ask(
                session, person=person, draft=row, channel=RequestChannel.IMPORT, now=now, by=actor, tell=False
            )
            if row.waiting_since is not None:
                made.asked_at = min(now, wall_clock(row.waiting_since, time(12)))
        else:
            _volunteer(session, life.announce(session, person=person, now=now), row, now)
    session.flush()
    return len(plan.lines)


def _volunteer(session: Session, volunteer: Volunteer, row: VolunteerRow, now: datetime) -> None:
    place = places.find_places(session, row.place, limit=1)[0]
    near = places.place_near(place.point)
    profiles.keep_point(session, volunteer=volunteer, point=place.point, label=near.name if near else place.name)
    profiles.set_languages(session, volunteer=volunteer, offers=row.offered, understands=row.understands)
    profiles.keep_wishes(session, volunteer=volunteer, wishes=row.wishes)
    volunteer.free_slots, volunteer.now_and_then = free_from(row.slots), row.now_and_then
    volunteer.reach_km, volunteer.online, volunteer.capacity = row.reach_km, row.online, row.capacity
    volunteer.charter_agreed_on = row.charter_on
    volunteer.likes = ["coach"]
    profiles.touch(volunteer, now)
