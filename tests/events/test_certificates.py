"""Certificates: prepared from attendance, released by whom it may be, issued once, void and anew after a correction."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.words import OrganisationKind, Role
from commune_hub.base.db import Store
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import as_read, code_from
from commune_hub.base.outbox import Job
from commune_hub.events import certificates, permissions
from commune_hub.events.actions import certificates as actions
from commune_hub.events.certificate_documents import (
    Finding,
    check,
    keywords_of,
    public_key_from,
    public_pem,
    sealed,
    signing_key,
)
from commune_hub.events.models import Activity, Meeting
from commune_hub.events.records import Attendance, Certificate
from commune_hub.events.words import (
    ActivityKind,
    AttendanceChannel,
    AttendanceState,
    CertificateRefusal,
    CertificateState,
    CountsFor,
    MeetingState,
    VoidReason,
)
from tests.factories import a_person, an_activity, an_actor, an_organisation

LATER = datetime(2027, 1, 10, 10, tzinfo=UTC)
PRESENT, ABSENT, EXCUSED, UNKNOWN = (
    AttendanceState.PRESENT, AttendanceState.ABSENT, AttendanceState.EXCUSED, AttendanceState.UNKNOWN
)  # fmt: skip


def a_course(session: Session, meetings: int = 10, **given: object) -> Activity:
    """A conventioned course of ten evenings of an hour each (civic: three hours), over by LATER."""
    first = date(2026, 12, 1)
    values: dict[str, object] = {
        "kind": "conventioned_course", "convention_reference": "K-1", "registration_by": "hub",
        "rrule": "FREQ=DAILY", "first_on": first, "last_on": first + timedelta(days=meetings - 1),
        "starts": "18:30", "ends": "21:30" if given.get("kind") == "civic_course" else "19:30",
        "skip_public_holidays": "", "skip_school_holidays": "",
    }  # fmt: skip
    return an_activity(session, **(values | given))  # type: ignore[arg-type]


def a_table(session: Session, meetings: int = 4, **given: object) -> Activity:
    """A conversation table of an hour each day, over by LATER."""
    return a_course(session, meetings, kind="conversation_table", convention_reference="", **given)


def noted(
    session: Session, activity: Activity, person: Person, states: Iterable[AttendanceState]
) -> list[Attendance]:
    """What was noted of a person at the meetings, in their order."""
    meetings = certificates.meetings_of(session, [activity.id])[activity.id]
    rows = [
        Attendance(meeting=meeting, person=person, state=state, channel=AttendanceChannel.STAFF, noted_at=LATER)
        for meeting, state in zip(meetings, states, strict=False)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def of(session: Session, person: Person) -> list[tuple[str, int, int]]:
    """State, minutes, minutes held of a person's certificates, oldest first."""
    rows = session.scalars(select(Certificate).where(Certificate.person_id == person.id).order_by(Certificate.id))
    return [(row.state, row.minutes, row.of_minutes) for row in rows]


def kinds_of_jobs(session: Session) -> list[str]:
    mails = ("certificates_issue", "certificate_mail", "certificate_void_mail")
    return list(session.scalars(select(Job.kind).where(Job.kind.in_(mails)).order_by(Job.id)))


def released(session: Session, activity: Activity, now: datetime = LATER) -> Certificate:
    """Prepared, released by an officer of the provider and issued."""
    actions.prepare(session, activity=activity, now=now)
    actor = an_actor(session, role=Role.OFFICER, organisation=activity.organisation)
    actions.release(session, activity=activity, actor=actor, now=now)
    actions.issue(session, activity=activity, now=now)
    return session.scalars(select(Certificate).where(Certificate.state == CertificateState.ISSUED)).one()


