"""The roll of a meeting on a phone (C-05, B-03): what staff and hosts share, each behind doors of their own."""

from dataclasses import dataclass

from flask import g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from commune_hub.accounts.models import Person
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import new_public_id
from commune_hub.base.words import Language
from commune_hub.events import permissions, queries, roll, taps
from commune_hub.events.actions import attendance, door
from commune_hub.events.actions.attendance import Sent
from commune_hub.events.inputs import CorrectionDraft, TapsDraft, WalkInDraft
from commune_hub.events.models import Meeting
from commune_hub.events.permissions import Noter
from commune_hub.events.roll import MeetingRoll, RollLine
from commune_hub.events.words import AttendanceState, MeetingState, Touch
from commune_hub.speech import dates
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.layout import STATIC
from commune_hub.web.pages import words
from commune_hub.web.pages.staff import lines
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Category, Problems, ask_again, back_to, db, go, now, say

MenuEntry = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Doors:
    """The endpoints of a roll for whoever takes it, and the frame of its pages; an empty one is not offered."""

    layout: str
    meeting: str
    page: str
    note: str
    taps: str
    add: str
    sign: str
    correct: str
    sheet: str
    keeper: str
    tables: str = ""
    check_in: str = ""


@dataclass(frozen=True, slots=True)
class RollRow:
    """One person as the page shows them. `menu`: what else can be noted, as (touch, words)."""

    id: str
    name: str
    note: str
    state: str
    words: str
    signed: bool
    menu: tuple[MenuEntry, ...]


@dataclass(frozen=True, slots=True)
class RollPage:
    """All that `staff/_roll.html` shows. `blank`: somebody whom the phone adds while it has no network."""

    doors: Doors
    meeting: Meeting
    row: lines.MeetingRow
    rows: tuple[RollRow, ...]
    blank: RollRow
    counts: dict[str, int]
    said_no: str
    signs: bool
    tables: bool
    opens: str
    finished: str
    locked: bool
    until: str
    cancelled: bool
    back: str
    who: str
    moment: int
    token: str
    form: Form


def page_of(found: MeetingRoll, *, who: Noter, doors: Doors, back: str, form: Form | None = None) -> RollPage:
    """A roll in words."""
    meeting, state = found.meeting, AttendanceState
    finished = found.finished_at is not None
    late = taps.is_locked(found.lock_on, now()) and not permissions.can_correct_late(who, meeting.activity)
    opens = taps.opens_at(meeting.starts_at)
    return RollPage(
        doors=doors,
        meeting=meeting,
        row=lines.meeting_row(meeting),
        rows=tuple(_row(line, found) for line in found.lines),
        blank=RollRow("new", "", _("Came without a seat"), AttendanceState.PRESENT, "", False, _menu(found)),
        counts={
            "present": found.count(state.PRESENT),
            "absent": found.count(state.ABSENT),
            "excused": found.count(state.EXCUSED),
            "unknown": found.count(state.UNKNOWN),
        },
        said_no=dates.listed(found.said_no, speech()),
        signs=found.signs,
        tables=bool(doors.tables) and len(meeting.activity.tags) > 1,
        opens=lines.short_when(opens) if now() < opens else "",
        finished=lines.short_when(found.finished_at) if found.finished_at and finished else "",
        locked=late,
        until=speech().long_day(found.lock_on),
        cancelled=meeting.state == MeetingState.CANCELLED,
        back=back,
        who=who.public_id,
        moment=int(now().timestamp() * 1000),
        token=new_public_id(),
        form=form or Form(),
    )


def _row(line: RollLine, found: MeetingRoll) -> RollRow:
    return RollRow(
        id=line.person_id,
        name=line.name or _("Erased"),
        note=_note(line),
        state=line.state,
        words=_(words.ATTENDANCE_STATE[line.state]),
        signed=line.signed,
        menu=_menu(found),
    )


def _note(line: RollLine) -> str:
    """What helps to know who is who: their language at a café, whether they are new."""
    if line.for_language:
        return speech().language_name(line.for_language)
    if line.walk_in:
        return _("Came without a seat")
    if line.visits == 0:
        return _("First time")
    return speech().say_many("Here once before", "Here %(num)s times before", line.visits)


def _menu(found: MeetingRoll) -> tuple[MenuEntry, ...]:
    paper = ((Touch.PAPER, _("Has signed on paper")),) if found.signs else ()
    return (*paper, (Touch.EXCUSED, _("Excused")), (Touch.UNKNOWN, _("Not known")))


def shown(meeting: Meeting, who: Noter, doors: Doors, form: Form | None = None) -> str:
    """The names with Present and Absent."""
    page = page_of(roll.roll_of(db(), meeting), who=who, doors=doors, back="roll", form=form)
    return render_template("staff/attendance.html", roll=page)


