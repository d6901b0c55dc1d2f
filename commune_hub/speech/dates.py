"""When an activity takes place, in sentences: rhythm, season, one meeting; and how words are joined."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_skeleton
from babel.lists import format_list

from commune_hub.base.words import LOCAL
from commune_hub.events import seasons
from commune_hub.events.models import Activity, Meeting
from commune_hub.events.recurrence import Rhythm, RhythmKind, Weekday, describe, wall_clock
from commune_hub.speech.catalogues import N_, Speech

_EVERY = {
    Weekday.MONDAY: N_("Every Monday"),
    Weekday.TUESDAY: N_("Every Tuesday"),
    Weekday.WEDNESDAY: N_("Every Wednesday"),
    Weekday.THURSDAY: N_("Every Thursday"),
    Weekday.FRIDAY: N_("Every Friday"),
    Weekday.SATURDAY: N_("Every Saturday"),
    Weekday.SUNDAY: N_("Every Sunday"),
}
_ON = {
    Weekday.MONDAY: N_("Mondays"),
    Weekday.TUESDAY: N_("Tuesdays"),
    Weekday.WEDNESDAY: N_("Wednesdays"),
    Weekday.THURSDAY: N_("Thursdays"),
    Weekday.FRIDAY: N_("Fridays"),
    Weekday.SATURDAY: N_("Saturdays"),
    Weekday.SUNDAY: N_("Sundays"),
}
# Written out, because "2nd" takes the gender of the day in Portuguese.
_OF_MONTH = {
    (Weekday.MONDAY, 1): N_("Every 1st Monday of the month"),
    (Weekday.MONDAY, 2): N_("Every 2nd Monday of the month"),
    (Weekday.MONDAY, 3): N_("Every 3rd Monday of the month"),
    (Weekday.MONDAY, 4): N_("Every 4th Monday of the month"),
    (Weekday.MONDAY, -1): N_("Every last Monday of the month"),
    (Weekday.TUESDAY, 1): N_("Every 1st Tuesday of the month"),
    (Weekday.TUESDAY, 2): N_("Every 2nd Tuesday of the month"),
    (Weekday.TUESDAY, 3): N_("Every 3rd Tuesday of the month"),
    (Weekday.TUESDAY, 4): N_("Every 4th Tuesday of the month"),
    (Weekday.TUESDAY, -1): N_("Every last Tuesday of the month"),
    (Weekday.WEDNESDAY, 1): N_("Every 1st Wednesday of the month"),
    (Weekday.WEDNESDAY, 2): N_("Every 2nd Wednesday of the month"),
    (Weekday.WEDNESDAY, 3): N_("Every 3rd Wednesday of the month"),
    (Weekday.WEDNESDAY, 4): N_("Every 4th Wednesday of the month"),
    (Weekday.WEDNESDAY, -1): N_("Every last Wednesday of the month"),
    (Weekday.THURSDAY, 1): N_("Every 1st Thursday of the month"),
    (Weekday.THURSDAY, 2): N_("Every 2nd Thursday of the month"),
    (Weekday.THURSDAY, 3): N_("Every 3rd Thursday of the month"),
    (Weekday.THURSDAY, 4): N_("Every 4th Thursday of the month"),
    (Weekday.THURSDAY, -1): N_("Every last Thursday of the month"),
    (Weekday.FRIDAY, 1): N_("Every 1st Friday of the month"),
    (Weekday.FRIDAY, 2): N_("Every 2nd Friday of the month"),
    (Weekday.FRIDAY, 3): N_("Every 3rd Friday of the month"),
    (Weekday.FRIDAY, 4): N_("Every 4th Friday of the month"),
    (Weekday.FRIDAY, -1): N_("Every last Friday of the month"),
    (Weekday.SATURDAY, 1): N_("Every 1st Saturday of the month"),
    (Weekday.SATURDAY, 2): N_("Every 2nd Saturday of the month"),
    (Weekday.SATURDAY, 3): N_("Every 3rd Saturday of the month"),
    (Weekday.SATURDAY, 4): N_("Every 4th Saturday of the month"),
    (Weekday.SATURDAY, -1): N_("Every last Saturday of the month"),
    (Weekday.SUNDAY, 1): N_("Every 1st Sunday of the month"),
    (Weekday.SUNDAY, 2): N_("Every 2nd Sunday of the month"),
    (Weekday.SUNDAY, 3): N_("Every 3rd Sunday of the month"),
    (Weekday.SUNDAY, 4): N_("Every 4th Sunday of the month"),
    (Weekday.SUNDAY, -1): N_("Every last Sunday of the month"),
}
_MONDAY_TO_FRIDAY = tuple(Weekday)[:5]


def rhythm(activity: Activity, speech: Speech) -> str:
    """How often and at what time: "Every Tuesday, 18:30 – 20:00"."""
    days, times = rhythm_days(activity, speech), slot_times(activity, speech)
    return speech.say(N_("%(days)s, %(times)s"), days=days, times=times) if times else days


def rhythm_days(activity: Activity, speech: Speech) -> str:
    """How often, without the time: "Every Tuesday"."""
    told = describe(seasons.season_of(activity))
    days = _days(told, activity, speech)
    if told.loose and activity.rrule:
        return speech.say_many("%(days)s, and one more date", "%(days)s, and %(num)s more dates", told.loose, days=days)
    return days


def _days(told: Rhythm, activity: Activity, speech: Speech) -> str:
    match told.kind:
        case RhythmKind.ONCE:
            return capital(speech.long_day(activity.first_on))
        case RhythmKind.EVERY_N_WEEKS:
            return _weekly(told, speech)
        case RhythmKind.EVERY_N_DAYS:
            return speech.say_many("Every day", "Every %(num)s days", told.every)
        case RhythmKind.DAY_OF_MONTH:
            days = speech.say(N_("On day %(day)s of every month"), day=told.day_of_month)
            return _every_n_months(days, told.every, speech)
        case RhythmKind.NTH_OF_MONTH if all((told.weekdays[0], nth) in _OF_MONTH for nth in told.nths):
            parts = [speech.say(_OF_MONTH[told.weekdays[0], nth]) for nth in told.nths]
            later = [inside(part, speech) for part in parts[1:]]
            return _every_n_months(listed([parts[0], *later], speech), told.every, speech)
    loose = told.kind is RhythmKind.LOOSE_DATES
    number = told.loose if loose else len(seasons.occurrences_of(seasons.season_of(activity)))
    return speech.say_many("On one date", "On %(num)s dates", number)


def _weekly(told: Rhythm, speech: Speech) -> str:
    if told.weekdays == _MONDAY_TO_FRIDAY:
        days = speech.say(N_("Monday to Friday"))
    elif len(told.weekdays) == 7:
        days = speech.say(N_("Every day of the week"))
    elif len(told.weekdays) == 1 and told.every == 1:
        days = speech.say(_EVERY[told.weekdays[0]])
    else:
        names = [speech.say(_ON[day]) for day in told.weekdays]
        days = listed([names[0], *(inside(name, speech) for name in names[1:])], speech)
    if told.every == 1:
        return days
    return speech.say_many("%(days)s, every week", "%(days)s, every %(num)s weeks", told.every, days=days)


def _every_n_months(days: str, every: int, speech: Speech) -> str:
    if every == 1:
        return days
    return speech.say_many("%(days)s, every month", "%(days)s, every %(num)s months", every, days=days)


def slot_times(activity: Activity, speech: Speech) -> str:
    """The times of the day at which meetings begin and end, two slots as "18:30 – 19:30 and 19:45 – 20:45"."""
    parts = []
    for slot in activity.slots:
        starts = wall_clock(activity.first_on, slot.starts)
        parts.append(times(starts, starts + timedelta(minutes=slot.minutes), speech))
    return listed(parts, speech) if parts else ""


def times(starts_at: datetime, ends_at: datetime, speech: Speech) -> str:
    """18:30 – 20:00"""
    return f"{speech.clock(starts_at)} – {speech.clock(ends_at)}"


def meeting_times(meeting: Meeting, speech: Speech) -> str:
    """When a meeting begins and ends."""
    return times(meeting.starts_at, meeting.ends_at, speech)


def meeting_day(meeting: Meeting) -> date:
    """The local day of a meeting."""
    return meeting.starts_at.astimezone(LOCAL).date()


def meeting_when(meeting: Meeting, speech: Speech) -> str:
    """Tuesday, 24 November, 18:30 – 20:00"""
    day = speech.long_day(meeting_day(meeting))
    return speech.say(N_("%(days)s, %(times)s"), days=capital(day), times=meeting_times(meeting, speech))


def period_when(starts_at: datetime, ends_at: datetime, speech: Speech) -> str:
    """Tue 24 Nov, 09:00 – 12:00"""
    return speech.say(
        N_("%(days)s, %(start)s – %(end)s"), days=speech.day(starts_at.astimezone(LOCAL).date()),
        start=speech.clock(starts_at), end=speech.clock(ends_at),
    )  # fmt: skip


def season_words(activity: Activity, speech: Speech) -> str:
    """From when to when: "from 6 October to 15 December 2026"; nothing for a single date."""
    first, last = activity.first_on, activity.last_on
    if first == last:
        return ""
    begin = _day_month(first, speech) if first.year == last.year else speech.day_and_year(first)
    return speech.say(N_("from %(first)s to %(last)s"), first=begin, last=speech.day_and_year(last))


def pauses_words(activity: Activity, speech: Speech) -> str:
    """On which holidays there is no meeting."""
    if not activity.rrule:
        return ""
    if activity.skip_public_holidays and activity.skip_school_holidays:
        return speech.say(N_("not in the school holidays and on public holidays"))
    if activity.skip_school_holidays:
        return speech.say(N_("not in the school holidays"))
    return speech.say(N_("not on public holidays")) if activity.skip_public_holidays else ""


@lru_cache(2000)
def _day_month(day: date, speech: Speech) -> str:
    # Without its year, so that the order of the language stays.
    return speech.first(format_skeleton("MMMMd", day, locale=speech.locale))


def is_over(activity: Activity, now: datetime) -> bool:
    """Whether the last day of the season is behind us."""
    return activity.last_on < now.astimezone(LOCAL).date()


def listed(parts: Sequence[str], speech: Speech) -> str:
    """a, b and c."""
    text = format_list(list(parts), locale=speech.locale)
    # Luxembourgish drops the n before most consonants; the locale data leaves the choice to us.
    return re.sub(r" a\(n\) (?=(.))", lambda match: f" {'an' if _keeps_n(match[1]) else 'a'} ", text)


def _keeps_n(letter: str) -> bool:
    return letter.lower() in "aeiouäëéöüdhntz0123456789"


def capital(text: str) -> str:
    """The words at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def inside(text: str, speech: Speech) -> str:
    """The same words in the middle of a sentence; names of days keep the capital that their language gives them."""
    first = text.split(" ")[0].rstrip(",s" if speech.code == "en" else ",")
    if first in {speech.weekday(number) for number in range(7)}:
        return text
    return text[:1].lower() + text[1:]
