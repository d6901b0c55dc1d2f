"""Attendance on both databases: taps in any order, the end of the roll, corrections, the door, cards, hours."""

from datetime import UTC, datetime, timedelta
from random import Random
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.outbox import Job
from commune_hub.base.words import Language
from commune_hub.events import queries, roll, tables
from commune_hub.events.actions import attendance, cards, door, seats
from commune_hub.events.actions import tables as table_actions
from commune_hub.events.actions.attendance import Sent
from commune_hub.events.actions.meetings import cancel_meeting
from commune_hub.events.cafe import Speaker
from commune_hub.events.inputs import WalkInDraft
from commune_hub.events.models import Meeting, SeatPool, Signup
from commune_hub.events.records import Attendance, AttendanceChange, PracticeCard, Roll
from commune_hub.events.roll import Hours
from commune_hub.events.taps import RollFacts, Standing, Tap, bar_to, standing_of
from commune_hub.events.words import (
    ActivityKind,
    AttendanceChannel,
    AttendanceRefusal,
    AttendanceState,
    CancelReason,
    QueueRule,
    QueueStep,
    SignupChannel,
    SignupState,
    Touch,
)
from tests.factories import NOW, a_meeting, a_person, a_signup, an_actor, an_organisation

START = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
DURING = START + timedelta(minutes=10)
AFTER = START + timedelta(hours=3)
PRESENT, ABSENT, EXCUSED = AttendanceState.PRESENT, AttendanceState.ABSENT, AttendanceState.EXCUSED
UNKNOWN = AttendanceState.UNKNOWN


class Evening:
    """A table with some people who have a seat, and the officer who notes who came."""

    def __init__(self, session: Session, names: int = 3, **given: Any) -> None:
        self.session = session
        self.organisation = an_organisation(session)
        self.meeting: Meeting = a_meeting(session, organisation=self.organisation, **given)
        self.officer: Actor = an_actor(session, organisation=self.organisation)
        self.people: list[Person] = [a_person(session, name=f"Amina {letter}") for letter in "ABCDEFGHIJKL"[:names]]
        for person in self.people:
            a_signup(session, self.meeting.pool, person=person)

    def mark(self, number: int, state: AttendanceState, minutes: float = 0, **more: Any) -> Attendance:
        values: dict[str, Any] = {"actor": self.officer, "now": DURING + timedelta(minutes=minutes)} | more
        return attendance.mark(
            self.session, meeting=self.meeting, person=self.people[number], state=state, **values
        )  # fmt: skip

    def states(self) -> list[AttendanceState]:
        return [line.state for line in roll.roll_of(self.session, self.meeting).lines]

    def jobs(self) -> int:
        question = select(func.count()).where(Job.kind == "attendance_changed")
        return self.session.scalar(question) or 0


@pytest.fixture
def evening(session: Session) -> Evening:
    return Evening(session)


def refusal_of(doing: Any) -> str:
    with pytest.raises(Refused) as refused:
        doing()
    return str(refused.value.reason)


# -- the rules --------------------------------------------------------------

moments = st.integers(0, 5).map(lambda minute: START + timedelta(minutes=minute))
tap_lists = st.lists(
    st.builds(
        Tap,
        at=moments,
        key=st.text("abcdefgh", min_size=1, max_size=3),
        state=st.sampled_from([PRESENT, ABSENT, EXCUSED, UNKNOWN]),
        channel=st.sampled_from(list(AttendanceChannel)),
        by_id=st.integers(1, 3),
        everybody=st.just(False),
    )
    | st.builds(
        Tap, at=moments, key=st.text("xyz", min_size=1, max_size=3), state=st.just(PRESENT),
        channel=st.just(AttendanceChannel.STAFF), by_id=st.integers(1, 3), everybody=st.just(True),
    ),
    unique_by=lambda tap: tap.key,
    max_size=8,
)  # fmt: skip


@given(st.data())
def test_taps_in_any_order_come_to_the_same(data: st.DataObject) -> None:
    taps = data.draw(tap_lists)
    shuffled = data.draw(st.permutations(taps))

    assert standing_of(shuffled) == standing_of(taps)


