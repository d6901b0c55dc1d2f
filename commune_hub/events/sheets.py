"""Activities as a CSV sheet: one set of columns to download, fill in, hand back and export again.

What is written is UTF-8 with a byte order mark and `;` between cells, which spreadsheets here open rightly. No cell
begins with = + - @ TAB CR LF (or their full-width forms), for a spreadsheet would run it: such a cell gets an
apostrophe before it, and reading takes it off again, so that what was exported comes back unchanged.

Reading never raises. It takes `;`, `,` or TAB, UTF-8 or (said in the report) latin-1 as Windows writes it, dates as
2026-11-24, 24.11.2026 or 24/11/2026, times as 18:30 or 18h30, weekdays in five languages. A line that begins with #
is a note. Whether a sheet with errors is taken in part is the caller's decision; ours is not to.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any

from commune_hub.accounts.rules import reach_from
from commune_hub.accounts.words import ContactKind
from commune_hub.base.errors import InputCode
from commune_hub.base.words import Language
from commune_hub.events.recurrence import (
    LONGEST_MEETING,
    MOST_DATES,
    MOST_SLOTS,
    Frequency,
    Rule,
    RuleDay,
    RuleFault,
    Season,
    Slot,
    Weekday,
    parse_rule,
    problems_of,
)
from commune_hub.events.rules import KINDS
from commune_hub.events.words import ActivityKind, AttendanceMode, CefrLevel, RegistrationBy, SignupMode

MOST_BYTES = 2_000_000
MOST_ROWS = 2_000
MOST_ERRORS = 500
_SHOWN = 80


class SheetCode(StrEnum):
    """What can be wrong with a sheet or with the shape of a row; a single cell has an InputCode."""

    EMPTY = "sheet_empty"
    TOO_BIG = "sheet_too_big"
    TOO_MANY_ROWS = "sheet_too_many_rows"
    NOT_A_SHEET = "sheet_not_a_sheet"
    BAD_QUOTES = "sheet_bad_quotes"
    MISSING_COLUMN = "sheet_missing_column"
    UNKNOWN_COLUMN = "sheet_unknown_column"
    DOUBLE_COLUMN = "sheet_double_column"
    TOO_FEW_CELLS = "sheet_too_few_cells"
    TOO_MANY_CELLS = "sheet_too_many_cells"
    DOUBLE_REFERENCE = "sheet_double_reference"
    ALREADY_THERE = "sheet_already_there"
    WEEKDAY_AND_RULE = "sheet_weekday_and_rule"
    NOT_AS_MANY_ENDS = "sheet_not_as_many_ends"
    SLOTS_DIFFER = "sheet_slots_differ"
    MORE_ERRORS = "sheet_more_errors"


class Encoding(StrEnum):
    """How the bytes of a sheet were read."""

    UTF_8 = "utf-8"
    LATIN_1 = "latin-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """One activity as a sheet has it. `rrule` is in its one way to be written; prices are in cents; no slot and no
    date means by agreement. `capacity`, `waiting_room` and `signup` None stand for what the kind brings along."""

    reference: str
    kind: ActivityKind
    languages: tuple[str, ...]
    first_on: date
    last_on: date
    level_from: CefrLevel | None = None
    level_to: CefrLevel | None = None
    title_lb: str = ""
    title_fr: str = ""
    title_de: str = ""
    title_en: str = ""
    title_pt: str = ""
    description_lb: str = ""
    description_fr: str = ""
    description_de: str = ""
    description_en: str = ""
    description_pt: str = ""
    audience_lb: str = ""
    audience_fr: str = ""
    audience_de: str = ""
    audience_en: str = ""
    audience_pt: str = ""
    price_lb: str = ""
    price_fr: str = ""
    price_de: str = ""
    price_en: str = ""
    price_pt: str = ""
    later_languages: tuple[str, ...] = ()
    later_starts: time | None = None
    organiser: str = ""
    co_organisers: tuple[str, ...] = ()
    hosts: str = ""
    attendance_mode: AttendanceMode = AttendanceMode.ON_SITE
    online_url: str = ""
    venue: str = ""
    address: str = ""
    postcode: str = ""
    locality: str = ""
    step_free: bool = False
    rrule: str = ""
    slots: tuple[Slot, ...] = ()
    extra_dates: frozenset[date] = frozenset()
    skipped_dates: frozenset[date] = frozenset()
    skip_public_holidays: bool = True
    skip_school_holidays: bool = False
    signup: SignupMode | None = None
    capacity: int | None = None
    waiting_room: int | None = None
    registration_by: RegistrationBy = RegistrationBy.HUB
    registration_contact: str = ""
    closes_hours: int | None = None
    price: int | None = None
    voucher_price: int | None = None
    minors_allowed: bool = False
    child_care: bool = False
    literacy: bool = False
    convention_reference: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_mail: str = ""
    line: int = field(default=0, compare=False)

    @property
    def season(self) -> Season | None:
        """When it meets, or None when that is by agreement."""
        if not (self.slots or self.rrule or self.extra_dates):
            return None
        return Season(
            first_on=self.first_on,
            last_on=self.last_on,
            slots=self.slots,
            rrule=self.rrule,
            extra_on=self.extra_dates,
            skipped_on=self.skipped_dates,
            skip_public_holidays=self.skip_public_holidays,
            skip_school_holidays=self.skip_school_holidays,
        )

    @property
    def signup_mode(self) -> SignupMode:
        """How one takes part: as the sheet says, else as the kind has it."""
        return self.signup or KINDS[self.kind].signup


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong where: the line of the file (0: the whole file), the column, a code, what stood there."""

    line: int
    column: str
    code: InputCode | SheetCode
    value: str = ""


