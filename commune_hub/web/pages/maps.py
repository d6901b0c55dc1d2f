"""The map of an answer: folium in a lean form with our own files, and nothing that comes from elsewhere.

The only file that knows folium. It is imported when the first map is asked for: that takes a second and 80 MB.
"""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from commune_hub.matching import queries
from commune_hub.matching.queries import Found
from commune_hub.matching.search import PAGE_SIZE, Search, read
from commune_hub.places.communes import communes, localities
from commune_hub.places.geo import LUXEMBOURG, Box, Point, bounding_box
from commune_hub.speech.searching import count_words, search_words
from commune_hub.web.cards import ActivityCard
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages import pages
from commune_hub.web.pages.cards import cards_of
from commune_hub.web.pages.search import place_of, url_of
from commune_hub.web.request import db, now, settings
from commune_hub.web.security import guest
from commune_hub.web.tiles import CLOSEST, FARTHEST

if TYPE_CHECKING:
    import folium

_BRAND = "#0b5563"
_ACCENT = "#c23f13"
# Pins at one door stand side by side, else only the last could be read.
_PIN_WIDTH = 30
_WHOLE_CIRCLE_KM = 10
_MOST_NAMES = 200


@pages.get("/map")
@guest
def map() -> ResponseReturnValue:
    """The page of the list that has the same address, with the same numbers."""
    g.public_page = True
    g.may_be_framed = True
    asked, _understood = read(request.args.to_dict(flat=False))
    search = place_of(asked).search
    found = queries.near(db(), search, now())
    drawn, count = drawing(search, found), count_words(found.total, speech())
    return render_template(
        "public/map.html",
        drawn=drawn,
        title=_("Map: %(count)s, %(words)s", count=count, words=search_words(search, speech())),
        list_url=url_of(search.on_page(found.page)),
    )


class Drawing(NamedTuple):
    """The parts of a map for our own template, which gives them the nonce."""

    html: Markup
    script: Markup


def drawing(search: Search, found: Found) -> Drawing:
    """The answer as a map: pins with the numbers of the list, around them what was searched."""
    pins = list(_pins(found))
    box = _box(search.near, search.radius, [pin["at"] for pin in pins])
    return draw(pins, box, (search.near, search.radius) if search.near else None)


def draw(pins: list[dict[str, Any]], box: Box, circle: tuple[Point, float] | None = None) -> Drawing:
    """A map with these pins, at first of this box; a circle is what was searched."""
    import folium

    tiled = bool(settings().tiles_url)
    # Pictures are sharp at whole steps only; without them the circle may fill the frame.
    canvas = _parts().Canvas(tiles=None, zoom_control=False, attribution_control=tiled, zoom_snap=1 if tiled else 0.1)
    if tiled:
        _lay_tiles(canvas)
    if circle:
        _mark(canvas, *circle)
    # The buttons must not cover the outermost pins.
    whole_circle = circle is not None and circle[1] <= _WHOLE_CIRCLE_KM
    canvas.fit_bounds([[box.south, box.west], [box.north, box.east]], padding=(0, 0) if whole_circle else (50, 40))
    names = [] if tiled else _names(box)
    canvas.add_child(_parts().Ground(names, {"map": _("Map"), "closer": _("Closer"), "farther": _("Farther")}))
    canvas.add_child(_parts().Pins(pins))
    root = canvas.get_root()
    _count(root)
    root.render()
    assert isinstance(root, folium.Figure)
    return Drawing(Markup(root.html.render()), Markup(root.script.render()))


class _Places:
    """Where pins stand already."""

    def __init__(self) -> None:
        self._there: dict[tuple[float, float], int] = {}

    def pin(self, at: tuple[float, float], html: Markup) -> dict[str, Any]:
        """One more pin, beside those at the same door."""
        self._there[at] = self._there.get(at, -1) + 1
        return {"at": at, "beside": self._there[at] * _PIN_WIDTH, "html": str(html)}


def numbered_pins(marked: Iterable[tuple[Point, str, str]]) -> list[dict[str, Any]]:
    """Pins with the numbers of a list: where, the address behind, what it says."""
    places, link = _Places(), Markup('<a class="pin" target="_top" href="{}"><b>{}</b><span class="vh"> {}</span></a>')
    return [
        places.pin((point.lat, point.lon), link.format(url, number, words))
        for number, (point, url, words) in enumerate(marked, 1)
    ]


def _pins(found: Found) -> Iterable[dict[str, Any]]:
    """Where each row with a place stands, and its number as a link in safe HTML."""
    places = _Places()
    cards = cards_of(found.rows, speech(), (found.page - 1) * PAGE_SIZE + 1)
    for row, card in zip(found.rows, cards, strict=True):
        if row.lat is not None and row.lon is not None:
            yield places.pin((row.lat, row.lon), _pin(card))


def _pin(card: ActivityCard) -> Markup:
    words = f"{card.title}, {card.weekday} {card.day} {card.month}, {card.time}, {card.place}, {card.seats}"
    link = Markup('<a class="pin {}" target="_top" href="{}"><b>{}</b><span class="vh"> {}</span></a>')
    return link.format(card.status, card.url, card.pin, words)


def _box(near: Point | None, km: float, points: list[tuple[float, float]]) -> Box:
    """What is seen at first: the circle that was searched, of a large one only what was found, else the country."""
    if near is not None and (km <= _WHOLE_CIRCLE_KM or not points):
        return bounding_box(near, km)
    points = [*points, *([(near.lat, near.lon)] if near else [])]
    if not points:
        return LUXEMBOURG
    lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    # A single pin still needs some country around it.
    return Box(min(lats) - 0.02, min(lons) - 0.03, max(lats) + 0.02, max(lons) + 0.03)