@given(tap_lists)
def test_the_last_mark_on_a_name_stands_whatever_was_said_of_everybody(taps: list[Tap]) -> None:
    on_the_name = [tap for tap in taps if not tap.everybody]
    last = max(on_the_name, key=lambda tap: (tap.at, tap.key), default=None)

    stands = standing_of(taps).state

    assert last is None or last.state is UNKNOWN or stands is last.state


def test_a_signature_stays_with_another_present_and_falls_with_absent() -> None:
    def tap(minute: int, state: AttendanceState, channel: AttendanceChannel) -> Tap:
        return Tap(START + timedelta(minutes=minute), str(minute), state, channel)

    signed = tap(1, PRESENT, AttendanceChannel.NAME_TAP)
    staff = AttendanceChannel.STAFF

    assert standing_of([signed, tap(2, PRESENT, staff)]) == Standing(PRESENT, staff, None, signed.at)
    assert standing_of([signed, tap(2, ABSENT, staff)]) == Standing(ABSENT, staff, None, None)
    assert standing_of([signed, tap(2, ABSENT, staff), tap(3, PRESENT, staff)]).signed_at is None


def test_when_a_tap_is_taken() -> None:
    finished = RollFacts(START, START + timedelta(minutes=90), finished_at=DURING, lock_on=START.date())

    def bar(roll: RollFacts, now: datetime, **more: Any) -> AttendanceRefusal | None:
        values: dict[str, Any] = {"tapped_at": now, "reason": "", "may_correct_late": False} | more
        return bar_to(roll, now=now, **values)

    open_roll = RollFacts(START, START + timedelta(minutes=90))
    assert bar(open_roll, START - timedelta(minutes=15, seconds=1)) is AttendanceRefusal.NOT_BEGUN
    assert bar(open_roll, START - timedelta(minutes=15)) is None
    assert bar(open_roll, START + timedelta(days=14)) is None
    assert bar(open_roll, START + timedelta(days=15)) is AttendanceRefusal.LOCKED
    assert bar(RollFacts(START, AFTER, cancelled=True), DURING) is AttendanceRefusal.CALLED_OFF
    later = DURING + timedelta(minutes=5)
    assert bar(finished, later) is AttendanceRefusal.REASON_NEEDED
    assert bar(finished, later, reason="was in the corridor") is None
    assert bar(finished, later, tapped_at=DURING - timedelta(minutes=1)) is None
    assert bar(finished, later, own_hand=True) is None
    assert bar(finished, AFTER, own_hand=True) is AttendanceRefusal.REASON_NEEDED
    # 24 November is over at midnight in Luxembourg, an hour before it is in UTC.
    midnight = datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert bar(finished, midnight, reason="late") is AttendanceRefusal.LOCKED
    assert bar(finished, midnight, reason="late", may_correct_late=True) is None


# -- one tap after the other -----------------------------------------------


def test_each_tap_is_a_row_and_the_last_one_stands(evening: Evening) -> None:
    evening.mark(0, PRESENT)
    evening.mark(0, ABSENT, minutes=1)

    changes = evening.session.execute(
        select(AttendanceChange.was, AttendanceChange.became).order_by(AttendanceChange.id)
    ).all()
    assert [tuple(row) for row in changes] == [(UNKNOWN, PRESENT), (PRESENT, ABSENT)]
    assert evening.states() == [ABSENT, UNKNOWN, UNKNOWN]


def test_the_same_tap_sent_twice_is_one(evening: Evening) -> None:
    evening.mark(0, PRESENT, tap="a tap")
    evening.mark(0, ABSENT, minutes=1)

    evening.mark(0, PRESENT, minutes=2, tap="a tap")

    assert evening.states()[0] is ABSENT
    assert evening.session.scalar(select(func.count()).select_from(AttendanceChange)) == 2


def test_a_tap_made_earlier_and_sent_later_does_not_win(evening: Evening) -> None:
    evening.mark(0, ABSENT, minutes=5, tapped_at=DURING + timedelta(minutes=4))

    evening.mark(0, PRESENT, minutes=6, tapped_at=DURING)

    assert evening.states()[0] is ABSENT


