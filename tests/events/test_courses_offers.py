"""Venues offered for civic courses, where signatories live as numbers, invitations by right."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import profile
from commune_hub.accounts.words import OrganisationKind, Role
from commune_hub.base.errors import Invalid, NotFound, Refused
from commune_hub.events import queries
from commune_hub.events.actions import invitations, publishing, venue_offers
from commune_hub.events.course_inputs import OfferDraft, TakeDraft
from commune_hub.events.models import Venue
from commune_hub.events.records import EventInvitation, SignatoryArea, VenueOffer
from commune_hub.events.words import CourseRefusal, SeatRefusal, VenueOfferState
from commune_hub.places.geo import Point
from tests.factories import NOW, a_person, a_priority, a_venue, an_activity, an_actor, an_organisation


def offered(session: Session, venue: Venue, *times: tuple[str, str, str]) -> list[VenueOffer]:
    officer = an_actor(session, organisation=venue.organisation)
    return [
        venue_offers.offer_time(
            session, venue=venue, draft=OfferDraft.parse({"on": on, "starts": starts, "ends": ends}), actor=officer,
            now=NOW,
        )
        for on, starts, ends in times
    ]  # fmt: skip


def taking(*offers: VenueOffer) -> TakeDraft:
    return TakeDraft(offers=tuple(offer.public_id for offer in offers), languages=("fr",))


def test_a_time_offered_twice_is_one_offer_and_a_past_one_none(session: Session) -> None:
    venue, morning = a_venue(session), ("2027-02-06", "09:00", "12:00")

    first, again = offered(session, venue, morning, morning)

    assert (first, venue.offered_for_civic) == (again, True)
    with pytest.raises(Invalid):
        offered(session, venue, ("2026-11-21", "09:00", "12:00"))


def test_CIV_14_times_that_differ_become_the_dates_of_one_course(session: Session) -> None:
    venue = a_venue(session, capacity=18)
    offers = offered(
        session, venue, ("2027-02-06", "09:00", "12:00"), ("2027-02-06", "13:00", "15:00"),
        ("2027-02-13", "18:00", "20:00"),
    )  # fmt: skip
    authority = an_organisation(session, kind=OrganisationKind.AUTHORITY)
    national = an_actor(session, role=Role.NATIONAL_OFFICER)

    course = venue_offers.take(
        session, draft=taking(*offers), organisation_id=authority.public_id, actor=national, now=NOW
    )

    meetings = queries.meetings_of(session, course.id)
    assert [(m.starts_at, m.ends_at) for m in meetings] == [(o.starts_at, o.ends_at) for o in offers]
    assert len({meeting.pool_id for meeting in meetings}) == 1
    assert (course.capacity, course.venue, course.organisation) == (18, venue, authority)
    assert [row.organisation for row in course.co_organisers] == [venue.organisation]


def test_what_is_taken_is_gone_and_a_draft_thrown_away_frees_it(session: Session) -> None:
    [offer] = offered(session, a_venue(session), ("2027-02-06", "09:00", "15:00"))
    ours, theirs = (an_organisation(session, kind=OrganisationKind.ASSOCIATION) for _ in range(2))
    officer, other = an_actor(session, organisation=ours), an_actor(session, organisation=theirs)
    course = venue_offers.take(session, draft=taking(offer), organisation_id=ours.public_id, actor=officer, now=NOW)

    for late in (
        lambda: venue_offers.take(session, draft=taking(offer), organisation_id=theirs.public_id, actor=other, now=NOW),
        lambda: venue_offers.refuse(session, offer=offer, reason="No", actor=other, now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            late()
        assert refused.value.reason == CourseRefusal.OFFER_IS_GONE
    publishing.delete_draft(session, activity=course, actor=officer)
    session.refresh(offer)
    assert (offer.state, offer.taken_by_id, offer.activity_id) == (VenueOfferState.OPEN, None, None)


def test_a_time_that_has_begun_is_not_taken(session: Session) -> None:
    [offer] = offered(session, a_venue(session), ("2027-02-06", "09:00", "15:00"))
    ours = an_organisation(session, kind=OrganisationKind.ASSOCIATION)

    with pytest.raises(Refused) as refused:
        venue_offers.take(
            session, draft=taking(offer), organisation_id=ours.public_id, actor=an_actor(session, organisation=ours),
            now=offer.starts_at,
        )  # fmt: skip

    assert refused.value.reason == CourseRefusal.OFFER_IN_THE_PAST


def test_communes_take_no_venues(session: Session) -> None:
    commune = an_organisation(session)

    with pytest.raises(NotFound):
        venue_offers.takers(session, an_actor(session, organisation=commune))


def test_only_running_contracts_with_a_home_are_counted_and_few_are_not_told(session: Session) -> None:
    venue = a_venue(session)
    offered(session, venue, ("2027-02-06", "09:00", "15:00"))
    people = [a_person(session, name=f"P{number}") for number in range(7)]
    for person in people[:6]:
        profile.keep_home(session, person=person, point=Point(venue.lat, venue.lon), label="Belvaux")
    for person in people[1:]:
        a_priority(session, person)
    over = a_priority(session, people[0], until=NOW.date() - timedelta(days=1))

    venue_offers.rewrite_areas(session, now=NOW)

    assert [row.number for row in session.scalars(select(SignatoryArea))] == [5]
    assert [row.near for row in venue_offers.on_offer(session, NOW)] == [5]
    session.delete(session.merge(over))
    profile.forget_home(session, person=people[1])
    venue_offers.rewrite_areas(session, now=NOW)
    assert [row.near for row in venue_offers.on_offer(session, NOW)] == [None]


def test_ORI_4_only_the_authority_invites_and_an_expired_contract_takes_no_seat(session: Session) -> None:
    day = an_activity(
        session, kind="orientation_day", rrule="", starts=time(13, 30), ends=time(18), first_on=date(2027, 1, 16),
        last_on=date(2027, 1, 16),
    )  # fmt: skip
    amina = a_person(session)
    priority = a_priority(session, amina)
    invitations.invite_signatories(session, activity=day, actor=an_actor(session, role=Role.DIRECTOR), now=NOW)
    [row] = session.scalars(select(EventInvitation)).all()
    priority.until = date(2027, 1, 15)
    session.flush()

    with pytest.raises(Refused) as refused:
        invitations.answer(session, invitation=row, comes=True, now=NOW)
    assert (refused.value.reason, row.person) == (SeatRefusal.SIGNATORIES_ONLY, amina)
    with pytest.raises(NotFound):
        officer = an_actor(session, organisation=day.organisation)
        invitations.invite_signatories(session, activity=day, actor=officer, now=NOW)
