"""Sealed fields: readable with the person's key, gone without it."""

import pytest
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from commune_hub.base.sealed import Erased
from tests.factories import a_person


def test_a_name_in_any_script_comes_back_byte_for_byte(session: Session) -> None:
    names = ["Amina", "አስቴር", "محمد", "Zoë Müller-O’Hara", "李小龙", "Ñ̃ — 🙂"]

    people = [a_person(session, name=name) for name in names]

    assert [person.name for person in people] == names


def test_the_database_never_holds_a_name_in_clear(session: Session) -> None:
    person = a_person(session, name="Amina Unmistakable", contact="amina@example.lu")

    assert b"Unmistakable" not in person.name_sealed
    assert b"amina" not in person.contacts[0].value_sealed


def test_destroying_the_key_erases_the_person(session: Session, store: Store) -> None:
    person = a_person(session, name="Amina")
    session.commit()

    store.keys.destroy(person.public_id)

    with store.reading() as other, pytest.raises(Erased):
        found = other.get(type(person), person.id)
        assert found is not None
        _ = found.name


def test_a_sealed_value_cannot_be_moved_to_another_person(session: Session) -> None:
    amina, bogdan = a_person(session, name="Amina"), a_person(session, name="Bogdan")

    bogdan.name_sealed = amina.name_sealed

    with pytest.raises(Erased):
        _ = bogdan.name


def test_the_same_contact_is_found_again_and_another_is_not(session: Session, store: Store) -> None:
    found = store.keys.lookup_hash("mail", "amina@example.lu")

    assert found == store.keys.lookup_hash("mail", "amina@example.lu")
    assert found != store.keys.lookup_hash("phone", "amina@example.lu")
    assert found != store.keys.lookup_hash("mail", "bogdan@example.lu")
