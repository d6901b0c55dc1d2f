"""Two people who are one: look for them, say why, merge; and take them apart again for 30 days."""

from datetime import timedelta
from typing import Annotated

from flask import render_template, request
from flask.typing import ResponseReturnValue
from pydantic import BeforeValidator

from commune_hub.accounts.rules import Reach, reach_from
from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import InputCode
from commune_hub.base.inputs import Draft, Line, Reason, wrong
from commune_hub.base.words import LOCAL
from commune_hub.privacy import merging
from commune_hub.privacy.merging import Candidate
from commune_hub.privacy.rules import MERGE_DAYS
from commune_hub.web import tracing
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages.staff import lines
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import shows


def _reach(text: object) -> Reach | None:
    typed = str(text).strip()
    reach = reach_from(typed) if typed else None
    if typed and reach is None:
        raise wrong(InputCode.NOT_A_CONTACT)
    return reach


class SearchDraft(Draft):
    """A name, or a phone number or mail address, or both."""

    name: Line = ""
    contact: Annotated[Reach | None, BeforeValidator(_reach)] = None


class MergeDraft(Draft):
    """Who is kept, who goes into them, and why; the person can read it."""

    kept: Line
    merged: Line
    reason: Reason


@pages.route("/merge", methods=["GET", "POST"])
@staff(Permission.MERGE_PEOPLE)
@shows(TracedThing.PERSON_SEARCH)
def merge_people() -> ResponseReturnValue:
    """The search, what it found, and what was merged in the last 30 days."""
    if request.method == "GET":
        return _page(Form(), None)
    back_to("staff.merge_people")
    ask_again(lambda problems: _page(Form(request.form, problems), None))
    draft = SearchDraft.parse(request.form)
    tracing.must_say_why(TracedThing.PERSON_SEARCH)
    return _page(Form(request.form), _found(draft))


def _found(draft: SearchDraft) -> list[Candidate]:
    return merging.search(db(), name=draft.name, reach=draft.contact, actor=actor())


def _page(form: Form, found: list[Candidate] | None) -> str:
    spoken = speech()
    return render_template(
        "staff/merge.html",
        form=form,
        searched=found is not None,
        found=[
            (
                one.person.public_id,
                one.person.name,
                " · ".join(contact.value for contact in one.person.contacts),
                spoken.say_many("one sign-up", "%(num)s sign-ups", one.signups) if one.signups else _("no sign-up"),
                lines.short_when(one.last_at) if one.last_at else "",
            )
            for one in found or []
        ],
        merged=[
            (
                merge.public_id,
                merge.kept.name,
                merge.merged.name,
                merging.reason_of(db(), merge),
                spoken.day_and_year((merge.at + timedelta(days=MERGE_DAYS)).astimezone(LOCAL).date()),
            )
            for merge in merging.recent(db(), actor=actor(), since=now() - timedelta(days=MERGE_DAYS))
        ],
    )


@pages.post("/merge/two")
@staff(Permission.MERGE_PEOPLE)
@shows(TracedThing.PERSON_FILE)
def merge_two() -> ResponseReturnValue:
    """Make two people one."""
    back_to("staff.merge_people")

    def again(problems: Problems) -> str:
        return _page(Form(request.form, problems), None)

    ask_again(again)
    draft = MergeDraft.parse(request.form)
    kept = merging.person_to_merge(db(), public_id=draft.kept, actor=actor())
    merged = merging.person_to_merge(db(), public_id=draft.merged, actor=actor())
    tracing.trace(TracedThing.PERSON_FILE, [kept, merged], draft.reason)
    merging.merge(db(), kept=kept, merged=merged, reason=draft.reason, actor=actor(), now=now())
    say(N_("The two are one person now. For 30 days you can take them apart again."))
    return go("staff.merge_people")


@pages.post("/merge/<merge_id>/undo")
@staff(Permission.MERGE_PEOPLE)
@shows(TracedThing.PERSON_FILE)
def undo_merge(merge_id: str) -> ResponseReturnValue:
    """Take two people apart again."""
    back_to("staff.merge_people")
    found = merging.merge_named(db(), public_id=merge_id, actor=actor())
    tracing.trace(TracedThing.PERSON_FILE, [found.kept, found.merged])
    merging.undo(db(), merge=found, actor=actor(), now=now())
    say(N_("They are two people again."))
    return go("staff.merge_people")
