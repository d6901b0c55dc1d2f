"""The outbox as the administrator sees it: what waits, what failed, send again; ids only."""

from flask import render_template
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.base import outbox as jobs
from commune_hub.base.outbox import JobState
from commune_hub.base.words import LOCAL
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.request import back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows


@pages.get("/outbox")
@staff(Permission.SEE_OUTBOX)
@shows(NOBODY)
def outbox() -> ResponseReturnValue:
    """How many jobs stand where, and the ones in trouble."""
    counts = jobs.counts(db())
    spoken = speech()
    rows = [
        (
            job,
            _("given up") if job.state == JobState.DEAD else _("failed") if job.attempts else _("late"),
            f"{spoken.day(job.due_at.astimezone(LOCAL).date())} {spoken.clock(job.due_at)}",
        )
        for job in jobs.troubled(db(), now=now())
    ]
    cells = [
        ("", spoken.number(counts.get(JobState.WAITING, 0)), _("waiting")),
        ("", spoken.number(counts.get(JobState.RUNNING, 0)), _("on their way")),
        ("ok", spoken.number(counts.get(JobState.DONE, 0)), _("sent")),
        ("bad" if counts.get(JobState.DEAD) else "", spoken.number(counts.get(JobState.DEAD, 0)), _("given up")),
    ]
    return render_template("staff/outbox.html", cells=cells, rows=rows)


@pages.post("/outbox/<job_id>/again")
@staff(Permission.SEE_OUTBOX)
def send_again(job_id: str) -> ResponseReturnValue:
    """Try a job once more."""
    back_to("staff.outbox")
    jobs.send_again(db(), public_id=job_id, now=now())
    say(N_("It will be tried again at once."))
    return go("staff.outbox")
