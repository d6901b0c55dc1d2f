"""The locks install from anyone's mirror: versions and hashes, and no index."""

import re

from tests.house.source import ROOT


def test_no_lock_names_an_index() -> None:
    locks = [*sorted((ROOT / "requirements").glob("*.lock")), ROOT / "package-lock.json"]

    named = [
        f"{lock.name}: {line}"
        for lock in locks
        for line in lock.read_text(encoding="utf-8").splitlines()
        if re.search(r'://|^\s*--(?!hash=)|"resolved"|@ file', line)
    ]

    assert named == []


def test_every_locked_python_package_has_a_hash() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        pins = re.findall(r"^[a-z0-9][\w.\[\]-]*==.*(?:\n    .*)*", lock.read_text(encoding="utf-8"), re.MULTILINE)
        assert pins and [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_what_runs_is_the_same_with_and_without_the_test_tools() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / f"requirements/{name}.lock").read_text(), re.MULTILINE))

    assert pins("base") - pins("test") == set()
