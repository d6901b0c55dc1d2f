"""What is written about the record is so: settings, demo people, sentences, templates."""

import ast
import re
from dataclasses import fields
from enum import StrEnum
from pathlib import Path

from national_record import demo
from national_record.settings import PREFIX, Settings
from national_record.web import speech
from national_record.web.english import ENGLISH
from tests.house.source import ROOT

WEB = ROOT / "national_record/web"


def sentences() -> set[str]:
    """Every French sentence of the screen: in the tables, the templates and the views."""
    found = set(speech.all_sentences())
    for template in (WEB / "templates").glob("*.html"):
        found |= set(re.findall(r"\bt\('([^']*)'\)", template.read_text(encoding="utf-8")))
    for path in WEB.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            place = {"say": 0, "go": 1, "_done": 3, "_act": 3}.get(name)
            given = call.args[place : place + 1] if place is not None else []
            found |= {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def test_every_sentence_has_its_english_and_none_is_left_over() -> None:
    assert set(ENGLISH) == sentences()


def test_no_table_of_words_leaves_out_a_code_or_loses_one_to_another() -> None:
    tables = (speech.REASONS, speech.WORDS, speech.GROUPS)
    gaps = [
        f"{kind.__name__}.{code.name}"
        for table in tables
        for kind in {type(key) for key in table}
        for code in kind
        if kind.__name__ not in ("CountsFor",) and not any(key is code for key in table)
    ]

    assert gaps == []
    assert all(isinstance(key, StrEnum) for table in tables for key in table)


def test_every_setting_is_documented() -> None:
    lines = (ROOT / "docs/record.md").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if line.startswith(f"| `{PREFIX}")] == [
        f"| `{PREFIX}{one.name.upper()}` | {f'`{one.default}`' if one.default else ''} | {one.metadata['help']} |"
        for one in fields(Settings)
    ]


def test_the_readme_names_the_demo_contracts() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    rows = [f"| `{c.number}` | {c.birth_date:%d.%m.%Y} | {c.names}: {c.said} |" for c in demo.CONTRACTS]
    assert [row for row in rows if row not in readme] == []
    assert all(name in readme for name in (demo.DIRECTOR, demo.AUDITOR, demo.PASSWORD))


def test_every_template_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in [*WEB.glob("*.py"), *(WEB / "templates").glob("*.html")]]

    unused = [
        path.name
        for path in Path(WEB / "templates").glob("*.html")
        if not any(f'"{path.name}"' in text or f"'{path.name}'" in text for text in texts)
    ]
    assert unused == []
