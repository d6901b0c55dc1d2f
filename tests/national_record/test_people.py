"""The six groups of data and nothing else, the matricule, the interview with its roadmap."""

from datetime import date, datetime

import pytest
from pydantic import ValidationError
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from commune_hub.base.errors import Refused
from national_record import demo, files, queries
from national_record.actions import people
from national_record.models import FileEntry, Person
from national_record.words import DataGroup, Refusal
from tests.national_record.factories import a_contract, a_person, an_agent

# Column by column: what finds a person again, and what the six groups are sealed in. Nothing else (RGD art. 24).
COLUMNS_OF_A_PERSON = {"id", "public_id", "matricule_sealed", "matricule_hash", "created_at"}


def test_DATA_2_a_person_has_the_six_groups_and_nothing_else() -> None:
    assert {column.name for column in Person.__table__.columns} == COLUMNS_OF_A_PERSON
    assert [str(group) for group in DataGroup] == [
        "personal", "family", "language", "education", "profession", "immigration",
    ]  # fmt: skip
    assert set(files.GROUPS) == set(DataGroup)


def test_the_database_has_no_room_for_a_seventh_group(session: Session, now: datetime) -> None:
    person, by = a_person(session), an_agent(session)
    entry = {"person_id": person.id, "data_group": "religion", "content_sealed": b"x", "recorded_at": now}

    with pytest.raises(IntegrityError):
        session.execute(insert(FileEntry).values(**entry, recorded_by_id=by.id))


@pytest.mark.parametrize("group", DataGroup)
def test_no_group_takes_a_field_that_was_not_agreed(group: DataGroup) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        files.GROUPS[group].model_validate({"religion": "none"})


def test_what_is_recorded_again_takes_the_place_of_what_stood_there(session: Session, now: datetime) -> None:
    person, by = a_person(session), an_agent(session)
    for level in ("école primaire", "baccalauréat"):
        people.record(session, person=person, content=files.Education(level=level), by=by, now=now)

    assert queries.group_of(session, person, DataGroup.EDUCATION) == files.Education(level="baccalauréat")
    assert len(person.entries) == 3


@pytest.mark.parametrize("matricule", ["1990051499999", "1985063099074", "123", ""])
def test_a_matricule_that_cannot_be_theirs_is_refused(session: Session, now: datetime, matricule: str) -> None:
    personal = files.Personal(names="Bouzid", first_names="Amina", birth_date=date(1990, 5, 14))

    with pytest.raises(Refused) as refused:
        people.register(session, matricule=matricule, personal=personal, by=an_agent(session), now=now)

    assert refused.value.reason is Refusal.MATRICULE_INVALID


def test_a_matricule_is_there_once(session: Session, now: datetime) -> None:
    personal = files.Personal(names="Bouzid", first_names="Amina", birth_date=date(1990, 5, 14))
    matricule, by = demo.matricule_of(personal.birth_date, 990), an_agent(session)
    first = people.register(session, matricule=matricule, personal=personal, by=by, now=now)

    with pytest.raises(Refused) as refused:
        people.register(session, matricule=f" {matricule[:8]} {matricule[8:]}", personal=personal, by=by, now=now)

    assert refused.value.reason is Refusal.MATRICULE_TAKEN
    assert queries.person_with(session, matricule) is first


def test_somebody_is_invited_to_an_orientation_day_once(session: Session, now: datetime) -> None:
    contract = a_contract(session)
    day = people.plan_orientation_day(session, on_day=date(2026, 12, 12), place="Kirchberg")

    first, again = (people.invite_to_day(session, day=day, contract=contract, now=now) for _ in range(2))

    assert first is again
