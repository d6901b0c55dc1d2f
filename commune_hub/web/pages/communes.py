"""The pages of a commune (being written)."""

from flask.typing import ResponseReturnValue

from commune_hub.web.pages import pages
from commune_hub.web.security import guest


@pages.get("/c/<slug>")
@guest
def commune(slug: str) -> ResponseReturnValue:
    return slug


@pages.get("/c/<slug>/poster")
@guest
def commune_poster(slug: str) -> ResponseReturnValue:
    return slug


@pages.get("/c/<slug>/leaflet")
@guest
def commune_leaflet(slug: str) -> ResponseReturnValue:
    return slug


@pages.get("/c/<slug>.ics")
@guest
def commune_calendar(slug: str) -> ResponseReturnValue:
    return slug
