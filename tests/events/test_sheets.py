"""Activities as a CSV sheet: what is read, what is refused and where, and that nothing changes on the way."""

import csv
import io
import json
import os
import random
from dataclasses import fields
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commune_hub.base.errors import InputCode, Invalid
from commune_hub.events.inputs import ActivityDraft
from commune_hub.events.recurrence import Rhythm, RhythmKind, Slot, Weekday, describe
from commune_hub.events.sheets import (
    COLUMNS,
    MOST_BYTES,
    MOST_ERRORS,
    ActivityRow,
    Encoding,
    RowError,
    SheetCode,
    errors_from,
    form_of,
    neutral,
    read_activities,
    restored,
    template,
    write_activities,
)
from commune_hub.events.words import ActivityKind, AttendanceMode, CefrLevel, RegistrationBy, SignupMode

PLAIN = {
    "reference": "T-1", "kind": "conversation_table", "languages": "lb|fr", "locality": "Soleuvre", "weekday": "TU",
    "first_on": "2026-09-15", "last_on": "2027-07-15", "start": "18:30", "end": "20:00",
}  # fmt: skip
PLAIN_ROW = ActivityRow(
    reference="T-1",
    kind=ActivityKind.CONVERSATION_TABLE,
    languages=("lb", "fr"),
    locality="Soleuvre",
    rrule="FREQ=WEEKLY;BYDAY=TU",
    first_on=date(2026, 9, 15),
    last_on=date(2027, 7, 15),
    slots=(Slot(time(18, 30), 90),),
)


def a_sheet(*rows, delimiter=";", **given):
    """Lines of a sheet with the columns of the plainest row and those given, as bytes."""
    rows = rows or ({},)
    names = list(dict.fromkeys([*PLAIN, *given, *(name for row in rows for name in row)]))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(names)
    writer.writerows([(PLAIN | given | row).get(name, "") for name in names] for row in rows)
    return out.getvalue().encode()


def errors_of(data):
    return [(error.line, error.column, error.code) for error in read_activities(data).errors]


# -- what is read


def test_a_plain_row_is_read_with_the_defaults_of_the_rest():
    reading = read_activities(a_sheet())

    assert (reading.rows, reading.errors) == ((PLAIN_ROW,), ())


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
def test_the_sheets_that_people_have_are_read(delimiter, encoding):
    data = a_sheet(delimiter=delimiter, venue="Café « Zur Brück »").decode().encode(encoding)

    reading = read_activities(data)

    assert [row.venue for row in reading.rows] == ["Café « Zur Brück »"]
    assert reading.delimiter == delimiter
    assert reading.encoding == (Encoding.UTF_8 if encoding.startswith("utf") else Encoding.LATIN_1)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"weekday": "mardi"}, {"rrule": "FREQ=WEEKLY;BYDAY=TU"}),
        ({"weekday": "Dënschdeg | Terça-feira, FRIDAY"}, {"rrule": "FREQ=WEEKLY;BYDAY=TU,FR"}),
        ({"weekday": "2WE"}, {"rrule": "FREQ=MONTHLY;BYDAY=2WE"}),
        ({"weekday": "'-1WE"}, {"rrule": "FREQ=MONTHLY;BYDAY=-1WE"}),
        ({"weekday": "", "rrule": "RRULE:FREQ=weekly;INTERVAL=2"}, {"rrule": "FREQ=WEEKLY;INTERVAL=2"}),
        ({"start": "18h30", "end": "20h"}, {}),
        ({"start": "19:00|19:45", "end": "19:45|20:30"}, {"slots": (Slot(time(19), 45), Slot(time(19, 45), 45))}),
        ({"start": "22:30", "end": "0:15"}, {"slots": (Slot(time(22, 30), 105),)}),
        ({"first_on": "15.9.2026", "last_on": "15/07/2027"}, {}),
        ({"skipped_dates": "2026-12-22, 29.12.2026"}, {"skipped_dates": {date(2026, 12, 22), date(2026, 12, 29)}}),
        ({"level_from": "a1.2", "level_to": "B1"}, {"level_from": CefrLevel.A1_2, "level_to": CefrLevel.B1}),
        ({"languages": "LB, zh-Hant sgg"}, {"languages": ("lb", "zh-Hant", "sgg")}),
        ({"kind": "Conversation table"}, {}),
        ({"price": "138 EUR", "voucher_price": "10,50"}, {"price": 13800, "voucher_price": 1050}),
        ({"child_care": "Oui", "minors": "x"}, {"child_care": True, "minors_allowed": True}),
        ({"contact_phone": "'+352 27 51 23 45"}, {"contact_phone": "+352 27 51 23 45"}),
        ({"description_de": "Eine Zeile\r\nnoch eine"}, {"description_de": "Eine Zeile\nnoch eine"}),
    ],
)
def test_cells_are_read_as_people_write_them(cells, expected):
    [row] = read_activities(a_sheet(cells)).rows

    assert {name: getattr(row, name) for name in expected} == expected
    assert expected or row == PLAIN_ROW


