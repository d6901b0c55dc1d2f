"""Noting who is at a meeting: one tap a person, everybody at once, signatures, the end of the roll, corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.models import Person
from commune_hub.base import outbox
from commune_hub.base.errors import Refused
from commune_hub.base.ids import new_public_id, token_hash
from commune_hub.events import permissions, roll, taps
from commune_hub.events.actions import missed, seats
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.permissions import Noter
from commune_hub.events.records import Attendance, AttendanceChange, Roll
from commune_hub.events.taps import Tap
from commune_hub.events.words import (
    SIGNED_BY,
    AttendanceChannel,
    AttendanceRefusal,
    AttendanceState,
    MeetingState,
    SignupState,
    Touch,
)


def hold(session: Session, *, meeting: Meeting, now: datetime) -> Roll:
    """The roll of a meeting, made when there is none. The seats' row is locked, so that two phones take turns."""
    seats.lock(session, [meeting.pool_id])
    session.refresh(meeting, ["state", "starts_at", "ends_at"])
    found = session.get(Roll, meeting.id, populate_existing=True)
    if found is None:
        found = Roll(meeting_id=meeting.id, check_in=new_public_id(), lock_on=taps.lock_day(meeting.ends_at))
        session.add(found)
        session.flush()
    return found


def open_roll(session: Session, *, meeting: Meeting, actor: Noter, now: datetime) -> Roll:
    """The roll with its code for checking in, so that the code can be shown or printed before the meeting."""
    permissions.must_take_attendance(actor, meeting)
    return hold(session, meeting=meeting, now=now)


def mark(
    session: Session,
    *,
    meeting: Meeting,
    person: Person,
    state: AttendanceState,
    actor: Noter,
    now: datetime,
    tap: str = "",
    tapped_at: datetime | None = None,
    channel: AttendanceChannel = AttendanceChannel.STAFF,
    reason: str = "",
) -> Attendance:
    """Note whether a person of the list is there. The same `tap` sent twice is one; `tapped_at` is the phone's moment.

    A tap made later wins, whenever it arrives. Raises Refused.
    """
    permissions.must_take_attendance(actor, meeting)
    held = hold(session, meeting=meeting, now=now)
    key = key_of(meeting, tap, person)
    known = noted_by(session, meeting, key)
    if known is not None:
        return known
    one = Tap(taps.moment_of(tapped_at, meeting.starts_at, now), key, state, channel, actor.person_id)
    must_be_open(held, meeting, one, actor=actor, reason=reason, now=now)
    if not roll.is_on_list(session, meeting, person.id):
        raise Refused(AttendanceRefusal.NOT_SIGNED_UP)
    return note(session, held, meeting=meeting, person=person, tap=one, reason=reason, now=now)


def sign(
    session: Session,
    *,
    meeting: Meeting,
    person: Person,
    actor: Noter,
    now: datetime,
    tap: str = "",
    tapped_at: datetime | None = None,
    channel: AttendanceChannel = AttendanceChannel.NAME_TAP,
) -> Attendance:
    """The person signs: a tap on their own name, or on the paper sheet that is ticked off (CIV-10, ORI-6)."""
    return mark(
        session, meeting=meeting, person=person, state=AttendanceState.PRESENT, actor=actor, now=now, tap=tap,
        tapped_at=tapped_at, channel=channel,
    )  # fmt: skip


def correct(
    session: Session,
    *,
    meeting: Meeting,
    person: Person,
    state: AttendanceState,
    reason: str,
    actor: Noter,
    now: datetime,
    tap: str = "",
) -> Attendance:
    """Change a mark after the roll is finished, with a reason; officers until the lock date, then the coordinator."""
    if not reason.strip():
        raise Refused(AttendanceRefusal.REASON_NEEDED)
    return mark(
        session, meeting=meeting, person=person, state=state, actor=actor, now=now, tap=tap, reason=reason.strip()
    )


def all_present(
    session: Session, *, meeting: Meeting, actor: Noter, now: datetime, tap: str = "", tapped_at: datetime | None = None
) -> None:
    """Everybody of the list who has no mark is present. Raises Refused."""
    permissions.must_take_attendance(actor, meeting)
    held = hold(session, meeting=meeting, now=now)
    tap = tap or new_public_id()
    at = taps.moment_of(tapped_at, meeting.starts_at, now)
    present = Tap(at, "", AttendanceState.PRESENT, AttendanceChannel.STAFF, actor.person_id, everybody=True)
    must_be_open(held, meeting, present, actor=actor, reason="", now=now)
    people = roll.people_on_list(session, meeting)
    _note_all(session, held, meeting, {p.id: (p, replace(present, key=key_of(meeting, tap, p))) for p in people}, now)


