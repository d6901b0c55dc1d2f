"""Privacy: my data (S-09): who looked and why, everything to take along, correct, object, delete."""

import json
from dataclasses import dataclass

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from commune_hub.accounts import profile as profiles
from commune_hub.accounts import reports, traces
from commune_hub.accounts.models import Person
from commune_hub.accounts.traces import AccessTrace
from commune_hub.accounts.words import Role, TraceChannel, TracedThing, TraceResult
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.inputs import Draft, Lines, Required
from commune_hub.base.words import LOCAL
from commune_hub.papers.my_data import my_data_pdf
from commune_hub.privacy import erasing, export, rights
from commune_hub.privacy.words import RightsRefusal
from commune_hub.schemes.words import RetentionAction
from commune_hub.speech.catalogues import N_
from commune_hub.speech.privacy import KEPT, STAYS
from commune_hub.speech.tracing import TRACE_CHANNEL, TRACED, TRACED_WHY
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages import pages, words
from commune_hub.web.pages.profile import own_people
from commune_hub.web.request import Problems, ask_again, back_to, db, go, now, say, settings
from commune_hub.web.security import drop_sign_in_cookie, learner

_SHOWN = 200
_FIRST = 5


class NameDraft(Draft):
    """The name as it should be."""

    name: Required


class ObjectionDraft(Draft):
    """What somebody objects to, in their own words."""

    text: Lines = ""


@dataclass(frozen=True, slots=True)
class LookLine:
    """One look at somebody's data as they read it."""

    when: str
    who: str
    what: str
    why: str
    refused: bool


def _person() -> Person:
    """The one that was asked for of those who share the contact of this sign-in; the first without a wish."""
    wanted = request.values.get("person", "")
    found = next((one for one in own_people() if one.public_id == wanted or not wanted), None)
    if found is None:
        raise NotFound("person")
    return found


def _tabs(chosen: Person) -> list[tuple[str, str, bool]]:
    return [(one.name, url_for("pages.my_data", person=one.public_id), one is chosen) for one in own_people()]


@pages.get("/my/data")
@learner
def my_data() -> ResponseReturnValue:
    """What is kept, who looked at it, and what one may ask for."""
    return _page(_person(), {})


def _page(person: Person, problems: Problems) -> str:
    counts: dict[str, int] = {}
    for line in export.everything_about(db(), person):
        counts[line.table] = counts.get(line.table, 0) + 1
    wrong = {field: [words.problem(code) for code in codes] for field, codes in problems.items()}
    looks = looks_at(person, _FIRST + 1)
    return render_template(
        "public/my_data.html",
        person=person,
        tabs=_tabs(person),
        kept=[(_(KEPT[table]), speech().number(number)) for table, number in counts.items()],
        looks=looks[:_FIRST],
        more=len(looks) > _FIRST,
        wrong=wrong,
        typed=request.form,
        errors=[(field, sentence) for field, sentences in wrong.items() for sentence in sentences],
    )


@pages.get("/my/data/looks")
@learner
def my_looks() -> ResponseReturnValue:
    """Everybody who looked at one's data, when and why, the newest first."""
    person = _person()
    return render_template(
        "public/my_looks.html", person=person, looks=looks_at(person, _SHOWN), months=settings().trace_months
    )


def looks_at(person: Person, limit: int) -> list[LookLine]:
    """The looks at somebody's data in words; a reason that was given before a page is told with the page."""
    known_as = [one.public_id for one in (person, *erasing.merged_into(db(), person))]
    rows = traces.traces_of(db(), known_as, limit=2 * limit)
    return [_look_line(row) for row in rows if row.result != TraceResult.ANNOUNCED][:limit]


def _look_line(row: AccessTrace) -> LookLine:
    local = row.at.astimezone(LOCAL)
    return LookLine(
        when=_("%(day)s, %(time)s", day=speech().day_and_year(local.date()), time=speech().clock(row.at)),
        who=who_words(row),
        what=_what_words(row),
        why=traces.read_motive(db(), row) or _(TRACED_WHY[TracedThing(row.thing)]),
        refused=row.result == TraceResult.REFUSED,
    )


