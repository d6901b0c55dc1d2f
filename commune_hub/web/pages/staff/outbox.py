"""The outbox as the administrator sees it: what waits, what failed, send again; ids only."""

from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.security import staff


@pages.route("/outbox", methods=["GET"])
@staff(Permission.SEE_OUTBOX)
def outbox() -> ResponseReturnValue:
    return ""


@pages.route("/outbox/<job_id>/again", methods=["POST"])
@staff(Permission.SEE_OUTBOX)
def send_again(job_id: str) -> ResponseReturnValue:
    return ""
