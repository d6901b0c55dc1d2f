"""The two questions after the last meeting of a season: asked once, answered once, kept without a name."""

from datetime import datetime, time, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from commune_hub.accounts.models import Contact, Person
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.words import ContactKind
from commune_hub.base import outbox
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import is_public_id
from commune_hub.base.words import LOCAL
from commune_hub.events.message_inputs import SeasonDraft
from commune_hub.events.models import Activity, Meeting, SeatPool, Signup
from commune_hub.events.records import Attendance, SeasonAnswer, SeasonQuestion
from commune_hub.events.words import ActivityState, AttendanceState, MeetingState, MessageRefusal, SignupState

# A worker that was away for some days still asks; about an older season nobody remembers enough.
ASKED_WITHIN = timedelta(days=14)
OPEN_FOR = timedelta(days=60)
_MORNING = time(10)


def ask(session: Session, *, now: datetime) -> int:
    """Ask the participants of every activity whose last meeting is over; returns how many are asked."""
    over = (
        select(Meeting.activity_id)
        .where(Meeting.state == MeetingState.PLANNED)
        .group_by(Meeting.activity_id)
        .having(func.max(Meeting.ends_at) <= now, func.max(Meeting.ends_at) > now - ASKED_WITHIN)
    )
    question = select(Activity).where(Activity.id.in_(over), Activity.state != ActivityState.DRAFT)
    return sum(_ask_about(session, activity, now) for activity in session.scalars(question.order_by(Activity.id)))


def _ask_about(session: Session, activity: Activity, now: datetime) -> int:
    rows = [
        SeasonQuestion(activity_id=activity.id, person_id=person_id, asked_at=now)
        for person_id in _participants(session, activity)
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        # The number opens nothing, the link does: a job holds no key.
        outbox.enqueue(
            session, "season_question_mail", due_at=_by_day(now), now=now, question=str(row.id),
            key=f"season_question_mail:{row.id}",
        )  # fmt: skip
    return len(rows)


def _by_day(now: datetime) -> datetime:
    """The nightly job wakes nobody."""
    return max(now, datetime.combine(now.astimezone(LOCAL).date(), _MORNING, LOCAL))


def _participants(session: Session, activity: Activity) -> list[int]:
    """Who was there, or had a seat where nobody noted who was; with a mail address, and who wants our mails.

    Whoever paused messages, wants no reminders of this activity or said that they want no questions is not asked.
    """
    signed = select(Signup.person_id).join(SeatPool).where(SeatPool.activity_id == activity.id)
    noted = select(Attendance.person_id).join(Meeting).where(Meeting.activity_id == activity.id)
    present = noted.where(Attendance.state == AttendanceState.PRESENT)
    seated = signed.where(Signup.state == SignupState.CONFIRMED)
    asked = select(SeasonQuestion.person_id).where(SeasonQuestion.activity_id == activity.id)
    question = select(Person.id).where(
        Person.id.in_(present) | (Person.id.in_(seated) & Person.id.not_in(noted)),
        Person.id.not_in(signed.where(Signup.reminder.is_(False))),
        Person.id.not_in(asked),
        Person.messages_paused_at.is_(None),
        Person.no_questions_at.is_(None),
        Person.erased_at.is_(None),
        Person.merged_into_id.is_(None),
        exists().where(Contact.person_id == Person.id, Contact.kind == ContactKind.MAIL),
    )
    return list(session.scalars(question.order_by(Person.id)))


def is_open(question: SeasonQuestion, now: datetime) -> bool:
    """Whether one can still answer."""
    return not question.answered and now < question.asked_at + OPEN_FOR


def answer(session: Session, *, link_key: str, draft: SeasonDraft, now: datetime) -> None:
    """Keep the answer without a name; the question knows only that there is one. Raises Refused, NotFound."""
    question = question_by_key(session, link_key, lock=True)
    if question.answered:
        raise Refused(MessageRefusal.ANSWERED_ALREADY)
    if not is_open(question, now):
        raise Refused(MessageRefusal.QUESTIONS_CLOSED)
    question.answered = True
    session.add(
        SeasonAnswer(
            activity_id=question.activity_id, useful=draft.useful, would_help=draft.would_help,
            answered_on=now.astimezone(LOCAL).date(),
        )
    )  # fmt: skip
    session.flush()


def question_by_key(session: Session, link_key: str, *, lock: bool = False) -> SeasonQuestion:
    """The question behind a link. Raises NotFound."""
    statement = select(SeasonQuestion).where(SeasonQuestion.link_key == link_key)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement) if is_public_id(link_key) else None
    if found is None:
        raise NotFound("question")
    return found


def asked_of(session: Session, number: str) -> tuple[SeasonQuestion, Activity, Person]:
    """A question with its activity and the person who is asked. Raises NotFound."""
    row = session.get(SeasonQuestion, int(number))
    if row is None:
        raise NotFound("question")
    person = session.get_one(Person, row.person_id)
    activity = session.get_one(Activity, row.activity_id, options=[joinedload(Activity.organisation)])
    ring_of(session).load([person.public_id])
    return row, activity, person
