"""What qualifies follows from attendance; hours and their certificate; reminders; who sees a contact."""

from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.words import Role
from commune_hub.base.errors import Invalid, NotFound, Refused
from commune_hub.base.outbox import Job
from commune_hub.events.actions import attendance
from commune_hub.events.models import Activity
from commune_hub.events.words import ActivityKind, AttendanceState
from commune_hub.volunteers import engagements, permissions, queries
from commune_hub.volunteers.actions import hosting, materials, qualifying, support
from commune_hub.volunteers.inputs import MaterialDraft, SupportDraft, SupportStepDraft
from commune_hub.volunteers.models import MeetingHost, Volunteer
from commune_hub.volunteers.permissions import Reader
from commune_hub.volunteers.words import HostState, SupportStep, VolunteerRefusal, VolunteerState
from tests.factories import NOW, a_meeting, a_signup, a_venue, a_volunteer, an_activity, an_actor, an_organisation

PRESENT, ABSENT = AttendanceState.PRESENT, AttendanceState.ABSENT
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def a_training(session: Session, kind: str = "volunteer_training", **given: Any) -> Activity:
    """Three Tuesday evenings that one signs up for together, from 24 November 2026."""
    values = {"first_on": date(2026, 11, 24), "last_on": date(2026, 12, 8), "signup": "whole_course"} | given
    return an_activity(session, kind=kind, languages=("fr",), **values)


def attend(session: Session, activity: Activity, volunteer: Volunteer, *states: AttendanceState) -> None:
    officer = an_actor(session, organisation=activity.organisation)
    for pool in dict.fromkeys(meeting.pool for meeting in activity.meetings):
        a_signup(session, pool, person=volunteer.person)
    for meeting, state in zip(activity.meetings, states, strict=False):
        attendance.mark(
            session, meeting=meeting, person=volunteer.person, state=state, actor=officer, now=meeting.ends_at
        )
    after(session, activity)


def after(session: Session, activity: Activity) -> None:
    qualifying.after_attendance(session, activity=activity, months=24, now=activity.meetings[-1].ends_at)


def test_a_whole_training_qualifies_and_makes_trained_a_part_of_it_does_not(session: Session) -> None:
    training = a_training(session)
    whole = a_volunteer(session, state=VolunteerState.INVITED)
    part = a_volunteer(session, state=VolunteerState.MET)

    attend(session, training, part, PRESENT, PRESENT, ABSENT)
    attend(session, training, whole, PRESENT, PRESENT, PRESENT)

    assert (whole.state, whole.qualified_until) == (VolunteerState.TRAINED, date(2028, 12, 8))
    assert (part.state, part.qualified_until) == (VolunteerState.MET, None)


def test_a_corrected_attendance_takes_the_qualification_away_again(session: Session) -> None:
    training, volunteer = a_training(session), a_volunteer(session)
    attend(session, training, volunteer, PRESENT, PRESENT, PRESENT)
    last, officer = training.meetings[-1], an_actor(session, organisation=training.organisation)

    attendance.mark(
        session, meeting=last, person=volunteer.person, state=ABSENT, actor=officer, now=last.ends_at, reason="Mistaken"
    )
    after(session, training)

    assert (volunteer.qualified_until, volunteer.qualifications) == (None, [])


def test_an_exchange_day_prolongs_what_is_valid_and_grants_nothing_by_itself(session: Session) -> None:
    trained = a_volunteer(session)
    never = a_volunteer(session)
    attend(session, a_training(session), trained, PRESENT, PRESENT, PRESENT)
    day = date(2027, 1, 16)
    exchange = an_activity(session, kind="exchange_day", languages=("fr",), rrule="", first_on=day, last_on=day)

    attend(session, exchange, trained, PRESENT)
    attend(session, exchange, never, PRESENT)

    assert trained.qualified_until == date(2029, 1, 16)
    assert never.qualified_until is None


def test_an_ordinary_table_qualifies_nobody(session: Session) -> None:
    table, volunteer = a_meeting(session).activity, a_volunteer(session)

    attend(session, table, volunteer, PRESENT)

    assert volunteer.qualifications == []


