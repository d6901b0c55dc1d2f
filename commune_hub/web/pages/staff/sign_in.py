"""Signing in with two factors, taking up an invitation, another password."""

from flask.typing import ResponseReturnValue

from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.security import guest, staff


@pages.route("/sign-in", methods=["GET", "POST"])
@guest
def sign_in() -> ResponseReturnValue:
    return ""


@pages.route("/sign-in/second-factor", methods=["GET", "POST"])
@guest
def second_factor() -> ResponseReturnValue:
    return ""


@pages.route("/invitation/<token>", methods=["GET", "POST"])
@guest
def accept_invitation(token: str) -> ResponseReturnValue:
    return ""


@pages.route("/password", methods=["GET", "POST"])
@staff()
def change_password() -> ResponseReturnValue:
    return ""
