"""Importing activities: a plan that names every error, then all or nothing."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.accounts.permissions import Actor
from commune_hub.base.errors import InputCode
from commune_hub.events import exporting
from commune_hub.events.actions import importing
from commune_hub.events.models import Activity
from commune_hub.events.recurrence import Slot
from commune_hub.events.sheets import ActivityRow, RowError, SheetCode
from commune_hub.events.words import ActivityKind, ActivityState, AttendanceMode
from tests import factories

ROW = ActivityRow(
    reference="T1", kind=ActivityKind.CONVERSATION_TABLE, languages=("lb",), first_on=date(2026, 12, 1),
    last_on=date(2026, 12, 15), venue="Al Schoul", locality="Belvaux", rrule="FREQ=WEEKLY;BYDAY=TU",
    slots=(Slot(time(18, 30), 90),), line=2,
)  # fmt: skip


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return factories.an_organisation(session)


@pytest.fixture
def actor(session: Session, organisation: Organisation) -> Actor:
    return factories.an_actor(session, organisation=organisation)


def errors_of(
    session: Session, *rows: ActivityRow, ours: list[Organisation], now: datetime, publish: bool = False
) -> list[tuple[int, str, str]]:
    plan = importing.plan(session, rows=rows, organisations=ours, publish=publish, now=now)
    return [(error.line, error.column, error.code) for error in plan.errors]


def test_a_plan_writes_nothing_and_is_carried_out_whole(
    session: Session, organisation: Organisation, actor: Actor, now: datetime
) -> None:
    rows = [ROW, replace(ROW, reference="T2", line=3)]

    plan = importing.plan(session, rows=rows, organisations=[organisation], publish=True, now=now)
    planned = session.scalar(select(func.count()).select_from(Activity))
    made = importing.carry_out(session, plan=plan, actor=actor, publish=True, now=now)

    assert (plan.errors, planned) == ((), 0)
    assert [one.state for one in made] == [ActivityState.PUBLISHED] * 2
    assert made[0].venue is made[1].venue


def test_a_room_of_the_register_is_used_whatever_its_case(
    session: Session, organisation: Organisation, now: datetime
) -> None:
    room = factories.a_venue(session, organisation=organisation, name="AL SCHOUL")

    plan = importing.plan(session, rows=[ROW], organisations=[organisation], publish=False, now=now)

    assert [(one.venue, one.new_venue) for one in plan.planned] == [(room, None)]


def test_every_row_says_what_is_wrong_with_it(session: Session, organisation: Organisation, now: datetime) -> None:
    rows = (
        replace(ROW, organiser="Somebody else"),
        replace(ROW, co_organisers=("Nobody",), line=3),
        replace(ROW, locality="", line=4),
        replace(ROW, locality="Qqqqqq", line=5),
        replace(ROW, slots=(), line=6),
    )

    found = errors_of(session, *rows, ours=[organisation], now=now)

    assert found == [
        (2, "organiser", InputCode.NOT_A_CHOICE),
        (3, "co_organisers", InputCode.NOT_A_CHOICE),
        (4, "venue", InputCode.UNKNOWN_VENUE),
        (5, "locality", InputCode.UNKNOWN_PLACE),
        (6, "start", InputCode.REQUIRED),
        (6, "end", InputCode.REQUIRED),
    ]


def test_with_several_organisations_a_row_must_name_one(
    session: Session, organisation: Organisation, now: datetime
) -> None:
    ours = [organisation, factories.an_organisation(session)]

    without = errors_of(session, ROW, ours=ours, now=now)
    named = errors_of(session, replace(ROW, organiser=ours[1].name.upper()), ours=ours, now=now)

    assert without == [(2, "organiser", InputCode.REQUIRED)]
    assert named == []


def test_what_cannot_be_published_is_said_before(session: Session, organisation: Organisation, now: datetime) -> None:
    course = replace(ROW, kind=ActivityKind.CONVENTIONED_COURSE)
    over = replace(ROW, first_on=date(2026, 10, 6), last_on=date(2026, 10, 27), line=3)

    found = errors_of(session, course, over, ours=[organisation], now=now, publish=True)

    assert found == [(2, "convention_reference", InputCode.REQUIRED), (3, "last_on", InputCode.NO_DATES)]


def test_the_same_season_is_not_imported_twice(
    session: Session, organisation: Organisation, actor: Actor, now: datetime
) -> None:
    plan = importing.plan(session, rows=[ROW], organisations=[organisation], publish=False, now=now)
    importing.carry_out(session, plan=plan, actor=actor, publish=False, now=now)
    next_season = replace(ROW, first_on=date(2027, 1, 5), last_on=date(2027, 3, 30))

    found = errors_of(session, ROW, next_season, ours=[organisation], now=now)

    assert found == [(2, "reference", SheetCode.ALREADY_THERE)]


def test_a_plan_with_errors_is_not_carried_out(session: Session, actor: Actor, now: datetime) -> None:
    broken = importing.Plan((), (RowError(2, "kind", InputCode.REQUIRED),))

    with pytest.raises(ValueError, match="errors"):
        importing.carry_out(session, plan=broken, actor=actor, publish=False, now=now)


def test_an_online_activity_needs_no_place(session: Session, organisation: Organisation, now: datetime) -> None:
    online = replace(ROW, attendance_mode=AttendanceMode.ONLINE, venue="", locality="")

    assert errors_of(session, online, ours=[organisation], now=now, publish=True) == []


def test_what_is_exported_comes_back_as_the_same_row(
    session: Session, organisation: Organisation, actor: Actor, now: datetime
) -> None:
    plan = importing.plan(session, rows=[ROW], organisations=[organisation], publish=False, now=now)
    made = importing.carry_out(session, plan=plan, actor=actor, publish=False, now=now)

    row = exporting.row_of(made[0])

    kept = {name: getattr(row, name) for name in ("reference", "kind", "languages", "first_on", "last_on", "venue")}
    assert kept == {name: getattr(ROW, name) for name in kept}
    assert (row.rrule, row.slots, row.organiser) == (ROW.rrule, ROW.slots, organisation.name)
