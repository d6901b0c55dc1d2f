"""Every setting is described in docs/settings.md, in the words of settings.py."""

from dataclasses import fields

from commune_hub.base.settings import PREFIX, Settings
from tests.house.source import ROOT


def described() -> list[str]:
    """The rows of the table as they should stand; after a change, these are the lines to paste."""
    return [
        f"| `{PREFIX}{field.name.upper()}`{' (secret)' * field.metadata['secret']} | "
        f"{f'`{field.default}`' if field.default else ''} | {field.metadata['help']} |"
        for field in fields(Settings)
    ]


def test_every_setting_is_documented() -> None:
    lines = (ROOT / "docs/settings.md").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if line.startswith(f"| `{PREFIX}") and f"{PREFIX}TEST_" not in line] == described()