def _what_words(row: AccessTrace) -> str:
    what = _(TRACED[TracedThing(row.thing)])
    if row.channel == TraceChannel.PAGE:
        return what
    return f"{what} ({_(TRACE_CHANNEL[TraceChannel(row.channel)])})"


def who_words(row: AccessTrace) -> str:
    """The office and the organisation; the names of those who work there stand in the trace for the auditor."""
    if row.agent_id is None:
        return _("Somebody without an account")
    role = _(words.ROLE[Role(row.role)]) if row.role in Role._value2member_map_ else ""
    return f"{role}, {row.organisation.name}" if row.organisation is not None else role


@pages.get("/my/data.json")
@learner
def my_data_file() -> ResponseReturnValue:
    """Everything as a file for machines."""
    data = {"made_at": now().isoformat(), **export.as_data(export.everything_about(db(), _person()))}
    return _file(json.dumps(data, ensure_ascii=False, indent=2).encode(), "application/json", "json")


@pages.get("/my/data.pdf")
@learner
def my_data_paper() -> ResponseReturnValue:
    """Everything as a PDF to read."""
    person = _person()
    pdf = my_data_pdf(export.everything_about(db(), person), person.name, speech(), at=now())
    return _file(pdf, "application/pdf", "pdf")


def _file(data: bytes, kind: str, ending: str) -> Response:
    answer = Response(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="my-data.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/my/data/name")
@learner
def correct_name() -> ResponseReturnValue:
    """Correct the own name."""
    person = _person()
    ask_again(lambda problems: _page(_person(), problems))
    rights.rename(db(), person=person, name=NameDraft.parse(request.form).name)
    say(N_("Corrected."))
    return go("pages.my_data", person=person.public_id)


@pages.post("/my/data/object")
@learner
def object_to() -> ResponseReturnValue:
    """Object: no more messages and suggestions at once; what else is written goes to those who look after the site."""
    person = _person()
    ask_again(lambda problems: _page(_person(), problems))
    draft = ObjectionDraft.parse(request.form)
    profiles.pause_messages(db(), person=person, paused=True, now=now())
    if draft.text:
        text = f"Objection (GDPR art. 21) of person {person.public_id}:\n\n{draft.text}"
        reports.report(db(), text=text, answer_to="", language=person.language, now=now())
    say(N_("We write to you no more, but when a date is cancelled. What you wrote is read by a human."))
    return go("pages.my_data", person=person.public_id)


@pages.get("/my/data/delete")
@learner
def ask_to_delete() -> ResponseReturnValue:
    """What goes, what stays by law and until when; then a word to type."""
    person = _person()
    return render_template("public/delete_my_data.html", person=person, stays=_stays(person), word=_("DELETE"))


def _stays(person: Person) -> list[tuple[str, str]]:
    found = rights.remainders(db(), person=person, now=now(), trace_months=int(settings().trace_months))
    return [
        (_(STAYS[one.what], scheme=one.scheme), speech().day_and_year(one.until) if one.until else "") for one in found
    ]


@pages.post("/my/data/delete")
@learner
def delete_my_data() -> ResponseReturnValue:
    """Delete it all. Whoever shares the contact stays signed in."""
    person = _person()
    back_to("pages.ask_to_delete", person=person.public_id)
    if request.form.get("word", "").strip().casefold() != _("DELETE").casefold():
        raise Refused(RightsRefusal.CODE_NEEDED)
    alone = len(own_people()) == 1
    erasing.erase(db(), person=person, action=RetentionAction.DELETE, now=now())
    say(N_("Your data are deleted. Thank you that you were with us."))
    answer = go("pages.home" if alone else "pages.my_dates")
    if alone and current_user.contact_hash:
        drop_sign_in_cookie(answer)
    return answer
