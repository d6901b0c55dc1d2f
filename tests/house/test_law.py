"""Every rule of the law is decided with a test of its name, or listed with the reason why it is not (docs/law.md)."""

import ast
import re
from functools import cache

from tests.house.source import ROOT

# How many rules each chapter of the catalogue has.
CATALOGUE = {
    "ELIG": 9, "SIGN": 5, "CONT": 7, "LANG": 13, "CIV": 14, "ORI": 6, "DATA": 9, "PROV": 5, "EVAL": 1, "LOC": 11
}  # fmt: skip
IDS = [f"{chapter}-{number}" for chapter, many in CATALOGUE.items() for number in range(1, many + 1)]
CONTRADICTIONS = [f"K{number}" for number in range(1, 22)]
ROW = re.compile(r"^\| ([A-Z]+-?\d+) \|(.+)\|$", re.MULTILINE)


@cache
def ids_in_names() -> frozenset[str]:
    """The ids in the names of all tests: test_CIV_6_and_CIV_7_... has CIV-6 and CIV-7, test_K1_... has K1."""
    names = (
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )
    found = re.findall(r"(?<=_)([A-Z]{3,4})_(\d+)(?=_)|(?<=_)(K)(\d+)(?=_)", " ".join(names))
    return frozenset(f"{a}-{b}" if a else f"{k}{number}" for a, b, k, number in found)


def tables() -> tuple[list[str], list[str]]:
    """The ids that docs/law.md calls decided, and those it does not."""
    text = (ROOT / "docs/law.md").read_text(encoding="utf-8")
    decided, others = text.split("## Not decided by the machine")
    return [row[0] for row in ROW.findall(decided)], [row[0] for row in ROW.findall(others)]


def test_every_rule_of_the_catalogue_is_listed_once() -> None:
    decided, others = tables()

    assert sorted(decided + others) == sorted(IDS)


def test_every_decided_rule_has_a_test_of_its_name_and_the_others_have_none() -> None:
    decided, others = tables()

    assert [rule for rule in decided if rule not in ids_in_names()] == []
    assert [rule for rule in others if rule in ids_in_names()] == []


def test_every_contradiction_is_settled_in_a_test_or_in_the_decision() -> None:
    text = (ROOT / "docs/decisions/0006-contradictions-in-the-sources.md").read_text(encoding="utf-8")
    held = {rule: row.split("|")[-1].strip() for rule, row in ROW.findall(text)}

    assert list(held) == CONTRADICTIONS
    assert [rule for rule, by in held.items() if (by == "test") != (rule in ids_in_names())] == []
    assert set(held.values()) == {"test", "here"}
