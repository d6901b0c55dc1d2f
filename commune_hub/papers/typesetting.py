"""Typesetting: a template and its words in, a tagged PDF (PDF/UA-1) out. People's words never become markup."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).parents[1] / "web/static/vendor/fonts"
# What stands for a character that none of our fonts has; docs/papers.md says which scripts they have.
NO_GLYPH = "□"
_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


@cache
def _fonts() -> typst.Fonts:
    """Our own fonts and no others, so that a bare machine prints the same."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _template(name: str) -> bytes:
    return (Path(__file__).parent / name).read_bytes()


def typeset(template: str, words: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of a template. The same words at the same moment give the same bytes.

    PDF/UA allows no character without a shape: where a script is missing, boxes stand for it and `words` gets
    "unprintable": true, so that the template can say where the whole text is found.
    """
    try:
        return _compiled(template, words, at)
    except typst.TypstError as error:
        missing = _missing_in(error.diagnostic)
        if not missing:
            raise
    table = str.maketrans(dict.fromkeys(missing, NO_GLYPH))
    return _compiled(template, {**_replaced(words, table), "unprintable": True}, at)


def _compiled(template: str, words: Mapping[str, Any], at: datetime) -> bytes:
    return typst.compile(
        _template(template), font_paths=_fonts(), ignore_system_fonts=True, pdf_standards=["ua-1"],
        sys_inputs={"words": json.dumps(words, ensure_ascii=False)}, timestamp=int(at.timestamp()),
    )  # fmt: skip


def _missing_in(diagnostic: str) -> set[str]:
    """The characters that no font has, as Typst lists them."""
    texts = (_ESCAPED.sub(_unescaped, text) for text in _MISSING.findall(diagnostic))
    return {character for text in texts for character in text}


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else match[2]


def _replaced(words: Any, table: Mapping[int, str]) -> Any:
    if isinstance(words, str):
        return words.translate(table)
    if isinstance(words, Mapping):
        return {name: _replaced(value, table) for name, value in words.items()}
    if isinstance(words, (list, tuple)):
        return [_replaced(value, table) for value in words]
    return words
