"""A commune asks ASTI for support in setting up a measure; both see how far it is, from first idea to first meeting."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.models import Account, Organisation
from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import InputCode, Invalid, NotFound
from commune_hub.base.words import LOCAL
from commune_hub.events import queries as events
from commune_hub.events.words import ActivityKind
from commune_hub.speech import telling
from commune_hub.speech.catalogues import own_name_of
from commune_hub.volunteers import rules
from commune_hub.volunteers.actions import support
from commune_hub.volunteers.inputs import SupportDraft, SupportStepDraft
from commune_hub.volunteers.models import SupportRequest
from commune_hub.volunteers.words import SupportStep
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import words
from commune_hub.web.pages.staff import lines
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.activity_form import COMMON_LANGUAGES
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows

# What a commune can set up with ASTI's help (LOC-3).
KINDS = (
    ActivityKind.CONVERSATION_TABLE, ActivityKind.LANGUAGE_CAFE, ActivityKind.COACHING, ActivityKind.VOLUNTEER_COURSE,
    ActivityKind.VOLUNTEER_TRAINING, ActivityKind.EXCHANGE_DAY,
)  # fmt: skip


@pages.route("/support", methods=["GET", "POST"], endpoint="support")
@staff(Permission.SEE_VOLUNTEERS)
@shows(NOBODY)
def support_desk() -> ResponseReturnValue:
    """ASTI sees all requests, an organisation its own and the form for a new one."""
    if request.method == "GET":
        return _desk({})
    back_to("staff.support")
    ask_again(_desk)
    ours = _organisations()
    draft = SupportDraft.parse({**request.form.to_dict(), "languages": request.form.getlist("languages")})
    organisation = next((one for one in ours if one.public_id == draft.organisation or len(ours) == 1), None)
    if organisation is None:
        raise NotFound("organisation")
    asked = support.ask(db(), draft=draft, organisation=organisation, actor=actor(), now=now())
    say(N_("ASTI has your request. You see here how it goes on."))
    return go("staff.support_request", request_id=asked.public_id)


def _organisations() -> list[Organisation]:
    ours = actor().organisation_ids(Permission.ASK_SUPPORT) or frozenset()
    return accounts.organisations_in(db(), ours) if ours else []


def _desk(problems: Problems) -> str:
    is_asti = actor().may(Permission.LOOK_AFTER_VOLUNTEERS, None)
    ours = None if is_asti else actor().organisation_ids(Permission.ASK_SUPPORT) or frozenset()
    return render_template(
        "staff/support.html",
        rows=[_row(one) for one in support.requests_of(db(), ours)],
        asti=is_asti,
        organisations=[(one.public_id, one.name) for one in _organisations()],
        form=Form(request.form, problems),
        kinds=[(str(kind), _(words.KIND[kind])) for kind in KINDS],
        practised=[(tag, own_name_of(tag)) for tag in COMMON_LANGUAGES],
    )


def _row(one: SupportRequest) -> dict[str, object]:
    step = SupportStep(one.step)
    today = now().astimezone(LOCAL).date()
    return {
        "id": one.public_id,
        "organisation": one.organisation.name,
        "kind": telling.kind_words(one.kind, speech()),
        "languages": telling.language_names(tuple(one.languages), speech()),
        "step": _(words.SUPPORT_STEP[step]),
        "mark": "ok" if step is SupportStep.FIRST_MEETING else "" if step in rules.SUPPORT_ENDED else "info",
        "next": one.next_step,
        "on": speech().day_and_year(one.next_on) if one.next_on else "",
        "late": one.next_on is not None and one.next_on < today and step not in rules.SUPPORT_ENDED,
    }


@pages.route("/support/<request_id>", methods=["GET", "POST"])
@staff(Permission.SEE_VOLUNTEERS)
@shows(TracedThing.STAFF)
def support_request(request_id: str) -> ResponseReturnValue:
    """One request with its trail; ASTI moves it on, both sides write."""
    found = support.request_named(db(), request_id)
    support.must_see(found, actor())
    if request.method == "GET":
        return _page(request_id, {})
    back_to("staff.support_request", request_id=request_id)
    ask_again(lambda problems: _page(request_id, problems))
    if not actor().may(Permission.LOOK_AFTER_VOLUNTEERS, None):
        text = request.form.get("text", "").strip()
        if not text:
            raise Invalid({"text": [InputCode.REQUIRED]})
        draft = SupportStepDraft.parse({"step": found.step, "text": text})
        support.write(db(), request=found, text=draft.text, actor=actor(), now=now())
    else:
        draft = SupportStepDraft.parse(request.form)
        wanted = request.form.get("activity", "")
        activity = next((one for one in _activities(found) if one.public_id == wanted), None) if wanted else None
        owner = next((one.id for one in _owners() if one.public_id == draft.owner), None)
        support.go_on(
            db(), request=found, draft=draft, owner_id=owner, activity=activity, actor=actor(), now=now()
        )  # fmt: skip
    say(N_("Saved."))
    return go("staff.support_request", request_id=request_id)


def _activities(found: SupportRequest) -> list:  # type: ignore[type-arg]
    return events.activities_of(db(), [found.organisation_id])


def _owners() -> list[Account]:
    return accounts.who_may(db(), Permission.LOOK_AFTER_VOLUNTEERS)


def _page(request_id: str, problems: Problems) -> str:
    found = support.request_named(db(), request_id)
    is_asti = actor().may(Permission.LOOK_AFTER_VOLUNTEERS, None)
    owners = {one.id: one for one in _owners()}
    owner = owners.get(found.owner_id) if found.owner_id else None
    typed = request.form if problems else {
        "step": found.step, "next_step": found.next_step, "next_on": found.next_on or "",
        "owner": owner.public_id if owner else actor().public_id,
        "activity": found.activity.public_id if found.activity else "",
    }  # fmt: skip
    step = SupportStep(found.step)
    order = [one for one in SupportStep if one is not SupportStep.DROPPED]
    names = accounts.names_of_accounts(db(), {note.by_id for note in found.notes})
    return render_template(
        "staff/support_request.html",
        row=_row(found),
        wish=found.wish,
        asti=is_asti,
        owner=owner.person.name if owner else "",
        timeline=[
            (
                "now" if one is step else "done" if step in order and order.index(one) < order.index(step) else "open",
                _(words.SUPPORT_STEP[one]),
            )
            for one in order
        ],
        dropped=step is SupportStep.DROPPED,
        notes=[
            (lines.short_when(note.at), _(words.SUPPORT_STEP[SupportStep(note.step)]), names.get(note.by_id, ""),
             note.text)
            for note in reversed(found.notes)
        ],
        steps=[(str(one), _(words.SUPPORT_STEP[one])) for one in (step, *rules.support_steps_from(step))],
        owners=[(one.public_id, one.person.name) for one in owners.values()],
        activities=[(one.public_id, telling.title_of(one, speech())) for one in _activities(found)] if is_asti else [],
        activity=found.activity.public_id if found.activity else "",
        form=Form(typed, problems),
    )  # fmt: skip
