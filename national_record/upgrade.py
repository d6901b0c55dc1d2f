"""The record's own line of migrations."""

from pathlib import Path

from commune_hub.base.migrations import Migrations

_LINE = Migrations(Path(__file__).parent / "migrations", lock=0x7265636F)

upgrade = _LINE.upgrade
downgrade = _LINE.downgrade
is_current = _LINE.is_current
config = _LINE.config
