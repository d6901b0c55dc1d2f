"""The queue over random histories: never over capacity, never an empty seat while somebody may sit, never a jump."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from commune_hub.events.rules import Answer, Claim, Seats, next_for, place_in_queue, quiet_until, seat_for
from commune_hub.events.words import SeatRefusal, SignupState

START = datetime(2026, 12, 1, 17, 30, tzinfo=UTC)


@dataclass
class Table:
    """A table of people as the rules alone run it."""

    seats: Seats
    residents_first: bool
    seated: list[Claim] = field(default_factory=list)
    queue: list[Claim] = field(default_factory=list)

    def facts(self) -> Seats:
        others = sum(1 for claim in self.seated if not claim.resident)
        return replace(self.seats, taken=len(self.seated), waiting=len(self.queue), taken_by_others=others)

    def ask(self, claim: Claim, now: datetime) -> Answer | SeatRefusal:
        answer = seat_for(self.facts(), claim, self.queue, now, self.residents_first)
        if isinstance(answer, Answer):
            (self.seated if answer.state is SignupState.CONFIRMED else self.queue).append(claim)
        return answer

    def leave(self, number: int) -> None:
        everybody: Sequence[list[Claim]] = (self.seated, self.queue)
        for people in everybody:
            people[:] = [claim for claim in people if claim.number != number]

    def fill(self, now: datetime) -> list[Claim]:
        moved = []
        while quiet_until(now) is None:
            claim = next_for(self.facts(), self.queue, now, self.residents_first)
            if claim is None:
                break
            self.queue.remove(claim)
            self.seated.append(claim)
            moved.append(claim)
        return moved


tables = st.builds(
    Table,
    seats=st.builds(
        Seats,
        capacity=st.integers(1, 5),
        taken=st.just(0),
        closes_at=st.just(START),
        waiting_room=st.integers(0, 6),
        decides_at=st.none() | st.just(START - timedelta(days=7)),
        signatories_until=st.none() | st.just(START - timedelta(days=7)),
        residents_until=st.none() | st.just(START - timedelta(days=12)),
        kept_for_residents=st.integers(0, 2),
        kept_until=st.none() | st.just(START - timedelta(days=5)),
    ),
    residents_first=st.booleans(),
)
# Hours before the start at which something happens, and what: who asks, who leaves, or nothing but a look.
steps = st.lists(
    st.tuples(st.integers(-2, 24 * 15), st.sampled_from(["ask", "ask", "leave", "look"]), st.integers(0, 20)),
    max_size=30,
)
claims = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=31, max_size=31)


@given(tables, steps, claims)
def test_over_any_history_the_promises_hold(
    table: Table, steps: list[tuple[int, str, int]], who: list[tuple[bool, bool]]
) -> None:
    for number, (hours, what, whom) in enumerate(sorted(steps, reverse=True)):
        now = START - timedelta(hours=hours)
        resident, signatory = who[number]
        if what == "ask":
            table.ask(Claim(now, number, resident=resident, signatory=signatory), now)
        elif what == "leave":
            table.leave(whom)
        before = list(table.queue)
        moved = table.fill(now)

        capacity = table.seats.capacity
        assert capacity is not None
        assert len(table.seated) <= capacity
        # No jump: whoever moved up stands before everybody who could have sat too and still waits.
        facts = table.facts()
        for claim in moved:
            assert claim in before
            for waiting in table.queue:
                could = next_for(replace(facts, taken=0, taken_by_others=0), [waiting], now, table.residents_first)
                if could and not claim.resident:
                    assert place_in_queue(claim, table.residents_first) < place_in_queue(waiting, table.residents_first)
        # No empty seat while somebody may sit, but in the quiet hours and after the cut-off.
        if quiet_until(now) is None and now < START:
            assert next_for(facts, table.queue, now, table.residents_first) is None
