"""One year deleted, three years anonymous, ten years in the separate file: on the day, and with nothing left behind."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, inspect, select, text
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from commune_hub.base.sealed import Erased
from commune_hub.schemes.words import SchemeId
from national_record import certification, evaluation, queries, retention
from national_record.actions import contracts
from national_record.evaluation import Count
from national_record.models import AnonymousContract, CertificationEntry, Contract, Person, RecordBase
from national_record.retention import Tally
from national_record.settings import Settings
from tests.infrastructure.databases import files_in
from tests.national_record.factories import a_client, a_contract, a_person, an_attestation


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


def kept(store: Store) -> int:
    with store.reading() as session:
        return len(session.scalars(select(Person.id)).all())


def a_fulfilled_contract(session: Session) -> Contract:
    contract = a_contract(session, in_force_on=date(2023, 12, 1))
    for kind in list(contract.missing):
        contracts.meet(
            session, contract=contract, kind=kind, on=date(2024, 5, 4), attestation_id=None, now=on(date(2024, 5, 6))
        )
    return contract


def test_a_candidate_goes_one_year_after_the_session(session: Session, store: Store) -> None:
    a_person(session)
    session.commit()

    the_day_before = retention.run(store, now=on(date(2024, 11, 1)))
    that_day = retention.run(store, now=on(date(2024, 11, 2)))

    assert (the_day_before, that_day) == (Tally(), Tally(deleted=1))
    assert kept(store) == 0


def test_a_dry_run_says_the_same_and_changes_nothing(session: Session, store: Store) -> None:
    a_person(session)
    a_fulfilled_contract(session)
    session.commit()
    later = on(date(2034, 5, 2))

    said = [retention.run(store, now=later, dry=True) for _ in range(2)]

    assert said == [Tally(deleted=1, anonymised=1, file_lines=1)] * 2
    assert kept(store) == 2


def test_a_signatory_becomes_figures_three_years_after_the_signature(session: Session, store: Store) -> None:
    a_fulfilled_contract(session)
    session.commit()

    the_day_before = retention.run(store, now=on(date(2026, 11, 19)))
    that_day = retention.run(store, now=on(date(2026, 11, 20)))
    again = retention.run(store, now=on(date(2026, 11, 20)))

    assert (the_day_before, that_day, again) == (Tally(), Tally(anonymised=1), Tally())
    with store.reading() as reading:
        [left] = reading.scalars(select(AnonymousContract))
        assert (left.scheme, left.signed_year, left.accomplished, left.civic_met) == ("LU-CAI", 2023, True, True)
    assert kept(store) == 0


def test_DATA_7_the_ten_year_file_still_answers_then_and_is_gone_after_ten(session: Session, store: Store) -> None:
    contract = a_fulfilled_contract(session)
    matricule = queries.ring_of(session).open(contract.person.public_id, contract.person.matricule_sealed)
    session.commit()
    retention.run(store, now=on(date(2026, 11, 20)))

    with store.reading() as reading:
        after_three = certification.find(reading, matricule)
    still = retention.run(store, now=on(date(2034, 4, 30)))
    gone = retention.run(store, now=on(date(2034, 5, 1)))

    assert after_three is not None and (after_three.names, after_three.accomplished) == ("Amina Bouzid", True)
    assert (still.file_lines, gone.file_lines) == (0, 1)
    with store.reading() as reading:
        assert certification.find(reading, matricule) is None


def test_nothing_is_made_anonymous_while_a_contract_runs_and_a_human_sees_it(session: Session, store: Store) -> None:
    contract = a_contract(session, in_force_on=date(2025, 6, 1))
    session.commit()

    said = retention.run(store, now=on(date(2027, 1, 1)))

    assert said == Tally(conflicts=[contract.public_id])
    assert [one.public_id for one in retention.conflicts(session, date(2027, 1, 1))] == [contract.public_id]
    assert kept(store) == 1


def test_of_two_contracts_the_older_one_goes_first(session: Session, store: Store) -> None:
    first = a_contract(session, in_force_on=date(2023, 12, 1))
    contracts.close_what_is_over(session, today=date(2025, 12, 1), now=on(date(2025, 12, 1)))
    second = contracts.sign_second(
        session, contract=first, reason="Maladie de longue durée", signed_on=date(2026, 1, 12),
        now=on(date(2026, 1, 12)),
    )  # fmt: skip
    contracts.begin(session, contract=second, first_day=date(2026, 2, 1), now=on(date(2026, 2, 1)))
    for kind in list(second.missing):
        contracts.meet(
            session, contract=second, kind=kind, on=date(2026, 5, 1), attestation_id=None, now=on(date(2026, 5, 1))
        )
    session.commit()

    said = retention.run(store, now=on(date(2026, 12, 1)))

    assert said == Tally(anonymised=1)
    with store.reading() as reading:
        [left] = reading.scalars(select(Contract))
        assert (left.public_id, left.second, left.second_of_id) == (second.public_id, True, None)


def test_a_membership_whose_scheme_says_nothing_goes_by_our_assumption(session: Session, store: Store) -> None:
    contract = a_contract(session, scheme=SchemeId.LU_BIERGERPAKT, signed_on=date(2024, 2, 1))
    contracts.close_what_is_over(session, today=date(2026, 2, 1), now=on(date(2026, 2, 1)))
    session.commit()

    early = retention.run(store, now=on(date(2028, 1, 30)))
    due = retention.run(store, now=on(date(2028, 1, 31)))

    assert (contract.closed_on, early.anonymised, due.anonymised) == (date(2026, 1, 31), 0, 1)
    with store.reading() as reading:
        assert reading.scalars(select(CertificationEntry)).all() == []


def test_the_key_is_destroyed_with_the_person(session: Session, store: Store) -> None:
    contract = a_fulfilled_contract(session)
    owner, sealed = contract.person.public_id, contract.person.matricule_sealed
    session.commit()

    retention.run(store, now=on(date(2026, 11, 20)))

    with store.reading() as reading, pytest.raises(Erased):
        queries.ring_of(reading).open(owner, sealed)


def test_a_run_that_was_interrupted_is_finished_by_the_next(
    session: Session, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_fulfilled_contract(session)
    session.commit()
    with monkeypatch.context() as broken:
        broken.setattr(Session, "delete", lambda *_: (_ for _ in ()).throw(OSError("power cut")))
        with pytest.raises(OSError):
            retention.run(store, now=on(date(2026, 11, 20)))
    half_done = kept(store)

    said = retention.run(store, now=on(date(2026, 11, 20)))

    assert (half_done, said, kept(store)) == (1, Tally(anonymised=1), 0)


def test_the_ten_year_file_shares_no_value_with_the_register(session: Session) -> None:
    contract = a_fulfilled_contract(session)

    [line] = session.execute(select(CertificationEntry.__table__)).mappings()
    [person] = session.execute(select(Person.__table__)).mappings()
    others = session.execute(select(Contract.__table__).where(Contract.id == contract.id)).mappings().one()

    assert {v for v in line.values() if not isinstance(v, bool)} & {*person.values(), *others.values()} == set()


def test_figures_tell_nothing_that_leads_back(session: Session, store: Store) -> None:
    """No value of the ten-year file or of a trace stands in an anonymous row, but yes, no and a year."""
    a_fulfilled_contract(session)
    session.commit()
    retention.run(store, now=on(date(2026, 11, 20)))

    columns = {column.name: column.type for column in AnonymousContract.__table__.columns}
    with store.reading() as reading:
        [left] = reading.execute(select(AnonymousContract.__table__)).mappings()
        [line] = reading.execute(select(CertificationEntry.__table__)).mappings()
    values, others = ({v for v in row.values() if not isinstance(v, bool)} for row in (left, line))
    assert values & others == set()
    assert not any(isinstance(kind, LargeBinary) for kind in columns.values())
    assert not AnonymousContract.__table__.foreign_keys | CertificationEntry.__table__.foreign_keys


def test_a_byte_search_finds_nothing_of_somebody_who_is_gone(
    session: Session, store: Store, settings: Settings
) -> None:
    contract = a_fulfilled_contract(session)
    person = contract.person
    matricule = queries.ring_of(session).open(person.public_id, person.matricule_sealed)
    an_attestation(session, contract, client=a_client(session, contract), now=on(date(2024, 4, 1)))
    wanted = ["Bouzid", "Amina", matricule, "amina@example.org", "+352621123456", "1990-05-14"]
    wanted.append(queries.number_of(session, contract))
    session.commit()
    session.close()

    retention.run(store, now=on(date(2034, 5, 1)))

    everything = b"".join(data for _, data in files_in(Path(settings.data_dir)))
    with store.engine.connect() as connection:
        for table in RecordBase.metadata.sorted_tables:
            everything += repr(connection.execute(text(f'select * from "{table.name}"')).all()).encode()
        if store.engine.dialect.name == "postgresql":
            [folder] = connection.execute(text("show data_directory")).one()
            connection.execute(text("checkpoint"))
            everything += b"".join(data for part in ("base", "pg_wal") for _, data in files_in(Path(folder) / part))
    assert [word for word in wanted if word.encode() in everything] == []


def test_EVAL_1_the_evaluation_hides_small_numbers(session: Session, store: Store) -> None:
    for _ in range(4):
        a_contract(session)
    few = evaluation.counts(session)
    a_contract(session, in_force_on=date(2024, 1, 1))

    enough = evaluation.counts(session)

    assert Count("signed", "LU-CAI", 2023, None) in few
    assert Count("signed", "LU-CAI", 2023, 5) in enough
    assert Count("civic_met", "LU-CAI", 2023, 0) in enough


def test_every_table_with_people_is_emptied(session: Session, store: Store) -> None:
    """A new table with a person or a contract in it has to be thought of here."""
    known = {
        "attestation", "candidacy", "change", "contract", "disclosure", "file_entry", "interview", "invitation",
        "obligation", "open_file", "presence", "roadmap_step", "voucher",
    }  # fmt: skip
    inspector = inspect(store.engine)

    pointing = {
        table
        for table in inspector.get_table_names()
        for key in inspector.get_foreign_keys(table)
        if key["referred_table"] in {"person", "contract", "interview"}
    }

    assert pointing == known


