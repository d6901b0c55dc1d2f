"""The mail of coaching: the proposal and its answers, the day after, messages, Monday's digest; never contact data."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.volunteers.coaching import queries
from commune_hub.volunteers.coaching.actions import endings, meetings, proposals, standing_in, talking
from commune_hub.volunteers.coaching.inputs import AnswerDraft, HoursDraft, MessageDraft, StandInDraft, WhyDraft
from commune_hub.volunteers.coaching.models import CoachingPair
from commune_hub.volunteers.coaching.words import Answer, PairState, Phrase, Side
from tests import factories
from tests.infrastructure.mail_server import MailServer, parts_of
from tests.worker.conftest import RunWorker, mail, run_worker, work  # noqa: F401 - fixtures

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
LEARNER, COACH = "amina@example.lu", "josee@example.lu"


def a_pair(session: Session, *, together: bool = False, now: datetime = factories.NOW) -> CoachingPair:
    learner = factories.a_person(session, name="Amina Bouzid", contact=LEARNER, language="en")
    coach = factories.a_person(session, name="Josée Klein", contact=COACH, language="en")
    given = {
        "request": factories.a_coaching_request(session, person=learner, now=now),
        "volunteer": factories.a_volunteer(session, person=coach, charter_agreed_on=now.date()),
    }
    pair = factories.a_pair(session, now=now, **given) if together else factories.a_proposal(session, now=now, **given)
    session.commit()
    return pair


def told(server: MailServer) -> list[tuple[str, str]]:
    return [(sent["To"], sent["Subject"]) for sent in server.mails]


def test_a_proposal_is_mailed_reminded_of_and_withdrawn(
    session: Session, store: Store, mail: MailServer, run_worker: RunWorker, now: datetime  # noqa: F811
) -> None:
    pair = a_pair(session)

    for days in (0, 7, 14):
        run_worker(now + timedelta(days=days))

    assert sorted(told(mail)) == sorted(
        [
            (LEARNER, "We look for a coach for you"),
            (LEARNER, "We have found a coach for you"), (COACH, "Somebody would like to practise with you"),
            (LEARNER, "Do you still want to say yes or no?"), (COACH, "Do you still want to say yes or no?"),
        ]
    )  # fmt: skip
    texts = [parts_of(sent)["text/plain"] for sent in mail.mails]
    assert [secret for secret in ("Bouzid", "Klein", LEARNER, COACH) for text in texts if secret in text] == []
    assert f"/en/p/{pair.side(Side.VOLUNTEER).link_key}" in "".join(texts)
    with store.reading() as reading:
        assert queries.pair_named(reading, pair.public_id).state == PairState.ENDED


def test_two_yeses_are_told_to_both_and_the_day_after_the_coach_is_asked(
    session: Session, store: Store, mail: MailServer, run_worker: RunWorker, now: datetime  # noqa: F811
) -> None:
    pair = a_pair(session, together=True)
    meeting = pair.meetings[0]
    run_worker(now)
    mail.mails.clear()

    run_worker(meeting.starts_at + timedelta(days=1))
    with store.writing() as writing:
        found = queries.pair_named(writing, pair.public_id)
        coach = found.side(Side.VOLUNTEER)
        day = meeting.starts_at + timedelta(days=1)
        meetings.log(writing, side=coach, draft=HoursDraft(), now=day, meeting=found.meetings[0])
    run_worker(meeting.starts_at + timedelta(days=1))

    # The digest of the week is due as well, and there is nobody at ASTI to get it.
    assert told(mail) == [(COACH, "Did you meet?"), (LEARNER, "Is this right?")]
    assert f"/log/{meeting.public_id}" in parts_of(mail.mails[0])["text/plain"]
    assert "1 h" in parts_of(mail.mails[1])["text/plain"]


def test_messages_are_quoted_to_the_other_one(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime  # noqa: F811
) -> None:
    pair = a_pair(session)
    talking.write(session, side=pair.side(Side.LEARNER), draft=MessageDraft(text="Do you like gardens?"), now=now)
    talking.write(session, side=pair.side(Side.VOLUNTEER), draft=MessageDraft(phrase=Phrase.SUITS_ME), now=now)
    session.commit()

    run_worker(now)

    sent = {one["To"]: one for one in mail.mails if one["Subject"] == "A message for you"}
    assert "Do you like gardens?" in parts_of(sent[COACH])["text/plain"]
    assert "That suits me well." in parts_of(sent[LEARNER])["text/plain"]
    assert LEARNER not in str(sent[COACH]) and COACH not in str(sent[LEARNER])


def test_an_end_is_told_to_the_other_one_without_a_reason(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime  # noqa: F811
) -> None:
    pair = a_pair(session, together=True)
    endings.end(session, pair=pair, by=Side.VOLUNTEER, draft=WhyDraft(why="Too tiring"), now=now)
    session.commit()

    run_worker(now)

    ended = [sent for sent in mail.mails if sent["Subject"] == "Your time as two has ended"]
    assert [sent["To"] for sent in ended] == [LEARNER]
    assert "Too tiring" not in parts_of(ended[0])["text/plain"]


def test_a_no_is_told_without_blame(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime  # noqa: F811
) -> None:
    pair = a_pair(session)
    run_worker(now)
    mail.mails.clear()
    proposals.answer(session, side=pair.side(Side.LEARNER), draft=AnswerDraft(answer=Answer.NO), now=now)
    session.commit()

    run_worker(now)

    assert told(mail) == [(COACH, "This time it did not work out")]


def test_on_monday_each_coordinator_learns_who_needs_a_call_and_a_stand_in_too(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime  # noqa: F811
) -> None:
    laura = factories.an_account(session, role=Role.ASTI, mail="laura@asti.example.lu", name="Laura")
    remi = factories.an_account(session, role=Role.ASTI, mail="remi@asti.example.lu", name="Rémi")
    for account in (laura, remi):
        account.person.language = "en"
    silent = a_pair(session, together=True, now=now - timedelta(days=20))
    silent.coordinator_id = laura.id
    week_away = StandInDraft(colleague=remi.public_id, first_on=date(2026, 11, 30), last_on=date(2026, 12, 6))
    standing_in.arrange(session, account_id=laura.id, draft=week_away, now=now)
    session.commit()

    monday = datetime(2026, 11, 23, 3, tzinfo=now.tzinfo)
    digests = []
    for week in (0, 1):
        mail.mails.clear()
        for moment in (monday, monday + timedelta(hours=5)):
            run_worker(moment + timedelta(weeks=week))
        digests.append({one["To"]: parts_of(one)["text/plain"] for one in mail.mails if "week" in one["Subject"]})

    assert [sorted(found) for found in digests] == [
        ["laura@asti.example.lu", "remi@asti.example.lu"], ["remi@asti.example.lu"],
    ]  # fmt: skip
    assert "One pair needs a call" in digests[0]["laura@asti.example.lu"]
    assert "Nobody needs a call now." in digests[0]["remi@asti.example.lu"]
    assert "One pair needs a call" in digests[1]["remi@asti.example.lu"]
    assert "You stand in for a colleague" in digests[1]["remi@asti.example.lu"]
    assert "Amina" not in "".join(text for found in digests for text in found.values())
