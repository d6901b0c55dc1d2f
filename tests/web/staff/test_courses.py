"""The pages of courses, offered places and invitations: what they do, what they refuse, who finds nothing there."""

import re
from collections.abc import Callable
from datetime import date, time

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Organisation
from commune_hub.accounts.words import OrganisationKind, Role
from commune_hub.events.actions import courses, invitations, meetings
from commune_hub.events.models import Activity, Signup
from commune_hub.events.records import Course, EventInvitation, VenueOffer
from commune_hub.events.words import CancelReason, CourseState, SignupState, VenueOfferState
from tests import factories
from tests.factories import NOW
from tests.infrastructure.server import LiveServer
from tests.web.staff.conftest import SignedIn


@pytest.fixture
def civic(session: Session, organisation: Organisation) -> Activity:
    """Two Saturday mornings in January."""
    return factories.an_activity(
        session, organisation=organisation, kind="civic_course", rrule="FREQ=WEEKLY;BYDAY=SA", starts=time(9),
        ends=time(12), first_on=date(2027, 1, 9), last_on=date(2027, 1, 16), languages=("fr",),
    )  # fmt: skip


@pytest.fixture
def provider(session: Session) -> Organisation:
    return factories.an_organisation(session, kind=OrganisationKind.AUTHORITY, name="Service", slug="service")


def enrol(session: Session, activity: Activity, number: int) -> list[Signup]:
    return [factories.a_signup(session, activity.meetings[0].pool) for _ in range(number)]


def page_of(activity: Activity, act: str = "") -> str:
    return f"/en/staff/activities/{activity.public_id}/course{act}"


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_an_officer_confirms_a_course_with_enough_people(
    session: Session, organisation: Organisation, civic: Activity, signed_in: SignedIn
) -> None:
    enrol(session, civic, 15)
    officer = signed_in(Role.OFFICER, organisation)

    before = officer.get(page_of(civic)).text
    officer.post(page_of(civic, "/decide"))

    assert "Confirm it now and tell everybody" in before
    assert "Takes place" in officer.get(page_of(civic)).text
    assert session.get_one(Course, civic.id).state == CourseState.CONFIRMED


def test_too_few_people_are_no_course(session: Session, civic: Activity, officer: FlaskClient) -> None:
    answer = officer.post(page_of(civic, "/decide"), follow_redirects=True)

    assert "Not enough people have enrolled." in answer.text
    assert session.get(Course, civic.id) is None


def test_nobody_else_finds_the_course(session: Session, civic: Activity, signed_in: SignedIn) -> None:
    stranger = signed_in(Role.OFFICER, factories.an_organisation(session))

    answers = [stranger.get(page_of(civic))] + [
        stranger.post(page_of(civic, act), data={"on": "2027-01-05"})
        for act in ("", "/decide", "/postpone", "/decision-day", "/confirm-convention", "/invite")
    ]

    assert [answer.status_code for answer in answers] == [404] * 7


def test_a_course_is_postponed_to_a_day_and_the_booking_asks(
    session: Session, civic: Activity, organisation: Organisation, signed_in: SignedIn, client: FlaskClient
) -> None:
    [signup] = enrol(session, civic, 1)
    booking = f"/en/b/{signup.link_key}"
    officer = signed_in(Role.OFFICER, organisation)

    wrong = officer.post(page_of(civic, "/postpone"), data={"first_on": "2026-01-23"})
    officer.post(page_of(civic, "/postpone"), data={"first_on": "2027-01-23"})
    asked = client.get(booking).text
    client.post(f"{booking}/keep")

    assert wrong.status_code == 422
    assert "I keep my place" in asked
    assert "You have said that you keep your place." in client.get(booking).text
    assert "One person has said: I keep my place." in officer.get(page_of(civic)).text


def test_a_cancelled_module_is_a_thing_to_do_until_it_has_a_new_date(
    session: Session, civic: Activity, organisation: Organisation, signed_in: SignedIn
) -> None:
    second = civic.meetings[1]
    meetings.cancel_meeting(session, meeting=second, reason=CancelReason.WEATHER, actor=None, now=NOW)
    officer = signed_in(Role.OFFICER, organisation)
    address = f"/en/staff/meetings/{second.public_id}/replace"

    before = officer.get(page_of(civic)).text
    wrong = officer.post(address, data={"on": "2027-01-30", "starts": "12:00", "ends": "09:00"})
    officer.post(address, data={"on": "2027-01-30", "starts": "09:00", "ends": "12:00"})

    assert "Nothing can be certified before it is held again." in said(before)
    assert (wrong.status_code, address in before) == (422, True)
    assert "held again" not in officer.get(page_of(civic)).text


