"""The colours of an organisation: five variables, and the contrast they must have before anybody has to read them."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from commune_hub.base.errors import InputCode

ENOUGH = 4.5
"""WCAG 2.1, criterion 1.4.3 (level AA), for text of normal size."""

# Colours of hub.css that no organisation changes and that meet its own.
_WHITE = "#ffffff"
_PAGE = "#f6f5f1"
_INK = "#16222b"
_QUIET_INK = "#4b5a66"

_HEX = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as `#rrggbb`."""

    brand: str = "#0b5563"
    brand_dark: str = "#073f4a"
    brand_soft: str = "#e3f0f1"
    on_brand: str = "#ffffff"
    accent: str = "#c23f13"

    @classmethod
    def of(cls, brand: str, accent: str | None = None) -> Theme:
        """A whole theme from one or two colours: the dark, the soft and the text colour follow from the brand."""
        brand = _clean(brand)
        if not _HEX.fullmatch(brand):
            return cls(brand=brand)
        hue, light, strength = _hls(brand)
        on_brand = _WHITE if contrast(_WHITE, brand) >= contrast(_INK, brand) else _INK
        dark = _colour(hue, light * 0.72, strength)
        soft = _colour(hue, 0.92, min(strength, 0.35))
        return cls(brand, dark, soft, on_brand, _clean(accent) if accent else cls().accent)


_VARIABLES = frozenset(field.name for field in fields(Theme))


@dataclass(frozen=True, slots=True)
class Objection:
    """One colour that cannot stay as it is; `suggestion` is the nearest shade of it that can, if there is one."""

    variable: str
    problem: InputCode
    ratio: float | None = None
    suggestion: str | None = None


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def objections(theme: Theme) -> list[Objection]:
    """What stands against a theme, at most one objection for each variable; empty when it may be used."""
    broken = [field.name for field in fields(theme) if not _HEX.fullmatch(getattr(theme, field.name))]
    if broken:
        return [Objection(name, InputCode.NOT_A_COLOUR) for name in broken]

    found = []
    for variable, partners in _read_against(theme).items():
        colour = getattr(theme, variable)
        ratio = min(contrast(colour, partner) for partner in partners)
        if ratio < ENOUGH:
            found.append(Objection(variable, InputCode.CONTRAST_TOO_LOW, round(ratio, 2), _nearest(colour, partners)))
    return found


def mended(theme: Theme) -> Theme | None:
    """The theme with every suggestion followed, or None where that does not lead to a readable one."""
    for _ in fields(theme):
        refused = objections(theme)
        if not refused:
            return theme
        changes = {objection.variable: objection.suggestion for objection in refused if objection.suggestion}
        if not changes:
            return None
        theme = replace(theme, **changes)
    return None if objections(theme) else theme


def css(theme: Theme) -> str:
    """The rule for `<style nonce>`; refuses to print anything but colours, since it is printed unescaped."""
    values = {field.name: getattr(theme, field.name) for field in fields(theme)}
    if not all(_HEX.fullmatch(value) for value in values.values()):
        raise ValueError("A theme consists of colours written #rrggbb.")
    return ":root{" + ";".join(f"--{name.replace('_', '-')}:{value}" for name, value in values.items()) + "}"


def css_of(stored: Mapping[str, str]) -> str:
    """The rule for the colours an organisation has stored (variable -> colour): empty for none or unreadable ones."""
    return _css_of(tuple(sorted(stored.items()))) if stored else ""


@lru_cache(500)
def _css_of(stored: tuple[tuple[str, str], ...]) -> str:
    theme = replace(Theme(), **{name: colour for name, colour in stored if name in _VARIABLES})
    return "" if objections(theme) else css(theme)


def _read_against(theme: Theme) -> dict[str, tuple[str, ...]]:
    """For each variable the colours that hub.css puts it on or puts on it as text."""
    return {
        "brand": (_WHITE, _PAGE),
        "on_brand": (theme.brand, theme.brand_dark),
        "brand_dark": (_WHITE,),
        "brand_soft": (_INK, _QUIET_INK, theme.brand, theme.brand_dark),
        "accent": (_WHITE,),
    }


def _nearest(colour: str, partners: tuple[str, ...]) -> str | None:
    """The shade closest in lightness, of the same hue, that all partners stand out against."""
    hue, light, strength = _hls(colour)
    steps = sorted((step / 200 for step in range(201)), key=lambda step: abs(step - light))
    shades = (_colour(hue, step, strength) for step in steps)
    return next((shade for shade in shades if min(contrast(shade, p) for p in partners) >= ENOUGH), None)


def _clean(colour: str) -> str:
    """`#ABC` and ` 0B5563 ` as `#aabbcc` and `#0b5563`; anything else as it came, for objections() to refuse."""
    digits = colour.strip().lower().removeprefix("#")
    if re.fullmatch(r"[0-9a-f]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}" if re.fullmatch(r"[0-9a-f]{6}", digits) else colour


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red / 255, green / 255, blue / 255


def _luminance(colour: str) -> float:
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour))
    return sum(share * weight for share, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def _hls(colour: str) -> tuple[float, float, float]:
    return colorsys.rgb_to_hls(*_channels(colour))


def _colour(hue: float, light: float, strength: float) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in colorsys.hls_to_rgb(hue, light, strength))
