"""ASTI's lists of waiting learners and of volunteers as sheets: their columns, how a row is read, the template."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from commune_hub.base.errors import InputCode, Invalid
from commune_hub.base.inputs import Day, Draft, EmptyIsNone
from commune_hub.events.sheets import Encoding, RowError, SheetCode, read_table
from commune_hub.events.words import CefrLevel
from commune_hub.events.workbooks import as_csv, csv_of
from commune_hub.volunteers.coaching.inputs import CounterRequestDraft
from commune_hub.volunteers.inputs import AnnounceDraft, ProfileDraft, TimesDraft
from commune_hub.volunteers.rules import PARTS

_SHOWN = 80
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA")


class ListKind(StrEnum):
    """Which list it is."""

    LEARNERS = "learners"
    VOLUNTEERS = "volunteers"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what belongs there, an example, whether it must be there, the field of the form that it fills."""

    meaning: str
    example: str
    required: bool = False
    field: str = ""
    read: Callable[[str], Any] = str


def _several(cell: str) -> list[str]:
    return [part for part in re.split(r"[|,;\s]+", cell) if part]


def _level(cell: str) -> int:
    try:
        return CefrLevel.from_label(cell)
    except KeyError:
        raise _Wrong(InputCode.NOT_A_CHOICE) from None


def _times(cell: str) -> list[int]:
    slots = []
    for part in _several(cell.upper()):
        if not re.fullmatch(r"(MO|TU|WE|TH|FR|SA)[123]", part):
            raise _Wrong(InputCode.NOT_A_TIME)
        slots.append(_DAYS.index(part[:2]) * PARTS + int(part[2]) - 1)
    return slots


def times_cell(free_slots: int) -> str:
    """Free times as a list has them: MO1|TU3."""
    return "|".join(f"{_DAYS[slot // PARTS]}{slot % PARTS + 1}" for slot in range(18) if free_slots >> slot & 1)


_NAME = Column("first name", "Amina", required=True)
_CONTACT = Column("phone or mail address", "621 123 456")
_SPEAKS = Column("language of our messages: lb fr de en pt", "fr")
_TIMES = Column("free times with | between: day MO TU WE TH FR SA and 1 morning, 2 afternoon, 3 evening", "TU3|SA1",
                field="slots", read=_times)  # fmt: skip
_REACH = Column("how far, in km; nothing: 10", "10")
_ONLINE = Column("also online: yes or no", "no")
_WISHES = Column("wishes", "")

COLUMNS: dict[ListKind, dict[str, Column]] = {
    ListKind.LEARNERS: {
        "name": _NAME, "contact": _CONTACT, "speaks": _SPEAKS,
        "language": Column("language to practise: lb, fr, de ...", "lb", required=True),
        "level": Column("A1, A2, B1 ...", "A1", required=True, read=_level),
        "free_times": Column(_TIMES.meaning, _TIMES.example, True, "slots", _times),
        "place": Column("village, quarter or postcode", "Belvaux"),
        "reach_km": _REACH, "online": _ONLINE,
        "languages": Column("languages in which somebody can help out, with | between", "fr|pt", read=_several),
        "must_share": Column("the coach has to speak one of them: yes or no", "no"),
        "under_18": Column("yes or no", "no", field="minor"),
        "waiting_since": Column("day of the request; nothing: today", "2026-10-01"),
        "wishes": _WISHES,
    },
    ListKind.VOLUNTEERS: {
        "name": Column("name", "Josée Muster", required=True),
        "contact": Column(_CONTACT.meaning, "josee@example.lu", required=True), "speaks": _SPEAKS,
        "offers": Column("languages offered, with | between", "lb|fr", required=True, read=_several),
        "understands": Column("other languages understood, with | between", "pt", read=_several),
        "free_times": _TIMES, "now_and_then": Column("yes or no", "no"),
        "place": Column("village, quarter or postcode", "Belvaux", required=True),
        "reach_km": _REACH, "online": _ONLINE,
        "places": Column("how many learners at once; nothing: 1", "1", field="capacity"),
        "charter_on": Column("day on which the charter was agreed to", "2026-09-01"),
        "wishes": _WISHES,
    },
}  # fmt: skip


class LearnerRow(CounterRequestDraft):
    """A waiting learner of a list."""

    waiting_since: Annotated[Day | None, EmptyIsNone] = None


class VolunteerRow(AnnounceDraft, ProfileDraft, TimesDraft):
    """A volunteer of a list. `languages` are those offered, as when somebody announces themselves."""

    speaks: str = "fr"
    charter_on: Annotated[Day | None, EmptyIsNone] = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row that can be understood, and where it stands."""

    number: int
    row: LearnerRow | VolunteerRow


@dataclass(frozen=True, slots=True)
class ListReading:
    """A list as it was understood."""

    lines: tuple[Line, ...] = ()
    errors: tuple[RowError, ...] = ()
    encoding: Encoding = Encoding.UTF_8


class _Wrong(Exception):
    def __init__(self, code: InputCode) -> None:
        super().__init__(code)
        self.code = code


def read(kind: ListKind, data: bytes) -> ListReading:
    """What a CSV sheet or a workbook says, row by row, with everything that is wrong; never raises."""
    text = as_csv(data)
    if isinstance(text, SheetCode):
        return ListReading(errors=(RowError(0, "", text),))
    columns = COLUMNS[kind]
    table = read_table(text, {name: column.required for name, column in columns.items()})
    lines: list[Line] = []
    errors = list(table.errors)
    for number, cells in table.rows:
        row = _row(kind, number, cells)
        if isinstance(row, list):
            errors += row
        else:
            lines.append(Line(number, row))
    return ListReading(tuple(lines), tuple(errors), table.encoding)


def _row(kind: ListKind, number: int, cells: Mapping[str, str]) -> LearnerRow | VolunteerRow | list[RowError]:
    columns, form, wrong = COLUMNS[kind], {}, []
    for name, cell in cells.items():
        if cell:
            try:
                form[columns[name].field or name] = columns[name].read(cell)
            except _Wrong as fault:
                wrong.append(RowError(number, name, fault.code, cell[:_SHOWN]))
    if kind is ListKind.VOLUNTEERS:
        form["languages"] = form.get("offers", [])
    draft: type[Draft] = LearnerRow if kind is ListKind.LEARNERS else VolunteerRow
    try:
        row = draft.parse(form)
    except Invalid as invalid:
        told = {error.column for error in wrong}
        named = {column.field or name: name for name, column in columns.items()} | {"languages": "offers"}
        if kind is ListKind.LEARNERS:
            named["languages"] = "languages"
        for field, codes in invalid.problems.items():
            column = named.get(field, field)
            if column not in told:
                told.add(column)
                wrong.append(RowError(number, column, codes[0], cells.get(column, "")[:_SHOWN]))
    if wrong:
        return wrong
    assert isinstance(row, LearnerRow | VolunteerRow)
    return row


def template(kind: ListKind) -> bytes:
    """An empty list with a note on each column and an example."""
    columns = COLUMNS[kind].values()
    notes, examples = [[getattr(one, what) for one in columns] for what in ("meaning", "example")]
    table = csv_of(list(COLUMNS[kind]), [])
    lines = csv_of([f"# {notes[0]}", *notes[1:]], [[f"# {examples[0]}", *examples[1:]]])
    # A line that begins with # is a note: it is no cell that somebody's text has filled.
    return table + lines.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n'#", b"\r\n#")
