"""Publishing an activity from eight fields, again next season, and changing it."""

import re
from datetime import date, time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from commune_hub.accounts.models import Organisation
from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.events.models import Activity, Meeting, Venue
from commune_hub.events.words import ActivityState, MeetingState, SignupMode
from tests import factories
from tests.infrastructure.counting import counted
from tests.web.staff.conftest import SignedIn

NEW = "/en/staff/activities/new"


@pytest.fixture
def venue(session: Session, organisation: Organisation) -> Venue:
    return factories.a_venue(session, organisation=organisation)


@pytest.fixture
def eight_fields(venue: Venue) -> dict[str, object]:
    """What an officer fills in; the rest is as the form has it."""
    return {
        "kind": "conversation_table", "languages": ["lb"], "level_from": "A1", "level_to": "A2",
        "venue": venue.public_id, "rhythm": "weekly", "weekdays": ["TU"], "starts": "18:30", "ends": "20:00",
        "first_on": "2026-12-01", "last_on": "2026-12-15", "hosts": "Josée",
    }  # fmt: skip


def form_id(page: str) -> str:
    found = re.search(r'name="form_id" value="([^"]+)"', page)
    assert found
    return found[1]


def only_activity(session: Session) -> Activity:
    return session.scalars(select(Activity)).one()


def days_of(activity: Activity) -> list[str]:
    return [f"{meeting.occurrence_on}" for meeting in activity.meetings]


def test_eight_fields_publish_an_activity(
    officer: FlaskClient, session: Session, eight_fields: dict[str, object]
) -> None:
    answer = officer.post(NEW, data=eight_fields | {"act": "publish"})

    activity = only_activity(session)
    assert answer.location == f"/en/staff/activities/{activity.public_id}/season"
    assert activity.state == ActivityState.PUBLISHED
    assert (activity.tags, activity.capacity, activity.waiting_room, activity.hosts) == (("lb",), 6, 6, "Josée")
    assert days_of(activity) == ["2026-12-01", "2026-12-08", "2026-12-15"]


def test_a_draft_is_kept_and_published_later(
    officer: FlaskClient, session: Session, eight_fields: dict[str, object]
) -> None:
    officer.post(NEW, data=eight_fields | {"act": "draft"})
    draft = only_activity(session)
    state = draft.state

    officer.post(f"/en/staff/activities/{draft.public_id}/publish")

    assert (state, draft.state) == (ActivityState.DRAFT, ActivityState.PUBLISHED)


def test_a_double_click_publishes_once(officer: FlaskClient, session: Session, eight_fields: dict[str, object]) -> None:
    form = eight_fields | {"act": "publish", "form_id": form_id(officer.get(f"{NEW}?kind=conversation_table").text)}

    first, second = officer.post(NEW, data=form), officer.post(NEW, data=form)

    assert first.location == second.location
    assert session.scalar(select(func.count()).select_from(Activity)) == 1


def test_going_back_and_typing_something_else_makes_another_one(
    officer: FlaskClient, session: Session, eight_fields: dict[str, object]
) -> None:
    form = eight_fields | {"act": "publish", "form_id": form_id(officer.get(f"{NEW}?kind=conversation_table").text)}

    officer.post(NEW, data=form)
    officer.post(NEW, data=form | {"hosts": "Rui"})

    assert set(session.scalars(select(Activity.hosts))) == {"Josée", "Rui"}


def test_what_is_wrong_is_named_and_what_was_typed_is_kept(
    officer: FlaskClient, session: Session, eight_fields: dict[str, object]
) -> None:
    form = eight_fields | {"languages": [], "other_languages": "klingonish", "weekdays": [], "last_on": "2026-11-30"}

    answer = officer.post(NEW, data=form | {"act": "publish"})

    assert answer.status_code == 422
    assert [f'href="#{name}"' in answer.text for name in ("languages", "other_languages", "weekdays")] == [True] * 3
    assert 'value="klingonish"' in answer.text and 'value="Josée"' in answer.text
    assert session.scalar(select(Activity.id)) is None