@dataclass(frozen=True, slots=True)
class SheetReading:
    """A sheet as it was understood: rows in order, everything that is wrong, and how the bytes were read."""

    rows: tuple[ActivityRow, ...] = ()
    errors: tuple[RowError, ...] = ()
    encoding: Encoding = Encoding.UTF_8
    delimiter: str = ";"


@dataclass(frozen=True, slots=True)
class TableReading:
    """Any sheet as text: for each row the line on which it begins and its cells by column, and what is wrong."""

    rows: tuple[tuple[int, dict[str, str]], ...] = ()
    errors: tuple[RowError, ...] = ()
    encoding: Encoding = Encoding.UTF_8


# -- cells ------------------------------------------------------------


class _Wrong(Exception):
    def __init__(self, code: InputCode) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Cell:
    """How a kind of cell is read (raises _Wrong) and written; what an empty one means."""

    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    empty: Any = ""


def _text(limit: int, lines: bool = False, check: Callable[[str], bool] | None = None, code: Any = None) -> _Cell:
    def read(cell: str) -> str:
        text = cell.replace("\r\n", "\n").replace("\r", "\n")
        allowed = "\n\t" if lines else ""
        if any(unicodedata.category(char) == "Cc" and char not in allowed for char in text):
            raise _Wrong(InputCode.CONTROL_CHARACTERS)
        if len(text) > limit:
            raise _Wrong(InputCode.TOO_LONG)
        if check and not check(text):
            raise _Wrong(code)
        return text

    return _Cell(read)


def _choice(words: type[StrEnum], empty: StrEnum | None = None) -> _Cell:
    def read(cell: str) -> StrEnum:
        try:
            return words(re.sub(r"[\s-]+", "_", cell.lower()))
        except ValueError:
            raise _Wrong(InputCode.NOT_A_CHOICE) from None

    return _Cell(read, lambda value: "" if value is None else value.value, empty)


def _read_level(cell: str) -> CefrLevel:
    try:
        return CefrLevel.from_label(cell)
    except KeyError:
        raise _Wrong(InputCode.NOT_A_CHOICE) from None


def _several(cell: str, most: int, code: InputCode) -> list[str]:
    parts = [part for part in re.split(r"[|,;\s]+", cell) if part]
    if not 0 < len(parts) <= most:
        raise _Wrong(code)
    return parts