def test_whose_qualification_runs_out_is_reminded_once_for_each_end(session: Session) -> None:
    soon = a_volunteer(session, qualified_until=NOW.date() + timedelta(days=59))
    a_volunteer(session, qualified_until=NOW.date() + timedelta(days=70))
    a_volunteer(session, qualified_until=NOW.date() - timedelta(days=1))
    a_volunteer(session, qualified_until=NOW.date() + timedelta(days=5), state=VolunteerState.PAUSED)

    qualifying.remind(session, now=NOW)
    qualifying.remind(session, now=NOW + timedelta(days=1))

    found = list(session.scalars(select(Job).where(Job.kind == "qualification_ends_mail")))
    assert [job.ids["volunteer"] for job in found] == [soon.public_id]


# -- hours and their certificate ------------------------------------------------------


def test_hours_are_certified_once_signed_and_without_a_name_in_the_row(session: Session) -> None:
    volunteer, meeting = a_volunteer(session, lau2s=()), a_meeting(session)
    for one, state in ((meeting, HostState.HOSTS), (a_meeting(session), HostState.CANNOT)):
        session.add(
            MeetingHost(meeting=one, volunteer=volunteer, state=state, assigned_at=NOW, changed_at=NOW)
        )  # fmt: skip
    session.flush()

    def issue() -> engagements.Engagement:
        return engagements.issue(session, volunteer=volunteer, issuer="ASTI", key=KEY, now=meeting.ends_at)

    with pytest.raises(Refused):
        engagements.issue(session, volunteer=volunteer, issuer="ASTI", key=KEY, now=meeting.starts_at)
    first, second = issue(), issue()

    said = engagements.statement_of(session, first)
    assert first is second
    assert (said.minutes, said.attended, said.languages, said.name) == (90, 1, ("lb",), volunteer.person.name)
    KEY.public_key().verify(bytes.fromhex(volunteer.person.opened(first.signature_sealed)), said.payload)
    assert volunteer.person.name.encode() not in first.name_sealed
    assert volunteer.person.name not in str(first.facts)


# -- who sees what -----------------------------------------------------------------------


@pytest.mark.parametrize("state", list(VolunteerState))
def test_only_asti_and_the_organiser_that_they_work_for_see_how_to_reach_them(
    session: Session, state: VolunteerState
) -> None:
    ours, theirs = an_organisation(session), an_organisation(session, lau2="0304")
    volunteer = a_volunteer(session, state=state, lau2s=("0213",))
    works_for = queries.organisers_of(session, [volunteer.id], NOW)[volunteer.id]

    def seen(**given: Any) -> bool:
        who = permissions.reader(an_actor(session, **given), works_for)
        return permissions.sees_contact(who, volunteer.state)

    helping = state in {VolunteerState.MET, VolunteerState.TRAINED, VolunteerState.ACTIVE, VolunteerState.PAUSED}
    assert seen(role=Role.ASTI)
    assert seen(organisation=ours) is helping
    assert seen(role=Role.COORDINATOR, organisation=ours) is helping
    assert not seen(organisation=theirs)
    for role in (Role.ADMIN, Role.DIRECTOR, Role.NATIONAL_OFFICER, Role.AUDITOR):
        assert not seen(role=role)
    assert not permissions.sees_contact(Reader.STRANGER, state)


def test_an_organiser_finds_those_who_help_its_commune_or_host_its_dates_and_nobody_else(session: Session) -> None:
    meeting = a_meeting(session)
    ours = meeting.activity.organisation
    helps, elsewhere = a_volunteer(session, lau2s=("0213",)), a_volunteer(session, lau2s=("0304",))
    hosts = a_volunteer(session, lau2s=())
    gone = a_volunteer(session, lau2s=("0213",), state=VolunteerState.LEFT)
    hosting.assign(
        session, meetings=[meeting], volunteer=hosts, actor=an_actor(session, organisation=ours), now=NOW
    )  # fmt: skip

    found = queries.working_for(session, [ours.id], NOW)

    assert found == [helps, hosts]
    assert elsewhere not in found and gone not in found
    assert queries.working_for(session, [ours.id], meeting.ends_at + queries.WORKED_FOR) == [helps]