def names_to_sign(meeting: Meeting, who: Noter, doors: Doors) -> ResponseReturnValue:
    """The phone goes round, and each person taps their own name (CIV-10, ORI-6)."""
    page = page_of(roll.roll_of(db(), meeting), who=who, doors=doors, back="sign")
    if page.finished or page.opens or page.cancelled or page.locked:
        return go(doors.page, meeting_id=meeting.public_id)
    return render_template("staff/attendance_sign.html", roll=page)


def note_one(meeting: Meeting, who: Noter, endpoint: str, values: dict[str, str]) -> Response:
    """One tap, sent as a form: back to the row that was touched, on the page behind `endpoint`."""
    said, _colon, person = request.form.get("mark", "").partition(":")
    back_to(endpoint, **values)
    if said not in Touch._value2member_map_ or said == Touch.WALK_IN:
        raise NotFound("touch")
    key = "-".join((request.form.get("page", ""), said))[:64]
    sent = Sent(key, None, Touch(said), person)
    attendance.touch(db(), meeting=meeting, sent=sent, actor=who, now=now())
    if sent.touch is Touch.FINISH:
        _say_finished(meeting)
    return go(endpoint, **values, _anchor=f"p-{person}" if person else "session")


def take_taps(meeting: Meeting, who: Noter) -> ResponseReturnValue:
    """The taps that a phone kept, in order; answers how everybody is marked now, so that two phones agree."""
    draft = TapsDraft.parse(request.get_json(silent=True) or {})
    sent = [Sent(tap.key, tap.moment, tap.touch, tap.person, tap.name, tap.contact) for tap in draft.taps]
    was_finished = roll.is_finished(db(), meeting)
    refused = door.take(db(), meeting=meeting, sent=sent, language=_spoken(), actor=who, now=now())
    found = roll.roll_of(db(), meeting)
    if found.finished_at is not None and not was_finished:
        _say_finished(meeting)
    return jsonify(
        marks={line.person_id: [line.state, line.signed] for line in found.lines},
        refused={key: words.refusal(Refused(reason)) for key, reason in refused.items()},
        finished=found.finished_at is not None,
        clock=speech().clock(now()),
    )


def _say_finished(meeting: Meeting) -> None:
    found = roll.roll_of(db(), meeting)
    say(N_("Attendance is finished. Thank you."))
    left = found.count(AttendanceState.UNKNOWN)
    if left:
        many = "%(num)s people have no mark. They count as not known."
        say(speech().say_many("One person has no mark. They count as not known.", many, left), Category.WARN)
    if found.unsigned:
        many = "%(num)s people are present and have not signed."
        say(speech().say_many("One person is present and has not signed.", many, found.unsigned), Category.WARN)


def added(meeting: Meeting, who: Noter) -> Person:
    """Somebody came without a seat: a first name is enough."""
    draft = WalkInDraft.parse(request.form)
    return door.walk_in(db(), meeting=meeting, draft=draft, language=_spoken(), actor=who, now=now()).person


def _spoken() -> Language:
    """What somebody new is written in: the language in which whoever takes the roll works."""
    return Language(speech().code) if speech().code in Language._value2member_map_ else Language.FR


def keeper() -> ResponseReturnValue:
    """The service worker that keeps the roll on the phone; it looks after the pages beside its own address."""
    g.public_page = True
    return Response((STATIC / "roll-keeper.js").read_bytes(), content_type="text/javascript; charset=utf-8")


_BY_HAND = (AttendanceState.PRESENT, AttendanceState.EXCUSED, AttendanceState.ABSENT, AttendanceState.UNKNOWN)


def corrected(meeting: Meeting, person_id: str, who: Noter, doors: Doors) -> ResponseReturnValue:
    """Another mark after the end, with a reason; and who changed what before."""
    person, meeting_id = roll.person_named(db(), person_id), meeting.public_id
    if person is None or not roll.is_on_list(db(), meeting, person.id):
        raise NotFound("person")

    def form(problems: Problems) -> str:
        again = queries.meeting_named(db(), meeting_id)
        line = next(one for one in roll.roll_of(db(), again).lines if one.person_id == person_id)
        typed = request.form if problems else {"state": line.state, "form_token": new_public_id()}
        return render_template(
            "staff/attendance_correct.html",
            **lines.heading_of(again),
            doors=doors,
            name=line.name,
            form=Form(typed, problems),
            states=[(state.value, _(words.ATTENDANCE_STATE[state])) for state in _BY_HAND],
            changes=[
                (lines.short_when(change.at), _(words.ATTENDANCE_STATE[change.became]), change.by, change.reason)
                for change in roll.changes_of(db(), again, person)
            ],
        )

    if request.method == "GET":
        return form({})
    back_to(doors.page, meeting_id=meeting.public_id)
    ask_again(form)
    draft = CorrectionDraft.parse(request.form)
    attendance.correct(
        db(), meeting=meeting, person=person, state=draft.state, reason=draft.reason, actor=who, now=now(),
        tap=draft.form_token,
    )  # fmt: skip
    say(N_("Corrected."))
    return go(doors.page, meeting_id=meeting.public_id, _anchor=f"p-{person_id}")
