"""At the door: what a phone kept is taken, somebody without a seat is added, a card is scanned, people check in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts import queries as people
from commune_hub.accounts.models import Person
from commune_hub.accounts.rules import plain_name
from commune_hub.base.errors import Invalid, NotFound, Refused
from commune_hub.base.ids import is_public_id
from commune_hub.base.words import Language
from commune_hub.events import permissions, queries, roll, taps
from commune_hub.events.actions import attendance, seats
from commune_hub.events.actions.attendance import Sent
from commune_hub.events.inputs import WalkInDraft
from commune_hub.events.models import Meeting
from commune_hub.events.permissions import Noter
from commune_hub.events.records import Attendance, Roll
from commune_hub.events.taps import Tap
from commune_hub.events.words import (
    AttendanceChannel,
    AttendanceRefusal,
    AttendanceState,
    MeetingState,
    SignupState,
    Touch,
)


def take(
    session: Session, *, meeting: Meeting, sent: Sequence[Sent], language: Language, actor: Noter, now: datetime
) -> dict[str, AttendanceRefusal]:
    """The taps that a phone kept while it had no network, in order; those refused by their key, the others are taken.

    One that is refused does not hold up the rest: the phone would send them again and again.
    """
    permissions.must_take_attendance(actor, meeting)
    refused: dict[str, AttendanceRefusal] = {}
    for one in sent:
        try:
            if one.touch is Touch.WALK_IN:
                _add(session, meeting, one, language, actor, now, refused)
            else:
                person = _added_by(session, meeting, one.person) or one.person
                attendance.touch(session, meeting=meeting, sent=replace(one, person=person), actor=actor, now=now)
        except Refused as refusal:
            refused[one.key] = AttendanceRefusal(refusal.reason)
    return refused


def _add(
    session: Session,
    meeting: Meeting,
    sent: Sent,
    language: Language,
    actor: Noter,
    now: datetime,
    refused: dict[str, AttendanceRefusal],
) -> None:
    """Somebody was added on the phone: with a contact that cannot be read they are added without it."""
    try:
        draft = WalkInDraft.parse({"name": sent.name, "contact": sent.contact})
    except Invalid as wrong:
        if "name" in wrong.problems:
            raise Refused(AttendanceRefusal.NO_NAME) from None
        refused[sent.key] = AttendanceRefusal.NO_CONTACT
        draft = WalkInDraft.parse({"name": sent.name})
    walk_in(
        session, meeting=meeting, draft=draft, language=language, actor=actor, now=now, tap=sent.key, tapped_at=sent.at
    )


def _added_by(session: Session, meeting: Meeting, tap: str) -> str | None:
    """The person whom a tap has added: until the phone has heard of it, that tap is their name."""
    if not tap or is_public_id(tap):
        return None
    known = attendance.noted_by(session, meeting, attendance.key_of(meeting, tap))
    return known.person.public_id if known else None


def walk_in(
    session: Session,
    *,
    meeting: Meeting,
    draft: WalkInDraft,
    language: Language,
    actor: Noter,
    now: datetime,
    tap: str = "",
    tapped_at: datetime | None = None,
) -> Attendance:
    """Somebody came without a seat: a first name is enough. The same form, or `tap`, sent twice is the same person.

    Over the capacity if need be: the officer sees the room. Raises Refused.
    """
    permissions.must_take_attendance(actor, meeting)
    held = attendance.hold(session, meeting=meeting, now=now)
    key = attendance.key_of(meeting, tap or _said_in(draft))
    known = attendance.noted_by(session, meeting, key)
    if known is not None:
        return known
    moment = taps.moment_of(tapped_at, meeting.starts_at, now)
    tap_here = Tap(moment, key, AttendanceState.PRESENT, AttendanceChannel.STAFF, actor.person_id)
    attendance.must_be_open(held, meeting, tap_here, actor=actor, reason=draft.reason, now=now)
    person = _known(session, draft) or accounts.new_person(
        session, name=draft.name, language=language, now=now, reach=draft.contact
    )
    return _enter(session, held, meeting, person, tap_here, actor, now, draft.reason, draft.for_language)


def _said_in(draft: WalkInDraft) -> str:
    """The form with what stands in it: whoever goes back to it and types another name adds another person."""
    if not draft.form_token:
        return ""
    return "\0".join((draft.form_token, plain_name(draft.name), draft.contact.value if draft.contact else ""))


def _known(session: Session, draft: WalkInDraft) -> Person | None:
    """Who has this name at this contact; their own language stays."""
    if draft.contact is None:
        return None
    wanted = people.name_hash(session, draft.name)
    family = people.people_at(session, people.contact_hash(session, draft.contact))
    return next((person for person in family if person.name_hash == wanted), None)


def by_card(session: Session, *, meeting: Meeting, code: str, actor: Noter, now: datetime, tap: str = "") -> Attendance:
    """Somebody shows their practice card: present and signed; without a seat they are let in. Raises Refused."""
    permissions.must_take_attendance(actor, meeting)
    card = roll.card_with(session, code)
    if card is None:
        raise Refused(AttendanceRefusal.UNKNOWN_CARD)
    if meeting.ends_at < now:
        raise Refused(AttendanceRefusal.CHECK_IN_CLOSED)
    held = attendance.hold(session, meeting=meeting, now=now)
    return _by_own_hand(session, held, meeting, card.person, AttendanceChannel.CARD, tap, actor, now)


def check_in(session: Session, *, code: str, person: Person, now: datetime, tap: str = "") -> Attendance:
    """Somebody checks in with the code shown at the place, on their own phone. Raises Refused, NotFound.

    Where everybody just comes they need no seat before; elsewhere they need one.
    """
    meeting = roll.meeting_to_check_in(session, code)
    if meeting is None:
        raise NotFound("meeting")
    held = attendance.hold(session, meeting=meeting, now=now)
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(AttendanceRefusal.CALLED_OFF)
    if not taps.may_check_in(meeting.starts_at, meeting.ends_at, now):
        raise Refused(AttendanceRefusal.CHECK_IN_CLOSED)
    if not _has_seat(session, meeting, person, now):
        raise Refused(AttendanceRefusal.NOT_SIGNED_UP)
    return _by_own_hand(session, held, meeting, person, AttendanceChannel.CHECK_IN, tap, None, now)


def _has_seat(session: Session, meeting: Meeting, person: Person, now: datetime) -> bool:
    if meeting.pool.capacity is None or roll.is_on_list(session, meeting, person.id):
        return True
    signup = queries.live_signup(session, meeting.pool_id, person.id)
    if signup is None or signup.state != SignupState.OFFERED:
        return False
    # Whoever was offered the seat and is here has said yes.
    seats.accept(session, signup=signup, now=now)
    return True


def _by_own_hand(
    session: Session,
    held: Roll,
    meeting: Meeting,
    person: Person,
    channel: AttendanceChannel,
    tap: str,
    actor: Noter | None,
    now: datetime,
) -> Attendance:
    key = attendance.key_of(meeting, tap, person)
    known = attendance.noted_by(session, meeting, key)
    if known is not None:
        return known
    one = Tap(now, key, AttendanceState.PRESENT, channel, actor.person_id if actor else None)
    attendance.must_be_open(held, meeting, one, actor=actor, reason="", now=now)
    return _enter(session, held, meeting, person, one, actor, now)


def _enter(
    session: Session,
    held: Roll,
    meeting: Meeting,
    person: Person,
    tap: Tap,
    actor: Noter | None,
    now: datetime,
    reason: str = "",
    for_language: str = "",
) -> Attendance:
    if not roll.is_on_list(session, meeting, person.id):
        language = for_language if for_language in meeting.activity.tags else ""
        seats.let_in(session, pool=meeting.pool, person=person, actor=actor, now=now, for_language=language)
    return attendance.note(session, held, meeting=meeting, person=person, tap=tap, reason=reason, now=now)
