"""Arrows point down: who may import whom, as drawn in docs/house.md."""

import ast
import sys

from tests.house.source import PACKAGE, Module, modules

# From the cellar up. A room sees the rooms on lower floors and itself, not its neighbours.
FLOORS = (
    {"base"},
    {"places", "schemes"},
    {"accounts"},
    {"events"},
    {"volunteers"},
    {"matching", "contracts"},
    {"privacy", "figures"},
    {"speech"},
    {"papers"},
    {"web", "worker"},
    # The roof: these, and every file that stands in no room (app.py, cli.py and its parts, upgrade.py).
    {"migrations", "demo", *(path.stem for path in PACKAGE.glob("[!_]*.py"))},
)
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
DOORS, ROOF = len(FLOORS) - 2, len(FLOORS) - 1

# Within the slices: what a file sees of its own and of lower rooms. Files with names of their own (finder, recurrence)
# stand beside the rules: whoever may see rules may see them.
STANDARD = {"words", "rules", "models", "permissions", "inputs", "queries", "actions"}
ROLES = {
    "words": {"words"},
    "rules": {"words", "rules"},
    "models": {"words", "models"},
    "permissions": {"words", "rules", "models", "permissions"},
    "inputs": {"words", "rules", "inputs"},
    "queries": {"words", "rules", "models", "permissions", "queries"},
}
# Libraries that take facts and give an answer: no database, no socket, no clock.
RECKONING = {"email_validator", "phonenumbers"}
NO_DATABASE = {"words", "rules", "inputs"}

WEB = {"flask", "flask_login", "flask_babel", "flask_wtf", "werkzeug", "jinja2", "folium", "wtforms", "granian"}
SOCKETS = {"httpx", "smtplib", "socket", "aiosmtpd", "urllib.request", "http.client", "requests"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


def of(*rooms: int) -> list[Module]:
    return [module for module in modules() if module.room != "__init__" and FLOOR_OF[module.room] in rooms]


def below_the_doors() -> list[Module]:
    return of(*range(DOORS))


def brings(module: Module, names: set[str]) -> bool:
    return any(got == name or got.startswith(f"{name}.") for got in module.outside for name in names)


def test_every_room_has_its_floor() -> None:
    rooms = {module.room for module in modules()} - {"__init__"}

    assert rooms - set(FLOOR_OF) == set()


def test_rooms_import_only_downward() -> None:
    climbs = [
        f"{module.where} imports {room}"
        for module in of(*range(ROOF))
        for room, _ in module.inside
        if room != module.room and FLOOR_OF[room] >= FLOOR_OF[module.room]
    ]

    assert climbs == []


def test_files_of_a_slice_import_only_what_they_may() -> None:
    breaches = [
        f"{module.where} imports {room}.{role}"
        for module in of(*range(1, DOORS))
        for room, role in module.inside
        if module.role in ROLES and role in STANDARD and role not in ROLES[module.role]
    ]

    assert breaches == []


def test_words_rules_and_inputs_see_no_database_not_even_through_another_file() -> None:
    by_name = {module.name: module for module in modules()}
    breaches = [
        f"{module.where} imports {room}.{role}"
        for module in below_the_doors()
        if module.role in NO_DATABASE
        for room, role in module.inside
        if (seen := by_name.get(f"commune_hub.{room}.{role}")) and brings(seen, {"sqlalchemy"})
    ]

    assert breaches == []


def test_words_and_rules_are_python_and_reckoning_only() -> None:
    impure = [
        f"{module.where} imports {name}"
        for module in below_the_doors()
        if module.role in ("words", "rules")
        for name in module.outside
        if name.split(".")[0] not in sys.stdlib_module_names | RECKONING
    ]

    assert impure == []


def test_there_is_no_web_below_the_doors() -> None:
    assert [module.where for module in below_the_doors() if brings(module, WEB)] == []


def test_sockets_are_opened_in_the_adapters_of_the_worker_only() -> None:
    openers = [
        module.where
        for module in [*below_the_doors(), *of(DOORS)]
        if brings(module, SOCKETS) and not module.where.startswith("worker/adapters/")
    ]

    assert openers == []


def test_no_clock_and_no_environment_below_the_doors() -> None:
    breaches = [
        f"{module.where}:{node.lineno} {node.value.id}.{node.attr}"
        for module in below_the_doors()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if (node.value.id, node.attr) in CLOCKS
        or ((node.value.id, node.attr) in {("os", "environ"), ("os", "getenv")} and module.where != "base/settings.py")
    ]

    assert breaches == []


def test_only_a_door_commits() -> None:
    commits = [
        f"{module.where}:{call.lineno}"
        for module in of(*range(1, DOORS))
        for call in module.calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    ]

    assert commits == []


def test_imports_are_absolute() -> None:
    relative = [module.where for module in modules() if any(name.startswith(".") for name in module.imports)]

    assert relative == []


def test_every_file_opens_with_one_sentence() -> None:
    def opens_well(module: Module) -> bool:
        said = (ast.get_docstring(module.tree) or "").split("\n\n")[0]
        return said.endswith(".") or (not said and not module.path.read_text().strip())

    assert [module.where for module in modules() if not opens_well(module)] == []
