"""A pair behind the link of one of the two (S-05, B-02, B-05): answering, dates, hours, messages, pause and end."""

from typing import Any

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import TracedThing
from commune_hub.base.errors import NotFound
from commune_hub.volunteers.coaching import queries
from commune_hub.volunteers.coaching.actions import endings, meetings, proposals, talking
from commune_hub.volunteers.coaching.inputs import (
    AnswerDraft,
    ConfirmDraft,
    DateDraft,
    HoursDraft,
    MessageDraft,
    NoteDraft,
    WhyDraft,
)
from commune_hub.volunteers.coaching.models import PairMeeting, PairSide
from commune_hub.volunteers.coaching.words import Answer, PairMeetingState, PairState, Side
from commune_hub.web.i18n import N_
from commune_hub.web.pages import pages, parts
from commune_hub.web.pages.pair_words import end_words, hours_words, pair_words, pause_words
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, ask_again, back_to, db, go, now, say
from commune_hub.web.security import guest
from commune_hub.web.tracing import trace


def _side(link_key: str, only: Side | None = None) -> PairSide:
    side = queries.side_by_key(db(), link_key)
    if only is not None and side.side != only:
        # The learner's link does not open the coach's pages, nor the other way round.
        raise NotFound("pair")
    return side


def _meeting(side: PairSide, meeting_id: str) -> PairMeeting:
    return queries.meeting_of(side.pair, meeting_id)


def _private(page: str) -> ResponseReturnValue:
    return parts.private(make_response(page))


@pages.get("/p/<link_key>")
@guest
def pair(link_key: str) -> ResponseReturnValue:
    """How it stands between the two. Mail scanners open every link, so nothing changes here; the buttons post."""
    return _private(_page(link_key, {}))


def _page(link_key: str, problems: Problems) -> str:
    side = _side(link_key)
    # Each of the two may read later that the other one's page showed them.
    trace(TracedThing.PAIR, [side.partner.person], about=side.pair.public_id)
    form = Form(request.form, problems)
    return render_template("public/pair.html", form=form, **pair_words(side))


@pages.post("/p/<link_key>/answer")
@guest
def answer_pair(link_key: str) -> ResponseReturnValue:
    """Yes or no, with one tap."""
    back_to("pages.pair", link_key=link_key)
    ask_again(lambda problems: _page(link_key, problems))
    side = _side(link_key)
    proposals.answer(db(), side=side, draft=AnswerDraft.parse(request.form), now=now())
    if side.answer == Answer.NO:
        say(N_("Thank you for your answer. We go on looking."))
    elif side.pair.state == PairState.PROPOSED:
        say(N_("Thank you. As soon as the other one has said yes, we write to you."))
    else:
        say(N_("Both have said yes. Here is how to reach each other."))
    return go("pages.pair", link_key=link_key)


# -- dates and hours -----------------------------------------------------------


@pages.post("/p/<link_key>/dates")
@guest
def propose_pair_date(link_key: str) -> ResponseReturnValue:
    """A date for the next meeting; the other one is told."""
    back_to("pages.pair", link_key=link_key)
    ask_again(lambda problems: _page(link_key, problems))
    meetings.propose_date(db(), side=_side(link_key), draft=DateDraft.parse(request.form), now=now())
    say(N_("Your date is proposed. We have told your partner."))
    return go("pages.pair", link_key=link_key)


@pages.post("/p/<link_key>/dates/<meeting_id>")
@guest
def answer_pair_date(link_key: str, meeting_id: str) -> ResponseReturnValue:
    """The date suits me, or it does not take place."""
    back_to("pages.pair", link_key=link_key)
    side = _side(link_key)
    meeting = _meeting(side, meeting_id)
    if request.form.get("answer") == Answer.YES:
        meetings.agree(db(), side=side, meeting=meeting, now=now())
        say(N_("Good. See you then."))
    else:
        meetings.call_off(db(), side=side, meeting=meeting, now=now())
        say(N_("This meeting does not take place."))
    return go("pages.pair", link_key=link_key)


@pages.route("/p/<link_key>/log", methods=["GET", "POST"], defaults={"meeting_id": ""})
@pages.route("/p/<link_key>/log/<meeting_id>", methods=["GET", "POST"])
@guest
def log_pair_meeting(link_key: str, meeting_id: str) -> ResponseReturnValue:
    """The coach says that they met, and how long: one button on the page behind the link in the mail."""
    if request.method == "GET":
        return _private(_log_page(link_key, meeting_id, Form({"minutes": request.args.get("minutes", "")})))
    back_to("pages.pair", link_key=link_key)
    ask_again(lambda problems: _log_page(link_key, meeting_id, Form(request.form, problems)))
    side = _side(link_key, Side.VOLUNTEER)
    meeting = _meeting(side, meeting_id) if meeting_id else None
    meetings.log(db(), side=side, draft=HoursDraft.parse(request.form), now=now(), meeting=meeting)
    say(N_("Thank you. We ask your partner whether it is right."))
    return go("pages.pair", link_key=link_key)


