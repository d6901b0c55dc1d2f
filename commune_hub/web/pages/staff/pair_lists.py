"""ASTI's lists (A-08): learners and volunteers from a sheet or workbook, with a preview; tables to take along."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import NotFound
from commune_hub.events.sheets import MOST_BYTES, Encoding, RowError, SheetCode
from commune_hub.events.workbooks import csv_of, xlsx_of
from commune_hub.speech.sentences import INPUT, SHEET
from commune_hub.volunteers.coaching import exports, lists
from commune_hub.volunteers.coaching.actions import importing
from commune_hub.volunteers.coaching.actions.importing import Plan
from commune_hub.volunteers.coaching.lists import LearnerRow, Line, ListKind, ListReading
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.sheets import MOST_PACKED, SHOWN, packed, unpacked
from commune_hub.web.request import actor, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, must_say_why, shows

TABLES = (
    ("hours", N_("Hours of volunteers")), ("volunteers", N_("Volunteers")), ("pairs", N_("Pairs")),
    ("waiting", N_("Who waits")),
)  # fmt: skip
_TITLES = {ListKind.LEARNERS: N_("Learners who wait"), ListKind.VOLUNTEERS: N_("Volunteers")}
_TYPES = {"csv": "text/csv; charset=utf-8",
          "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


@pages.get("/pairs/lists")
@staff(Permission.CARE_FOR_PAIRS)
@shows(NOBODY)
def pairs_lists() -> ResponseReturnValue:
    """What can be brought in and taken along."""
    return render_template(
        "staff/pair_lists.html",
        kinds=[(str(kind), _(words)) for kind, words in _TITLES.items()],
        tables=[(key, _(words)) for key, words in TABLES],
    )


@pages.route("/pairs/lists/<name>", methods=["GET", "POST"])
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.COACHING_REQUESTS)
def import_pair_list(name: str) -> ResponseReturnValue:
    """A file, then what it would do row by row, then all of it or nothing."""
    kind = _kind(name)
    if request.method == "GET":
        return render_template("staff/pair_import.html", preview=False, kind=name, title=_(_TITLES[kind]))
    back_to("staff.import_pair_list", name=name)
    confirmed = "packed" in request.form
    data = unpacked(request.form["packed"]) if confirmed else _uploaded()
    # Two clicks at once wait for each other, so that the second finds everybody there.
    accounts.account_of(db(), actor().account_id, lock=True)
    reading = lists.read(kind, data)
    plan = importing.plan(db(), lines=reading.lines, now=now())
    errors = [*reading.errors, *plan.errors]
    if not errors and not plan.lines:
        errors = [RowError(0, "", SheetCode.EMPTY)]
    if confirmed and errors and all(error.code is SheetCode.ALREADY_THERE for error in errors):
        say(N_("This list is imported already."))
        return go("staff.pairs_lists")
    if confirmed and not errors:
        made = importing.carry_out(db(), plan=plan, actor=actor(), now=now())
        say(speech().say_many("One person is imported.", "%(num)s people are imported.", made))
        return go("staff.pairs_lists")
    return _preview(kind, data, reading, plan, errors), 422 if errors else 200


def _kind(name: str) -> ListKind:
    try:
        return ListKind(name)
    except ValueError:
        raise NotFound("list") from None


def _uploaded() -> bytes:
    file = request.files.get("file")
    return file.stream.read(MOST_BYTES + 1) if file else b""


def _preview(kind: ListKind, data: bytes, reading: ListReading, plan: Plan, errors: list[RowError]) -> str:
    kept = packed(data)
    if len(kept) > MOST_PACKED and not errors:
        errors = [RowError(0, "", SheetCode.TOO_BIG)]
    return render_template(
        "staff/pair_import.html",
        preview=True,
        kind=str(kind),
        title=_(_TITLES[kind]),
        packed=kept if len(kept) <= MOST_PACKED else "",
        number=len(plan.lines),
        rows=[_row(line) for line in plan.lines[:SHOWN]],
        errors=[
            (error.line, error.column, _sentence(error), error.value)
            for error in sorted(errors, key=lambda error: error.line)
        ],
        latin=reading.encoding is Encoding.LATIN_1,
    )


def _row(line: Line) -> tuple[int, str, str]:
    row = line.row
    tags = (row.language,) if isinstance(row, LearnerRow) else row.offers
    return line.number, row.name, " · ".join([*map(speech().language_name, tags), *([row.place] if row.place else [])])


def _sentence(error: RowError) -> str:
    return _(SHEET[error.code] if error.code in SHEET else INPUT[error.code])


@pages.post("/pairs/lists/<name>/errors.csv")
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.COACHING_REQUESTS)
def pair_list_errors(name: str) -> ResponseReturnValue:
    """Everything that is wrong, to put beside the list."""
    back_to("staff.pairs_lists")
    reading = lists.read(_kind(name), unpacked(request.form.get("packed", "")))
    errors = [*reading.errors, *importing.plan(db(), lines=reading.lines, now=now()).errors]
    head = [_("Line"), _("Column"), _("What is wrong"), _("What stands there")]
    rows = [
        [str(error.line or ""), error.column, _sentence(error), error.value]
        for error in sorted(errors, key=lambda error: error.line)
    ]
    return _file(csv_of(head, rows), "errors", "csv")


@pages.get("/pairs/lists/<name>/template.csv")
@staff(Permission.CARE_FOR_PAIRS)
@shows(NOBODY)
def pair_list_template(name: str) -> ResponseReturnValue:
    """An empty list with a note on each column and an example."""
    return _file(lists.template(_kind(name)), f"{name}-template", "csv")


@pages.get("/pairs/export/<name>.<suffix>")
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.EXPORT)
def export_pair_list(name: str, suffix: str) -> ResponseReturnValue:
    """Hours, volunteers, pairs or who waits, for whoever says why."""
    if suffix not in _TYPES or name not in dict(TABLES):
        raise NotFound("table")
    must_say_why(TracedThing.EXPORT)
    table = exports.table_of(db(), name, now())
    assert table is not None
    data = xlsx_of(name, *table) if suffix == "xlsx" else csv_of(*table)
    return _file(data, name, suffix)


def _file(data: bytes, name: str, suffix: str) -> Response:
    answer = Response(data, content_type=_TYPES[suffix])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return answer
