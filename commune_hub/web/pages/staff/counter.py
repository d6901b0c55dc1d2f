"""Signing up somebody who stands at the counter or calls, and the slip they take along (C-08)."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts import actions as accounts
from commune_hub.accounts import queries as people
from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.words import Language
from commune_hub.events import desk, permissions, queries
from commune_hub.events.actions import seats
from commune_hub.events.inputs import CounterDraft
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.words import SignupChannel
from commune_hub.speech import dates, telling
from commune_hub.web.i18n import N_, SPOKEN, speech, speeches
from commune_hub.web.pages import parts
from commune_hub.web.pages.staff import lines, once
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.pages.staff.meetings import signup_of_ours
from commune_hub.web.request import Category, Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows


@pages.get("/counter")
@staff(Permission.SIGN_UP_OTHERS)
@shows(NOBODY)
def counter() -> ResponseReturnValue:
    """The next meetings, to choose the one that somebody wants to come to."""
    ours = actor().organisation_ids(Permission.SIGN_UP_OTHERS)
    meetings = desk.meetings_to_sign_up_for(db(), now(), ours)
    return render_template(
        "staff/counter.html",
        meetings=[lines.meeting_row(one) for one in meetings],
        may_ask_record=actor().may_somewhere(Permission.ASK_RECORD),
    )


@pages.route("/meetings/<meeting_id>/sign-up", methods=["GET", "POST"])
@staff(Permission.SIGN_UP_OTHERS)
@shows(TracedThing.SIGNUP)
def sign_up(meeting_id: str) -> ResponseReturnValue:
    """A first name, a phone or a mail address or neither, a language."""
    found = _meeting(meeting_id)
    if request.method == "GET":
        return _form(found, Form({"language": speech().code, once.FIELD: once.new_form_id()}))
    back_to("staff.meeting", meeting_id=meeting_id)
    ask_again(lambda problems: _asked_again(meeting_id, problems))
    draft = CounterDraft.parse({**request.form, "pool": found.pool.public_id})
    token = once.promised_id(request.form)
    # Two members of staff may sign up the same person at the same moment.
    seats.lock(db(), [found.pool_id])
    sent_before = desk.signup_made(db(), token)
    if sent_before is not None:
        return go("staff.signup", signup_id=sent_before.public_id)
    double = _same_person(found, draft)
    if double is not None and (draft.contact is not None or "anyway" not in request.form):
        return _form(found, Form(request.form), double), 422

    person = accounts.person_for(db(), name=draft.name, language=draft.language, now=now(), reach=draft.contact)
    signup = seats.sign_up(
        db(), pool_id=found.pool.public_id, person=person, now=now(), form_token=token,
        reminder=draft.contact is not None, channel=SignupChannel.COUNTER,
        for_language=draft.for_language if draft.for_language in found.activity.tags else "",
    )  # fmt: skip
    say(N_("Done. Print the slip, or tell them the date."), Category.OK)
    return go("staff.signup", signup_id=signup.public_id)


def _meeting(meeting_id: str) -> Meeting:
    found = queries.meeting_named(db(), meeting_id)
    permissions.must_sign_up_others(actor(), found.activity)
    return found


def _same_person(found: Meeting, draft: CounterDraft) -> Signup | None:
    """Who has signed up already with this name, and with this contact if one was given."""
    wanted = people.name_hash(db(), draft.name)
    of_contact = None if draft.contact is None else people.contact_hash(db(), draft.contact)
    for signup in queries.signups_of_pool(db(), found.pool_id):
        same_contact = of_contact is None or any(c.value_hash == of_contact for c in signup.person.contacts)
        if signup.person.name_hash == wanted and same_contact:
            return signup
    return None


def _asked_again(meeting_id: str, problems: Problems) -> str:
    return _form(_meeting(meeting_id), Form(request.form, problems))


def _form(found: Meeting, form: Form, double: Signup | None = None) -> str:
    spoken, activity = speech(), found.activity
    kind, words, more = telling.seats_words(found.pool, spoken, now())
    return render_template(
        "staff/sign_up.html",
        **lines.heading_of(found),
        form=form,
        seats=(kind, words, more),
        double=double,
        may_be_another=double is not None and not form.value("contact"),
        spoken_languages=[(language.value, SPOKEN[language].own_name) for language in Language],
        tables=[(tag, spoken.language_name(tag)) for tag in activity.tags] if len(activity.tags) > 1 else [],
        form_id=form.value(once.FIELD),
    )


@pages.get("/sign-ups/<signup_id>/slip")
@staff(Permission.SIGN_UP_OTHERS)
@shows(TracedThing.SIGNUP)
def slip(signup_id: str) -> ResponseReturnValue:
    """A slip of paper to take along, with the code that opens the booking. The address gives its language."""
    found = signup_of_ours(signup_id)
    meeting = queries.next_meeting(found, now())
    spoken, activity = speech(), found.pool.activity
    url = parts.short_url("booking", link_key=found.link_key)
    contact = parts.contact_for(activity.organisation, spoken, activity)
    # The slip is in the language of whoever takes it along; staff go back to their own.
    own = request.args.get("own", "")
    back = url_for("staff.signup", signup_id=signup_id, lang=own if own in speeches() else spoken.code)
    return render_template(
        "staff/slip.html",
        signup=found,
        name=found.person.name,
        title=telling.title_of(activity, spoken),
        langs=parts.badges(activity.tags),
        when=dates.meeting_when(meeting, spoken),
        place=telling.place_words(activity, meeting.venue, spoken),
        address=telling.address_words(meeting.venue) if meeting.venue else "",
        position=queries.position_of(db(), found),
        url=parts.as_read(url),
        qr=parts.qr_svg(url),
        contact=contact,
        back=back,
    )