def test_an_activity_without_a_place_can_be_a_draft_but_not_published(
    officer: FlaskClient, session: Session, eight_fields: dict[str, object]
) -> None:
    published = officer.post(NEW, data=eight_fields | {"venue": "", "act": "publish"})
    draft = officer.post(NEW, data=eight_fields | {"venue": "", "act": "draft"})

    assert (published.status_code, draft.status_code) == (422, 303)
    assert 'href="#venue"' in published.text
    assert only_activity(session).venue is None


def test_what_a_rule_refuses_is_said_above_the_form_that_was_typed(
    officer: FlaskClient, session: Session, eight_fields: dict[str, object]
) -> None:
    short = {"kind": "civic_course", "rhythm": "dates", "dates": "2026-12-05", "starts": "09:00", "ends": "12:00"}

    answer = officer.post(NEW, data=eight_fields | short | {"act": "publish"})

    assert answer.status_code == 422
    assert "A civic course lasts at least six hours in all." in answer.text
    assert 'value="Josée"' in answer.text
    assert session.scalar(select(Activity.id)) is None


def test_a_place_typed_beside_the_list_is_added_to_it(
    officer: FlaskClient, session: Session, eight_fields: dict[str, object]
) -> None:
    new = {"venue": "", "venue_name": "Al Schoul", "venue_locality": "Belvaux", "act": "publish"}

    officer.post(NEW, data=eight_fields | new)

    assert only_activity(session).venue.name == "Al Schoul"


def test_an_unknown_village_is_said_beside_the_new_place(
    officer: FlaskClient, session: Session, eight_fields: dict[str, object]
) -> None:
    new = {"venue": "", "venue_name": "Al Schoul", "venue_locality": "Qqqqqq", "act": "publish"}

    answer = officer.post(NEW, data=eight_fields | new)

    assert answer.status_code == 422
    assert 'href="#venue_locality"' in answer.text
    assert session.scalar(select(Activity.id)) is None


def test_the_room_of_another_commune_is_not_in_the_list(
    officer: FlaskClient, session: Session, eight_fields: dict[str, object]
) -> None:
    foreign = factories.a_venue(session, name="Fremde Sall")

    answer = officer.post(NEW, data=eight_fields | {"venue": foreign.public_id, "act": "publish"})

    assert answer.status_code == 422
    assert "Fremde Sall" not in officer.get(f"{NEW}?kind=conversation_table").text


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ({"rhythm": "weekly", "weekdays": ["TU", "TH"]}, "FREQ=WEEKLY;BYDAY=TU,TH"),
        ({"rhythm": "fortnightly", "weekdays": ["TU"]}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ({"rhythm": "monthly", "weekdays": ["WE"], "nth": "2"}, "FREQ=MONTHLY;BYDAY=2WE"),
        ({"rhythm": "monthly", "weekdays": ["WE"], "nth": "-1"}, "FREQ=MONTHLY;BYDAY=-1WE"),
        ({"rhythm": "rule", "rule": "FREQ=DAILY;INTERVAL=3"}, "FREQ=DAILY;INTERVAL=3"),
        ({"rhythm": "dates", "dates": "24.12.2026\n2026-12-03"}, ""),
    ],
)
def test_every_rhythm_becomes_a_rule_and_comes_back_into_the_form(
    officer: FlaskClient, session: Session, eight_fields: dict[str, object], typed: dict[str, object], rule: str
) -> None:
    officer.post(NEW, data=eight_fields | {"last_on": "2026-12-31"} | typed)

    activity = only_activity(session)
    page = officer.get(f"/en/staff/activities/{activity.public_id}/edit").text
    assert activity.rrule == rule
    assert re.search(rf'name="rhythm" value="{typed["rhythm"]}" checked', page)


def test_single_dates_are_the_dates(officer: FlaskClient, session: Session, eight_fields: dict[str, object]) -> None:
    officer.post(NEW, data=eight_fields | {"rhythm": "dates", "dates": "24.12.2026\n2026-12-03"})

    activity = only_activity(session)
    assert days_of(activity) == ["2026-12-03", "2026-12-24"]
    assert (activity.first_on, activity.last_on) == (date(2026, 12, 3), date(2026, 12, 24))


