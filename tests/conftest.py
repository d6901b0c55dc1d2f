"""Fixtures for all tests: databases of both kinds, the app, a browser, a fixed now."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.orm import Session

from commune_hub.base.db import Store, open_store
from commune_hub.base.settings import Settings
from tests.infrastructure import chromium
from tests.infrastructure.databases import SECRET, Databases, PostgresPair, sqlite_copy
from tests.infrastructure.shared_run import close_run, open_run

if TYPE_CHECKING:
    from tests.infrastructure.server import LiveServer

RUN = pytest.StashKey[Path]()

hypothesis.settings.register_profile("test", max_examples=50, deadline=None)
hypothesis.settings.register_profile("prove", max_examples=2000, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--prove", action="store_true", help="also run the long forms (marker prove, more examples)")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RUN] = open_run()
    hypothesis.settings.load_profile("prove" if config.getoption("--prove") else "test")


def pytest_unconfigure(config: pytest.Config) -> None:
    close_run(config.stash[RUN])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--prove"):
        long_forms = [item for item in items if item.get_closest_marker("prove")]
        config.hook.pytest_deselected(items=long_forms)
        items[:] = [item for item in items if item not in long_forms]


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Path:
    """The folder of this test run, shared by its worker processes."""
    return request.config.stash[RUN]


@pytest.fixture(scope="session")
def proving(request: pytest.FixtureRequest) -> bool:
    """Whether this is ./hub prove, which takes all languages, roles and states instead of a few."""
    return bool(request.config.getoption("--prove"))


@pytest.fixture(scope="session")
def _postgres(run: Path) -> Iterator[PostgresPair]:
    pair = PostgresPair(run, os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield pair
    pair.close()


@pytest.fixture
def _folder(run: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    folder = run / f"test-{os.getpid()}-{id(request.node)}"
    yield folder
    rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest, run: Path, _folder: Path) -> Iterator[Databases]:
    """Two empty, migrated databases; a test that uses them runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield sqlite_copy(run, _folder)
    else:
        pair: PostgresPair = request.getfixturevalue("_postgres")
        yield pair.databases
        pair.empty()


@pytest.fixture
def now() -> datetime:
    """A Sunday in November, 11:00 in Luxembourg."""
    return datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def settings(databases: Databases, _folder: Path) -> Settings:
    """Settings of an installation with nothing configured but its databases."""
    return Settings.from_env({}, secret_key=SECRET, data_dir=str(_folder), **vars(databases))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """The open databases of this test."""
    store = open_store(settings)
    yield store
    store.close()


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    """A writing session. Commit before anything else (a client, a second session) is to see what was done."""
    with store.open(write=True) as session:
        yield session


@pytest.fixture
def app(settings: Settings, store: Store, now: datetime) -> Flask:
    """The app on the databases of this test, at the fixed now; only `live_server` asks for CSRF tokens."""
    from commune_hub.app import create_app

    app = create_app(settings, store=store, clock=lambda: now)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's HTTP client without a browser."""
    return app.test_client()


@pytest.fixture
def live_server(settings: Settings, store: Store, now: datetime) -> "Iterator[LiveServer]":
    """The app on a loopback port, on the databases of this test, at the fixed now."""
    from tests.infrastructure.server import serving

    with serving(settings, store=store, clock=lambda: now) as live:
        yield live


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once per worker process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.flags())
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on a small phone; a script error or a breach of the content policy in it fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="fr-LU", reduced_motion="reduce")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert errors == []


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe-core finds wrong with a page: `assert axe(page) == []`."""
    return chromium.violations
