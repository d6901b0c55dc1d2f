"""The form of an activity: what it begins with, what was typed, and how it becomes a draft."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from babel import Locale
from werkzeug.datastructures import MultiDict

from commune_hub.base.errors import InputCode, Invalid
from commune_hub.base.words import LOCAL
from commune_hub.events import recurrence, seasons
from commune_hub.events.actions import publishing
from commune_hub.events.inputs import ActivityDraft
from commune_hub.events.models import Activity
from commune_hub.events.recurrence import Frequency, RhythmKind, Rule, RuleDay, Weekday
from commune_hub.events.rules import KINDS
from commune_hub.events.words import ActivityKind, ActivityState, AttendanceMode, CefrLevel, SignupMode
from commune_hub.web.i18n import SPOKEN, speech
from commune_hub.web.pages.staff.forms import moved_problems

COMMON_LANGUAGES = ("lb", "fr", "de", "en", "pt")
MAIN_LEVELS = (CefrLevel.A1, CefrLevel.A2, CefrLevel.B1, CefrLevel.B2, CefrLevel.C1, CefrLevel.C2)
SUB_LEVELS = tuple(level for level in CefrLevel if level not in MAIN_LEVELS)
# Where a problem of the draft stands on the page.
_ON_THE_PAGE = {"rrule": "rhythm", "extra_dates": "more_dates", "skipped_dates": "left_out"}
_OF_THE_WHOLE = {
    InputCode.END_BEFORE_START: "last_on",
    InputCode.SEASON_TOO_LONG: "last_on",
    InputCode.NOT_A_RULE: "rule",
}
_COPIED = (
    "attendance_mode", "online_url", "hosts", "signup", "registration_by", "registration_contact", "capacity",
    "waiting_room", "minors_allowed", "child_care", "literacy", "convention_reference", "contact_name",
    "contact_phone", "contact_mail", "reference", "skip_public_holidays", "skip_school_holidays",
)  # fmt: skip


class Rhythm(StrEnum):
    """How the page asks how often an activity meets."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    DATES = "dates"
    RULE = "rule"


# -- what the form begins with ------------------------------------------


def empty(kind: ActivityKind) -> dict[str, Any]:
    """A new form with what the kind brings along."""
    rule = KINDS[kind]
    starts = time(9) if rule.duration >= timedelta(hours=2, minutes=30) else time(18, 30)
    ends = (datetime.combine(date.min, starts) + rule.duration).time()
    return {
        "kind": kind,
        "level_from": _label(rule.level_from),
        "level_to": _label(rule.level_to),
        "rhythm": Rhythm.WEEKLY,
        "nth": "1",
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "signup": rule.signup,
        "capacity": rule.capacity,
        "waiting_room": rule.waiting_room,
        "attendance_mode": AttendanceMode.ON_SITE,
        "registration_by": "hub",
        "skip_public_holidays": "yes",
        "skip_school_holidays": "yes",
    }


def of(activity: Activity) -> dict[str, Any]:
    """The form of an activity as it stands."""
    early = activity.early_tags
    values = _stored(activity) | {
        "languages": [tag for tag in early if tag in COMMON_LANGUAGES],
        "other_languages": ", ".join(tag for tag in early if tag not in COMMON_LANGUAGES),
        "later_languages": ", ".join(activity.later_tags),
    }
    return values | _when(activity)


def draft_of(activity: Activity, **changed: Any) -> ActivityDraft:
    """The draft of an activity as it stands, with what has changed. Raises Invalid."""
    season = seasons.season_of(activity)
    values = _stored(activity) | {
        "languages": activity.early_tags,
        "later_languages": activity.later_tags,
        "rrule": season.rrule,
        "first_on": season.first_on,
        "last_on": season.last_on,
        "extra_dates": tuple(season.extra_on),
        "skipped_dates": tuple(season.skipped_on),
    }
    draft = ActivityDraft.parse(values | _clocks(activity) | changed)
    publishing.checked_season(draft)
    return draft


def _stored(activity: Activity) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(activity, name) for name in _COPIED}
    values |= {
        "kind": ActivityKind(activity.kind),
        "level_from": _label(activity.level_from),
        "level_to": _label(activity.level_to),
        "venue": activity.venue.public_id if activity.venue else "",
        "closes_hours": activity.closes_minutes // 60 or None,
        "price": _euros(activity.price_cents),
        "voucher_price": _euros(activity.voucher_price_cents),
        "co_organisers": tuple(row.organisation.public_id for row in activity.co_organisers),
    }
    return values | {f"{row.field}_{row.language}": row.text for row in activity.texts}