def finish(
    session: Session, *, meeting: Meeting, actor: Noter, now: datetime, tapped_at: datetime | None = None
) -> Roll:
    """The roll is complete. What follows from it leaves as a job, once; doing it twice changes nothing."""
    permissions.must_take_attendance(actor, meeting)
    held = hold(session, meeting=meeting, now=now)
    if held.finished_at is not None:
        return held
    at = taps.moment_of(tapped_at, meeting.starts_at, now)
    bar = taps.bar_to(
        _facts(held, meeting), tapped_at=at, reason="", now=now,
        may_correct_late=permissions.can_correct_late(actor, meeting.activity),
    )  # fmt: skip
    if bar is not None:
        raise Refused(bar)
    held.finished_at = at
    held.finished_by_id = actor.person_id
    held.lock_on = taps.lock_day(meeting.ends_at)
    _tell(session, meeting, "finished", now)
    missed.plan_friendly_words(session, meeting=meeting, now=now)
    return held


@dataclass(frozen=True, slots=True)
class Sent:
    """One tap as a phone sends it: what was touched, for whom (public id; empty for everybody), when, with its key.

    `name` and `contact` are those of somebody who came without a seat.
    """

    key: str
    at: datetime | None
    touch: Touch
    person: str = ""
    name: str = ""
    contact: str = ""


_SAYS: dict[Touch, tuple[AttendanceState, AttendanceChannel]] = {
    Touch.PRESENT: (AttendanceState.PRESENT, AttendanceChannel.STAFF),
    Touch.ABSENT: (AttendanceState.ABSENT, AttendanceChannel.STAFF),
    Touch.EXCUSED: (AttendanceState.EXCUSED, AttendanceChannel.STAFF),
    Touch.UNKNOWN: (AttendanceState.UNKNOWN, AttendanceChannel.STAFF),
    Touch.SIGNED: (AttendanceState.PRESENT, AttendanceChannel.NAME_TAP),
    Touch.PAPER: (AttendanceState.PRESENT, AttendanceChannel.PAPER),
}


def touch(session: Session, *, meeting: Meeting, sent: Sent, actor: Noter, now: datetime) -> None:
    """Do what one button says. Raises Refused, and then nothing has been written."""
    if sent.touch is Touch.ALL:
        all_present(session, meeting=meeting, actor=actor, now=now, tap=sent.key, tapped_at=sent.at)
        return
    if sent.touch is Touch.FINISH:
        finish(session, meeting=meeting, actor=actor, now=now, tapped_at=sent.at)
        return
    state, channel = _SAYS[sent.touch]
    person = roll.person_named(session, sent.person)
    if person is None:
        raise Refused(AttendanceRefusal.NOT_SIGNED_UP)
    mark(
        session, meeting=meeting, person=person, state=state, actor=actor, now=now, tap=sent.key, tapped_at=sent.at,
        channel=channel,
    )  # fmt: skip


def cancelled_by_organiser(session: Session, *, meeting: Meeting, actor: Noter | None, now: datetime) -> None:
    """The meeting was cancelled: that is the mark of everybody who had a seat. Called when a meeting is cancelled."""
    question = select(Signup).where(Signup.pool_id == meeting.pool_id, Signup.state == SignupState.CONFIRMED)
    people = [signup.person for signup in session.scalars(question.options(joinedload(Signup.person)))]
    if not people:
        return
    held = hold(session, meeting=meeting, now=now)
    off, by = AttendanceState.CANCELLED_BY_ORGANISER, actor.person_id if actor else None
    marks = {
        person.id: (person, Tap(now, key_of(meeting, "cancelled", person), off, AttendanceChannel.STAFF, by))
        for person in people
    }
    _note_all(session, held, meeting, marks, now)
    _tell(session, meeting, "cancelled", now)


# -- what the doings above and those at the door share ---------------------


def key_of(meeting: Meeting, tap: str, person: Person | None = None) -> str:
    """The key of a tap as it is kept: a phone's own key says nothing about other meetings and people."""
    whose = person.public_id if person else ""
    return token_hash("\0".join((meeting.public_id, tap or new_public_id(), whose))).hex()


