"""Activities from a sheet: first a plan with every error named, then all of it or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.accounts.permissions import Actor
from commune_hub.base.errors import InputCode, Invalid
from commune_hub.events import queries, seasons, sheets
from commune_hub.events.actions import publishing, venues
from commune_hub.events.inputs import ActivityDraft, VenueDraft
from commune_hub.events.models import Activity, Venue
from commune_hub.events.sheets import ActivityRow, RowError, SheetCode
from commune_hub.events.words import ActivityKind, AttendanceMode
from commune_hub.places import queries as places


@dataclass(frozen=True, slots=True)
class Planned:
    """One row, understood: what will be made, for whom, and in which room: one there is, or a new one."""

    row: ActivityRow
    draft: ActivityDraft
    organisation: Organisation
    venue: Venue | None
    new_venue: VenueDraft | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. It can be carried out when there are no errors."""

    planned: tuple[Planned, ...]
    errors: tuple[RowError, ...]


class _Wrong(Exception):
    def __init__(self, column: str, code: InputCode | SheetCode, value: str = "") -> None:
        super().__init__(code)
        self.column, self.code, self.value = column, code, value


def plan(
    session: Session,
    *,
    rows: Sequence[ActivityRow],
    organisations: Sequence[Organisation],
    publish: bool,
    now: datetime,
) -> Plan:
    """What these rows mean for these organisations; nothing is written. `publish`: they must be ready for it."""
    # Two lists at once would both make the room that neither has found.
    ours = select(Organisation.id).where(Organisation.id.in_([one.id for one in organisations]))
    session.execute(ours.order_by(Organisation.id).with_for_update())
    known = _Known(session, organisations, rows)
    planned: list[Planned] = []
    errors: list[RowError] = []
    for row in rows:
        try:
            planned.append(_planned(session, row, known, publish, now))
        except _Wrong as wrong:
            errors.append(RowError(row.line, wrong.column, wrong.code, wrong.value[:80]))
        except Invalid as invalid:
            errors += sheets.errors_from(row, invalid.problems)
    return Plan(tuple(planned), tuple(errors))


def carry_out(session: Session, *, plan: Plan, actor: Actor, publish: bool, now: datetime) -> list[Activity]:
    """Make every activity of a plan without errors, and each new room once."""
    if plan.errors:
        raise ValueError("a plan with errors is not carried out")
    rooms: dict[tuple[int, str, str], Venue] = {}
    made = []
    for one in plan.planned:
        venue = one.venue
        if one.new_venue is not None:
            key = (one.organisation.id, _folded(one.new_venue.name), _folded(one.new_venue.locality))
            if key not in rooms:
                rooms[key] = venues.add(
                    session, draft=one.new_venue, organisation=one.organisation, actor=actor, now=now
                )
            venue = rooms[key]
        draft = one.draft.model_copy(update={"venue": venue.public_id if venue else ""})
        activity = publishing.create(session, draft=draft, organisation=one.organisation, actor=actor, now=now)
        if publish:
            publishing.publish(session, activity=activity, actor=actor, now=now)
        made.append(activity)
    return made


class _Known:
    """What the rows can refer to, asked for once for all of them."""

    def __init__(self, session: Session, organisations: Sequence[Organisation], rows: Sequence[ActivityRow]) -> None:
        self.ours = list(organisations)
        ids = [one.id for one in organisations]
        self.rooms: dict[int, list[Venue]] = {}
        for venue in queries.venues_of(session, ids):
            self.rooms.setdefault(venue.organisation_id, []).append(venue)
        wanted = {name for row in rows for name in row.co_organisers}
        self.partners = {
            _folded(one.name): one for one in session.scalars(select(Organisation).where(Organisation.name.in_(wanted)))
        }
        self.there = set(_seasons_there(session, ids, [row.reference for row in rows]))


def _seasons_there(
    session: Session, organisation_ids: list[int], references: list[str]
) -> Iterable[tuple[int, str, date]]:
    """Organisation, reference and first day of what is there already; an export names some by their public id."""
    for start in range(0, len(references), 500):
        some = references[start : start + 500]
        question = select(Activity.organisation_id, Activity.reference, Activity.public_id, Activity.first_on).where(
            Activity.organisation_id.in_(organisation_ids),
            or_(Activity.reference.in_(some), Activity.public_id.in_(some)),
        )
        for organisation_id, reference, public_id, first_on in session.execute(question):
            yield organisation_id, reference or public_id, first_on


def _planned(session: Session, row: ActivityRow, known: _Known, publish: bool, now: datetime) -> Planned:
    organisation = _organiser(row, known)
    partners = [_partner(name, known) for name in row.co_organisers]
    form = sheets.form_of(row) | {"co_organisers": tuple(one.public_id for one in partners)}
    draft = ActivityDraft.parse(form)
    season = publishing.checked_season(draft)
    if (organisation.id, row.reference, season.first_on) in known.there:
        raise _Wrong("reference", SheetCode.ALREADY_THERE, row.reference)
    if publish and not any(one.starts_at > now for one in seasons.occurrences_of(season)):
        raise Invalid({"last_on": [InputCode.NO_DATES]})
    if publish and row.kind is ActivityKind.CONVENTIONED_COURSE and not row.convention_reference:
        raise Invalid({"convention_reference": [InputCode.REQUIRED]})
    if row.attendance_mode is AttendanceMode.ONLINE:
        return Planned(row, draft, organisation, None, None)
    venue = _room(row, known.rooms.get(organisation.id, []))
    return Planned(row, draft, organisation, venue, _new_room(session, row) if venue is None else None)


def _organiser(row: ActivityRow, known: _Known) -> Organisation:
    if not row.organiser:
        if len(known.ours) == 1:
            return known.ours[0]
        raise _Wrong("organiser", InputCode.REQUIRED)
    for one in known.ours:
        if _folded(one.name) == _folded(row.organiser):
            return one
    raise _Wrong("organiser", InputCode.NOT_A_CHOICE, row.organiser)


def _partner(name: str, known: _Known) -> Organisation:
    found = known.partners.get(_folded(name))
    if found is None:
        raise _Wrong("co_organisers", InputCode.NOT_A_CHOICE, name)
    return found


def _room(row: ActivityRow, rooms: list[Venue]) -> Venue | None:
    """The room of the register with this name, in this village if one is given."""
    for one in rooms:
        same_village = not row.locality or _folded(one.locality) == _folded(row.locality)
        if row.venue and _folded(one.name) == _folded(row.venue) and same_village:
            return one
    return None


def _new_room(session: Session, row: ActivityRow) -> VenueDraft:
    if not row.locality:
        raise _Wrong("venue", InputCode.UNKNOWN_VENUE, row.venue)
    if not places.find_places(session, row.locality, limit=1):
        raise _Wrong("locality", InputCode.UNKNOWN_PLACE, row.locality)
    return VenueDraft.parse(
        {
            "name": row.venue or row.address or row.locality,
            "address": row.address,
            "postcode": row.postcode,
            "locality": row.locality,
            "step_free": row.step_free,
        }
    )


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
