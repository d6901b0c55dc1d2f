"""Icons: `icon('map-pin')` draws one; the shapes of all that a page uses are put once at its end."""

import json
import re
from functools import cache, lru_cache
from pathlib import Path

from markupsafe import Markup

SHAPES = Path(__file__).parent / "static" / "vendor" / "icons.json"

_PLACE = "<!--icons-->"
_USED = re.compile(r'<use href="#ic-([a-z0-9-]+)"')


class IconMissing(LookupError):
    """An icon was asked for that the vendored file does not hold."""


@cache
def icon(name: str, extra: str = "") -> Markup:
    """The icon as `<svg>`; `extra` adds classes (`flip` turns it round in right-to-left pages). Always beside a word.

    Names are written as literals in templates: the vendoring script finds them by reading `icon('...')`.
    """
    _shape(name)
    return Markup('<svg class="{}" aria-hidden="true"><use href="#ic-{}"/></svg>').format(f"i {extra}".rstrip(), name)


def icon_sprite() -> Markup:
    """The place in a page, last in `<body>`, where the shapes go."""
    return Markup(_PLACE)


def with_shapes(page: str) -> str:
    """The finished page with the shapes of the icons it uses in their place."""
    before, place, after = page.rpartition(_PLACE)
    return f"{before}{_sprite(frozenset(_USED.findall(page)))}{after}" if place else page


@lru_cache(500)
def _sprite(names: frozenset[str]) -> str:
    symbols = "".join(f'<symbol id="ic-{name}" viewBox="0 0 24 24">{_shape(name)}</symbol>' for name in sorted(names))
    return f'<svg class="vh" width="0" height="0" aria-hidden="true">{symbols}</svg>' if names else ""


def _shape(name: str) -> str:
    try:
        return _shapes()[name]
    except KeyError:
        raise IconMissing(f"Icon {name!r} is not in {SHAPES.name}: run scripts/vendor.py again.") from None


@cache
def _shapes() -> dict[str, str]:
    try:
        shapes: dict[str, str] = json.loads(SHAPES.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise IconMissing(f"{SHAPES} is missing: run scripts/vendor.py, which brings the icons.") from None
    return shapes
