"""Every code that a rule or an input can give has its sentence."""

import ast
from enum import Enum, StrEnum
from importlib import import_module

from commune_hub.speech import sentences
from tests.house.source import modules

# What Refused and Invalid carry. A *Fault is a reason within a slice, or stands in the report of a command.
CODES = ("Refusal", "Code")


def tables() -> dict[str, dict[Enum, str]]:
    """The tables of sentences.py: those dicts whose keys are codes."""
    return {
        name: table
        for name, table in vars(sentences).items()
        if isinstance(table, dict) and table and all(isinstance(key, Enum) for key in table)
    }


def all_codes() -> set[type[StrEnum]]:
    """The enums of reasons and faults, known by their names."""
    for module in modules():
        if any(isinstance(node, ast.ClassDef) and node.name.endswith(CODES) for node in module.tree.body):
            import_module(module.name)
    found: set[type[StrEnum]] = set()
    todo = [StrEnum]
    while todo:
        for kind in todo.pop().__subclasses__():
            todo.append(kind)
            if kind.__module__.startswith("commune_hub.") and kind.__name__.endswith(CODES):
                found.add(kind)
    return found


def test_every_code_has_a_sentence() -> None:
    said = {code for table in tables().values() for code in table}

    assert sorted(str(code) for kind in all_codes() for code in kind if code not in said) == []


def test_a_table_of_sentences_leaves_nothing_out() -> None:
    gaps = [
        f"{name}: {kind.__name__}.{code.name}"
        for name, table in tables().items()
        for kind in {type(key) for key in table}
        for code in kind
        if code not in table
    ]

    assert gaps == []
