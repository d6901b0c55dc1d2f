"""What a volunteer has to do now: the next meeting, questions to answer, what is missing (B-01)."""

from dataclasses import dataclass
from datetime import timedelta

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.base.errors import NotFound
from commune_hub.base.words import LOCAL
from commune_hub.events import taps
from commune_hub.events.models import Meeting
from commune_hub.events.words import MeetingState
from commune_hub.speech import dates, telling
from commune_hub.volunteers import rota, trainings
from commune_hub.volunteers.actions import hosting
from commune_hub.volunteers.models import MeetingHost, Volunteer
from commune_hub.volunteers.words import HostState, VolunteerState
from commune_hub.web.cards import PractisedLanguage
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import pages, parts
from commune_hub.web.pages.volunteer import helping, own_volunteer, tabs
from commune_hub.web.request import back_to, db, go, now, say
from commune_hub.web.security import guest, learner

STILL_SHOWN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MeetingCard:
    """A meeting that the volunteer looks after, ready to print."""

    meeting_id: str
    leaf: tuple[str, str, str]
    title: str
    times: str
    place: str
    langs: tuple[PractisedLanguage, ...]
    seats: str
    state: str
    open_now: bool


@pages.get("/volunteer")
@learner
def volunteer_today() -> ResponseReturnValue:
    """The next meeting first; who is no volunteer is shown how to become one."""
    volunteer = helping()
    if volunteer is None:
        return go("pages.become_volunteer")
    hosts = rota.hosted_by(db(), volunteer, now() - STILL_SHOWN)
    cards = [_card(host) for host in hosts]
    coming = trainings.coming(db(), now(), limit=1)
    return render_template(
        "volunteer/today.html",
        tabs=tabs("pages.volunteer_today"),
        volunteer=volunteer,
        name=volunteer.person.name,
        cards=cards,
        questions=[
            (one.link_key, telling.title_of(one.host.meeting.activity, speech()),
             dates.meeting_when(one.host.meeting, speech()))
            for one in rota.asked_now(db(), volunteer, now())
        ],
        missing=_missing(volunteer),
        training=dates.meeting_when(coming[0], speech()) if coming else "",
        calendar=parts.short_url("volunteer_calendar", key=volunteer.calendar_key),
        paused=volunteer.state == VolunteerState.PAUSED,
    )  # fmt: skip


def _card(host: MeetingHost) -> MeetingCard:
    meeting = host.meeting
    cancelled = meeting.state == MeetingState.CANCELLED
    return MeetingCard(
        meeting_id=meeting.public_id,
        leaf=speech().leaf(dates.meeting_day(meeting)),
        title=telling.title_of(meeting.activity, speech()),
        times=telling.meeting_times(meeting, speech()),
        place=telling.place_words(meeting.activity, meeting.venue, speech()),
        langs=parts.badges(meeting.activity.tags),
        seats=telling.seats_words(meeting.pool, speech(), now())[1] if meeting.starts_at > now() else "",
        state="off" if cancelled else str(host.state),
        open_now=not cancelled and host.state == HostState.HOSTS and taps.opens_at(meeting.starts_at) <= now(),
    )


def _missing(volunteer: Volunteer) -> list[tuple[str, str]]:
    """What ASTI still needs from them, as (words, address)."""
    today = now().astimezone(LOCAL).date()
    rows = [
        (not volunteer.free_slots and not volunteer.now_and_then, N_("Say when you are free"), "pages.volunteer_times"),
        (volunteer.charter_agreed_on is None, N_("Read the charter and agree"), "pages.volunteer_papers"),
        (not volunteer.is_qualified(today), N_("Come to a training"), "pages.volunteer_trainings"),
    ]
    return [(_(words), url_for(endpoint)) for applies, words, endpoint in rows if applies]


@pages.get("/volunteer/meetings/<meeting_id>")
@learner
def volunteer_meeting(meeting_id: str) -> ResponseReturnValue:
    """One own meeting: how many come, what can be done."""
    host = own_host(meeting_id)
    meeting = host.meeting
    return render_template(
        "volunteer/meeting.html",
        card=_card(host),
        when=dates.meeting_when(meeting, speech()),
        taken=meeting.pool.taken,
        to_come=meeting.starts_at > now() and meeting.state == MeetingState.PLANNED,
        organiser=parts.contact_for(meeting.activity.organisation, speech(), meeting.activity),
        others=[one.volunteer.person.name for one in _hosts(meeting) if one.id != host.id],
    )


def own_host(meeting_id: str) -> MeetingHost:
    """The own row at a meeting that one looks after, or was to look after. Raises NotFound."""
    volunteer = own_volunteer()
    found = next((one for one in rota.hosts_at(db(), meeting_id) if one.volunteer_id == volunteer.id), None)
    if found is None or found.state == HostState.REPLACED:
        raise NotFound("meeting")
    return found


def _hosts(meeting: Meeting) -> list[MeetingHost]:
    found = rota.hosts_of(db(), [meeting.id]).get(meeting.id, [])
    return [one for one in found if one.state == HostState.HOSTS]


@pages.post("/volunteer/meetings/<meeting_id>/cannot")
@learner
def volunteer_cannot(meeting_id: str) -> ResponseReturnValue:
    """I cannot come: the others near by are asked, the organiser is told."""
    back_to("pages.volunteer_today")
    host = own_host(meeting_id)
    asked = hosting.cannot(db(), host=host, now=now())
    say(N_("Thank you for telling us. We have told the organiser."))
    if asked:
        say(speech().say_many("One volunteer near by is asked.", "%(num)s volunteers near by are asked.", len(asked)))
    return go("pages.volunteer_today")


@pages.post("/volunteer/meetings/<meeting_id>/can")
@learner
def volunteer_can(meeting_id: str) -> ResponseReturnValue:
    """I come after all."""
    back_to("pages.volunteer_today")
    hosting.can_after_all(db(), host=own_host(meeting_id), now=now())
    say(N_("Good, you look after this date."))
    return go("pages.volunteer_today")


# -- could you stand in? ---------------------------------------------------------


@pages.get("/stand-in/<link_key>")
@guest
def stand_in(link_key: str) -> ResponseReturnValue:
    """The question behind the link in a mail. Mail scanners open every link, so nothing changes here."""
    asked = rota.hand_over_behind(db(), link_key)
    meeting = asked.host.meeting
    open_still = asked.host.state == HostState.CANNOT and meeting.starts_at > now()
    page = render_template(
        "volunteer/stand_in.html",
        link_key=link_key,
        leaf=speech().leaf(dates.meeting_day(meeting)),
        title=telling.title_of(meeting.activity, speech()),
        times=telling.meeting_times(meeting, speech()),
        place=telling.place_words(meeting.activity, meeting.venue, speech()),
        langs=parts.badges(meeting.activity.tags),
        organiser=meeting.activity.organisation.name,
        open=open_still and meeting.state == MeetingState.PLANNED and not asked.comes,
        comes=bool(asked.comes),
    )
    answer = make_response(page)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@pages.post("/stand-in/<link_key>")
@guest
def answer_stand_in(link_key: str) -> ResponseReturnValue:
    """Yes or no; the first yes counts."""
    back_to("pages.stand_in", link_key=link_key)
    asked = rota.hand_over_behind(db(), link_key)
    comes = request.form.get("comes") == "yes"
    hosting.answer(db(), asked=asked, comes=comes, now=now())
    say(N_("Thank you! You look after this date.") if comes else N_("Thank you for the answer."))
    return go("pages.stand_in", link_key=link_key)