def test_everybody_is_present_but_for_those_who_have_a_mark(evening: Evening) -> None:
    evening.mark(1, EXCUSED)

    for _ in range(2):
        attendance.all_present(evening.session, meeting=evening.meeting, actor=evening.officer, now=DURING, tap="all")

    assert evening.states() == [PRESENT, EXCUSED, PRESENT]
    assert evening.session.scalar(select(func.count()).select_from(AttendanceChange)) == 4


def test_before_the_meeting_and_for_others_there_is_nothing_to_mark(evening: Evening) -> None:
    stranger = a_person(evening.session, name="Goran")
    early = START - timedelta(minutes=16)

    assert refusal_of(lambda: evening.mark(0, PRESENT, now=early)) == AttendanceRefusal.NOT_BEGUN
    evening.people.append(stranger)
    assert refusal_of(lambda: evening.mark(3, PRESENT)) == AttendanceRefusal.NOT_SIGNED_UP


def test_another_organisation_finds_nothing(evening: Evening) -> None:
    other = an_actor(evening.session, organisation=an_organisation(evening.session))

    with pytest.raises(NotFound):
        evening.mark(0, PRESENT, actor=other)
    with pytest.raises(NotFound):
        attendance.finish(evening.session, meeting=evening.meeting, actor=other, now=DURING)
    with pytest.raises(NotFound):
        door.take(
            evening.session, meeting=evening.meeting, sent=[], language=Language.FR, actor=other, now=DURING
        )  # fmt: skip


def test_finishing_twice_tells_once_and_each_correction_once(evening: Evening) -> None:
    evening.mark(0, PRESENT)
    assert evening.jobs() == 0

    for _ in range(2):
        attendance.finish(evening.session, meeting=evening.meeting, actor=evening.officer, now=AFTER)
    assert evening.jobs() == 1

    for _ in range(2):
        attendance.correct(
            evening.session, meeting=evening.meeting, person=evening.people[0], state=ABSENT, tap="one",
            reason="It was her sister.", actor=evening.officer, now=AFTER + timedelta(days=1),
        )  # fmt: skip
    assert evening.jobs() == 2
    assert evening.states()[0] is ABSENT


def test_a_correction_needs_a_reason_that_only_the_person_s_key_opens(evening: Evening) -> None:
    attendance.finish(evening.session, meeting=evening.meeting, actor=evening.officer, now=AFTER)
    later: dict[str, Any] = {"now": AFTER + timedelta(days=1)}

    assert refusal_of(lambda: evening.mark(0, PRESENT, **later)) == AttendanceRefusal.REASON_NEEDED
    evening.mark(0, PRESENT, reason="She came late.", **later)

    sealed = evening.session.scalars(select(AttendanceChange.reason_sealed)).one()
    assert sealed is not None and b"late" not in sealed
    [change] = roll.changes_of(evening.session, evening.meeting, evening.people[0])
    assert (change.became, change.by, change.reason) == (PRESENT, "Marc", "She came late.")


def test_after_the_lock_date_only_the_coordinator_corrects(evening: Evening) -> None:
    coordinator = an_actor(evening.session, role=Role.COORDINATOR, organisation=evening.organisation)
    late: dict[str, Any] = {"now": START + timedelta(days=15), "reason": "Found the sheet."}

    assert refusal_of(lambda: evening.mark(0, PRESENT, **late)) == AttendanceRefusal.LOCKED
    evening.mark(0, PRESENT, actor=coordinator, **late)

    assert evening.states()[0] is PRESENT


def test_a_tap_from_before_the_end_that_arrives_late_counts_and_is_told(evening: Evening) -> None:
    attendance.finish(evening.session, meeting=evening.meeting, actor=evening.officer, now=AFTER)

    evening.mark(0, PRESENT, now=AFTER + timedelta(minutes=1), tapped_at=DURING)

    assert evening.states()[0] is PRESENT
    assert evening.jobs() == 2


