"""The hub's line of migrations."""

from pathlib import Path

from commune_hub.base.migrations import Migrations

_LINE = Migrations(Path(__file__).parent / "migrations", lock=0x636F6D6D)

upgrade = _LINE.upgrade
downgrade = _LINE.downgrade
is_current = _LINE.is_current
revision_of = _LINE.revision_of
newest_revision = _LINE.newest_revision
config = _LINE.config
