"""An activity: its page, taking a seat, calendar and poster (being written)."""

from flask.typing import ResponseReturnValue

from commune_hub.web.pages import pages
from commune_hub.web.security import guest


@pages.get("/a/<activity_id>")
@guest
def activity(activity_id: str) -> ResponseReturnValue:
    return activity_id


@pages.post("/a/<activity_id>/sign-up")
@guest
def sign_up(activity_id: str) -> ResponseReturnValue:
    return activity_id


@pages.get("/a/<activity_id>.ics")
@guest
def activity_calendar(activity_id: str) -> ResponseReturnValue:
    return activity_id


@pages.get("/a/<activity_id>/poster")
@guest
def activity_poster(activity_id: str) -> ResponseReturnValue:
    return activity_id
