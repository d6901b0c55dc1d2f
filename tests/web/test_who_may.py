"""Who may: every address, every method, every role, with ids of one's own, of others and of nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.actions import sign_in_staff
from commune_hub.accounts.models import Organisation, Person, SignInCode
from commune_hub.accounts.rules import reach_from
from commune_hub.accounts.words import Role
from commune_hub.base import outbox
from commune_hub.base.outbox import Job
from commune_hub.volunteers.actions import hosting, support
from commune_hub.volunteers.inputs import SupportDraft
from tests import factories

OFFICES = frozenset({"officer", "coordinator", "asti"})
INVITERS = frozenset({"coordinator", "asti", "admin"})
AUTHORITY = frozenset({"national_officer", "director"})
ADMIN = frozenset({"admin"})
STAFF = frozenset({*OFFICES, *ADMIN, *AUTHORITY, "auditor"})

# The law, written a second time: which roles get in where. A route that stands in none of the tables was not tried.
FOR_STAFF: dict[str, frozenset[str]] = {
    **dict.fromkeys(("staff.today", "staff.change_password", "staff.say_why"), STAFF),
    **dict.fromkeys(
        (
            "staff.activities", "staff.add_walk_in", "staff.archive", "staff.archive_venue",
            "staff.attendance", "staff.attendance_sheet", "staff.cafe_tables", "staff.cancel_meeting",
            "staff.change_size", "staff.check_in_code", "staff.correct_attendance", "staff.count_heads",
            "staff.letters", "staff.message", "staff.season_answers",
            "staff.counter", "staff.decide_course", "staff.decision_day", "staff.delete_draft", "staff.edit_activity",
            "staff.edit_venue", "staff.export_activities", "staff.give_right", "staff.import_activities",
            "staff.import_errors",
            "staff.make_person_card", "staff.meeting", "staff.move_meeting", "staff.new_activity", "staff.new_venue",
            "staff.note_attendance", "staff.person_card", "staff.postpone_course", "staff.print_person_card",
            "staff.publish", "staff.replace_module", "staff.save_speakers", "staff.season", "staff.send_taps",
            "staff.sheet_template", "staff.show_check_in", "staff.sign_names", "staff.sign_up", "staff.signup",
            "staff.slip", "staff.take_off", "staff.venue_offers", "staff.venues", "staff.withdraw_offer",
        ),
        OFFICES,
    ),
    **dict.fromkeys(
        (
            "staff.activity_certificates", "staff.certificate", "staff.certificate_pdf", "staff.certificates_shelf",
            "staff.course", "staff.courses_list", "staff.prepare_certificates", "staff.release_certificates",
            "staff.save_certificate", "staff.void_certificate",
        ),
        OFFICES | AUTHORITY,
    ),
    **dict.fromkeys(
        ("staff.offered_places", "staff.refuse_offer", "staff.take_offers"),
        AUTHORITY | {"officer", "coordinator"},
    ),
    **dict.fromkeys(("staff.gaps", "staff.gaps_map"), OFFICES | AUTHORITY),
    **dict.fromkeys(
        (
            "staff.change_plan", "staff.check_pair", "staff.latest_plan", "staff.make_plan", "staff.pairing",
            "staff.pairing_plan", "staff.propose_pair",
        ),
        frozenset({"asti"}),
    ),
    **dict.fromkeys(("staff.confirm_convention", "staff.invite_signatories"), AUTHORITY),
    **dict.fromkeys(
        (
            "staff.assign_host", "staff.release_host", "staff.support", "staff.support_request", "staff.volunteer",
            "staff.volunteers",
        ),
        OFFICES,
    ),
    **dict.fromkeys(
        (
            "staff.materials", "staff.remove_material", "staff.see_bulletin", "staff.staff_material_file",
            "staff.step_volunteer", "staff.trainings_desk", "staff.write_to_volunteers",
        ),
        frozenset({"asti"}),
    ),
    **dict.fromkeys(("staff.people", "staff.end_role", "staff.renew_authenticator"), INVITERS),
    "staff.new_coach_request": OFFICES,
    **dict.fromkeys(
        (
            "staff.pairs", "staff.pair_file", "staff.note_pair_call", "staff.settle_pair_meeting", "staff.step_pair",
            "staff.pairs_away", "staff.cancel_away", "staff.coach_requests", "staff.coach_request_file",
            "staff.close_request", "staff.export_pair_list", "staff.import_pair_list", "staff.pair_list_errors",
            "staff.pair_list_template", "staff.pairs_lists",
        ),
        frozenset({"asti"}),
    ),
    **dict.fromkeys(
        (
            "staff.answer_question", "staff.decide_paper", "staff.note_attestation", "staff.note_verdict",
            "staff.paper", "staff.paper_download", "staff.record", "staff.rejection_seen",
        ),
        AUTHORITY,
    ),
    **dict.fromkeys(("staff.check_contract", "staff.checked_contract"), frozenset({"officer", "coordinator"})),
    **dict.fromkeys(("staff.settings", "staff.save_settings"), frozenset({"coordinator", "admin"})),
    **dict.fromkeys(("staff.outbox", "staff.send_again"), ADMIN),
    "staff.traces_search": frozenset({"auditor"}),
    **dict.fromkeys(("staff.merge_people", "staff.merge_two", "staff.undo_merge"), frozenset({"coordinator", "asti"})),
    **dict.fromkeys(("staff.retention_cases", "staff.decide_case"), AUTHORITY),
}  # fmt: skip
FOR_LEARNERS = {
    "pages.ask_to_delete", "pages.correct_name", "pages.delete_my_data", "pages.my_data", "pages.my_data_file",
    "pages.my_data_paper", "pages.my_looks", "pages.object_to",
    "pages.my_coach", "pages.my_pairs",
    "pages.add_to_own", "pages.agree_to_charter", "pages.ask_for_engagement", "pages.correct_own",
    "pages.engagement_pdf", "pages.join_training", "pages.material_file", "pages.note_own", "pages.own_roll",
    "pages.own_sheet", "pages.scan_card", "pages.send_own_taps", "pages.sign_own", "pages.volunteer_can",
    "pages.volunteer_cannot", "pages.volunteer_materials", "pages.volunteer_meeting", "pages.volunteer_papers",
    "pages.volunteer_profile", "pages.volunteer_state", "pages.volunteer_times", "pages.volunteer_today",
    "pages.volunteer_trainings", "pages.write_to_own",
    "pages.ask_again_now", "pages.book_course", "pages.confirm_course", "pages.contract", "pages.end_consent",
    "pages.hand_in", "pages.ledger", "pages.link_contract", "pages.outside", "pages.paper_file", "pages.roadmap",
    "pages.roadmap_step", "pages.take_paper_back", "pages.weekly_offers",
    "pages.ask_for_paper", "pages.change_my_card", "pages.my_calendar", "pages.my_card", "pages.my_dates",
    "pages.my_hours", "pages.paper", "pages.papers", "pages.print_my_card", "pages.profile", "pages.save_profile",
}  # fmt: skip
FOR_ALL = {
    "pages.answer_pair", "pages.answer_pair_date", "pages.ask_coach", "pages.ask_coach_again",
    "pages.ask_help_for_pair", "pages.change_coach_request", "pages.close_coach_request", "pages.coach_request",
    "pages.confirm_pair_meeting", "pages.end_pair", "pages.keep_pair_note", "pages.log_pair_meeting", "pages.pair",
    "pages.pause_pair", "pages.propose_pair_date", "pages.resume_pair", "pages.send_coach_request",
    "pages.write_in_pair",
    "pages.answer_stand_in", "pages.become_volunteer", "pages.own_roll_keeper", "pages.stand_in",
    "pages.volunteer_announced", "plain.become_volunteer", "plain.volunteer_calendar", "plain.volunteer_meeting",
    "pages.alert", "pages.change_alert", "pages.come_to_booking", "pages.tell_me", "plain.alert", "plain.end_alert",
    "plain.end_alert_page",
    "pages.accept_booking", "pages.accessibility", "pages.activity", "pages.activity_calendar",
    "pages.activity_poster", "pages.activity_qr", "pages.also_take", "pages.answer_invitation", "pages.booking",
    "pages.booking_calendar", "pages.booking_reminder", "pages.cancel_booking", "pages.card", "pages.check_in",
    "pages.commune", "pages.commune_calendar", "pages.commune_leaflet", "pages.commune_poster", "pages.enter_code",
    "pages.home", "pages.how", "pages.invitation", "pages.keep_booking", "pages.languages", "pages.many_dates",
    "pages.map", "pages.move_booking", "pages.no_more_questions",
    "pages.privacy", "pages.report_problem", "pages.say_here", "pages.schemes",
    "pages.search",
    "pages.season_question", "pages.sign_in", "pages.sign_out", "pages.sign_up",
    "pages.styleguide", "pages.styleguide_paper", "pages.verified", "pages.verify",
    "plain.activity", "plain.booking", "plain.card", "plain.certificates_key", "plain.check_in", "plain.commune",
    "plain.dev_mail", "plain.dev_mailbox", "plain.health", "plain.home", "plain.no_reminders",
    "plain.no_reminders_page", "plain.roll", "plain.tile", "plain.verified", "plain.verify",
    "staff.accept_invitation", "staff.roll_keeper", "staff.second_factor", "staff.sign_in",
}  # fmt: skip
# A mail program ends reminders with one click (RFC 8058); it has the key of the booking and no page with a token.
WITHOUT_TOKEN = {"plain.no_reminders", "plain.end_alert"}
# What an officer finds with the ids of the own commune; other pages need more of a world than this one.
FOUND = {
    "staff.activities", "staff.cancel_meeting", "staff.counter", "staff.edit_activity", "staff.edit_venue",
    "staff.export_activities", "staff.import_activities", "staff.meeting", "staff.move_meeting", "staff.new_activity",
    "staff.new_venue", "staff.season", "staff.sheet_template", "staff.sign_up", "staff.signup", "staff.slip",
    "staff.venues",
}  # fmt: skip
# Who acts for the whole country is not told apart from a stranger by what is of another commune.
EVERYWHERE = AUTHORITY | {"asti"}
ROLES = ("visitor", "learner", *sorted(STAFF))
NOTHING = {
    **dict.fromkeys(("volunteer_id", "host_id", "material_id", "request_id", "key"), "A" * 22),
    **dict.fromkeys(("activity_id", "meeting_id", "signup_id", "venue_id", "account_id", "job_id"), "A" * 22),
    **dict.fromkeys(("organisation_id", "link_key", "token", "code", "person_id", "offer_id"), "A" * 22),
    **dict.fromkeys(("merge_id", "case_id"), "A" * 22),
    **dict.fromkeys(("pair_id", "request_id", "run_id", "stand_in_id", "volunteer_id"), "A" * 22),
    **dict.fromkeys(("attestation_id", "inquiry_id", "paper_id", "pool_id"), "A" * 22),
    "kind": "civic",
    "slug": "atlantis",
    "name": "nothing",
    "suffix": "csv",
    "lang": "fr",
    "z": "9",
    "x": "1",
    "y": "1",
}
TRIED = {*FOR_STAFF, *FOR_LEARNERS, *FOR_ALL}


@dataclass(frozen=True)
class World:
    """What one commune has: the ids that stand in addresses, and what only its own staff may read."""

    organisation: Organisation
    ids: dict[str, str]
    secrets: tuple[str, ...]


def a_world(session: Session, name: str, phone: str) -> World:
    """A commune with an activity, a draft, a venue, a sign-up, a member of staff."""
    organisation = factories.an_organisation(session, slug=name.lower())
    venue = factories.a_venue(session, organisation=organisation)
    activity = factories.an_activity(session, venue=venue)
    draft = factories.an_activity(session, venue=venue, published=False, title_fr=f"Ébauche {name}")
    meeting = activity.meetings[-1]
    person = factories.a_person(session, name=f"Signée{name}", contact=phone)
    signup = factories.a_signup(session, meeting.pool, person=person)
    colleague = factories.an_account(session, organisation=organisation, name=f"Collègue{name}")
    volunteer = factories.a_volunteer(
        session, person=factories.a_person(session, name=f"Helferin{name}", contact=f"{phone[:-1]}9"),
        lau2s=(),
    )  # fmt: skip
    host = hosting.assign(
        session, meetings=[meeting], volunteer=volunteer, now=factories.NOW,
        actor=factories.an_actor(session, organisation=organisation),
    )[0]  # fmt: skip
    request = support.ask(
        session, organisation=organisation, now=factories.NOW,
        draft=SupportDraft.parse({"kind": "conversation_table", "wish": f"Wunsch{name}"}),
        actor=factories.an_actor(session, organisation=organisation),
    )  # fmt: skip
    ids = {
        "activity_id": activity.public_id,
        "meeting_id": meeting.public_id,
        "signup_id": signup.public_id,
        "venue_id": venue.public_id,
        "account_id": colleague.public_id,
        "slug": organisation.slug,
        "volunteer_id": volunteer.public_id,
        "host_id": host.public_id,
        "request_id": request.public_id,
        "key": volunteer.calendar_key,
    }
    secrets = (
        f"Signée{name}", phone, f"Collègue{name}", f"Ébauche {name}", signup.link_key, draft.public_id,
        f"Helferin{name}", f"{phone[:-1]}9", f"Wunsch{name}", volunteer.calendar_key,
    )  # fmt: skip
    return World(organisation, ids, secrets)


@pytest.fixture
def ours(session: Session) -> World:
    return a_world(session, "Aaaa", "+352621000111")


@pytest.fixture
def theirs(session: Session, ours: World) -> World:
    return a_world(session, "Bbbb", "+352621000222")


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def browser(app: Flask, session: Session, ours: World, theirs: World, role: str, now: datetime) -> FlaskClient:
    """Somebody of our commune with this role; a learner has a seat in nothing of this."""
    client = app.test_client()
    if role == "learner":
        client.set_cookie("signin", _learner(session, now))
    elif role != "visitor":
        organisation = ours.organisation if role in ("officer", "coordinator") else None
        account = factories.an_account(session, role=Role(role), organisation=organisation)
        client.set_cookie("signin", sign_in_staff(session, account=account, now=now, second_factor=True))
    session.commit()
    return client


def _learner(session: Session, now: datetime) -> str:
    reach = reach_from("lea@example.lu")
    assert reach
    person: Person = factories.a_person(session, name="Léa", contact="lea@example.lu")
    accounts.request_code(session, reach=reach, now=now)
    code = session.scalars(select(SignInCode)).one()
    assert code.code_sealed
    typed = session.info["keyring"].open(person.public_id, code.code_sealed)
    return str(accounts.enter_code(session, reach=reach, code=typed, shared_phone=False, now=now))


def rules_of(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def addresses(app: Flask, world: World | None) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of every route, with the ids of a commune or of nothing. What changes something
    comes last, or the rest would be tried on what is gone."""
    ids = NOTHING | (world.ids if world else {})
    found = []
    for rule in rules_of(app):
        if rule.endpoint not in TRIED:
            continue
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **{name: _fit(rule, name, ids[name]) for name in rule.arguments})
        found += [(rule.endpoint, method, path) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]
    return iter(sorted(found, key=lambda row: (row[1] != "GET", row)))


