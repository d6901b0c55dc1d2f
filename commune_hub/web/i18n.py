"""The language of a request: which one it speaks, and its sentences."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import Babel

from commune_hub.base.words import LOCAL
from commune_hub.speech.catalogues import (
    N_,
    PSEUDO_RTL,
    SPOKEN,
    Speech,
    Spoken,
    own_name_of,
    speeches_from,
    translations_folder,
)


def init_app(app: Flask, *, pseudo_rtl: bool) -> None:
    """Load every catalogue once and let flask-babel find the language of a request by its address."""
    folder = translations_folder()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    spoken = {**SPOKEN, PSEUDO_RTL.code: PSEUDO_RTL} if pseudo_rtl else SPOKEN
    Babel(app, locale_selector=lambda: speech().spoken.locale, timezone_selector=lambda: str(LOCAL))
    app.extensions["speeches"] = speeches_from(folder, spoken.values())
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # As `translations update` collects them; else a {% trans %} over several lines would never be found.
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    # flask-babel's own callables look the catalogue up for every sentence; ours have it in hand (STACK.md §4).
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: speech().gettext(text),
        lambda one, many, number: speech().ngettext(one, many, number),
        newstyle=True,
    )


def speeches() -> Mapping[str, Speech]:
    """All languages of the interface."""
    found: dict[str, Speech] = current_app.extensions["speeches"]
    return found


def speech_in(code: str) -> Speech:
    """The speech in a person's language, which may be one that we no longer have."""
    known = speeches()
    return known.get(code) or known[current_app.extensions["settings"].default_language]


def speech() -> Speech:
    """What the language of this request says: from the address, else from the cookie or the browser."""
    try:
        found: Speech = g.speech
    except AttributeError:
        found = g.speech = speech_in(wanted_language())
    return found


def wanted_language() -> str:
    """The language of the address, else the one chosen before, else the best the browser asks for."""
    if request.view_args and "lang" in request.view_args:
        return str(request.view_args["lang"])
    known = list(speeches())
    if (begins_with := request.path.split("/")[1]) in known:
        # A page that does not exist has no route, and yet says so in the language of its address.
        return begins_with
    chosen = request.cookies.get("lang", "")
    if chosen in known:
        return chosen
    # In the browser's order: Werkzeug would take English at 0.5 before Portuguese of Brazil at 1.
    asked = (tag.split("-")[0].lower() for tag in request.accept_languages.values())
    return next((code for code in asked if code in known), current_app.extensions["settings"].default_language)


def _(sentence: str, **values: Any) -> str:
    """A sentence in the language of the request."""
    return speech().say(sentence, **values)


__all__ = ["N_", "SPOKEN", "Speech", "Spoken", "_", "own_name_of", "speech", "speech_in"]
