"""The source is clean for ruff and for mypy; their settings stand in pyproject.toml."""

import subprocess
import sys

import pytest

from tests.house.source import ROOT

RUFF = ["ruff", "check", "--quiet", "--output-format=concise", "."]
# Its cache has told of errors long mended, when files came and went between two runs.
MYPY = ["mypy", "--no-error-summary", "--no-incremental"]


@pytest.mark.parametrize("tool", [RUFF, MYPY], ids=["ruff", "mypy"])
def test_the_source_is_clean(tool: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, capture_output=True, text=True)

    assert (done.stdout + done.stderr).splitlines() == []