def test_what_a_phone_kept_is_taken_in_order_and_a_refused_tap_holds_up_nothing(evening: Evening) -> None:
    first, second, third = (person.public_id for person in evening.people)
    minute = timedelta(minutes=1)
    sent = [
        Sent("k1", DURING, Touch.ALL),
        Sent("k2", DURING + minute, Touch.ABSENT, first),
        Sent("k3", DURING + 2 * minute, Touch.EXCUSED, second),
        Sent("k4", DURING + 2 * minute, Touch.PRESENT, "nobody at all"),
        Sent("k5", DURING + 3 * minute, Touch.SIGNED, third),
        Sent("k6", DURING + 4 * minute, Touch.FINISH),
    ]

    for _ in range(2):
        refused = door.take(
            evening.session, meeting=evening.meeting, sent=sent, language=Language.FR, actor=evening.officer, now=AFTER
        )  # fmt: skip

    assert refused == {"k4": AttendanceRefusal.NOT_SIGNED_UP}
    found = roll.roll_of(evening.session, evening.meeting)
    assert [line.state for line in found.lines] == [ABSENT, EXCUSED, PRESENT]
    assert [line.signed for line in found.lines] == [False, False, True]
    assert (found.finished_at, evening.jobs()) == (DURING + 4 * minute, 1)


def test_who_was_added_without_network_is_one_person_whatever_was_tapped_for_them_since(evening: Evening) -> None:
    minute = timedelta(minutes=1)
    sent = [
        Sent("new-marta-1", DURING, Touch.WALK_IN, name="Marta", contact="621 123 456"),
        Sent("k2", DURING + minute, Touch.ABSENT, "new-marta-1"),
        Sent("k3", DURING + 2 * minute, Touch.FINISH),
        Sent("new-zahra-2", DURING + minute, Touch.WALK_IN, name="زهرا", contact="no contact"),
        Sent("new-nobody", DURING + minute, Touch.WALK_IN, name=" "),
        Sent("k4", DURING + 3 * minute, Touch.WALK_IN, name="Too late"),
    ]

    for _ in range(2):
        refused = door.take(
            evening.session, meeting=evening.meeting, sent=sent, language=Language.PT, actor=evening.officer, now=AFTER
        )  # fmt: skip

    assert refused == {
        "new-zahra-2": AttendanceRefusal.NO_CONTACT,
        "new-nobody": AttendanceRefusal.NO_NAME,
        "k4": AttendanceRefusal.REASON_NEEDED,
    }
    lines = {line.name: line.state for line in roll.roll_of(evening.session, evening.meeting).lines}
    assert {name: lines[name] for name in lines if not name.startswith("Amina")} == {"Marta": ABSENT, "زهرا": PRESENT}
    marta = evening.session.scalars(select(Person).order_by(Person.id.desc()).offset(1)).first()
    assert marta is not None
    assert ([contact.value for contact in marta.contacts], marta.language) == (["+352621123456"], "pt")


@pytest.mark.parametrize("seed", range(4))
def test_two_phones_without_network_come_to_the_same_in_any_order(session: Session, seed: int) -> None:
    random = Random(seed)
    evening = Evening(session)
    ids = [person.public_id for person in evening.people]
    whats = [Touch.PRESENT, Touch.ABSENT, Touch.EXCUSED, Touch.UNKNOWN, Touch.SIGNED]
    taps = [
        Sent(f"k{number}", DURING + timedelta(seconds=number), random.choice(whats), random.choice(ids))
        for number in range(12)
    ]
    taps.insert(random.randrange(12), Sent("all", DURING + timedelta(seconds=random.randrange(12)), Touch.ALL))
    arrival = [*taps, *random.sample(taps, 6)]
    random.shuffle(arrival)

    for one in arrival:
        door.take(
            session, meeting=evening.meeting, sent=[one], language=Language.FR, actor=evening.officer, now=AFTER
        )  # fmt: skip
    one_way = roll.roll_of(session, evening.meeting).lines
    again = Evening(session)
    renamed = dict(zip(ids, (person.public_id for person in again.people), strict=True))
    in_order = [
        Sent(t.key, t.at, t.touch, renamed.get(t.person, "")) for t in sorted(taps, key=lambda t: t.at or DURING)
    ]
    door.take(session, meeting=again.meeting, sent=in_order, language=Language.FR, actor=again.officer, now=AFTER)

    other_way = roll.roll_of(session, again.meeting).lines
    assert [(a.state, a.signed) for a in one_way] == [(b.state, b.signed) for b in other_way]


