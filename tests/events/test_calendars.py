"""Meetings as iCalendar, read back by a parser."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from commune_hub.base.words import LOCAL
from commune_hub.events.calendars import CalendarEntry, Mailbox, Method, calendar_of, invitation_of
from commune_hub.events.recurrence import wall_clock

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
HOST = "hub.example.lu"
ENTRY = CalendarEntry(
    public_id="Zk3mVt9cQ1xW_d-70aPp2g",
    starts_at=datetime(2026, 11, 24, 17, 30, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 19, tzinfo=UTC),
    summary="Lëtzebuergesch poteren",
    location="Centre culturel, 1, rue de l'Église; Belvaux",
    description="Kommt!\nجدول محادثة · 會話 · Спілкування 🙂 \\N \\n C:\\new",
    url="https://hub.example.lu/lb/meetings/Zk3mVt9cQ1xW_d-70aPp2g",
    geo=(49.5117, 5.9292),
    lang="lb",
    sequence=2,
    changed_at=datetime(2026, 11, 20, 8, tzinfo=UTC),
)
OFFICE = Mailbox("office@example.lu", 'Gemeng "Zolver"; Büro')
LEARNER = Mailbox("amina+hub@example.lu", "Amina عمر")


def the_event(data):
    [event] = Calendar.from_ical(data).walk("VEVENT")
    return event


def test_a_meeting_says_when_where_and_what():
    data = calendar_of([ENTRY], host=HOST, now=NOW)

    assert data.decode().replace("\r\n ", "").split("END:VTIMEZONE\r\n")[1].splitlines() == [
        "BEGIN:VEVENT",
        "SUMMARY;LANGUAGE=lb:Lëtzebuergesch poteren",
        "DTSTART;TZID=Europe/Luxembourg:20261124T183000",
        "DTEND;TZID=Europe/Luxembourg:20261124T200000",
        "DTSTAMP:20261122T100000Z",
        "UID:Zk3mVt9cQ1xW_d-70aPp2g@hub.example.lu",
        "SEQUENCE:2",
        r"DESCRIPTION;LANGUAGE=lb:Kommt!\nجدول محادثة · 會話 · Спілкування 🙂 \\N \\n C:\\new",
        "GEO:49.5117;5.9292",
        "LAST-MODIFIED:20261120T080000Z",
        r"LOCATION;LANGUAGE=lb:Centre culturel\, 1\, rue de l'Église\; Belvaux",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://hub.example.lu/lb/meetings/Zk3mVt9cQ1xW_d-70aPp2g",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_a_meeting_that_changes_keeps_its_name_and_grows_and_one_that_is_cancelled_stays_in():
    before = the_event(calendar_of([ENTRY], host=HOST, now=NOW))
    after = the_event(calendar_of([replace(ENTRY, sequence=3, cancelled=True)], host=HOST, now=NOW))

    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"], after["STATUS"]) == (2, 3, "CANCELLED")


def test_a_feed_has_a_name_a_pace_and_its_zone_once():
    entries = [ENTRY, replace(ENTRY, public_id="another")]

    data = calendar_of(entries, host=HOST, now=NOW, name="Sassenheim", lang="fr", refresh=timedelta(hours=6))

    calendar = Calendar.from_ical(data)
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE", "VEVENT", "VEVENT"]
    assert {name: value.to_ical() for name, value in calendar.items()} == {
        "PRODID": b"-//commune-hub//commune-hub//EN",
        "VERSION": b"2.0",
        "CALSCALE": b"GREGORIAN",
        "METHOD": b"PUBLISH",
        "NAME": b"Sassenheim",
        "X-WR-CALNAME": b"Sassenheim",
        "REFRESH-INTERVAL": b"PT6H",
        "X-PUBLISHED-TTL": b"PT6H",
    }
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in data


def test_an_empty_feed_is_still_a_calendar():
    assert Calendar.from_ical(calendar_of([], host=HOST, now=NOW)).walk("VEVENT") == []


def test_the_zone_changes_at_the_hour_that_the_clocks_show_before():
    data = calendar_of([], host=HOST, now=NOW)

    wanted = ("BEGIN:DAYLIGHT", "BEGIN:STANDARD", "DTSTART", "RRULE")
    assert [line for line in data.decode().splitlines() if line.startswith(wanted)] == [
        "BEGIN:DAYLIGHT",
        "DTSTART:19960331T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "BEGIN:STANDARD",
        "DTSTART:19961027T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    ]  # fmt: skip


def test_the_zone_says_what_the_zone_data_says_for_years():
    [zone] = Calendar.from_ical(calendar_of([], host=HOST, now=NOW)).walk("VTIMEZONE")
    told = zone.to_tz(lookup_tzid=False)

    moments = [datetime(2024, 1, 1, 12) + timedelta(hours=7 * n) for n in range(10_000)]

    assert [moment.replace(tzinfo=told).utcoffset() for moment in moments] == [
        moment.replace(tzinfo=LOCAL).utcoffset() for moment in moments
    ]


@pytest.mark.parametrize(
    ("starts_at", "written"),
    [
        (wall_clock(date(2026, 10, 25), time(2, 30)), b"DTSTART;TZID=Europe/Luxembourg:20261025T023000"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), b"DTSTART:20261025T013000Z"),
        (wall_clock(date(2027, 3, 28), time(2, 30)), b"DTSTART;TZID=Europe/Luxembourg:20270328T033000"),
        (wall_clock(date(2026, 10, 25), time(18, 30)), b"DTSTART;TZID=Europe/Luxembourg:20261025T183000"),
    ],
)
def test_the_hours_around_a_clock_change_are_written_without_doubt(starts_at, written):
    data = calendar_of([replace(ENTRY, starts_at=starts_at)], host=HOST, now=NOW)

    assert written in data.split(b"\r\n")


def test_a_mail_brings_the_booking_without_asking_for_an_answer():
    method, data = invitation_of(ENTRY, host=HOST, now=NOW, organiser=OFFICE, attendee=LEARNER)

    event = the_event(data)
    assert method == Method.REQUEST == Calendar.from_ical(data)["METHOD"]
    assert (event["ORGANIZER"], event["ATTENDEE"]) == (
        "mailto:office@example.lu",
        "mailto:amina+hub@example.lu",
    )
    assert event["ORGANIZER"].params["CN"] in ('Gemeng "Zolver"; Büro', "Gemeng 'Zolver'; Büro")
    assert dict(event["ATTENDEE"].params) == {
        "CN": "Amina عمر", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE",
    }  # fmt: skip


def test_a_mail_about_a_cancelled_meeting_takes_it_out():
    method, data = invitation_of(replace(ENTRY, cancelled=True), host=HOST, now=NOW, organiser=OFFICE, attendee=LEARNER)

    assert method == Method.CANCEL == Calendar.from_ical(data)["METHOD"]
    assert the_event(data)["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029", "\x1c", "\r\n "])
def test_no_field_can_write_a_property_of_its_own(end):
    evil = f"Tea{end}ATTENDEE:mailto:evil@example.com{end}END:VEVENT{end}BEGIN:VALARM"
    entry = replace(ENTRY, summary=evil, location=evil, description=evil, url=f"https://x/{evil}", lang=evil)

    data = calendar_of([entry], host=HOST, now=NOW, name=evil, lang=evil)
    _, mail = invitation_of(entry, host=HOST, now=NOW, organiser=Mailbox(evil, evil), attendee=Mailbox(evil, evil))

    for text in (data.decode(), mail.decode()):
        unfolded = text.replace("\r\n ", "")
        assert not [line for line in unfolded.splitlines() if line.startswith(("ATTENDEE:", "BEGIN:VALARM"))]
        assert unfolded.count("END:VEVENT\r\n") == 1
        assert len(Calendar.from_ical(text).walk("VEVENT")) == 1


@pytest.mark.parametrize(("public_id", "host"), [("a\r\nb", HOST), ("", HOST), ("abc", "hub\r\nX:1"), ("a@b", HOST)])
def test_a_uid_is_made_of_a_public_id_and_a_host_only(public_id, host):
    with pytest.raises(ValueError, match="public id"):
        calendar_of([replace(ENTRY, public_id=public_id)], host=host, now=NOW)


def test_an_instant_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="aware"):
        calendar_of([replace(ENTRY, starts_at=datetime(2026, 11, 24, 17, 30))], host=HOST, now=NOW)


# What people type: any script, no control characters (inputs refuse them), no other line separators.
TYPED = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])).map(str.strip)


@given(summary=TYPED, location=TYPED, description=st.lists(TYPED).map("\n".join))
def test_text_in_any_script_comes_back_byte_for_byte(summary, location, description):
    entry = replace(ENTRY, summary=summary, location=location, description=description)

    data = calendar_of([entry], host=HOST, now=NOW)

    event = the_event(data)
    assert (str(event["SUMMARY"]), str(event.get("LOCATION", ""))) == (summary, location)
    assert str(event.get("DESCRIPTION", "")) == description
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