def test_other_languages_are_known_by_name_and_by_code(
    officer: FlaskClient, session: Session, eight_fields: dict[str, object]
) -> None:
    officer.post(NEW, data=eight_fields | {"other_languages": "Arabisch, uk zh-Hant"})

    assert only_activity(session).tags == ("lb", "ar", "uk", "zh-Hant")


def test_the_same_room_at_the_same_time_is_said_and_allowed(
    officer: FlaskClient, session: Session, venue: Venue, eight_fields: dict[str, object]
) -> None:
    factories.an_activity(session, venue=venue, starts=time(19), ends=time(20))

    answer = officer.post(NEW, data=eight_fields | {"act": "publish"}, follow_redirects=True)

    assert "is in the same room at the same time, for example on Tue, 1 Dec" in answer.text.replace("Tue 1", "Tue, 1")


def test_another_season_is_the_last_one_with_new_days(officer: FlaskClient, session: Session, venue: Venue) -> None:
    last = factories.an_activity(session, venue=venue, last_on=date(2026, 12, 15), hosts="Josée", capacity=5)

    page = officer.get(f"{NEW}?again={last.public_id}").text
    form = fields_of(page) | {"first_on": "2027-01-05", "last_on": "2027-01-19", "hosts": "Rui", "act": "publish"}
    officer.post(NEW, data=form)

    new = session.scalars(select(Activity).where(Activity.previous_id == last.id)).one()
    assert (new.state, new.hosts, new.capacity, new.venue) == (ActivityState.PUBLISHED, "Rui", 5, venue)
    assert days_of(new) == ["2027-01-05", "2027-01-12", "2027-01-19"]


def fields_of(page: str) -> dict[str, object]:
    """The fields of the big form as a browser would send them."""
    form = re.search(r'<form [^>]*id="activity".*?</form>', page, re.DOTALL)
    assert form
    fields: MultiDict[str, str] = MultiDict()
    for tag in re.findall(r"<input [^>]*>", form[0]):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if given.get("type") not in ("checkbox", "radio") or " checked" in tag:
            fields.add(given["name"], given.get("value", ""))
    for name, options in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        if chosen:
            fields.add(name, chosen[1] or chosen[2])
    for name, text in re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>([^<]*)', form[0]):
        fields.add(name, text)
    return {name: values for name, values in fields.to_dict(flat=False).items() if name != "csrf_token"}


def test_the_form_of_an_activity_sent_back_changes_nothing(
    officer: FlaskClient, session: Session, venue: Venue
) -> None:
    activity = factories.an_activity(
        session, venue=venue, languages=("lb", "ar"), price="12.50", title_fr="La table", skipped_dates=("2026-12-01",),
        closes_hours=2, child_care=True, skip_school_holidays=True,
    )  # fmt: skip
    address = f"/en/staff/activities/{activity.public_id}/edit"
    before = [(one.occurrence_on, one.starts_at, one.state) for one in activity.meetings]

    form = fields_of(officer.get(address).text)
    answer = officer.post(address, data=form)

    assert answer.status_code == 303
    assert [(one.occurrence_on, one.starts_at, one.state) for one in activity.meetings] == before
    assert (activity.tags, activity.price_cents, activity.closes_minutes) == (("lb", "ar"), 1250, 120)


def test_a_change_of_dates_that_people_know_is_shown_before_it_is_done(
    officer: FlaskClient, session: Session, venue: Venue
) -> None:
    activity = factories.an_activity(session, venue=venue)
    coming = [one for one in activity.meetings if one.starts_at > factories.NOW]
    factories.a_signup(session, coming[1].pool)
    address = f"/en/staff/activities/{activity.public_id}/edit"
    form = fields_of(officer.get(address).text) | {"last_on": "2026-11-24"}

    asked = officer.post(address, data=form)
    untouched = session.scalar(select(func.count()).where(Meeting.activity_id == activity.id))
    mark = re.search(r'name="confirmed" value="(\w+)"', asked.text)
    assert mark
    done = officer.post(address, data=form | {"confirmed": mark[1]})

    assert (asked.status_code, done.status_code) == (200, 303)
    assert "One date with sign-ups is cancelled" in asked.text and "2 dates fall away" in asked.text
    assert untouched == 11
    assert [one.state for one in activity.meetings if one.starts_at > factories.NOW] == [
        MeetingState.PLANNED, MeetingState.CANCELLED,
    ]  # fmt: skip