def test_notes_and_blank_lines_are_passed_over_and_rows_know_their_line():
    data = a_sheet() + b"\r\n;;;;;;;;\r\n# a note;1;2\r\n" + a_sheet({"reference": "T-2"}).split(b"\r\n")[1]

    assert [(row.reference, row.line) for row in read_activities(data).rows] == [("T-1", 2), ("T-2", 6)]


def test_the_order_of_columns_does_not_matter_and_names_are_forgiven():
    data = a_sheet().replace(b"first_on", b'" First on "')

    assert read_activities(data).rows == (PLAIN_ROW,)


# -- what is refused


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"reference": ""}, "reference", InputCode.REQUIRED),
        ({"reference": "x" * 81}, "reference", InputCode.TOO_LONG),
        ({"kind": "bingo"}, "kind", InputCode.NOT_A_CHOICE),
        ({"languages": "Luxembourgish"}, "languages", InputCode.NOT_A_LANGUAGE),
        ({"languages": "|"}, "languages", InputCode.NOT_A_LANGUAGE),
        ({"level_from": "A7"}, "level_from", InputCode.NOT_A_CHOICE),
        ({"level_from": "B2", "level_to": "A1"}, "level_to", InputCode.TOO_SMALL),
        ({"locality": ""}, "venue", InputCode.REQUIRED),
        ({"first_on": "31.02.2027"}, "first_on", InputCode.NOT_A_DATE),
        ({"first_on": "٢٠٢٦-٠٩-١٥"}, "first_on", InputCode.NOT_A_DATE),
        ({"last_on": "2026-09-14"}, "last_on", InputCode.END_BEFORE_START),
        ({"last_on": "9999-12-31"}, "last_on", InputCode.SEASON_TOO_LONG),
        ({"start": "25:00"}, "start", InputCode.NOT_A_TIME),
        ({"start": "18:30|19:30"}, "end", SheetCode.NOT_AS_MANY_ENDS),
        ({"start": "18:30|19:30", "end": "19:00|20:30"}, "end", SheetCode.SLOTS_DIFFER),
        ({"start": "18:30|18:30", "end": "19:00|19:00"}, "start", InputCode.SAME_TIME_TWICE),
        ({"start": "19:00", "end": "18:00"}, "end", InputCode.END_BEFORE_START),
        ({"start": "", "end": ""}, "start", InputCode.REQUIRED),
        ({"weekday": "someday"}, "weekday", InputCode.NOT_A_RULE),
        ({"weekday": "TU|2WE"}, "weekday", InputCode.NOT_A_RULE),
        ({"weekday": "", "rrule": "FREQ=SECONDLY"}, "rrule", InputCode.NOT_A_RULE),
        ({"rrule": "FREQ=DAILY"}, "rrule", SheetCode.WEEKDAY_AND_RULE),
        ({"weekday": "", "rrule": "FREQ=DAILY", "last_on": "2028-09-01"}, "rrule", InputCode.TOO_MANY_DATES),
        ({"weekday": "MO", "last_on": "2026-09-16"}, "weekday", InputCode.NO_DATES),
        ({"weekday": "", "start": "", "end": ""}, "weekday", InputCode.NO_DATES),
        ({"weekday": ""}, "weekday", InputCode.NO_DATES),
        ({"extra_dates": "2030-01-01"}, "extra_dates", InputCode.OUTSIDE_SEASON),
        ({"extra_dates": "2026-10-10|" * 401}, "extra_dates", InputCode.TOO_MANY_DATES),
        ({"skip_school_holidays": "maybe"}, "skip_school_holidays", InputCode.NOT_A_CHOICE),
        ({"capacity": "0"}, "capacity", InputCode.TOO_SMALL),
        ({"capacity": "9" * 5000}, "capacity", InputCode.NOT_A_NUMBER),
        ({"capacity": "1e3"}, "capacity", InputCode.NOT_A_NUMBER),
        ({"price": "dear"}, "price", InputCode.NOT_A_NUMBER),
        ({"price": "99999"}, "price", InputCode.TOO_LARGE),
        ({"registration_contact": "javascript:alert(1)"}, "registration_contact", InputCode.NOT_A_CONTACT),
        ({"online_url": "javascript:alert(1)"}, "online_url", InputCode.NOT_A_LINK),
        ({"contact_phone": "call me"}, "contact_phone", InputCode.NOT_A_PHONE),
        ({"contact_mail": "a@b"}, "contact_mail", InputCode.NOT_A_MAIL),
        ({"venue": "Hall\x07"}, "venue", InputCode.CONTROL_CHARACTERS),
        ({"venue": "two\nlines"}, "venue", InputCode.CONTROL_CHARACTERS),
    ],
)
def test_a_wrong_cell_is_named_by_line_column_and_code(cells, column, code):
    assert errors_of(a_sheet({}, {"reference": "T-2"} | cells)) == [(3, column, code)]


