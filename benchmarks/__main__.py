"""Runs the measurements: all of them, or those that are named. `./hub bench [finder] [near_me] ...`."""

import sys
from collections.abc import Callable

from benchmarks import certificates, finder, near_me, pairing, results_page, sign_ups, weekly
from benchmarks.report import Goal

ALL: dict[str, Callable[[], list[Goal]]] = {
    "certificates": certificates.main,
    "finder": finder.main,
    "near_me": near_me.main,
    "pairing": pairing.main,
    "results_page": results_page.main,
    "sign_ups": sign_ups.main,
    "weekly": weekly.main,
}


def main(names: list[str]) -> int:
    """Print a table for each, then the goals. A goal that is not met is no failure: docs/performance.md says why."""
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"Not a measurement: {', '.join(unknown)}. There are: {', '.join(ALL)}.", file=sys.stderr)
        return 2
    goals: list[Goal] = []
    for name in names or ALL:
        print(f"\n## {name}\n", flush=True)
        goals += ALL[name]()
    print("\n## goals\n")
    print("\n".join(map(str, goals)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
