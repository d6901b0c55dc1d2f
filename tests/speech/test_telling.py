"""The public sentences of an activity, made from its fields alone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from babel.support import NullTranslations

from commune_hub.accounts.models import Organisation
from commune_hub.events.models import (
    Activity,
    ActivityDate,
    ActivityLanguage,
    ActivitySlot,
    ActivityText,
    Meeting,
    SeatPool,
    Venue,
)
from commune_hub.events.words import CefrLevel, TextField
from commune_hub.speech import telling
from commune_hub.speech.catalogues import SPOKEN, Speech
from commune_hub.speech.telling import Way

EN = Speech(SPOKEN["en"], NullTranslations())
LB = Speech(SPOKEN["lb"], NullTranslations())
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
HALL = {"name": "Centre culturel", "address": "4, rue de la Poste", "postcode": "4477", "locality": "Belvaux"}


def an_activity(
    *tags: str, starts: tuple[time, ...] = (time(18, 30),), extra: tuple[date, ...] = (), **given: Any
) -> Activity:
    """A weekly table on Tuesdays as it stands in the database."""
    values: dict[str, Any] = {
        "kind": "conversation_table", "signup": "sign_up", "registration_by": "hub", "attendance_mode": "on_site",
        "level_from": CefrLevel.A1, "level_to": CefrLevel.A2, "capacity": 6, "free_of_charge": True,
        "minors_allowed": False, "child_care": False, "literacy": False, "hosts": "Josée, Marc",
        "first_on": date(2026, 10, 6), "last_on": date(2026, 12, 15), "rrule": "FREQ=WEEKLY;BYDAY=TU",
        "skip_public_holidays": True, "skip_school_holidays": True,
        "organisation": Organisation(name="Gemeng Suessem"), "venue": Venue(**HALL, step_free=True),
    }  # fmt: skip
    return Activity(
        **values | given,
        languages=[ActivityLanguage(tag=tag) for tag in tags or ("lb",)],
        slots=[ActivitySlot(number=number, starts=start, minutes=90) for number, start in enumerate(starts)],
        dates=[ActivityDate(on=day, kind="extra") for day in extra],
    )


def a_pool(**given: Any) -> SeatPool:
    values = {"capacity": 6, "taken": 0, "waiting": 0, "waiting_room": 6, "closes_at": NOW + timedelta(days=9)}
    days = given.pop("resident_days", 0)
    return SeatPool(**(values | given), activity=an_activity(resident_days=days, published_at=NOW))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Every Tuesday, 18:30 – 20:00"),
        ({"rrule": "FREQ=WEEKLY;BYDAY=TU,TH"}, "Tuesdays and Thursdays, 18:30 – 20:00"),
        ({"rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"}, "Monday to Friday, 18:30 – 20:00"),
        ({"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"}, "Tuesdays, every 2 weeks, 18:30 – 20:00"),
        ({"rrule": "FREQ=MONTHLY;BYDAY=2WE"}, "Every 2nd Wednesday of the month, 18:30 – 20:00"),
        ({"rrule": "FREQ=MONTHLY;BYDAY=-1WE"}, "Every last Wednesday of the month, 18:30 – 20:00"),
        (
            {"rrule": "FREQ=MONTHLY;BYDAY=1TU,3TU"},
            "Every 1st Tuesday of the month and every 3rd Tuesday of the month, 18:30 – 20:00",
        ),
        ({"rrule": "FREQ=MONTHLY;BYDAY=5SU"}, "On one date, 18:30 – 20:00"),
        ({"rrule": "FREQ=DAILY"}, "Every day, 18:30 – 20:00"),
        ({"extra": (date(2026, 10, 7),)}, "Every Tuesday, and one more date, 18:30 – 20:00"),
        ({"starts": (time(18), time(19, 45))}, "Every Tuesday, 18:00 – 19:30 and 19:45 – 21:15"),
        (
            {"rrule": "", "first_on": date(2026, 11, 24), "last_on": date(2026, 11, 24),
             "extra": (date(2026, 11, 24),)},
            "Tuesday, 24 November, 18:30 – 20:00",
        ),
        ({"rrule": "", "extra": (date(2026, 10, 6), date(2026, 12, 15))}, "On 2 dates, 18:30 – 20:00"),
    ],
)
def test_the_rhythm_is_told(given: dict[str, Any], sentence: str) -> None:
    assert telling.rhythm(an_activity(**given), EN) == sentence


def test_a_season_within_a_year_and_across_two() -> None:
    autumn = an_activity()
    winter = an_activity(last_on=date(2027, 3, 23))

    told = [telling.season_words(autumn, EN), telling.season_words(winter, EN)]

    assert told == ["from 6 October to 15 December 2026", "from 6 October 2026 to 23 March 2027"]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (None, None, ("Every level", 0)),
        ("A1", "A2", ("Beginners (A1–A2)", 1)),
        ("A1.1", "A1", ("Beginners (A1)", 1)),
        ("A1.1", "A1.2", ("Beginners (A1)", 1)),
        ("A1.2", "A2.1", ("Beginners (A1.2–A2.1)", 1)),
        ("A1", "B1", ("Beginners to intermediate (A1–B1)", 1)),
        ("B1", "B2", ("Intermediate (B1–B2)", 2)),
        ("C1", "C2", ("Advanced (C1–C2)", 3)),
        ("A1", None, ("Beginners and all who know more (from A1)", 1)),
        (None, "A2", ("Up to A2", 1)),
    ],
)
def test_levels_are_words_first(low: str | None, high: str | None, words: tuple[str, int]) -> None:
    numbers = [CefrLevel.from_label(label) if label else None for label in (low, high)]

    assert telling.level_words(*numbers, EN) == words


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({}, "You can say: “Moien, ech heeschen …”"),
        ({"level_from": CefrLevel.A1_1}, "You need not know anything yet."),
        ({"level_from": CefrLevel.A2}, "You can talk about your family and your day."),
        ({"level_from": None, "level_to": None}, ""),
        ({"literacy": True}, "For people who learn to read and write."),
    ],
)
def test_a_level_says_what_one_can_do(given: dict[str, Any], line: str) -> None:
    assert telling.can_do(an_activity(**given), EN) == line


@pytest.mark.parametrize(
    ("given", "price"),
    [
        ({}, "Free of charge"),
        ({"free_of_charge": False, "price_cents": 15000}, "€150.00"),
        (
            {"free_of_charge": False, "price_cents": 15000, "voucher_price_cents": 1000},
            "€150.00, with a voucher €10.00",
        ),
        (
            {"free_of_charge": False, "price_cents": 15000, "voucher_price_cents": 0},
            "€150.00, free of charge with a voucher",
        ),
        ({"free_of_charge": False}, "Ask the organiser for the price"),
    ],
)
def test_a_price_is_told(given: dict[str, Any], price: str) -> None:
    assert telling.price_words(an_activity(**given), EN) == price


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ({}, "6 people, 2 hosts"),
        ({"hosts": ""}, "6 people"),
        ({"hosts": "Josée et Marc"}, "6 people, 2 hosts"),
        ({"capacity": None, "signup": "drop_in", "hosts": ""}, "As many as want to come"),
        ({"capacity": None, "signup": "drop_in", "hosts": "Josée"}, "As many as want to come"),
    ],
)
def test_a_size_is_told(given: dict[str, Any], size: str) -> None:
    assert telling.size_words(an_activity(**given), EN) == size


def test_a_place_is_a_room_the_net_or_both() -> None:
    venue = Venue(**HALL)
    named_after_its_village = Venue(**HALL | {"name": "Hall Belvaux"})

    told = [
        telling.place_words(an_activity(), venue, EN),
        telling.place_words(an_activity(), named_after_its_village, EN),
        telling.place_words(an_activity(attendance_mode="both"), venue, EN),
        telling.place_words(an_activity(attendance_mode="online"), None, EN),
        telling.address_words(venue),
    ]

    assert told == [
        "Centre culturel, Belvaux", "Hall Belvaux", "Centre culturel, Belvaux, or online", "Online",
        "4, rue de la Poste, 4477 Belvaux",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, ("ok", "6 seats free", "")),
        ({"taken": 5}, ("ok", "One seat free", "")),
        ({"taken": 6}, ("warn", "Full", "Nobody waits yet")),
        ({"taken": 6, "waiting": 2}, ("warn", "Full", "2 people wait")),
        ({"taken": 6, "waiting": 6}, ("warn", "Full", "6 people wait")),
        ({"capacity": None}, ("info", "Just come", "")),
        ({"closes_at": NOW}, ("info", "Closed", "Sign-up is over.")),
        (
            {"reserved_until": NOW + timedelta(days=1)},
            ("warn", "Waiting list", "Until Monday, 23 November the seats are kept for people with a contract."),
        ),
        (
            {"resident_days": 2, "waiting": 1},
            (
                "warn", "Waiting list",
                "Until Tuesday, 24 November the seats are kept for those who live here. One person waits",
            ),
        ),
        (
            {"decides_at": NOW + timedelta(days=2), "waiting": 4},
            ("info", "Enrol now", "The seats are given on Tuesday, 24 November. 4 people have enrolled."),
        ),
    ],
)
def test_seats_are_told_in_words(given: dict[str, Any], words: tuple[str, str, str]) -> None:
    assert telling.seats_words(a_pool(**given), EN, NOW) == words


def test_a_date_is_open_while_a_seat_or_a_place_in_the_queue_is_left() -> None:
    here, off = Meeting(state="planned"), Meeting(state="cancelled")

    asked = [
        telling.is_open(a_pool(), [here], NOW),
        telling.is_open(a_pool(taken=6, waiting=6), [here], NOW),
        telling.is_open(a_pool(closes_at=NOW), [here], NOW),
        telling.is_open(a_pool(), [off], NOW),
        telling.is_open(a_pool(capacity=None), [off, here], NOW),
    ]

    assert asked == [True, False, False, False, True]


def test_the_title_is_the_organisers_own_in_the_readers_language_else_the_kind() -> None:
    activity = an_activity()
    activity.texts = [ActivityText(field=TextField.TITLE, language="fr", text="Papotons !")]
    card = {"kind": "language_cafe", "titles": {"en": "Talk & tea"}}

    told = [telling.title_of(activity, EN), telling.title_of(activity, Speech(SPOKEN["fr"], NullTranslations()))]

    assert [*told, telling.title_of(card, EN)] == ["Conversation table", "Papotons !", "Talk & tea"]


def test_words_of_the_organiser_come_with_their_language() -> None:
    activity = an_activity()
    activity.texts = [
        ActivityText(field=TextField.DESCRIPTION, language="de", text="Wir reden."),
        ActivityText(field=TextField.DESCRIPTION, language="fr", text="On parle."),
        ActivityText(field=TextField.PRICE, language="en", text="Coffee is free."),
    ]

    told = [telling.own_words(activity, what, EN) for what in TextField]

    assert told == [("", ""), ("On parle.", "fr"), ("", ""), ("Coffee is free.", "")]


def test_an_evening_of_two_parts_tells_each() -> None:
    activity = an_activity()
    parts = [("fr", 19, 20), ("de", 19, 20), ("lb", 20, 21)]
    activity.languages = [ActivityLanguage(tag=tag, starts=time(start), ends=time(end)) for tag, start, end in parts]

    assert telling.parts_words(activity, EN) == ["19:00 – 20:00: French and German", "20:00 – 21:00: Luxembourgish"]


def test_one_sentence_tells_all_that_matters() -> None:
    activity = an_activity("lb", "fr")

    sentence = telling.summary(activity, EN)

    assert sentence == (
        "Conversation table (Luxembourgish and French): every Tuesday, 18:30 – 20:00, Centre culturel, Belvaux. "
        "Beginners (A1–A2). Free of charge. Offered by Gemeng Suessem."
    )


@pytest.mark.parametrize(
    ("written", "ways"),
    [
        ("26 00 00 00", [Way("phone", "26 00 00 00", "tel:+35226000000")]),
        (
            "https://www.example.lu/cours/, +352 26 00 00 00, info@example.lu",
            [
                Way("link", "example.lu/cours", "https://www.example.lu/cours/"),
                Way("phone", "+352 26 00 00 00", "tel:+35226000000"),
                Way("mail", "info@example.lu", "mailto:info@example.lu"),
            ],
        ),
        ("javascript:alert(1)", []),
        ("at the counter", []),
    ],
)
def test_ways_to_reach_somebody_are_found_in_a_text(written: str, ways: list[Way]) -> None:
    assert telling.ways_of(written) == ways


def test_luxembourgish_drops_the_n_where_its_grammar_wants_it() -> None:
    told = [telling.listed(["Franséisch", last], LB) for last in ("Däitsch", "Lëtzebuergesch", "Englesch")]

    assert told == ["Franséisch an Däitsch", "Franséisch a Lëtzebuergesch", "Franséisch an Englesch"]