def test_a_cancelled_meeting_marks_everybody_who_had_a_seat(evening: Evening) -> None:
    attendance.cancelled_by_organiser(evening.session, meeting=evening.meeting, actor=evening.officer, now=DURING)
    attendance.cancelled_by_organiser(evening.session, meeting=evening.meeting, actor=evening.officer, now=DURING)

    assert evening.states() == [AttendanceState.CANCELLED_BY_ORGANISER] * 3
    assert evening.jobs() == 1


def test_cancelling_a_meeting_notes_it_and_a_planned_table_keeps_no_date_alive(session: Session) -> None:
    evening = Evening(session, rrule="FREQ=WEEKLY;BYDAY=TU;COUNT=2", last_on=datetime(2026, 12, 15).date())
    first, second = evening.meeting.activity.meetings
    attendance.open_roll(session, meeting=second, actor=evening.officer, now=NOW)
    table_actions.set_speakers(
        session, meeting=second, speakers=[Speaker("Josée", frozenset({"lb"}))], actor=evening.officer
    )
    cancel_meeting(session, meeting=first, reason=CancelReason.HOST_ILL, actor=evening.officer, now=NOW)

    session.delete(second)
    session.flush()

    assert evening.states() == [AttendanceState.CANCELLED_BY_ORGANISER] * 3
    assert refusal_of(lambda: evening.mark(0, PRESENT)) == AttendanceRefusal.CALLED_OFF
    assert session.scalar(select(func.count()).select_from(Roll)) == 1


# -- the list -----------------------------------------------------------------


def test_the_list_is_by_name_with_visits_and_without_those_who_said_no(session: Session) -> None:
    evening = Evening(session, names=2)
    gone = a_signup(session, evening.meeting.pool, person=a_person(session, name="Elena Petrova"))
    seats.cancel(session, signup=gone, now=START - timedelta(hours=3))
    full = a_person(session, name="Zoé Marie Schmit")
    a_signup(session, evening.meeting.pool, person=full)

    found = roll.roll_of(session, evening.meeting)

    assert [(line.name, line.visits) for line in found.lines] == [("Amina A.", 0), ("Amina B.", 0), ("Zoé S.", 0)]
    assert (found.said_no, found.signs) == (("Elena P.",), False)


def test_who_could_be_taken_for_each_other_stands_with_the_whole_name(session: Session) -> None:
    evening = Evening(session, names=0)
    for name in ("Amina Bouzid", "Amina Benali", "Amina", "Carla Mendes"):
        a_signup(session, evening.meeting.pool, person=a_person(session, name=name))

    lines = roll.roll_of(session, evening.meeting).lines

    assert [line.name for line in lines] == ["Amina", "Amina Benali", "Amina Bouzid", "Carla M."]


def test_the_person_reads_how_they_are_noted_and_why_it_was_corrected(evening: Evening) -> None:
    evening.mark(0, PRESENT)
    evening.mark(0, ABSENT, minutes=1, reason="It was her sister.")

    [mark] = roll.marks_of(evening.session, evening.people[0])

    assert (mark.meeting, mark.state, mark.reason) == (evening.meeting, ABSENT, "It was her sister.")
    assert roll.marks_of(evening.session, evening.people[1]) == []


def test_visits_are_those_of_the_same_activity_before(session: Session) -> None:
    evening = Evening(session, names=1, rrule="FREQ=WEEKLY;BYDAY=TU;COUNT=3", last_on=datetime(2026, 12, 15).date())
    first, second = evening.meeting.activity.meetings[:2]
    a_signup(session, second.pool, person=evening.people[0])
    evening.mark(0, PRESENT)

    [line] = roll.roll_of(session, second).lines

    assert first is evening.meeting
    assert (line.visits, line.state) == (1, UNKNOWN)


