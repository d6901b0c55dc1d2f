"""Hosts of a meeting: who may be one, handing over, taking attendance without an account, the private calendar."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.permissions import Actor
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.outbox import Job
from commune_hub.events.actions import attendance, cards, door
from commune_hub.events.inputs import WalkInDraft
from commune_hub.events.models import Meeting
from commune_hub.events.records import QueueDecision
from commune_hub.events.words import AttendanceState, Touch
from commune_hub.volunteers import queries, rota
from commune_hub.volunteers.actions import hosting, policies
from commune_hub.volunteers.models import MeetingHost, Volunteer
from commune_hub.volunteers.words import HostState, Unqualified, VolunteerRefusal, VolunteerState
from tests.factories import NOW, a_meeting, a_person, a_signup, a_volunteer, an_actor

NEXT_YEAR = date(2027, 11, 1)


def officer_of(session: Session, meeting: Meeting) -> Actor:
    return an_actor(session, organisation=meeting.activity.organisation)


def a_host(session: Session, meeting: Meeting, volunteer: Volunteer | None = None) -> MeetingHost:
    volunteer = volunteer or a_volunteer(session, lau2s=())
    return hosting.assign(
        session, meetings=[meeting], volunteer=volunteer, actor=officer_of(session, meeting), now=NOW
    )[0]  # fmt: skip


def jobs(session: Session, kind: str) -> list[Job]:
    return list(session.scalars(select(Job).where(Job.kind == kind).order_by(Job.id)))


def test_assigning_twice_is_once_and_makes_somebody_who_was_met_active(session: Session) -> None:
    meeting, volunteer = a_meeting(session), a_volunteer(session, state=VolunteerState.MET)

    first = a_host(session, meeting, volunteer)
    second = a_host(session, meeting, volunteer)

    assert first is second
    assert (volunteer.state, first.state) == (VolunteerState.ACTIVE, HostState.HOSTS)


@pytest.mark.parametrize(
    ("policy", "qualified_until", "refused", "warned"),
    [
        (Unqualified.ALLOW, None, False, False),
        (Unqualified.WARN, None, False, True),
        (Unqualified.WARN, NEXT_YEAR, False, False),
        (Unqualified.REFUSE, NEXT_YEAR, False, False),
        (Unqualified.REFUSE, date(2026, 11, 23), True, False),
        (Unqualified.REFUSE, None, True, False),
    ],
)
def test_what_follows_without_a_valid_training_is_the_organisers_setting(
    session: Session, policy: Unqualified, qualified_until: date | None, refused: bool, warned: bool
) -> None:
    meeting = a_meeting(session)
    volunteer = a_volunteer(session, qualified_until=qualified_until)
    policies.set_unqualified(session, organisation=meeting.activity.organisation, unqualified=policy)

    if refused:
        with pytest.raises(Refused) as refusal:
            a_host(session, meeting, volunteer)
        assert refusal.value.reason is VolunteerRefusal.NOT_QUALIFIED
    else:
        a_host(session, meeting, volunteer)
    assert hosting.needs_warning(session, volunteer=volunteer, meeting=meeting) is warned


def test_where_minors_may_come_only_somebody_whose_bulletin_was_seen_hosts(session: Session) -> None:
    meeting = a_meeting(session, minors_allowed=True)
    seen_by = officer_of(session, meeting).account_id
    seen = a_volunteer(session, bulletin_seen_on=date(2026, 1, 5), bulletin_seen_by_id=seen_by)

    with pytest.raises(Refused) as refusal:
        a_host(session, meeting, a_volunteer(session))

    assert refusal.value.reason is VolunteerRefusal.BULLETIN_MISSING
    assert a_host(session, meeting, seen).state == HostState.HOSTS


def test_nobody_is_assigned_by_another_commune_nor_before_somebody_has_met_them(session: Session) -> None:
    meeting, volunteer = a_meeting(session), a_volunteer(session, state=VolunteerState.ANNOUNCED)

    with pytest.raises(Refused) as refusal:
        a_host(session, meeting, volunteer)
    with pytest.raises(NotFound):
        hosting.assign(
            session, meetings=[meeting], volunteer=volunteer, actor=officer_of(session, a_meeting(session)), now=NOW
        )  # fmt: skip

    assert refusal.value.reason is VolunteerRefusal.NOT_HELPING


def test_who_cannot_come_has_the_others_near_by_asked_and_the_organiser_told(session: Session) -> None:
    meeting = a_meeting(session)
    host = a_host(session, meeting)
    near = a_volunteer(session)
    far = a_volunteer(session, reach_km=1, point=queries.volunteer_named(session, near.public_id).point)
    profiles_of_others = [
        a_volunteer(session, offers={"fr": None}),
        a_volunteer(session, slots=(0,)),
        a_volunteer(session, state=VolunteerState.PAUSED),
        a_volunteer(session, state=VolunteerState.ANNOUNCED),
    ]
    now_and_then = a_volunteer(session, slots=(), now_and_then=True)

    asked = hosting.cannot(session, host=host, now=NOW)
    again = hosting.cannot(session, host=host, now=NOW)

    assert {row.volunteer_id for row in asked} == {near.id, far.id, now_and_then.id}
    assert not {row.volunteer_id for row in asked} & {one.id for one in profiles_of_others}
    assert again == []
    assert [job.ids["asked"] for job in jobs(session, "host_cannot_mail")] == ["3"]
    assert len(jobs(session, "stand_in_asked_mail")) == 3
    keys = {row.link_key for row in asked}
    assert not any(key in f"{job.key} {job.ids}" for key in keys for job in session.scalars(select(Job)))


def test_the_first_yes_counts_and_the_second_hears_that_somebody_comes(session: Session) -> None:
    meeting = a_meeting(session)
    host = a_host(session, meeting)
    first, second = a_volunteer(session), a_volunteer(session)
    asked = {row.volunteer_id: row for row in hosting.cannot(session, host=host, now=NOW)}

    hosting.answer(session, asked=asked[first.id], comes=True, now=NOW)
    hosting.answer(session, asked=asked[first.id], comes=True, now=NOW)
    with pytest.raises(Refused) as refusal:
        hosting.answer(session, asked=asked[second.id], comes=True, now=NOW)

    rows = rota.hosts_of(session, [meeting.id])[meeting.id]
    assert refusal.value.reason is VolunteerRefusal.SOMEBODY_ELSE_COMES
    assert [(row.volunteer_id, row.state, row.stands_in_for_id) for row in rows] == [
        (host.volunteer_id, HostState.REPLACED, None), (first.id, HostState.HOSTS, host.id),
    ]  # fmt: skip
    with pytest.raises(Refused):
        hosting.can_after_all(session, host=host, now=NOW)


def test_a_no_leaves_the_question_open_for_the_others_and_the_host_may_come_after_all(session: Session) -> None:
    host = a_host(session, a_meeting(session))
    a_volunteer(session)
    [asked] = hosting.cannot(session, host=host, now=NOW)

    hosting.answer(session, asked=asked, comes=False, now=NOW)
    hosting.can_after_all(session, host=host, now=NOW)

    assert (asked.comes, host.state) == (False, HostState.HOSTS)
    with pytest.raises(Refused):
        hosting.answer(session, asked=asked, comes=True, now=NOW)


def test_nothing_is_handed_over_once_the_meeting_has_begun(session: Session) -> None:
    meeting = a_meeting(session)
    host = a_host(session, meeting)

    with pytest.raises(Refused) as refusal:
        hosting.cannot(session, host=host, now=meeting.starts_at)

    assert (refusal.value.reason, host.state) == (VolunteerRefusal.MEETING_IS_OVER, HostState.HOSTS)


# -- attendance by a host -----------------------------------------------------------


def test_a_host_notes_who_is_there_and_stands_in_the_trail_by_name(session: Session) -> None:
    meeting = a_meeting(session)
    volunteer = a_host(session, meeting, a_volunteer(session, person=a_person(session, name="Josée"))).volunteer
    seat, now = a_signup(session, meeting.pool), meeting.starts_at
    host = rota.as_host(session, volunteer)

    noted = attendance.mark(
        session, meeting=meeting, person=seat.person, state=AttendanceState.PRESENT, actor=host, now=now
    )
    walked = door.walk_in(
        session, meeting=meeting, draft=WalkInDraft.parse({"name": "Rui"}), language="pt", actor=host, now=now
    )  # type: ignore[arg-type]
    held = attendance.finish(session, meeting=meeting, actor=host, now=now + timedelta(minutes=5))

    assert (noted.noted_by_id, walked.noted_by_id, held.finished_by_id) == (volunteer.person_id,) * 3
    decision = session.scalars(select(QueueDecision).order_by(QueueDecision.id.desc())).first()
    assert decision is not None and decision.by_id is None


def test_a_host_scans_cards_at_the_own_meeting_and_nowhere_else(session: Session) -> None:
    meeting, other = a_meeting(session), a_meeting(session)
    volunteer = a_host(session, meeting).volunteer
    card = cards.make_card(session, person=a_signup(session, meeting.pool).person, now=NOW)
    host, now = rota.as_host(session, volunteer), meeting.starts_at

    assert door.by_card(session, meeting=meeting, code=card.code, actor=host, now=now).signed_at is not None
    for doing in (
        lambda: door.by_card(session, meeting=other, code=card.code, actor=host, now=now),
        lambda: attendance.all_present(session, meeting=other, actor=host, now=now),
        lambda: attendance.touch(session, meeting=other, sent=_finish(), actor=host, now=now),
    ):
        with pytest.raises(NotFound):
            doing()


def _finish() -> attendance.Sent:
    return attendance.Sent("k", None, Touch.FINISH)


@pytest.mark.parametrize("state", [HostState.CANNOT, HostState.REPLACED])
def test_who_cannot_come_or_was_replaced_takes_no_attendance(session: Session, state: HostState) -> None:
    meeting = a_meeting(session)
    row = a_host(session, meeting)
    row.state = state
    session.flush()

    assert rota.as_host(session, row.volunteer).meeting_ids == frozenset()


def test_who_has_left_takes_no_attendance(session: Session) -> None:
    row = a_host(session, a_meeting(session))
    row.volunteer.state = VolunteerState.LEFT
    session.flush()

    assert rota.as_host(session, row.volunteer).meeting_ids == frozenset()


def test_a_host_corrects_with_a_reason_until_the_lock_date_as_officers_do(session: Session) -> None:
    meeting = a_meeting(session)
    host = rota.as_host(session, a_host(session, meeting).volunteer)
    seat, over = a_signup(session, meeting.pool), meeting.ends_at
    attendance.finish(session, meeting=meeting, actor=host, now=over)

    def correct(at: datetime) -> AttendanceState:
        return attendance.correct(
            session, meeting=meeting, person=seat.person, state=AttendanceState.PRESENT, reason="Was late", actor=host,
            now=at,
        ).state  # type: ignore[return-value]

    assert correct(over + timedelta(days=13)) == AttendanceState.PRESENT
    with pytest.raises(Refused):
        correct(over + timedelta(days=16))
