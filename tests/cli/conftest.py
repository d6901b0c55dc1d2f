"""The command line as a person uses it: what is typed, what comes back, the exit code."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commune_hub.base.settings import PREFIX, Settings
from commune_hub.cli import main

Hub = Callable[..., Result]
COMMAND = [str(Path(sys.executable).with_name("python")), "-m", "commune_hub.cli"]


@pytest.fixture
def environ(settings: Settings) -> dict[str, str | None]:
    """The databases of this test as environment variables, and none of the machine's own settings."""
    cleared: dict[str, str | None] = {name: None for name in os.environ if name.startswith(PREFIX)}
    return cleared | {PREFIX + field.name.upper(): getattr(settings, field.name) for field in fields(settings)}


@pytest.fixture
def hub(environ: dict[str, str | None]) -> Hub:
    """`hub("user", "list")` runs a command on the databases of this test."""

    def run(*arguments: str, stdin: str = "", **more: str) -> Result:
        return CliRunner(env={**environ, **more}).invoke(main, arguments, input=stdin, catch_exceptions=False)

    return run


def start(*arguments: str, environ: dict[str, str | None]) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return subprocess.Popen(
        [*COMMAND, *arguments], env={**inherited, **{n: v for n, v in environ.items() if v is not None}},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
