"""Who is on the list of a meeting and how they are marked; which roll is open now; the hours of a person."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from commune_hub.accounts.models import Person
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.rules import plain_name, short_name
from commune_hub.accounts.words import Permission
from commune_hub.base.ids import is_public_id
from commune_hub.base.sealed import Erased
from commune_hub.base.words import LOCAL
from commune_hub.events import rules, taps
from commune_hub.events.models import Activity, CoOrganiser, Meeting, SeatPool, Signup
from commune_hub.events.permissions import Host, Noter
from commune_hub.events.records import Attendance, AttendanceChange, PracticeCard, Roll
from commune_hub.events.words import (
    ActivityKind,
    ActivityState,
    AttendanceState,
    MeetingState,
    SignupChannel,
    SignupState,
)

# So long after its end a meeting whose roll is not finished still stands in front.
STILL_IN_FRONT = timedelta(hours=2)
LATE = timedelta(hours=24)
# No meeting lasts longer: the bound by which the index is used.
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class RollLine:
    """One person of the list. Never a word about a contract (HOUSE.md "Motive")."""

    person_id: str
    name: str
    state: AttendanceState
    signed: bool
    visits: int
    walk_in: bool
    for_language: str


@dataclass(frozen=True, slots=True)
class MeetingRoll:
    """The list of a meeting. `signs`: attendance may count for an obligation, so everybody signs (CIV-10, ORI-6).

    `said_no` are those who gave their seat back on the last day: nobody looks for them.
    """

    meeting: Meeting
    lines: tuple[RollLine, ...]
    said_no: tuple[str, ...]
    signs: bool
    finished_at: datetime | None
    lock_on: date
    check_in: str

    def count(self, *states: AttendanceState) -> int:
        """How many are marked so."""
        return sum(line.state in states for line in self.lines)

    @property
    def unsigned(self) -> int:
        """How many are present and have not signed, where everybody signs."""
        return (
            sum(line.state is AttendanceState.PRESENT and not line.signed for line in self.lines) if self.signs else 0
        )


def roll_of(session: Session, meeting: Meeting) -> MeetingRoll:
    """The list of a meeting by name: who has a seat, and who has a mark."""
    signups = list(session.scalars(_signups(meeting)))
    marks = {row.person_id: row for row in session.scalars(_marks(meeting))}
    seated = {row.person_id: row for row in signups if row.state == SignupState.CONFIRMED}
    people = {row.person_id: row.person for row in signups} | {row.person_id: row.person for row in marks.values()}
    ring_of(session).load(person.public_id for person in people.values())
    visits = _visits(session, meeting, people)
    names = _names({number: people[number] for number in {**seated, **marks}})
    lines = [
        _line(people[number], name, seated.get(number), marks.get(number), visits.get(number, 0))
        for number, name in names.items()
    ]
    gone = [people[row.person_id] for row in signups if row.person_id not in names]
    held = session.get(Roll, meeting.id)
    activity = meeting.activity
    return MeetingRoll(
        meeting=meeting,
        lines=tuple(sorted(lines, key=lambda line: (plain_name(line.name), line.person_id))),
        said_no=tuple(sorted(filter(None, {_name(person) for person in gone}))),
        signs=rules.may_count(ActivityKind(activity.kind), activity.convention_reference),
        finished_at=held.finished_at if held else None,
        lock_on=held.lock_on if held else taps.lock_day(meeting.ends_at),
        check_in=held.check_in if held else "",
    )


def _signups(meeting: Meeting) -> Select[Signup]:
    late = and_(Signup.state == SignupState.CANCELLED, Signup.cancelled_at >= meeting.starts_at - LATE)
    mine = Signup.pool_id == meeting.pool_id
    return (
        select(Signup).where(mine, or_(Signup.state == SignupState.CONFIRMED, late)).options(joinedload(Signup.person))
    )


def _marks(meeting: Meeting) -> Select[Attendance]:
    return select(Attendance).where(Attendance.meeting_id == meeting.id).options(joinedload(Attendance.person))


def _visits(session: Session, meeting: Meeting, people: Iterable[int]) -> dict[int, int]:
    """How often they were at this activity before."""
    question = (
        select(Attendance.person_id, func.count())
        .join(Attendance.meeting)
        .where(
            Meeting.activity_id == meeting.activity_id, Meeting.starts_at < meeting.starts_at,
            Attendance.state == AttendanceState.PRESENT, Attendance.person_id.in_(list(people)),
        )
        .group_by(Attendance.person_id)
    )  # fmt: skip
    return dict(session.execute(question).all())


def _names(people: dict[int, Person]) -> dict[int, str]:
    """First names with an initial; whole names for those who could be taken for each other."""
    short = {number: _name(person) for number, person in people.items()}
    twice = {name for name, times in Counter(short.values()).items() if times > 1 and name}
    return {number: people[number].name if name in twice else name for number, name in short.items()}


def _line(person: Person, name: str, signup: Signup | None, mark: Attendance | None, visits: int) -> RollLine:
    return RollLine(
        person_id=person.public_id,
        name=name,
        state=AttendanceState(mark.state) if mark else AttendanceState.UNKNOWN,
        signed=mark is not None and mark.signed_at is not None,
        visits=visits,
        walk_in=signup is not None and signup.channel == SignupChannel.WALK_IN,
        for_language=signup.for_language if signup else "",
    )


def _name(person: Person) -> str:
    try:
        return short_name(person.name)
    except Erased:
        return ""


def is_finished(session: Session, meeting: Meeting) -> bool:
    """Whether somebody has finished the roll of this meeting."""
    held = session.get(Roll, meeting.id)
    return held is not None and held.finished_at is not None


def is_on_list(session: Session, meeting: Meeting, person_id: int) -> bool:
    """Whether the person has a seat at this meeting, or a mark already."""
    seated = select(Signup.id).where(
        Signup.pool_id == meeting.pool_id, Signup.person_id == person_id, Signup.state == SignupState.CONFIRMED
    )
    marked = select(Attendance.id).where(Attendance.meeting_id == meeting.id, Attendance.person_id == person_id)
    return session.scalar(seated.limit(1)) is not None or session.scalar(marked) is not None


def people_on_list(session: Session, meeting: Meeting) -> list[Person]:
    """Everybody who has a seat at this meeting, or a mark already."""
    seated = select(Signup.person_id).where(Signup.pool_id == meeting.pool_id, Signup.state == SignupState.CONFIRMED)
    marked = select(Attendance.person_id).where(Attendance.meeting_id == meeting.id)
    question = select(Person).where(or_(Person.id.in_(seated), Person.id.in_(marked))).order_by(Person.id)
    return list(session.scalars(question))


def person_named(session: Session, public_id: str) -> Person | None:
    """The person with this public id."""
    return session.scalar(select(Person).where(Person.public_id == public_id)) if is_public_id(public_id) else None


# -- which roll ------------------------------------------------------------


def current_roll(session: Session, actor: Noter, now: datetime) -> MeetingRoll | None:
    """The roll to be taken now: of a meeting that is going on, or is just over and not finished."""
    meeting = current_meeting(session, actor, now)
    return roll_of(session, meeting) if meeting else None


def current_meeting(session: Session, actor: Noter, now: datetime) -> Meeting | None:
    """The meeting that is going on, the one that began last first; else one just over with its roll not finished."""
    question = (
        _of_actor(actor)
        .outerjoin(Roll, Roll.meeting_id == Meeting.id)
        .where(
            Meeting.starts_at.between(now - LONGEST, now + taps.OPENS_BEFORE),
            or_(Meeting.ends_at >= now, and_(Meeting.ends_at >= now - STILL_IN_FRONT, Roll.finished_at.is_(None))),
        )
        # A finished roll steps back behind the next one.
        .order_by(Roll.finished_at.is_not(None), (Meeting.ends_at < now), Meeting.starts_at.desc(), Meeting.id)
        .limit(1)
    )
    return session.scalars(question).first()


def running_meetings(session: Session, actor: Noter, now: datetime) -> list[Meeting]:
    """The meetings of this person's organisations at which one may scan a card now."""
    begun = Meeting.starts_at.between(now - LONGEST, now + taps.OPENS_BEFORE)
    question = _of_actor(actor).where(begun, Meeting.ends_at >= now)
    return list(session.scalars(question.order_by(Meeting.starts_at, Meeting.id).limit(20)))


