"""What the interface says in each language: catalogues, dates, numbers; with or without a request."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations, Translations

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

    def labelled(self, what: str, value: str) -> str:
        """A word and what stands for it, in one line: French has a space before the colon."""
        return self.say(N_("%(what)s: %(value)s"), what=what, value=value)

    def _day(self, day: date) -> str:
        # German and Luxembourgish write the day as an ordinal: 24. Nov.
        pattern = "EEE d. MMM" if self.code in ("de", "lb") else "EEE d MMM"
        return self.first(format_date(day, pattern, self.locale))

    def first(self, text: str) -> str:
        """French says "premier" for the first day of a month, which the locale data do not know."""
        return re.sub(r"(?<![\w])1(?= \w)", "1er", text) if self.code == "fr" else text

    def _long_day(self, day: date) -> str:
        text = self.first(format_date(day, "full", self.locale))
        # The year is left out by taking it from the named format, so that the order of the language stays.
        for tail in (f", {day.year}", f" de {day.year}", f" {day.year}"):
            if text.endswith(tail):
                return text[: -len(tail)]
        return text

    def _day_and_year(self, day: date) -> str:
        return self.first(format_date(day, "long", self.locale))

    def day_of_week(self, day: date) -> str:
        """Tuesday, 24 Nov: the weekday in full, the month short, for a list on a small screen."""
        months = self.locale.months["format"]
        return self.long_day(day).replace(months["wide"][day.month], months["abbreviated"][day.month])

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
        if tag in _SIGNED:
            return self.say(_SIGNED[tag][0])
        return _language_name(tag, str(self.locale)) or tag

    @property
    def direction(self) -> str:
        """ltr or rtl."""
        return self.spoken.direction


# Sign languages that are practised here and have no name in Babel: how we call them, how they call themselves.
_SIGNED = {
    "gsg": (N_("German Sign Language"), "Deutsche Gebärdensprache"),
    "fsl": (N_("French Sign Language"), "Langue des signes française"),
}


@cache
def _language_name(tag: str, locale: str) -> str | None:
    try:
        return Locale.parse(tag, sep="-").get_language_name(locale)
    except (ValueError, LookupError, UnknownLocaleError):
        return None


@cache
def own_name_of(tag: str) -> str:
    """The name of a language in itself (Lëtzebuergesch, Français); capital first, as on a chip."""
    if tag in _SIGNED:
        return _SIGNED[tag][1]
    name = _language_name(tag, tag.replace("-", "_")) or tag
    return name[:1].upper() + name[1:]


class PseudoTranslations(NullTranslations):
    """Shows every sentence as itself, so that a page in the pseudo language has real lengths."""


def speeches_from(folder: Path, spoken: Iterable[Spoken] = tuple(SPOKEN.values())) -> dict[str, Speech]:
    """A speech for each language, from the compiled catalogues in this folder; one without a catalogue says English."""
    return {language.code: Speech(language, _catalogue(folder, language.code)) for language in spoken}


def _catalogue(folder: Path, code: str) -> NullTranslations:
    if code == PSEUDO_RTL.code:
        return PseudoTranslations()
    return Translations.load(str(folder), [code])
