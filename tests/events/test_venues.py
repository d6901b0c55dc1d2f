"""The register of venues: where they are, and who may change them."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base.errors import InputCode, Invalid, NotFound, Refused
from commune_hub.base.outbox import Job
from commune_hub.events.actions import publishing, venues
from commune_hub.events.inputs import VenueDraft
from commune_hub.events.models import Listing, Venue
from commune_hub.events.words import ActivityRefusal
from commune_hub.places.geo import Point
from commune_hub.places.words import PointSource
from tests.factories import an_activity, an_actor, an_organisation


def a_form(**given: Any) -> VenueDraft:
    form = {"name": "Centre culturel", "address": "4, rue de la Poste", "postcode": "4477", "locality": "Belvaux"}
    return VenueDraft.parse(form | given)


def added(session: Session, now: datetime, **given: Any) -> Venue:
    organisation = an_organisation(session)
    actor = an_actor(session, organisation=organisation)
    return venues.add(session, draft=a_form(**given), organisation=organisation, actor=actor, now=now)


def test_without_pin_or_address_file_it_is_the_locality_until_the_geocoder_answers(
    session: Session, now: datetime
) -> None:
    venue = added(session, now)

    assert (venue.lau2, venue.point_source) == ("0213", PointSource.APPROXIMATE)
    assert session.scalars(select(Job.ids).where(Job.kind == "locate_venue")).all() == [{"venue": venue.public_id}]


def test_a_pin_set_by_hand_overrides_and_stays(session: Session, now: datetime) -> None:
    venue = added(session, now, lat="49.5103", lon="5.9241")

    venues.set_point(session, venue=venue, point=Point(49.6, 6.1), source=PointSource.GEOCODER)

    assert (venue.lat, venue.lon, venue.point_source, venue.lau2) == (49.5103, 5.9241, PointSource.PIN, "0213")


def test_a_place_that_nobody_knows_is_named_at_its_field(session: Session, now: datetime) -> None:
    with pytest.raises(Invalid) as invalid:
        added(session, now, address="", postcode="", locality="Qwertzuiopasdf")

    assert invalid.value.problems == {"locality": (InputCode.UNKNOWN_PLACE,)}


def test_a_better_point_moves_the_listings(session: Session, now: datetime) -> None:
    venue = added(session, now)
    an_activity(session, venue=venue)

    venues.set_point(session, venue=venue, point=Point(49.51, 5.92), source=PointSource.GEOCODER)

    assert set(map(tuple, session.execute(select(Listing.lat, Listing.lon)))) == {(49.51, 5.92)}


def test_another_commune_s_officer_finds_no_venue(session: Session, now: datetime) -> None:
    venue, stranger = added(session, now), an_actor(session, organisation=an_organisation(session))

    with pytest.raises(NotFound):
        venues.change(session, venue=venue, draft=a_form(), actor=stranger, now=now)


def test_a_venue_in_use_is_not_closed(session: Session, now: datetime) -> None:
    venue = added(session, now)
    actor = an_actor(session, organisation=venue.organisation)
    activity = an_activity(session, venue=venue)

    with pytest.raises(Refused) as refused:
        venues.close(session, venue=venue, actor=actor, now=now)
    assert refused.value.reason == ActivityRefusal.VENUE_IN_USE

    publishing.archive(session, activity=activity, actor=actor, now=now)
    venues.close(session, venue=venue, actor=actor, now=now)
    assert venue.archived_at == now
