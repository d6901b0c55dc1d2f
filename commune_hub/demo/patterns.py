"""The shapes of language practice: rhythms, hours, sizes and languages of sixteen real offers, without their names."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from commune_hub.events.words import ActivityKind


@dataclass(frozen=True, slots=True)
class Pattern:
    """One shape of offer.

    `days` as in RFC 5545 ("TU", "MO,WE", "-1WE" for the last Wednesday), `at` local ("19:00-20:30"), `languages` as
    tags; `each`: every so many weeks, where it goes by weeks; `times`: so many meetings, pauses not counted;
    `given`: further fields of the form.
    """

    kind: ActivityKind
    days: str
    at: str
    languages: str
    each: int = 1
    times: int | None = None
    given: Mapping[str, object] = field(default_factory=dict)

    def rule(self, days: str = "") -> str:
        """The recurrence rule, on these days or on its own."""
        days = days or self.days
        monthly = any(letter.isdigit() for letter in days)
        parts = ["FREQ=MONTHLY" if monthly else "FREQ=WEEKLY"]
        parts += [f"INTERVAL={self.each}"] if self.each > 1 and not monthly else []
        parts += [f"BYDAY={days}"]
        return ";".join(parts)


_K = ActivityKind

# The first sixteen follow offers that newspapers and organisers described between 2010 and 2025; the others follow the
# formats of the "mode d'emploi" for language practice and the decree on courses and the orientation day.
PATTERNS: dict[str, Pattern] = {
    "last_wednesday": Pattern(_K.LANGUAGE_CAFE, "-1WE", "19:00-20:30", "lb fr en de it es"),
    "second_wednesday": Pattern(_K.LANGUAGE_CAFE, "2WE", "19:00-21:00", "lb"),
    "second_monday": Pattern(_K.LANGUAGE_CAFE, "2MO", "19:00-21:00", "lb fr de en pt"),
    "eight_evenings": Pattern(_K.LANGUAGE_CAFE, "3TH", "19:00-20:00", "lb fr en pt it de es", times=8),
    "two_rounds": Pattern(_K.LANGUAGE_CAFE, "WE", "19:00-20:30", "lb it en es fr de", each=2),
    "tuesday_evening": Pattern(_K.LANGUAGE_CAFE, "TU", "19:30-21:00", "lb fr", each=2),
    "museum_visit": Pattern(
        _K.LANGUAGE_CAFE, "-1WE", "18:15-20:15", "lb de fr en",
        given={"signup": "sign_up", "capacity": 20, "waiting_room": 5, "closes_hours": 24},
    ),
    "club_evening": Pattern(_K.LANGUAGE_CAFE, "TU", "19:00-22:00", "lb fr en de pt it es"),
    "theme_evenings": Pattern(_K.CONVERSATION_TABLE, "", "18:30-20:00", "lb", given={"capacity": 25}),
    "coaching": Pattern(_K.COACHING, "1TH", "18:00-19:30", "lb"),
    "online_pairs": Pattern(
        _K.CONVERSATION_TABLE, "WE", "20:00-21:00", "lb",
        given={"attendance_mode": "online", "online_url": "https://meet.mateneen.example.org/lb"},
    ),
    "regional_coaching": Pattern(_K.COACHING, "1TU", "18:30-19:30", "lb"),
    "four_weeks": Pattern(
        _K.VOLUNTEER_COURSE, "MO,TU,WE,TH", "14:00-16:00", "fr lb en", times=16, given={"capacity": 8},
    ),
    "three_mornings": Pattern(_K.CONVENTIONED_COURSE, "TU,TH,FR", "09:00-11:00", "lb"),
    "forty_six_hours": Pattern(
        _K.CONVENTIONED_COURSE, "MO,WE", "18:30-20:30", "lb", times=23,
        given={"price": "148", "voucher_price": "20"},
    ),
    "orientation_day": Pattern(
        _K.ORIENTATION_DAY, "", "13:30-18:00", "lb fr de en pt", given={"registration_by": "authority"}
    ),
    "table": Pattern(_K.CONVERSATION_TABLE, "TU", "18:30-20:00", "lb"),
    "twice_a_week": Pattern(_K.CONVERSATION_TABLE, "TU,TH", "18:30-19:45", "lb"),
    "morning_table": Pattern(_K.CONVERSATION_TABLE, "TH", "10:00-11:30", "lb"),
    "lunch_table": Pattern(_K.CONVERSATION_TABLE, "TU", "12:15-13:15", "fr"),
    "by_volunteers": Pattern(_K.VOLUNTEER_COURSE, "TU,TH", "18:00-19:30", "lb", times=20),
    "literacy": Pattern(
        _K.CONVENTIONED_COURSE, "MO,WE,FR", "09:00-10:30", "fr", times=36, given={"literacy": True},
    ),
    "civic": Pattern(_K.CIVIC_COURSE, "SA", "09:00-12:00", "fr", times=2),
    "training": Pattern(
        _K.VOLUNTEER_TRAINING, "SA", "09:30-12:30", "lb fr", times=3, given={"signup": "whole_course"}
    ),
    "exchange_day": Pattern(_K.EXCHANGE_DAY, "", "14:00-17:30", "lb fr"),
}  # fmt: skip
