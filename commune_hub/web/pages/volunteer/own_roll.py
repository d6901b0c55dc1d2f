"""A host takes attendance of the own meeting and writes to its people (B-03), as staff do on theirs."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import TracedThing
from commune_hub.base.ids import new_public_id
from commune_hub.events import permissions, queries, roll
from commune_hub.events.actions import messages
from commune_hub.events.message_inputs import GroupDraft
from commune_hub.events.models import Meeting
from commune_hub.events.permissions import Host
from commune_hub.events.reached import Way, audience_of
from commune_hub.papers.sheet import sheet_pdf
from commune_hub.speech import dates, telling
from commune_hub.volunteers import rota
from commune_hub.web.i18n import SPOKEN, speech
from commune_hub.web.pages import pages, parts, rolls
from commune_hub.web.pages.rolls import Doors
from commune_hub.web.pages.staff.forms import Form, pairs
from commune_hub.web.pages.volunteer import own_volunteer
from commune_hub.web.request import Problems, ask_again, back_to, db, go, now, say
from commune_hub.web.security import guest, learner
from commune_hub.web.tracing import shows

DOORS = Doors(
    layout="layout/base.html", meeting="pages.volunteer_meeting", page="pages.own_roll", note="pages.note_own",
    taps="pages.send_own_taps", add="pages.add_to_own", sign="pages.sign_own", correct="pages.correct_own",
    sheet="pages.own_sheet", keeper="pages.own_roll_keeper",
)  # fmt: skip
_BACK = {"sign": "pages.sign_own"}


def _own(meeting_id: str) -> tuple[Host, Meeting]:
    """The host and the meeting that they look after. Raises NotFound."""
    host = rota.as_host(db(), own_volunteer())
    meeting = queries.meeting_named(db(), meeting_id)
    permissions.must_take_attendance(host, meeting)
    return host, meeting


@pages.get("/volunteer/meetings/<meeting_id>/attendance")
@learner
@shows(TracedThing.ROLL)
def own_roll(meeting_id: str) -> ResponseReturnValue:
    """The names with Present and Absent."""
    host, meeting = _own(meeting_id)
    return rolls.shown(meeting, host, DOORS)


@pages.get("/volunteer/meetings/<meeting_id>/attendance/sign")
@learner
@shows(TracedThing.ROLL)
def sign_own(meeting_id: str) -> ResponseReturnValue:
    """Everybody taps their own name."""
    host, meeting = _own(meeting_id)
    return rolls.names_to_sign(meeting, host, DOORS)


@pages.post("/volunteer/meetings/<meeting_id>/attendance")
@learner
def note_own(meeting_id: str) -> ResponseReturnValue:
    """One tap, sent as a form."""
    host, meeting = _own(meeting_id)
    endpoint = _BACK.get(request.form.get("back", ""), "pages.own_roll")
    return rolls.note_one(meeting, host, endpoint, {"meeting_id": meeting_id})


@pages.post("/volunteer/meetings/<meeting_id>/attendance/taps")
@learner
@shows(TracedThing.ROLL)
def send_own_taps(meeting_id: str) -> ResponseReturnValue:
    """The taps that a phone kept."""
    host, meeting = _own(meeting_id)
    return rolls.take_taps(meeting, host)


@pages.post("/volunteer/meetings/<meeting_id>/attendance/add")
@learner
@shows(TracedThing.ROLL)
def add_to_own(meeting_id: str) -> ResponseReturnValue:
    """Somebody came without a seat."""
    host, meeting = _own(meeting_id)
    back_to("pages.own_roll", meeting_id=meeting_id)
    ask_again(lambda problems: rolls.shown(_own(meeting_id)[1], host, DOORS, Form(request.form, problems)))
    person = rolls.added(meeting, host)
    return go("pages.own_roll", meeting_id=meeting_id, _anchor=f"p-{person.public_id}")


@pages.route("/volunteer/meetings/<meeting_id>/attendance/<person_id>", methods=["GET", "POST"])
@learner
@shows(TracedThing.ROLL)
def correct_own(meeting_id: str, person_id: str) -> ResponseReturnValue:
    """Another mark after the end, with a reason."""
    host, meeting = _own(meeting_id)
    return rolls.corrected(meeting, person_id, host, DOORS)


@pages.get("/volunteer/meetings/<meeting_id>/sheet.pdf")
@learner
@shows(TracedThing.SHEET)
def own_sheet(meeting_id: str) -> ResponseReturnValue:
    """The sheet to print and to sign."""
    _host, meeting = _own(meeting_id)
    found = roll.roll_of(db(), meeting)
    names = [(one.name, speech().language_name(one.for_language) if one.for_language else "") for one in found.lines]
    url = parts.short_url("volunteer_meeting", meeting_id=meeting_id)
    pdf = sheet_pdf(meeting, names, speech(), url=url, shown_url=url, at=now())
    answer = Response(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="attendance-{meeting.starts_at:%Y-%m-%d}.pdf"'
    return answer


@pages.route("/volunteer/meetings/<meeting_id>/message", methods=["GET", "POST"])
@learner
@shows(TracedThing.MESSAGE)
def write_to_own(meeting_id: str) -> ResponseReturnValue:
    """A message to those who come; the host sees how many get it, never how they are reached."""
    host, meeting = _own(meeting_id)
    if request.method == "GET":
        return _message(meeting, Form({"language": speech().code, "key": new_public_id()}))
    back_to("pages.volunteer_meeting", meeting_id=meeting_id)
    ask_again(lambda problems: _again(meeting_id, problems))
    draft = GroupDraft.parse(request.form.to_dict() | {"to_waiting": ""})
    messages.write_to(db(), meeting=meeting, draft=draft, actor=host, now=now())
    number = len(audience_of(db(), meeting, waiting=False).of(Way.MAIL, Way.PHONE))
    say(speech().say_many("One person gets your message.", "%(num)s people get your message.", number))
    return go("pages.volunteer_meeting", meeting_id=meeting_id)


def _again(meeting_id: str, problems: Problems) -> str:
    return _message(_own(meeting_id)[1], Form(request.form, problems))


def _message(meeting: Meeting, form: Form) -> str:
    audience = audience_of(db(), meeting, waiting=False)
    return render_template(
        "volunteer/message.html",
        meeting_id=meeting.public_id,
        title=telling.title_of(meeting.activity, speech()),
        when=dates.meeting_when(meeting, speech()),
        told=len(audience.of(Way.MAIL, Way.PHONE)),
        untold=len(audience.of(Way.LETTER)),
        languages=pairs((code, spoken.own_name) for code, spoken in SPOKEN.items()),
        form=form,
    )


@pages.get("/volunteer/roll-keeper.js")
@guest
def own_roll_keeper() -> ResponseReturnValue:
    """The service worker that keeps the roll on the phone."""
    return rolls.keeper()