def test_everything_wrong_in_a_sheet_is_told_at_once_with_what_stood_there():
    reading = read_activities(a_sheet({"kind": "bingo", "start": "99"}, {}, {"capacity": "-4"}))

    assert reading.errors == (
        RowError(2, "kind", InputCode.NOT_A_CHOICE, "bingo"),
        RowError(2, "start", InputCode.NOT_A_TIME, "99"),
        RowError(3, "reference", SheetCode.DOUBLE_REFERENCE, "T-1"),
        RowError(4, "capacity", InputCode.TOO_SMALL, "-4"),
        RowError(4, "reference", SheetCode.DOUBLE_REFERENCE, "T-1"),
    )


def test_a_line_is_counted_as_an_editor_counts_it():
    data = a_sheet({"description_fr": "un\ndeux\ntrois"}, {"reference": "T-2", "kind": "bingo"})

    assert errors_of(data) == [(5, "kind", InputCode.NOT_A_CHOICE)]


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        (b"", [(0, "", SheetCode.EMPTY)]),
        (b"\xef\xbb\xbf \r\n", [(0, "", SheetCode.EMPTY)]),
        (b"x" * (MOST_BYTES + 1), [(0, "", SheetCode.TOO_BIG)]),
        (b"PK\x03\x04 a workbook", [(0, "", SheetCode.NOT_A_SHEET)]),
        ("reference;kind".encode("utf-16"), [(0, "", SheetCode.NOT_A_SHEET)]),
        (a_sheet().replace(b"lb|fr", b"lb\x00fr"), [(0, "", SheetCode.NOT_A_SHEET)]),
        (a_sheet(colour="red"), [(1, "colour", SheetCode.UNKNOWN_COLUMN)]),
        (a_sheet().replace(b"locality", b"reference"), [(1, "reference", SheetCode.DOUBLE_COLUMN)]),
        (a_sheet().replace(b"kind;", b"start;"),
         [(1, "start", SheetCode.DOUBLE_COLUMN), (1, "kind", SheetCode.MISSING_COLUMN)]),
        (a_sheet().replace(b";20:00", b""), [(2, "end", SheetCode.TOO_FEW_CELLS)]),
        (a_sheet().replace(b"20:00", b"20:00;;x"), [(2, "", SheetCode.TOO_MANY_CELLS)]),
        (a_sheet().replace(b"T-1", b'"T-1'), [(2, "", SheetCode.BAD_QUOTES)]),
        (a_sheet().replace(b"T-1", b'"T" 1'), [(2, "", SheetCode.BAD_QUOTES)]),
        (a_sheet(venue="x" * 200_000), [(2, "", InputCode.TOO_LONG)]),
    ],
)  # fmt: skip
def test_a_sheet_of_the_wrong_shape_is_refused_with_a_code(data, errors):
    assert errors_of(data) == errors


