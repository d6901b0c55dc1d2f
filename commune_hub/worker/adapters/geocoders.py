"""Geocoders through geopy: the national geoportal, Nominatim, and the French BAN for addresses across the border."""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from urllib.parse import urlencode, urlsplit

import httpx
from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderTimedOut, GeocoderUnavailable, GeopyError
from geopy.geocoders import BANFrance, Nominatim
from geopy.geocoders.base import DEFAULT_SENTINEL
from geopy.geocoders.base import Geocoder as GeopyGeocoder
from geopy.location import Location

from commune_hub import __version__
from commune_hub.base.settings import PREFIX, Settings, SettingsError
from commune_hub.places.geo import Point
from commune_hub.places.geocoding import (
    AskedAddress,
    Geocoder,
    GeocoderDown,
    read_ban,
    read_geoportail,
    read_nominatim,
)

TIMEOUT_SECONDS = 5.0
_LARGEST_ANSWER = 1_000_000
_KEPT_ANSWERS = 2000
_KEPT_SECONDS = 86_400.0
# A service that is down is left alone for a while, else every job waits for its time-out.
_REST_SECONDS = 60.0
_PUBLIC_NOMINATIM_PACE = 1.0


class HttpxAdapter(BaseSyncAdapter):
    """geopy's transport with a limit on the whole exchange: a service that drips must not hold the worker."""

    def __init__(self, *, proxies: object = None, ssl_context: object = None) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> object:
        """The answer as JSON. Raises geopy's errors."""
        try:
            return json.loads(self.get_text(url, timeout=timeout, headers=headers))
        except (ValueError, RecursionError) as error:
            raise GeocoderParseError("not JSON") from error

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        """The answer as text. Raises geopy's errors."""
        until = time.monotonic() + timeout
        body = bytearray()
        try:
            with httpx.stream("GET", url, headers=dict(headers), timeout=timeout) as response:
                for part in response.iter_bytes():
                    body += part
                    if time.monotonic() > until:
                        raise GeocoderTimedOut("the answer takes too long")
                    if len(body) > _LARGEST_ANSWER:
                        raise GeocoderParseError("the answer is too large")
        except httpx.TimeoutException as error:
            raise GeocoderTimedOut("no answer in time") from error
        except httpx.HTTPError as error:
            raise GeocoderUnavailable(type(error).__name__) from error
        text = body.decode("utf-8", errors="replace")
        if not response.is_success:
            raise AdapterHTTPError(
                f"status {response.status_code}", status_code=response.status_code, headers=response.headers, text=text
            )
        return text


class GeoportailLu(GeopyGeocoder):  # type: ignore[misc]
    """The geocoder of the Luxembourg geoportal (apiv4.geoportail.lu, tutorial-geocodeapi.html); it needs no key."""

    def __init__(
        self,
        *,
        domain: str = "apiv4.geoportail.lu",
        referer: str | None = None,
        scheme: str | None = None,
        timeout: float | None = DEFAULT_SENTINEL,
        user_agent: str | None = None,
        adapter_factory: Callable[..., BaseSyncAdapter] | None = None,
    ) -> None:
        super().__init__(scheme=scheme, timeout=timeout, user_agent=user_agent, adapter_factory=adapter_factory)
        self.api = f"{self.scheme}://{domain.strip('/')}/geocode/search"
        if referer:
            # The service is meant for sites that say who they are.
            self.headers["Referer"] = referer

    def geocode(
        self, query: str | Mapping[str, str], *, timeout: float | None = DEFAULT_SENTINEL
    ) -> Location | None:
        """The street or the door; `query` is a line of text, or num, street, zip and locality."""
        asked = {"queryString": query} if isinstance(query, str) else {k: v for k, v in query.items() if v}
        return self._call_geocoder(f"{self.api}?{urlencode(asked)}", self._parse, timeout=timeout)

    def _parse(self, answer: object) -> Location | None:
        point = read_geoportail(answer)
        return Location("", (point.lat, point.lon), answer) if point else None


