"""Short addresses without a language, as they stand on paper and in messages: the reader's own language is chosen."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from commune_hub.base.errors import NotFound
from commune_hub.volunteers.queries import volunteer_with_calendar
from commune_hub.web.api import plain
from commune_hub.web.i18n import wanted_language
from commune_hub.web.pages.volunteer.calendar import calendar_of
from commune_hub.web.request import db
from commune_hub.web.security import guest


@plain.get("/")
@guest
def home() -> ResponseReturnValue:
    """The first page."""
    return _in_own_language("pages.home")


@plain.get("/a/<activity_id>")
@guest
def activity(activity_id: str) -> ResponseReturnValue:
    """An activity."""
    return _in_own_language("pages.activity", activity_id=activity_id)


@plain.get("/c/<slug>")
@guest
def commune(slug: str) -> ResponseReturnValue:
    """A commune."""
    return _in_own_language("pages.commune", slug=slug)


@plain.get("/b/<link_key>")
@guest
def booking(link_key: str) -> ResponseReturnValue:
    """A booking."""
    answer = _in_own_language("pages.booking", link_key=link_key)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@plain.get("/t/<link_key>")
@guest
def alert(link_key: str) -> ResponseReturnValue:
    """A search that is repeated for somebody."""
    answer = _in_own_language("pages.alert", link_key=link_key)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@plain.get("/k/<code>")
@guest
def card(code: str) -> ResponseReturnValue:
    """A practice card."""
    return _in_own_language("pages.card", code=code)


@plain.get("/h/<code>")
@guest
def check_in(code: str) -> ResponseReturnValue:
    """The code at the place."""
    return _in_own_language("pages.check_in", code=code)


@plain.get("/r/<meeting_id>")
@guest
def roll(meeting_id: str) -> ResponseReturnValue:
    """The roll of a meeting, as it stands on the paper sheet."""
    return _in_own_language("staff.attendance", meeting_id=meeting_id)


def _in_own_language(endpoint: str, **values: Any) -> Response:
    address = url_for(endpoint, lang=wanted_language(), m=request.args.get("m") or None, **values)
    answer = redirect(address, 302)
    # Two people behind one proxy do not read the same language.
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


@plain.get("/v/<meeting_id>")
@guest
def volunteer_meeting(meeting_id: str) -> ResponseReturnValue:
    """A meeting that a volunteer looks after."""
    return _in_own_language("pages.volunteer_meeting", meeting_id=meeting_id)


@plain.get("/help-us")
@guest
def become_volunteer() -> ResponseReturnValue:
    """Becoming a volunteer."""
    return _in_own_language("pages.become_volunteer")


@plain.get("/volunteer/<key>.ics")
@guest
def volunteer_calendar(key: str) -> ResponseReturnValue:
    """A volunteer's private calendar: the address is the key, so that a calendar program can read it."""
    volunteer = volunteer_with_calendar(db(), key)
    if volunteer is None:
        raise NotFound("calendar")
    answer = calendar_of(volunteer)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
