"""The search as a visitor meets it: words, cards, filters, ways on, and addresses that never break."""

import gzip
import re
from datetime import time
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from tests.factories import a_signup, a_venue, an_activity, an_organisation

BELVAUX = "at=49.510,5.924"
CENTRE, CAFE, LIBRARY = "Centre culturel, Belvaux", "Salle des fêtes, Soleuvre", "Bibliothèque, Esch-sur-Alzette"


@pytest.fixture
def country(session: Session) -> None:
    """A table in Belvaux on Tuesdays, a café in Soleuvre on Wednesdays, a full table in Esch on Thursdays."""
    sanem = an_organisation(session, name="Gemeng Suessem", slug="sanem", lau2="0213")
    belvaux = a_venue(session, organisation=sanem)
    soleuvre = a_venue(
        session, organisation=sanem, name="Salle des fêtes", locality="Soleuvre", lat=49.5246, lon=5.9377
    )  # fmt: skip
    esch = a_venue(
        session, organisation=sanem, name="Bibliothèque", locality="Esch-sur-Alzette", lat=49.4958, lon=5.9806
    )  # fmt: skip
    an_activity(session, venue=belvaux, level_from="A1", level_to="A2")
    an_activity(
        session, venue=soleuvre, kind="language_cafe", languages=("lb", "fr"), rrule="FREQ=WEEKLY;BYDAY=WE",
        starts=time(19), ends=time(21),
    )  # fmt: skip
    full = an_activity(session, venue=esch, rrule="FREQ=WEEKLY;BYDAY=TH", starts=time(10), ends=time(11), capacity=1)
    a_signup(session, next(m.pool for m in full.meetings if m.occurrence_on.isoformat() == "2026-11-26"))
    session.commit()