def _fit(rule: Rule, name: str, value: str) -> str | int:
    return int(value) if f"<int:{name}>" in rule.rule else value


def without_ids(text: str) -> str:
    """The page without what differs from one request to the next."""
    text = re.sub(r'nonce="[^"]*"|nonce-[\w-]+|name="csrf_token" value="[^"]*"', "", text)
    return re.sub(r"[\w-]{22}", "", text)


def test_every_route_is_tried(app: Flask) -> None:
    assert {rule.endpoint for rule in rules_of(app)} == TRIED
    assert {name for rule in rules_of(app) for name in rule.arguments} <= set(NOTHING)


def test_nobody_gets_in_where_the_table_does_not_say_so(
    app: Flask, browser: FlaskClient, ours: World, role: str
) -> None:
    wrong = []
    for endpoint, method, path in addresses(app, ours):
        if endpoint in FOR_ALL:
            continue
        answer = browser.open(path, method=method)
        at_the_door = answer.status_code == 303 and "/sign-in" in (answer.location or "")
        if endpoint in FOR_LEARNERS:
            may = role != "visitor"
            right = not at_the_door if may else at_the_door
        elif role in ("visitor", "learner"):
            right = at_the_door
        else:
            may = role in FOR_STAFF[endpoint]
            right = not at_the_door if may else answer.status_code == 404
            # An own thing is found. Once the posts have begun it may be gone.
            own = role in OFFICES and method == "GET" and endpoint in FOUND
            right = right and not (own and answer.status_code != 200)
        if not right:
            wrong.append(f"{role}: {method} {path} → {answer.status_code} {answer.location or ''}")

    assert wrong == []