def rolls_to_finish(session: Session, actor: Noter, now: datetime, limit: int = 5) -> list[Meeting]:
    """The meetings of the last two weeks with people on the list whose roll nobody has finished, oldest first."""
    question = (
        _of_actor(actor)
        .outerjoin(Roll, Roll.meeting_id == Meeting.id)
        .join(Meeting.pool)
        .where(
            Meeting.starts_at.between(now - taps.OFFICERS_CORRECT_FOR, now), Meeting.ends_at < now,
            Roll.finished_at.is_(None), SeatPool.taken > 0,
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )  # fmt: skip
    return list(session.scalars(question))


def _of_actor(actor: Noter) -> Select[Meeting]:
    """The planned meetings of published activities at which this person may take attendance."""
    activity = joinedload(Meeting.activity)
    question = (
        select(Meeting)
        .join(Meeting.activity)
        .where(Meeting.state == MeetingState.PLANNED, Activity.state != ActivityState.DRAFT)
        .options(
            activity.joinedload(Activity.organisation), activity.joinedload(Activity.venue),
            activity.selectinload(Activity.languages), activity.selectinload(Activity.texts),
            activity.selectinload(Activity.co_organisers), joinedload(Meeting.pool), joinedload(Meeting.own_venue),
        )
    )  # fmt: skip
    if isinstance(actor, Host):
        return question.where(Meeting.id.in_(actor.meeting_ids))
    ours = actor.organisation_ids(Permission.TAKE_ATTENDANCE)
    if ours is None:
        return question
    shared = select(CoOrganiser.activity_id).where(CoOrganiser.organisation_id.in_(ours))
    return question.where(or_(Activity.organisation_id.in_(ours), Activity.id.in_(shared)))


def meeting_to_check_in(session: Session, code: str) -> Meeting | None:
    """The meeting whose code for checking in this is."""
    if not is_public_id(code):
        return None
    found = session.scalar(select(Roll).where(Roll.check_in == code).options(joinedload(Roll.meeting)))
    return found.meeting if found else None


# -- one person --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a mark, for the trail: what it became, when, by whom, and why if somebody wrote it."""

    at: datetime
    became: AttendanceState
    by: str
    reason: str


def changes_of(session: Session, meeting: Meeting, person: Person) -> list[Change]:
    """The trail of one person's mark, in the order of the taps."""
    question = (
        select(AttendanceChange, Person)
        .outerjoin(Person, Person.id == AttendanceChange.by_id)
        .where(AttendanceChange.meeting_id == meeting.id, AttendanceChange.person_id == person.id)
        .order_by(AttendanceChange.tapped_at, AttendanceChange.id)
    )
    rows = session.execute(question).all()
    ring = ring_of(session)
    ring.load([person.public_id, *(by.public_id for _, by in rows if by)])
    return [
        Change(
            at=row.tapped_at,
            became=AttendanceState(row.became),
            by=_name(by) if by else "",
            reason=ring.open(person.public_id, row.reason_sealed) if row.reason_sealed else "",
        )
        for row, by in rows
    ]


@dataclass(frozen=True, slots=True)
class OwnMark:
    """How somebody is marked at one meeting, and why if it was corrected; they can read it."""

    meeting: Meeting
    state: AttendanceState
    reason: str


def marks_of(session: Session, person: Person, limit: int = 24) -> list[OwnMark]:
    """How a person is marked at the last meetings, the latest first."""
    question = (
        select(Attendance)
        .join(Attendance.meeting)
        .where(Attendance.person_id == person.id)
        .options(joinedload(Attendance.meeting).joinedload(Meeting.activity).selectinload(Activity.texts))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(limit)
    )
    found = list(session.scalars(question))
    corrected = (
        select(AttendanceChange.meeting_id, AttendanceChange.reason_sealed)
        .where(
            AttendanceChange.person_id == person.id, AttendanceChange.reason_sealed.is_not(None),
            AttendanceChange.meeting_id.in_([mark.meeting_id for mark in found]),
        )
        .order_by(AttendanceChange.tapped_at, AttendanceChange.id)
    )  # fmt: skip
    ring = ring_of(session)
    reasons = {
        meeting_id: ring.open(person.public_id, sealed)
        for meeting_id, sealed in session.execute(corrected)
        if sealed is not None
    }
    return [OwnMark(mark.meeting, AttendanceState(mark.state), reasons.get(mark.meeting_id, "")) for mark in found]


def card_with(session: Session, code: str) -> PracticeCard | None:
    """The card with this code, unless it has been ended."""
    question = select(PracticeCard).where(PracticeCard.code == code, PracticeCard.ended_at.is_(None))
    return session.scalar(question.options(joinedload(PracticeCard.person))) if is_public_id(code) else None


def cards_of(session: Session, person_ids: Iterable[int]) -> dict[int, PracticeCard]:
    """The card in use of each of these people who has one."""
    question = select(PracticeCard).where(PracticeCard.person_id.in_(list(person_ids)), PracticeCard.ended_at.is_(None))
    return {card.person_id: card for card in session.scalars(question)}


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes attended by one person: by local month (its first day) and by kind of activity."""

    by_month: dict[date, int]
    by_kind: dict[ActivityKind, int]
    meetings: int

    @property
    def minutes(self) -> int:
        """All minutes together."""
        return sum(self.by_month.values())


def hours_of(session: Session, person_ids: Iterable[int], now: datetime) -> dict[int, Hours]:
    """What each of these people attended so far. Hours come from presence noted, never from sign-ups."""
    question = (
        select(Attendance.person_id, Meeting.starts_at, Meeting.ends_at, Activity.kind)
        .join(Attendance.meeting)
        .join(Meeting.activity)
        .where(
            Attendance.person_id.in_(list(person_ids)), Attendance.state == AttendanceState.PRESENT,
            Meeting.ends_at <= now,
        )
        .order_by(Meeting.starts_at)
    )  # fmt: skip
    found: dict[int, list[tuple[datetime, datetime, str]]] = defaultdict(list)
    for person_id, starts_at, ends_at, kind in session.execute(question):
        found[person_id].append((starts_at, ends_at, kind))
    return {person_id: _hours(attended) for person_id, attended in found.items()}


def _hours(attended: list[tuple[datetime, datetime, str]]) -> Hours:
    by_month: dict[date, int] = defaultdict(int)
    by_kind: dict[ActivityKind, int] = defaultdict(int)
    for starts_at, ends_at, kind in attended:
        minutes = int((ends_at - starts_at).total_seconds() // 60)
        by_month[starts_at.astimezone(LOCAL).date().replace(day=1)] += minutes
        by_kind[ActivityKind(kind)] += minutes
    return Hours(dict(by_month), dict(by_kind), len(attended))
