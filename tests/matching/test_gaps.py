"""Where help is missing: the offers that reach most, never about fewer than five people, and how far from the best."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from commune_hub.matching.gaps import SMALLEST, Coaching, Cover, Need, Table, coaching, cover, tables
from commune_hub.places.communes import communes
from commune_hub.places.geo import Point

DIFFERDANGE, ESCH, WILTZ = (next(one for one in communes() if one.lau2 == lau2) for lau2 in ("0202", "0204", "0807"))
TUESDAY_EVENING = 5


def needs(how_many: int, at: Point, **given: object) -> list[Need]:
    values = {"language": "lb", "level": "A2", "free_slots": 1 << TUESDAY_EVENING, "point": at}
    return [Need(**(values | given)) for _ in range(how_many)]  # type: ignore[arg-type]


def test_a_table_is_proposed_where_most_people_could_come() -> None:
    waiting = needs(14, DIFFERDANGE.point) + needs(6, WILTZ.point)

    plan = tables(waiting, communes())

    assert [(one.offer, one.people) for one in plan.offers] == [
        (Table("lb", "A2", DIFFERDANGE.lau2, TUESDAY_EVENING), 14),
        (Table("lb", "A2", WILTZ.lau2, TUESDAY_EVENING), 6),
    ]
    assert (plan.reached, plan.at_most, plan.people) == (20, 20, 20)


def test_nothing_is_said_of_fewer_than_five_people() -> None:
    assert tables(needs(SMALLEST - 1, ESCH.point), communes()).offers == []
    assert len(tables(needs(SMALLEST, ESCH.point), communes()).offers) == 1


def test_coaches_are_asked_for_with_the_language_that_learners_need_to_share() -> None:
    waiting = needs(5, ESCH.point, reach_km=2, speaks=frozenset({"pt"}), must_share=True, for_a_coach=True)

    (only,) = coaching(waiting, communes()).offers

    assert only.offer == Coaching("lb", "pt", ESCH.lau2)
    assert only.volunteers == 3


def test_who_waits_for_a_table_is_not_counted_for_a_coach() -> None:
    assert coaching(needs(9, ESCH.point), communes()) == Cover([], 0, 0, 0)


@given(st.dictionaries(st.integers(0, 6), st.sets(st.integers(0, 25), max_size=12), max_size=7), st.integers(1, 3))
def test_greedy_is_within_its_bound(sets: dict[int, set[int]], offers: int) -> None:
    reached = {Table("lb", "A1", str(number), 0): dict.fromkeys(whom, 1.0) for number, whom in sets.items()}
    large = [set(whom) for whom in reached.values() if len(whom) >= SMALLEST]
    people = len(set().union(*reached.values()))

    plan = cover(reached, people, offers)

    best = max((len(set().union(*some)) for some in combinations(large, min(offers, len(large)))), default=0)
    assert plan.reached <= best <= plan.at_most or not large
    assert all(one.new >= SMALLEST for one in plan.offers)
