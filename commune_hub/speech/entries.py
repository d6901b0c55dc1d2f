"""A meeting as a calendar entry, in the reader's language; the same for a download, a feed and a mail."""

from commune_hub.events.calendars import CalendarEntry
from commune_hub.events.models import Meeting
from commune_hub.events.words import AttendanceMode, MeetingState
from commune_hub.speech import telling
from commune_hub.speech.catalogues import N_, Speech


def entry_of(
    meeting: Meeting, speech: Speech, *, url: str, given_back: bool = False, may_enter: bool = True
) -> CalendarEntry:
    """The entry; `url` is what it leads to, `given_back`: the reader no longer comes, the meeting takes place;
    `may_enter`: whether the link of an online meeting stands in it, which is for those who have a seat."""
    activity, venue = meeting.activity, meeting.venue
    place = telling.place_words(activity, venue, speech)
    on_site = venue is not None and activity.attendance_mode != AttendanceMode.ONLINE
    if on_site and venue is not None and venue.address:
        place = speech.say(N_("%(place)s, %(address)s"), place=place, address=telling.address_words(venue))
    lines = [telling.language_names(activity.tags, speech), telling.organiser_words(activity, speech)]
    if may_enter and activity.attendance_mode != AttendanceMode.ON_SITE and activity.online_url:
        lines.append(activity.online_url)
    return CalendarEntry(
        public_id=meeting.public_id,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=telling.title_of(activity, speech),
        location=place,
        description="\n".join([*lines, url]),
        url=url,
        geo=(venue.lat, venue.lon) if on_site and venue is not None else None,
        lang=speech.code,
        sequence=meeting.sequence,
        cancelled=given_back or meeting.state == MeetingState.CANCELLED,
        changed_at=meeting.changed_at,
    )
