"""Activities as a CSV sheet: the template, the export, the import with its preview."""

import base64
import binascii
import csv
import io
import zlib

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.words import Permission
from commune_hub.events import exporting, seasons, sheets
from commune_hub.events.actions import importing
from commune_hub.events.actions.importing import Plan, Planned
from commune_hub.events.desk import Shelf
from commune_hub.events.sheets import MOST_BYTES, Encoding, RowError, SheetCode, SheetReading
from commune_hub.speech.sentences import INPUT, SHEET
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages import parts, words
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.request import actor, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows

# A form field may have 2 MB; what does not fit in packed form is too big.
MOST_PACKED = 1_900_000
SHOWN = 200


@pages.route("/activities/import", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
@shows(NOBODY)
def import_activities() -> ResponseReturnValue:
    """A file, then what it would do row by row, then all of it or nothing."""
    if request.method == "GET":
        return render_template("staff/import.html", preview=None)
    back_to("staff.import_activities")
    confirmed = "packed" in request.form
    data = unpacked(request.form["packed"]) if confirmed else _uploaded()
    publish = "publish" in request.form
    # Two clicks at once wait for each other, so that the second finds everything there.
    accounts.account_of(db(), actor().account_id, lock=True)
    reading = sheets.read_activities(data)
    plan = _plan_of(reading, publish)
    errors = [*reading.errors, *plan.errors]
    if not errors and not plan.planned:
        errors = [RowError(0, "", SheetCode.EMPTY)]
    if confirmed and errors and all(error.code is SheetCode.ALREADY_THERE for error in errors):
        say(_("These activities are imported already."))
        return go("staff.activities", shelf=Shelf.RUNNING if publish else Shelf.DRAFTS)
    if confirmed and not errors:
        made = importing.carry_out(db(), plan=plan, actor=actor(), publish=publish, now=now())
        say(speech().say_many("One activity is imported.", "%(num)s activities are imported.", len(made)))
        return go("staff.activities", shelf=Shelf.RUNNING if publish else Shelf.DRAFTS)
    return _preview(data, reading, plan, errors, publish), 422 if errors else 200


def _uploaded() -> bytes:
    file = request.files.get("file")
    return file.stream.read(MOST_BYTES + 1) if file else b""


def _plan_of(reading: SheetReading, publish: bool) -> Plan:
    ours = accounts.organisations_in(db(), actor().organisation_ids(Permission.PUBLISH))
    return importing.plan(db(), rows=reading.rows, organisations=ours, publish=publish, now=now())


def _preview(data: bytes, reading: SheetReading, plan: Plan, errors: list[RowError], publish: bool) -> str:
    kept = packed(data)
    if len(kept) > MOST_PACKED and not errors:
        errors = [RowError(0, "", SheetCode.TOO_BIG)]
    return render_template(
        "staff/import.html",
        preview=True,
        packed=kept if len(kept) <= MOST_PACKED else "",
        publish=publish,
        number=len(plan.planned),
        rows=[_row(one) for one in plan.planned[:SHOWN]],
        errors=[
            (error.line, error.column, _(_sentence(error)), error.value)
            for error in sorted(errors, key=lambda error: error.line)
        ],
        latin=reading.encoding is Encoding.LATIN_1,
    )


def _row(one: Planned) -> tuple[int, str, tuple[parts.PractisedLanguage, ...], str, str, bool]:
    """Line, what, languages, how many dates, where, whether the place is new."""
    spoken = speech()
    title = getattr(one.row, f"title_{spoken.code}", "") or _(words.KIND[one.row.kind])
    days = len(seasons.occurrences_of(seasons.season_from(one.draft)))
    place = one.venue.name if one.venue else one.new_venue.name if one.new_venue else _("Online")
    dates = spoken.say_many("one date", "%(num)s dates", days)
    return one.row.line, title, parts.badges(one.draft.languages), dates, place, one.new_venue is not None


def _sentence(error: RowError) -> str:
    return SHEET[error.code] if error.code in SHEET else INPUT[error.code]


def packed(data: bytes) -> str:
    """A file as it travels in a form, from the preview to the confirmation."""
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).decode()


def unpacked(text: str) -> bytes:
    """What `packed` was given; nothing for anything else. Never more than a file may have."""
    try:
        return zlib.decompressobj().decompress(base64.urlsafe_b64decode(text), MOST_BYTES + 1)
    except (binascii.Error, ValueError, zlib.error):
        return b""


@pages.post("/activities/import/errors.csv")
@staff(Permission.PUBLISH)
@shows(NOBODY)
def import_errors() -> ResponseReturnValue:
    """Everything that is wrong, to put beside the sheet."""
    back_to("staff.import_activities")
    reading = sheets.read_activities(unpacked(request.form.get("packed", "")))
    errors = [*reading.errors, *_plan_of(reading, "publish" in request.form).errors]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Line"), _("Column"), _("What is wrong"), _("What stands there")])
    for error in sorted(errors, key=lambda error: error.line):
        cells = [str(error.line or ""), error.column, _(_sentence(error)), error.value]
        writer.writerow([sheets.neutral(cell) for cell in cells])
    return _csv(out.getvalue().encode("utf-8-sig"), "errors")


@pages.get("/activities/template.csv")
@staff(Permission.PUBLISH)
@shows(NOBODY)
def sheet_template() -> ResponseReturnValue:
    """An empty sheet with a note on each column and an example."""
    return _csv(sheets.template(), "activities-template")


@pages.get("/activities/export.csv")
@staff(Permission.EXPORT_ACTIVITIES)
@shows(NOBODY)
def export_activities() -> ResponseReturnValue:
    """What runs and what is a draft, in the columns of the import."""
    ours = actor().organisation_ids(Permission.EXPORT_ACTIVITIES)
    rows = (exporting.row_of(activity) for activity in exporting.for_export(db(), ours))
    return _csv(sheets.write_activities(rows), "activities")


def _csv(data: bytes, name: str) -> Response:
    answer = Response(data, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