def _clocks(activity: Activity) -> dict[str, str]:
    """When a meeting begins and ends, when its tables change languages, and when a second group begins."""
    slots = activity.slots
    if not slots:
        return {}
    ends = datetime.combine(date.min, slots[0].starts) + timedelta(minutes=slots[0].minutes)
    values = {"starts": f"{slots[0].starts:%H:%M}", "ends": f"{ends:%H:%M}"}
    values |= {"later_starts": f"{activity.later_starts:%H:%M}"} if activity.later_starts else {}
    return values | ({"second_starts": f"{slots[1].starts:%H:%M}"} if len(slots) > 1 else {})


def again(activity: Activity, now: datetime) -> dict[str, Any]:
    """The form for another season of an activity: everything as before, a year later where that is to come."""
    values = of(activity)
    today = now.astimezone(LOCAL).date()
    # 52 weeks keep the weekday.
    first_on = activity.first_on + timedelta(weeks=52)
    while first_on <= today:
        first_on += timedelta(weeks=1)
    last_on = activity.last_on + timedelta(weeks=52)
    values |= {"first_on": first_on, "last_on": last_on if last_on > first_on else "", "more_dates": "", "left_out": ""}
    if values["rhythm"] == Rhythm.DATES:
        values["dates"] = ""
    return values


def _when(activity: Activity) -> dict[str, Any]:
    season = seasons.season_of(activity)
    told = recurrence.describe(season)
    values: dict[str, Any] = _clocks(activity) | {
        "first_on": activity.first_on,
        "last_on": activity.last_on,
        "weekdays": [day.value for day in told.weekdays],
        "rule": season.rrule,
        "left_out": _typed_days(season.skipped_on),
        "more_dates": "",
        "dates": "",
        "nth": "1",
    }
    match told.kind:
        case RhythmKind.ONCE | RhythmKind.LOOSE_DATES:
            return values | {"rhythm": Rhythm.DATES, "dates": _typed_days(season.extra_on)}
        case RhythmKind.EVERY_N_WEEKS if told.every in (1, 2):
            rhythm = Rhythm.WEEKLY if told.every == 1 else Rhythm.FORTNIGHTLY
        case RhythmKind.NTH_OF_MONTH if told.every == 1 and len(told.nths) == 1:
            rhythm = Rhythm.MONTHLY
            values["nth"] = str(told.nths[0])
        case _:
            rhythm = Rhythm.RULE
    return values | {"rhythm": rhythm, "more_dates": _typed_days(season.extra_on)}


def _label(level: int | None) -> str:
    return CefrLevel(level).label if level else ""


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"{cents / 100:.2f}"


def _typed_days(days: frozenset[date]) -> str:
    return "\n".join(day.isoformat() for day in sorted(days))


# -- what was typed -----------------------------------------------------


def parse(form: MultiDict[str, str], *, stored: Activity | None = None) -> ActivityDraft:
    """The draft that was typed. Raises Invalid with the fields of the page.

    The kind of a `stored` activity stays, and once it is published so does the way in which one takes part: seats
    are kept for the one or the other.
    """
    values, problems = _values(form)
    if stored is not None:
        values["kind"] = stored.kind
        if stored.state != ActivityState.DRAFT:
            values["signup"] = stored.signup
    try:
        draft = ActivityDraft.parse(values)
        publishing.checked_season(draft)
    except Invalid as invalid:
        problems = on_the_page(invalid.problems) | problems
    if problems:
        raise Invalid(problems)
    return draft


def on_the_page(problems: Mapping[str, tuple[InputCode, ...]]) -> dict[str, tuple[InputCode, ...]]:
    """The problems of a draft by the fields of the page."""
    whole = problems.get("form", ())
    spread = {name: codes for name, codes in problems.items() if name != "form"}
    for code in whole:
        spread[_OF_THE_WHOLE.get(code, "form")] = (code,)
    return moved_problems(spread, _ON_THE_PAGE)


def not_yet(draft: ActivityDraft, now: datetime) -> dict[str, tuple[InputCode, ...]]:
    """What is missing before it can be published, by the fields of the page."""
    missing: dict[str, tuple[InputCode, ...]] = {}
    dates = seasons.occurrences_of(seasons.season_from(draft))
    if not any(one.starts_at > now for one in dates):
        missing["last_on"] = (InputCode.NO_DATES,)
    if draft.attendance_mode is not AttendanceMode.ONLINE and not draft.venue:
        missing["venue"] = (InputCode.REQUIRED,)
    if draft.kind is ActivityKind.CONVENTIONED_COURSE and not draft.convention_reference:
        missing["convention_reference"] = (InputCode.REQUIRED,)
    return missing