def test_subjects_and_handbook_stand_on_the_public_page(
    civic: Activity, officer: FlaskClient, client: FlaskClient
) -> None:
    officer.post(page_of(civic), data={"contents": ["history", "rights_and_duties"], "handbook": "Vivre ici"})

    public = said(client.get(f"/en/a/{civic.public_id}").text)
    for words in ("6 hours in all", "The history of the country", "Handbook: Vivre ici", "articles 12 to 16"):
        assert words in public
    assert "Not all five subjects are named." in officer.get(page_of(civic)).text


def test_a_language_course_may_count_once_the_authority_has_confirmed_its_convention(
    session: Session, organisation: Organisation, signed_in: SignedIn, client: FlaskClient
) -> None:
    course = factories.an_activity(
        session, organisation=organisation, kind="conventioned_course", convention_reference="K-7"
    )
    director, officer = signed_in(Role.DIRECTOR), signed_in(Role.OFFICER, organisation)
    before = client.get(f"/en/a/{course.public_id}").text

    refused = officer.post(page_of(course, "/confirm-convention"))
    director.post(page_of(course, "/confirm-convention"))

    assert (refused.status_code, "articles 6 and 10" in before) == (404, False)
    assert "articles 6 and 10" in client.get(f"/en/a/{course.public_id}").text
    assert "Confirmed by the authority on" in officer.get(page_of(course)).text


def test_a_room_is_offered_taken_and_announced_together(
    session: Session, organisation: Organisation, provider: Organisation, signed_in: SignedIn
) -> None:
    venue = factories.a_venue(session, organisation=organisation)
    commune, taker = signed_in(Role.OFFICER, organisation), signed_in(Role.OFFICER, provider)
    address = f"/en/staff/places/{venue.public_id}/offers"
    for day in ("2027-02-06", "2027-02-13", "2027-02-20"):
        commune.post(address, data={"on": day, "starts": "09:00", "ends": "12:00"})
    first, second, third = session.scalars(select(VenueOffer).order_by(VenueOffer.starts_at)).all()

    table = said(taker.get("/en/staff/offered-places").text)
    form = {"offers": [first.public_id, second.public_id], "languages": ["fr"], "organisation": provider.public_id}
    taken = taker.post("/en/staff/offered-places/take", data=form)
    again = taker.post("/en/staff/offered-places/take", data=form)
    taker.post(f"/en/staff/offers/{third.public_id}/refuse", data={"reason": "Carnival"})

    course = session.scalars(select(Activity)).one()
    assert "within 10 km: fewer than 5" in table
    assert taken.location == again.location == page_of(course)
    session.expire_all()
    assert [one.state for one in (first, second, third)] == [
        VenueOfferState.TAKEN, VenueOfferState.TAKEN, VenueOfferState.REFUSED,
    ]  # fmt: skip
    assert (course.organisation, course.venue, len(course.meetings)) == (provider, venue, 2)
    page = commune.get(address).text
    assert page_of(course) in page and "Carnival" in page
    assert commune.post(f"/en/staff/activities/{course.public_id}/publish").status_code == 303


