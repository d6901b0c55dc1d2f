"""Every setting is described in docs/settings.md, and nothing else is."""

import re
from dataclasses import fields

from commune_hub.base.settings import PREFIX, Settings
from tests.house.source import ROOT


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")

    documented = {name for name in re.findall(rf"`{PREFIX}([A-Z_]+)`", text) if not name.startswith("TEST_")}

    assert documented == {field.name.upper() for field in fields(Settings)}
