"""Every kind of job that anybody enqueues has a handler, and no handler waits for a kind that nobody enqueues."""

import ast
from collections.abc import Iterator

from commune_hub.worker.handlers import HANDLERS
from tests.house.source import modules

Function = ast.FunctionDef | ast.AsyncFunctionDef


def enqueued_kinds() -> set[str]:
    """The literal kinds given to `enqueue`, also through a function that takes the kind as an argument."""
    kinds: set[str] = set()
    asked = {("enqueue", 1, "kind")}
    done: set[tuple[str, int, str]] = set()
    while todo := asked - done:
        for forwarder in todo:
            for said in _given_to(*forwarder):
                if isinstance(said, tuple):
                    asked.add(said)
                else:
                    kinds.add(said)
            done.add(forwarder)
    return kinds


def _given_to(name: str, position: int, keyword: str) -> Iterator[str | tuple[str, int, str]]:
    for module in modules():
        for function in (node for node in ast.walk(module.tree) if isinstance(node, Function)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if getattr(call.func, "attr", getattr(call.func, "id", "")) != name:
                    continue
                named = [given.value for given in call.keywords if given.arg == keyword]
                for kind in [*call.args[position : position + 1], *named]:
                    yield from _meant(kind, function, f"{module.where}:{call.lineno}")


def _meant(kind: ast.expr, function: Function, where: str) -> Iterator[str | tuple[str, int, str]]:
    parameters = [argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]]
    if isinstance(kind, ast.Constant):
        yield str(kind.value)
    elif isinstance(kind, ast.IfExp):
        yield from _meant(kind.body, function, where)
        yield from _meant(kind.orelse, function, where)
    elif isinstance(kind, ast.Name) and kind.id in parameters:
        yield function.name, parameters.index(kind.id), kind.id
    else:
        raise AssertionError(f"{where}: the kind of a job is written as a literal, so that this test can read it")


def test_every_job_kind_has_a_handler_and_every_handler_a_job() -> None:
    assert enqueued_kinds() == set(HANDLERS)
