"""A commune: what there is next, whom to ask, the poster and the leaflet that an officer hands to every newcomer."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.models import Organisation
from commune_hub.base.errors import NotFound
from commune_hub.events import around
from commune_hub.events.words import SignupMode
from commune_hub.places.communes import Commune, commune_by_slug, communes
from commune_hub.places.geo import haversine_km
from commune_hub.speech.entries import entry_of
from commune_hub.web.i18n import speech, speeches
from commune_hub.web.pages import pages, parts, posters
from commune_hub.web.request import db, now
from commune_hub.web.security import guest

_NEAR_KM = 10
_MOST_NEIGHBOURS = 5


@pages.get("/c/<slug>")
@guest
def commune(slug: str) -> ResponseReturnValue:
    """All offers and the contact of one commune; where there is nothing, its neighbours."""
    g.public_page = True
    found, organisations = _found(slug)
    meetings = around.next_of_each(db(), found.lau2, now())
    return render_template(
        "public/commune.html",
        slug=slug,
        name=found.name(speech().code),
        names=_names(found),
        canton=found.canton.name(speech().code),
        cards=parts.cards_of(meetings, speech(), now()),
        contacts=[parts.contact_for(organisation, speech()) for organisation in organisations],
        websites=[organisation.website for organisation in organisations if organisation.website],
        neighbours=_neighbours(found) if not meetings else [],
        search_here=url_for("pages.search", place=found.name_fr),
        short_url=parts.short_url("commune", slug=slug),
        organiser=organisations[0].name if organisations else "",
    )


@pages.get("/c/<slug>/poster")
@guest
def commune_poster(slug: str) -> ResponseReturnValue:
    """An A4 poster with the address of this page."""
    return _on_paper(slug, "public/poster.html")


@pages.get("/c/<slug>/leaflet")
@guest
def commune_leaflet(slug: str) -> ResponseReturnValue:
    """Two leaflets on one sheet, with the next dates."""
    return _on_paper(slug, "public/leaflet.html")


@pages.get("/c/<slug>.ics")
@guest
def commune_calendar(slug: str) -> ResponseReturnValue:
    """The next dates as a calendar to subscribe to."""
    g.public_page = True
    found, _ = _found(slug)
    meetings = around.coming_in(db(), found.lau2, now())
    entries = [
        entry_of(
            meeting,
            speech(),
            url=parts.short_url("activity", activity_id=meeting.activity.public_id),
            may_enter=meeting.activity.signup == SignupMode.DROP_IN,
        )
        for meeting in meetings
    ]
    return parts.calendar_file(entries, found.name(speech().code), slug)


def _on_paper(slug: str, template: str) -> str:
    g.public_page = True
    found, organisations = _found(slug)
    meetings = around.next_of_each(db(), found.lau2, now())
    poster = posters.of_commune(found, organisations, meetings, speech(), list(speeches().values()))
    return render_template(template, poster=poster, back=url_for("pages.commune", slug=slug))


def _found(slug: str) -> tuple[Commune, list[Organisation]]:
    found = commune_by_slug(slug)
    if found is None:
        raise NotFound("commune")
    organisations = accounts.organisations_covering(db(), found.lau2)
    if organisations:
        parts.wear_theme(organisations[0])
    return found, organisations


def _names(found: Commune) -> list[tuple[str, str]]:
    """Its names in the three languages of the country, each once, with the language it is in."""
    by_name: dict[str, str] = {}
    for code, name in (("lb", found.name_lb), ("fr", found.name_fr), ("de", found.name_de)):
        by_name.setdefault(name, code)
    return [(code, name) for name, code in by_name.items()]


@dataclass(frozen=True, slots=True)
class _Neighbour:
    """Another commune near by where something takes place."""

    name: str
    url: str
    distance: str
    number: int


def _neighbours(found: Commune) -> Iterable[_Neighbour]:
    counts = around.dates_by_commune(db(), now())
    near = sorted((haversine_km(found.point, other.point), other.lau2, other) for other in communes())
    return [
        _Neighbour(
            other.name(speech().code),
            url_for("pages.commune", slug=other.slug),
            f"{speech().number(round(km))} km",
            counts[other.lau2],
        )
        for km, _, other in near
        if km <= _NEAR_KM and counts.get(other.lau2) and other is not found
    ][:_MOST_NEIGHBOURS]
