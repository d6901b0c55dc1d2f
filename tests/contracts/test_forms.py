"""The same contract for every form of the record: asked, linked, told once, corrected, withdrawn, decided."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.base.errors import Refused
from commune_hub.base.settings import Settings
from commune_hub.contracts import queries
from commune_hub.contracts.actions import attesting, files, linking, manual
from commune_hub.contracts.inputs import FoundDraft, LinkDraft, VerdictDraft
from commune_hub.contracts.models import Attestation, Inquiry, Transfer
from commune_hub.contracts.record import Unreadable
from commune_hub.contracts.words import AttestationState, InquiryState, RecordForm
from commune_hub.events.actions import certificates as issuing
from commune_hub.events.words import AttendanceState
from commune_hub.worker import loop
from tests.events.test_certificates import a_table, noted
from tests.factories import a_person, an_actor
from tests.infrastructure.false_record import RECEIVED_AT, FalseRecord, false_record

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
LATER = datetime(2027, 1, 10, 10, tzinfo=UTC)
BORN = date(1985, 6, 30)
PRESENT, ABSENT = AttendanceState.PRESENT, AttendanceState.ABSENT
FOUND = {"reference": "ref-7", "scheme": "LU-CAI", "state": "in_force", "signed_on": "2026-03-02",
         "in_force_on": "2026-03-12", "ends_on": "2028-03-11"}  # fmt: skip


class Office(Protocol):
    """The other side: whoever answers for the record in one of its forms."""

    form: RecordForm
    told: list[tuple[str, str]]

    def answer(self, session: Session, now: datetime) -> None:
        """Take what waits and answer it."""

    def decide(self, session: Session, state: str, reason: str, now: datetime) -> None:
        """Decide about the one attestation."""


@dataclass
class Wire:
    """Over HTTP: the worker asks by itself."""

    record: FalseRecord
    form: RecordForm = RecordForm.HTTP

    @property
    def told(self) -> list[tuple[str, str]]:
        names = {"attestations": "submit", "corrections": "correct", "withdrawal": "withdraw"}
        return [(names[act], str(body.get("attended"))) for act, body in self.record.told()]

    def answer(self, session: Session, now: datetime) -> None:
        """Nothing to do: it has answered."""

    def decide(self, session: Session, state: str, reason: str, now: datetime) -> None:
        self.record.says("a1", state, reason)


@dataclass
class Desk:
    """An officer of the authority at the screen."""

    form: RecordForm = RecordForm.MANUAL
    told: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, session: Session, now: datetime) -> None:
        actor = an_actor(session, role=Role.NATIONAL_OFFICER)
        for inquiry in manual.questions(session):
            known = manual.question(session, inquiry, actor).number == "CAI-7"
            draft = FoundDraft.parse({**FOUND, "found": "yes"} if known else {})
            manual.answer(session, inquiry=inquiry, draft=draft, actor=actor, now=now)
        while waiting := manual.to_note(session):
            for one in waiting:
                transfer = queries.next_transfer(session, one.id)
                assert transfer is not None
                self.told.append((transfer.act, _attended(session, transfer)))
                manual.note_receipt(session, attestation=one, receipt="R-1", actor=actor, now=now)

    def decide(self, session: Session, state: str, reason: str, now: datetime) -> None:
        [one] = manual.to_decide(session)
        draft = VerdictDraft.parse({"validated": "yes" if state == "validated" else "", "reason": reason})
        actor = an_actor(session, role=Role.NATIONAL_OFFICER)
        manual.note_verdict(session, attestation=one, draft=draft, actor=actor, now=now)


@dataclass
class Post:
    """Signed files, carried by somebody."""

    ours: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    theirs: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    form: RecordForm = RecordForm.FILE
    told: list[tuple[str, str]] = field(default_factory=list)
    sent: int = 0

    def answer(self, session: Session, now: datetime) -> None:
        for _ in range(3):
            data = files.export(session, key=self.ours, now=now)
            said = files.opened(data, self.ours.public_key())
            self.reply(session, [row for one in said["messages"] for row in self._answers(one)], now)

    def reply(self, session: Session, answers: list[dict[str, Any]], now: datetime) -> files.Imported:
        self.sent += 1
        data = files.signed({"file": f"answers-{self.sent}", "answers": answers}, self.theirs)
        return files.take_in(session, data=data, peer=self.theirs.public_key(), now=now)

    def _answers(self, one: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if one["kind"] == "ask":
            known = one["contract_number"] == "CAI-7"
            yield {"kind": "answer", "key": one["key"], "found": known, "contract": FOUND if known else None}
        elif one["kind"] == "send":
            self.told.append((one["act"], str(one["body"].get("attended"))))
            yield {"kind": "receipt", "key": one["key"], "attestation": "a1", "receipt": "R-1",
                   "received_at": RECEIVED_AT}  # fmt: skip

    def decide(self, session: Session, state: str, reason: str, now: datetime) -> None:
        self.reply(session, [{"kind": "change", "id": "a1", "state": state, "reason": reason}], now)


def _attended(session: Session, transfer: Transfer) -> str:
    return str(attesting.body_of(session, transfer).get("attended"))


@pytest.fixture(params=["http", "file", "manual"])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """The other side in each form."""
    if request.param == "http":
        with false_record() as record:
            record.knows("CAI-7", BORN.isoformat(), **FOUND)
            yield Wire(record)
    else:
        yield Post() if request.param == "file" else Desk()


@pytest.fixture
def go_on(settings: Settings, store: Store, session: Session, office: Office) -> Iterator[Callable[[datetime], None]]:
    """The worker and the other side do what waits."""
    url = office.record.url if isinstance(office, Wire) else ""
    work = loop.work_of(
        replace(settings, record=office.form, record_url=url, record_client="hub", record_secret="secret"), store
    )

    def run(moment: datetime) -> None:
        for _ in range(2):
            session.commit()
            loop.run(work, clock=lambda: moment, once=True)
            office.answer(session, moment)
        session.commit()
        loop.run(work, clock=lambda: moment, once=True)
        session.expire_all()

    yield run
    assert work.record is not None
    work.record.close()


def ask(session: Session, office: Office, person: Person, number: str = "CAI-7") -> Inquiry:
    draft = LinkDraft.parse({"number": number, "born_on": BORN, "agrees": "yes"})
    return linking.ask(session, person=person, draft=draft, form=office.form, language="en", now=NOW)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_form_links_tells_once_in_order_and_brings_the_decision(
    session: Session, office: Office, go_on: Callable[[datetime], None]
) -> None:
    amina, other = a_person(session, name="Amina"), a_person(session, name="Other")
    unknown = ask(session, office, other, "CAI-8")
    ask(session, office, amina)
    go_on(NOW)
    link = queries.link_of(session, amina.id)
    table = a_table(session)
    rows = noted(session, table, amina, [PRESENT] * 4)
    issuing.prepare(session, activity=table, now=LATER)
    go_on(LATER)
    rows[0].state = ABSENT
    issuing.prepare(session, activity=table, now=LATER)
    go_on(LATER + timedelta(minutes=10))
    office.decide(session, "rejected", "Not within the contract", LATER)
    go_on(LATER + timedelta(minutes=20))
    one = session.scalars(select(Attestation)).one()
    rejected = (one.state, amina.opened(one.reason_sealed or b""))
    for row in rows:
        row.state = ABSENT
    issuing.prepare(session, activity=table, now=LATER)
    go_on(LATER + timedelta(minutes=30))

    assert unknown.state == InquiryState.NOT_FOUND
    assert link is not None and (link.reference, link.ends_on) == ("ref-7", date(2028, 3, 11))
    assert office.told == [("submit", "4"), ("correct", "3"), ("withdraw", "None")]
    assert rejected == (AttestationState.REJECTED, "Not within the contract")
    assert one.state == AttestationState.WITHDRAWN
    assert {transfer.state for transfer in one.transfers} == {"delivered"}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_record_asks_nobody(session: Session) -> None:
    draft = LinkDraft.parse({"number": "CAI-7", "born_on": BORN, "agrees": "yes"})

    with pytest.raises(Refused):
        linking.ask(session, person=a_person(session), draft=draft, form=RecordForm.NONE, language="en", now=NOW)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_file_that_is_not_the_records_counts_for_nothing_and_twice_is_once(session: Session) -> None:
    post = Post()
    amina = a_person(session, name="Amina")
    inquiry = ask(session, post, amina)
    answer = {"kind": "answer", "key": inquiry.public_id, "found": True, "contract": FOUND}
    good = files.signed({"file": "one", "answers": [answer]}, post.theirs)
    half = files.signed({"file": "two", "answers": [answer, {"kind": "nonsense"}]}, post.theirs)
    peer = post.theirs.public_key()

    not_theirs = files.signed({"file": "x", "answers": []}, post.ours)
    for bad in (half, good.replace(b"ref-7", b"ref-8"), not_theirs, b"", b"{}"):
        with pytest.raises(Unreadable), session.begin_nested():
            files.take_in(session, data=bad, peer=peer, now=NOW)
    untouched = queries.link_of(session, amina.id)
    first = files.take_in(session, data=good, peer=peer, now=NOW)
    again = files.take_in(session, data=good, peer=peer, now=NOW)

    assert untouched is None
    assert (first, again) == (files.Imported(1, 0), files.Imported(0, 0, again=True))
