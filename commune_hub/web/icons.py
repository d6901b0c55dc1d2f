"""Icons: `icon('map-pin')` draws one and remembers it; `icon_sprite()` prints all that a page has used, at its end."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import g
from markupsafe import Markup

SHAPES = Path(__file__).parent / "static" / "vendor" / "icons.json"


class IconMissing(LookupError):
    """An icon was asked for that the vendored file does not hold."""


def icon(name: str, extra: str = "") -> Markup:
    """The icon as `<svg>`; `extra` adds classes (`flip` turns it round in right-to-left pages). Always beside a word.

    Names are written as literals in templates: the vendoring script finds them by reading `icon('...')`.
    """
    drawn = _drawn(name, extra)
    page = g._get_current_object()
    try:
        page.icons_used[name] = None
    except AttributeError:
        page.icons_used = {name: None}
    return drawn


def icon_sprite() -> Markup:
    """The shapes of every icon used so far in this request; last thing in `<body>`."""
    return _sprite(tuple(g.get("icons_used", ())))


@cache
def _drawn(name: str, extra: str) -> Markup:
    _shape(name)
    return Markup('<svg class="{}" aria-hidden="true"><use href="#ic-{}"/></svg>').format(f"i {extra}".rstrip(), name)


@cache
def _sprite(names: tuple[str, ...]) -> Markup:
    symbols = "".join(f'<symbol id="ic-{name}" viewBox="0 0 24 24">{_shape(name)}</symbol>' for name in names)
    return Markup(f'<svg class="vh" width="0" height="0" aria-hidden="true">{symbols}</svg>') if names else Markup()


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