def _read_tags(cell: str) -> tuple[str, ...]:
    tags = dict.fromkeys(_several(cell, 12, InputCode.NOT_A_LANGUAGE))
    if not all(re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", tag) for tag in tags):
        raise _Wrong(InputCode.NOT_A_LANGUAGE)
    return tuple(dict.fromkeys(tag[:3].lower() + tag[3:] for tag in tags))


def _read_names(cell: str) -> tuple[str, ...]:
    names = [_text(200).read(name.strip()) for name in cell.split("|", maxsplit=20)]
    return tuple(dict.fromkeys(filter(None, names)))


def _read_day(cell: str) -> date:
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", cell, re.ASCII)
    local = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", cell, re.ASCII)
    numbers = iso.groups() if iso else local.groups()[::-1] if local else ("0", "0", "0")
    try:
        return date(*map(int, numbers))
    except ValueError:
        raise _Wrong(InputCode.NOT_A_DATE) from None


def _read_days(cell: str) -> frozenset[date]:
    return frozenset(_read_day(part) for part in _several(cell, MOST_DATES, InputCode.TOO_MANY_DATES))


def _write_days(days: Iterable[date]) -> str:
    return "|".join(day.isoformat() for day in sorted(days))


def _read_times(cell: str) -> tuple[time, ...]:
    return tuple(_read_time(part) for part in _several(cell, MOST_SLOTS, InputCode.NOT_A_TIME))


def _read_time(text: str) -> time:
    match = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2})?(?::00)?)?", text.lower(), re.ASCII)
    if not match or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise _Wrong(InputCode.NOT_A_TIME)
    return time(int(match[1]), int(match[2] or 0))


def _write_times(times: Iterable[time]) -> str:
    return "|".join(f"{clock:%H:%M}" for clock in times)


def _read_rule(cell: str) -> str:
    rule = parse_rule(cell)
    if isinstance(rule, RuleFault):
        raise _Wrong(InputCode.NOT_A_RULE)
    return rule.text


_WEEKDAY_NAMES = {
    Weekday.MONDAY: "mo monday lundi montag méindeg segunda segunda-feira",
    Weekday.TUESDAY: "tu tuesday mardi dienstag dënschdeg terça terça-feira",
    Weekday.WEDNESDAY: "we wednesday mercredi mittwoch mëttwoch quarta quarta-feira",
    Weekday.THURSDAY: "th thursday jeudi donnerstag donneschdeg quinta quinta-feira",
    Weekday.FRIDAY: "fr friday vendredi freitag freideg sexta sexta-feira",
    Weekday.SATURDAY: "sa saturday samedi samstag sonnabend samschdeg sábado",
    Weekday.SUNDAY: "su sunday dimanche sonntag sonndeg domingo",
}


def _plain(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word.casefold()) if unicodedata.category(char) != "Mn")


_WEEKDAYS = {_plain(name): day for day, names in _WEEKDAY_NAMES.items() for name in names.split()}


def _read_weekdays(cell: str) -> str:
    """The text of the rule: plain weekdays are weekly, all of them with a number ("2WE") monthly."""
    days = []
    for part in _several(cell, 35, InputCode.NOT_A_RULE):
        match = re.fullmatch(r"([+-]?[1-5])?(.+)", part)
        weekday = _WEEKDAYS.get(_plain(match[2])) if match else None
        if match is None or weekday is None:
            raise _Wrong(InputCode.NOT_A_RULE)
        days.append(RuleDay(weekday, int(match[1] or 0)))
    if len({bool(day.nth) for day in days}) > 1:
        raise _Wrong(InputCode.NOT_A_RULE)
    frequency = Frequency.MONTHLY if days[0].nth else Frequency.WEEKLY
    return _read_rule(Rule(frequency, days=tuple(days)).text)


