"""The jobs of the contract record against a record that answers, is down, slow, forgetful, or lies."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.base.outbox import Job
from commune_hub.base.settings import Settings
from commune_hub.contracts import queries
from commune_hub.contracts.actions import attesting, linking
from commune_hub.contracts.inputs import LinkDraft
from commune_hub.contracts.models import Attestation, ContractLink, Inquiry, Transfer
from commune_hub.contracts.words import AskedBy, AttestationState, ConsentPurpose, InquiryState, RecordForm
from commune_hub.events.actions import certificates as issuing
from commune_hub.events.actions import courses
from commune_hub.events.models import Activity, Priority
from commune_hub.events.records import Certificate
from commune_hub.events.words import AttendanceState
from commune_hub.worker import loop
from commune_hub.worker.work import Work
from tests.events.test_certificates import a_course, a_table, noted
from tests.factories import a_person, an_actor
from tests.infrastructure.false_record import FalseRecord, false_record
from tests.infrastructure.mail_server import MailServer

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
LATER = datetime(2027, 1, 10, 10, tzinfo=UTC)
BORN = date(1985, 6, 30)
MATRICULE = "1985063099074"
PRESENT, ABSENT = AttendanceState.PRESENT, AttendanceState.ABSENT
RunAt = Callable[[datetime], loop.Tally]


@pytest.fixture
def record() -> Iterator[FalseRecord]:
    """A national record of our own."""
    with false_record() as record:
        yield record


@pytest.fixture
def work(settings: Settings, store: Store, mail: MailServer, record: FalseRecord) -> Iterator[Work]:
    """The work of a hub that speaks with this record."""
    work = loop.work_of(
        replace(
            settings, base_url="https://hub.example.lu", mail_host="127.0.0.1", mail_port=str(mail.port),
            record="http", record_url=record.url, record_client="hub", record_secret="secret",
        ),
        store,
    )  # fmt: skip
    yield work
    assert work.record is not None
    work.record.close()


@pytest.fixture
def run_at(work: Work, session: Session) -> RunAt:
    """Work off all that is due at a moment; the record's rest after a failure is over by then."""

    def run(moment: datetime) -> loop.Tally:
        session.commit()
        work.record._down_until = 0.0  # type: ignore[union-attr]
        tally = loop.run(work, clock=lambda: moment, once=True)
        session.expire_all()
        return tally

    return run


@pytest.fixture
def amina(session: Session) -> Person:
    return a_person(session, contact="amina@example.lu", language="en")


def ask(
    session: Session, person: Person, number: str = "2026-17", by: str = "contract_number", now: datetime = NOW
) -> Inquiry:
    draft = LinkDraft.parse({"by": by, "number": number, "born_on": BORN, "agrees": "yes"})
    return linking.ask(session, person=person, draft=draft, form=RecordForm.HTTP, language="en", now=now)


def linked(session: Session, record: FalseRecord, person: Person, run_at: RunAt, **given: str) -> ContractLink:
    record.knows("2026-17", BORN.isoformat(), **given)
    ask(session, person)
    run_at(NOW)
    link = queries.link_of(session, person.id)
    assert link is not None
    return link


def attended(session: Session, activity: Activity, person: Person, run_at: RunAt) -> None:
    """Somebody was at a table, and has the certificate."""
    noted(session, activity, person, [PRESENT] * 4)
    issuing.prepare(session, activity=activity, now=LATER)
    run_at(LATER)


def test_a_contract_is_found_linked_and_gives_priority(
    session: Session, record: FalseRecord, amina: Person, run_at: RunAt, mail: MailServer
) -> None:
    link = linked(session, record, amina, run_at)

    [priority] = session.scalars(select(Priority))
    inquiry = session.scalars(select(Inquiry)).one()
    assert (link.scheme, link.state, link.reference) == ("LU-CAI", "in_force", "ref-2026-17")
    assert (priority.since, priority.until) == (date(2026, 3, 2), date(2028, 3, 11))
    assert (inquiry.state, inquiry.typed_sealed) == (InquiryState.FOUND, None)
    assert link.said_at == NOW
    assert all(motive for (_, path, _), motive in zip(record.calls, record.motives, strict=True) if "/v1/" in path)
    assert [sent["Subject"] for sent in mail.mails] == ["There is news for you"]


