"""The search (being written)."""

from flask.typing import ResponseReturnValue

from commune_hub.web.pages import pages
from commune_hub.web.security import guest


@pages.get("/")
@guest
def home() -> ResponseReturnValue:
    return ""


@pages.get("/search")
@guest
def search() -> ResponseReturnValue:
    return ""


@pages.get("/map")
@guest
def map() -> ResponseReturnValue:
    return ""


@pages.get("/languages")
@guest
def languages() -> ResponseReturnValue:
    return ""