def _number(low: int, high: int) -> _Cell:
    def read(cell: str) -> int:
        if not re.fullmatch(r"-?\d{1,9}", cell, re.ASCII):
            raise _Wrong(InputCode.NOT_A_NUMBER)
        if int(cell) < low:
            raise _Wrong(InputCode.TOO_SMALL)
        if int(cell) > high:
            raise _Wrong(InputCode.TOO_LARGE)
        return int(cell)

    return _Cell(read, lambda value: "" if value is None else str(value), None)


def _read_cents(cell: str) -> int:
    match = re.fullmatch(r"(?:EUR|€)?\s*(\d{1,5})(?:[.,](\d{1,2}))?\s*(?:EUR|€)?", cell, re.ASCII | re.IGNORECASE)
    if not match:
        raise _Wrong(InputCode.NOT_A_NUMBER)
    cents = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
    if cents > 1_000_000:
        raise _Wrong(InputCode.TOO_LARGE)
    return cents


_YES = frozenset("yes y true 1 x oui o ja jo sim s".split())
_NO = frozenset("no n false 0 non nein nee não nao".split())


def _yes_no(empty: bool) -> _Cell:
    def read(cell: str) -> bool:
        if cell.casefold() not in _YES | _NO:
            raise _Wrong(InputCode.NOT_A_CHOICE)
        return cell.casefold() in _YES

    return _Cell(read, lambda value: "yes" if value else "no", empty)


def _is_link(text: str) -> bool:
    return re.fullmatch(r"https?://[^\s<>\"']+", text, re.IGNORECASE) is not None


def _is_reach(text: str, kind: ContactKind) -> bool:
    reach = reach_from(text)
    return reach is not None and reach.kind is kind


# -- columns ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the first line, what belongs into it, an example, the field of the row it fills."""

    name: str
    meaning: str
    example: str
    cell: _Cell
    field: str
    required: bool = False


def _column(name: str, meaning: str, example: str, cell: _Cell, field: str = "", required: bool = False) -> Column:
    return Column(name, meaning, example, cell, field or name, required)


_NAMES = _Cell(_read_names, "|".join, ())
_LEVEL = _Cell(_read_level, lambda level: level.label if level else "", None)
_DAY = _Cell(_read_day, date.isoformat)
_DAYS = _Cell(_read_days, _write_days, frozenset())
_TIMES = _Cell(_read_times, _write_times, ())
_TIME = _Cell(_read_time, lambda clock: f"{clock:%H:%M}" if clock else "", None)
_CENTS = _Cell(_read_cents, lambda cents: "" if cents is None else f"{cents // 100}.{cents % 100:02d}", None)
_REACH = _text(
    300,
    check=lambda text: _is_link(text) or reach_from(text) is not None,
    code=InputCode.NOT_A_CONTACT,
)

