"""The desk: what runs today and this week, and what waits to be done (C-01)."""

from flask.typing import ResponseReturnValue

from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.security import staff


@pages.route("/", methods=["GET"])
@staff()
def today() -> ResponseReturnValue:
    return ""