def _values(form: MultiDict[str, str]) -> tuple[dict[str, Any], dict[str, tuple[InputCode, ...]]]:
    values: dict[str, Any] = {
        name: form[name] for name in ActivityDraft.model_fields if name in form and name != "co_organisers"
    }
    problems: dict[str, tuple[InputCode, ...]] = {}
    values["languages"], unknown = _languages(form)
    if unknown:
        problems["other_languages"] = (InputCode.NOT_A_LANGUAGE,)
    values["later_languages"], unknown = tags_from(form.get("later_languages", ""))
    if unknown:
        problems["later_languages"] = (InputCode.NOT_A_LANGUAGE,)
    values["co_organisers"] = tuple(form.getlist("co_organisers"))
    for name, field in (("left_out", "skipped_dates"), ("more_dates", "extra_dates")):
        days = days_from(form.get(name, ""))
        values[field] = days or ()
        if days is None:
            problems[name] = (InputCode.NOT_A_DATE,)
    values["rrule"] = ""
    if form.get("rhythm") == Rhythm.DATES:
        days = days_from(form.get("dates", ""))
        if not days:
            problems["dates"] = (InputCode.REQUIRED if days == () else InputCode.NOT_A_DATE,)
            days = (date(2000, 1, 1),)
        values |= {"extra_dates": days, "first_on": min(days), "last_on": max(days)}
    else:
        values["rrule"], wrong = _rule_from(form)
        problems |= wrong
    return values, problems


def _languages(form: MultiDict[str, str]) -> tuple[tuple[str, ...], bool]:
    typed, unknown = tags_from(form.get("other_languages", ""))
    return tuple(dict.fromkeys([*filter(None, form.getlist("languages")), *typed])), unknown


def tags_from(text: str) -> tuple[tuple[str, ...], bool]:
    """The languages in a line of names or codes, and whether one of them is unknown."""
    tags = [language_tag(word) for word in filter(None, re.split(r"[,;\s]+", text[:300]))]
    return tuple(dict.fromkeys(tag for tag in tags if tag)), None in tags


def language_tag(word: str) -> str | None:
    """The BCP 47 tag that somebody means: a tag, or the name of a language in one of the interface languages."""
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", word):
        base, _, rest = word.partition("-")
        if base.lower() in _known_codes():
            return f"{base.lower()}-{rest}" if rest else base.lower()
    return _names().get(word.casefold())


@cache
def _known_codes() -> frozenset[str]:
    return frozenset(map(str, Locale.parse("en").languages))


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for spoken in SPOKEN.values():
        for code, name in Locale.parse(spoken.locale).languages.items():
            if "_" not in code:
                found.setdefault(name.casefold(), code)
    return found


def _rule_from(form: MultiDict[str, str]) -> tuple[str, dict[str, tuple[InputCode, ...]]]:
    """The text of the rule (RFC 5545) that the choices make."""
    rhythm = form.get("rhythm", "")
    if rhythm == Rhythm.RULE:
        text = form.get("rule", "")
        return (text, {}) if text.strip() else ("", {"rule": (InputCode.REQUIRED,)})
    if rhythm not in list(Rhythm):
        return "", {"rhythm": (InputCode.NOT_A_CHOICE,)}
    days = [Weekday(day) for day in form.getlist("weekdays") if day in list(Weekday)]
    if not days:
        return "", {"weekdays": (InputCode.REQUIRED,)}
    if rhythm == Rhythm.MONTHLY:
        if form.get("nth") not in ("1", "2", "3", "4", "-1"):
            return "", {"nth": (InputCode.NOT_A_CHOICE,)}
        nth = int(form["nth"])
        return Rule(Frequency.MONTHLY, days=tuple(RuleDay(day, nth) for day in days)).text, {}
    return recurrence.weekly(days, 2 if rhythm == Rhythm.FORTNIGHTLY else 1).text, {}


def days_from(text: str) -> tuple[date, ...] | None:
    """Dates as people list them (2026-11-24, 24.11.2026, 24/11/2026); None when one cannot be read."""
    days = []
    for word in filter(None, re.split(r"[,;\s]+", text[:8000])):
        iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", word, re.ASCII)
        local = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", word, re.ASCII)
        year, month, day = iso.groups() if iso else local.groups()[::-1] if local else ("0", "0", "0")
        try:
            days.append(date(int(year), int(month), int(day)))
        except ValueError:
            return None
    return tuple(sorted(set(days)))


# -- what there is to choose --------------------------------------------


def weekdays() -> list[tuple[str, str, str]]:
    """The days of the week as chips."""
    return [(day.value, speech().weekday(day.number, "abbreviated"), "") for day in Weekday]


def has_seats(kind: ActivityKind) -> bool:
    """Whether the form asks for a size."""
    return KINDS[kind].signup not in (SignupMode.DROP_IN, SignupMode.ON_REQUEST)
