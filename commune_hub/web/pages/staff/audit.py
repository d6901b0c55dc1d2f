"""The auditor's search (X-04): who looked at whose data, when, why; the last 24 hours first."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts import queries as people
from commune_hub.accounts import traces
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.rules import reach_from
from commune_hub.accounts.traces import AccessTrace
from commune_hub.accounts.words import Permission, TraceChannel, TracedThing, TraceResult
from commune_hub.base.errors import InputCode, Invalid
from commune_hub.base.inputs import Day, Draft, EmptyIsNone, Line
from commune_hub.base.words import LOCAL
from commune_hub.speech.tracing import TRACE_CHANNEL, TRACE_RESULT, TRACED, TRACED_WHY
from commune_hub.web import tracing
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages.my_data import who_words
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form, pairs
from commune_hub.web.request import ask_again, back_to, db, now
from commune_hub.web.security import staff
from commune_hub.web.tracing import shows

SHOWN = 300


class SearchDraft(Draft):
    """From which day to which, what, and whose: a mail address or phone number of the person or of the agent."""

    since: Annotated[Day | None, EmptyIsNone] = None
    until: Annotated[Day | None, EmptyIsNone] = None
    thing: Annotated[TracedThing | None, EmptyIsNone] = None
    person: Line = ""
    agent: Line = ""


@pages.route("/traces", methods=["GET", "POST"])
@staff(Permission.READ_TRACES)
@shows(TracedThing.TRACES)
def traces_search() -> ResponseReturnValue:
    """The last 24 hours; or what was looked for."""
    if request.method == "GET":
        return _page(Form(), traces.between(db(), now() - timedelta(hours=24), now(), limit=SHOWN))
    back_to("staff.traces_search")
    ask_again(lambda problems: _page(Form(request.form, problems), []))
    draft = SearchDraft.parse(request.form)
    if draft.person or draft.agent:
        tracing.must_say_why(TracedThing.TRACES)
    found = traces.between(
        db(),
        _begin(draft.since) if draft.since else now() - timedelta(days=366),
        _begin(draft.until) + timedelta(days=1) if draft.until else now(),
        thing=draft.thing or "",
        people=_people_at(draft.person, "person"),
        agents=_people_at(draft.agent, "agent"),
        limit=SHOWN,
    )
    return _page(Form(request.form), found)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL)


def _people_at(contact: str, field: str) -> list[str] | None:
    """The public ids of those who have this contact; None when none was typed."""
    if not contact:
        return None
    reach = reach_from(contact)
    if reach is None:
        raise Invalid({field: [InputCode.NOT_A_CONTACT]})
    return traces.everybody_at(db(), people.contact_hash(db(), reach))


def _page(form: Form, found: list[AccessTrace]) -> str:
    ring_of(db()).load(row.agent.person.public_id for row in found if row.agent is not None)
    return render_template(
        "staff/traces.html",
        form=form,
        things=pairs((thing.value, _(words)) for thing, words in TRACED.items()),
        rows=[_line(row) for row in found],
        full=len(found) == SHOWN,
        months=list(reversed(traces.newest_months(db(), 3))),
    )


def _line(row: AccessTrace) -> tuple[str, ...]:
    local = row.at.astimezone(LOCAL)
    name = row.agent.person.name if row.agent is not None else ""
    thing = TracedThing(row.thing)
    many = speech().say_many("one person", "%(num)s people", len(row.people))
    return (
        f"{speech().day(local.date())} {speech().clock(row.at)}",
        f"{name}, {who_words(row)}" if name else who_words(row),
        f"{_(TRACED[thing])} ({many})",
        traces.read_motive(db(), row) or _(TRACED_WHY[thing]),
        f"{_(TRACE_RESULT[TraceResult(row.result)])}, {_(TRACE_CHANNEL[TraceChannel(row.channel)])}",
        f"{row.month}/{row.number}",
    )
