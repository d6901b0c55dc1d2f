"""What every page's frame needs: addresses, languages, theme, files with their hash."""

import hashlib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, url_for
from flask_login import current_user
from markupsafe import Markup

from commune_hub.accounts.models import Person
from commune_hub.base.settings import Settings
from commune_hub.web import theme
from commune_hub.web.i18n import SPOKEN, speech, speeches
from commune_hub.web.icons import icon, icon_sprite
from commune_hub.web.request import db

_LANGUAGES = [(code, language.own_name) for code, language in SPOKEN.items()]
STATIC = Path(__file__).parent / "static"


def init_app(app: Flask) -> None:
    """Give the templates their globals and the addresses their language."""
    app.jinja_env.globals.update(icon=icon, icon_sprite=icon_sprite, static_url=static_url, page_url_in=page_url_in)
    app.context_processor(_frame)
    # The address of a static file changes with its content.
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = timedelta(days=365)
    app.after_request(_remember_language)
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    # The views never see the language: it is the speech of the request.
    if values is not None and "lang" in values:
        g.speech = speeches()[values.pop("lang")]


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = speech().code


def _remember_language(response: Response) -> Response:
    """Short addresses open in the language read last; somebody else's link in another one changes nothing."""
    code, known = speech().code, request.cookies.get("lang", "")
    if request.method != "GET" or response.status_code != 200 or response.mimetype != "text/html":
        return response
    came_from = urlsplit(request.referrer or "")
    switched = came_from.netloc == request.host and came_from.path.split("/")[1:2] != [code]
    if code in SPOKEN and code != known and (switched or known not in SPOKEN):
        settings: Settings = current_app.extensions["settings"]
        response.set_cookie(
            "lang", code, max_age=31_536_000, secure=settings.secure, httponly=True, samesite="Lax", path="/"
        )
    return response


@cache
def _hash_of(filename: str) -> str:
    return hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:10]


@cache
def _static_url(_root: str, filename: str) -> str:
    return url_for("static", filename=filename, v=_hash_of(filename))


def static_url(filename: str) -> str:
    """The address of a file of ours with the hash of its content, so that it can be cached for ever."""
    return _static_url(request.script_root, filename)


def page_url_in(code: str) -> str:
    """This page in another language, by address only: nothing that was posted is repeated."""
    rule = request.url_rule
    if rule is None or "<language:lang>" not in rule.rule or "GET" not in (rule.methods or ()):
        return url_for("pages.home", lang=code)
    # The language is the first part of the path; building the address anew would cost ten times as much.
    rest = request.full_path.removesuffix("?").split("/", 2)[2]
    return f"{request.script_root}/{code}/{rest}"


class _Actor:
    """The name in the header, read only when a page shows it."""

    @property
    def name(self) -> str:
        actor = current_user.actor
        if actor is None:
            return ""
        person = db().get(Person, actor.person_id)
        return person.name if person else ""


def _frame() -> dict[str, Any]:
    spoken = speech()
    signed_in = not g.get("without_database") and current_user.is_authenticated
    is_staff = signed_in and current_user.is_staff
    return {
        "lang": spoken.code,
        "dir": spoken.direction,
        "speech": spoken,
        "languages": _LANGUAGES,
        "actor": _Actor() if signed_in else None,
        "paths": _paths(request.script_root, spoken.code, is_staff),
        "staff_nav": _staff_nav() if is_staff else [],
        "theme_css": Markup(theme.css_of(g.theme)) if g.get("theme") else "",
    }


@cache
def _paths(_root: str, _language: str, is_staff: bool) -> dict[str, str]:
    """The fixed addresses of one language; asked for once, since each page shows most of them."""
    named = {
        "home": "pages.home",
        "search": "pages.search",
        "dates": "staff.today" if is_staff else "pages.my_dates",
        "roadmap": "pages.roadmap",
        "sign_in": "pages.sign_in",
        "sign_out": "pages.sign_out",
        "how": "pages.how",
        "volunteer": "pages.become_volunteer",
        "schemes": "pages.schemes",
        "accessibility": "pages.accessibility",
        "privacy": "pages.privacy",
        "problem": "pages.report_problem",
        "staff": "staff.today",
    }
    return {name: url_for(endpoint) for name, endpoint in named.items()}


def _staff_nav() -> list[tuple[str, str]]:
    from commune_hub.web.pages.staff import navigation

    return navigation(current_user.actor)