def test_a_matricule_is_used_once_and_is_nowhere_afterwards(
    session: Session, store: Store, record: FalseRecord, amina: Person, run_at: RunAt, caplog: pytest.LogCaptureFixture
) -> None:
    record.knows(MATRICULE, BORN.isoformat(), reference="opaque")
    record.mood = "down"
    caplog.set_level(logging.DEBUG)

    inquiry = ask(session, amina, "1985 0630 990 74", AskedBy.MATRICULE)
    run_at(NOW)
    waits = store.keys.find([inquiry.public_id])
    record.mood = ""
    run_at(NOW + timedelta(minutes=2))

    assert len(waits) == 1
    assert (inquiry.state, store.keys.find([inquiry.public_id])) == (InquiryState.FOUND, {})
    assert kept_in(session, MATRICULE) == []
    assert MATRICULE not in caplog.text


def kept_in(session: Session, secret: str) -> list[str]:
    """The tables in which a text stands in clear."""
    from commune_hub.models import metadata

    found = []
    for table in metadata.sorted_tables:
        rows = session.execute(text(f'select * from "{table.name}"')).all()
        if any(secret in str(value) or secret.encode() in bytes(_bytes(value)) for row in rows for value in row):
            found.append(table.name)
    return found


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def test_a_question_without_an_answer_is_forgotten_after_a_day(
    session: Session, store: Store, record: FalseRecord, amina: Person, run_at: RunAt
) -> None:
    record.mood = "down"
    inquiry = ask(session, amina, MATRICULE, AskedBy.MATRICULE)
    run_at(NOW)

    run_at(NOW + timedelta(hours=24))

    assert (inquiry.state, inquiry.typed_sealed) == (InquiryState.NO_ANSWER, None)
    assert store.keys.find([inquiry.public_id]) == {}


def test_an_unknown_contract_links_nothing(
    session: Session, record: FalseRecord, amina: Person, run_at: RunAt
) -> None:
    inquiry = ask(session, amina)
    run_at(NOW)

    assert inquiry.state == InquiryState.NOT_FOUND
    assert queries.link_of(session, amina.id) is None
    assert list(session.scalars(select(Priority))) == []


def test_a_contract_is_linked_with_one_person_only(
    session: Session, record: FalseRecord, amina: Person, run_at: RunAt
) -> None:
    linked(session, record, amina, run_at)
    other = ask(session, a_person(session, name="Another"))
    run_at(NOW)

    assert other.state == InquiryState.LINKED_ELSEWHERE
    assert len(list(session.scalars(select(ContractLink)))) == 1


def test_a_table_is_told_as_practice_and_a_course_with_a_convention_as_language(
    session: Session, record: FalseRecord, amina: Person, run_at: RunAt
) -> None:
    linked(session, record, amina, run_at)
    attended(session, a_table(session), amina, run_at)
    course = a_course(session)
    certificate = attended_course(session, course, amina, run_at)

    [(_, practice), (_, language)] = record.told()
    assert (practice["counts_for"], language["counts_for"]) == ("practice", "language")
    assert language == {
        "reference": "ref-2026-17", "hub_attestation": language["hub_attestation"], "counts_for": "language",
        "activity_kind": "conventioned_course", "title": language["title"], "language": "lb", "level": "A1",
        "minutes": certificate.minutes, "of_minutes": certificate.of_minutes, "held": 10, "attended": 10,
        "first_on": certificate.facts["days"][0], "last_on": certificate.facts["days"][-1],
        "issuer": course.organisation.name, "certificate_code": certificate.code,
        "convention_reference": course.convention_reference,
    }  # fmt: skip
    assert {one.state for one in session.scalars(select(Attestation))} == {AttestationState.RECEIVED}
    assert "Amina" not in str(record.told())