def words_of(html: str) -> str:
    """What a reader reads, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def text_of(html: str) -> str:
    """What a reader reads of the main part."""
    return words_of(html.split("<main", 1)[1].split(">", 1)[1].split("</main>")[0])


def status_of(html: str) -> str:
    """What a screen reader says when the answer comes."""
    found = re.search(r'<div role="status">(.*?)</div>', html)
    return words_of(found[1]) if found else ""


def ladder_of(html: str) -> list[tuple[str, str]]:
    """Addresses and words of the ways on."""
    ladder = re.search(r'<section class="card stack ladder">(.*?)</section>', html)
    steps = re.findall(r'<a class="rowlink" href="([^"]+)">(.*?)</a>', ladder[1]) if ladder else []
    return [(unescape(url), words_of(step)) for url, step in steps]


def titles_and_places(html: str) -> list[str]:
    return [unescape(place) for place in re.findall(r"<span><bdi>(.*?)</bdi>", html)]


def test_the_answer_is_said_in_words(client: FlaskClient, country: None) -> None:
    answer = client.get(f"/en/search?l=lb&{BELVAUX}")

    assert answer.status_code == 200
    assert status_of(answer.text) == "3 activities in Luxembourgish, within 5 km, this week"


def test_a_card_says_when_where_how_far_for_whom_and_how_many_seats(client: FlaskClient, country: None) -> None:
    text = text_of(client.get(f"/en/search?l=lb&{BELVAUX}").text)

    assert (
        "Tue 24 Nov 1 Conversation table LB Lëtzebuergesch 18:30 – 20:00 Centre culturel, Belvaux"
        " 0.1 km · 2 min on foot Beginners (A1–A2) 6 seats free Sign up"
    ) in text
    assert "Salle des fêtes, Soleuvre 1.9 km · 23 min on foot Every level Just come See" in text
    assert "Bibliothèque, Esch-sur-Alzette 4.4 km" in text and "Full · waiting list See" in text


def test_the_nearest_comes_first_and_by_time_the_next(client: FlaskClient, country: None) -> None:
    near_esch = client.get("/en/search?l=lb&at=49.496,5.981&r=10").text
    by_time = client.get("/en/search?l=lb&at=49.496,5.981&r=10&order=time").text

    assert titles_and_places(near_esch) == [LIBRARY, CENTRE, CAFE]
    assert titles_and_places(by_time) == [CENTRE, CAFE, LIBRARY]


@pytest.mark.parametrize(
    ("filters", "said", "left"),
    [
        ("w=today", "today", 0),
        ("w=month", "in the next 30 days", 3),
        ("d=3", "this week, Wednesday", 1),
        ("t=evening", "this week, in the evening", 2),
        ("level=B1", "this week, level B1", 2),
        ("kind=language_cafe", "Language café, in Luxembourgish, within 5 km, this week", 1),
        ("free=1", "this week, with free seats", 2),
        ("kids=1&stepfree=1", "this week, with child care, without steps", 0),
        ("online=1", "in Luxembourgish, this week, online", 0),
    ],
)
def test_every_filter_is_said_and_counts(
    client: FlaskClient, country: None, filters: str, said: str, left: int
) -> None:
    html = client.get(f"/en/search?l=lb&{BELVAUX}&{filters}").text

    assert status_of(html).endswith(said)
    assert len(titles_and_places(html)) == left


def test_the_form_shows_what_was_asked(client: FlaskClient, country: None) -> None:
    html = client.get("/en/search?l=en&place=Belvaux&w=month&d=2&level=A2&kids=1&r=7&order=time").text

    checked = re.findall(r'<input type="(?:radio|checkbox)" name="(\w+)" value="(\w*)" checked', html)
    assert checked == [
        ("w", "month"), ("r", "7"), ("kids", "1"), ("t", ""), ("d", "2"), ("l", "en"), ("order", "time"),
    ]  # fmt: skip
    assert '<option value="A2" selected>' in html
    assert 'name="place" value="Belvaux (Sanem)"' in html


def test_a_place_of_which_there_are_two_takes_the_larger_and_names_the_other(
    client: FlaskClient, country: None
) -> None:
    text = text_of(client.get("/en/search?l=lb&place=Esch").text)

    assert "Other places with this name: Esch-sur-Sûre" in text
    assert "Bibliothèque, Esch-sur-Alzette" in text


def test_an_unknown_place_is_answered_with_those_that_look_like_it(client: FlaskClient, country: None) -> None:
    html = client.get("/en/search?l=lb&place=Bellevaud").text

    links = [url for url, _ in ladder_of(html)]
    assert status_of(html).startswith("We do not know “Bellevaud”")
    assert 'aria-invalid="true"' in html
    assert links[-1] == "/en/search?l=lb"
    assert client.get(links[0]).status_code == 200


def test_an_empty_answer_has_ways_on_that_lead_somewhere(client: FlaskClient, country: None) -> None:
    html = client.get("/en/search?l=lb&place=Differdange&r=3&kids=1").text

    assert status_of(html) == "No activity in Luxembourgish, within 3 km, this week, with child care"
    assert ladder_of(html) == [
        ("/en/search?l=lb&place=Differdange&r=3", "Also without child care One activity"),
        ("/en/search?l=lb&w=month", "In the whole country, 30 days 3 activities"),
        ("/en/search?w=month", "Everything in the country, 30 days 3 activities"),
        ("/en/coach?language=lb", "Ask for a coach"),
        ("/en/c/differdange", "Ask for a coach or call: Differdange"),
    ]
    assert status_of(client.get(ladder_of(html)[0][0]).text).startswith("One activity")


def test_the_ladder_offers_a_larger_circle_first(client: FlaskClient, country: None) -> None:
    html = client.get("/en/search?l=lb&place=Mamer").text

    assert ladder_of(html)[0] == ("/en/search?l=lb&place=Mamer&r=20", "Up to 20 km away 3 activities")


@pytest.mark.parametrize(
    "query",
    ["l=%00&place=%00&at=%00", "l=lb&at=999,999", "r=-1&page=0", "place=" + "x" * 5000, "page=500", "d=1&d=9&w=w",
     "place=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "level=A1%27--"],
)  # fmt: skip
def test_a_broken_address_is_answered(client: FlaskClient, country: None, query: str) -> None:
    answer = client.get(f"/fr/search?{query}")

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_a_broken_part_of_an_address_is_said(client: FlaskClient, country: None) -> None:
    assert "We did not understand a part of this address." in client.get("/en/search?r=1000").text


def test_pages_follow_each_other_and_their_numbers_go_on(client: FlaskClient, session: Session) -> None:
    venue = a_venue(session)
    for _ in range(45):
        an_activity(session, venue=venue)
    session.commit()

    last = client.get(f"/en/search?l=lb&{BELVAUX}&page=3").text

    assert status_of(last).startswith("45 activities")
    assert re.findall(r'<span class="pin ok" aria-hidden="true"><b>(\d+)</b>', last) == ["41", "42", "43", "44", "45"]
    assert re.findall(r'<nav class="pages".*?</nav>', last)[0].count("<a ") == 4
    assert f'href="/en/search?l=lb&amp;{BELVAUX}"' in last


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_page_of_results_asks_the_database_once(client: FlaskClient, store: Store, country: None) -> None:
    sent: list[str] = []
    event.listen(store.engine, "checkout", lambda connection, *_: connection.set_trace_callback(sent.append))

    client.get(f"/fr/search?l=lb&{BELVAUX}")

    assert [statement.split()[0] for statement in sent] == ["pragma", "BEGIN", "WITH", "ROLLBACK"]


def test_a_full_page_stays_within_its_budget(client: FlaskClient, session: Session) -> None:
    venue = a_venue(session)
    for number in range(25):
        an_activity(session, venue=venue, title_fr=f"Table de conversation no {number} du lundi soir à Belvaux")
    session.commit()

    for path in ("/fr/", "/fr/languages", f"/fr/search?l=lb&{BELVAUX}"):
        assert len(gzip.compress(client.get(path).data)) <= 14 * 1024


def test_the_first_address_opens_in_the_reader_s_language(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Accept-Language": "pt-BR,pt;q=0.9,en;q=0.5"})

    assert (answer.status_code, answer.location) == (302, "/pt/")
    assert answer.headers["Vary"] == "Accept-Language, Cookie"


def test_every_language_can_be_chosen_by_its_own_name(client: FlaskClient) -> None:
    text = text_of(client.get("/de/languages").text)

    assert text.endswith("Lëtzebuergesch Français Deutsch English Português")


def test_the_question_is_the_same_in_every_language(client: FlaskClient) -> None:
    for language in ("lb", "fr", "de", "en", "pt"):
        html = client.get(f"/{language}/").text
        assert f'<html lang="{language}" dir="ltr">' in html
        assert f'action="/{language}/search"' in html
