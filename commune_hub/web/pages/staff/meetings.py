"""One meeting: who comes, who waits, another size, cancel, move (C-06)."""

from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.security import staff


@pages.route("/meetings/<meeting_id>", methods=["GET"])
@staff(Permission.SEE_SIGNUPS)
def meeting(meeting_id: str) -> ResponseReturnValue:
    return ""


@pages.route("/meetings/<meeting_id>/cancel", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
def cancel_meeting(meeting_id: str) -> ResponseReturnValue:
    return ""


@pages.route("/meetings/<meeting_id>/move", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
def move_meeting(meeting_id: str) -> ResponseReturnValue:
    return ""


@pages.route("/meetings/<meeting_id>/size", methods=["POST"])
@staff(Permission.PUBLISH)
def change_size(meeting_id: str) -> ResponseReturnValue:
    return ""


@pages.route("/sign-ups/<signup_id>/take-off", methods=["GET", "POST"])
@staff(Permission.SIGN_UP_OTHERS)
def take_off(signup_id: str) -> ResponseReturnValue:
    return ""