def test_a_table_of_something_else_names_what_it_lacks():
    found = errors_of(b"name,birthday\nA,B\n")

    assert found[:2] == [(1, "name", SheetCode.UNKNOWN_COLUMN), (1, "birthday", SheetCode.UNKNOWN_COLUMN)]
    assert {code for _, _, code in found[2:]} == {SheetCode.MISSING_COLUMN}


@pytest.mark.parametrize(
    "rrule", ["FREQ=WEEKLY;COUNT=400;BYDAY=MO,TU,WE,TH", "FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=1,2,3,4,5,6,7,8,-1,-2"]
)
def test_two_thousand_rows_are_the_most_whatever_their_rules(rrule):
    rows = [{"reference": str(n), "last_on": "2028-09-01", "weekday": "", "rrule": rrule} for n in range(2001)]

    reading = read_activities(a_sheet(*rows))

    assert (len(reading.rows), [error.code for error in reading.errors]) == (2000, [SheetCode.TOO_MANY_ROWS])


def test_a_sheet_full_of_errors_stops_telling_them():
    reading = read_activities(a_sheet(*({"reference": str(n), "kind": "bingo"} for n in range(1000))))

    assert len(reading.errors) == MOST_ERRORS + 1
    assert reading.errors[-1] == RowError(MOST_ERRORS + 1, "", SheetCode.MORE_ERRORS)


# -- what is written


def test_the_template_is_a_sheet_without_rows_and_its_example_is_right():
    empty = read_activities(template())
    example = read_activities(template().replace(b"# TABLE-1", b"TABLE-1"))

    assert (empty.rows, empty.errors) == ((), ())
    assert (len(example.rows), example.errors) == (1, ())


def test_the_notes_of_the_template_are_in_the_words_of_the_door():
    assert "# votre numéro;" in template({"reference": "votre numéro"}).decode("utf-8-sig")


