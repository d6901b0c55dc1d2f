"""Meetings as iCalendar (RFC 5545): one, a list, a feed, or the part of a mail that a calendar understands.

Every meeting is an event of its own with a UID that never changes (public id @ host): a feed, a download and
a mail about the same meeting are one entry in people's calendars, in which the highest SEQUENCE wins. Times
are written in the wall time of Luxembourg with its VTIMEZONE. A cancelled meeting stays in, as CANCELLED.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vDuration,
    vRecur,
    vText,
    vUri,
)

from commune_hub.base.words import LOCAL

CONTENT_TYPE = "text/calendar; charset=utf-8"
_PRODUCT = "-//commune-hub//commune-hub//EN"
_PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?")
_LINE_BREAK = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_PRINTABLE = "!%#$%&'()*+,/:;=?@[]~"


class Method(StrEnum):
    """What a calendar is asked to do (RFC 5546)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What one meeting says in a calendar; the sentences are made by whoever calls. Instants are aware.

    `geo` is latitude, longitude; `sequence` grows with every change that people are told of; `changed_at` is
    the last change (else `now` stands in); `lang` is the language of the texts.
    """

    public_id: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    geo: tuple[float, float] | None = None
    lang: str = ""
    sequence: int = 0
    cancelled: bool = False
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Who invites, or who is invited."""

    mail: str
    name: str = ""


def calendar_of(
    entries: Iterable[CalendarEntry],
    *,
    host: str,
    now: datetime,
    name: str = "",
    lang: str = "",
    refresh: timedelta | None = None,
) -> bytes:
    """A file or feed of meetings, in UTF-8. `refresh` is how often a subscriber should ask again."""
    calendar = _empty(Method.PUBLISH)
    if name:
        calendar["NAME"] = _text(_one_line(name), lang)
        calendar["X-WR-CALNAME"] = _text(_one_line(name))
    if refresh:
        calendar["REFRESH-INTERVAL"] = vDuration(refresh)
        calendar["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"
        calendar["X-PUBLISHED-TTL"] = vDuration(refresh)
    for entry in entries:
        calendar.add_component(_event(entry, host, now))
    return bytes(calendar.to_ical())


def invitation_of(
    entry: CalendarEntry, *, host: str, now: datetime, organiser: Mailbox, attendee: Mailbox
) -> tuple[Method, bytes]:
    """The calendar part of a mail about one booking: REQUEST, or CANCEL for a cancelled meeting.

    Nobody is asked to answer: the seat is taken already. The method belongs in the part's content type too.
    """
    method = Method.CANCEL if entry.cancelled else Method.REQUEST
    calendar = _empty(method)
    event = _event(entry, host, now)
    event["ORGANIZER"] = _address(organiser)
    guest = _address(attendee)
    guest.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    event["ATTENDEE"] = guest
    calendar.add_component(event)
    return method, bytes(calendar.to_ical())


def _empty(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    calendar.add_component(_luxembourg())
    return calendar


def _event(entry: CalendarEntry, host: str, now: datetime) -> Event:
    if not _PUBLIC_ID.fullmatch(entry.public_id) or not _HOST.fullmatch(host):
        raise ValueError("a calendar entry needs a public id and a host")
    event = Event()
    event["UID"] = _text(f"{entry.public_id}@{host}")
    event.add("dtstamp", _utc(now))
    event.add("last-modified", _utc(entry.changed_at or now))
    event.add("dtstart", _local(entry.starts_at))
    event.add("dtend", _local(entry.ends_at))
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    event["SUMMARY"] = _text(_one_line(entry.summary), entry.lang)
    if entry.location:
        event["LOCATION"] = _text(_one_line(entry.location), entry.lang)
    if entry.description:
        event["DESCRIPTION"] = _text(entry.description, entry.lang)
    if entry.url:
        event["URL"] = vUri(quote(entry.url, safe=_PRINTABLE, errors="replace"))
    if entry.geo:
        event.add("geo", entry.geo)
    return event


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a calendar needs aware instants")
    return moment.astimezone(UTC)


def _local(moment: datetime) -> datetime:
    """The wall time, or UTC in the second of two equal hours, for which RFC 5545 has no wall time."""
    local = _utc(moment).astimezone(LOCAL)
    return _utc(moment) if local.fold else local


class _Text(vText):
    """A text that comes back as it went in; icalendar's own escaping makes a line break of a typed "\\N"."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")
        return escaped.encode()


def _text(text: str, lang: str = "") -> _Text:
    """Line breaks of every kind become the one that calendars know, other control characters go.

    Some readers take any of them for the end of a line, behind which a text could write its own properties.
    """
    breaks = _LINE_BREAK.sub("\n", text)
    value = _Text(
        "".join(char for char in breaks if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    )
    if lang:
        value.params["LANGUAGE"] = re.sub(r"[^A-Za-z0-9-]", "", lang)
    return value


def _one_line(text: str) -> str:
    return _LINE_BREAK.sub(" ", text).strip()


def _address(box: Mailbox) -> vCalAddress:
    address = vCalAddress("mailto:" + quote(box.mail, safe="!#$&'*+/=?@~", errors="replace"))
    if box.name:
        address.params["CN"] = str(_text(_one_line(box.name)))
    return address


def _luxembourg() -> Timezone:
    """The rule of the European Union since 1996. A test compares it with the zone data."""
    zone = Timezone()
    zone.add("tzid", LOCAL.key)
    for part, name, month, before, after in (
        (TimezoneDaylight(), "CEST", 3, 1, 2),
        (TimezoneStandard(), "CET", 10, 2, 1),
    ):
        part.add("tzname", name)
        # The hour is the one that the clocks show before the change: 02:00 in spring, 03:00 in autumn.
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, 1 + before))
        part.add("rrule", vRecur(freq="YEARLY", bymonth=month, byday="-1SU"))
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        zone.add_component(part)
    return zone
