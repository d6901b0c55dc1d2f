"""A booking by its link (being written)."""

from flask.typing import ResponseReturnValue

from commune_hub.web.pages import pages
from commune_hub.web.security import guest


@pages.get("/b/<link_key>")
@guest
def booking(link_key: str) -> ResponseReturnValue:
    return link_key


@pages.post("/b/<link_key>/cancel")
@guest
def cancel_booking(link_key: str) -> ResponseReturnValue:
    return link_key


@pages.post("/b/<link_key>/move")
@guest
def move_booking(link_key: str) -> ResponseReturnValue:
    return link_key


@pages.get("/b/<link_key>.ics")
@guest
def booking_calendar(link_key: str) -> ResponseReturnValue:
    return link_key