def attended_course(session: Session, course: Activity, person: Person, run_at: RunAt) -> Certificate:
    attended_before = set(session.scalars(select(Certificate.id)))
    courses.confirm_convention(
        session, activity=course, actor=an_actor(session, role=Role.NATIONAL_OFFICER), now=NOW
    )
    noted(session, course, person, [PRESENT] * 10)
    issuing.prepare(session, activity=course, now=LATER)
    actor = an_actor(session, role=Role.OFFICER, organisation=course.organisation)
    issuing.release(session, activity=course, actor=actor, now=LATER)
    run_at(LATER)
    return session.scalars(select(Certificate).where(Certificate.id.not_in(attended_before))).one()


def test_a_convention_that_nobody_has_confirmed_waits(
    session: Session, record: FalseRecord, amina: Person, run_at: RunAt
) -> None:
    linked(session, record, amina, run_at)
    course = a_course(session)
    noted(session, course, amina, [PRESENT] * 10)
    issuing.prepare(session, activity=course, now=LATER)
    actor = an_actor(session, role=Role.OFFICER, organisation=course.organisation)
    issuing.release(session, activity=course, actor=actor, now=LATER)
    run_at(LATER)
    before = record.told()

    courses.confirm_convention(
        session, activity=course, actor=an_actor(session, role=Role.DIRECTOR), now=LATER
    )
    run_at(LATER + timedelta(minutes=1))

    assert before == []
    assert [(act, body["counts_for"]) for act, body in record.told()] == [("attestations", "language")]


def test_a_day_without_the_record_delivers_everything_once_and_in_order_when_it_returns(
    session: Session, record: FalseRecord, amina: Person, run_at: RunAt
) -> None:
    linked(session, record, amina, run_at)
    record.mood = "down"
    activity = a_table(session)
    rows = noted(session, activity, amina, [PRESENT] * 4)
    issuing.prepare(session, activity=activity, now=LATER)
    run_at(LATER)
    rows[0].state = ABSENT
    issuing.prepare(session, activity=activity, now=LATER)
    for hours in (1, 5, 12, 23):
        run_at(LATER + timedelta(hours=hours))
    line = queries.line(session)
    down_since = line.down_since

    record.mood = ""
    run_at(LATER + timedelta(hours=24))

    assert down_since == LATER
    assert [act for act, _ in record.told()] == ["attestations", "corrections"]
    assert [body["attended"] for _, body in record.told()] == [4, 3]
    assert queries.line(session).down_since is None
    assert [job.kind for job in session.scalars(select(Job).where(Job.state != "done", Job.due_at <= LATER))] == []


def test_a_lost_acknowledgement_doubles_nothing(
    session: Session, record: FalseRecord, amina: Person, run_at: RunAt
) -> None:
    linked(session, record, amina, run_at)
    record.mood = "lost"
    attended(session, a_table(session), amina, run_at)
    first = session.scalars(select(Transfer)).one().state

    run_at(LATER + timedelta(minutes=5))

    transfer = session.scalars(select(Transfer)).one()
    assert (first, transfer.state, len(record.told())) == ("waiting", "delivered", 1)
    assert len({key for _, path, key in record.calls if path == "/v1/attestations"}) == 1


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mood", ["unauthorised", "redirect", "html", "html as json", "empty object", "huge", "slow"])
def test_what_is_no_receipt_never_counts_as_delivered(
    session: Session, record: FalseRecord, amina: Person, run_at: RunAt, work: Work, mood: str
) -> None:
    linked(session, record, amina, run_at)
    work.record.whole = 0.8  # type: ignore[union-attr]
    record.mood = mood
    attended(session, a_table(session), amina, run_at)

    transfer = session.scalars(select(Transfer)).one()
    assert (transfer.state, transfer.receipt, transfer.received_at) == ("waiting", "", None)
    record.mood = ""
    run_at(LATER + timedelta(hours=1))
    assert transfer.state == "delivered"