def test_what_was_agreed_to_must_be_what_is_done(officer: FlaskClient, session: Session, venue: Venue) -> None:
    activity = factories.an_activity(session, venue=venue)
    address = f"/en/staff/activities/{activity.public_id}/edit"
    form = fields_of(officer.get(address).text) | {"last_on": "2026-11-24"}
    mark = re.search(r'name="confirmed" value="(\w+)"', officer.post(address, data=form).text)
    assert mark
    factories.a_signup(session, activity.meetings[-1].pool)

    answer = officer.post(address, data=form | {"confirmed": mark[1]})

    assert answer.status_code == 200
    assert "One date with sign-ups is cancelled" in answer.text


def test_kind_and_way_of_taking_part_stay_once_it_is_published(
    officer: FlaskClient, session: Session, venue: Venue
) -> None:
    activity = factories.an_activity(session, venue=venue)
    address = f"/en/staff/activities/{activity.public_id}/edit"

    officer.post(address, data=fields_of(officer.get(address).text) | {"kind": "civic_course", "signup": "drop_in"})

    assert (activity.kind, activity.signup) == ("conversation_table", SignupMode.SIGN_UP)


def test_a_draft_can_still_become_a_whole_course(officer: FlaskClient, session: Session, venue: Venue) -> None:
    activity = factories.an_activity(session, venue=venue, published=False)
    address = f"/en/staff/activities/{activity.public_id}/edit"

    officer.post(address, data=fields_of(officer.get(address).text) | {"signup": "whole_course"})

    assert len(activity.meetings) == 11
    assert len({one.pool_id for one in activity.meetings}) == 1


def test_a_foreign_activity_answers_like_none(officer: FlaskClient, session: Session) -> None:
    foreign = factories.an_activity(session)

    answers = {
        officer.open(f"/en/staff/activities/{activity_id}/{page}", method=method).status_code
        for activity_id in (foreign.public_id, "A" * 22)
        for method, page in (
            ("GET", "edit"), ("POST", "edit"), ("GET", "season"), ("POST", "season"), ("POST", "publish"),
            ("POST", "archive"), ("POST", "delete"),
        )
    }  # fmt: skip

    assert answers == {404}


def test_putting_away_cancels_what_is_to_come(officer: FlaskClient, session: Session, venue: Venue) -> None:
    activity = factories.an_activity(session, venue=venue)

    officer.post(f"/en/staff/activities/{activity.public_id}/archive")

    assert activity.state == ActivityState.ARCHIVED
    assert officer.get(f"/en/staff/activities/{activity.public_id}/edit").status_code == 404


def test_only_a_draft_is_thrown_away(officer: FlaskClient, session: Session, venue: Venue) -> None:
    published = factories.an_activity(session, venue=venue)
    draft = factories.an_activity(session, venue=venue, published=False)

    answers = [officer.post(f"/en/staff/activities/{one.public_id}/delete").status_code for one in (published, draft)]

    assert answers == [404, 303]
    assert list(session.scalars(select(Activity.public_id))) == [published.public_id]


def test_the_list_asks_as_often_for_three_as_for_one(
    officer: FlaskClient, store: Store, session: Session, venue: Venue
) -> None:
    factories.an_activity(session, venue=venue)
    with counted(store) as for_one:
        officer.get("/en/staff/activities")
    for _ in range(2):
        factories.an_activity(session, venue=venue)

    with counted(store) as for_three:
        page = officer.get("/en/staff/activities").text

    assert page.count("Conversation table</a>") == 3
    assert len(for_three) == len(for_one)


