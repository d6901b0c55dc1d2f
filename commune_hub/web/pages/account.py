"""Signing in with a code, and one's own dates (being written)."""

from flask.typing import ResponseReturnValue

from commune_hub.web.pages import pages
from commune_hub.web.security import guest, learner


@pages.route("/sign-in", methods=["GET", "POST"])
@guest
def sign_in() -> ResponseReturnValue:
    return ""


@pages.route("/sign-in/code", methods=["GET", "POST"])
@guest
def enter_code() -> ResponseReturnValue:
    return ""


@pages.post("/sign-out")
@guest
def sign_out() -> ResponseReturnValue:
    return ""


@pages.get("/my/dates")
@learner
def my_dates() -> ResponseReturnValue:
    return ""
