"""The search near home: the question, the answer in words, and ways on where there is none."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from flask import current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from commune_hub.events.words import ActivityKind
from commune_hub.matching import queries
from commune_hub.matching.queries import Found
from commune_hub.matching.search import PAGE_SIZE, RADII_KM, Rung, Search, ladder, read
from commune_hub.matching.words import LEVELS, Order, Step, When
from commune_hub.places import queries as places
from commune_hub.places.communes import commune_of
from commune_hub.places.queries import FoundPlace
from commune_hub.speech.catalogues import N_, Speech, own_name_of
from commune_hub.speech.searching import (
    DAYTIME,
    LEVEL,
    NEED,
    WHEN,
    count_words,
    search_words,
    step_words,
)
from commune_hub.speech.sentences import KIND
from commune_hub.web.i18n import _, speech, speeches
from commune_hub.web.icons import icon
from commune_hub.web.pages import pages
from commune_hub.web.pages.cards import cards_of
from commune_hub.web.request import db, now
from commune_hub.web.security import guest

_ASKED_FIRST = ("lb", "fr", "de")
_ASKED_TOO = ("en", "pt", "es", "it")
_ASKED_WHEN = (When.TODAY, When.WEEK, When.MONTH)
_KINDS = (
    ActivityKind.CONVERSATION_TABLE,
    ActivityKind.LANGUAGE_CAFE,
    ActivityKind.VOLUNTEER_COURSE,
    ActivityKind.CONVENTIONED_COURSE,
    ActivityKind.CIVIC_COURSE,
)
_STEP_ICONS = {
    Step.FARTHER: "circle-dot",
    Step.LATER: "calendar",
    Step.ANY_DAY: "clock",
    Step.FULL_TOO: "hourglass",
    Step.ANY_LEVEL: "chart-no-axes-column-increasing",
    Step.ANY_KIND: "list",
    Step.ANY_NEED: "sliders-horizontal",
    Step.ONLINE: "message-circle",
    Step.ANY_LANGUAGE: "languages",
    Step.ANYWHERE: "map",
    Step.EVERYTHING: "map",
}
_MOST_RUNGS = 6
# Below this a place is a guess, and other guesses are shown beside it.
_SURE = 0.65


@pages.get("/")
@guest
def home() -> ResponseReturnValue:
    """The question."""
    g.public_page = True
    return render_template("public/home.html", form=form_of(Search(), fold=False))


@pages.get("/languages")
@guest
def languages() -> ResponseReturnValue:
    """Every language in its own name and script."""
    g.public_page = True
    rows = [(code, known.spoken.own_name, url_for("pages.home", lang=code)) for code, known in speeches().items()]
    return render_template("public/languages.html", rows=rows)


@pages.get("/search")
@guest
def search() -> ResponseReturnValue:
    """What there is near a place, in words, as a list and as a map."""
    g.public_page = True
    asked, understood = read(request.args.to_dict(flat=False))
    place = place_of(asked)
    context = _unknown(place) if place.unknown else _answer(place)
    context["form"] = form_of(place.search, fold=True, unknown_place=place.unknown)
    context["pill"] = _pill(place.search, speech())
    tell_url = "" if place.unknown else url_of(place.search.on_page(1), "pages.tell_me")
    return render_template(
        "public/search.html", understood=understood, tell_url=tell_url, place=place.search.place, **context
    )  # fmt: skip


class Place(NamedTuple):
    """Where a search looks: the search with its point, other places that may be meant, the commune's code if known.
    `unknown`: what was typed is no place that we know, and `others` only look like it."""

    search: Search
    others: list[FoundPlace]
    lau2: str
    unknown: bool


def place_of(asked: Search) -> Place:
    """The place that somebody typed; the best of several is taken and the others are named."""
    if not asked.place:
        return Place(asked, [], "", False)
    found = places.find_places(db(), asked.place, 4, language=speech().code)
    if not found:
        alike = places.nearest_places(db(), asked.place, 3, language=speech().code)
        return Place(asked, alike, "", True)
    best, *others = found
    least = best.score if best.score > _SURE else 0
    return Place(
        asked.found_at(best.point, best.label), [o for o in others if o.score >= least][:3], best.lau2, False
    )


def _answer(place: Place) -> dict[str, Any]:
    found = queries.near(db(), place.search, now())
    answer = _results(place.search, found) if found.total else _nothing(place)
    commune = commune_of(place.lau2) if place.lau2 else None
    return answer | {
        "others": _links(place.search, place.others),
        "commune": commune and (commune.name(speech().code), url_for("pages.commune", slug=commune.slug)),
    }


def _results(search: Search, found: Found) -> dict[str, Any]:
    search = search.on_page(found.page)
    by_time = search.order is Order.TIME
    turned = replace(search, order=Order.DISTANCE if by_time else Order.TIME, page=1)
    showing_map = request.args.get("view") == "map"
    query = query_of(search)
    return {
        "count": count_words(found.total, speech()),
        "words": search_words(search, speech()),
        "cards": cards_of(found.rows, speech(), (found.page - 1) * PAGE_SIZE + 1),
        "list_url": _address(query),
        "map_view_url": _address(f"{query}&view=map".lstrip("&")),
        "map_url": _address(query, "pages.map") if search.near or showing_map else "",
        "showing_map": showing_map,
        "by_time": by_time,
        "turned_url": url_of(turned) if search.near and found.total > 1 else "",
        "pages": _pages_of(search, found.total),
        "farther_url": url_of(replace(search, radius=10, page=1)) if search.near and search.radius < 10 else "",
    }


def _pages_of(search: Search, total: int) -> dict[str, Any] | None:
    """The pages around the current one, for the component `pagination`."""
    last = -(-total // PAGE_SIZE)
    if last < 2:
        return None
    first = url_of(search.on_page(1))
    onward = f"{first}{'&' if '?' in first else '?'}page="
    urls = {page: f"{onward}{page}" for page in range(search.page - 1, search.page + 2) if 1 < page <= last}
    urls |= {1: first, last: f"{onward}{last}"}
    pages: list[tuple[str, str]] = []
    for before, page in pairwise([0, *sorted(urls)]):
        if page > before + 1:
            pages.append(("…", ""))
        pages.append((speech().number(page), urls[page]))
    return {
        "pages": pages,
        "current": pages.index((speech().number(search.page), urls[search.page])),
        "previous": urls.get(search.page - 1, ""),
        "next": urls.get(search.page + 1, ""),
    }


def _nothing(place: Place) -> dict[str, Any]:
    """The ladder out of an empty answer: only steps that lead somewhere, and at last somebody to ask."""
    search = place.search
    led: list[tuple[Rung, int]] = []
    for rung, number in queries.counted(db(), ladder(search), now()):
        # Farther and farther with nothing new on the way is no step.
        if not (led and led[-1][0].step is rung.step and led[-1][1] == number):
            led.append((rung, number))
    steps = [_step(rung, number) for rung, number in led[:_MOST_RUNGS]]
    return {
        "count": count_words(0, speech()),
        "words": search_words(search, speech()),
        "steps": [*steps, _coach(search), *_somebody_to_ask(place)],
    }


def _step(rung: Rung, number: int) -> tuple[Markup, str, str, str]:
    words = step_words(rung, speech())
    return icon(_STEP_ICONS[rung.step]), words, url_of(rung.search), count_words(number, speech())


def _coach(search: Search) -> tuple[Markup, str, str, str]:
    address = url_for("pages.ask_coach", language=search.language or None)
    return icon("heart-handshake"), _("Ask for a coach"), address, ""


def _somebody_to_ask(place: Place) -> list[tuple[Markup, str, str, str]]:
    point = place.search.point
    lau2 = place.lau2 or (places.commune_at(db(), point) if point else None)
    if not lau2:
        return []
    commune = commune_of(lau2)
    words = _("Ask for a coach or call: %(commune)s", commune=commune.name(speech().code))
    return [(icon("phone"), words, url_for("pages.commune", slug=commune.slug), "")]


def _unknown(place: Place) -> dict[str, Any]:
    """A place that nobody knows: those that look like it, and the whole country."""
    search = place.search
    alike = [(icon("map-pin"), label, url, "") for label, url in _links(search, place.others)]
    anywhere = replace(search, place="", page=1)
    everywhere = (icon("map"), _("In the whole country"), url_of(anywhere), "")
    return {
        "count": _("We do not know “%(place)s”", place=search.place),
        "words": _("Did you mean one of these?") if alike else "",
        "steps": [*alike, everywhere],
    }


def _links(search: Search, found: list[FoundPlace]) -> list[tuple[str, str]]:
    return [(other.label, url_of(replace(search, place=other.label, page=1))) for other in found]


def url_of(search: Search, endpoint: str = "pages.search") -> str:
    """The address of a search, the same for everybody who looks for the same."""
    return _address(query_of(search), endpoint)


def query_of(search: Search) -> str:
    """The part of its address after the question mark."""
    # Of all values only a place can hold a sign that means something in an address.
    return "&".join(
        [f"{name}={quote_plus(value)}" if name == "place" else f"{name}={value}" for name, value in search.query()]
    )


def _address(query: str, endpoint: str = "pages.search") -> str:
    path = _path(request.script_root, speech().code, endpoint)
    return f"{path}?{query}" if query else path


@lru_cache(100)
def _path(_root: str, _language: str, endpoint: str) -> str:
    return url_for(endpoint)


# What everybody types differently, put into a form that is otherwise the same for all.
_PLACE, _AT = "\x1eplace\x1e", "\x1eat\x1e"


def form_of(search: Search, *, fold: bool, unknown_place: bool = False) -> Markup:
    """The form with what was asked for filled in."""
    usual = replace(search, place=_PLACE, at=None, point=None, page=1)
    html = _form(usual, request.script_root, speech(), fold, unknown_place)
    at = f"{search.at.lat:.3f},{search.at.lon:.3f}" if search.at else ""
    return Markup(html.replace(_PLACE, str(escape(search.place))).replace(_AT, at))


@lru_cache(300)
def _form(search: Search, _root: str, speech: Speech, fold: bool, unknown_place: bool) -> str:
    """Drawing it takes as long as all the cards of a page, and only few different ones are asked for."""
    template = current_app.jinja_env.get_template("public/search_form.html")
    say = speech.say
    first = dict.fromkeys([*_ASKED_FIRST, *([] if search.language in _ASKED_TOO else [search.language])])
    radii = sorted({*RADII_KM, search.radius})
    form = {
        "language": search.language,
        "languages": [*_own_names(first), ("", say(N_("All languages")))],
        "languages_too": _own_names(_ASKED_TOO),
        "place": search.place,
        "at": _AT,
        "when": search.when,
        "whens": [(when, say(WHEN[when])) for when in When if when in (*_ASKED_WHEN, search.when)],
        "radius": str(search.radius),
        "radii": [(str(km), say(N_("%(km)s km"), km=speech.number(km))) for km in radii],
        "days": [str(day + 1) for day in search.days],
        "weekdays": [(str(day + 1), speech.weekday(day)) for day in range(7)],
        "daytime": search.daytime or "",
        "daytimes": [("", say(N_("At any time"))), *((key, say(words)) for key, words in DAYTIME.items())],
        "level": search.level,
        "levels": [(level, say(LEVEL[level])) for level in LEVELS],
        "kind": search.kind or "",
        "kinds": [(kind, say(KIND[kind])) for kind in _KINDS],
        "needs": [(need, say(words), need in search.needs) for need, words in NEED.items()],
        "order": search.order,
        "orders": [(Order.DISTANCE, say(N_("The nearest first"))), (Order.TIME, say(N_("The next first")))],
        "filters": search.filters,
    }
    return str(template.module.question(form, fold, unknown_place))  # type: ignore[attr-defined]


def _own_names(tags: Iterable[str]) -> list[tuple[str, str]]:
    return [(tag, own_name_of(tag)) for tag in tags if tag]


def _pill(search: Search, speech: Speech) -> tuple[str, str]:
    language = own_name_of(search.language) if search.language else speech.say(N_("All languages"))
    where = search.place or speech.say(N_("My position") if search.at else N_("The whole country"))
    far = speech.say(N_("%(km)s km"), km=speech.number(search.radius))
    return language, " · ".join([where, *([far] if search.near else []), speech.say(WHEN[search.when])])