def test_communes_take_no_rooms_and_strangers_offer_none(
    session: Session, organisation: Organisation, officer: FlaskClient, signed_in: SignedIn
) -> None:
    theirs = factories.a_venue(session)
    session.commit()
    day = {"on": "2027-02-06", "starts": "09:00", "ends": "12:00"}

    answers = [
        officer.get("/en/staff/offered-places"),
        officer.post("/en/staff/offered-places/take", data={"offers": ["x"], "languages": ["fr"]}),
        officer.get(f"/en/staff/places/{theirs.public_id}/offers"),
        officer.post(f"/en/staff/places/{theirs.public_id}/offers", data=day),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


def an_orientation_day(session: Session, provider: Organisation) -> tuple[Activity, EventInvitation]:
    """A Saturday in January, with one invited signatory."""
    day = factories.an_activity(
        session, organisation=provider, kind="orientation_day", rrule="", starts=time(13, 30), ends=time(18),
        first_on=date(2027, 1, 16), last_on=date(2027, 1, 16),
    )  # fmt: skip
    amina = factories.a_person(session, contact="amina@example.lu", language="en")
    factories.a_priority(session, amina)
    factories.a_person(session, name="Nobody")
    director = factories.an_actor(session, role=Role.DIRECTOR)
    assert invitations.invite_signatories(session, activity=day, actor=director, now=NOW) == 1
    assert invitations.invite_signatories(session, activity=day, actor=director, now=NOW) == 0
    row = session.scalars(select(EventInvitation)).one()
    session.commit()
    return day, row


def test_an_invitation_is_answered_with_yes_and_with_no(
    session: Session, provider: Organisation, client: FlaskClient, signed_in: SignedIn
) -> None:
    day, row = an_orientation_day(session, provider)
    address = f"/en/i/{row.link_key}"
    states = []

    asked = client.get(address).text
    for answer in ("yes", "yes", "no", "yes"):
        client.post(address, data={"comes": answer})
        session.refresh(row)
        states.append((row.comes, [one.state for one in session.scalars(select(Signup).order_by(Signup.id))]))
        session.commit()

    confirmed, gone = SignupState.CONFIRMED, SignupState.CANCELLED
    assert "You are invited, Amina" in asked
    assert states == [
        (True, [confirmed]), (True, [confirmed]), (False, [gone]), (True, [gone, confirmed]),
    ]  # fmt: skip
    director = signed_in(Role.DIRECTOR)
    assert "One orientation day is planned. The regulation asks for at least two a year." in said(
        director.get("/en/staff/courses").text
    )
    assert "1 invited" in said(director.get(page_of(day)).text)


def test_a_link_that_nobody_was_given_opens_nothing(client: FlaskClient) -> None:
    for link in ("x", "A" * 22):
        assert client.get(f"/en/i/{link}").status_code == 404
        assert client.post(f"/en/i/{link}", data={"comes": "yes"}).status_code == 404


def test_an_orientation_day_is_not_answered_once_it_has_begun(
    session: Session, provider: Organisation, client: FlaskClient
) -> None:
    day, row = an_orientation_day(session, provider)
    day.meetings[0].starts_at = NOW
    session.commit()

    answer = client.post(f"/en/i/{row.link_key}", data={"comes": "yes"}, follow_redirects=True)

    assert "It is too late to answer. Please call us." in answer.text


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_courses_fit_and_can_be_used_by_everybody(
    session: Session, organisation: Organisation, provider: Organisation, civic: Activity, live_server: LiveServer,
    page: Page, axe: Callable[[Page], list[str]], width: int,
) -> None:  # fmt: skip
    _day, row = an_orientation_day(session, provider)
    second = civic.meetings[1]
    meetings.cancel_meeting(session, meeting=second, reason=CancelReason.WEATHER, actor=None, now=NOW)
    [signup] = enrol(session, civic, 1)
    courses.postpone(
        session, activity=civic, first_on=None, actor=factories.an_actor(session, organisation=organisation), now=NOW
    )
    account = factories.an_account(session, organisation=organisation)
    factories.a_role(session, account, Role.OFFICER, provider)
    venue = factories.a_venue(session, organisation=organisation)
    session.add(
        VenueOffer(
            venue=venue, starts_at=civic.meetings[0].starts_at, ends_at=civic.meetings[0].ends_at,
            state=VenueOfferState.OPEN, reason="",
        )
    )  # fmt: skip
    token = accounts.sign_in_staff(session, account=account, now=NOW, second_factor=True)
    session.commit()
    page.context.add_cookies([{"name": "signin", "value": token, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 900})

    wrong = []
    for path in (
        "/en/staff/courses", page_of(civic), page_of(_day), f"/en/staff/meetings/{second.public_id}/replace",
        f"/en/staff/places/{venue.public_id}/offers", "/en/staff/offered-places", f"/en/i/{row.link_key}",
        f"/en/b/{signup.link_key}", f"/en/a/{civic.public_id}",
    ):  # fmt: skip
        page.goto(live_server.url + path)
        too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        wrong += [f"{path}: {problem}" for problem in axe(page)] + ([f"{path}: too wide"] if too_wide else [])

    assert wrong == []
