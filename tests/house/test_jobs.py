"""Every kind of job that anybody enqueues has a handler, and no handler waits for a kind that nobody enqueues."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from commune_hub.worker.handlers import HANDLERS
from tests.house.source import Module, modules

Function = ast.FunctionDef


@dataclass(frozen=True)
class Taker:
    """A function that takes the kind of a job: its name, where in its arguments, and the file, for a private one."""

    name: str
    position: int
    keyword: str
    file: Path | None = None


def enqueued_kinds() -> set[str]:
    """The literal kinds given to `enqueue`, also through a function that takes the kind as an argument."""
    kinds: set[str] = set()
    takers = [Taker("enqueue", 1, "kind")]
    for taker in takers:
        for given in _given_to(taker):
            if isinstance(given, str):
                kinds.add(given)
            elif given not in takers:
                takers.append(given)
    return kinds


def _given_to(taker: Taker) -> Iterator[str | Taker]:
    for module in modules():
        if taker.file not in (None, module.path):
            continue
        for function in (node for node in ast.walk(module.tree) if isinstance(node, Function)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if getattr(call.func, "attr", getattr(call.func, "id", "")) != taker.name:
                    continue
                named = [given.value for given in call.keywords if given.arg == taker.keyword]
                for kind in [*call.args[taker.position : taker.position + 1], *named]:
                    yield from _meant(kind, function, module, call.lineno)


def _meant(kind: ast.expr, function: Function, module: Module, line: int) -> Iterator[str | Taker]:
    parameters = [argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]]
    if isinstance(kind, ast.Constant):
        yield str(kind.value)
    elif isinstance(kind, ast.IfExp):
        yield from _meant(kind.body, function, module, line)
        yield from _meant(kind.orelse, function, module, line)
    elif isinstance(kind, ast.Name) and kind.id in parameters:
        private = module.path if function.name.startswith("_") else None
        yield Taker(function.name, parameters.index(kind.id), kind.id, private)
    else:
        raise AssertionError(f"{module.where}:{line}: write the kind of a job as a literal, for this test to read")


def test_every_job_kind_has_a_handler_and_every_handler_a_job() -> None:
    assert enqueued_kinds() == set(HANDLERS)