def _log_page(link_key: str, meeting_id: str, form: Form) -> str:
    side = _side(link_key, Side.VOLUNTEER)
    meeting = _meeting(side, meeting_id) if meeting_id else None
    return render_template("public/pair_log.html", form=form, **hours_words(side, meeting))


@pages.route("/p/<link_key>/confirm/<meeting_id>", methods=["GET", "POST"])
@guest
def confirm_pair_meeting(link_key: str, meeting_id: str) -> ResponseReturnValue:
    """The learner says with one tap whether what the coach wrote down is right."""
    side = _side(link_key, Side.LEARNER)
    meeting = _meeting(side, meeting_id)
    if request.method == "GET":
        return _private(render_template("public/pair_confirm.html", **hours_words(side, meeting)))
    back_to("pages.pair", link_key=link_key)
    draft = ConfirmDraft.parse(request.form)
    meetings.confirm(db(), side=side, meeting=meeting, held=draft.answer is Answer.YES, now=now())
    if meeting.state == PairMeetingState.CONFIRMED:
        say(N_("Thank you. This time counts as practice for you."))
    else:
        say(N_("Thank you. ASTI asks both of you. Nobody did anything wrong."))
    return go("pages.pair", link_key=link_key)


# -- talking ---------------------------------------------------------------------


@pages.post("/p/<link_key>/messages")
@guest
def write_in_pair(link_key: str) -> ResponseReturnValue:
    """A message to the other one."""
    back_to("pages.pair", link_key=link_key, _anchor="messages")
    ask_again(lambda problems: _page(link_key, problems))
    talking.write(db(), side=_side(link_key), draft=MessageDraft.parse(request.form), now=now())
    say(N_("Your message is on its way."))
    return go("pages.pair", link_key=link_key, _anchor="messages")


@pages.post("/p/<link_key>/note")
@guest
def keep_pair_note(link_key: str) -> ResponseReturnValue:
    """A note for oneself."""
    back_to("pages.pair", link_key=link_key)
    ask_again(lambda problems: _page(link_key, problems))
    talking.keep_note(db(), side=_side(link_key), note=NoteDraft.parse(request.form).note)
    say(N_("Saved."))
    return go("pages.pair", link_key=link_key)


@pages.post("/p/<link_key>/help")
@guest
def ask_help_for_pair(link_key: str) -> ResponseReturnValue:
    """ASTI, please call."""
    back_to("pages.pair", link_key=link_key)
    endings.ask_for_help(db(), side=_side(link_key), now=now())
    say(N_("ASTI knows. Somebody calls you."))
    return go("pages.pair", link_key=link_key)


# -- pause and end -----------------------------------------------------------------


@pages.route("/p/<link_key>/pause", methods=["GET", "POST"])
@guest
def pause_pair(link_key: str) -> ResponseReturnValue:
    """A pause; the partner is told that, and not why."""
    side = _side(link_key)
    if request.method == "GET":
        return _private(render_template("public/pair_end.html", form=Form(), **pause_words(side)))
    back_to("pages.pair", link_key=link_key)
    ask_again(lambda problems: _stop_page(link_key, problems, pausing=True))
    endings.pause(db(), side=side, draft=WhyDraft.parse(request.form), now=now())
    say(N_("You pause now. We have told your partner."))
    return go("pages.pair", link_key=link_key)


@pages.post("/p/<link_key>/go-on")
@guest
def resume_pair(link_key: str) -> ResponseReturnValue:
    """The pause is over."""
    back_to("pages.pair", link_key=link_key)
    side = _side(link_key)
    endings.go_on(db(), pair=side.pair, by=Side(side.side), now=now())
    say(N_("Good that it goes on. We have told your partner."))
    return go("pages.pair", link_key=link_key)


@pages.route("/p/<link_key>/end", methods=["GET", "POST"])
@guest
def end_pair(link_key: str) -> ResponseReturnValue:
    """It ends; why and what next is asked, and need not be said. After the end the page asks the other one, too."""
    side = _side(link_key)
    if request.method == "GET":
        return _private(render_template("public/pair_end.html", form=Form(), **end_words(side)))
    back_to("pages.pair", link_key=link_key)
    ask_again(lambda problems: _stop_page(link_key, problems, pausing=False))
    draft = WhyDraft.parse(request.form)
    if side.pair.state == PairState.ENDED:
        endings.say_why(db(), side=side, draft=draft, now=now())
    else:
        endings.end(db(), pair=side.pair, by=Side(side.side), draft=draft, now=now())
    say(N_("Thank you. All the best."))
    return go("pages.pair", link_key=link_key)


def _stop_page(link_key: str, problems: Problems, *, pausing: bool) -> str:
    side = _side(link_key)
    told: dict[str, Any] = pause_words(side) if pausing else end_words(side)
    return render_template("public/pair_end.html", form=Form(request.form, problems), **told)