def test_CIV_10_everybody_signs_where_an_obligation_is_at_stake(session: Session) -> None:
    evening = Evening(session, kind=ActivityKind.CIVIC_COURSE, capacity=30)
    for signup in session.scalars(select(Signup)):
        signup.state = SignupState.CONFIRMED
    evening.mark(0, PRESENT)
    attendance.sign(
        session, meeting=evening.meeting, person=evening.people[1], actor=evening.officer, now=DURING
    )  # fmt: skip

    found = roll.roll_of(session, evening.meeting)

    assert (found.signs, found.unsigned) == (True, 1)
    assert [line.signed for line in found.lines] == [False, True, False]


def test_the_roll_of_now_is_that_of_the_meeting_that_runs_then_of_one_not_finished(evening: Evening) -> None:
    def at(moment: datetime) -> Meeting | None:
        return roll.current_meeting(evening.session, evening.officer, moment)

    assert at(START - timedelta(minutes=16)) is None
    assert at(START - timedelta(minutes=15)) is evening.meeting
    assert at(AFTER) is evening.meeting
    assert roll.rolls_to_finish(evening.session, evening.officer, AFTER) == [evening.meeting]
    attendance.finish(evening.session, meeting=evening.meeting, actor=evening.officer, now=AFTER)
    assert at(AFTER) is None
    assert roll.rolls_to_finish(evening.session, evening.officer, AFTER) == []
    other = an_actor(evening.session, organisation=an_organisation(evening.session))
    assert roll.current_roll(evening.session, other, DURING) is None


# -- the door -------------------------------------------------------------------


def add(evening: Evening, name: str = "Katya", **given: Any) -> Attendance:
    values: dict[str, Any] = {"actor": evening.officer, "now": DURING} | {
        k: given.pop(k) for k in ("actor", "now") if k in given
    }
    draft = WalkInDraft.parse({"name": name, "form_token": name} | given)
    return door.walk_in(
        evening.session, meeting=evening.meeting, draft=draft, language=Language.FR, **values
    )  # fmt: skip


def test_a_first_name_is_enough_and_the_same_form_twice_is_one_person(evening: Evening) -> None:
    add(evening)
    add(evening)

    assert [line.name for line in roll.roll_of(evening.session, evening.meeting).lines if line.walk_in] == ["Katya"]
    signup = evening.session.scalars(select(Signup).where(Signup.channel == SignupChannel.WALK_IN)).one()
    assert signup.state == SignupState.CONFIRMED
    [decision] = queries.decisions_of(evening.session, signup_id=signup.id)
    assert (decision.step, decision.rule, decision.by_id) == (
        QueueStep.SEAT_AT_ONCE, QueueRule.BY_OFFICER, evening.officer.account_id
    )  # fmt: skip


def test_walk_ins_go_over_the_capacity_and_the_books_stay_true(session: Session) -> None:
    evening = Evening(session, names=3, capacity=3)

    add(evening, "Katya")
    add(evening, "Luis")

    pool = session.get_one(SeatPool, evening.meeting.pool_id)
    assert (pool.capacity, pool.taken, pool.over) == (3, 5, 2)
    assert queries.true_counts(session, pool.id) == (5, 0)


def test_who_waited_and_stands_there_gets_the_seat(session: Session) -> None:
    evening = Evening(session, names=2, capacity=2)
    waiting = a_signup(session, evening.meeting.pool, person=a_person(session, name="Luis", contact="621 123 456"))
    assert waiting.state == SignupState.WAITING

    add(evening, "Luis", contact="621 123 456")

    pool = session.get_one(SeatPool, evening.meeting.pool_id)
    assert (waiting.state, pool.taken, pool.waiting, pool.over) == (SignupState.CONFIRMED, 3, 0, 1)


