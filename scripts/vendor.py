#!/usr/bin/env python3
"""Copies the front-end files that are served from node_modules to static/vendor, and the icons that are used."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "commune_hub"
VENDOR = PACKAGE / "web/static/vendor"
MODULES = ROOT / "node_modules"

# Where it goes: where it comes from.
FILES = {
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx/LICENSE": "htmx.org/LICENSE",
    "leaflet/leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet/leaflet.css": "leaflet/dist/leaflet.css",
    "leaflet/LICENSE": "leaflet/LICENSE",
    "leaflet/images/layers.png": "leaflet/dist/images/layers.png",
    "leaflet/images/layers-2x.png": "leaflet/dist/images/layers-2x.png",
    "leaflet/images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
    "leaflet/images/marker-icon-2x.png": "leaflet/dist/images/marker-icon-2x.png",
    "leaflet/images/marker-shadow.png": "leaflet/dist/images/marker-shadow.png",
    "markercluster/leaflet.markercluster.js": "leaflet.markercluster/dist/leaflet.markercluster.js",
    "markercluster/MarkerCluster.css": "leaflet.markercluster/dist/MarkerCluster.css",
    "markercluster/MarkerCluster.Default.css": "leaflet.markercluster/dist/MarkerCluster.Default.css",
    "markercluster/LICENSE": "leaflet.markercluster/MIT-LICENCE.txt",
    "lucide/LICENSE": "lucide-static/LICENSE",
    "fonts/DejaVuSans.ttf": "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
    "fonts/DejaVuSans.LICENSE": "dejavu-fonts-ttf/LICENSE",
}
# For PDF files: the package, its file names, the weights. Which scripts they bring stands in docs/papers.md.
_FONTS = (
    ("noto-sans", "NotoSans", ("400Regular", "600SemiBold")),
    ("source-serif-4", "SourceSerif4", ("400Regular", "600SemiBold")),
    ("noto-naskh-arabic", "NotoNaskhArabic", ("400Regular", "600SemiBold")),
    ("noto-sans-ethiopic", "NotoSansEthiopic", ("400Regular", "600SemiBold")),
    ("noto-sans-bengali", "NotoSansBengali", ("400Regular",)),
    ("noto-sans-tamil", "NotoSansTamil", ("400Regular",)),
    ("noto-sans-thai", "NotoSansThai", ("400Regular",)),
    ("zcool-xiaowei", "ZCOOLXiaoWei", ("400Regular",)),
)
for _package, _name, _weights in _FONTS:
    FILES[f"fonts/{_name}.LICENSE"] = f"@expo-google-fonts/{_package}/LICENSE_FONT"
    for _weight in _weights:
        FILES[f"fonts/{_name}_{_weight}.ttf"] = f"@expo-google-fonts/{_package}/{_weight}/{_name}_{_weight}.ttf"

_CALL = re.compile(r"""\bicon\s*[(=]\s*["']([a-z][a-z0-9-]*)["']""")
_SVG = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class UnknownIcon(Exception):
    """A template asks for an icon that Lucide does not have."""


def used_icons(package: Path = PACKAGE) -> dict[str, Path]:
    """The icons that templates and Python use, each with a file that uses it.

    Found are `icon('name')` and `icon='name'`, and in Python the values of dicts and tuples whose name ends in ICONS.
    """
    found: dict[str, Path] = {}
    for path in sorted([*package.rglob("*.html"), *package.rglob("*.svg"), *package.rglob("*.py")]):
        text = path.read_text(encoding="utf-8")
        names = _CALL.findall(text)
        if path.suffix == ".py" and "ICONS" in text:
            names.extend(_declared(ast.parse(text)))
        found.update({name: path for name in names if name not in found})
    return found


def _declared(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id.endswith("ICONS") for target in targets):
            values = node.value.values if isinstance(node.value, ast.Dict) else getattr(node.value, "elts", [])
            yield from (v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str))


def icon_markup(name: str, modules: Path = MODULES) -> str:
    """What stands inside the <svg> of a Lucide icon, on one line. Raises UnknownIcon."""
    path = modules / f"lucide-static/icons/{name}.svg"
    if not path.is_file():
        raise UnknownIcon(name)
    inner = _SVG.search(path.read_text(encoding="utf-8"))
    assert inner, path
    return re.sub(r"\s*\n\s*", "", inner[1]).replace(" />", "/>")


def build(package: Path = PACKAGE, modules: Path = MODULES) -> int:
    """Write what is missing or differs below static/vendor; returns how many files that were."""
    vendor = package / "web/static/vendor"
    icons = {}
    for name, path in used_icons(package).items():
        try:
            icons[name] = icon_markup(name, modules)
        except UnknownIcon:
            raise UnknownIcon(f"{path.relative_to(package.parent)}: Lucide has no icon {name!r}") from None

    wanted = {target: (modules / source).read_bytes() for target, source in FILES.items()}
    wanted["icons.json"] = (json.dumps(dict(sorted(icons.items())), indent=0) + "\n").encode()
    written = 0
    for target, content in wanted.items():
        path = vendor / target
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written += 1
    return written


if __name__ == "__main__":
    try:
        build()
    except UnknownIcon as problem:
        sys.exit(f"vendor: {problem}. The names stand in node_modules/lucide-static/icons/.")
    except FileNotFoundError as problem:
        sys.exit(f"vendor: {problem.filename} is missing. Run ./hub, which fetches the front-end files.")
