"""The system's Chromium through Playwright, and axe-core in its pages."""

import os
import shutil
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

ENV = "COMMUNE_HUB_TEST_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = f"""\
No Chromium to test with. One of these, then again:
  - as root: apt-get install -y --no-install-recommends chromium   (./hub test does so when it runs as root)
  - {ENV}=/path/to/chromium
"""
# Nothing but the page under test, and no other host than this machine.
FLAGS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]
_AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
_RUN_AXE = """
async () => (await axe.run(document, {iframes: true, resultTypes: ['violations']})).violations
    .flatMap(v => v.nodes.map(n =>
        `${v.id} (${v.impact}): ${v.help} at ${n.target.join(' ')}\\n    ${n.html.slice(0, 200)}`))
"""


class ChromiumMissing(Exception):
    """There is no Chromium on this machine; says what to do."""


def executable() -> str:
    """The path of Chromium. Raises ChromiumMissing."""
    found = os.environ.get(ENV) or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise ChromiumMissing(MISSING)
    return found


def flags() -> list[str]:
    """The command line; Chromium's own sandbox cannot be had as root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it stands: one line for each place."""
    page.evaluate(_axe())
    return page.evaluate(_RUN_AXE)  # type: ignore[no-any-return]


@cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8")
