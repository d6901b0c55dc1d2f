"""ASTI's board: who waits longest, who could be their coach and why, and a proposal in two clicks (A-01, J10)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import NotFound
from commune_hub.base.words import LOCAL
from commune_hub.matching import plans, ranking, waiting
from commune_hub.matching.pairing import Facts
from commune_hub.matching.rules import PairingRules, Waiting
from commune_hub.matching.waiting import volunteers_by_id
from commune_hub.speech.pairing import why_nobody
from commune_hub.volunteers.coaching import queries as coaching
from commune_hub.volunteers.coaching.actions import proposals
from commune_hub.volunteers.coaching.models import CoachingRequest
from commune_hub.volunteers.coaching.rules import Coach
from commune_hub.volunteers.coaching.words import PairState
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.queries import volunteer_named
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages.staff import pairing_cards as cards
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.pairs import CALLS
from commune_hub.web.request import Category, actor, back_to, db, go, now, say, store
from commune_hub.web.security import staff
from commune_hub.web.tracing import shows

SHOWN = 4
QUEUE = 8


@pages.get("/pairing")
@staff(Permission.MAKE_PAIRS)
@shows(TracedThing.MATCHING)
def pairing() -> ResponseReturnValue:
    """The board, at the longest wait or at whom the address names; `all=1` shows everybody. With `plan`, coaches can
    be put into that plan."""
    learners, coaches = _everybody()
    queue = [one for one in waiting.requests(db()) if one.id in learners]
    chosen = next((one for one in queue if one.public_id == request.args.get("request")), next(iter(queue), None))
    whole = request.args.get("all") == "1"
    found = ranking.ranked(learners[chosen.id], coaches, rules().weights) if chosen else []
    shown = found if whole else found[:SHOWN]
    named = volunteers_by_id(db(), [one.coach.volunteer_id for one in shown])
    best = named[shown[0].coach.volunteer_id] if shown else None
    return render_template(
        "staff/pairing.html",
        stages=_stages(),
        waiting=len(queue),
        numbers=_numbers(len(queue), sum(coach.free_places > 0 for coach in coaches)),
        queue=[cards.queued(one, now()) for one in (queue if whole else _longest(queue, chosen))],
        chosen=chosen and cards.learner_card(chosen),
        coaches=[cards.coach_card(chosen, named[one.coach.volunteer_id], one, now()) for one in shown if chosen],
        grid=chosen and cards.grid(chosen, best),
        why=_why(chosen, learners[chosen.id], coaches) if chosen and not any(not c.obstacles for c in found) else "",
        more=len(found) > len(shown) or (len(queue) > QUEUE and not whole),
        plan=request.args.get("plan", ""),
    )


def _stages() -> list[tuple[str, int, str]]:
    """How many pairs stand where, with the stage of the list of pairs (pages/staff/pairs.py)."""
    count, calls = ranking.stages(db(), now())
    words = (
        (PairState.PROPOSED, N_("Proposed")), (PairState.ACCEPTED, N_("First meeting")),
        (PairState.MET, N_("Have met once")), (PairState.ACTIVE, N_("Meet regularly")),
    )  # fmt: skip
    return [*((str(state), count[state], _(said)) for state, said in words), (CALLS, calls, _("Need a call"))]


def _why(chosen: CoachingRequest, one: Waiting, coaches: Sequence[Coach]) -> str:
    """Why nobody suits this learner in everything, and what would change it."""
    why = plans.why_nobody(Facts([one], coaches), 0)
    return why_nobody(
        asdict(why), language=chosen.language, free_slots=chosen.free_slots, reach_km=chosen.reach_km, speech=speech()
    )


def _numbers(waiting: int, free: int) -> str:
    spoken = speech()
    learners = spoken.say_many("One learner is waiting.", "%(num)s learners are waiting.", waiting)
    volunteers = spoken.say_many("One volunteer is free.", "%(num)s volunteers are free.", free)
    return f"{learners if waiting else _('Nobody is waiting.')} {volunteers if free else _('No volunteer is free.')}"


def _everybody() -> tuple[dict[int, Waiting], list[Coach]]:
    """What the rules look at, of all who wait (by request) and all who could coach. Comparing opens everybody's home
    and shows nobody's: it has a session of its own, so that the trace names those who are shown."""
    with store().reading() as session:
        learners = waiting.learners(session, waiting.requests(session), now())
        return {one.request_id: one for one in learners}, waiting.coaches(session, waiting.volunteers(session), today())


def _longest(queue: Sequence[CoachingRequest], chosen: CoachingRequest | None) -> Sequence[CoachingRequest]:
    """The longest waits, and in any case whom the page is about."""
    first = [*queue[:QUEUE]]
    return first if chosen is None or chosen in first else [*first[:-1], chosen]


@pages.get("/pairing/<request_id>/<volunteer_id>")
@staff(Permission.MAKE_PAIRS)
@shows(TracedThing.MATCHING)
def check_pair(request_id: str, volunteer_id: str) -> ResponseReturnValue:
    """What both will read, before anything is sent."""
    found, volunteer = pair_of(request_id, volunteer_id)
    (one,) = waiting.learners(db(), [found], now())
    ranked = ranking.ranked(one, waiting.coaches(db(), [volunteer], today()), rules().weights)
    if not ranked:
        raise NotFound("pair")
    return render_template(
        "staff/pairing_check.html",
        learner=cards.learner_card(found),
        coach=cards.coach_card(found, volunteer, ranked[0], now()),
        facts=cards.told_to_both(found, volunteer, ranked[0]),
        plan=request.args.get("plan", ""),
        back=url_for("staff.pairing", request=request_id),
    )


@pages.post("/pairing/<request_id>/<volunteer_id>")
@staff(Permission.MAKE_PAIRS)
@shows(TracedThing.MATCHING)
def propose_pair(request_id: str, volunteer_id: str) -> ResponseReturnValue:
    """Write to both; the second click of the same person is the same proposal."""
    back_to("staff.pairing", request=request_id)
    found, volunteer = pair_of(request_id, volunteer_id)
    proposals.propose(db(), request=found, volunteer=volunteer, by=actor(), now=now())
    say(N_("Sent to both. They answer with one tap."), Category.OK)
    plan = request.form.get("plan", "")
    return go("staff.pairing_plan", run_id=plan) if plan else go("staff.pairing")


def pair_of(request_id: str, volunteer_id: str) -> tuple[CoachingRequest, Volunteer]:
    """The two people of an address. Raises NotFound."""
    return coaching.request_named(db(), request_id), volunteer_named(db(), volunteer_id)


def rules() -> PairingRules:
    """What this installation says about the pairing."""
    found: PairingRules = current_app.extensions["pairing"]
    return found


def today() -> date:
    """The local day of this request."""
    return now().astimezone(LOCAL).date()