def test_a_walk_in_keeps_their_own_language(evening: Evening) -> None:
    person = a_person(evening.session, name="Katya", contact="katya@example.lu", language="de")

    marked = add(evening, contact="katya@example.lu")

    assert (marked.person_id, person.language) == (person.id, "de")


def test_after_the_end_a_walk_in_needs_a_reason(evening: Evening) -> None:
    attendance.finish(evening.session, meeting=evening.meeting, actor=evening.officer, now=AFTER)
    later = AFTER + timedelta(minutes=1)

    assert refusal_of(lambda: add(evening, now=later)) == AttendanceRefusal.REASON_NEEDED
    assert evening.session.scalar(select(func.count()).select_from(Person)) == 4
    add(evening, now=later, reason="Was forgotten.")

    assert evening.jobs() == 2


def test_a_card_marks_presence_signed_in_one_tap_with_or_without_a_seat(evening: Evening) -> None:
    stranger = a_person(evening.session, name="Goran")
    codes = [cards.make_card(evening.session, person=p, now=DURING).code for p in (evening.people[0], stranger)]

    for code in [*codes, codes[0]]:
        door.by_card(
            evening.session, meeting=evening.meeting, code=code, actor=evening.officer, now=DURING, tap="scan"
        )  # fmt: skip

    lines = {line.name: line for line in roll.roll_of(evening.session, evening.meeting).lines}
    assert (lines["Amina A."].state, lines["Amina A."].signed) == (PRESENT, True)
    assert (lines["Goran"].state, lines["Goran"].walk_in) == (PRESENT, True)
    assert evening.session.scalar(select(func.count()).select_from(AttendanceChange)) == 2


def test_a_lost_card_is_replaced_and_opens_nothing(evening: Evening) -> None:
    lost = cards.make_card(evening.session, person=evening.people[0], now=DURING)
    code = lost.code

    fresh = cards.replace_card(evening.session, person=evening.people[0], now=DURING, code=code)
    again = cards.replace_card(evening.session, person=evening.people[0], now=DURING, code=code)

    assert (fresh.code != code, again is fresh) == (True, True)
    assert cards.make_card(evening.session, person=evening.people[0], now=DURING) is fresh
    scanned: dict[str, Any] = {"meeting": evening.meeting, "actor": evening.officer, "now": DURING}
    assert refusal_of(lambda: door.by_card(evening.session, code=code, **scanned)) == AttendanceRefusal.UNKNOWN_CARD
    cards.end_card(evening.session, person=evening.people[0], now=DURING)
    assert roll.cards_of(evening.session, [evening.people[0].id]) == {}
    assert evening.session.scalar(select(func.count()).select_from(PracticeCard)) == 2


def test_the_code_at_the_place_is_valid_from_a_quarter_before_until_the_end(evening: Evening) -> None:
    code = attendance.open_roll(evening.session, meeting=evening.meeting, actor=evening.officer, now=START).check_in

    def check_in(moment: datetime, person: Person = evening.people[0]) -> Attendance:
        return door.check_in(evening.session, code=code, person=person, now=moment)

    closed = AttendanceRefusal.CHECK_IN_CLOSED
    assert refusal_of(lambda: check_in(START - timedelta(minutes=16))) == closed
    assert refusal_of(lambda: check_in(evening.meeting.ends_at + timedelta(seconds=1))) == closed
    noted = check_in(START - timedelta(minutes=15))
    assert (noted.state, noted.channel, noted.noted_by_id) == (PRESENT, AttendanceChannel.CHECK_IN, None)
    stranger = a_person(evening.session, name="Goran")
    assert refusal_of(lambda: check_in(START, stranger)) == AttendanceRefusal.NOT_SIGNED_UP
    with pytest.raises(NotFound):
        door.check_in(evening.session, code="A" * 22, person=stranger, now=START)


def test_at_a_café_everybody_may_check_in(session: Session) -> None:
    evening = Evening(session, names=0, kind=ActivityKind.LANGUAGE_CAFE, capacity=None, languages=("lb", "fr"))
    code = attendance.open_roll(session, meeting=evening.meeting, actor=evening.officer, now=START).check_in

    door.check_in(session, code=code, person=a_person(session, name="Goran"), now=DURING)

    assert [(line.name, line.state) for line in roll.roll_of(session, evening.meeting).lines] == [("Goran", PRESENT)]


