"""The pages of a commune: what there is, whom to ask, neighbours, paper, calendar."""

import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from tests.factories import an_activity, an_organisation
from tests.infrastructure.counting import counted


def test_a_commune_shows_its_names_its_next_dates_and_whom_to_ask(client: FlaskClient, session: Session) -> None:
    organisation = an_organisation(session, name="Gemeng Suessem", phone="59 30 75", spoken=["lb", "fr", "pt"])
    table = an_activity(session, organisation=organisation)
    session.commit()

    page = client.get("/en/c/sanem").text

    for told in (
        "Practise languages in Sanem", '<span lang="lb">Suessem</span>', '<span lang="de">Sassenheim</span>',
        "59 30 75", "We speak Luxembourgish, French and Portuguese.", "Conversation table", "6 seats free",
        "canton of Esch-sur-Alzette", 'href="/en/search?place=Sanem"',
    ):  # fmt: skip
        assert told in page
    assert page.count(f"/en/a/{table.public_id}?m=") == 1


@pytest.mark.parametrize("path", ["/en/c/nowhere", "/en/c/nowhere.ics", "/en/c/nowhere/poster", "/en/c/Sanem"])
def test_a_commune_that_does_not_exist_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_what_others_offer_and_drafts_and_the_past_do_not_stand_here(client: FlaskClient, session: Session) -> None:
    here = an_organisation(session)
    an_activity(session, organisation=here, published=False, title_en="A draft")
    began = datetime(2026, 1, 1, tzinfo=UTC)
    an_activity(
        session, organisation=here, now=began, first_on=date(2026, 2, 3), last_on=date(2026, 6, 30), title_en="Over"
    )
    an_activity(session, organisation=an_organisation(session, lau2="0304"), title_en="In the capital")
    an_activity(
        session, organisation=here, kind="volunteer_course", first_on=date(2026, 11, 3), title_en="A course that runs"
    )
    session.commit()

    page = client.get("/en/c/sanem").text

    assert re.findall(r'<li class="card ev">', page) == []


def test_an_activity_offered_together_stands_with_both(client: FlaskClient, session: Session) -> None:
    other = an_organisation(session, lau2="0304")
    an_activity(session, co_organisers=(other.public_id,), title_en="Together")
    session.commit()

    pages = [client.get(f"/en/c/{slug}").text for slug in ("sanem", "luxembourg")]

    assert [page.count(">Together</a>") for page in pages] == [1, 1]


def test_where_there_is_nothing_the_neighbours_are_named(client: FlaskClient, session: Session) -> None:
    an_activity(session)
    session.commit()

    near, far = client.get("/en/c/differdange").text, client.get("/en/c/clervaux").text

    assert "There is nothing here yet. Near by there is:" in near
    assert re.search(r'href="/en/c/sanem">.*?<span>Sanem · \d+ km</span><span class="tag info">4 dates</span>', near)
    assert "There is nothing here yet" in far
    assert "/en/c/sanem" not in far


def test_the_number_of_questions_does_not_grow_with_the_activities(
    client: FlaskClient, session: Session, store: Store
) -> None:
    for lau2, number in (("0213", 1), ("0304", 3)):
        organisation = an_organisation(session, lau2=lau2)
        for _ in range(number):
            an_activity(session, organisation=organisation)
    session.commit()
    client.get("/en/c/sanem")

    asked = []
    for slug in ("sanem", "luxembourg"):
        for path in ("", "/leaflet", "/poster", ".ics"):
            with counted(store) as statements:
                client.get(f"/en/c/{slug}{path}")
            asked.append(len(statements))

    assert asked[:4] == asked[4:]


def test_the_calendar_of_a_commune_can_be_subscribed_to(client: FlaskClient, session: Session) -> None:
    an_activity(session, attendance_mode="online", online_url="https://meet.example.lu/secret")
    session.commit()

    answer = client.get("/en/c/sanem.ics")

    assert answer.content_type == "text/calendar; charset=utf-8"
    assert len(Calendar.from_ical(answer.text).walk("VEVENT")) == 4
    assert "secret" not in answer.text


def test_poster_and_leaflet_carry_the_short_address_the_phone_and_five_languages(
    client: FlaskClient, session: Session
) -> None:
    an_activity(session, organisation=an_organisation(session, name="Gemeng Suessem", phone="59 30 75"))
    session.commit()

    pages = [client.get(f"/fr/c/sanem/{paper}").text for paper in ("poster", "leaflet")]

    for page in pages:
        assert "localhost:8000/c/sanem" in page
        assert "59 30 75" in page
        assert 'class="qr"' in page
        assert {"lb", "de", "en", "pt"} <= set(re.findall(r'<span lang="(\w\w)" dir="ltr">', page))


def test_the_short_address_of_a_commune_keeps_the_language_of_the_browser(client: FlaskClient) -> None:
    answer = client.get("/c/sanem", headers={"Accept-Language": "lb"})

    assert answer.location == "/lb/c/sanem"


def test_seats_are_told_only_where_we_keep_the_list(client: FlaskClient, session: Session) -> None:
    an_activity(session, registration_by="provider", registration_contact="26 00 00 01")
    session.commit()

    page = client.get("/en/c/sanem").text

    assert ("Sign-up with the organiser" in page, "seats free" in page) == (True, False)
