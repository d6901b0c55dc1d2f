"""Runs of the pairing: made, changed by ASTI and solved again, kept. Nothing here writes to anybody."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import median
from time import perf_counter

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import ring_of
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import is_public_id
from commune_hub.base.words import LOCAL
from commune_hub.matching import waiting
from commune_hub.matching.models import PairingLine, PairingMark, PairingRun
from commune_hub.matching.plans import Fixed, Line, packed, plan
from commune_hub.matching.rules import PairingRules
from commune_hub.matching.words import LineState, Mark, PairingRefusal, Part
from commune_hub.volunteers.coaching.models import CoachingRequest
from commune_hub.volunteers.coaching.rules import NEVER, obstacles
from commune_hub.volunteers.models import Volunteer

Marks = dict[tuple[int, int], Mark]


def make(
    session: Session, *, rules: PairingRules, by: Actor | None, now: datetime, marks: Marks | None = None
) -> PairingRun:
    """Look at everybody who waits and every free place, and keep the best plan that leaves what is marked as it is."""
    started = perf_counter()
    marks = marks or {}
    learners = waiting.learners(session, waiting.requests(session), now)
    coaches = waiting.coaches(session, waiting.volunteers(session), now.astimezone(LOCAL).date())
    fixed = Fixed(
        locked={request: volunteer for (request, volunteer), mark in marks.items() if mark is Mark.LOCKED},
        taken_out=frozenset(pair for pair, mark in marks.items() if mark is Mark.TAKEN_OUT),
    )
    made = plan(learners, coaches, rules.weights, rules.size, fixed)
    snapshot = packed(made.assignment)
    pairs = [line for line in made.lines if line.volunteer_id is not None]
    run = PairingRun(
        made_at=now, made_by_id=by.account_id if by else None, method=made.method, best_few=made.best_few,
        weights=rules.weights.kept(), learners=len(learners), volunteers=len(coaches),
        places=sum(coach.free_places for coach in coaches), possible=made.assignment.graph.pairs, pairs=len(pairs),
        points=sum(line.points for line in pairs), is_best=made.is_best, snapshot=snapshot,
        digest=hashlib.sha256(snapshot).hexdigest(), milliseconds=round((perf_counter() - started) * 1000),
        lines=[_kept(line, place) for place, line in enumerate(made.lines)],
    )  # fmt: skip
    still = {line.request_id for line in made.lines}
    run.marks = [
        PairingMark(request_id=request, volunteer_id=volunteer, mark=mark)
        for (request, volunteer), mark in marks.items()
        if request in still
    ]
    session.add(run)
    session.flush()
    return run


def mark(
    session: Session, *, run: PairingRun, request: CoachingRequest, volunteer: Volunteer, mark: Mark | None,
    rules: PairingRules, by: Actor, now: datetime,
) -> PairingRun:  # fmt: skip
    """Lock a pair, take it out or forget what was said of it, and solve again: a new run, the old one stays as it was.

    Raises Refused for a pair that is never possible, whoever wishes for it.
    """
    marks = marks_of(run)
    marks.pop((request.id, volunteer.id), None)
    if mark is Mark.LOCKED:
        # A learner has one coach: the one named last.
        marks = {pair: said for pair, said in marks.items() if said is not Mark.LOCKED or pair[0] != request.id}
        _check(session, request, volunteer, now, _locked_with(marks, volunteer))
    if mark is not None:
        marks[request.id, volunteer.id] = mark
    return make(session, rules=rules, by=by, now=now, marks=marks)


def marks_of(run: PairingRun) -> Marks:
    """What was said of the pairs of a run."""
    return {(one.request_id, one.volunteer_id): Mark(one.mark) for one in run.marks}


def latest(session: Session) -> PairingRun | None:
    """The newest run."""
    found = session.scalar(select(PairingRun.public_id).order_by(PairingRun.id.desc()).limit(1))
    return run_named(session, found) if found else None


def run_named(session: Session, public_id: str) -> PairingRun:
    """A run with its lines, the names in them readable. Raises NotFound."""
    question = select(PairingRun).where(PairingRun.public_id == public_id).options(
        selectinload(PairingRun.marks).options(
            joinedload(PairingMark.request).joinedload(CoachingRequest.person),
            joinedload(PairingMark.volunteer).joinedload(Volunteer.person),
        ),
        selectinload(PairingRun.lines).options(
            joinedload(PairingLine.request).joinedload(CoachingRequest.person),
            joinedload(PairingLine.volunteer).options(joinedload(Volunteer.person), selectinload(Volunteer.languages)),
        ),
    )  # fmt: skip
    found = session.scalar(question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("pairing_run")
    people = [one.request.person for one in found.lines] + [one.request.person for one in found.marks]
    people += [one.volunteer.person for one in found.lines if one.volunteer]
    people += [one.volunteer.person for one in found.marks]
    ring_of(session).load(person.public_id for person in people)
    return found


def _check(session: Session, request: CoachingRequest, volunteer: Volunteer, now: datetime, beside: int) -> None:
    (learner,) = waiting.learners(session, [request], now)
    (coach,) = waiting.coaches(session, [volunteer], now.astimezone(LOCAL).date())
    never = obstacles(learner.learner, coach) & NEVER
    if never or coach.free_places <= beside:
        raise Refused(PairingRefusal.NOT_POSSIBLE)


def _locked_with(marks: Marks, volunteer: Volunteer) -> int:
    return sum(said is Mark.LOCKED and pair[1] == volunteer.id for pair, said in marks.items())


def _kept(line: Line, place: int) -> PairingLine:
    return PairingLine(
        request_id=line.request_id, volunteer_id=line.volunteer_id, place=place, state=line.state, days=line.days,
        km=line.km, parts={str(part): points for part, points in line.parts.items()},
        why=asdict(line.why) if line.why else {},
    )  # fmt: skip


# -- is it fair? -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """Those of one language or commune: how many waited, how many of them get a coach, and the middle of waiting days
    and kilometres (None: there are none)."""

    of: str
    waiting: int
    paired: int
    days: float | None
    days_without: float | None
    km: float | None


def fairness(run: PairingRun) -> tuple[list[Share], list[Share]]:
    """How a run treats languages and communes, the largest first."""
    return _shares(run.lines, lambda line: line.request.language), _shares(run.lines, lambda line: line.request.lau2)


def _shares(lines: Iterable[PairingLine], of: Callable[[PairingLine], str]) -> list[Share]:
    groups: dict[str, list[PairingLine]] = {}
    for line in lines:
        groups.setdefault(of(line), []).append(line)
    return [_share(name, groups[name]) for name in sorted(groups, key=lambda name: (-len(groups[name]), name))]


def _share(name: str, lines: list[PairingLine]) -> Share:
    paired = [line for line in lines if line.state != LineState.NOBODY]
    without = [line for line in lines if line.state == LineState.NOBODY]
    km = [line.km for line in paired if line.km is not None]
    return Share(
        name, len(lines), len(paired), _middle([line.days for line in paired]),
        _middle([line.days for line in without]), _middle(km),
    )  # fmt: skip


def _middle(values: list[int]) -> float | None:
    return median(values) if values else None


def parts_of(line: PairingLine) -> dict[Part, int]:
    """The points of a line, part by part, in the order of the glossary."""
    return {part: line.parts[part] for part in Part if part in line.parts}