def test_the_pool_is_sifted_by_language_time_training_commune_and_liking(session: Session) -> None:
    wanted = a_volunteer(session, likes=["coach"], qualified_until=date(2027, 1, 1), offers={"fr": None}, slots=(5, 7))
    a_volunteer(session, likes=["coach"], qualified_until=date(2026, 1, 1), offers={"fr": None}, slots=(7,))
    a_volunteer(session, likes=["table"], qualified_until=date(2027, 1, 1), offers={"lb": None}, understands=("fr",))
    sieve = queries.Sieve(language="fr", slot=7, like="coach", qualified=True, lau2="0213")

    assert queries.pool_of(session, sieve, NOW.date()) == [wanted]


# -- materials and support ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"%PDF-1.7 x %%EOF", None),
        (b"<html>%PDF-1.7 %%EOF", VolunteerRefusal.NOT_A_PDF),
        (b"%PDF-1.7 and no end", VolunteerRefusal.NOT_A_PDF),
        (b"%PDF-1.7" + b"0" * materials.BIGGEST, VolunteerRefusal.FILE_TOO_BIG),
    ],
)
def test_a_file_is_taken_by_what_it_is_and_how_big(
    session: Session, file: bytes, reason: VolunteerRefusal | None
) -> None:
    asti = an_actor(session, role=Role.ASTI)
    draft = MaterialDraft.parse({"title": "Um Maart", "theme": "shopping", "language": "lb"})

    if reason is None:
        assert materials.add(session, draft=draft, file=file, actor=asti, now=NOW).kilobytes == 1
        return
    with pytest.raises(Refused) as refusal:
        materials.add(session, draft=draft, file=file, actor=asti, now=NOW)
    assert refusal.value.reason is reason


def test_an_idea_is_a_link_or_a_file_and_only_asti_puts_it_there(session: Session) -> None:
    asti = an_actor(session, role=Role.ASTI)
    link = {"title": "Um Maart", "theme": "shopping", "language": "lb", "url": "https://ideas.example.org/"}

    with pytest.raises(Invalid):
        materials.add(session, draft=MaterialDraft.parse(link), file=b"%PDF-1.7 %%EOF", actor=asti, now=NOW)
    with pytest.raises(Invalid):
        MaterialDraft.parse(link | {"url": "javascript:alert(1)"})
    with pytest.raises(NotFound):
        materials.add(
            session, draft=MaterialDraft.parse(link), file=None, now=NOW,
            actor=an_actor(session, organisation=an_organisation(session)),
        )  # fmt: skip


def test_a_request_goes_from_the_first_idea_to_the_first_meeting_and_both_sides_read_the_trail(
    session: Session,
) -> None:
    ours = an_organisation(session)
    officer, asti = an_actor(session, organisation=ours), an_actor(session, role=Role.ASTI)
    draft = SupportDraft.parse({"kind": ActivityKind.CONVERSATION_TABLE, "languages": ["lb"], "wish": "A second table"})
    request = support.ask(session, draft=draft, organisation=ours, actor=officer, now=NOW)

    def go(step: SupportStep) -> None:
        said = SupportStepDraft.parse({"step": step, "next_step": "Call", "next_on": "2026-12-01", "text": "Good talk"})
        support.go_on(
            session, request=request, draft=said, owner_id=asti.account_id, activity=None, actor=asti, now=NOW
        )  # fmt: skip

    go(SupportStep.TALK)
    support.write(session, request=request, text="Thank you", actor=officer, now=NOW)
    go(SupportStep.FIRST_MEETING)

    session.refresh(request)
    assert [(note.step, note.text) for note in request.notes] == [
        (SupportStep.IDEA, ""), (SupportStep.TALK, "Good talk"), (SupportStep.TALK, "Thank you"),
        (SupportStep.FIRST_MEETING, "Good talk"),
    ]  # fmt: skip
    assert (request.owner_id, request.next_on) == (asti.account_id, date(2026, 12, 1))
    with pytest.raises(Refused):
        go(SupportStep.IDEA)
    stranger = an_actor(session, organisation=a_venue(session).organisation)
    with pytest.raises(NotFound):
        support.write(session, request=request, text="Me too", actor=stranger, now=NOW)