def test_what_is_exported_opens_in_a_spreadsheet_here():
    data = write_activities([PLAIN_ROW])

    assert data.startswith(b"\xef\xbb\xbfreference;kind;languages;")
    assert data.endswith(b"\r\n")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+352 621", "'+352 621"),
        ("-1WE", "'-1WE"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("＝1+1", "'＝1+1"),
        ("#12", "'#12"),
        ("'=1", "''=1"),
        ("'hello'", "'hello'"),
        ("plain = text", "plain = text"),
        ("", ""),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_made_text_and_comes_back(cell, written):
    assert neutral(cell) == written
    assert restored(written) == cell


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
LINE = st.one_of(TEXT, st.builds("".join, st.tuples(st.sampled_from("=+-@'#;,\"|"), TEXT))).map(str.strip)
LINES = st.lists(LINE, max_size=3).map("\n".join).map(str.strip)
NAME = LINE.map(lambda text: text.replace("|", "/"))
DAYS = st.frozensets(st.dates(date(2026, 9, 15), date(2027, 7, 15)), max_size=5)
LEVELS = st.sampled_from([None, *CefrLevel])
RHYTHMS = [
    "", "FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYDAY=2WE", "FREQ=MONTHLY;BYDAY=-1WE",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "FREQ=MONTHLY;COUNT=8", "FREQ=DAILY;INTERVAL=2;BYDAY=SA", "FREQ=WEEKLY",
    "FREQ=MONTHLY;BYDAY=SU", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,-1",
]  # fmt: skip
SLOTS = st.one_of(
    st.builds(lambda hour, length: (Slot(time(hour, 15), length),), st.integers(0, 23), st.integers(1, 720)),
    st.just((Slot(time(19), 45), Slot(time(19, 45), 45))),
)


@st.composite
def activity_rows(draw, reference):
    given = {f.name: draw(LINE) for f in fields(ActivityRow) if f.name.startswith("title_") or f.name in (
        "organiser", "hosts", "venue", "address", "locality", "convention_reference", "contact_name")}  # fmt: skip
    given |= {f.name: draw(LINES) for f in fields(ActivityRow) if f.name.startswith("description_")}
    given |= {f.name: draw(st.booleans()) for f in fields(ActivityRow) if f.type is bool}
    low, high = sorted([draw(LEVELS), draw(LEVELS)], key=lambda level: level or 0)
    return ActivityRow(
        **given | {"venue": given["venue"] or "?"},
        reference=reference,
        kind=draw(st.sampled_from(ActivityKind)),
        languages=draw(st.sampled_from([("lb",), ("fr", "zh-Hant"), ("sgg", "lb", "ar")])),
        first_on=date(2026, 9, 15),
        last_on=date(2027, 7, 15),
        level_from=low,
        level_to=high,
        co_organisers=tuple(dict.fromkeys(filter(None, draw(st.lists(NAME, max_size=3))))),
        attendance_mode=draw(st.sampled_from(AttendanceMode)),
        online_url=draw(st.sampled_from(["", "https://example.lu/é?a=b;c"])),
        postcode=draw(st.sampled_from(["", "4411", "L-4411"])),
        rrule=draw(st.sampled_from(RHYTHMS)),
        slots=draw(SLOTS),
        extra_dates=draw(DAYS) | {date(2026, 11, 7)},
        skipped_dates=draw(DAYS),
        signup=draw(st.sampled_from([None, *SignupMode])),
        capacity=draw(st.sampled_from([None, 1, 5000])),
        waiting_room=draw(st.sampled_from([None, 0, 500])),
        registration_by=draw(st.sampled_from(RegistrationBy)),
        registration_contact=draw(st.sampled_from(["", "+352 621 123 456", "a@example.lu", "https://example.lu/x"])),
        closes_hours=draw(st.sampled_from([None, 0, 48])),
        price=draw(st.sampled_from([None, 0, 1, 13800, 1_000_000])),
        voucher_price=draw(st.sampled_from([None, 1050])),
        contact_phone=draw(st.sampled_from(["", "+352 621 123 456", "27 51 23 45"])),
        contact_mail=draw(st.sampled_from(["", "a+b@example.lu"])),
    )


@settings(max_examples=60, deadline=None)
@given(data=st.data(), references=st.lists(LINE.filter(bool), unique=True, min_size=1, max_size=3))
def test_what_was_exported_comes_back_unchanged_and_no_cell_runs(data, references):
    rows = tuple(data.draw(activity_rows(reference)) for reference in references)

    sheet = write_activities(rows)

    reading = read_activities(sheet)
    cells = [
        cell for line in csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline=""), delimiter=";") for cell in line
    ]
    assert (reading.errors, reading.rows) == ((), rows)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def test_every_field_of_a_row_has_a_column():
    assert {column.field for column in COLUMNS} == {f.name for f in fields(ActivityRow)} - {"line"}


# -- the way into the form


def test_a_row_becomes_the_form_of_an_activity():
    [row] = read_activities(
        a_sheet(start="19:00|19:45", end="19:45|20:30", level_from="A1.2", price="10,50", title_lb="Café", minors="yes",
                extra_dates="2026-10-10", skip_public_holidays="no", co_organisers="ASTI|Bibliothéik")
    ).rows  # fmt: skip

    draft = ActivityDraft.parse(form_of(row))

    assert draft.model_dump(exclude_defaults=True) == {
        "kind": "conversation_table",
        "languages": ("lb", "fr"),
        "level_from": CefrLevel.A1_2,
        "rrule": "FREQ=WEEKLY;BYDAY=TU",
        "starts": time(19),
        "ends": time(19, 45),
        "second_starts": time(19, 45),
        "first_on": date(2026, 9, 15),
        "last_on": date(2027, 7, 15),
        "extra_dates": (date(2026, 10, 10),),
        "price": 1050,
        "minors_allowed": True,
        "reference": "T-1",
        "title_lb": "Café",
        "co_organisers": ("ASTI", "Bibliothéik"),
    }