COLUMNS: tuple[Column, ...] = (
    _column("reference", "your own number or name for it, once per sheet", "TABLE-1", _text(80), required=True),
    _column("kind", "one of: " + " ".join(ActivityKind), "conversation_table", _choice(ActivityKind), required=True),
    _column("languages", "practised languages, with | between", "lb|fr", _Cell(_read_tags, "|".join), required=True),
    _column("level_from", "lowest level, A1.1 to C2, or nothing", "A1", _LEVEL),
    _column("level_to", "highest level, or nothing", "B1", _LEVEL),
    *(_column(f"title_{lang}", f"title ({lang}), or nothing", "", _text(200)) for lang in Language),
    *(_column(f"description_{lang}", f"text ({lang}), or nothing", "", _text(4000, lines=True)) for lang in Language),
    *(_column(f"audience_{lang}", f"for whom ({lang}), or nothing", "", _text(200)) for lang in Language),
    *(_column(f"price_{lang}", f"about the price ({lang}), or nothing", "", _text(200)) for lang in Language),
    _column("later_languages", "where tables change languages: those of the second part", "",
            _Cell(_read_tags, "|".join, ())),
    _column("later_start", "where tables change languages: when", "", _TIME, "later_starts"),
    _column("organiser", "who offers it", "Maison des langues", _text(200)),
    _column("co_organisers", "with whom, with | between", "", _NAMES),
    _column("hosts", "first names of those who lead it", "Josée", _text(160)),
    _column("attendance", "on_site, online or both", "on_site", _choice(AttendanceMode, AttendanceMode.ON_SITE),
            "attendance_mode"),
    _column("online_url", "link, when online", "", _text(300, check=_is_link, code=InputCode.NOT_A_LINK)),
    _column("venue", "room or hall", "Salle Prince Henri", _text(160)),
    _column("address", "number and street", "12, rue de l'Église", _text(200)),
    _column("postcode", "postcode", "4411", _text(10)),
    _column("locality", "town or village", "Soleuvre", _text(120)),
    _column("step_free", "yes or no", "yes", _yes_no(False)),
    _column("weekday", "weekly: TU or TU|TH; monthly: 2WE (second Wednesday), -1WE (last)", "TU",
            _Cell(_read_weekdays), "rrule"),
    _column("rrule", "any other rhythm (RFC 5545), instead of a weekday", "", _Cell(_read_rule)),
    _column("first_on", "first day of the season", "2026-09-15", _DAY, required=True),
    _column("last_on", "last day of the season", "2027-07-15", _DAY, required=True),
    _column("start", "begins at; several times with | between", "18:30", _TIMES, "slots"),
    _column("end", "ends at; as many as begin", "20:00", _TIMES, "slots"),
    _column("extra_dates", "more dates, with | between", "", _DAYS),
    _column("skipped_dates", "dates left out, with | between", "2026-12-22|2026-12-29", _DAYS),
    _column("skip_public_holidays", "leave out public holidays: yes (or nothing), no", "yes", _yes_no(True)),
    _column("skip_school_holidays", "leave out school holidays: yes, no (or nothing)", "no", _yes_no(False)),
    _column("signup", "one of: " + " ".join(SignupMode) + "; nothing: as usual for its kind", "sign_up",
            _choice(SignupMode)),
    _column("capacity", "seats; nothing: as usual for its kind", "6", _number(1, 5000)),
    _column("waiting_room", "places on the waiting list; nothing: as usual", "6", _number(0, 500)),
    _column("registration_by", "one of: " + " ".join(RegistrationBy), "hub",
            _choice(RegistrationBy, RegistrationBy.HUB)),
    _column("registration_contact", "link, phone or mail when not the hub", "", _REACH),
    _column("closes_hours", "sign-up closes so many hours before", "", _number(0, 24 * 60)),
    _column("price", "in euros; nothing: free", "", _CENTS),
    _column("voucher_price", "in euros with a voucher", "", _CENTS),
    _column("minors", "open to people under 18: yes or no", "no", _yes_no(False), "minors_allowed"),
    _column("child_care", "yes or no", "no", _yes_no(False)),
    _column("literacy", "for people who learn to read and write: yes or no", "no", _yes_no(False)),
    _column("convention_reference", "of a conventioned course", "", _text(80)),
    _column("contact_name", "who answers questions", "Accueil", _text(120)),
    _column("contact_phone", "phone", "+352 27 51 23 45",
            _text(40, check=lambda text: _is_reach(text, ContactKind.PHONE), code=InputCode.NOT_A_PHONE)),
    _column("contact_mail", "mail", "accueil@example.lu",
            _text(254, check=lambda text: _is_reach(text, ContactKind.MAIL), code=InputCode.NOT_A_MAIL)),
)  # fmt: skip
_BY_NAME = {column.name: column for column in COLUMNS}
_REQUIRED = {column.name: column.required for column in COLUMNS}
# Where a form names a field otherwise, its problems still show in the column that people filled in.
_COLUMN_OF = {column.field: column.name for column in COLUMNS} | {
    "rrule": "rrule", "starts": "start", "ends": "end", "second_starts": "start",
}  # fmt: skip
_NOT_IN_FORM = frozenset({"slots", "organiser", "address", "postcode", "locality", "step_free"})


# -- writing ----------------------------------------------------------

# With # among them, so that a reference like "#12" is not taken for a note.
_RUNS = re.compile("'*[#=+@\t\r\n\uff1d\uff0b\uff0d\uff20-]")


