"""How fast a typed place is found, in the shipped places and with all addresses of a country imported.

    ./hub bench finder

The yardstick is Python's own difflib.get_close_matches over the same names: what one would write in a minute.
"""

import random
import time
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import partial

from benchmarks.report import Goal, percentile, table
from commune_hub.places.communes import communes, localities
from commune_hub.places.finder import Entry, Finder, shipped, with_imported
from commune_hub.places.geo import Point
from commune_hub.places.words import PlaceKind

TEXTS = 400
YARDSTICK_TEXTS = 40
POSTCODES = 4_000
MILLISECONDS = 5
# The worst that anybody has thought of yet.
HARD = ("x" * 10_000, "Esch " * 2000, "rue " * 999, "e s c h d i f f", "de la le les sur an der op",
        "luxembourgluxembourgluxembourgxx", "be di es lu ma me mo re",
        "Soluevre prés de chez moi Luxembourg")  # fmt: skip


def main() -> list[Goal]:
    """Measure both finders and the yardstick, print the table, answer the goals."""
    names = [name for place in (*communes(), *localities()) for name in place.names]
    texts = [*_typed(names), *HARD]
    yardstick = _times(partial(get_close_matches, possibilities=names, n=8), texts[:YARDSTICK_TEXTS])
    rows = [_row("difflib over the same names", yardstick)]
    goals = []
    for what, finder in (("shipped places", shipped()), (f"and {POSTCODES} postcodes", _whole_country())):
        took = _times(finder.find, texts)
        rows.append(_row(what, took))
        goals.append(Goal(f"{MILLISECONDS} ms by the slowest of {len(texts)} texts, {what}", 1,
                          MILLISECONDS / max(took)))  # fmt: skip
        goals.append(Goal(f"times faster than difflib at p50, {what}", 10,
                          percentile(yardstick, 0.5) / percentile(took, 0.5)))  # fmt: skip
    print(table(["finder", "p50 ms", "p99 ms", "most ms"], rows))
    return goals


def _typed(names: list[str]) -> list[str]:
    """Names, their beginnings, and names with two letters changed places, the same in every run."""
    chance = random.Random(20261125)
    chosen = [chance.choice(names) for _ in range(TEXTS)]
    return [_spoiled(name, number % 3, chance) for number, name in enumerate(chosen)]


def _spoiled(name: str, how: int, chance: random.Random) -> str:
    if how == 0 or len(name) < 4:
        return name
    at = chance.randrange(1, len(name) - 1)
    return name[: at + 2] if how == 1 else name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _whole_country() -> Finder:
    places = localities()
    return with_imported(
        [Entry(PlaceKind.POSTCODE, (f"{1000 + n}",), Point(49.5 + n / 10_000, 6.1), places[n % len(places)].lau2,
               postcode=f"{1000 + n}")
         for n in range(POSTCODES)]
    )  # fmt: skip


def _times(find: Callable[[str], object], texts: Iterable[str]) -> list[float]:
    """Milliseconds of processor time per text, the best of three."""
    find("warm")
    return [min(_once(find, text) for _ in range(3)) for text in texts]


def _once(find: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    find(text)
    return 1000 * (time.process_time() - start)


def _row(what: str, took: list[float]) -> list[str]:
    return [what, *(f"{value:.2f}" for value in (percentile(took, 0.5), percentile(took, 0.99), max(took)))]
