"""Figures as a table that can be pasted into docs/performance.md, and whether a goal is met."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Goal:
    """What was promised and what was measured; both are ratios of which more is better."""

    what: str
    wanted: float
    measured: float

    def __str__(self) -> str:
        met = "met" if self.measured >= self.wanted else "NOT met"
        return f"- {self.what}: {self.measured:.3g} (goal {self.wanted:.3g}): {met}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return sorted(values)[max(0, ceil(len(values) * share) - 1)]


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table with the columns in line."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *numbers = zip(cells, widths, strict=True)
        padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in numbers)]
        return f"| {' | '.join(padded)} |"

    rule = f"|{'-' * (widths[0] + 2)}|" + "".join(f"{'-' * (width + 1)}:|" for width in widths[1:])
    return "\n".join([line(heads), rule, *map(line, rows)])