@dataclass
class Service:
    """A geocoder of the settings: asks through geopy, remembers answers, keeps its pace, rests when it is down."""

    name: str
    countries: frozenset[str]
    ask: Callable[[AskedAddress], Point | None]
    pace: float = 0.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _kept: OrderedDict[AskedAddress, tuple[float, Point | None]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _next_at: float = 0.0
    _down_until: float = 0.0

    def locate(self, address: AskedAddress) -> Point | None:
        """The door or the street, None where it knows neither. Raises GeocoderDown."""
        with self._lock:
            asked_at, point = self._kept.get(address, (-inf, None))
            if self.clock() - asked_at < _KEPT_SECONDS:
                self._kept.move_to_end(address)
                return point
            point = self._asked(address)
            self._kept[address] = (self.clock(), point)
            if len(self._kept) > _KEPT_ANSWERS:
                self._kept.popitem(last=False)
            return point

    def _asked(self, address: AskedAddress) -> Point | None:
        if self.clock() < self._down_until:
            raise GeocoderDown(self.name)
        if (wait := self._next_at - self.clock()) > 0:
            self.sleep(wait)
        self._next_at = self.clock() + self.pace
        try:
            return self.ask(address)
        except (GeopyError, GeocoderDown, AttributeError, LookupError, TypeError, ValueError) as error:
            # geopy reads some answers without looking; garbage is the same to us as no answer.
            self._down_until = self.clock() + _REST_SECONDS
            raise GeocoderDown(self.name) from error


def geocoders_of(settings: Settings, *, timeout: float = TIMEOUT_SECONDS) -> tuple[Geocoder, ...]:
    """The geocoders of the settings, in the order in which they are asked. Raises SettingsError."""
    names = [name.strip() for name in settings.geocoder.split(",") if name.strip() not in ("", "none")]
    made = []
    for number, name in enumerate(names):
        if name not in _MAKERS:
            raise SettingsError(f"{PREFIX}GEOCODER: {name!r} is none of {', '.join(_MAKERS)}.")
        made.append(_MAKERS[name](settings, settings.geocoder_url if number == 0 else "", timeout))
    return tuple(made)


def _where(url: str, usual: str) -> dict[str, str]:
    """Scheme and domain as geopy takes them, of the given address or the usual one."""
    parts = urlsplit(url or usual)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(f"{PREFIX}GEOCODER_URL must be an http or https address, not {url!r}.")
    return {"scheme": parts.scheme, "domain": parts.netloc + parts.path.rstrip("/")}


def _agent(settings: Settings) -> str:
    return f"commune-hub/{__version__} ({settings.base_url})"


def _geoportail(settings: Settings, url: str, timeout: float) -> Service:
    service = GeoportailLu(
        **_where(url, "https://apiv4.geoportail.lu"),
        referer=settings.base_url,
        timeout=timeout,
        user_agent=_agent(settings),
        adapter_factory=HttpxAdapter,
    )

    def ask(address: AskedAddress) -> Point | None:
        found = service.geocode(
            {
                "num": address.number,
                "street": address.street,
                "zip": address.postcode,
                "locality": address.locality,
            }
        )
        return Point(found.latitude, found.longitude) if found else None

    return Service("geoportail", frozenset({"LU"}), ask)


def _nominatim(settings: Settings, url: str, timeout: float) -> Service:
    service = Nominatim(
        **_where(url, "https://nominatim.openstreetmap.org"),
        timeout=timeout,
        user_agent=_agent(settings),
        adapter_factory=HttpxAdapter,
    )

    def ask(address: AskedAddress) -> Point | None:
        found = service.geocode(address.line, country_codes=address.country.lower(), addressdetails=False)
        return read_nominatim(found.raw) if found else None

    # Its terms of use: at most one request a second, and an own name.
    return Service("nominatim", frozenset(), ask, pace=_PUBLIC_NOMINATIM_PACE)


def _ban(settings: Settings, url: str, timeout: float) -> Service:
    service = BANFrance(
        **_where(url, "https://data.geopf.fr/geocodage"),
        timeout=timeout,
        user_agent=_agent(settings),
        adapter_factory=HttpxAdapter,
    )

    def ask(address: AskedAddress) -> Point | None:
        found = service.geocode(address.line)
        return read_ban(found.raw) if found else None

    return Service("ban", frozenset({"FR"}), ask)


_MAKERS: dict[str, Callable[[Settings, str, float], Service]] = {
    "geoportail": _geoportail,
    "nominatim": _nominatim,
    "ban": _ban,
}