def test_a_rejection_is_shown_once_and_stops_nothing_else(
    session: Session, record: FalseRecord, amina: Person, run_at: RunAt
) -> None:
    linked(session, record, amina, run_at)
    attended(session, a_table(session), amina, run_at)
    attended_course(session, a_course(session), amina, run_at)
    record.says("a1", "rejected", "Not within the contract")
    record.says("a2", "validated")
    record.standings["ref-2026-17"]["obligations"][0] |= {"state": "met", "on": "2026-12-20"}
    run_at(LATER + timedelta(minutes=10))

    rejected, validated = session.scalars(select(Attestation).order_by(Attestation.remote))
    shown = queries.rejected_unseen(session)
    attesting.mark_seen(session, attestation=rejected, actor=an_actor(session, role=Role.DIRECTOR), now=LATER)

    assert (rejected.state, validated.state) == (AttestationState.REJECTED, AttestationState.VALIDATED)
    assert amina.opened(rejected.reason_sealed or b"") == "Not within the contract"
    assert (shown, queries.rejected_unseen(session)) == ([rejected], [])
    assert '"met"' in amina.opened(queries.link_of(session, amina.id).said_sealed)  # type: ignore[union-attr,arg-type]


def test_a_void_certificate_is_withdrawn_and_a_new_one_attested_anew(
    session: Session, record: FalseRecord, amina: Person, run_at: RunAt
) -> None:
    linked(session, record, amina, run_at)
    course = a_course(session)
    certificate = attended_course(session, course, amina, run_at)
    actor = an_actor(session, role=Role.OFFICER, organisation=course.organisation)

    issuing.void(session, certificate=certificate, note="Wrong person was noted", actor=actor, now=LATER)
    run_at(LATER + timedelta(minutes=1))
    issuing.issue_again(session, certificate=certificate, name="Amina B", skills="", actor=actor, now=LATER)
    run_at(LATER + timedelta(minutes=2))

    assert [(remote, [act for act, _ in steps]) for remote, steps in record.attestations.items()] == [
        ("a1", ["attestations", "withdrawal"]), ("a2", ["attestations"]),
    ]  # fmt: skip


def test_taking_the_consent_back_ends_the_priority_and_sends_nothing_more(
    session: Session, record: FalseRecord, amina: Person, run_at: RunAt
) -> None:
    linked(session, record, amina, run_at)
    record.mood = "down"
    attended(session, a_table(session), amina, run_at)

    linking.take_back(session, person=amina, purpose=ConsentPurpose.RECORD, now=LATER)
    record.mood = ""
    run_at(LATER + timedelta(hours=1))
    [priority] = session.scalars(select(Priority))
    nothing = list(record.told())
    states = [one.state for one in session.scalars(select(Transfer))]
    ask(session, amina, now=LATER + timedelta(hours=2))
    run_at(LATER + timedelta(hours=2))

    assert (priority.until, nothing, states) == (LATER.date() - timedelta(days=1), [], ["held_back"])
    assert [act for act, _ in record.told()] == ["attestations"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_at_most_ten_calls_a_second_leave(
    session: Session, record: FalseRecord, run_at: RunAt
) -> None:
    for number in range(8):
        person = a_person(session, name=f"Person {number}")
        record.knows(f"N{number}", BORN.isoformat(), reference=f"ref-{number}")
        ask(session, person, f"N{number}")
    began = time.monotonic()
    run_at(NOW)

    at = sorted(record.at)
    crowded = [one for one in at if sum(1 for other in at if one <= other < one + 0.99) > 10]
    assert len(at) >= 16
    assert (crowded, time.monotonic() - began > 1.5) == ([], True)
