"""Twenty weeks in which more people ask than can be helped: whoever waits longest is not forgotten by the best plan."""

import pytest

from benchmarks.pairing import LONGER, first_come, longer
from benchmarks.weeks import simulate
from commune_hub.matching.flow import best


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.prove) for seed in range(2, 12))])
def test_the_oldest_request_waits_hardly_longer_than_if_all_were_served_in_turn(seed: int) -> None:
    weeks = 20 if seed > 1 else 8

    plan, queue = (simulate(rule, weeks=weeks, volunteers=60, new=16, seed=seed) for rule in (best, first_come))

    assert longer(plan, queue) <= LONGER
    assert any(week.oldest for week in plan), "too few ask for the test to say anything"
