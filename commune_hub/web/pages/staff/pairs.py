"""All pairs for ASTI (A-04): stage by stage, those that need a call first; one pair; who stands in for whom."""

from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.rules import short_name
from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.words import LOCAL
from commune_hub.speech import attesting
from commune_hub.speech.coaching_sentences import CALL_REASON, ENDED_BY, NEXT_WISH, PAIR_REASON, PAIR_STATE
from commune_hub.speech.group import when_words
from commune_hub.volunteers.coaching import caring, queries
from commune_hub.volunteers.coaching.actions import endings, meetings, proposals, standing_in
from commune_hub.volunteers.coaching.inputs import CallDraft, SettleDraft, StandInDraft, WhyDraft
from commune_hub.volunteers.coaching.models import CoachingPair, PairSide
from commune_hub.volunteers.coaching.words import EndedBy, NextWish, PairReason, PairState, Side
from commune_hub.web.cards import PractisedLanguage
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import parts
from commune_hub.web.pages.pair_words import meeting_lines, profile_lines
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import shows

CALLS, ENDED = "calls", "ended"
_STAGES = (
    (CALLS, N_("Need a call")), (PairState.PROPOSED, N_("Proposed")), (PairState.ACCEPTED, N_("First meeting")),
    (PairState.MET, N_("Have met once")), (PairState.ACTIVE, N_("Meet regularly")), (PairState.PAUSED, N_("Pause")),
    (ENDED, N_("Ended")),
)  # fmt: skip
_ENDED_SHOWN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair in the list of ASTI."""

    id: str
    learner: str
    volunteer: str
    langs: tuple[PractisedLanguage, ...]
    state: str
    since: str
    calls: tuple[str, ...]
    mine: bool


@pages.get("/pairs")
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.PAIR)
def pairs() -> ResponseReturnValue:
    """A stage of the pipeline; without one, those that need a call."""
    stage = request.args.get("stage", CALLS)
    open_ones = queries.open_pairs(db())
    today = now().astimezone(LOCAL).date()
    mine = {pair.id for pair in caring.looked_after_by(db(), actor().account_id, open_ones, today)}
    called = [pair for pair in open_ones if caring.calls_for(pair, now())]
    found = {CALLS: called, ENDED: caring.ended_since(db(), now() - _ENDED_SHOWN) if stage == ENDED else []}
    for pair in open_ones:
        found.setdefault(pair.state, []).append(pair)
    # One's own first; within them as they came.
    shown = sorted(found.get(stage, []), key=lambda pair: pair.id not in mine)
    return render_template(
        "staff/pairs.html",
        stage=stage,
        stages=[
            (str(key), _(words), len(found.get(key, [])) if key != ENDED else None, url_for("staff.pairs", stage=key))
            for key, words in _STAGES
        ],
        rows=[_row(pair, pair.id in mine) for pair in shown],
        waiting=len(queries.waiting_requests(db())),
    )


def _row(pair: CoachingPair, mine: bool) -> PairRow:
    since = pair.ended_at or pair.paused_at or pair.accepted_at or pair.proposed_at
    return PairRow(
        id=pair.public_id,
        learner=short_name(pair.request.person.name),
        volunteer=short_name(pair.volunteer.person.name),
        langs=parts.badges((pair.request.language,)),
        state=_(PAIR_STATE[PairState(pair.state)]),
        since=speech().day_and_year(since.astimezone(LOCAL).date()),
        calls=tuple(_(CALL_REASON[reason]) for reason in caring.calls_for(pair, now())),
        mine=mine,
    )


@pages.get("/pairs/<pair_id>")
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.PAIR)
def pair_file(pair_id: str) -> ResponseReturnValue:
    """Everything about one pair but what the two write to each other."""
    return _file(pair_id, {})


def _file(pair_id: str, problems: Problems) -> str:
    pair = queries.pair_named(db(), pair_id)
    ended = pair.ended_by and _(ENDED_BY[EndedBy(pair.ended_by)])
    return render_template(
        "staff/pair.html",
        pair=pair,
        row=_row(pair, True),
        ended=ended,
        facts=profile_lines(pair.side(Side.VOLUNTEER)),
        sides=[_side(pair.side(side)) for side in Side],
        meetings=meeting_lines(pair.side(Side.LEARNER)),
        notes=[
            (when_words(note.at, speech()), note.by.person.name if note.by else "", note.text) for note in pair.notes
        ],
        coordinator=pair.coordinator.person.name if pair.coordinator else "",
        is_mine=pair.coordinator_id == actor().account_id,
        lengths=[("0", _("It did not take place"))]
        + [(str(minutes), attesting.hours_words(minutes, speech())) for minutes in (30, 60, 90, 120)],
        form=Form(request.form, problems),
    )


def _side(side: PairSide) -> dict[str, object]:
    return {
        "title": _("Learner") if side.side == Side.LEARNER else _("Volunteer"),
        "name": side.person.name,
        "contacts": [(contact.kind, contact.value) for contact in side.person.contacts],
        "answer": str(side.answer or ""),
        "reason": _(PAIR_REASON[PairReason(side.reason)]) if side.reason else "",
        "why": side.why,
        "wish": _(NEXT_WISH[NextWish(side.next_wish)]) if side.next_wish else "",
    }


@pages.post("/pairs/<pair_id>/call")
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.PAIR)
def note_pair_call(pair_id: str) -> ResponseReturnValue:
    """What was said on the phone."""
    back_to("staff.pair_file", pair_id=pair_id)
    ask_again(lambda problems: _file(pair_id, problems))
    pair = queries.pair_named(db(), pair_id)
    draft = CallDraft.parse(request.form)
    endings.note_call(db(), pair=pair, account_id=actor().account_id, text=draft.text, now=now())
    say(N_("Noted."))
    return go("staff.pair_file", pair_id=pair_id)


@pages.post("/pairs/<pair_id>/meetings/<meeting_id>")
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.PAIR)
def settle_pair_meeting(pair_id: str, meeting_id: str) -> ResponseReturnValue:
    """ASTI has asked both, and says how long it was."""
    back_to("staff.pair_file", pair_id=pair_id)
    ask_again(lambda problems: _file(pair_id, problems))
    pair = queries.pair_named(db(), pair_id)
    meetings.settle(
        db(), pair=pair, meeting=queries.meeting_of(pair, meeting_id), account_id=actor().account_id, now=now(),
        minutes=SettleDraft.parse(request.form).minutes,
    )  # fmt: skip
    say(N_("Settled."))
    return go("staff.pair_file", pair_id=pair_id)


@pages.post("/pairs/<pair_id>/step")
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.PAIR)
def step_pair(pair_id: str) -> ResponseReturnValue:
    """Take a proposal back, go on after a pause, end, or take the pair over."""
    back_to("staff.pair_file", pair_id=pair_id)
    pair = queries.pair_named(db(), pair_id)
    match request.form.get("step"):
        case "take_back":
            proposals.take_back(db(), pair=pair, now=now())
            say(N_("The proposal is taken back. Both are told."))
        case "go_on":
            endings.go_on(db(), pair=pair, by=None, now=now())
            say(N_("It goes on. Both are told."))
        case "end":
            endings.end(db(), pair=pair, by=None, draft=WhyDraft(), now=now())
            say(N_("The pair has ended. Both are told, and the learner waits for another coach."))
        case "mine":
            account = accounts.account_of(db(), actor().account_id)
            standing_in.take_over(db(), pair=pair, account=account)
            say(N_("You look after this pair now."))
    return go("staff.pair_file", pair_id=pair_id)


# -- standing in -------------------------------------------------------------------


@pages.route("/pairs/away", methods=["GET", "POST"])
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.STAFF)
def pairs_away() -> ResponseReturnValue:
    """I am away: a colleague gets my calls and my list on Monday."""
    if request.method == "GET":
        return _away({})
    back_to("staff.pairs_away")
    ask_again(_away)
    draft = StandInDraft.parse(request.form)
    standing_in.arrange(db(), account_id=actor().account_id, draft=draft, now=now())
    say(N_("Saved."))
    return go("staff.pairs_away")


@pages.post("/pairs/away/<stand_in_id>")
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.STAFF)
def cancel_away(stand_in_id: str) -> ResponseReturnValue:
    """I am here after all."""
    back_to("staff.pairs_away")
    standing_in.cancel(db(), account_id=actor().account_id, public_id=stand_in_id)
    say(N_("Saved."))
    return go("staff.pairs_away")


def _away(problems: Problems) -> str:
    today = now().astimezone(LOCAL).date()
    colleagues = [one for one in caring.asti_accounts(db()) if one.id != actor().account_id]
    return render_template(
        "staff/pairs_away.html",
        colleagues=[(one.public_id, one.person.name) for one in colleagues],
        rows=[
            (
                one.public_id, one.account.person.name, one.stand_in.person.name,
                speech().day_and_year(one.first_on), speech().day_and_year(one.last_on),
                one.account_id == actor().account_id,
            )
            for one in caring.stand_ins(db(), today)
        ],
        form=Form(request.form, problems),
    )  # fmt: skip
