"""Pages that explain (being written)."""

from flask.typing import ResponseReturnValue

from commune_hub.web.pages import pages
from commune_hub.web.security import guest


@pages.get("/how-it-works")
@guest
def how() -> ResponseReturnValue:
    return ""


@pages.get("/accessibility")
@guest
def accessibility() -> ResponseReturnValue:
    return ""


@pages.get("/privacy")
@guest
def privacy() -> ResponseReturnValue:
    return ""


@pages.route("/problem", methods=["GET", "POST"])
@guest
def report_problem() -> ResponseReturnValue:
    return ""