def noted_by(session: Session, meeting: Meeting, key: str) -> Attendance | None:
    """What came of a tap that was sent before."""
    question = (
        select(Attendance)
        .join(
            AttendanceChange,
            (AttendanceChange.meeting_id == Attendance.meeting_id)
            & (AttendanceChange.person_id == Attendance.person_id),
        )
        .where(AttendanceChange.tap == key, Attendance.meeting_id == meeting.id)
    )
    return session.scalar(question)


def must_be_open(held: Roll, meeting: Meeting, tap: Tap, *, actor: Noter | None, reason: str, now: datetime) -> None:
    """Raises Refused with the reason why this tap is not taken. `actor` None: the person checks in."""
    bar = taps.bar_to(
        _facts(held, meeting), tapped_at=tap.at, reason=reason, now=now,
        may_correct_late=actor is not None and permissions.can_correct_late(actor, meeting.activity),
        own_hand=tap.channel in SIGNED_BY,
    )  # fmt: skip
    if bar is not None:
        raise Refused(bar)


def note(
    session: Session, held: Roll, *, meeting: Meeting, person: Person, tap: Tap, reason: str = "", now: datetime
) -> Attendance:
    """Write a tap down, and where the person's attendance stands now."""
    earlier = _taps_of(session, meeting, person.id).get(person.id, [])
    question = select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.person_id == person.id)
    stood = session.scalar(question)
    tap = taps.after_all(tap, earlier, now)
    attendance = _write(session, held, meeting, person, tap, earlier=earlier, stood=stood, reason=reason, now=now)
    session.flush()
    return attendance


def _note_all(
    session: Session, held: Roll, meeting: Meeting, marks: Mapping[int, tuple[Person, Tap]], now: datetime
) -> None:
    """The same for many people; a tap that was written down before changes nothing."""
    earlier = _taps_of(session, meeting)
    stood = {row.person_id: row for row in session.scalars(select(Attendance).where(Attendance.meeting == meeting))}
    for number, (person, tap) in marks.items():
        before = earlier.get(number, [])
        if all(known.key != tap.key for known in before):
            _write(session, held, meeting, person, tap, earlier=before, stood=stood.get(number), reason="", now=now)
    session.flush()


def _facts(held: Roll, meeting: Meeting) -> taps.RollFacts:
    cancelled = meeting.state == MeetingState.CANCELLED
    return taps.RollFacts(meeting.starts_at, meeting.ends_at, cancelled, held.finished_at, held.lock_on)


def _taps_of(session: Session, meeting: Meeting, person_id: int | None = None) -> dict[int, list[Tap]]:
    question = select(AttendanceChange).where(AttendanceChange.meeting_id == meeting.id)
    if person_id is not None:
        question = question.where(AttendanceChange.person_id == person_id)
    found: dict[int, list[Tap]] = {}
    for row in session.scalars(question.execution_options(populate_existing=True)):
        found.setdefault(row.person_id, []).append(
            Tap(
                row.tapped_at, row.tap or "", AttendanceState(row.became), AttendanceChannel(row.channel), row.by_id,
                row.everybody,
            )
        )  # fmt: skip
    return found


def _write(
    session: Session,
    held: Roll,
    meeting: Meeting,
    person: Person,
    tap: Tap,
    *,
    earlier: Sequence[Tap],
    stood: Attendance | None,
    reason: str,
    now: datetime,
) -> Attendance:
    was, stands = taps.standing_of(earlier), taps.standing_of([*earlier, tap])
    sealed = accounts.ring_of(session).seal(person.public_id, reason) if reason else None
    session.add(
        AttendanceChange(
            meeting_id=meeting.id, person_id=person.id, was=was.state, became=tap.state, channel=tap.channel,
            by_id=tap.by_id, at=now, tapped_at=tap.at, everybody=tap.everybody, tap=tap.key, reason_sealed=sealed,
        )
    )  # fmt: skip
    attendance = stood or Attendance(meeting_id=meeting.id, person_id=person.id, noted_at=now)
    session.add(attendance)
    attendance.state, attendance.channel = stands.state, stands.channel
    attendance.noted_by_id, attendance.signed_at = stands.by_id, stands.signed_at
    if stands != was:
        attendance.noted_at = now
    if held.finished_at is not None and stands != was:
        _tell(session, meeting, tap.key, now)
    return attendance


def _tell(session: Session, meeting: Meeting, act: str, now: datetime) -> None:
    """What follows from attendance (certificate, qualification, attestation) is done by the worker."""
    key = f"attendance_changed:{meeting.public_id}:{act}"
    outbox.enqueue(session, "attendance_changed", due_at=now, now=now, key=key, meeting=meeting.public_id)