def test_each_shelf_holds_its_own(officer: FlaskClient, session: Session, venue: Venue) -> None:
    factories.an_activity(session, venue=venue, title_en="Runs")
    factories.an_activity(session, venue=venue, title_en="In the making", published=False)
    ended = {"first_on": date(2026, 3, 3), "last_on": date(2026, 6, 30), "now": factories.NOW.replace(month=1)}
    factories.an_activity(session, venue=venue, title_en="Over", **ended)
    factories.an_activity(session, title_en="Elsewhere")

    found = {
        shelf: re.findall(r'season">([^<]+)</a>', officer.get(f"/en/staff/activities?shelf={shelf}").text)
        for shelf in ("running", "drafts", "past", "nonsense")
    }

    assert found == {"running": ["Runs"], "drafts": ["In the making"], "past": ["Over"], "nonsense": ["Runs"]}


def test_asti_chooses_for_whom_it_publishes(
    signed_in: SignedIn, session: Session, organisation: Organisation, eight_fields: dict[str, object]
) -> None:
    factories.an_organisation(session)
    asti = signed_in(Role.ASTI)

    without = asti.post(NEW, data=eight_fields)
    chosen = asti.post(NEW, data=eight_fields | {"organisation": organisation.public_id})

    assert (without.status_code, chosen.status_code) == (404, 303)
    assert only_activity(session).organisation == organisation


@pytest.fixture
def cafe(eight_fields: dict[str, object]) -> dict[str, object]:
    """A café whose tables change languages at 19:45."""
    evening = {"kind": "language_cafe", "starts": "19:00", "ends": "20:30"}
    return eight_fields | evening | {"later_starts": "19:45", "later_languages": "lb, Italian", "act": "publish"}


def parts_of(activity: Activity) -> list[tuple[str, str, str]]:
    return [(row.tag, f"{row.starts:%H:%M}", f"{row.ends:%H:%M}") for row in activity.languages]


def test_the_tables_of_a_cafe_change_languages_in_the_middle_of_the_evening(
    officer: FlaskClient, client: FlaskClient, session: Session, cafe: dict[str, object]
) -> None:
    officer.post(NEW, data=cafe | {"languages": ["fr", "de"]})

    made = only_activity(session)
    page = client.get(f"/en/a/{made.public_id}").text
    assert parts_of(made) == [
        ("fr", "19:00", "19:45"), ("de", "19:00", "19:45"), ("lb", "19:45", "20:30"), ("it", "19:45", "20:30"),
    ]  # fmt: skip
    assert "19:00 – 19:45: French and German" in page
    assert "19:45 – 20:30: Luxembourgish and Italian" in page


def test_changing_something_else_keeps_the_parts_of_the_evening_and_the_organisers_own_words(
    officer: FlaskClient, session: Session, cafe: dict[str, object]
) -> None:
    own = {"audience_fr": "Pour les voisins", "price_fr": "Une boisson"}
    officer.post(NEW, data=cafe | own | {"act": "draft"})
    made = only_activity(session)
    before = parts_of(made)

    page = officer.get(f"/en/staff/activities/{made.public_id}/edit").text
    dates = {"on": days_of(made), "more_dates": "2026-12-12"}
    officer.post(f"/en/staff/activities/{made.public_id}/season", data=dates)

    session.expire_all()
    assert "2026-12-12" in days_of(made)
    assert all(f'value="{value}"' in page for value in ("19:45", "lb, it", *own.values()))
    assert parts_of(made) == before
    assert {f"{row.field}_{row.language}": row.text for row in made.texts} == own


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"later_starts": ""}, "later_starts"),
        ({"later_starts": "20:30"}, "later_starts"),
        ({"later_languages": ""}, "later_languages"),
        ({"later_languages": "klingonish"}, "later_languages"),
    ],
)
def test_a_second_part_has_languages_and_begins_while_people_are_there(
    officer: FlaskClient, session: Session, cafe: dict[str, object], changed: dict[str, str], field: str
) -> None:
    answer = officer.post(NEW, data=cafe | changed)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert session.scalar(select(Activity.id)) is None


@pytest.mark.parametrize("kind", ["", "opera"])
def test_a_kind_that_is_none_is_said_in_the_form(officer: FlaskClient, session: Session, kind: str) -> None:
    answer = officer.post("/en/staff/activities/new", data={"kind": kind})

    assert (answer.status_code, session.scalar(select(Activity.id))) == (422, None)
    assert 'id="errors"' in answer.text
