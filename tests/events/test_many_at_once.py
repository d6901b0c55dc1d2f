"""Scarce places: many at once for one seat, on both databases; with the lock taken away the test fails."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.accounts.queries import actor_of
from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.base.errors import Refused
from commune_hub.events import queries
from commune_hub.events.actions import importing, seats
from commune_hub.events.models import Activity, SeatPool, Signup, Venue
from commune_hub.events.words import LIVE, SeatRefusal
from tests.events.test_importing import ROW
from tests.factories import a_person, a_pool, a_signup, an_account, an_activity


def all_at_once(number: int, act: Callable[[int], str]) -> list[str]:
    start = Barrier(number)

    def one(index: int) -> str:
        start.wait()
        return act(index)

    with ThreadPoolExecutor(number) as crowd:
        return list(crowd.map(one, range(number)))


def test_ten_at_once_for_one_seat_one_gets_it_and_nine_wait(store: Store, now: datetime) -> None:
    with store.writing() as session:
        pool_id = a_pool(session, capacity=1, waiting_room=20).public_id

    def take(index: int) -> str:
        with store.writing() as session:
            person = a_person(session, name=f"Person {index}")
            return str(seats.sign_up(session, pool_id=pool_id, person=person, now=now).state)

    answers = all_at_once(10, take)

    assert Counter(answers) == {"confirmed": 1, "waiting": 9}
    with store.reading() as session:
        pool = queries.pool_named(session, pool_id)
        assert queries.true_counts(session, pool.id) == (pool.taken, pool.waiting) == (1, 9)


def test_ten_cancel_at_once_and_the_first_ten_who_wait_move_up(store: Store, now: datetime) -> None:
    with store.writing() as session:
        pool = a_pool(session, capacity=10, waiting_room=20)
        signups = [a_signup(session, pool).public_id for _ in range(25)]

    def give_back(index: int) -> str:
        with store.writing() as session:
            return str(seats.cancel(session, signup=queries.signup_named(session, signups[index]), now=now).state)

    assert all_at_once(10, give_back) == ["cancelled"] * 10

    with store.reading() as session:
        states = [queries.signup_named(session, key).state for key in signups]
    assert states == ["cancelled"] * 10 + ["confirmed"] * 10 + ["waiting"] * 5


def test_the_same_person_ten_times_at_once_sits_once(store: Store, now: datetime) -> None:
    with store.writing() as session:
        pool_id = a_pool(session, capacity=6).public_id
        person = a_person(session)

    def take(_index: int) -> str:
        with store.writing() as session:
            try:
                return str(seats.sign_up(session, pool_id=pool_id, person=session.merge(person), now=now).state)
            except Refused as refused:
                return str(refused.reason)

    answers = Counter(all_at_once(10, take))

    assert answers == {"confirmed": 1, "already_signed_up": 9}


def test_without_the_lock_the_count_is_wrong_or_the_database_refuses(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: it plants the fault and sees the promise break."""
    with store.writing() as session:
        pool_id = a_pool(session, capacity=1, waiting_room=20).public_id
        people = [a_person(session, name=f"Person {index}") for index in range(10)]

    def without_lock(session: Session, pool_ids: list[int]) -> list[SeatPool]:
        pools = [found for number in pool_ids if (found := session.get(SeatPool, number))]
        time.sleep(0.1)
        return pools

    monkeypatch.setattr(seats, "lock", without_lock)
    if store.engine.dialect.name == "sqlite":
        # There the lock is BEGIN IMMEDIATE; the driver's own way begins with the first write, after the reading.
        store = Store(create_engine(store.engine.url), store.keys)

    def take(index: int) -> str:
        try:
            with store.writing() as session:
                person = session.merge(people[index], load=False)
                return str(seats.sign_up(session, pool_id=pool_id, person=person, now=now).state)
        except Exception as error:
            return type(error).__name__

    answers = Counter(all_at_once(10, take))
    store.engine.dispose()

    assert answers != {"confirmed": 1, "waiting": 9}


