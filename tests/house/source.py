"""The source as the house tests read it: modules, what they import, what they call."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "commune_hub"
# Folders of a room that are a slice of their own, with words, rules, models and the rest.
SLICES_WITHIN = frozenset({("volunteers", "coaching")})


def role_of(parts: tuple[str, ...]) -> str:
    """Which file of its slice a dotted path within the package names: rules for events.rules.seat_for."""
    place = 2 if parts[:2] in SLICES_WITHIN else 1
    return parts[place] if len(parts) > place else ""


@dataclass(frozen=True)
class Module:
    """One file of the package, parsed and not run."""

    path: Path

    @property
    def where(self) -> str:
        """The path as people write it: events/rules.py."""
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def name(self) -> str:
        """The dotted name under which it is imported."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def room(self) -> str:
        """The room it stands in: events, web, app."""
        return self.path.relative_to(PACKAGE).parts[0].removesuffix(".py")

    @property
    def role(self) -> str:
        """The file in a slice that it is: rules, or actions for each file in actions/."""
        parts = self.path.relative_to(PACKAGE).with_suffix("").parts
        return role_of(parts) or parts[0]

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.path.read_text(encoding="utf-8"), filename=str(self.path))

    @cached_property
    def imports(self) -> frozenset[str]:
        """Full dotted names of what it imports, wherever in the file: `commune_hub.base.ids.new_public_id`."""
        return frozenset(self._imports())

    def _imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                start = "." * node.level + (node.module or "")
                yield from (f"{start}.{alias.name}" for alias in node.names)

    @property
    def inside(self) -> Iterator[tuple[str, str]]:
        """Room and role of what it imports from this package."""
        for name in self.imports:
            parts = name.split(".")
            if parts[0] == "commune_hub" and len(parts) > 1 and not parts[1].startswith("__"):
                yield parts[1], role_of(tuple(parts[1:]))

    @property
    def outside(self) -> frozenset[str]:
        """Full names of what it imports from elsewhere."""
        return frozenset(name for name in self.imports if not name.startswith("commune_hub"))

    @property
    def calls(self) -> Iterator[ast.Call]:
        """Every call in it."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


def modules() -> list[Module]:
    """Every Python file of the package."""
    return [Module(path) for path in sorted(PACKAGE.rglob("*.py")) if "vendor" not in path.parts]
