"""The register of rooms and halls."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.base.db import Store
from commune_hub.base.outbox import Job
from commune_hub.events.models import Listing, Venue
from commune_hub.places.words import PointSource
from tests import factories
from tests.infrastructure.counting import counted

NEW = "/en/staff/places/new"
HALL = {"name": "Al Schoul", "address": "1, rue de l'École", "postcode": "4477", "locality": "Belvaux"}


def only_venue(session: Session) -> Venue:
    return session.scalars(select(Venue)).one()


def test_a_village_gives_an_approximate_point_and_a_job_for_the_geocoder(
    officer: FlaskClient, session: Session
) -> None:
    officer.post(NEW, data=HALL)

    venue = only_venue(session)
    assert (venue.lau2, venue.point_source) == ("0213", PointSource.APPROXIMATE)
    assert session.scalars(select(Job.kind)).all() == ["locate_venue"]
    assert "approximate" in officer.get("/en/staff/places").text


def test_a_pin_counts_more_than_the_address(officer: FlaskClient, session: Session) -> None:
    officer.post(NEW, data=HALL | {"lat": "49.51", "lon": "5.93"})

    venue = only_venue(session)
    assert (venue.lat, venue.lon, venue.point_source) == (49.51, 5.93, PointSource.PIN)


def test_a_double_click_adds_one_place(officer: FlaskClient, session: Session) -> None:
    form_id = re.search(r'name="form_id" value="([^"]+)"', officer.get(NEW).text)
    assert form_id
    form = HALL | {"form_id": form_id[1]}

    answers = [officer.post(NEW, data=form).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert session.scalar(select(func.count()).select_from(Venue)) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"locality": "Qqqqqq"}, "locality"),
        ({"lat": "120", "lon": "5.9"}, "lat"),
        ({"lat": "nan", "lon": "5.9"}, "lat"),
        ({"capacity": "0"}, "capacity"),
    ],
)
def test_what_cannot_be_is_named_and_the_form_is_kept(
    officer: FlaskClient, session: Session, typed: dict[str, str], field: str
) -> None:
    answer = officer.post(NEW, data=HALL | typed)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "1, rue de l&#39;École" in answer.text
    assert session.scalar(select(Venue.id)) is None


def test_the_search_follows_a_changed_place(officer: FlaskClient, session: Session, organisation: Organisation) -> None:
    venue = factories.a_venue(session, organisation=organisation)
    factories.an_activity(session, venue=venue)

    officer.post(f"/en/staff/places/{venue.public_id}", data=HALL | {"lat": "49.6", "lon": "6.1", "step_free": "yes"})

    assert {tuple(row) for row in session.execute(select(Listing.lat, Listing.lon))} == {(49.6, 6.1)}
    assert (venue.name, venue.step_free) == ("Al Schoul", True)


def test_the_places_of_another_commune_answer_like_none(officer: FlaskClient, session: Session) -> None:
    foreign = factories.a_venue(session, name="Fremde Sall")

    answers = [
        officer.get(f"/en/staff/places/{foreign.public_id}").status_code,
        officer.post(f"/en/staff/places/{foreign.public_id}", data=HALL).status_code,
        officer.post(f"/en/staff/places/{foreign.public_id}/archive").status_code,
        officer.get(f"/en/staff/places/{'A' * 22}").status_code,
    ]

    assert answers == [404] * 4
    assert "Fremde Sall" not in officer.get("/en/staff/places").text


def test_a_place_in_use_stays_in_the_list(officer: FlaskClient, session: Session, organisation: Organisation) -> None:
    used, unused = (factories.a_venue(session, organisation=organisation) for _ in range(2))
    factories.an_activity(session, venue=used)

    for venue in (used, unused):
        officer.post(f"/en/staff/places/{venue.public_id}/archive")

    assert (used.archived_at is None, unused.archived_at is None) == (True, False)
    assert "An activity takes place there." in officer.get("/en/staff/places").text


def test_the_list_asks_as_often_for_three_as_for_one(
    officer: FlaskClient, store: Store, session: Session, organisation: Organisation
) -> None:
    factories.a_venue(session, organisation=organisation)
    officer.get("/en/staff/places")
    with counted(store) as for_one:
        officer.get("/en/staff/places")
    for _ in range(2):
        factories.a_venue(session, organisation=organisation)
    session.commit()

    with counted(store) as for_three:
        officer.get("/en/staff/places")

    assert len(for_three) == len(for_one)