@pytest.mark.parametrize(
    ("people", "places"), [(200, 25), pytest.param(10_000, 25, marks=pytest.mark.prove)], ids=["short", "full"]
)
def test_a_rush_for_twenty_five_places(store: Store, now: datetime, people: int, places: int) -> None:
    with store.writing() as session:
        pool_id = a_pool(session, capacity=places, waiting_room=100).public_id

    def take(index: int) -> str:
        with store.writing() as session:
            try:
                person = a_person(session, name=f"Person {index}")
                return str(seats.sign_up(session, pool_id=pool_id, person=person, now=now).state)
            except Refused as refused:
                return str(refused.reason)

    with ThreadPoolExecutor(8 if people < 1000 else 64) as crowd:
        answers = Counter(crowd.map(take, range(people)))

    assert answers == {"confirmed": places, "waiting": 100, "waiting_list_full": people - places - 100}
    with store.reading() as session:
        pool = queries.pool_named(session, pool_id)
        assert queries.true_counts(session, pool.id) == (pool.taken, pool.waiting) == (places, 100)


@pytest.mark.parametrize("duels", [5, pytest.param(1000, marks=pytest.mark.prove)], ids=["short", "full"])
def test_duels_of_twenty_for_one_place(store: Store, now: datetime, duels: int) -> None:
    with store.writing() as session:
        people = [a_person(session, name=f"Person {index}") for index in range(20)]
    for _ in range(duels):
        with store.writing() as session:
            pool_id = a_pool(session, capacity=1, waiting_room=0).public_id

        def take(index: int, pool_id: str = pool_id) -> str:
            with store.writing() as session:
                try:
                    person = session.merge(people[index], load=False)
                    return str(seats.sign_up(session, pool_id=pool_id, person=person, now=now).state)
                except Refused as refused:
                    return str(refused.reason)

        assert Counter(all_at_once(20, take)) == {"confirmed": 1, "waiting_list_full": 19}


def test_seats_come_and_go_people_move_and_lists_are_imported_while_others_sign_up(
    store: Store, now: datetime, proving: bool
) -> None:
    rounds = 60 if proving else 6
    with store.writing() as session:
        activity = an_activity(session, capacity=10, waiting_room=500)
        here, there = (meeting.pool.public_id for meeting in activity.meetings[-2:])
        movers = [a_signup(session, activity.meetings[-2].pool).public_id for _ in range(6)]
        organisation_id, account_id = activity.organisation_id, an_account(
            session, role=Role.COORDINATOR, organisation=activity.organisation
        ).id  # fmt: skip

    def sign_up(index: int) -> str:
        with store.writing() as session:
            person = a_person(session, name=f"Person {index}")
            return str(seats.sign_up(session, pool_id=(here, there)[index % 2], person=person, now=now).state)

    def change_size(index: int) -> str:
        with store.writing() as session:
            pool = queries.pool_named(session, (here, there)[index % 2])
            seats.set_capacity(session, pool=pool, capacity=(3, 12, 7, 20)[index % 4], waiting_room=500, now=now)
        return "resized"

    def move(index: int) -> str:
        try:
            with store.writing() as session:
                signup = queries.signup_named(session, movers[index % len(movers)])
                seats.move_signup(session, signup=signup, pool_id=there, now=now)
        except Refused as refused:
            assert refused.reason == SeatRefusal.NOTHING_TO_CANCEL  # moved before, or at this moment
        return "moved"

    def bring_in(index: int) -> str:
        with store.writing() as session:
            actor = actor_of(session, account_id, now)
            assert actor is not None
            ours = [session.get_one(Organisation, organisation_id)]
            plan = importing.plan(
                session, rows=[replace(ROW, reference=f"L{index}")], organisations=ours, publish=True, now=now
            )
            importing.carry_out(session, plan=plan, actor=actor, publish=True, now=now)
        return "imported"

    doings = [sign_up, change_size, sign_up, move, sign_up, bring_in]
    with ThreadPoolExecutor(12) as crowd:
        told = Counter(crowd.map(lambda index: doings[index % len(doings)](index), range(len(doings) * rounds)))

    assert (told["resized"], told["moved"], told["imported"]) == (rounds, rounds, rounds)
    assert told["confirmed"] + told["waiting"] == 3 * rounds
    with store.reading() as session:
        for pool_id in (here, there):
            pool = queries.pool_named(session, pool_id)
            taken, waiting = queries.true_counts(session, pool.id)
            assert (taken, waiting) == (pool.taken, pool.waiting)
            # One too many only where the room became smaller under those who sat; no empty seat while somebody waits.
            assert pool.capacity is not None
            assert taken <= pool.capacity + pool.over
            assert waiting == 0 or taken >= pool.capacity
        live = select(Signup.pool_id, Signup.person_id).where(Signup.state.in_(LIVE))
        assert max(Counter(session.execute(live).all()).values()) == 1
        assert session.query(Activity).count() == 1 + rounds
        assert session.query(Venue).where(Venue.name == ROW.venue).count() == 1