def test_what_the_form_refuses_is_told_by_the_columns_of_the_sheet():
    [row] = read_activities(a_sheet(kind="coaching", weekday="", start="", end="")).rows

    with pytest.raises(Invalid) as refused:
        ActivityDraft.parse(form_of(row))

    assert errors_from(row, refused.value.problems) == [
        RowError(2, "start", InputCode.REQUIRED),
        RowError(2, "end", InputCode.REQUIRED),
    ]


# -- what communes have: the patterns of sixteen real offers, under invented names

SEASON = {"first_on": "2026-09-15", "last_on": "2027-06-30"}
TU, WE = Weekday.TUESDAY, Weekday.WEDNESDAY
CAFE, COACHING = "language_cafe", "coaching"
LAST_WEDNESDAY = Rhythm(RhythmKind.NTH_OF_MONTH, 1, (WE,), (-1,))
PATTERNS = {
    "dommeldange-cafe": (
        {"kind": CAFE, "languages": "lb|fr|en|de|it|es", "weekday": "-1WE", "start": "19:00", "end": "20:30",
         "skipped_dates": "2026-12-30", "venue": "Haus am Bach"}, LAST_WEDNESDAY),
    "walferdange-cafe": (
        {"kind": CAFE, "languages": "lb", "weekday": "2WE", "start": "19:00", "end": "21:00", "venue": "Centre Anna"},
        Rhythm(RhythmKind.NTH_OF_MONTH, 1, (WE,), (2,))),
    "strassen-babel": (
        {"kind": CAFE, "languages": "lb|fr|pt", "weekday": "2MO", "start": "19:00", "end": "21:00",
         "skipped_dates": "2027-02-08", "extra_dates": "2027-02-15"},
        Rhythm(RhythmKind.NTH_OF_MONTH, 1, (Weekday.MONDAY,), (2,), loose=1)),
    "dudelange-cafe": (
        {"kind": CAFE, "languages": "lb|fr|en|pt|it|de|es", "rrule": "FREQ=MONTHLY;COUNT=8", "start": "19:00",
         "end": "20:00"}, Rhythm(RhythmKind.DAY_OF_MONTH, day_of_month=15)),
    "esch-ratelach": (
        {"kind": CAFE, "languages": "lb|it|en|es|fr|de", "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
         "start": "19:00|19:45", "end": "19:45|20:30", "registration_by": "provider",
         "registration_contact": "cafe@example.lu", "capacity": "18"}, Rhythm(RhythmKind.EVERY_N_WEEKS, 2, (WE,))),
    "tetange-cafe": (
        {"kind": CAFE, "languages": "lb|pt", "weekday": "TU", "start": "19:00", "end": "21:00", "capacity": "24"},
        Rhythm(RhythmKind.EVERY_N_WEEKS, 1, (TU,))),
    "mudam-cafe": (
        {"kind": CAFE, "languages": "lb|de|fr|en", "weekday": "-1WE", "start": "18:00", "end": "20:00",
         "signup": "sign_up", "capacity": "20"}, LAST_WEDNESDAY),
    "club-polyglotte": (
        {"kind": CAFE, "languages": "en|fr|es|pt|it|de|lb|nl|ja|zh", "weekday": "TU", "start": "19:00",
         "end": "22:00", "signup": "drop_in"}, Rhythm(RhythmKind.EVERY_N_WEEKS, 1, (TU,))),
    "tnl-poterowend": (
        {"kind": "conversation_table", "languages": "lb", "start": "19:30", "end": "21:00",
         "extra_dates": "2026-10-21|2026-11-26|2027-01-12|2027-02-12|2027-03-09|2027-04-29|2027-05-11"},
        Rhythm(RhythmKind.LOOSE_DATES, loose=7)),
    "esch-coaching": ({"kind": COACHING, "languages": "lb", "level_from": "A1.2", "locality": "Esch-Uelzecht"}, None),
    "asti-online": (
        {"kind": COACHING, "languages": "fr|lb|de|en", "level_from": "A1", "attendance": "online", "locality": ""},
        None),
    "redange-wiltz-coaching": (
        {"kind": COACHING, "languages": "lb", "locality": "Réiden", "co_organisers": "Maison des langues"}, None),
    "passerell-summer": (
        {"kind": "volunteer_course", "languages": "fr|lb|en", "weekday": "MO|TU|WE|TH", "start": "09:00",
         "end": "12:00", "first_on": "2027-07-19", "last_on": "2027-08-13", "capacity": "5"},
        Rhythm(RhythmKind.EVERY_N_WEEKS, 1, (Weekday.MONDAY, TU, WE, Weekday.THURSDAY))),
    "wiltz-a11": (
        {"kind": "conventioned_course", "languages": "lb", "level_from": "A1.1", "level_to": "A1.1",
         "weekday": "TU|TH|FR", "start": "09:00", "end": "11:00", "convention_reference": "C-2026-3"},
        Rhythm(RhythmKind.EVERY_N_WEEKS, 1, (TU, Weekday.THURSDAY, Weekday.FRIDAY))),
    "moien-a11": (
        {"kind": "conventioned_course", "languages": "lb", "weekday": "TU|TH", "start": "18:30", "end": "20:30",
         "last_on": "2026-12-08", "price": "148", "voucher_price": "20", "registration_by": "provider",
         "registration_contact": "https://example.lu/courses"},
        Rhythm(RhythmKind.EVERY_N_WEEKS, 1, (TU, Weekday.THURSDAY))),
    "orientation-day": (
        {"kind": "orientation_day", "languages": "fr|lb|de|en", "start": "09:00", "end": "13:30",
         "extra_dates": "2026-11-14", "capacity": "1100", "registration_by": "authority"},
        Rhythm(RhythmKind.ONCE, loose=1)),
}  # fmt: skip


