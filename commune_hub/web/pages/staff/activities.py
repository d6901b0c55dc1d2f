"""Activities: the list, the form, publishing, putting away (C-02, C-03)."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.models import Organisation
from commune_hub.accounts.words import Permission
from commune_hub.base.errors import Invalid, NotFound
from commune_hub.base.words import LOCAL
from commune_hub.events import desk, permissions, queries, seasons
from commune_hub.events.actions import publishing, venues
from commune_hub.events.desk import Shelf
from commune_hub.events.inputs import ActivityDraft, VenueDraft
from commune_hub.events.models import Activity
from commune_hub.events.rules import KINDS
from commune_hub.events.words import ActivityKind, ActivityState, RegistrationBy, SignupMode
from commune_hub.speech import dates, telling
from commune_hub.web.i18n import N_, SPOKEN, _, own_name_of, speech
from commune_hub.web.pages import words
from commune_hub.web.pages.staff import activity_form, changes, lines, once
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Category, Problems, actor, ask_again, back_to, db, go, keep_form, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows

SHELF_WORDS = {Shelf.RUNNING: N_("Running"), Shelf.DRAFTS: N_("Drafts"), Shelf.PAST: N_("Past seasons")}
USUAL = (ActivityKind.CONVERSATION_TABLE, ActivityKind.LANGUAGE_CAFE, ActivityKind.VOLUNTEER_COURSE)
# Individual coaching has no dates and comes with its pairs.
OFFERED = tuple(kind for kind in ActivityKind if kind is not ActivityKind.COACHING)
KIND_HINTS = {
    ActivityKind.CONVERSATION_TABLE: N_("6 people and a host, every week. With sign-up and a waiting list."),
    ActivityKind.LANGUAGE_CAFE: N_("Many people, several tables and languages. Nobody signs up."),
    ActivityKind.VOLUNTEER_COURSE: N_("A course for beginners over several weeks. One signs up once."),
}


def activity_of_ours(activity_id: str) -> Activity:
    """The activity, if this person may change it. Raises NotFound."""
    found = queries.activity_named(db(), activity_id)
    permissions.must_edit(actor(), found)
    return found


def our_organisations() -> list[Organisation]:
    """Where this person may publish."""
    return accounts.organisations_in(db(), actor().organisation_ids(Permission.PUBLISH))


@pages.get("/activities")
@staff(Permission.PUBLISH)
@shows(NOBODY)
def activities() -> ResponseReturnValue:
    """What runs, what is a draft, what is past, page by page."""
    ours = actor().organisation_ids(Permission.PUBLISH)
    wanted = request.args.get("shelf", "")
    shelf = Shelf(wanted) if wanted in list(Shelf) else Shelf.RUNNING
    page = _page_number()
    counts = desk.shelf_counts(db(), ours, now())
    found = desk.shelf_page(db(), organisation_ids=ours, shelf=shelf, now=now(), page=page)
    several = ours is None or len(ours) > 1
    number, today = speech().number, now().astimezone(LOCAL).date()
    return render_template(
        "staff/activities.html",
        tabs=[
            (f"{_(sentence)} ({number(counts[one])})", url_for("staff.activities", shelf=one), one is shelf)
            for one, sentence in SHELF_WORDS.items()
        ],
        shelf=shelf,
        cards=[lines.activity_card(line, several_organisers=several, today=today) for line in found],
        previous=url_for("staff.activities", shelf=shelf, page=page - 1) if page else "",
        next=url_for("staff.activities", shelf=shelf, page=page + 1) if counts[shelf] > (page + 1) * desk.PAGE else "",
        pages_in_all=-(-counts[shelf] // desk.PAGE),
        page=page,
    )


def _page_number() -> int:
    text = request.args.get("page", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


@pages.route("/activities/new", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
@shows(NOBODY)
def new_activity() -> ResponseReturnValue:
    """First the kind, then one page; or everything from another season, with three new fields."""
    if request.method == "POST":
        return _create()
    previous = activity_of_ours(request.args["again"]) if request.args.get("again") else None
    if previous is not None:
        return _form(Form(activity_form.again(previous, now())), previous.organisation, previous=previous)
    organisations = our_organisations()
    wanted, chosen = request.args.get("kind", ""), request.args.get("organisation", "")
    organisation = next((one for one in organisations if one.public_id == chosen), None)
    if len(organisations) == 1:
        organisation = organisations[0]
    if wanted not in OFFERED or organisation is None:
        return _choose_kind(organisations, organisation)
    return _form(Form(activity_form.empty(ActivityKind(wanted))), organisation)


def _choose_kind(organisations: list[Organisation], organisation: Organisation | None) -> str:
    return render_template(
        "staff/choose_kind.html",
        usual=[(kind, _(words.KIND[kind]), _(KIND_HINTS[kind])) for kind in USUAL],
        others=[(kind, _(words.KIND[kind])) for kind in OFFERED if kind not in USUAL],
        organisations=[(one.public_id, one.name) for one in organisations],
        organisation=organisation.public_id if organisation else "",
    )


def _create() -> ResponseReturnValue:
    organisation = _organisation_of(request.form)
    previous = activity_of_ours(request.form["again"]) if request.form.get("again") else None
    back_to("staff.activities")
    ask_again(_create_again)
    keep_form(lambda refusal: _create_again({}, refusal))
    promised = once.promised_id(request.form)
    made_before = desk.activity_made(db(), promised)
    if made_before is not None:
        return _done(made_before)
    draft = _draft_with_venue(organisation, activity_form.parse(request.form))
    wants_all = request.form.get("act") == "publish"
    if wants_all and (missing := activity_form.not_yet(draft, now())):
        raise Invalid(missing)
    made = publishing.create(
        db(), draft=draft, organisation=organisation, actor=actor(), now=now(), previous=previous,
        public_id=promised,
    )  # fmt: skip
    if wants_all:
        publishing.publish(db(), activity=made, actor=actor(), now=now())
    warn_of_clashes(made)
    return _done(made)


def _done(made: Activity) -> ResponseReturnValue:
    published = made.state == ActivityState.PUBLISHED
    say(N_("It is published. Everybody can see it now.") if published else N_("The draft is kept."))
    return go("staff.season", activity_id=made.public_id)


def _create_again(problems: Problems, refusal: str = "") -> str:
    again = request.form.get("again")
    previous = activity_of_ours(again) if again else None
    return _form(Form(request.form, problems, refusal), _organisation_of(request.form), previous=previous)


def _organisation_of(form: MultiDict[str, str]) -> Organisation:
    organisations = our_organisations()
    if len(organisations) == 1:
        return organisations[0]
    found = next((one for one in organisations if one.public_id == form.get("organisation")), None)
    if found is None:
        raise NotFound("organisation")
    return found


def _draft_with_venue(organisation: Organisation, draft: ActivityDraft) -> ActivityDraft:
    """The draft at the place that was chosen, or at a new one that was typed beside it."""
    if draft.venue or not request.form.get("venue_name", "").strip():
        return draft
    typed = {field: request.form.get(f"venue_{field}", "") for field in ("name", "address", "postcode", "locality")}
    try:
        place = VenueDraft.parse(typed)
        made = venues.add(db(), draft=place, organisation=organisation, actor=actor(), now=now())
    except Invalid as invalid:
        raise Invalid({f"venue_{field}": codes for field, codes in invalid.problems.items()}) from None
    return draft.model_copy(update={"venue": made.public_id})


@pages.route("/activities/<activity_id>/edit", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
@shows(NOBODY)
def edit_activity(activity_id: str) -> ResponseReturnValue:
    """Change an activity; what a change does to dates that people know is shown before it is done."""
    found = _changeable(activity_id)
    if request.method == "GET":
        return _form(Form(activity_form.of(found)), found.organisation, edited=found)
    back_to("staff.season", activity_id=activity_id)
    ask_again(lambda problems: _edit_again(activity_id, problems))
    keep_form(lambda refusal: _edit_again(activity_id, {}, refusal))
    draft = _draft_with_venue(found.organisation, activity_form.parse(request.form, stored=found))
    if found.state == ActivityState.PUBLISHED and (missing := activity_form.not_yet(draft, now())):
        raise Invalid(missing)
    question = changes.to_confirm(found, draft)
    if question is not None:
        # Nothing is kept of a venue made on the way: the second form makes it again.
        db().rollback()
        return question
    publishing.change(db(), activity=found, draft=draft, actor=actor(), now=now())
    if request.form.get("act") == "publish" and found.state == ActivityState.DRAFT:
        if missing := activity_form.not_yet(draft, now()):
            raise Invalid(missing)
        publishing.publish(db(), activity=found, actor=actor(), now=now())
    say(N_("The changes are kept."))
    warn_of_clashes(found)
    return go("staff.season", activity_id=activity_id)


def _edit_again(activity_id: str, problems: Problems, refusal: str = "") -> str:
    found = _changeable(activity_id)
    return _form(Form(request.form, problems, refusal), found.organisation, edited=found)


def _changeable(activity_id: str) -> Activity:
    """The activity, unless it is put away."""
    found = activity_of_ours(activity_id)
    if found.state == ActivityState.ARCHIVED:
        raise NotFound("activity")
    return found


def warn_of_clashes(found: Activity) -> None:
    """A word when something else is in the same room at the same time; it may be on purpose."""
    if found.venue is None:
        return
    coming = [one for one in seasons.occurrences_of(seasons.season_of(found)) if one.starts_at > now()]
    there = desk.clashes(db(), venue=found.venue, occurrences=coming, but=found)
    if there:
        say(
            N_("Look: “%(title)s” is in the same room at the same time, for example on %(day)s."),
            Category.WARN,
            title=telling.title_of(there[0].activity, speech()),
            day=lines.short_when(there[0].starts_at),
        )


def _form(
    form: Form, organisation: Organisation, *, edited: Activity | None = None, previous: Activity | None = None
) -> str:
    typed = str(form.value("kind"))
    usual = ActivityKind(edited.kind) if edited else ActivityKind.CONVERSATION_TABLE
    # What was sent may be no kind at all; the form that says so needs one.
    kind = ActivityKind(typed) if typed in ActivityKind._value2member_map_ else usual
    partners = accounts.organisations_in(db(), None)
    return render_template(
        "staff/activity_form.html",
        form=form,
        kind=kind,
        kind_name=_(words.KIND[kind]),
        no_level=KINDS[kind].level_from is None,
        organisation=organisation,
        edited=edited,
        previous=previous,
        was=dates.rhythm(previous, speech()) if previous else "",
        draft=edited is None or edited.state == ActivityState.DRAFT,
        form_id=form.value(once.FIELD) or once.new_form_id(),
        venues=[(one.public_id, f"{one.name}, {one.locality}") for one in queries.venues_of(db(), [organisation.id])],
        languages_asked=[(tag, own_name_of(tag)) for tag in activity_form.COMMON_LANGUAGES],
        main_levels=[level.label for level in activity_form.MAIN_LEVELS],
        sub_levels=[level.label for level in activity_form.SUB_LEVELS],
        weekdays=[(value, name) for value, name, _lang in activity_form.weekdays()],
        has_seats=activity_form.has_seats(kind),
        several_parts=kind is ActivityKind.LANGUAGE_CAFE or bool(form.value("later_languages")),
        needs_convention=kind is ActivityKind.CONVENTIONED_COURSE,
        signup_modes=[(mode, _(words.SIGNUP_MODE[mode])) for mode in SignupMode if mode is not SignupMode.ON_REQUEST],
        registrations=[(one, _(words.REGISTRATION_BY[one])) for one in RegistrationBy],
        attendance_modes=[(mode, _(sentence)) for mode, sentence in words.ATTENDANCE_MODE.items()],
        own_languages=[(code, spoken.own_name) for code, spoken in SPOKEN.items()],
        partners=[(one.public_id, one.name) for one in partners if one is not organisation],
    )


@pages.post("/activities/<activity_id>/publish")
@staff(Permission.PUBLISH)
def publish(activity_id: str) -> ResponseReturnValue:
    """Show a draft to everybody."""
    found = _changeable(activity_id)
    back_to("staff.edit_activity", activity_id=activity_id)
    ask_again(lambda problems: _form(_stored_form(activity_id, problems), found.organisation, edited=found))
    if found.state == ActivityState.DRAFT:
        publishing.publish(db(), activity=found, actor=actor(), now=now())
    return _done(found)


def _stored_form(activity_id: str, problems: Problems) -> Form:
    return Form(activity_form.of(_changeable(activity_id)), problems)


@pages.post("/activities/<activity_id>/archive")
@staff(Permission.PUBLISH)
def archive(activity_id: str) -> ResponseReturnValue:
    """Put an activity away: meetings to come are cancelled, their people told."""
    found = activity_of_ours(activity_id)
    back_to("staff.season", activity_id=activity_id)
    if found.state == ActivityState.PUBLISHED:
        publishing.archive(db(), activity=found, actor=actor(), now=now())
    say(N_("The activity is put away."))
    return go("staff.activities", shelf=Shelf.PAST)


@pages.post("/activities/<activity_id>/delete")
@staff(Permission.PUBLISH)
def delete_draft(activity_id: str) -> ResponseReturnValue:
    """Throw a draft away."""
    found = activity_of_ours(activity_id)
    publishing.delete_draft(db(), activity=found, actor=actor())
    say(N_("The draft is thrown away."))
    return go("staff.activities", shelf=Shelf.DRAFTS)
