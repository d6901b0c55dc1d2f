"""Activities: the list, the form, publishing, the season's dates (C-02 to C-04)."""

from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.security import staff


@pages.route("/activities", methods=["GET"])
@staff(Permission.PUBLISH)
def activities() -> ResponseReturnValue:
    return ""


@pages.route("/activities/new", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
def new_activity() -> ResponseReturnValue:
    return ""


@pages.route("/activities/<activity_id>/edit", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
def edit_activity(activity_id: str) -> ResponseReturnValue:
    return ""


@pages.route("/activities/<activity_id>/season", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
def season(activity_id: str) -> ResponseReturnValue:
    return ""


@pages.route("/activities/<activity_id>/publish", methods=["POST"])
@staff(Permission.PUBLISH)
def publish(activity_id: str) -> ResponseReturnValue:
    return ""


@pages.route("/activities/<activity_id>/archive", methods=["POST"])
@staff(Permission.PUBLISH)
def archive(activity_id: str) -> ResponseReturnValue:
    return ""


@pages.route("/activities/<activity_id>/delete", methods=["POST"])
@staff(Permission.PUBLISH)
def delete_draft(activity_id: str) -> ResponseReturnValue:
    return ""
