"""Two kinds of picture for docs/performance.md, drawn by hand as SVG."""

from collections.abc import Mapping, Sequence
from html import escape

_COLOURS = ("#8a949a", "#c77700", "#0b5563")
_TEXT = 'font-family="sans-serif" font-size="13" fill="#16222b"'


def bars(title: str, groups: Mapping[str, Sequence[tuple[str, int, float]]]) -> str:
    """For each group a bar of each method: its name, its number, its share of the longest."""
    parts, y = [], 40
    for group, rows in groups.items():
        parts.append(f'<text x="12" y="{y + 12}" font-weight="bold" {_TEXT}>{escape(group)}</text>')
        y += 22
        for colour, (name, number, share) in zip(_COLOURS, rows, strict=True):
            parts.append(f'<text x="12" y="{y + 14}" {_TEXT}>{escape(name)}</text>')
            parts.append(f'<rect x="180" y="{y}" width="{360 * share:.1f}" height="18" rx="3" fill="{colour}"/>')
            parts.append(f'<text x="{186 + 360 * share:.1f}" y="{y + 14}" {_TEXT}>{number:,} ({share:.1%})</text>')
            y += 24
        y += 12
    return _picture(title, 700, y, parts)


def lines(title: str, rows: Mapping[str, Sequence[float]]) -> str:
    """A line for each method, over the weeks."""
    most = max(max(values) for values in rows.values())
    weeks = len(next(iter(rows.values())))
    parts = ['<path d="M40 260H640M40 260V40" stroke="#cfd8dc" fill="none"/>']
    for mark in (0, most / 2, most):
        parts.append(f'<text x="34" y="{264 - 210 * mark / most:.0f}" text-anchor="end" {_TEXT}>{mark:.0f}</text>')
    for week in range(0, weeks, 5):
        at = f"{40 + 600 * week / (weeks - 1):.0f}"
        parts.append(f'<text x="{at}" y="280" text-anchor="middle" {_TEXT}>{week + 1}</text>')
    for colour, (name, values) in zip((_COLOURS[0], _COLOURS[2]), rows.items(), strict=True):
        points = " ".join(
            f"{40 + 600 * week / (weeks - 1):.1f},{260 - 210 * value / most:.1f}" for week, value in enumerate(values)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="3"/>')
        last = 260 - 210 * values[-1] / most
        parts.append(f'<text x="648" y="{last + 4:.0f}" {_TEXT}>{escape(name)}</text>')
    parts.append(f'<text x="640" y="298" text-anchor="end" {_TEXT}>week</text>')
    return _picture(title, 820, 306, parts)


def _picture(title: str, wide: int, high: int, parts: Sequence[str]) -> str:
    words = escape(title)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" aria-label="{words}">'
    ground = f'<rect width="{wide}" height="{high}" fill="#fff"/>'
    name = f'<text x="12" y="24" font-weight="bold" {_TEXT}>{words}</text>'
    return "\n".join([head, ground, name, *parts, "</svg>"]) + "\n"