def template(meanings: Mapping[str, str] | None = None) -> bytes:
    """An empty sheet with a note on each column, in the words of the door if it gives any, and an example."""
    notes = [(meanings or {}).get(column.name, column.meaning) for column in COLUMNS]
    examples = [column.example for column in COLUMNS]
    return _written(["# " + first, *map(neutral, rest)] for first, *rest in (notes, examples))


def write_activities(rows: Iterable[ActivityRow]) -> bytes:
    """The sheet of these activities; reading it gives the same rows."""
    return _written([neutral(cell) for cell in _cells_of(row)] for row in rows)


def _written(lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    writer.writerows(lines)
    return out.getvalue().encode("utf-8-sig")


def neutral(cell: str) -> str:
    """The cell as no spreadsheet runs it; `restored` takes it back."""
    return "'" + cell if _RUNS.match(cell) else cell


def restored(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell


def _cells_of(row: ActivityRow) -> list[str]:
    weekdays = _weekdays_of(row.rrule)
    special = {
        "weekday": weekdays,
        "rrule": "" if weekdays else row.rrule,
        "start": _write_times(slot.starts for slot in row.slots),
        "end": _write_times(map(_end_of, row.slots)),
    }
    return [
        special[column.name] if column.name in special else column.cell.write(getattr(row, column.field))
        for column in COLUMNS
    ]


def _weekdays_of(text: str) -> str:
    """What the weekday column can say of a rule, or nothing."""
    rule = parse_rule(text)
    if isinstance(rule, RuleFault) or rule.interval > 1 or rule.positions or rule.count or not rule.days:
        return ""
    monthly = rule.frequency is Frequency.MONTHLY
    if rule.frequency is Frequency.DAILY or any(bool(day.nth) != monthly for day in rule.days):
        return ""
    return "|".join(day.text for day in rule.days)


# -- reading ----------------------------------------------------------


def read_activities(data: bytes) -> SheetReading:
    """What a sheet says, row by row, with everything that is wrong; never raises, stays within seconds."""
    if fault := _fault_of_file(data):
        return SheetReading(errors=(RowError(0, "", fault),))
    text, encoding = _decoded(data)
    delimiter = _delimiter_of(text, _REQUIRED)
    rows: list[ActivityRow] = []
    errors: list[RowError] = []
    for found in _read_lines(text, delimiter):
        if isinstance(found, RowError):
            errors.append(found)
        else:
            rows.append(found)
        if len(errors) >= MOST_ERRORS:
            errors.append(RowError(errors[-1].line, "", SheetCode.MORE_ERRORS))
            break
    return SheetReading(tuple(rows), tuple(errors), encoding, delimiter)


def read_table(data: bytes, columns: Mapping[str, bool]) -> TableReading:
    """A sheet of other columns, as text; never raises. `columns`: which there are, and whether one must be there."""
    if fault := _fault_of_file(data):
        return TableReading(errors=(RowError(0, "", fault),))
    text, encoding = _decoded(data)
    rows: list[tuple[int, dict[str, str]]] = []
    errors: list[RowError] = []
    for found in _read_cells(text, _delimiter_of(text, columns), columns):
        if isinstance(found, RowError):
            errors.append(found)
        else:
            rows.append(found)
        if len(errors) >= MOST_ERRORS:
            errors.append(RowError(errors[-1].line, "", SheetCode.MORE_ERRORS))
            break
    return TableReading(tuple(rows), tuple(errors), encoding)


def form_of(row: ActivityRow) -> dict[str, Any]:
    """The row as the form of an activity sends it (`inputs.ActivityDraft`); the place is the caller's to find."""
    form: dict[str, Any] = {
        column.field: getattr(row, column.field) for column in COLUMNS if column.field not in _NOT_IN_FORM
    }
    form |= {name: _CENTS.write(form[name]) for name in ("price", "voucher_price")}
    form |= {name: sorted(form[name]) for name in ("extra_dates", "skipped_dates")}
    if row.slots:
        form["starts"], form["ends"] = row.slots[0].starts, _end_of(row.slots[0])
    if len(row.slots) == 2:
        form["second_starts"] = row.slots[1].starts
    return form


def errors_from(row: ActivityRow, problems: Mapping[str, Sequence[InputCode]]) -> list[RowError]:
    """The problems that a form found in a row (`Invalid.problems`), by the sheet's columns."""
    cells = dict(zip(_BY_NAME, _cells_of(row), strict=True))
    columns = {name: _COLUMN_OF.get(name, name) for name in problems}
    return [
        RowError(row.line, columns[name], code, cells.get(columns[name], "")[:_SHOWN])
        for name, codes in problems.items()
        for code in codes
    ]


def _fault_of_file(data: bytes) -> SheetCode | None:
    if len(data) > MOST_BYTES:
        return SheetCode.TOO_BIG
    # A workbook is a zip; UTF-16 and whatever else is no text has NULs.
    if data.startswith(b"PK\x03\x04") or b"\x00" in data:
        return SheetCode.NOT_A_SHEET
    return None if data.removeprefix(b"\xef\xbb\xbf").strip() else SheetCode.EMPTY


def _decoded(data: bytes) -> tuple[str, Encoding]:
    try:
        return data.decode("utf-8-sig"), Encoding.UTF_8
    except UnicodeDecodeError:
        pass
    # Windows says latin-1 and means its own superset, in which five bytes stand for nothing.
    try:
        return data.decode("cp1252"), Encoding.LATIN_1
    except UnicodeDecodeError:
        return data.decode("latin-1"), Encoding.LATIN_1


def _delimiter_of(text: str, columns: Mapping[str, bool]) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")

    def known(delimiter: str) -> tuple[int, int]:
        names = first.replace('"', "").split(delimiter)
        return sum(_header_name(name) in columns for name in names), len(names)

    return max(";,\t", key=known)


def _header_name(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip().lower())


def _read_lines(text: str, delimiter: str) -> Iterator[ActivityRow | RowError]:
    references: set[str] = set()
    for found in _read_cells(text, delimiter, _REQUIRED):
        if isinstance(found, RowError):
            yield found
        else:
            yield from _read_row(*found, references)


def _read_cells(
    text: str, delimiter: str, columns: Mapping[str, bool]
) -> Iterator[tuple[int, dict[str, str]] | RowError]:
    """The rows of a sheet by column, or what is wrong with the shape of the sheet or of a row."""
    lines = _records(text, delimiter)
    line, header = next(lines, (0, []))
    if isinstance(header, RowError):
        yield header
        return
    names = [_header_name(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    faults = list(_faults_of_header(line, names, columns))
    yield from faults
    if faults:
        return
    for count, (line, cells) in enumerate(lines):
        if isinstance(cells, RowError):
            yield cells
        elif count >= MOST_ROWS:
            yield RowError(line, "", SheetCode.TOO_MANY_ROWS)
            return
        elif len(cells) < len(names):
            yield RowError(line, names[len(cells)], SheetCode.TOO_FEW_CELLS)
        elif any(cells[len(names) :]):
            value = next(filter(None, cells[len(names) :]))[:_SHOWN]
            yield RowError(line, "", SheetCode.TOO_MANY_CELLS, value)
        else:
            yield line, {name: restored(cell).strip() for name, cell in zip(names, cells, strict=False)}


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | RowError]]:
    """Each record with the line on which it begins; blank ones and notes left out. A broken one is the last."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code = InputCode.TOO_LONG if "limit" in str(error) else SheetCode.BAD_QUOTES
            yield line, RowError(line, "", code)
            return
        cells = [cell.strip() for cell in cells]
        if any(cells) and not cells[0].startswith("#"):
            yield line, cells


def _faults_of_header(line: int, names: list[str], columns: Mapping[str, bool]) -> Iterator[RowError]:
    for name in dict.fromkeys(names):
        if name not in columns:
            yield RowError(line, name[:_SHOWN], SheetCode.UNKNOWN_COLUMN, name[:_SHOWN])
        elif names.count(name) > 1:
            yield RowError(line, name, SheetCode.DOUBLE_COLUMN)
    for name, required in columns.items():
        if required and name not in names:
            yield RowError(line, name, SheetCode.MISSING_COLUMN)


def _read_row(line: int, filled: Mapping[str, str], references: set[str]) -> Iterator[ActivityRow | RowError]:
    values, errors = _values_of(line, filled)
    if values["reference"] and values["reference"] in references:
        errors.append(RowError(line, "reference", SheetCode.DOUBLE_REFERENCE, values["reference"]))
    references.add(values["reference"])
    row = None if errors else _row_from(line, values, errors)
    errors += _errors_together(row, filled) if row else []
    yield from errors or filter(None, [row])


def _values_of(line: int, filled: Mapping[str, str]) -> tuple[dict[str, Any], list[RowError]]:
    values: dict[str, Any] = {}
    errors = []
    for column in COLUMNS:
        cell = filled.get(column.name, "")
        values[column.name] = column.cell.empty
        if cell:
            try:
                values[column.name] = column.cell.read(cell)
            except _Wrong as wrong:
                errors.append(RowError(line, column.name, wrong.code, cell[:_SHOWN]))
        elif column.required:
            errors.append(RowError(line, column.name, InputCode.REQUIRED))
    return values, errors


def _row_from(line: int, values: dict[str, Any], errors: list[RowError]) -> ActivityRow | None:
    starts, ends = values.pop("start"), values.pop("end")
    weekday = values.pop("weekday")
    if weekday and values["rrule"]:
        errors.append(RowError(line, "rrule", SheetCode.WEEKDAY_AND_RULE, values["rrule"]))
    # An end before the start is on the next day.
    slots = tuple(
        Slot(start, (_minute(end) - _minute(start)) % (24 * 60) or 24 * 60)
        for start, end in zip(starts, ends, strict=False)
    )
    if len(starts) != len(ends):
        errors.append(RowError(line, "end", SheetCode.NOT_AS_MANY_ENDS, _write_times(ends)))
    elif any(slot.minutes > LONGEST_MEETING for slot in slots):
        errors.append(RowError(line, "end", InputCode.END_BEFORE_START, _write_times(ends)))
    elif len(slots) > 2 or len({slot.minutes for slot in slots}) > 1:
        errors.append(RowError(line, "end", SheetCode.SLOTS_DIFFER, _write_times(ends)))
    if errors:
        return None
    fields = {_BY_NAME[name].field: value for name, value in values.items()}
    return ActivityRow(**fields | {"line": line, "slots": slots, "rrule": weekday or values["rrule"]})


def _errors_together(row: ActivityRow, filled: Mapping[str, str]) -> list[RowError]:
    """What is wrong although each cell is right."""
    problems: dict[str, InputCode] = {}
    if row.level_from and row.level_to and row.level_to < row.level_from:
        problems["level_to"] = InputCode.TOO_SMALL
    if row.attendance_mode is not AttendanceMode.ONLINE and not (row.venue or row.locality):
        problems["venue"] = InputCode.REQUIRED
    season = row.season
    if season is None and row.last_on < row.first_on:
        problems["last_on"] = InputCode.END_BEFORE_START
    if season is None and row.signup_mode is not SignupMode.ON_REQUEST:
        problems["weekday"] = InputCode.NO_DATES
    if season:
        of_season = {"slots": "start", "extra_on": "extra_dates", "skipped_on": "skipped_dates"}
        rhythm = "weekday" if filled.get("weekday") else "rrule"
        of_season["rrule"] = rhythm if row.rrule else "weekday"
        problems |= {of_season.get(name, name): code for name, code in problems_of(season).items()}
    return [RowError(row.line, name, code, filled.get(name, "")[:_SHOWN]) for name, code in problems.items()]


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _end_of(slot: Slot) -> time:
    minute = _minute(slot.starts) + slot.minutes
    return time(minute // 60 % 24, minute % 60)
