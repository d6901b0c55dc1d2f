#!/usr/bin/env python3
"""Compiles translations/<language>/LC_MESSAGES/messages.po to .mo where the .mo is missing or older."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def build(translations: Path = ROOT / "translations") -> list[Path]:
    """Compile what is out of date; returns the files written. A fuzzy entry is left out, so English shows."""
    written = []
    for source in sorted(translations.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        _compile(source, target)
        written.append(target)
    return written


def _compile(source: Path, target: Path) -> None:
    # Imported here, because ./hub asks each time and nearly always there is nothing to compile.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    # Written aside and renamed, so that a running server never reads half a catalogue.
    aside = target.with_suffix(".mo.new")
    with aside.open("wb") as file:
        write_mo(file, catalogue)
    aside.replace(target)


if __name__ == "__main__":
    for path in build():
        print(f"compiled {path.relative_to(ROOT)}", file=sys.stderr)
