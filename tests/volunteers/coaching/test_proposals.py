"""A proposal and its answers on a real database: who can be proposed, what a yes opens, what a no leaves."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from commune_hub.accounts.words import Role
from commune_hub.base.errors import Invalid, Refused
from commune_hub.base.outbox import Job
from commune_hub.base.words import LOCAL
from commune_hub.volunteers.coaching import queries
from commune_hub.volunteers.coaching.actions import proposals, requests
from commune_hub.volunteers.coaching.inputs import AnswerDraft
from commune_hub.volunteers.coaching.models import CoachingPair, CoachingRequest
from commune_hub.volunteers.coaching.words import (
    Answer,
    CoachingRefusal,
    EndedBy,
    Obstacle,
    PairReason,
    PairState,
    RequestState,
    Side,
)
from commune_hub.volunteers.words import VolunteerState
from tests import factories


def said(session: Session, pair: CoachingPair, side: Side, answer: Answer, now: datetime) -> None:
    draft = AnswerDraft(answer=answer, reason=PairReason.TIMES if answer is Answer.NO else None)
    proposals.answer(session, side=pair.side(side), draft=draft, now=now)


def jobs(session: Session, *kinds: str) -> list[tuple[str, str]]:
    found = session.scalars(select(Job).where(Job.kind.in_(kinds)).order_by(Job.id))
    return [(job.kind, job.ids.get("side", "")) for job in found]


# -- asking ------------------------------------------------------------------


def test_a_request_waits_and_keeps_the_home_sealed(session: Session, now: datetime) -> None:
    request = factories.a_coaching_request(session, wishes="a quiet place")

    assert (request.state, request.lau2, request.place, request.wishes, request.free_slots) == (
        RequestState.WAITING, "0213", "Belvaux", "a quiet place", 1 << 5,
    )  # fmt: skip
    assert request.home_sealed and b"Belvaux" not in request.home_sealed
    assert jobs(session, "coaching_asked_mail") == [("coaching_asked_mail", "")]


def test_two_requests_of_one_person_for_one_language_are_one_too_many(session: Session) -> None:
    first = factories.a_coaching_request(session)

    with pytest.raises(Refused) as refused:
        factories.a_coaching_request(session, person=first.person)

    assert refused.value.reason is CoachingRefusal.ALREADY_ASKED
    assert factories.a_coaching_request(session, person=first.person, language="fr").language == "fr"


def test_below_a1_a_course_comes_first(session: Session) -> None:
    with pytest.raises(Refused) as refused:
        factories.a_coaching_request(session, level="2")

    assert refused.value.reason is CoachingRefusal.LEVEL_TOO_LOW


def test_a_place_that_nobody_knows_is_asked_again(session: Session) -> None:
    with pytest.raises(Invalid) as invalid:
        factories.a_coaching_request(session, place="Qwertzuiop")

    assert list(invalid.value.problems) == ["place"]


def test_whoever_learns_online_says_no_place(session: Session) -> None:
    request = factories.a_coaching_request(session, place="", online="yes")

    assert (request.point, request.place, request.lau2) == (None, "", "")


# -- proposing ---------------------------------------------------------------


def test_a_proposal_writes_to_both_and_reminds_them(session: Session, now: datetime) -> None:
    pair = factories.a_proposal(session, now=now)

    assert (pair.state, pair.request.state, pair.place) == (PairState.PROPOSED, RequestState.PROPOSED, 1)
    assert sorted(jobs(session, "pair_proposed_mail", "pair_reminder_mail", "pair_runs_out")) == [
        ("pair_proposed_mail", "learner"), ("pair_proposed_mail", "volunteer"),
        ("pair_reminder_mail", "learner"), ("pair_reminder_mail", "volunteer"), ("pair_runs_out", ""),
    ]  # fmt: skip


def test_the_same_click_twice_is_one_proposal(session: Session, now: datetime) -> None:
    pair = factories.a_proposal(session)

    again = proposals.propose(session, request=pair.request, volunteer=pair.volunteer, by=None, now=now)

    assert again is pair


def test_a_request_is_proposed_to_one_at_a_time(session: Session, now: datetime) -> None:
    pair = factories.a_proposal(session)
    other = factories.a_volunteer(session, charter_agreed_on=now.date())

    with pytest.raises(Refused) as refused:
        proposals.propose(session, request=pair.request, volunteer=other, by=None, now=now)

    assert refused.value.reason is CoachingRefusal.NOT_WAITING


@pytest.mark.parametrize(
    "given, obstacle",
    [
        ({"state": VolunteerState.PAUSED}, Obstacle.NOT_ACTIVE),
        ({"capacity": 0}, Obstacle.NOT_FREE),
        ({"offers": {"fr": None}}, Obstacle.OTHER_LANGUAGE),
        ({"charter_agreed_on": None}, Obstacle.NO_CHARTER),
    ],
)
def test_no_click_proposes_what_is_never_possible(
    session: Session, now: datetime, given: dict[str, object], obstacle: Obstacle
) -> None:
    request = factories.a_coaching_request(session)
    volunteer = factories.a_volunteer(session, **{"charter_agreed_on": now.date(), **given})

    with pytest.raises(Refused) as refused:
        proposals.propose(session, request=request, volunteer=volunteer, by=None, now=now)

    assert refused.value.reason is obstacle


def test_a_minor_is_proposed_only_where_bulletin_no_5_was_seen(session: Session, now: datetime) -> None:
    request = factories.a_coaching_request(session, minor="yes")
    volunteer = factories.a_volunteer(session, charter_agreed_on=now.date())

    with pytest.raises(Refused) as refused:
        proposals.propose(session, request=request, volunteer=volunteer, by=None, now=now)
    account = factories.an_account(session, role=Role.ASTI)
    volunteer.bulletin_seen_on, volunteer.bulletin_seen_by_id = now.date(), account.id
    session.flush()
    pair = proposals.propose(session, request=request, volunteer=volunteer, by=None, now=now)

    assert refused.value.reason is Obstacle.MINOR
    assert pair.state == PairState.PROPOSED


def test_the_places_of_a_volunteer_are_not_given_twice(session: Session, now: datetime) -> None:
    volunteer = factories.a_volunteer(session, charter_agreed_on=now.date(), capacity=2)
    pairs = [factories.a_proposal(session, volunteer=volunteer) for _ in range(2)]

    with pytest.raises(Refused) as refused:
        factories.a_proposal(session, volunteer=volunteer)
    said(session, pairs[0], Side.VOLUNTEER, Answer.NO, now)
    third = factories.a_proposal(session, volunteer=volunteer)

    assert refused.value.reason is Obstacle.NOT_FREE
    assert [pair.place for pair in (*pairs, third)] == [1, 2, 1]


def test_the_database_itself_keeps_the_places(session: Session, now: datetime) -> None:
    pair = factories.a_proposal(session)
    request = factories.a_coaching_request(session)

    session.add(CoachingPair(request=request, volunteer=pair.volunteer, place=pair.place, proposed_at=now))

    with pytest.raises(IntegrityError):
        session.flush()


# -- answering ---------------------------------------------------------------


def test_two_yeses_open_the_contacts_and_propose_a_place_and_a_date(session: Session, now: datetime) -> None:
    hall = factories.a_venue(session)
    pair = factories.a_proposal(session)

    said(session, pair, Side.LEARNER, Answer.YES, now)
    half = (pair.state, pair.accepted_at)
    said(session, pair, Side.VOLUNTEER, Answer.YES, now)

    assert half == (PairState.PROPOSED, None)
    assert (pair.state, pair.accepted_at, pair.request.state) == (PairState.ACCEPTED, now, RequestState.PAIRED)
    assert pair.venue is hall
    # Tuesday evening is their common time; Sunday is too near.
    first = pair.meetings[0].starts_at.astimezone(LOCAL)
    assert (first.weekday(), first.hour, first.date() - now.date() >= timedelta(days=3)) == (1, 18, True)
    assert [side for _, side in jobs(session, "pair_accepted_mail")] == ["learner", "volunteer"]


def test_a_yes_twice_is_one_yes(session: Session, now: datetime) -> None:
    pair = factories.a_pair(session)

    said(session, pair, Side.LEARNER, Answer.YES, now + timedelta(hours=1))

    assert (pair.state, len(pair.meetings), pair.side(Side.LEARNER).answered_at) == (PairState.ACCEPTED, 1, now)


def test_after_a_no_the_learner_waits_as_before_and_the_two_are_never_proposed_again(
    session: Session, now: datetime
) -> None:
    pair = factories.a_proposal(session)
    asked_at = pair.request.asked_at

    said(session, pair, Side.LEARNER, Answer.YES, now)
    said(session, pair, Side.VOLUNTEER, Answer.NO, now)

    assert (pair.state, pair.ended_by, pair.side(Side.VOLUNTEER).reason) == (
        PairState.ENDED, EndedBy.VOLUNTEER, PairReason.TIMES,
    )  # fmt: skip
    assert (pair.request.state, pair.request.asked_at) == (RequestState.WAITING, asked_at)
    assert jobs(session, "pair_not_made_mail") == [("pair_not_made_mail", "learner")]
    with pytest.raises(Refused) as refused:
        proposals.propose(session, request=pair.request, volunteer=pair.volunteer, by=None, now=now)
    assert refused.value.reason is Obstacle.SAID_NO


def test_a_new_request_does_not_forget_the_no(session: Session, now: datetime) -> None:
    pair = factories.a_proposal(session)
    said(session, pair, Side.LEARNER, Answer.NO, now)
    requests.close(session, request=pair.request, now=now)
    again = factories.a_coaching_request(session, person=pair.request.person)

    with pytest.raises(Refused) as refused:
        proposals.propose(session, request=again, volunteer=pair.volunteer, by=None, now=now)

    assert refused.value.reason is Obstacle.SAID_NO


def test_whoever_said_yes_may_take_it_back_before_the_other_answers(session: Session, now: datetime) -> None:
    pair = factories.a_proposal(session)

    said(session, pair, Side.LEARNER, Answer.YES, now)
    said(session, pair, Side.LEARNER, Answer.NO, now)

    assert pair.state == PairState.ENDED
    with pytest.raises(Refused) as refused:
        said(session, pair, Side.VOLUNTEER, Answer.YES, now)
    assert refused.value.reason is CoachingRefusal.ALREADY_ANSWERED


def test_once_both_said_yes_a_no_is_too_late(session: Session, now: datetime) -> None:
    pair = factories.a_pair(session)

    with pytest.raises(Refused) as refused:
        said(session, pair, Side.LEARNER, Answer.NO, now)

    assert refused.value.reason is CoachingRefusal.ALREADY_ANSWERED


def test_without_answers_a_proposal_is_withdrawn_and_may_be_made_again(session: Session, now: datetime) -> None:
    pair = factories.a_proposal(session)
    said(session, pair, Side.LEARNER, Answer.YES, now)

    for _ in range(2):
        proposals.run_out(session, pair=pair, now=now + timedelta(days=14))

    assert (pair.state, pair.ended_by, pair.request.state) == (
        PairState.ENDED, EndedBy.NO_ANSWER, RequestState.WAITING,
    )  # fmt: skip
    assert jobs(session, "pair_not_made_mail") == [("pair_not_made_mail", "learner")]
    assert factories.a_proposal(session, request=pair.request, volunteer=pair.volunteer).state == PairState.PROPOSED


def test_an_answered_proposal_does_not_run_out(session: Session, now: datetime) -> None:
    pair = factories.a_pair(session)

    proposals.run_out(session, pair=pair, now=now + timedelta(days=14))

    assert pair.state == PairState.ACCEPTED


def test_asti_takes_a_proposal_back_until_both_said_yes(session: Session, now: datetime) -> None:
    pair, together = factories.a_proposal(session), factories.a_pair(session)

    for _ in range(2):
        proposals.take_back(session, pair=pair, now=now)
    with pytest.raises(Refused):
        proposals.take_back(session, pair=together, now=now)

    assert (pair.state, pair.ended_by, pair.request.state) == (PairState.ENDED, EndedBy.ASTI, RequestState.WAITING)


def test_lists_are_read_in_a_fixed_number_of_questions(session: Session) -> None:
    waiting = factories.a_coaching_request(session)
    pair = factories.a_pair(session)

    assert queries.waiting_requests(session) == [waiting]
    assert queries.open_pairs(session) == [pair]
    assert [side.pair for side in queries.sides_of(session, [pair.volunteer.person_id], Side.VOLUNTEER)] == [pair]
    assert session.scalars(select(CoachingRequest)).all() == [waiting, pair.request]
