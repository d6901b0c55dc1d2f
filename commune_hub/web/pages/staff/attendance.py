"""The roll of a meeting for staff: who is there, in a tap each, also without network (C-05)."""

from flask import request
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.events import permissions, queries, roll
from commune_hub.events.models import Meeting
from commune_hub.web.pages import rolls
from commune_hub.web.pages.rolls import Doors, RollPage
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import actor, ask_again, back_to, db, go, now
from commune_hub.web.security import guest, staff
from commune_hub.web.tracing import asked_for, shows

DOORS = Doors(
    layout="layout/staff.html", meeting="staff.meeting", page="staff.attendance", note="staff.note_attendance",
    taps="staff.send_taps", add="staff.add_walk_in", sign="staff.sign_names", correct="staff.correct_attendance",
    sheet="staff.attendance_sheet", keeper="staff.roll_keeper", tables="staff.cafe_tables",
    check_in="staff.show_check_in",
)  # fmt: skip
# Where a tap without JavaScript comes from, and goes back to.
_BACK = {"today": "staff.today", "roll": "staff.attendance", "sign": "staff.sign_names"}


def meeting_to_mark(meeting_id: str) -> Meeting:
    """The meeting, if this person may take attendance there. Raises NotFound."""
    found = queries.meeting_named(db(), meeting_id)
    asked_for(within=found.activity.organisation_id)
    permissions.must_take_attendance(actor(), found)
    return found


def current_page() -> RollPage | None:
    """The roll to be taken now, for the desk (C-01); None when no meeting is going on."""
    found = roll.current_roll(db(), actor(), now())
    return rolls.page_of(found, who=actor(), doors=DOORS, back="today") if found else None


@pages.get("/meetings/<meeting_id>/attendance", endpoint="attendance")
@staff(Permission.TAKE_ATTENDANCE)
@shows(TracedThing.ROLL)
def attendance_page(meeting_id: str) -> ResponseReturnValue:
    """The names with Present and Absent."""
    return rolls.shown(meeting_to_mark(meeting_id), actor(), DOORS)


@pages.get("/meetings/<meeting_id>/attendance/sign")
@staff(Permission.TAKE_ATTENDANCE)
@shows(TracedThing.ROLL)
def sign_names(meeting_id: str) -> ResponseReturnValue:
    """Everybody taps their own name."""
    return rolls.names_to_sign(meeting_to_mark(meeting_id), actor(), DOORS)


@pages.post("/meetings/<meeting_id>/attendance")
@staff(Permission.TAKE_ATTENDANCE)
def note_attendance(meeting_id: str) -> ResponseReturnValue:
    """One tap, sent as a form."""
    endpoint = _BACK.get(request.form.get("back", ""), "staff.attendance")
    values = {} if endpoint == "staff.today" else {"meeting_id": meeting_id}
    return rolls.note_one(meeting_to_mark(meeting_id), actor(), endpoint, values)


@pages.post("/meetings/<meeting_id>/attendance/taps")
@staff(Permission.TAKE_ATTENDANCE)
@shows(TracedThing.ROLL)
def send_taps(meeting_id: str) -> ResponseReturnValue:
    """The taps that a phone kept."""
    return rolls.take_taps(meeting_to_mark(meeting_id), actor())


@pages.post("/meetings/<meeting_id>/attendance/add")
@staff(Permission.TAKE_ATTENDANCE)
@shows(TracedThing.ROLL)
def add_walk_in(meeting_id: str) -> ResponseReturnValue:
    """Somebody came without a seat."""
    meeting = meeting_to_mark(meeting_id)
    back_to("staff.attendance", meeting_id=meeting_id)
    ask_again(lambda problems: rolls.shown(meeting_to_mark(meeting_id), actor(), DOORS, Form(request.form, problems)))
    person = rolls.added(meeting, actor())
    if request.form.get("back") == "today":
        return go("staff.today", _anchor=f"p-{person.public_id}")
    return go("staff.attendance", meeting_id=meeting_id, _anchor=f"p-{person.public_id}")


@pages.route("/meetings/<meeting_id>/attendance/<person_id>", methods=["GET", "POST"])
@staff(Permission.TAKE_ATTENDANCE)
@shows(TracedThing.ROLL)
def correct_attendance(meeting_id: str, person_id: str) -> ResponseReturnValue:
    """Another mark after the end, with a reason."""
    return rolls.corrected(meeting_to_mark(meeting_id), person_id, actor(), DOORS)


@pages.get("/roll-keeper.js")
@guest
def roll_keeper() -> ResponseReturnValue:
    """The service worker that keeps the roll on the phone."""
    return rolls.keeper()
