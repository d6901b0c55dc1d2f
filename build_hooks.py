"""Puts into the wheel what is not in git: the front-end files and the compiled catalogues."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Hook(BuildHookInterface[Any]):
    """Runs before hatchling collects the files of the wheel or of the source archive."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make what is missing. In an editable install ./hub does so, and keeps doing it."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "scripts"))
        import catalogues
        import vendor

        # A source archive carries the finished files and no node_modules.
        if (root / "node_modules").is_dir() or not (vendor.VENDOR / "icons.json").is_file():
            vendor.build()
        catalogues.build(root / "translations")
        if self.target_name == "wheel":
            for path in (root / "translations").glob("*/LC_MESSAGES/*.mo"):
                inside = Path("commune_hub/translations") / path.relative_to(root / "translations")
                build_data["force_include"][str(path)] = str(inside)
