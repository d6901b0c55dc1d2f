"""The best plan for everybody who waits: made with a click, changed by ASTI pair by pair, sent by nobody else."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import NotFound
from commune_hub.matching import runs
from commune_hub.matching.models import PairingLine, PairingMark, PairingRun
from commune_hub.matching.runs import Share
from commune_hub.matching.words import LineState, Mark
from commune_hub.places.communes import commune_of, is_commune
from commune_hub.speech.pairing import METHOD, PART, why_nobody
from commune_hub.volunteers.coaching.words import RequestState
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages.staff import pairing_cards as cards
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.pairing import pair_of, rules
from commune_hub.web.request import Category, actor, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import shows


@pages.get("/pairing/plan")
@staff(Permission.MAKE_PAIRS)
@shows(TracedThing.MATCHING)
def latest_plan() -> ResponseReturnValue:
    """The newest plan, or the way to the first."""
    return _page(runs.latest(db()))


@pages.post("/pairing/plan")
@staff(Permission.MAKE_PAIRS)
@shows(TracedThing.MATCHING)
def make_plan() -> ResponseReturnValue:
    """Look at everybody anew; nothing is sent."""
    run = runs.make(db(), rules=rules(), by=actor(), now=now())
    return go("staff.pairing_plan", run_id=run.public_id)


@pages.get("/pairing/plans/<run_id>")
@staff(Permission.MAKE_PAIRS)
@shows(TracedThing.MATCHING)
def pairing_plan(run_id: str) -> ResponseReturnValue:
    """One plan, as it was made."""
    return _page(runs.run_named(db(), run_id))


@pages.post("/pairing/plans/<run_id>")
@staff(Permission.MAKE_PAIRS)
@shows(TracedThing.MATCHING)
def change_plan(run_id: str) -> ResponseReturnValue:
    """Lock a pair, take it out or let it go, and solve again."""
    back_to("staff.pairing_plan", run_id=run_id)
    run = runs.run_named(db(), run_id)
    wish, _sep, who = request.form.get("change", "").partition(":")
    request_id, _sep, volunteer_id = who.partition(":")
    if wish not in _WISHES:
        raise NotFound("pairing_mark")
    found, volunteer = pair_of(request_id, volunteer_id)
    made = runs.mark(
        db(), run=run, request=found, volunteer=volunteer, mark=_WISHES[wish], rules=rules(), by=actor(), now=now()
    )
    say(N_("Solved again. Nothing has been sent."), Category.OK)
    return go("staff.pairing_plan", run_id=made.public_id)


_WISHES = {"lock": Mark.LOCKED, "out": Mark.TAKEN_OUT, "free": None}


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair of a plan. `sent`: it was proposed meanwhile, or the learner no longer waits."""

    request_id: str
    volunteer_id: str
    learner: str
    learner_words: str
    coach: str
    coach_words: str
    points: str
    parts: str
    locked: bool
    sent: bool


def _page(run: PairingRun | None) -> str:
    if run is None:
        return render_template("staff/pairing_plan.html", run=None)
    pairs = [_pair(line) for line in run.lines if line.volunteer]
    without = [_without(line) for line in run.lines if line.state == LineState.NOBODY]
    languages, communes = runs.fairness(run)
    method = _(METHOD[run.method], num=run.best_few or "")  # type: ignore[index]
    return render_template(
        "staff/pairing_plan.html",
        run=run,
        made=speech().day_and_year(run.made_at.date()) + ", " + speech().clock(run.made_at),
        seconds=speech().number(round(run.milliseconds / 1000, 2)),
        method=method,
        pairs=pairs,
        without=without,
        out=[_taken_out(one) for one in run.marks if one.mark == Mark.TAKEN_OUT],
        weights=" · ".join(f"{_(words)} {run.weights.get(str(part), 0)}" for part, words in PART.items()),
        by_language=[_share(one, speech().language_name(one.of)) for one in languages],
        by_commune=[_share(one, _commune(one.of)) for one in communes],
    )


def _pair(line: PairingLine) -> PairRow:
    spoken, volunteer = speech(), line.volunteer
    assert volunteer is not None, "only lines with a volunteer are pairs"
    km = "" if line.km is None else _("%(km)s km away", km=spoken.number(line.km))
    parts = runs.parts_of(line)
    return PairRow(
        line.request.public_id, volunteer.public_id, line.request.person.name, _learner_words(line),
        volunteer.person.name, " · ".join(filter(None, [volunteer.place, km])),
        points=cards.points_words(sum(parts.values())), parts=cards.parts_words(parts),
        locked=line.state == LineState.LOCKED, sent=line.request.state != RequestState.WAITING,
    )  # fmt: skip


def _learner_words(line: PairingLine) -> str:
    one = cards.queued(line.request, now())
    return f"{one.words} · {one.days}"


def _without(line: PairingLine) -> tuple[str, str, str, str]:
    one = line.request
    why = why_nobody(
        line.why, language=one.language, free_slots=one.free_slots, reach_km=one.reach_km, speech=speech()
    )
    return one.public_id, one.person.name, _learner_words(line), why


def _taken_out(one: PairingMark) -> tuple[str, str, str]:
    names = _("%(learner)s and %(coach)s", learner=one.request.person.name, coach=one.volunteer.person.name)
    return one.request.public_id, one.volunteer.public_id, names


def _commune(lau2: str) -> str:
    return commune_of(lau2).name(speech().code) if is_commune(lau2) else _("Not known")


def _share(share: Share, name: str) -> list[str]:
    spoken = speech()
    numbers = [share.waiting, share.paired, share.days, share.days_without, share.km]
    return [name, *("–" if number is None else spoken.number(number) for number in numbers)]