# -- who gets one -----------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "given"),
    [
        ([PRESENT] * 7 + [ABSENT] * 3, [("prepared", 420, 600)]),
        ([PRESENT] * 6 + [ABSENT] * 4, []),
        ([PRESENT] * 7 + [EXCUSED] * 3, [("prepared", 420, 600)]),
        ([PRESENT] * 6 + [EXCUSED] * 4, []),
        ([PRESENT] * 9 + [UNKNOWN], []),
        ([PRESENT] * 9, []),
    ],
    ids=["exactly 70 %", "60 %", "70 % and excused", "60 % and excused", "unknown blocks", "not noted blocks"],
)
def test_a_course_is_certified_from_seventy_per_cent_on(
    session: Session, states: list[AttendanceState], given: list[tuple[str, int, int]]
) -> None:
    activity, amina = a_course(session), a_person(session)
    noted(session, activity, amina, states)

    actions.prepare(session, activity=activity, now=LATER)

    assert of(session, amina) == given


def test_nobody_gets_one_before_the_course_is_over(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    noted(session, activity, amina, [PRESENT] * 10)

    actions.prepare(session, activity=activity, now=datetime(2026, 12, 10, 18, 29, tzinfo=UTC))

    assert of(session, amina) == []


def test_a_meeting_that_the_organiser_cancelled_counts_for_nobody(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    noted(session, activity, amina, [PRESENT] * 7 + [ABSENT, ABSENT])
    certificates.meetings_of(session, [activity.id])[activity.id][9].state = MeetingState.CANCELLED

    actions.prepare(session, activity=activity, now=LATER)

    assert of(session, amina) == [("prepared", 420, 540)]


def test_a_cancelled_module_of_a_civic_course_has_to_be_held_again(session: Session) -> None:
    activity, amina = a_course(session, 3, kind="civic_course", convention_reference=""), a_person(session)
    _first, second, third = certificates.meetings_of(session, [activity.id])[activity.id]
    noted(session, activity, amina, [PRESENT, UNKNOWN, PRESENT])
    second.state = MeetingState.CANCELLED

    actions.prepare(session, activity=activity, now=LATER)
    before = of(session, amina)
    third.replaces_id = second.id
    actions.prepare(session, activity=activity, now=LATER)

    assert (before, of(session, amina)) == ([], [("prepared", 360, 360)])


def test_practice_counts_for_nothing_and_a_course_only_with_its_convention(session: Session) -> None:
    table, course, civic = a_table(session), a_course(session, 2), a_course(session, 2, kind="civic_course")
    amina = a_person(session)
    for activity in (table, course, civic):
        noted(session, activity, amina, [PRESENT] * 4)
        if activity is course:
            actions.prepare(session, activity=activity, now=LATER)
    bare = a_course(session, 2)
    bare.convention_reference = ""
    noted(session, bare, amina, [PRESENT] * 2)
    for activity in (table, civic, bare):
        actions.prepare(session, activity=activity, now=LATER)

    rows = select(Activity.kind, Certificate.counts_for).join(Certificate.activity).order_by(Certificate.id)
    assert [tuple(row) for row in session.execute(rows)] == [
        ("conventioned_course", CountsFor.LANGUAGE_COURSE), ("conversation_table", CountsFor.NOTHING),
        ("civic_course", CountsFor.CIVIC_COURSE), ("conventioned_course", CountsFor.NOTHING),
    ]  # fmt: skip


# -- who issues -------------------------------------------------------------


def test_practice_is_issued_by_itself_when_the_season_is_over(session: Session) -> None:
    activity, amina = a_table(session), a_person(session)
    noted(session, activity, amina, [PRESENT, ABSENT, PRESENT, UNKNOWN])

    actions.prepare(session, activity=activity, now=LATER)
    issued = actions.issue(session, activity=activity, now=LATER)

    assert (issued, of(session, amina)) == (1, [("issued", 120, 240)])
    assert kinds_of_jobs(session) == ["certificates_issue", "certificate_mail"]


def test_hours_of_a_running_season_are_certified_when_somebody_asks_and_again_at_its_end(session: Session) -> None:
    activity, amina = a_table(session), a_person(session)
    noted(session, activity, amina, [PRESENT, PRESENT])
    on_the_third_day = datetime(2026, 12, 3, 10, tzinfo=UTC)

    actions.prepare(session, activity=activity, now=on_the_third_day)
    by_itself = of(session, amina)
    actions.ask_for(session, activity=activity, person=amina, now=on_the_third_day)
    actions.issue(session, activity=activity, now=on_the_third_day)
    asked = of(session, amina)
    meetings = certificates.meetings_of(session, [activity.id])[activity.id]
    session.add(
        Attendance(
            meeting=meetings[3], person=amina, state=PRESENT, channel=AttendanceChannel.STAFF, noted_at=LATER
        )
    )  # fmt: skip
    actions.prepare(session, activity=activity, now=LATER)
    actions.issue(session, activity=activity, now=LATER)

    end = session.scalars(select(Job).where(Job.kind == "certificates_prepare")).one()
    assert (by_itself, asked) == ([], [("issued", 120, 120)])
    assert of(session, amina) == [("void", 120, 120), ("issued", 180, 240)]
    assert end.due_at == meetings[-1].ends_at + timedelta(days=3)


def test_nobody_can_ask_for_a_certificate_that_somebody_else_has_to_release(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    noted(session, activity, amina, [PRESENT] * 10)

    with pytest.raises(Refused) as refused:
        actions.ask_for(session, activity=activity, person=amina, now=LATER)

    assert refused.value.reason is CertificateRefusal.NOT_YET


OWN, FOREIGN, EVERYWHERE = "own", "foreign", "everywhere"


@pytest.mark.parametrize(
    ("kind", "may"),
    [
        ("conversation_table", {(Role.OFFICER, OWN), (Role.COORDINATOR, OWN), (Role.ASTI, EVERYWHERE)}),
        ("conventioned_course", {(Role.OFFICER, OWN), (Role.COORDINATOR, OWN)}),
        ("civic_course", {(Role.NATIONAL_OFFICER, EVERYWHERE), (Role.DIRECTOR, EVERYWHERE)}),
        ("orientation_day", {(Role.NATIONAL_OFFICER, EVERYWHERE), (Role.DIRECTOR, EVERYWHERE)}),
    ],
)
def test_who_releases_depends_on_the_kind(session: Session, kind: str, may: set[tuple[Role, str]]) -> None:
    activity = a_course(session, 2)
    activity.kind = kind
    organisations = {OWN: activity.organisation.id, FOREIGN: an_organisation(session).id, EVERYWHERE: None}
    of_one = (Role.OFFICER, Role.COORDINATOR)
    candidates = [(role, where) for role in Role for where in ((OWN, FOREIGN) if role in of_one else (EVERYWHERE,))]

    can = {
        (role, where)
        for role, where in candidates
        if permissions.can_release(Actor(1, 1, "", ((role, organisations[where]),)), activity)
    }

    assert can == may


def test_a_foreign_officer_finds_nothing_to_release(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    noted(session, activity, amina, [PRESENT] * 10)
    actions.prepare(session, activity=activity, now=LATER)
    foreign = an_actor(session, role=Role.COORDINATOR, organisation=an_organisation(session))
    [certificate] = certificates.batch_of(session, activity.id)

    with pytest.raises(NotFound):
        actions.release(session, activity=activity, actor=foreign, now=LATER)
    with pytest.raises(NotFound):
        actions.complete(session, certificate=certificate, name="X", skills="", actor=foreign)
    with pytest.raises(NotFound):
        actions.void(session, certificate=certificate, note="wrong person", actor=foreign, now=LATER)


def test_a_civic_course_is_certified_in_the_name_of_the_authority(session: Session) -> None:
    activity, amina = a_course(session, 2, kind="civic_course", convention_reference=""), a_person(session)
    noted(session, activity, amina, [PRESENT] * 2)
    actions.prepare(session, activity=activity, now=LATER)
    officer = an_actor(session, role=Role.NATIONAL_OFFICER)

    with pytest.raises(Refused) as refused:
        actions.release(session, activity=activity, actor=officer, now=LATER)
    an_organisation(session, kind=OrganisationKind.AUTHORITY, name="Service de la formation des adultes")
    actions.release(session, activity=activity, actor=officer, now=LATER)
    actions.issue(session, activity=activity, now=LATER)

    [certificate] = certificates.batch_of(session, activity.id)
    assert refused.value.reason is CertificateRefusal.NO_ISSUER
    assert certificates.statement_of(session, certificate).issuer == "Service de la formation des adultes"


# -- once, and again after a correction -------------------------------------


def test_everything_done_twice_changes_nothing(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    noted(session, activity, amina, [PRESENT] * 10)
    released(session, activity)
    before = of(session, amina), kinds_of_jobs(session)

    changes = actions.prepare(session, activity=activity, now=LATER)
    again = actions.issue(session, activity=activity, now=LATER)

    assert (changes, again) == (actions.Changes(), 0)
    assert (of(session, amina), kinds_of_jobs(session)) == before
    with pytest.raises(Refused):
        actor = an_actor(session, role=Role.OFFICER, organisation=activity.organisation)
        actions.release(session, activity=activity, actor=actor, now=LATER)


def test_many_who_prepare_and_issue_at_once_make_one_of_each(session: Session, store: Store) -> None:
    activity = a_table(session, 2)
    for number in range(10):
        noted(session, activity, a_person(session, name=f"P{number}"), [PRESENT] * 2)
    session.commit()

    def work(_number: int) -> int:
        with store.writing() as own:
            mine = own.get_one(Activity, activity.id)
            actions.prepare(own, activity=mine, now=LATER)
        with store.writing() as own:
            return actions.issue(own, activity=own.get_one(Activity, activity.id), now=LATER)

    with ThreadPoolExecutor(6) as pool:
        issued = list(pool.map(work, range(6)))

    rows = list(session.scalars(select(Certificate.state)))
    assert (sum(issued), rows) == (10, [CertificateState.ISSUED] * 10)
    assert kinds_of_jobs(session).count("certificate_mail") == 10


def test_a_correction_voids_the_certificate_and_prepares_another_with_the_same_name(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    rows = noted(session, activity, amina, [PRESENT] * 10)
    actions.prepare(session, activity=activity, now=LATER)
    officer = an_actor(session, role=Role.OFFICER, organisation=activity.organisation)
    [certificate] = certificates.batch_of(session, activity.id)
    actions.complete(session, certificate=certificate, name="Amina Ben Ali", skills="Reads signs.", actor=officer)
    actions.release(session, activity=activity, actor=officer, now=LATER)
    actions.issue(session, activity=activity, now=LATER)

    rows[3].state = ABSENT
    changes = actions.prepare(session, activity=activity, now=LATER, people=[amina.id])

    [new] = changes.prepared
    assert of(session, amina) == [("void", 600, 600), ("prepared", 540, 600)]
    assert (certificate.void_reason, new.replaces_id) == (VoidReason.CORRECTED, certificate.id)
    assert certificates.statement_of(session, new).name == "Amina Ben Ali"
    assert certificates.statement_of(session, new).skills == "Reads signs."
    assert kinds_of_jobs(session) == ["certificates_issue", "certificate_mail", "certificate_void_mail"]


def test_a_correction_that_leaves_too_little_voids_without_a_new_one(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    rows = noted(session, activity, amina, [PRESENT] * 7 + [ABSENT] * 3)
    released(session, activity)

    rows[0].state = EXCUSED
    actions.prepare(session, activity=activity, now=LATER)
    actions.prepare(session, activity=activity, now=LATER)

    assert of(session, amina) == [("void", 420, 600)]
    assert kinds_of_jobs(session).count("certificate_void_mail") == 1


def test_corrected_practice_is_issued_anew_with_one_mail(session: Session) -> None:
    activity, amina = a_table(session), a_person(session)
    rows = noted(session, activity, amina, [PRESENT] * 4)
    actions.prepare(session, activity=activity, now=LATER)
    actions.issue(session, activity=activity, now=LATER)

    rows[0].state = ABSENT
    actions.prepare(session, activity=activity, now=LATER)
    actions.issue(session, activity=activity, now=LATER)

    assert of(session, amina) == [("void", 240, 240), ("issued", 180, 240)]
    assert kinds_of_jobs(session) == ["certificates_issue", "certificate_mail"] * 2


def test_a_prepared_certificate_follows_its_attendance_and_nobody_hears_of_it(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    rows = noted(session, activity, amina, [PRESENT] * 10)
    actions.prepare(session, activity=activity, now=LATER)

    rows[0].state = ABSENT
    actions.prepare(session, activity=activity, now=LATER)
    fewer = of(session, amina)
    for row in rows[1:5]:
        row.state = ABSENT
    actions.prepare(session, activity=activity, now=LATER)

    assert (fewer, of(session, amina), kinds_of_jobs(session)) == ([("prepared", 540, 600)], [], [])


def test_a_meeting_added_to_a_course_later_leaves_its_certificates_alone(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    noted(session, activity, amina, [PRESENT] * 10)
    released(session, activity)
    last = certificates.meetings_of(session, [activity.id])[activity.id][-1]
    begins = LATER + timedelta(days=3)
    session.add(
        Meeting(
            activity=activity, pool=last.pool, occurrence_on=begins.date(), starts_at=begins,
            ends_at=begins + timedelta(hours=1), changed_at=LATER,
        )
    )  # fmt: skip

    actions.prepare(session, activity=activity, now=LATER)

    assert of(session, amina) == [("issued", 600, 600)]


def test_what_was_taken_back_by_hand_does_not_come_again_by_itself(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    noted(session, activity, amina, [PRESENT] * 10)
    certificate = released(session, activity)
    officer = an_actor(session, role=Role.OFFICER, organisation=activity.organisation)

    for _ in range(2):
        actions.void(session, certificate=certificate, note="It was somebody else.", actor=officer, now=LATER)
    actions.prepare(session, activity=activity, now=LATER)

    assert of(session, amina) == [("void", 600, 600)]
    assert (certificate.void_reason, certificate.voided_by_id) == (VoidReason.WITHDRAWN, officer.account_id)
    assert certificates.opened(session, certificate, certificate.void_note_sealed) == "It was somebody else."
    assert kinds_of_jobs(session).count("certificate_void_mail") == 1


def test_what_was_taken_back_by_mistake_is_given_again(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    noted(session, activity, amina, [PRESENT] * 10)
    certificate = released(session, activity)
    officer = an_actor(session, role=Role.OFFICER, organisation=activity.organisation)
    actions.void(session, certificate=certificate, note="A mistake.", actor=officer, now=LATER)

    actions.issue_again(session, certificate=certificate, name="Amina", skills="", actor=officer, now=LATER)
    actions.issue(session, activity=activity, now=LATER)

    assert of(session, amina) == [("void", 600, 600), ("issued", 600, 600)]
    with pytest.raises(Refused):
        actions.issue_again(session, certificate=certificate, name="Amina", skills="", actor=officer, now=LATER)


def test_a_wrong_name_is_put_right_by_a_new_certificate(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    noted(session, activity, amina, [PRESENT] * 10)
    old = released(session, activity)
    officer = an_actor(session, role=Role.OFFICER, organisation=activity.organisation)

    new = actions.issue_again(session, certificate=old, name="Amina Ben Ali", skills="", actor=officer, now=LATER)
    actions.issue(session, activity=activity, now=LATER)

    assert of(session, amina) == [("void", 600, 600), ("issued", 600, 600)]
    assert (certificates.name_on(session, old), certificates.name_on(session, new)) == ("Amina", "Amina Ben Ali")


def test_a_certificate_of_an_erased_person_stays_and_says_no_name(session: Session) -> None:
    activity, amina = a_course(session), a_person(session)
    noted(session, activity, amina, [PRESENT] * 10)
    certificate = released(session, activity)
    session.commit()
    ring = ring_of(session)
    ring.store.destroy(amina.public_id)
    ring._keys.clear()
    amina.erased_at = LATER
    session.query(Attendance).delete()

    actions.prepare(session, activity=activity, now=LATER)

    assert of(session, amina) == [("issued", 600, 600)]
    assert certificates.statement_of(session, certificate).name == ""


# -- what is signed ---------------------------------------------------------

NAMES = ["Amina Ben Ali", "آمنة بن علي", "ሰላም ተስፋዬ", "Αλέξης Ζορμπάς", "Олена Шевченко", "王小明", "Zoë O’Brien-Łuczak"]


@pytest.mark.parametrize("name", NAMES)
def test_names_stand_in_the_signed_text_byte_for_byte(session: Session, name: str) -> None:
    activity = a_course(session)
    noted(session, activity, a_person(session, name=name), [PRESENT] * 10)
    certificate = released(session, activity)

    payload = certificates.statement_of(session, certificate).payload

    assert f'"name":"{name}"'.encode() in payload


def test_the_stored_signature_holds_for_what_the_certificate_says(session: Session) -> None:
    activity = a_course(session, title_fr="Cours du soir")
    noted(session, activity, a_person(session), [PRESENT] * 10)
    certificate = released(session, activity)
    session.commit()
    session.expire_all()
    key = signing_key(ring_of(session).store.derive("sign certificates"))

    payload = certificates.statement_of(session, certificate).payload

    signature = bytes.fromhex(certificates.opened(session, certificate, certificate.signature_sealed))
    assert key.sign(payload) == signature


def a_file(payload: bytes, seed: bytes = b"s" * 32) -> bytes:
    key = signing_key(seed)
    text, seal = keywords_of(payload, key.sign(payload))
    return sealed(b"%%PDF Keywords(%s, %s) xmp %s, %s" % ((text.encode(), seal.encode()) * 2), key)


def test_a_file_is_genuine_only_as_it_was_made() -> None:
    ours = public_key_from(public_pem(signing_key(b"s" * 32)))
    genuine = a_file(b'{"name":"Amina"}')
    other_text = genuine.replace(b"PDF", b"PDE")
    two_texts = genuine + a_file(b'{"name":"Marc"}')
    mixed = a_file(b'{"name":"Marc"}', b"t" * 32)

    findings = [check(data, ours).finding for data in (genuine, other_text, two_texts, mixed, b"%PDF nothing")]

    assert findings == [
        Finding.GENUINE, Finding.CHANGED, Finding.CHANGED, Finding.NOT_OURS, Finding.NO_CERTIFICATE
    ]  # fmt: skip
    assert check(other_text, ours).said == {"name": "Amina"}


def test_no_single_byte_of_a_file_can_be_changed() -> None:
    ours = public_key_from(public_pem(signing_key(b"s" * 32)))
    genuine = a_file(b'{"name":"Amina"}')

    unseen = [
        place
        for place in range(len(genuine))
        if check(genuine[:place] + bytes([genuine[place] ^ 1]) + genuine[place + 1 :], ours).finding is Finding.GENUINE
    ]

    assert unseen == []


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{grouped}"])
def test_a_code_is_understood_as_people_type_it(typed: str) -> None:
    code = "7K3M09XZ4TABCDEFGH11KMNPQR"

    said = typed.format(code, lower=code.lower().replace("0", "o").replace("1", "l"), grouped=as_read(code))

    assert code_from(said) == code


def test_what_a_kind_is_for_the_table_of_releasers() -> None:
    from commune_hub.events.certification import ISSUED_BY

    assert set(ISSUED_BY) == set(ActivityKind)
    assert set(ISSUED_BY.values()) == set(permissions.RELEASERS)
