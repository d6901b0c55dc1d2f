"""Two questions at the end of a season: asked once, answered once, shown without anybody."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.outbox import Job
from commune_hub.events import answers
from commune_hub.events.actions import questions
from commune_hub.events.answers import SeasonResult, shown
from commune_hub.events.message_inputs import SeasonDraft
from commune_hub.events.models import Meeting
from commune_hub.events.records import Attendance, SeasonAnswer, SeasonQuestion
from commune_hub.events.words import AttendanceChannel, AttendanceState, MessageRefusal
from tests import factories

AFTER = datetime.fromisoformat("2026-11-25T03:30:00+01:00")


@pytest.fixture
def meeting(session: Session) -> Meeting:
    return factories.a_meeting(session)


def a_seat(session: Session, meeting: Meeting, name: str = "Amina", contact: str = "a@example.lu") -> Person:
    person = factories.a_person(session, name=name, contact=contact)
    factories.a_signup(session, meeting.pool, person=person)
    return person


def noted(session: Session, meeting: Meeting, person: Person, state: AttendanceState) -> None:
    session.add(
        Attendance(
            meeting=meeting, person=person, state=state, channel=AttendanceChannel.STAFF, noted_at=meeting.ends_at
        )
    )
    session.flush()


def asked(session: Session) -> list[str]:
    rows = session.scalars(select(SeasonQuestion).order_by(SeasonQuestion.id))
    return [session.get_one(Person, row.person_id).name for row in rows]


def a_question(session: Session, meeting: Meeting, name: str = "Amina") -> SeasonQuestion:
    person = a_seat(session, meeting, name)
    questions.ask(session, now=AFTER)
    return session.scalars(select(SeasonQuestion).where(SeasonQuestion.person_id == person.id)).one()


def an_answer(useful: str = "4", would_help: str = "") -> SeasonDraft:
    return SeasonDraft.parse({"useful": useful, "would_help": would_help})


def test_participants_are_asked_once_after_the_last_date_and_by_day(session: Session, meeting: Meeting) -> None:
    a_seat(session, meeting)

    numbers = [questions.ask(session, now=when) for when in (factories.NOW, AFTER, AFTER + timedelta(days=1))]

    job = session.scalars(select(Job).where(Job.kind == "season_question_mail")).one()
    question = session.scalars(select(SeasonQuestion)).one()
    assert numbers == [0, 1, 0]
    assert job.due_at == datetime.fromisoformat("2026-11-25T10:00:00+01:00")
    assert question.link_key not in f"{job.ids} {job.key}"


def test_only_who_was_there_and_wants_our_mails_is_asked(session: Session, meeting: Meeting) -> None:
    there, absent = a_seat(session, meeting, "There"), a_seat(session, meeting, "Absent")
    walk_in = factories.a_person(session, name="Walk-in", contact="w@example.lu")
    noted(session, meeting, there, AttendanceState.PRESENT)
    noted(session, meeting, absent, AttendanceState.ABSENT)
    noted(session, meeting, walk_in, AttendanceState.PRESENT)
    a_seat(session, meeting, "Phone", "621 123 456")
    a_seat(session, meeting, "Paused").messages_paused_at = AFTER
    a_seat(session, meeting, "Asked too often").no_questions_at = AFTER
    quiet = a_seat(session, meeting, "Quiet")
    next(one for one in meeting.pool.signups if one.person_id == quiet.id).reminder = False
    session.flush()

    questions.ask(session, now=AFTER)

    assert asked(session) == ["There", "Walk-in"]


def test_an_old_season_is_no_longer_asked_about(session: Session, meeting: Meeting) -> None:
    a_seat(session, meeting)

    assert questions.ask(session, now=meeting.ends_at + timedelta(days=14)) == 0


def test_an_answer_is_kept_once_and_without_a_name(session: Session, meeting: Meeting) -> None:
    question = a_question(session, meeting)

    questions.answer(session, link_key=question.link_key, draft=an_answer("3", "More evenings"), now=AFTER)
    with pytest.raises(Refused) as refused:
        questions.answer(session, link_key=question.link_key, draft=an_answer(), now=AFTER)

    kept = session.scalars(select(SeasonAnswer)).one()
    assert (kept.activity_id, kept.useful, kept.would_help) == (meeting.activity_id, 3, "More evenings")
    assert {column.name for column in SeasonAnswer.__table__.columns} == {
        "id", "activity_id", "useful", "would_help", "answered_on"
    }  # fmt: skip
    assert refused.value.reason is MessageRefusal.ANSWERED_ALREADY


def test_the_link_closes_and_another_one_opens_nothing(session: Session, meeting: Meeting) -> None:
    question = a_question(session, meeting)

    with pytest.raises(Refused) as refused:
        questions.answer(session, link_key=question.link_key, draft=an_answer(), now=AFTER + timedelta(days=60))
    with pytest.raises(NotFound):
        questions.answer(session, link_key="A" * 22, draft=an_answer(), now=AFTER)

    assert refused.value.reason is MessageRefusal.QUESTIONS_CLOSED


@pytest.mark.parametrize(
    ("counts", "seen"),
    [
        ((9, 8, 7, 6), (9, 8, 7, 6)),
        ((9, 8, 7, 1), (9, 8, None, None)),
        ((9, 8, 2, 1), (9, None, None, None)),
        ((9, 8, 3, 2), (9, 8, None, None)),
        ((9, 0, 0, 0), (9, None, None, None)),
        ((2, 1, 1, 1), (None, None, None, None)),
    ],
)
def test_small_numbers_are_hidden_and_cannot_be_reckoned_from_the_others(
    counts: tuple[int, ...], seen: tuple[int | None, ...]
) -> None:
    assert shown(counts) == seen


def test_nothing_is_shown_before_the_fifth_answer(session: Session, meeting: Meeting) -> None:
    def answered(number: int) -> None:
        for count in range(number):
            session.add(
                SeasonAnswer(
                    activity_id=meeting.activity_id, useful=4, would_help=f"Wish {9 - count}", answered_on=AFTER.date()
                )
            )
        session.flush()

    answered(4)
    before = answers.result_of(session, meeting.activity)
    answered(1)
    after = answers.result_of(session, meeting.activity)

    assert before == SeasonResult(0, None, (None,) * 4, ())
    assert after == SeasonResult(0, 5, (5, None, None, None), ("Wish 6", "Wish 7", "Wish 8", "Wish 9", "Wish 9"))
