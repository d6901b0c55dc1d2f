"""Signing up somebody who stands at the counter or calls, and the slip they take along (C-08)."""

from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.security import staff


@pages.route("/counter", methods=["GET"])
@staff(Permission.SIGN_UP_OTHERS)
def counter() -> ResponseReturnValue:
    return ""


@pages.route("/meetings/<meeting_id>/sign-up", methods=["GET", "POST"])
@staff(Permission.SIGN_UP_OTHERS)
def sign_up(meeting_id: str) -> ResponseReturnValue:
    return ""


@pages.route("/sign-ups/<signup_id>/slip", methods=["GET"])
@staff(Permission.SIGN_UP_OTHERS)
def slip(signup_id: str) -> ResponseReturnValue:
    return ""
