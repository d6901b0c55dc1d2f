"""What the pages about a request for a coach have in common: the questions, their choices, a request in words."""

from typing import TYPE_CHECKING, Any

from commune_hub.matching import queries as matching
from commune_hub.matching.search import Search
from commune_hub.matching.words import When
from commune_hub.places.geo import Point
from commune_hub.speech.catalogues import own_name_of
from commune_hub.speech.coaching import LEVEL_CHOICES, level_label, slots_words
from commune_hub.volunteers.coaching import queries
from commune_hub.volunteers.coaching.models import CoachingRequest
from commune_hub.web.cards import ActivityCard
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages.cards import cards_of
from commune_hub.web.pages.weeks import week_words
from commune_hub.web.request import db, now

if TYPE_CHECKING:
    # At run time the pages for staff import this file.
    from commune_hub.web.pages.staff.forms import Form

NEAR_KM = 20
TABLES_SHOWN = 3
_REACHES = (2, 5, 10, 20)
_ASKED_FIRST = ("lb", "fr", "de")


def asked_so_far(form: "Form") -> dict[str, Any]:
    """What the first three questions need, with what was answered."""
    tags = dict.fromkeys([*_ASKED_FIRST, *queries.offered_languages(db()), form.value("language")])
    return {
        "form": form,
        "chosen_slots": [int(slot) for slot in form.values("slots") if slot.isdigit()],
        "practised": [(tag, own_name_of(tag)) for tag in tags if tag],
        "levels": level_choices(),
        "week": week_words(),
    }


def level_choices() -> list[tuple[str, str, str]]:
    """The levels as answers to "what can you say already?"."""
    return [(str(int(level)), _(words), "") for level, words in LEVEL_CHOICES]


def choices_of_wishes() -> dict[str, Any]:
    """What the form offers for distance and for languages to help out in."""
    helping = dict.fromkeys(["fr", "de", "en", "pt", "lb", "ar", "es", "it", "uk", "ti", "fa"])
    return {
        "reaches": [(str(km), _("%(km)s km", km=speech().number(km))) for km in _REACHES],
        "helping": [(tag, own_name_of(tag)) for tag in helping],
    }


def facts_of(found: CoachingRequest) -> list[tuple[str, str]]:
    """What somebody asked for, as questions and answers."""
    reach = _("%(place)s, up to %(km)s km", place=found.place, km=speech().number(found.reach_km))
    ways = [reach if found.place else "", _("Online") if found.online else ""]
    helping = ", ".join(speech().language_name(tag) for tag in found.languages)
    return [
        (_("Language"), speech().language_name(found.language)),
        (_("Level"), level_label(found.level)),
        (_("When"), slots_words(found.free_slots, speech())),
        (_("Where"), " · ".join(filter(None, ways))),
        *([(_("You can also talk in"), helping)] if helping else []),
        *([(_("Wishes"), found.wishes)] if found.wishes else []),
    ]


def tables_near(language: str, point: Point | None) -> list[ActivityCard]:
    """Where one can practise meanwhile."""
    search = Search(language=language, point=point, place="", radius=NEAR_KM, when=When.MONTH)
    return cards_of(matching.near(db(), search, now()).rows[:TABLES_SHOWN], speech())
