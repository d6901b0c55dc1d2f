"""ASTI's lists: what a row means, what is wrong with it, and that all of it comes in or nothing."""

import csv
import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.words import Role
from commune_hub.base.errors import InputCode
from commune_hub.base.outbox import Job
from commune_hub.events.sheets import RowError, SheetCode
from commune_hub.volunteers.coaching import exports, lists, queries
from commune_hub.volunteers.coaching.actions import importing
from commune_hub.volunteers.coaching.lists import COLUMNS, ListKind
from commune_hub.volunteers.models import Volunteer
from tests import factories

LEARNERS = (
    "name;contact;language;level;free_times;place;languages;waiting_since\r\n"
    "Amina;621 123 456;lb;A1;TU3|SA1;Belvaux;fr|ar;2026-10-01\r\n"
    "فاطمة;fatima@example.lu;fr;A2;MO1;Esch;ar;\r\n"
)
VOLUNTEERS = (
    "name;contact;offers;understands;free_times;place;places;charter_on\r\n"
    "Josée Muster;josee@example.lu;lb|fr;pt;TU3;Belvaux;2;2026-09-01\r\n"
)


def errors(kind: ListKind, text: str) -> list[tuple[int, str, object]]:
    return [(error.line, error.column, error.code) for error in lists.read(kind, text.encode()).errors]


def test_the_template_is_a_list_without_anybody() -> None:
    for kind in ListKind:
        reading = lists.read(kind, lists.template(kind))
        filled = lists.template(kind).decode("utf-8-sig").splitlines()[2].removeprefix("# ")
        example = lists.read(kind, ";".join(COLUMNS[kind]).encode() + b"\r\n" + filled.encode())

        assert (reading.lines, reading.errors) == ((), ())
        assert (len(example.lines), example.errors) == (1, ())


def test_a_workbook_is_read_like_a_sheet() -> None:
    book = Workbook()
    for row in csv.reader(io.StringIO(LEARNERS), delimiter=";"):
        book.active.append(row)
    book.active["H2"] = date(2026, 10, 1)
    out = io.BytesIO()
    book.save(out)

    assert lists.read(ListKind.LEARNERS, out.getvalue()).lines == lists.read(ListKind.LEARNERS, LEARNERS.encode()).lines


@pytest.mark.parametrize(
    "row, wrong",
    [
        (";;lb;A1;TU3;Belvaux;;", [("name", InputCode.REQUIRED)]),
        ("Amina;x;lb;A1;TU3;Belvaux;;", [("contact", InputCode.NOT_A_CONTACT)]),
        ("Amina;;lb;Z9;TU3;Belvaux;;", [("level", InputCode.NOT_A_CHOICE)]),
        ("Amina;;lb;A1;TU9;Belvaux;;", [("free_times", InputCode.NOT_A_TIME)]),
        ("Amina;;lb;A1;;Belvaux;;", [("free_times", InputCode.REQUIRED)]),
        ("Amina;;lb;A1;TU3;;;", [("place", InputCode.REQUIRED)]),
        ("Amina;;lb;A1;TU3;Belvaux;;soon", [("waiting_since", InputCode.NOT_A_DATE)]),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(row: str, wrong: list[tuple[str, InputCode]]) -> None:
    found = errors(ListKind.LEARNERS, LEARNERS.splitlines()[0] + "\r\n" + row)

    assert [(column, code) for _, column, code in found] == wrong


def test_unknown_and_missing_columns_are_named() -> None:
    found = errors(ListKind.VOLUNTEERS, "name;shoe_size\r\nJosée;39")

    assert (1, "shoe_size", SheetCode.UNKNOWN_COLUMN) in found
    assert (1, "offers", SheetCode.MISSING_COLUMN) in found


def carried_out(session: Session, kind: ListKind, text: str, now: datetime) -> list[RowError]:
    reading = lists.read(kind, text.encode())
    plan = importing.plan(session, lines=reading.lines, now=now)
    if not plan.errors:
        importing.carry_out(session, plan=plan, actor=factories.an_actor(session, role=Role.ASTI), now=now)
    return list(plan.errors)


def test_learners_come_in_with_their_place_in_the_order_and_without_a_mail(session: Session, now: datetime) -> None:
    first = carried_out(session, ListKind.LEARNERS, LEARNERS, now)
    again = carried_out(session, ListKind.LEARNERS, LEARNERS, now)

    waiting = queries.waiting_requests(session)
    assert first == [] and [error.code for error in again] == [SheetCode.ALREADY_THERE] * 2
    assert [(one.person.name, one.language, one.channel) for one in waiting] == [
        ("Amina", "lb", "import"), ("فاطمة", "fr", "import"),
    ]  # fmt: skip
    assert waiting[0].asked_at.date() == date(2026, 10, 1)
    assert session.scalars(select(Job).where(Job.kind == "coaching_asked_mail")).all() == []


def test_volunteers_come_in_as_announced(session: Session, now: datetime) -> None:
    assert carried_out(session, ListKind.VOLUNTEERS, VOLUNTEERS, now) == []

    [volunteer] = session.scalars(select(Volunteer))
    assert (volunteer.person.name, volunteer.offers, volunteer.understands, volunteer.free_slots) == (
        "Josée Muster", {"lb": None, "fr": None}, ("pt",), 1 << 5,
    )  # fmt: skip
    assert (volunteer.capacity, volunteer.place, volunteer.charter_agreed_on) == (2, "Belvaux", date(2026, 9, 1))
    assert volunteer.state == "announced"


@pytest.mark.parametrize(
    "change, wrong",
    [
        (("Belvaux", "Qwertzuiop"), ("place", InputCode.UNKNOWN_PLACE)),
        ((";A1;", ";A1.1;"), ("level", InputCode.TOO_SMALL)),
        (("2026-10-01", "2027-10-01"), ("waiting_since", InputCode.NOT_A_DATE)),
        (("فاطمة;fatima@example.lu;fr", "Amina;621 123 456;lb"), ("name", SheetCode.DOUBLE_REFERENCE)),
    ],
)
def test_one_wrong_row_stops_the_whole_list(
    session: Session, now: datetime, change: tuple[str, str], wrong: tuple[str, object]
) -> None:
    found = carried_out(session, ListKind.LEARNERS, LEARNERS.replace(*change), now)

    assert [(error.column, error.code) for error in found] == [wrong]
    assert queries.waiting_requests(session) == []


def test_the_tables_to_take_along_have_everybody(session: Session, now: datetime) -> None:
    pair = factories.a_pair(session)
    waiting = factories.a_coaching_request(session)

    tables = {name: exports.table_of(session, name, now) for name in ("pairs", "volunteers", "hours", "waiting", "x")}

    assert tables["x"] is None
    rows = {name: table[1] for name, table in tables.items() if table}
    assert rows["pairs"][0][:4] == [pair.request.person.name, pair.volunteer.person.name, "lb", "accepted"]
    assert rows["volunteers"][0][3:6] == ["lb", "fr", "TU3"]
    assert rows["waiting"][0][0] == waiting.person.name
    assert all(len(row) == len(table[0]) for table in tables.values() if table for row in table[1])