def _lay_tiles(canvas: "folium.Map") -> None:
    import folium

    folium.TileLayer(
        f"{request.script_root}/tiles/{{z}}/{{x}}/{{y}}.png",
        attr=str(escape(settings().tiles_attribution)) or " ",
        min_zoom=FARTHEST,
        max_zoom=CLOSEST,
    ).add_to(canvas)


def _mark(canvas: "folium.Map", point: Point, km: float) -> None:
    """Where was searched: the middle and the circle; both are said in words above the list."""
    import folium

    at = (point.lat, point.lon)
    line = {"color": _BRAND, "weight": 2, "dash_array": "6 6", "fill": True, "fill_opacity": 0.05}
    folium.Circle(at, radius=km * 1000, interactive=False, **line).add_to(canvas)
    folium.CircleMarker(
        at, radius=8, color="#fff", weight=3, fill=True, fill_color=_ACCENT, fill_opacity=1, interactive=False
    ).add_to(canvas)


def _names(box: Box) -> list[tuple[float, float, str, str]]:
    """Communes and villages in and around the box, the larger first: where two would overlap, the first is shown."""
    high, wide = box.north - box.south, box.east - box.west
    seen = Box(box.south - high, box.west - wide, box.north + high, box.east + wide)
    large = [(c.population, c.point, c.name(speech().code), "commune") for c in communes() if seen.contains(c.point)]
    named = {point for _, point, _, _ in large}
    small = [
        (v.population, v.point, v.name, "village")
        for v in localities()
        if seen.contains(v.point) and v.point not in named
    ]
    places = [*sorted(large, key=lambda p: -p[0]), *sorted(small, key=lambda p: -p[0])][:_MOST_NAMES]
    return [(point.lat, point.lon, name, kind) for _, point, name, kind in places]


def _count(root: Any) -> None:
    """Numbers instead of random names: the same answer is the same document."""
    todo = [root]
    for number, element in enumerate(todo):
        element._id = str(number)
        todo.extend(element._children.values())
        todo.extend(part for part in (getattr(element, n, None) for n in ("html", "script", "header")) if part)


class _Parts(NamedTuple):
    Canvas: Any
    Ground: Any
    Pins: Any


@cache
def _parts() -> _Parts:
    """Our own kinds of folium element; made once, when folium is needed for the first time."""
    import folium
    from branca.element import MacroElement
    from folium.template import Template

    class Canvas(folium.Map):  # type: ignore[misc]
        """A map that asks for no file: our template names Leaflet's own, from our own server."""

        default_js: tuple[Any, ...] = ()
        default_css: tuple[Any, ...] = ()

    class Ground(MacroElement):  # type: ignore[misc]
        """Scale, buttons with words in the reader's language, and names where there are no tiles."""

        _template = Template("""
            {% macro script(this, kwargs) %}
            ((map, words) => {
              const box = map.getContainer();
              box.setAttribute("role", "region");
              box.setAttribute("aria-label", words.map);
              // Leaflet takes the focus at every press; the page around the frame must not jump away under the finger.
              box.focus = () => HTMLElement.prototype.focus.call(box, {preventScroll: true});
              document.querySelector(".back").hidden = window.top !== window;
              L.control.zoom({position: "topright", zoomInTitle: words.closer, zoomOutTitle: words.farther}).addTo(map);
              L.control.scale({imperial: false}).addTo(map);
              const pane = map.createPane("names");
              pane.setAttribute("aria-hidden", "true");
              const names = {{ this.names|tojson }}.map(([lat, lon, name, kind]) => {
                const text = document.createElement("span");
                text.textContent = name;
                return L.marker([lat, lon], {pane: "names", interactive: false, keyboard: false,
                  icon: L.divIcon({className: "name " + kind, html: text, iconSize: [0, 0]})}).addTo(map);
              });
              const look = () => {
                const taken = [];
                for (const name of names) {
                  const {x, y} = map.latLngToLayerPoint(name.getLatLng());
                  const half = name.getElement().textContent.length * 4 + 4;
                  const free = taken.every(t => Math.abs(t.x - x) > t.half + half || Math.abs(t.y - y) > 20);
                  if (free) taken.push({x, y, half});
                  name.getElement().hidden = !free;
                }
              };
              map.on("zoomend", look);
              look();
            })({{ this._parent.get_name() }}, {{ this.words|tojson }});
            {% endmacro %}
        """)  # fmt: skip

        def __init__(self, names: list[Any], words: dict[str, str]) -> None:
            super().__init__()
            self._name = "Ground"
            self.names, self.words = names, words

    class Pins(MacroElement):  # type: ignore[misc]
        """Numbered links. folium's own Marker would first ask for Leaflet's picture of a pin."""

        _template = Template("""
            {% macro script(this, kwargs) %}
            for (const pin of {{ this.pins|tojson }}) {
              const marker = L.marker(pin.at, {interactive: false, keyboard: false, icon: L.divIcon({
                className: "stand", html: pin.html, iconSize: [44, 44], iconAnchor: [22 - pin.beside, 44]})
              }).addTo({{ this._parent.get_name() }});
              L.DomEvent.disableClickPropagation(marker.getElement());
            }
            {% endmacro %}
        """)

        def __init__(self, pins: list[dict[str, Any]]) -> None:
            super().__init__()
            self._name = "Pins"
            self.pins = pins

    return _Parts(Canvas, Ground, Pins)
