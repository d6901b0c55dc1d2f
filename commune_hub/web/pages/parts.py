"""What several public pages show: badges, dates to choose from, whom to ask, short addresses, QR codes, calendars."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import Response, g, url_for
from markupsafe import Markup

from commune_hub.accounts.models import Organisation
from commune_hub.events import calendars
from commune_hub.events.calendars import CalendarEntry
from commune_hub.events.models import Activity, Meeting
from commune_hub.events.words import CancelReason, MeetingState, RegistrationBy, SignupMode
from commune_hub.matching.equivalents import Equivalent
from commune_hub.speech import telling
from commune_hub.speech.catalogues import N_, Speech, own_name_of
from commune_hub.speech.dates import capital
from commune_hub.speech.sentences import CANCEL_REASON
from commune_hub.web.cards import ActivityCard, PractisedLanguage
from commune_hub.web.i18n import speech
from commune_hub.web.request import now, settings

Option = tuple[str, str, str, str, str, bool]


def badges(tags: Sequence[str]) -> tuple[PractisedLanguage, ...]:
    """The practised languages as their badges show them: own names, no flags."""
    return tuple(PractisedLanguage(tag.split("-")[0].upper(), tag, own_name_of(tag)) for tag in tags)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask, ready to print."""

    name: str
    phone: str
    phone_url: str
    mail: str
    spoken: str


def contact_for(organisation: Organisation, speech: Speech, activity: Activity | None = None) -> Contact:
    """Whom to ask about an activity, else the organisation in general."""
    phone = (activity.contact_phone if activity else "") or organisation.phone
    names = [activity.contact_name if activity else "", organisation.name]
    return Contact(
        name=", ".join(filter(None, names)),
        phone=phone,
        phone_url=telling.phone_url(phone) if phone else "",
        mail=(activity.contact_mail if activity else "") or organisation.mail,
        spoken=telling.spoken_words(organisation.spoken, speech),
    )


def dates_to_choose(meetings: Iterable[Meeting], speech: Speech, now: datetime) -> list[Option]:
    """The dates with their seats in words, as rows of `session_options`."""
    meetings = list(meetings)
    told_once = len({telling.meeting_times(meeting, speech) for meeting in meetings}) <= 1
    return [_option(meeting, speech, now, told_once) for meeting in meetings]


def _option(meeting: Meeting, speech: Speech, now: datetime, told_once: bool) -> Option:
    day = capital(speech.day_of_week(telling.meeting_day(meeting)))
    times = "" if told_once else telling.meeting_times(meeting, speech)
    if meeting.state == MeetingState.CANCELLED:
        return meeting.pool.public_id, day, times, "bad", speech.say(N_("Cancelled")), True
    kind, words, more = telling.seats_words(meeting.pool, speech, now)
    if meeting.activity.capacity is None and kind == "info":
        words = ""
    place = telling.place_words(meeting.activity, meeting.own_venue, speech) if meeting.own_venue else ""
    may_ask = telling.is_open(meeting.pool, [meeting], now)
    return meeting.pool.public_id, day, " · ".join(filter(None, (times, place, more))), kind, words, not may_ask


def cancel_reason(meeting: Meeting, speech: Speech) -> str:
    """Why a meeting does not take place; nothing when nobody said so."""
    if meeting.cancel_reason in (None, CancelReason.OTHER):
        return ""
    return speech.say(CANCEL_REASON[CancelReason(meeting.cancel_reason)])


def cards_of(meetings: Iterable[Meeting], speech: Speech, now: datetime) -> list[ActivityCard]:
    """Meetings as cards of a list, in their order."""
    return [_card(meeting, speech, now) for meeting in meetings]


def _card(meeting: Meeting, speech: Speech, now: datetime) -> ActivityCard:
    activity = meeting.activity
    weekday, day, month = speech.leaf(telling.meeting_day(meeting))
    kind, seats, _ = telling.seats_words(meeting.pool, speech, now)
    if activity.registration_by != RegistrationBy.HUB and activity.signup != SignupMode.DROP_IN:
        # Whoever keeps the list elsewhere knows how many seats are free; we do not.
        kind, seats = "info", speech.say(N_("Sign-up with the organiser"))
    level, steps = telling.level_words(activity.level_from, activity.level_to, speech)
    return ActivityCard(
        pin="",
        url=url_for("pages.activity", activity_id=activity.public_id, m=meeting.public_id),
        title=telling.title_of(activity, speech),
        title_lang="",
        weekday=weekday,
        day=day,
        month=month,
        langs=badges(activity.tags),
        time=telling.meeting_times(meeting, speech),
        place=telling.place_words(activity, meeting.venue, speech),
        distance="",
        steps=str(steps),
        level=level,
        status=kind,
        seats=seats,
        action=speech.say(N_("See")),
    )


@dataclass(frozen=True, slots=True)
class Near:
    """A meeting with a free seat, near one that is full."""

    pool: str
    url: str
    title: str
    leaf: tuple[str, str, str]
    times: str
    place: str
    distance: str


def near_words(found: Iterable[Equivalent], speech: Speech) -> list[Near]:
    """The equivalents of a full meeting, in words."""
    return [_near(one.meeting, one.km, speech) for one in found]


def _near(meeting: Meeting, km: float | None, speech: Speech) -> Near:
    activity = meeting.activity
    return Near(
        pool=meeting.pool.public_id,
        url=url_for("pages.activity", activity_id=activity.public_id, m=meeting.public_id),
        title=telling.title_of(activity, speech),
        leaf=speech.leaf(telling.meeting_day(meeting)),
        times=telling.meeting_times(meeting, speech),
        place=telling.place_words(activity, meeting.venue, speech),
        distance=speech.say(N_("%(km)s km"), km=speech.number(round(km, 1))) if km is not None and km >= 0.1 else "",
    )


def short_url(endpoint: str, **values: Any) -> str:
    """The address without a language, for paper and messages: the reader's own browser chooses one."""
    return settings().base_url + url_for(f"plain.{endpoint}", **values)


def as_read(url: str) -> str:
    """An address as it stands on paper."""
    return url.removeprefix("https://").removeprefix("http://")


def qr_svg(url: str) -> Markup:
    """A QR code to put into a page; the address stands beside it in words."""
    code = segno.make(url, error="m", micro=False)
    return Markup(code.svg_inline(svgclass="qr", lineclass=None, omitsize=True, border=0))


def qr_file(url: str, title: str) -> Response:
    """The same as a picture of its own."""
    picture = io.BytesIO()
    segno.make(url, error="m", micro=False).save(picture, kind="svg", scale=8, border=4, light="white", title=title)
    return Response(picture.getvalue(), content_type="image/svg+xml")


def calendar_file(entries: Iterable[CalendarEntry], name: str, filename: str) -> Response:
    """A calendar to download or to subscribe to."""
    host = urlsplit(settings().base_url).hostname or "localhost"  # as in mail, so that both are one entry
    data = calendars.calendar_of(entries, host=host, now=now(), name=name, lang=speech().code)
    answer = Response(data, content_type=calendars.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'inline; filename="{filename}.ics"'
    return answer


def private(answer: Response) -> Response:
    """Never in a search engine, in a cache, or in what the next site learns of where one came from."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def wear_theme(organisation: Organisation) -> None:
    """The page of an organisation wears its colours."""
    g.theme = organisation.theme
