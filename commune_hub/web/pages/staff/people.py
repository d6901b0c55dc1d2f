"""Who works here: invite, give a role, end a role."""

from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.security import staff


@pages.route("/people", methods=["GET", "POST"])
@staff(Permission.INVITE)
def people() -> ResponseReturnValue:
    return ""


@pages.route("/people/<grant_id>/end", methods=["POST"])
@staff(Permission.INVITE)
def end_role(grant_id: str) -> ResponseReturnValue:
    return ""