# -- the tables of a café -----------------------------------------------------


def test_the_plan_of_a_café_counts_languages_and_finds_the_missing_speaker(session: Session) -> None:
    evening = Evening(
        session, names=0, kind=ActivityKind.LANGUAGE_CAFE, capacity=None, languages=("lb", "fr"), hosts="Josée an Marc"
    )
    meeting = evening.meeting
    for tag in ("lb", "lb", "fr", ""):
        a_signup(session, meeting.pool, for_language=tag)
    assert [speaker.name for speaker in tables.evening_of(session, meeting).speakers] == ["Josée", "Marc"]

    chosen = [Speaker("Josée", frozenset({"lb", "pt"}))]
    table_actions.set_speakers(session, meeting=meeting, speakers=chosen, actor=evening.officer)
    for number in (9, 7):
        table_actions.head_count(
            session, meeting=meeting, language="lb", number=number, actor=evening.officer, now=DURING
        )  # fmt: skip

    plan = tables.evening_of(session, meeting)
    [slot] = plan.slots
    assert [(p.language, p.learners, p.tables, p.speakers, p.missing) for p in slot.plans] == [
        ("lb", 2, 1, ("Josée",), 0),
        ("fr", 1, 1, (), 1),
    ]
    assert (plan.speakers, plan.undecided, plan.counted) == ((Speaker("Josée", frozenset({"lb"})),), 1, {"lb": 7})


# -- hours --------------------------------------------------------------------


def test_hours_come_from_meetings_attended_by_kind_and_month(session: Session) -> None:
    evening = Evening(session)
    evening.mark(0, PRESENT)
    evening.mark(1, ABSENT)
    café = Evening(session, names=0, kind=ActivityKind.LANGUAGE_CAFE, capacity=None, on=datetime(2026, 12, 1).date())
    a_signup(session, café.meeting.pool, person=evening.people[0])
    café.people = evening.people
    café.mark(0, PRESENT, now=café.meeting.ends_at)
    ids = [person.id for person in evening.people]

    december = roll.hours_of(session, ids, datetime(2026, 12, 2, tzinfo=UTC))
    in_between = roll.hours_of(session, ids, AFTER)

    month = {n: datetime(2026, n, 1).date() for n in (11, 12)}
    table, evening_kind = ActivityKind.CONVERSATION_TABLE, ActivityKind.LANGUAGE_CAFE
    assert december == {ids[0]: Hours({month[11]: 90, month[12]: 90}, {table: 90, evening_kind: 90}, 2)}
    assert in_between == {ids[0]: Hours({month[11]: 90}, {table: 90}, 1)}
    assert december[ids[0]].minutes == 180


def test_two_phones_at_once_lose_nothing(store: Store) -> None:
    with store.writing() as session:
        evening = Evening(session, names=6)
        meeting_id, officer = evening.meeting.public_id, evening.officer
        ids = [person.public_id for person in evening.people]

    def phone(number: int) -> None:
        for minute, person in enumerate(ids):
            with store.writing() as session:
                meeting = queries.meeting_named(session, meeting_id)
                at = DURING + timedelta(minutes=minute, seconds=number)
                one = Sent(f"{number}-{minute}", at, Touch.PRESENT if number else Touch.ABSENT, person)
                door.take(
                    session, meeting=meeting, sent=[one, one], language=Language.FR, actor=officer, now=AFTER
                )  # fmt: skip

    phones = [Thread(target=phone, args=(number,)) for number in (0, 1)]
    for one in phones:
        one.start()
    for one in phones:
        one.join()

    with store.reading() as session:
        lines = roll.roll_of(session, queries.meeting_named(session, meeting_id)).lines
        assert [line.state for line in lines] == [PRESENT] * 6
        assert session.scalar(select(func.count()).select_from(AttendanceChange)) == 12
