"""The reference record is another house: it imports base and schemes of the hub, and the hub imports nothing of it."""

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
