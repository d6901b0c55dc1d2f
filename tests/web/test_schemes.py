"""The page of the rules: for everybody, in every language, and nobody is told that the CAI can still be signed."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from commune_hub.app import create_app
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings


@pytest.mark.parametrize("code", ["lb", "fr", "de", "en", "pt"])
def test_everybody_reads_every_scheme_with_its_sources(client: FlaskClient, code: str) -> None:
    answer = client.get(f"/{code}/schemes")

    assert answer.status_code == 200
    for part in ('id="lu-biergerpakt"', 'id="lu-cai"', 'id="fr-cai"', 'id="fr-cir-2019"', "RGD art. 15(2)", "PAKT"):
        assert part in answer.text


def test_nobody_is_told_that_the_cai_can_still_be_signed(client: FlaskClient) -> None:
    page = client.get("/en/schemes").text

    assert "Nobody can sign a CAI any more." in page
    assert "Cannot be signed since 1 January 2024" in page
    assert ("Who can join" in page, page.count("Who could sign"), page.count("Who can sign")) == (True, 3, 1)
    # Only the scheme of today stands open.
    assert page.count("<details open>") == 1
    assert page.index("<details open>") < page.index("Biergerpakt (Luxembourg)") < page.index("CAI (Luxembourg)")


def test_in_2023_it_could(settings: Settings, store: Store) -> None:
    app = create_app(settings, store=store, clock=lambda: datetime(2023, 6, 1, tzinfo=UTC))

    page = app.test_client().get("/en/schemes").text

    assert ("Since 1 October 2011" in page, "Begins on 1 January 2024" in page) == (True, True)


def test_what_is_unreliable_and_what_is_unknown_stands_there_as_such(client: FlaskClient) -> None:
    page = client.get("/en/schemes").text

    assert page.count("Not reliable") == 1
    assert "It admits people with a temporary permit. The Luxembourg contract of the same name excludes them." in page
    assert page.count("Not established.") > 10


def test_the_page_is_found_from_every_page_and_from_how_it_works(client: FlaskClient) -> None:
    assert client.get("/en/how-it-works").text.count('href="/en/schemes"') == 2
    assert 'href="/en/schemes"' in client.get("/en/").text
