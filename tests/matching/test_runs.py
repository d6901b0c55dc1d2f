"""Runs on real databases: everybody who waits, what ASTI locks and takes out, solved again, kept, repeatable."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.words import Role
from commune_hub.base.errors import Refused
from commune_hub.base.outbox import Job
from commune_hub.matching import runs, waiting
from commune_hub.matching.models import PairingRun
from commune_hub.matching.plans import repeats
from commune_hub.matching.rules import PairingRules, Size, Weights
from commune_hub.matching.words import LineState, Mark, PairingRefusal
from commune_hub.volunteers.coaching.actions import proposals
from commune_hub.volunteers.coaching.models import CoachingRequest
from commune_hub.volunteers.coaching.queries import coach_of, learner_of
from commune_hub.volunteers.models import Volunteer
from tests import factories

RULES = PairingRules(Weights(), Size(10**9, 30))


def a_coach(session: Session, now: datetime, **given: object) -> Volunteer:
    return factories.a_volunteer(session, charter_agreed_on=now.date(), **given)


def a_learner(session: Session, now: datetime, days: int = 0, **given: object) -> CoachingRequest:
    return factories.a_coaching_request(session, now=now - timedelta(days=days), **given)


def pairs_of(run: PairingRun) -> dict[int, int | None]:
    return {line.request_id: line.volunteer_id for line in run.lines}


def test_all_at_once_are_read_as_one_by_one(session: Session, now: datetime) -> None:
    coach = a_coach(session, now, capacity=3)
    a_coach(session, now, likes=["table"])
    first = factories.a_proposal(session, volunteer=coach, now=now)
    proposals.answer(session, side=first.sides[0], draft=factories.AnswerDraft(answer="no", reason="times"), now=now)
    factories.a_proposal(session, volunteer=coach, now=now)
    learner = a_learner(session, now, 9, level="6", place="Esch-sur-Alzette", online=True)

    found, helpers = waiting.requests(session), waiting.volunteers(session)

    assert [one.learner for one in waiting.learners(session, found, now)] == [learner_of(session, one) for one in found]
    assert [one.days for one in waiting.learners(session, found, now)] == [9, 0]
    assert waiting.coaches(session, helpers, now.date()) == [coach_of(session, coach, now.date())]
    assert learner in found


def test_a_run_proposes_to_nobody_and_can_be_repeated(session: Session, now: datetime) -> None:
    coach = a_coach(session, now)
    patient, new = a_learner(session, now, 30), a_learner(session, now)

    run = runs.make(session, rules=RULES, by=None, now=now)

    assert pairs_of(run) == {patient.id: coach.id, new.id: None}
    assert (run.learners, run.volunteers, run.places, run.possible, run.pairs) == (2, 1, 1, 2, 1)
    assert run.is_best
    assert repeats(run.snapshot)
    assert session.scalar(select(func.count()).select_from(Job).where(Job.kind == "pair_proposed_mail")) == 0


def test_what_is_kept_of_a_run_tells_nobody(session: Session, now: datetime) -> None:
    a_coach(session, now)
    request = a_learner(session, now, wishes="ich lese gern")

    run = runs.make(session, rules=RULES, by=None, now=now)

    kept = run.snapshot + repr([(line.parts, line.why, line.km) for line in run.lines]).encode()
    assert [word for word in (request.public_id, request.person.name, "49.5", "5.92") if word.encode() in kept] == []


def test_a_lock_a_swap_and_what_is_taken_out_are_kept_when_it_is_solved_again(session: Session, now: datetime) -> None:
    near, far = a_coach(session, now), a_coach(session, now, point=factories.Point(49.56, 5.92))
    one, other = a_learner(session, now, 30), a_learner(session, now)
    asti = factories.an_actor(session, role=Role.ASTI)
    run = runs.make(session, rules=RULES, by=asti, now=now)
    given = {"rules": RULES, "by": asti, "now": now}

    locked = runs.mark(session, run=run, request=other, volunteer=near, mark=Mark.LOCKED, **given)
    out = runs.mark(session, run=locked, request=one, volunteer=far, mark=Mark.TAKEN_OUT, **given)
    free = runs.mark(session, run=out, request=other, volunteer=near, mark=None, **given)

    assert pairs_of(locked) == {one.id: far.id, other.id: near.id}
    assert [line.state for line in locked.lines] == [LineState.PLANNED, LineState.LOCKED]
    assert pairs_of(out) == {one.id: None, other.id: near.id}
    assert pairs_of(free) == {one.id: near.id, other.id: far.id}
    assert runs.marks_of(run) == {}
    assert runs.marks_of(free) == {(one.id, far.id): Mark.TAKEN_OUT}


def test_a_pair_that_is_never_possible_cannot_be_locked(session: Session, now: datetime) -> None:
    coach = a_coach(session, now, offers={"fr": None})
    busy = a_coach(session, now)
    one, other = a_learner(session, now), a_learner(session, now)
    asti = factories.an_actor(session, role=Role.ASTI)
    run = runs.make(session, rules=RULES, by=asti, now=now)
    given = {"mark": Mark.LOCKED, "rules": RULES, "by": asti, "now": now}

    with pytest.raises(Refused) as language:
        runs.mark(session, run=run, request=one, volunteer=coach, **given)
    first = runs.mark(session, run=run, request=one, volunteer=busy, **given)
    with pytest.raises(Refused) as full:
        runs.mark(session, run=first, request=other, volunteer=busy, **given)

    assert language.value.reason == full.value.reason == PairingRefusal.NOT_POSSIBLE


def test_who_has_been_proposed_meanwhile_is_no_longer_in_the_next_plan(session: Session, now: datetime) -> None:
    coach = a_coach(session, now)
    request = a_learner(session, now)
    run = runs.make(session, rules=RULES, by=None, now=now)
    asti = factories.an_actor(session, role=Role.ASTI)
    locked = runs.mark(
        session, run=run, request=request, volunteer=coach, mark=Mark.LOCKED, rules=RULES, by=asti, now=now
    )

    proposals.propose(session, request=request, volunteer=coach, by=asti, now=now)
    after = runs.make(session, rules=RULES, by=asti, now=now, marks=runs.marks_of(locked))

    assert after.lines == []
    assert after.marks == []


def test_a_run_asks_as_few_questions_for_many_as_for_few(session: Session, now: datetime) -> None:
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: asked.append(given[2]))

    def reads(people: int) -> int:
        for _ in range(people):
            a_coach(session, now)
            a_learner(session, now)
        session.flush()
        session.expire_all()
        asked.clear()
        waiting.learners(session, waiting.requests(session), now)
        waiting.coaches(session, waiting.volunteers(session), now.date())
        return len(asked)

    assert reads(1) == reads(5)


def test_fairness_is_said_by_language_and_commune(session: Session, now: datetime) -> None:
    a_coach(session, now)
    a_learner(session, now, 30)
    a_learner(session, now, 10)
    a_learner(session, now, 4, language="fr")

    run = runs.make(session, rules=RULES, by=None, now=now)

    languages, communes = runs.fairness(run)
    assert [(one.of, one.waiting, one.paired, one.days, one.days_without) for one in languages] == [
        ("lb", 2, 1, 30, 10),
        ("fr", 1, 0, None, 4),
    ]
    assert [(one.of, one.waiting, one.km) for one in communes] == [("0213", 3, 0)]