def test_what_is_of_others_answers_like_what_is_not_there(
    app: Flask, browser: FlaskClient, session: Session, theirs: World, role: str
) -> None:
    told = []
    with_theirs, with_nothing = list(addresses(app, theirs)), list(addresses(app, None))
    for (endpoint, method, path), (_, _, nothing) in zip(with_theirs, with_nothing, strict=True):
        if endpoint in FOR_ALL or path == nothing or role in EVERYWHERE:
            continue
        foreign, none = browser.open(path, method=method), browser.open(nothing, method=method)
        if endpoint in ("staff.end_role", "staff.renew_authenticator") and role == "admin":
            continue
        if (foreign.status_code, without_ids(foreign.text)) != (none.status_code, without_ids(none.text)):
            told.append(f"{role}: {method} {path} → {foreign.status_code}, nothing → {none.status_code}")

    assert told == []


def test_nobody_reads_what_is_not_theirs(
    app: Flask, browser: FlaskClient, ours: World, theirs: World, role: str
) -> None:
    hidden = {
        "asti": (),
        "officer": (*theirs.secrets, ours.secrets[2]),
        "coordinator": theirs.secrets,
        **dict.fromkeys(AUTHORITY, (*ours.secrets[1:3], *ours.secrets[4:], *theirs.secrets[1:3], *theirs.secrets[4:])),
        "admin": (*ours.secrets[:2], *ours.secrets[3:], *theirs.secrets[:2], *theirs.secrets[3:]),
    }.get(role, (*ours.secrets, *theirs.secrets))

    leaks = []
    for world in (ours, theirs, None):
        for _endpoint, method, path in addresses(app, world):
            answer = browser.open(path, method=method, follow_redirects=False)
            said = answer.text if "text" in (answer.content_type or "") else answer.data.decode(errors="replace")
            said += str(answer.headers)
            leaks += [f"{role}: {method} {path} says {secret}" for secret in hidden if secret in said]
            assert answer.status_code < 500, f"{role}: {method} {path}"

    assert leaks == []


def test_a_job_of_the_outbox_names_nobody(
    app: Flask, session: Session, ours: World, theirs: World, now: datetime
) -> None:
    outbox.enqueue(session, "signup_mail", due_at=now, now=now, key="k", signup=ours.ids["signup_id"])

    written = [f"{job.kind} {job.ids} {job.key}" for job in session.scalars(select(Job))]

    assert [line for line in written for secret in (*ours.secrets[:3], *theirs.secrets[:3]) if secret in line] == []


def test_nothing_is_done_without_the_token_of_the_form(
    app: Flask, session: Session, ours: World, now: datetime
) -> None:
    account = factories.an_account(session, role=Role.ASTI)
    for role in (Role.ADMIN, Role.DIRECTOR, Role.AUDITOR):
        factories.a_role(session, account, role, None)
    factories.a_role(session, account, Role.OFFICER, ours.organisation)
    client = app.test_client()
    client.set_cookie("signin", sign_in_staff(session, account=account, now=now, second_factor=True))
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = True

    done = [
        f"{path} → {status}"
        for endpoint, method, path in addresses(app, ours)
        if method != "GET" and endpoint not in WITHOUT_TOKEN
        if (status := client.open(path, method=method).status_code) != 400
    ]

    assert done == []
