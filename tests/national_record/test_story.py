"""One person's whole way through the record: candidate, contract, attested, fulfilled, anonymous, ten years, gone."""

from datetime import UTC, date, datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from commune_hub.base.db import Store
from commune_hub.schemes.words import ObligationKind, SchemeId
from national_record import certification, demo, files, queries, retention, tracing
from national_record.access_models import Agent, Trace
from national_record.actions import access, attestations, contracts, people, providers
from national_record.app import create_app
from national_record.models import AnonymousContract, Person
from national_record.settings import Settings
from national_record.words import SERVICE_DUTIES, AgentRole
from tests.national_record.factories import an_agent
from tests.national_record.hub import Hub

BORN = date(1990, 5, 14)
MATRICULE = demo.matricule_of(BORN, 990)


class Clock:
    """The day of the story."""

    now = datetime(2023, 10, 2, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn_to(self, year: int, month: int, day: int) -> datetime:
        self.now = datetime(year, month, day, 9, tzinfo=UTC)
        return self.now


def a_hub(store: Store, now: datetime) -> None:
    with store.writing() as session:
        client, _ = access.add_client(
            session, name=demo.CLIENT, organisation=demo.ORGANISATION, secret=demo.CLIENT_SECRET, now=now
        )
        agent = access.add_agent(
            session, login=demo.HUB_AGENTS[0], name="hub", organisation=demo.ORGANISATION, role=AgentRole.SERVICE,
            client=client, now=now,
        )  # fmt: skip
        access.authorise(session, agent=agent, duties=SERVICE_DUTIES, by=None, now=now)
        providers.add_provider(
            session, code=demo.PROVIDER, name="Moien asbl", convention_reference=demo.CONVENTION,
            valid_from=date(2014, 1, 1), client=client,
        )  # fmt: skip


def decide(store: Store, answer: Any, now: datetime) -> None:
    """An officer accepts what has come in."""
    assert answer.status_code == 201, answer.text
    with store.writing() as session:
        by = session.scalars(select(Agent).where(Agent.client_id.is_(None))).first()
        assert by is not None
        found = queries.attestation_named(session, answer.json["attestation"])
        attestations.validate(session, attestation=found, by=by, now=now)


def test_from_candidate_to_the_end_of_the_ten_year_file(store: Store, settings: Settings) -> None:
    clock = Clock()
    app = create_app(settings, store=store, clock=clock)
    app.testing = True
    client: FlaskClient = app.test_client()
    a_hub(store, clock.now)

    with store.writing() as session:
        by = an_agent(session)
        meeting = people.plan_session(
            session, scheme=SchemeId.LU_CAI, starts_at=clock.turn_to(2023, 11, 2), place="Esch", language="fr", seats=20
        )
        personal = files.Personal(names="Bouzid", first_names="Amina", birth_date=BORN, mail="amina@example.org")
        person = people.register(session, matricule=MATRICULE, personal=personal, by=by, now=clock.now)
        lives = files.Immigration(nationality="PT", legal_residence=True, stays_durably=True)
        people.record(session, person=person, content=lives, by=by, now=clock.now)
        people.invite(session, meeting=meeting, person=person).came = True
        steps = [(ObligationKind.CIVIC, date(2024, 4, 3), "Instruction civique", "Belvaux")]
        people.interview(session, person=person, held_on=clock.now.date(), by=by, social_worker=False, steps=steps)
        now = clock.turn_to(2023, 12, 11)
        contract = contracts.sign(session, person=person, scheme=SchemeId.LU_CAI, signed_on=now.date(), now=now)
        contracts.give_voucher(session, contract=contract, language="fr", today=now.date(), now=now)
        number, owner = queries.number_of(session, contract), person.public_id

    clock.turn_to(2024, 1, 8)
    hub = Hub(client)
    body = {"contract_number": number, "birth_date": BORN.isoformat()}
    reference = hub.post("/v1/contracts/verify", body).json["contract"]["reference"]
    practice = {"counts_for": "practice", "activity_kind": "conversation_table", "hub_attestation": "hub-table"}
    days = {"first_on": "2024-01-10", "last_on": "2024-02-14"}
    decide(store, hub.attest(reference, **practice, **days), clock.now)
    after_the_table = hub.get(f"/v1/contracts/{reference}/missing").json

    clock.turn_to(2024, 4, 20)
    hub = Hub(client)
    days = {"first_on": "2024-04-03", "last_on": "2024-04-17"}
    decide(store, hub.attest(reference, hub_attestation="hub-civic", **days), clock.now)
    after_the_course = hub.get(f"/v1/contracts/{reference}/missing").json

    clock.turn_to(2024, 7, 1)
    hub = Hub(client)
    course = {"counts_for": "language", "activity_kind": "outside", "level": "A1.1", "hub_attestation": "hub-language",
              **dict.fromkeys(("minutes", "of_minutes", "held", "attended"))}  # fmt: skip
    decide(store, hub.attest(reference, **course, first_on="2024-06-28", last_on="2024-06-28"), clock.now)
    clock.turn_to(2024, 11, 11)
    hub = Hub(client)
    oriented = {"counts_for": "orientation_day", "activity_kind": "orientation_day", "hub_attestation": "hub-day",
                "held": 1, "attended": 1}  # fmt: skip
    decide(store, hub.attest(reference, **oriented, first_on="2024-11-09", last_on="2024-11-09"), clock.now)
    changes = hub.get("/v1/changes").json["changes"]

    assert [after_the_table["state"], after_the_course["state"]] == ["signed", "in_force"]
    assert [one["kind"] for one in after_the_course["obligations"] if one["state"] == "met"] == ["civic"]
    assert [one["state"] for one in changes if one["kind"] == "contract"][-1] == "fulfilled"
    assert len([one for one in changes if one["kind"] == "attestation" and one["state"] == "validated"]) == 4

    # Everybody who looked, for what and why; the person's data were touched by the hub's calls only.
    with store.reading() as session:
        looked = [row.deed for row in session.scalars(select(Trace).order_by(Trace.id)) if owner in row.people]
        assert looked == ["verify", "attestation_submit", "missing", "attestation_submit", "missing",
                          "attestation_submit", "attestation_submit", "changes"]  # fmt: skip
        assert tracing.faults(session) == []

    kept = retention.run(store, now=clock.turn_to(2026, 12, 10))
    gone = retention.run(store, now=clock.turn_to(2026, 12, 11))
    answer = Hub(client).get(f"/v1/contracts/{reference}/missing")
    with store.reading() as session:
        people_left = session.scalars(select(Person)).all()
        [figures] = session.scalars(select(AnonymousContract))
        certified = certification.find(session, MATRICULE)
    ten_years_on = retention.run(store, now=clock.turn_to(2034, 11, 1))
    with store.reading() as session:
        after = certification.find(session, MATRICULE)

    assert (kept.anonymised, gone.anonymised, answer.status_code, people_left) == (0, 1, 404, [])
    assert (figures.accomplished, figures.signed_year, figures.vouchers) == (True, 2023, 1)
    assert certified is not None and certified.accomplished
    assert (ten_years_on.file_lines, after) == (1, None)
