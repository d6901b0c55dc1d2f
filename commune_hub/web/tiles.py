"""Pieces of the map's ground from our own disk, fetched once from the configured server: no visitor meets it."""

import math
import os
import tempfile
from pathlib import Path
from typing import Protocol

from flask import Response, abort, current_app, g
from flask.typing import ResponseReturnValue

from commune_hub.places.geo import LUXEMBOURG, Point
from commune_hub.web.api import plain
from commune_hub.web.request import now, settings
from commune_hub.web.security import guest

FARTHEST, CLOSEST = 7, 17
_KEPT_SECONDS = 60 * 24 * 3600
# Around the country, for those who look at a village on the border.
_MARGIN_DEGREES = 0.25
_TYPES = {b"\x89PN": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIF": "image/webp"}


class Fetcher(Protocol):
    """What opens the socket (worker/adapters/tiles.py); app.py puts it in where a server is configured."""

    def fetch(self, z: int, x: int, y: int) -> bytes | None:
        """The picture, or None."""


@plain.get("/tiles/<int:z>/<int:x>/<int:y>.png")
@guest
def tile(z: int, x: int, y: int) -> ResponseReturnValue:
    """One piece of the map, of Luxembourg and a little around it."""
    g.public_page = True
    fetcher: Fetcher | None = current_app.extensions.get("tile_server")
    if fetcher is None or not is_wanted(z, x, y):
        abort(404)
    file = Path(settings().data_dir) / "tiles" / str(z) / str(x) / f"{y}.png"
    picture = _kept(file)
    if picture is None:
        picture = fetcher.fetch(z, x, y)
        if picture is not None:
            _keep(file, picture)
        else:
            # An old piece is better than a hole.
            picture = file.read_bytes() if file.exists() else None
    if picture is None:
        abort(404)
    answer = Response(picture, content_type=_TYPES.get(picture[:3], "application/octet-stream"))
    answer.headers["Cache-Control"] = "public, max-age=604800"
    return answer


def is_wanted(z: int, x: int, y: int) -> bool:
    """Whether a tile is one of those that our maps show: nobody fills our disk with the rest of the world."""
    if not FARTHEST <= z <= CLOSEST:
        return False
    west, north = _tile_at(Point(LUXEMBOURG.north + _MARGIN_DEGREES, LUXEMBOURG.west - _MARGIN_DEGREES), z)
    east, south = _tile_at(Point(LUXEMBOURG.south - _MARGIN_DEGREES, LUXEMBOURG.east + _MARGIN_DEGREES), z)
    return west - 1 <= x <= east + 1 and north - 1 <= y <= south + 1


def _tile_at(point: Point, z: int) -> tuple[int, int]:
    """The column and row of the Web Mercator tile that holds a point."""
    lat = math.radians(point.lat)
    across = (point.lon + 180) / 360
    down = (1 - math.asinh(math.tan(lat)) / math.pi) / 2
    return int(across * 2**z), int(down * 2**z)


def _kept(file: Path) -> bytes | None:
    try:
        fresh = now().timestamp() - file.stat().st_mtime < _KEPT_SECONDS
        return file.read_bytes() if fresh else None
    except FileNotFoundError:
        return None


def _keep(file: Path, picture: bytes) -> None:
    # Written aside and renamed, so that nobody reads half a picture.
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as opened:
        opened.write(picture)
    Path(aside).replace(file)
