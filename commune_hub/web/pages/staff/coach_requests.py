"""Who waits for a coach (A-02): the list and one request for ASTI; the form with which staff ask for somebody."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.rules import short_name
from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.words import LOCAL, Language
from commune_hub.speech.coaching import level_label
from commune_hub.speech.coaching_sentences import PAIR_STATE, REQUEST_CHANNEL, REQUEST_STATE
from commune_hub.volunteers.coaching import queries
from commune_hub.volunteers.coaching.actions import requests
from commune_hub.volunteers.coaching.inputs import CounterRequestDraft
from commune_hub.volunteers.coaching.models import CoachingRequest
from commune_hub.volunteers.coaching.words import PairState, RequestChannel, RequestState
from commune_hub.web.i18n import N_, SPOKEN, _, speech
from commune_hub.web.pages import parts
from commune_hub.web.pages.coach_words import NEAR_KM, asked_so_far, choices_of_wishes, facts_of, tables_near
from commune_hub.web.pages.staff import once
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows

_LONG_DAYS = 30


@pages.get("/requests")
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.COACHING_REQUESTS)
def coach_requests() -> ResponseReturnValue:
    """Who waits, longest first."""
    rows = [
        (
            one.public_id, short_name(one.person.name), parts.badges((one.language,)), level_label(one.level),
            one.place or _("Online"), (days := _days(one)), days > _LONG_DAYS,
        )
        for one in queries.waiting_requests(db())
    ]  # fmt: skip
    return render_template("staff/coach_requests.html", rows=rows)


@pages.get("/requests/<request_id>")
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.COACHING_REQUEST)
def coach_request_file(request_id: str) -> ResponseReturnValue:
    """What somebody asked for, how to reach them, what was proposed so far."""
    found = queries.request_named(db(), request_id)
    return render_template(
        "staff/coach_request.html",
        request_=found,
        name=found.person.name,
        contacts=[(contact.kind, contact.value) for contact in found.person.contacts],
        state=_(REQUEST_STATE[RequestState(found.state)]),
        waits=found.state == RequestState.WAITING,
        days=_days(found),
        asked=speech().day_and_year(found.asked_at.astimezone(LOCAL).date()),
        channel=_(REQUEST_CHANNEL[RequestChannel(found.channel)]),
        facts=facts_of(found),
        volunteers=queries.offering_near(db(), found, NEAR_KM),
        pairs=[
            (one.public_id, short_name(one.volunteer.person.name), _(PAIR_STATE[PairState(one.state)]),
             speech().day_and_year(one.proposed_at.astimezone(LOCAL).date()))
            for one in found.pairs
        ],
        cards=tables_near(found.language, found.point) if found.state == RequestState.WAITING else [],
        status_url=url_for("pages.coach_request", link_key=found.link_key),
    )  # fmt: skip


def _days(found: CoachingRequest) -> int:
    return (now().astimezone(LOCAL).date() - found.asked_at.astimezone(LOCAL).date()).days


@pages.post("/requests/<request_id>/close")
@staff(Permission.CARE_FOR_PAIRS)
@shows(TracedThing.COACHING_REQUEST)
def close_request(request_id: str) -> ResponseReturnValue:
    """Nobody looks any more."""
    back_to("staff.coach_request_file", request_id=request_id)
    requests.close(db(), request=queries.request_named(db(), request_id), now=now())
    say(N_("Closed."))
    return go("staff.coach_request_file", request_id=request_id)


@pages.route("/requests/new", methods=["GET", "POST"])
@staff(Permission.ASK_FOR_COACH)
@shows(NOBODY)
def new_coach_request() -> ResponseReturnValue:
    """Somebody stands at the counter or calls; all on one page, because a person asks the questions."""
    if request.method == "GET":
        return _form(Form({"speaks": speech().code, once.FIELD: once.new_form_id()}))
    back_to("staff.new_coach_request")
    ask_again(lambda problems: _asked_again(problems))
    draft = CounterRequestDraft.parse(request.form)
    token = once.promised_id(request.form)
    person = accounts.person_for(db(), name=draft.name, language=draft.speaks, now=now(), reach=draft.contact)
    everywhere = actor().may(Permission.CARE_FOR_PAIRS, None)
    made = requests.ask(
        db(), person=person, draft=draft, channel=RequestChannel.ASTI if everywhere else RequestChannel.COUNTER,
        now=now(), form_token=token, by=actor(),
    )  # fmt: skip
    say(N_("Done. ASTI looks for a coach."))
    if everywhere:
        return go("staff.coach_request_file", request_id=made.public_id)
    return go("pages.coach_request", link_key=made.link_key)


def _asked_again(problems: Problems) -> str:
    return _form(Form(request.form, problems))


def _form(form: Form) -> str:
    known: dict[str, Any] = {**asked_so_far(form), **choices_of_wishes()}
    return render_template(
        "staff/coach_request_new.html",
        **known,
        form_id=form.value(once.FIELD),
        spoken_languages=[(language.value, SPOKEN[language].own_name) for language in Language],
    )
