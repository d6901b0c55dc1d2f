"""The reference record is another house: it imports base and schemes of the hub, and the hub imports nothing of it."""

import ast

from tests.house.source import ROOT, Module, modules

RECORD = [Module(path) for path in sorted((ROOT / "national_record").rglob("*.py"))]
SHARED = {"base", "schemes"}


def test_the_record_sees_only_the_cellar_and_the_law() -> None:
    seen = {f"{m.path.relative_to(ROOT)} imports {room}" for m in RECORD for room, _ in m.inside if room not in SHARED}

    assert seen == set()
    assert len(RECORD) > 10


def test_the_hub_speaks_to_the_record_over_http_only() -> None:
    seen = {f"{m.where} imports {name}" for m in modules() for name in m.imports if name.startswith("national_record")}

    assert seen == set()


def test_its_files_open_with_one_sentence_and_only_its_doors_know_the_time_or_commit() -> None:
    doors = {"app.py", "cli.py", "web"}

    said = [m.path.name for m in RECORD if not (ast.get_docstring(m.tree) or "").split("\n\n")[0].endswith(".")]
    inner = [m for m in RECORD if m.path.relative_to(ROOT / "national_record").parts[0] not in doors]
    wrong = [
        f"{m.path.name}:{node.lineno} {node.attr}"
        for m in inner
        for node in ast.walk(m.tree)
        if (isinstance(node, ast.Attribute) and node.attr in ("utcnow", "today", "commit"))
        or (isinstance(node, ast.Attribute) and node.attr == "now" and getattr(node.value, "id", "") == "datetime")
    ]

    assert (said, wrong) == ([], [])
