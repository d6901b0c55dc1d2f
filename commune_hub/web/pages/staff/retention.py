"""Data whose time is over while something speaks against it: the authority decides, with a reason."""

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import NotFound
from commune_hub.base.inputs import Draft, Reason
from commune_hub.base.words import LOCAL
from commune_hub.privacy import retention
from commune_hub.privacy.models import RetentionCase
from commune_hub.privacy.words import CaseDecision, CaseReason
from commune_hub.speech.privacy import CASE_REASON
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import shows

# After so many days a case that was put off comes back.
LATER = timedelta(days=90)


class DecisionDraft(Draft):
    """What is decided, and why."""

    decision: CaseDecision
    note: Reason


@pages.get("/retention")
@staff(Permission.DECIDE_RETENTION)
@shows(TracedThing.RETENTION)
def retention_cases() -> ResponseReturnValue:
    """What waits, and when it ran last."""
    return _page(Form())


def _page(form: Form) -> str:
    cases, run = retention.open_cases(db()), retention.last_run(db())
    ring_of(db()).load(case.person.public_id for case in cases)
    spoken = speech()
    return render_template(
        "staff/retention.html",
        form=form,
        rows=[
            (
                case.public_id,
                case.person.name,
                _(CASE_REASON[CaseReason(case.reason)]),
                spoken.day_and_year(case.due_on) if case.due_on else "",
            )
            for case in cases
        ],
        ran=spoken.day_and_year(run.started_at.astimezone(LOCAL).date()) if run else "",
        counted=(run.deleted, run.anonymised) if run else (0, 0),
    )


@pages.post("/retention/<case_id>")
@staff(Permission.DECIDE_RETENTION)
@shows(TracedThing.RETENTION)
def decide_case(case_id: str) -> ResponseReturnValue:
    """Let it go in the next night, or look again in three months."""
    back_to("staff.retention_cases")

    def again(problems: Problems) -> str:
        return _page(Form(request.form, problems))

    ask_again(again)
    draft = DecisionDraft.parse(request.form)
    case = db().scalar(select(RetentionCase).where(RetentionCase.public_id == case_id).with_for_update())
    if case is None or case.person.erased_at is not None:
        raise NotFound("case")
    case.decision, case.decided_at, case.decided_by_id = draft.decision, now(), actor().account_id
    later = draft.decision is CaseDecision.LATER
    case.until = (now() + LATER).astimezone(LOCAL).date() if later else None
    case.note_sealed = ring_of(db()).seal(case.person.public_id, draft.note)
    say(N_("It is looked at again in three months.") if later else N_("The data go in the next night."))
    return go("staff.retention_cases")
