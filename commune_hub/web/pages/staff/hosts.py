"""Who looks after a meeting: officers assign volunteers to one date, or to all that are to come."""

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.base.errors import NotFound
from commune_hub.events import permissions as event_permissions
from commune_hub.events import queries as events
from commune_hub.events.models import Meeting
from commune_hub.events.words import MeetingState
from commune_hub.speech import dates
from commune_hub.volunteers import permissions, queries, rota, rules
from commune_hub.volunteers.actions import hosting
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.permissions import Reader
from commune_hub.volunteers.words import HostState, VolunteerState
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages.staff import lines
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.request import Category, actor, back_to, db, go, now, say
from commune_hub.web.security import staff


@dataclass(frozen=True, slots=True)
class HostRow:
    """A host of a meeting as the page shows them."""

    id: str
    volunteer_id: str
    name: str
    state: str
    warned: bool
    reach: str
    reach_url: str


def hosts_on(meeting: Meeting) -> list[HostRow]:
    """The hosts of a meeting, those too who cannot come; who was replaced is left out."""
    found = rota.hosts_of(db(), [meeting.id]).get(meeting.id, [])
    who = Reader.ASTI if actor().may(Permission.LOOK_AFTER_VOLUNTEERS, None) else Reader.ORGANISER
    rows = []
    for host in found:
        if host.state == HostState.REPLACED:
            continue
        sees = permissions.sees_contact(who, host.volunteer.state)
        reach, url = lines.reach_of(host.volunteer.person) if sees else ("", "")
        warned = hosting.needs_warning(db(), volunteer=host.volunteer, meeting=meeting)
        rows.append(
            HostRow(
                host.public_id, host.volunteer.public_id, host.volunteer.person.name, host.state, warned, reach, url
            )
        )
    return rows


def candidates_for(meeting: Meeting) -> list[tuple[str, str]]:
    """Who could look after it: whoever works for the organiser, and for ASTI those near by; who fits comes first."""
    if meeting.starts_at <= now() or meeting.state != MeetingState.PLANNED:
        return []
    there = {host.volunteer_id for host in rota.hosts_of(db(), [meeting.id]).get(meeting.id, [])}
    found = {one.id: one for one in queries.working_for(db(), [meeting.activity.organisation_id], now())}
    if actor().may(Permission.LOOK_AFTER_VOLUNTEERS, None):
        found |= {one.id: one for one in rota.stand_ins(db(), meeting)}
    policy = queries.unqualified_in(db(), meeting.activity.organisation_id)
    fitting = [
        one
        for one in found.values()
        if one.id not in there
        and rules.bar_to_help(
            VolunteerState(one.state), qualified=hosting.is_qualified(one, meeting), policy=policy,
            minors=meeting.activity.minors_allowed, bulletin_seen=one.bulletin_seen_on is not None,
        ) is None
    ]  # fmt: skip
    return [(one.public_id, _described(one, meeting)) for one in sorted(fitting, key=lambda one: _rank(one, meeting))]


def _rank(volunteer: Volunteer, meeting: Meeting) -> tuple[bool, bool, int]:
    speaks = bool(set(volunteer.offers) & set(meeting.activity.tags))
    return not speaks, not rules.is_free(volunteer.free_slots, meeting.starts_at), volunteer.id


def _described(volunteer: Volunteer, meeting: Meeting) -> str:
    """Josée Muller – Luxembourgish – free then – no valid training"""
    languages = dates.listed([speech().language_name(tag) for tag in volunteer.offers], speech())
    free = _("free then") if rules.is_free(volunteer.free_slots, meeting.starts_at) else ""
    training = "" if hosting.is_qualified(volunteer, meeting) else _("no valid training")
    return " – ".join(filter(None, (volunteer.person.name, languages, free, training)))


@pages.post("/meetings/<meeting_id>/hosts")
@staff(Permission.PUBLISH)
def assign_host(meeting_id: str) -> ResponseReturnValue:
    """A volunteer looks after this date, or after all dates to come."""
    found = events.meeting_named(db(), meeting_id)
    event_permissions.must_edit(actor(), found.activity)
    back_to("staff.meeting", meeting_id=meeting_id, _anchor="hosts")
    volunteer = queries.volunteer_named(db(), request.form.get("volunteer", ""))
    works_for = queries.organisers_of(db(), [volunteer.id], now()).get(volunteer.id, set())
    near = {one.id for one in rota.stand_ins(db(), found)} if _is_asti() else set()
    if found.activity.organisation_id not in works_for and volunteer.id not in near:
        raise NotFound("volunteer")
    meetings = events.upcoming_meetings(db(), found.activity_id, now(), 400) if request.form.get("all") else [found]
    hosts = hosting.assign(db(), meetings=meetings, volunteer=volunteer, actor=actor(), now=now())
    say(speech().say_many("Assigned to one date.", "Assigned to %(num)s dates.", len(hosts)))
    if hosting.needs_warning(db(), volunteer=volunteer, meeting=hosts[0].meeting):
        say(N_("This person has no valid training yet."), Category.WARN)
    return go("staff.meeting", meeting_id=meeting_id, _anchor="hosts")


def _is_asti() -> bool:
    return actor().may(Permission.LOOK_AFTER_VOLUNTEERS, None)


@pages.post("/hosts/<host_id>/release")
@staff(Permission.PUBLISH)
def release_host(host_id: str) -> ResponseReturnValue:
    """Take a host off a meeting."""
    host = rota.host_named(db(), host_id)
    event_permissions.must_edit(actor(), host.meeting.activity)
    meeting_id = host.meeting.public_id
    back_to("staff.meeting", meeting_id=meeting_id, _anchor="hosts")
    hosting.release(db(), host=host, actor=actor(), now=now())
    say(N_("Taken off this date."))
    return go("staff.meeting", meeting_id=meeting_id, _anchor="hosts")
