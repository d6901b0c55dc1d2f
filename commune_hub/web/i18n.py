"""The interface's languages: which one a request speaks, its sentences, its dates and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, request
from flask_babel import Babel, Domain
from flask_babel import get_translations as _babel_translations

from commune_hub.base.words import LOCAL, Language


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues; it is translated when it is shown."""
    return sentence


@dataclass(frozen=True)
class Spoken:
    """A language of the interface: its name in itself, its Babel locale and the direction of its script."""

    code: str
    own_name: str
    locale: str
    direction: str = "ltr"


SPOKEN: dict[str, Spoken] = {
    spoken.code: spoken
    for spoken in (
        Spoken(Language.LB, "Lëtzebuergesch", "lb"),
        Spoken(Language.FR, "Français", "fr"),
        Spoken(Language.DE, "Deutsch", "de"),
        Spoken(Language.EN, "English", "en_GB"),
        Spoken(Language.PT, "Português", "pt_PT"),
    )
}
# A language that nobody speaks, written from right to left: tests show with it that the pages turn round.
PSEUDO_RTL = Spoken("xr", "‮Pseudo", "ar", "rtl")


def translations_folder() -> Path:
    """The catalogues: in the wheel beside the code, in a checkout at its root."""
    packed = Path(__file__).parent.parent / "translations"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "translations"


class Speech:
    """What one language says. Made once per process; sentences, dates and numbers are looked up in it."""

    def __init__(self, spoken: Spoken, translations: NullTranslations) -> None:
        self.spoken = spoken
        self.code = spoken.code
        self.locale = Locale.parse(spoken.locale)
        self.gettext = translations.ugettext
        self.ngettext = translations.ungettext
        self.day = lru_cache(2000)(self._day)
        self.long_day = lru_cache(2000)(self._long_day)
        self.day_and_year = lru_cache(2000)(self._day_and_year)
        self.leaf = lru_cache(2000)(self._leaf)
        self.number = lru_cache(2000)(self._number)

    def say(self, sentence: str, **values: object) -> str:
        """A sentence with its named places filled in."""
        said = self.gettext(sentence)
        return said % values if values else said

    def say_many(self, one: str, many: str, number: int, **values: object) -> str:
        """The same for a number of things; `%(num)s` is the number."""
        return self.ngettext(one, many, number) % {"num": self.number(number), **values}

    def _day(self, day: date) -> str:
        return format_date(day, "EEE d MMM", self.locale)

    def _long_day(self, day: date) -> str:
        text = format_date(day, "full", self.locale)
        # The year is left out by taking it from the named format, so that the order of the language stays.
        for tail in (f", {day.year}", f" de {day.year}", f" {day.year}"):
            if text.endswith(tail):
                return text[: -len(tail)]
        return text

    def _day_and_year(self, day: date) -> str:
        return format_date(day, "long", self.locale)

    def _leaf(self, day: date) -> tuple[str, str, str]:
        return format_date(day, "EEE", self.locale), str(day.day), format_date(day, "MMM", self.locale)

    def _number(self, number: float) -> str:
        return format_decimal(number, format="#,##0.#", locale=self.locale)

    def weekday(self, number: int, width: str = "wide") -> str:
        """The name of a weekday, Monday is 0."""
        return str(self.locale.days["format"][width][number])

    def month(self, number: int) -> str:
        """The name of a month, January is 1."""
        return str(self.locale.months["format"]["wide"][number])

    def euros(self, cents: int) -> str:
        """An amount of money."""
        return format_currency(cents / 100, "EUR", locale=self.locale)

    def clock(self, moment: datetime) -> str:
        """The local time, with western digits and 24 hours everywhere, as on buses and posters."""
        return f"{moment.astimezone(LOCAL):%H:%M}"

    def language_name(self, tag: str) -> str:
        """The name of a practised language in this language; the tag itself when nobody knows a name."""
        return _language_name(tag, str(self.locale)) or tag

    @property
    def direction(self) -> str:
        """ltr or rtl."""
        return self.spoken.direction


@cache
def _language_name(tag: str, locale: str) -> str | None:
    try:
        return Locale.parse(tag, sep="-").get_language_name(locale)
    except (ValueError, LookupError):
        return None


@cache
def own_name_of(tag: str) -> str:
    """The name of a language in itself (Lëtzebuergesch, Français); capital first, as on a chip."""
    name = _language_name(tag, tag.replace("-", "_")) or tag
    return name[:1].upper() + name[1:]


class PseudoTranslations(NullTranslations):
    """Shows every sentence as itself, so that a page in the pseudo language has real lengths."""


def init_app(app: Flask, *, pseudo_rtl: bool) -> None:
    """Load every catalogue once and let flask-babel find the language of a request by its address."""
    folder = translations_folder()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    spoken = {**SPOKEN, PSEUDO_RTL.code: PSEUDO_RTL} if pseudo_rtl else SPOKEN
    Babel(app, locale_selector=lambda: speech().spoken.locale, timezone_selector=lambda: str(LOCAL))
    app.extensions["speeches"] = {
        code: Speech(language, _catalogue(folder, code)) for code, language in spoken.items()
    }
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # flask-babel's own callables look the catalogue up for every sentence; ours have it in hand (STACK.md §4).
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: speech().gettext(text),
        lambda one, many, number: speech().ngettext(one, many, number),
        newstyle=True,
    )


def _catalogue(folder: Path, code: str) -> NullTranslations:
    if code == PSEUDO_RTL.code:
        return PseudoTranslations()
    return Translations.load(str(folder), [code])


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
    chosen = request.cookies.get("lang", "")
    if chosen in known:
        return chosen
    return request.accept_languages.best_match(known) or current_app.extensions["settings"].default_language


def _(sentence: str, **values: Any) -> str:
    """A sentence in the language of the request."""
    return speech().say(sentence, **values)


__all__ = ["SPOKEN", "Domain", "N_", "Speech", "Spoken", "_", "_babel_translations", "own_name_of", "speech", "speech_in"]