@pytest.mark.parametrize("name", PATTERNS)
def test_the_patterns_of_real_offers_fit_into_the_sheet(name):
    cells, rhythm = PATTERNS[name]
    blank = dict.fromkeys(("weekday", "start", "end"), "")

    reading = read_activities(a_sheet(blank | SEASON | cells))

    assert reading.errors == ()
    [row] = reading.rows
    assert (row.season and describe(row.season)) == rhythm
    assert read_activities(write_activities([row])).rows == (row,)


FACTS = Path(os.environ.get("COMMUNE_HUB_FACTS", Path(__file__).parents[3] / "shared" / "data"))


@pytest.mark.skipif(not (FACTS / "offers-examples.json").exists(), reason="the folder of facts is not here")
def test_the_patterns_are_those_of_the_collected_offers():
    offers = json.loads((FACTS / "offers-examples.json").read_text())["offers"]

    assert [offer["id"] for offer in offers] == list(PATTERNS)
    assert [offer["model"].replace("official", "conventioned") for offer in offers] == [
        cells["kind"] for cells, _ in PATTERNS.values()
    ]


# -- bad input


def test_two_thousand_spoiled_sheets_give_errors_and_nothing_worse():
    chance = random.Random(20261122)
    good = write_activities([PLAIN_ROW]) + a_sheet({"description_fr": 'dit "oui"; non'}).split(b"\r\n", 1)[1]
    evil = [b'"', b";", b"\t", b"\r", b"\n", b"\xff", b"\xc3", b"=", b"-", b"|", b"9999999999", b"\xe2\x80\xa8",
            b"FREQ=SECONDLY", b"FREQ=DAILY;COUNT=400", b"9999-12-31", b"0001-01-01", b"\x00", b"\xf0\x9f\x99\x82",
            "٣".encode(), b"#", b"'", b"24:00", b"-5SU", b"zz-" * 20]  # fmt: skip

    readings = [read_activities(_spoiled(good, evil, chance)) for _ in range(2000)]

    assert all(reading.rows or reading.errors for reading in readings)


def _spoiled(data, evil, chance):
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        until = at + chance.choice([0, 0, 1, 5, 50])
        data = data[:at] + chance.choice(evil) + data[until:]
    return data
