"""What the code imports is declared in pyproject.toml, and what is declared is used."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.house.source import ROOT, modules

# Used without an import: by SQLAlchemy, by pydantic, by zoneinfo, as the server's command.
UNSEEN = {"psycopg", "email-validator", "tzdata", "granian"}
# Always there with what brings it.
COMES_ALONG = {
    "blinker": "flask",
    "branca": "folium",
    "itsdangerous": "flask",
    "jinja2": "flask",
    "markupsafe": "flask",
    "pydantic-core": "pydantic",
    "werkzeug": "flask",
    "wtforms": "flask-wtf",
}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ;]", name)[0]).lower()


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {plain(d) for d in [*project["dependencies"], *project["optional-dependencies"]["postgres"]]}
    tops = {name.split(".")[0] for module in modules() for name in module.outside} - set(sys.stdlib_module_names)

    imported = {plain(dist) for top in tops for dist in packages_distributions().get(top, [f"no package has {top}"])}

    assert {COMES_ALONG.get(name, name) for name in imported} | UNSEEN == declared
