"""The story of a contract, from the signature to the end of the ten-year file, against the real reference record over
HTTP, with the record down for a day in the middle."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.actions import sign_in_staff
from commune_hub.accounts.models import Person, SignInCode
from commune_hub.accounts.rules import reach_from
from commune_hub.accounts.words import OrganisationKind, Role
from commune_hub.app import create_app
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.contracts import queries, roadmap
from commune_hub.contracts.actions import attesting, linking, outside
from commune_hub.contracts.inputs import DecisionDraft, LinkDraft, ProofDraft
from commune_hub.contracts.models import Attestation, ContractLink
from commune_hub.contracts.record import Found
from commune_hub.contracts.roadmap import StepState
from commune_hub.contracts.words import AttestationState, ConsentPurpose, RecordForm
from commune_hub.events.actions import certificates as issuing
from commune_hub.events.actions import courses
from commune_hub.events.models import Activity, Priority
from commune_hub.events.words import AttendanceState
from commune_hub.worker import loop
from commune_hub.worker import retention as keeping
from national_record import certification
from national_record import demo as register
from national_record import retention as record_keeping
from national_record import tracing as record_traces
from national_record.access_models import Agent, Trace
from national_record.actions import attestations as decisions
from national_record.models import Attestation as Received
from national_record.models import Contract
from tests.events.test_certificates import a_course, noted
from tests.factories import a_person, an_account, an_actor, an_organisation
from tests.infrastructure.record import Front, LiveRecord, Mood, front_of, serving_record
from tests.web.test_contract_pages import a_photo

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
START = datetime(2026, 11, 22, 10, tzinfo=UTC)
AFTER_COURSES = datetime(2027, 1, 10, 10, tzinfo=UTC)
PRESENT = AttendanceState.PRESENT


@dataclass
class World:
    """A hub and a record next door that speak HTTP, and the moment in which both live."""

    session: Session
    record: LiveRecord
    front: Front
    work: loop.Work
    now: datetime = START

    def go_on(self, moment: datetime | None = None) -> None:
        """The worker does what is due, a few times in ten minutes, so that answers are read too."""
        self.now = moment or self.now
        for _ in range(3):
            self.session.commit()
            self.work.record._down_until = 0.0  # type: ignore[union-attr]
            loop.run(self.work, clock=lambda: self.now, once=True)
            self.now += timedelta(minutes=10)
        self.session.expire_all()

    def decide(self, validated: bool = True) -> int:
        """An officer of the record decides about everything that waits there; practice too."""
        with self.record.store.writing() as session:
            by = session.scalars(select(Agent).where(Agent.login == register.AUDITOR)).one()
            waiting = list(session.scalars(select(Received).where(Received.state == "received")))
            for one in waiting:
                decisions.validate(session, attestation=one, by=by, now=self.now)
        return len(waiting)

    def state_of(self, reference: str) -> str:
        """Where a contract stands at the record itself."""
        with self.record.store.reading() as session:
            return str(session.scalars(select(Contract.state).where(Contract.public_id == reference)).one())


@pytest.fixture
def world(settings: Settings, store: Store, session: Session, tmp_path: Path) -> Iterator[World]:
    """Both houses."""
    with ExitStack() as both:
        live: list[World] = []
        record = both.enter_context(serving_record(tmp_path / "record", clock=lambda: live[0].now if live else START))
        front = both.enter_context(front_of(record.url))
        work = loop.work_of(
            replace(settings, record="http", record_url=front.url, record_client=record.client,
                    record_secret=record.secret, record_agent=record.agent,
                    record_organisation=record.organisation),
            store,
        )  # fmt: skip
        live.append(World(session, record, front, work))
        yield live[0]
        assert work.record is not None
        work.record.close()


def linked(world: World, person: Person, one: register.DemoContract) -> ContractLink:
    """Somebody says "I have a contract" and the record knows it."""
    draft = LinkDraft.parse(
        {"by": "matricule", "number": one.matricule, "born_on": one.birth_date, "agrees": "yes"}
    )
    linking.ask(world.session, person=person, draft=draft, form=RecordForm.HTTP, language="en", now=world.now)
    world.go_on()
    link = queries.link_of(world.session, person.id)
    assert link is not None
    return link


def attended(world: World, person: Person, activity: Activity, meetings: int) -> None:
    """Somebody was there each time, and the certificate is released by whom it may be."""
    noted(world.session, activity, person, [PRESENT] * meetings)
    issuing.prepare(world.session, activity=activity, now=world.now)
    if activity.kind != "conversation_table":
        actor = an_actor(world.session, role=Role.DIRECTOR)
        issuing.release(world.session, activity=activity, actor=actor, now=world.now)
    world.go_on()


def states(world: World, person: Person) -> dict[str, StepState]:
    found = roadmap.roadmap_of(world.session, person, world.now)
    assert found is not None
    return {str(step.kind): step.state for step in found.steps}


def looked_at_by_an_officer(world: World, activity: Activity) -> None:
    """An officer opens the list of the first date of an activity, in the app itself."""
    officer = an_account(world.session, organisation=activity.organisation, name="Claire")
    token = sign_in_staff(world.session, account=officer, now=world.now, second_factor=True)
    address = f"/en/staff/meetings/{activity.meetings[0].public_id}/attendance"
    world.session.commit()
    browser = app_of(world).test_client()
    browser.set_cookie("signin", token)
    assert browser.get(address).status_code == 200


def read_by_the_person(world: World, person: Person, contact: str) -> str:
    """What somebody who signs in with a code reads under "Who looked at my data"."""
    reach = reach_from(contact)
    assert reach is not None
    accounts.request_code(world.session, reach=reach, now=world.now)
    asked = world.session.scalars(select(SignInCode).order_by(SignInCode.id.desc())).first()
    assert asked is not None and asked.code_sealed is not None
    token = accounts.enter_code(
        world.session, reach=reach, code=person.opened(asked.code_sealed), shared_phone=False, now=world.now
    )
    world.session.commit()
    browser = app_of(world).test_client()
    browser.set_cookie("signin", str(token))
    return browser.get("/en/my/data/looks").text


def app_of(world: World) -> Flask:
    app = create_app(world.work.settings, store=world.work.store, clock=lambda: world.now)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


def test_from_the_signature_to_the_end_of_the_ten_year_file(world: World) -> None:
    session = world.session
    # At the record he was a candidate, came to an information session and signed (national_record/demo.py: SIGNED).
    an_organisation(session, kind=OrganisationKind.AUTHORITY, name="Authority")
    joao = a_person(session, name="João", contact="joao@example.lu", language="pt")

    # The contract is signed and nothing has begun: no end date, priority all the same.
    link = linked(world, joao, register.SIGNED)
    begins = (link.state, link.in_force_on, link.ends_on)
    assert begins == ("signed", None, None)

    # A conversation table: practice, which meets nothing.
    world.now = AFTER_COURSES
    table = a_course(session, 4, kind="conversation_table", convention_reference="")
    attended(world, joao, table, 4)
    looked_at_by_an_officer(world, table)
    decided = world.decide()
    world.go_on()
    assert (decided, set(states(world, joao).values())) == (1, {StepState.MISSING})

    # A civic course of three meetings. The record is down for a day when it is released.
    world.front.mood = Mood.DOWN
    attended(world, joao, a_course(session, 3, kind="civic_course", convention_reference=""), 3)
    unsent = states(world, joao)["civic"]
    world.front.mood = Mood.WELL
    world.go_on(world.now + timedelta(days=1))
    told = states(world, joao)["civic"]
    world.decide()
    world.go_on()
    civic = roadmap.roadmap_of(session, joao, world.now)
    assert civic is not None
    assert (unsent, told) == (StepState.NOT_CONFIRMED, StepState.NOT_CONFIRMED)
    assert [(s.state, s.official) for s in civic.steps if s.kind == "civic"] == [(StepState.DONE, True)]
    # The first measure has begun: now there is a date by which all must be done.
    assert (civic.link.state, civic.link.ends_on is not None) == ("in_force", True)

    # A language certificate from elsewhere, handed in and confirmed by an officer of the authority.
    draft = {"counts_for": "language", "title": "A1.1", "issuer": "Moien", "issued_on": date(2027, 1, 9),
             "language": "lb", "level": "A1.1"}  # fmt: skip
    paper = outside.hand_in(session, person=joao, draft=ProofDraft.parse(draft), data=a_photo(), now=world.now)
    outside.decide(
        session, paper=paper, draft=DecisionDraft.parse(draft | {"confirms": "yes"}),
        actor=an_actor(session, role=Role.NATIONAL_OFFICER), now=world.now,
    )  # fmt: skip
    world.go_on()
    world.decide()

    # The orientation day.
    attended(world, joao, a_course(session, 1, kind="orientation_day", convention_reference=""), 1)
    world.decide()
    world.go_on(world.now + timedelta(minutes=30))

    done = roadmap.roadmap_of(session, joao, world.now)
    assert done is not None
    assert {str(step.kind): (step.state, step.official) for step in done.steps} == {
        "language": (StepState.DONE, True), "civic": (StepState.DONE, True), "orientation_day": (StepState.DONE, True),
    }  # fmt: skip
    assert (done.link.state, world.state_of(done.link.reference)) == ("fulfilled", "fulfilled")
    assert {one.state for one in session.scalars(select(Attestation))} == {AttestationState.VALIDATED}
    assert len(session.scalars(select(Attestation)).all()) == 4
    assert paper.file_sealed is None

    organiser = table.organisation.name
    # He reads who looked, where and why; the record kept the same for every call of the hub.
    looks = read_by_the_person(world, joao, "joao@example.lu")
    assert organiser in looks
    assert "The attendance list of a meeting" in looks and "To note who was there" in looks
    with world.record.store.reading() as there:
        assert {"verify", "attestation_submit", "missing"} <= set(there.scalars(select(Trace.deed)))
        assert record_traces.faults(there) == []

    # Three years from the signature are over; while the contract ran, that waited for a human (K5). Now that it is
    # fulfilled nobody can tell any more who it was ...
    waited = joao.erased_at is None
    session.commit()
    here = keeping.run(world.work.store, now=world.now, trace_months=36)
    there_too = record_keeping.run(world.record.store, now=world.now)
    session.expire_all()
    assert (waited, here.anonymised, joao.erased_at is not None) == (True, 1, True)
    assert there_too.anonymised >= 1
    # ... but for the ten-year file, which says that a contract was fulfilled; then it is gone too.
    with world.record.store.reading() as there:
        certified = certification.find(there, register.SIGNED.matricule)
        assert certified is not None and certified.accomplished
    record_keeping.run(world.record.store, now=datetime(2038, 2, 1, 10, tzinfo=UTC))
    with world.record.store.reading() as there:
        assert certification.find(there, register.SIGNED.matricule) is None


def test_a_member_of_the_biergerpakt_has_the_same_way_without_a_deadline(world: World) -> None:
    session = world.session
    an_organisation(session, kind=OrganisationKind.AUTHORITY, name="Authority")
    maria = a_person(session, name="Maria", contact="maria@example.lu", language="pt")
    link = linked(world, maria, register.MEMBER)
    world.now = AFTER_COURSES

    attended(world, maria, a_course(session, 1, kind="orientation_day", convention_reference=""), 1)
    world.decide()
    world.go_on()

    assert (link.scheme, link.ends_on) == ("LU-BIERGERPAKT", None)
    assert states(world, maria) == {
        "language": StepState.MISSING, "civic": StepState.DONE, "orientation_day": StepState.DONE
    }  # fmt: skip


def test_a_french_contract_needs_a_data_file_and_no_code(session: Session) -> None:
    anne = a_person(session, name="Anne", contact="anne@example.lu", language="fr")
    linking.agree(session, person=anne, purpose=ConsentPurpose.RECORD, language="fr", now=START)
    found = Found("F" * 22, "FR-CIR", "in_force", date(2024, 5, 1), date(2024, 5, 1), date(2027, 4, 30))
    link = linking.link(session, person=anne, found=found, now=START)
    course = a_course(session)
    noted(session, course, anne, [PRESENT] * 10)
    courses.confirm_convention(session, activity=course, actor=an_actor(session, role=Role.DIRECTOR), now=START)
    issuing.prepare(session, activity=course, now=AFTER_COURSES)
    actor = an_actor(session, role=Role.OFFICER, organisation=course.organisation)
    issuing.release(session, activity=course, actor=actor, now=AFTER_COURSES)
    issuing.issue(session, activity=course, now=AFTER_COURSES)

    attesting.follow(session, person=anne, activity=course, now=AFTER_COURSES)

    done = roadmap.roadmap_of(session, anne, AFTER_COURSES)
    assert done is not None and done.profile is not None and link is not None
    assert (done.profile.id, done.profile.country) == ("FR-CIR-2019", "FR")
    assert {str(step.kind): step.state for step in done.steps} == {
        "civic": StepState.MISSING, "language": StepState.NOT_CONFIRMED
    }  # fmt: skip
    assert session.scalars(select(Attestation)).one().counts_for == "language"
    assert list(session.scalars(select(Priority))) == []
