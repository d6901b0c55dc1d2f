"""A visitor takes a seat: the same press is the same sign-up, also when ten arrive at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.base.db import Store
from commune_hub.base.errors import NotFound
from commune_hub.events import queries
from commune_hub.events.actions import seats
from commune_hub.events.actions.joining import join
from commune_hub.events.inputs import SignupDraft
from commune_hub.events.models import SeatPool, Signup
from commune_hub.events.words import SignupState
from tests.factories import a_pool


def a_draft(pool: SeatPool, **given: str) -> SignupDraft:
    form = {"pool": pool.public_id, "name": "Amina", "contact": "621 123 456", "form_token": "secret"}
    return SignupDraft.parse(form | given)


def test_ten_presses_of_one_button_are_one_person_with_one_seat(
    store: Store, session: Session, now: datetime
) -> None:
    pool = a_pool(session)
    draft, activity_id = a_draft(pool), pool.activity.public_id
    session.commit()

    def press(_number: int) -> str:
        with store.writing() as own:
            activity = queries.published_activity(own, activity_id)
            signup = join(own, activity=activity, draft=draft, language="fr", now=now)
            assert signup is not None
            return signup.public_id

    with ThreadPoolExecutor(10) as threads:
        answers = set(threads.map(press, range(10)))

    counted = [session.scalar(select(func.count()).select_from(table)) for table in (Signup, Person)]
    assert (len(answers), counted) == (1, [1, 1])


def test_a_seat_given_back_can_be_taken_again_with_the_same_page(session: Session, now: datetime) -> None:
    pool = a_pool(session)
    first = join(session, activity=pool.activity, draft=a_draft(pool), language="fr", now=now)
    assert first is not None
    seats.cancel(session, signup=first, now=now)

    again = join(session, activity=pool.activity, draft=a_draft(pool), language="fr", now=now)

    assert again is not None
    assert (again is first, again.state, first.state) == (False, SignupState.CONFIRMED, SignupState.CANCELLED)


def test_without_a_token_the_second_form_is_noticed_by_name_and_contact(session: Session, now: datetime) -> None:
    pool = a_pool(session)
    draft = a_draft(pool, form_token="")
    first = join(session, activity=pool.activity, draft=draft, language="fr", now=now)

    second = join(session, activity=pool.activity, draft=draft, language="fr", now=now)

    assert (first is None, second) == (False, None)


def test_a_pool_of_another_activity_is_not_there(session: Session, now: datetime) -> None:
    here, elsewhere = a_pool(session), a_pool(session)

    with pytest.raises(NotFound):
        join(session, activity=here.activity, draft=a_draft(elsewhere), language="fr", now=now)
