"""What a pair may do, when it is called inactive, who is never paired, and where two people meet."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.base.words import LOCAL
from commune_hub.events.words import CefrLevel
from commune_hub.places.geo import Point
from commune_hub.volunteers.coaching import rules
from commune_hub.volunteers.coaching.rules import Coach, Course, Learner, PublicPlace
from commune_hub.volunteers.coaching.words import (
    OPEN,
    TOGETHER,
    Answer,
    CoachingRefusal,
    MeetingWay,
    Obstacle,
    PairState,
    PairStep,
    Quiet,
)

DAY = date(2026, 11, 2)
BELVAUX, ESCH, CLERVAUX = Point(49.51, 5.92), Point(49.496, 5.981), Point(50.055, 6.03)
LEARNER = Learner(1, "lb", CefrLevel.A1, 0b1, BELVAUX, 10, False, False)
COACH = Coach(7, 2, True, {"lb": None}, frozenset({"fr"}), 0b1, False, ESCH, 10, False, 1, True, True)


def course(state: PairState = PairState.ACTIVE, since: date | None = DAY, last_met: date | None = None) -> Course:
    return Course(state, since, last_met)


# -- the life of a pair ------------------------------------------------------


def test_a_pair_goes_from_the_proposal_to_the_end() -> None:
    steps = [
        (PairStep.SAY_YES, False, 0), (PairStep.SAY_YES, True, 0), (PairStep.MEET, True, 1), (PairStep.MEET, True, 2),
        (PairStep.PAUSE, True, 2), (PairStep.GO_ON, True, 2), (PairStep.END, True, 2),
    ]  # fmt: skip

    state, life = PairState.PROPOSED, []
    for step, both_yes, meetings in steps:
        becomes = rules.after(state, step, both_yes=both_yes, meetings=meetings)
        assert isinstance(becomes, PairState)
        state = becomes
        life.append(state)

    assert life == [
        PairState.PROPOSED, PairState.ACCEPTED, PairState.MET, PairState.ACTIVE, PairState.PAUSED, PairState.ACTIVE,
        PairState.ENDED,
    ]  # fmt: skip


def test_what_has_ended_stays_so() -> None:
    answers = {rules.after(PairState.ENDED, step, both_yes=True, meetings=3) for step in PairStep}

    assert answers == {CoachingRefusal.NO_SUCH_STEP}


@given(st.sampled_from(PairState), st.sampled_from(PairStep), st.booleans(), st.integers(0, 30))
def test_nobody_comes_together_without_two_yeses(
    state: PairState, step: PairStep, both_yes: bool, meetings: int
) -> None:
    becomes = rules.after(state, step, both_yes=both_yes, meetings=meetings)

    if state not in TOGETHER and becomes in TOGETHER:
        assert both_yes and step is PairStep.SAY_YES


@given(st.sampled_from(PairState), st.lists(st.sampled_from([None, *Answer]), max_size=3))
def test_contacts_are_open_while_they_are_together_and_both_said_yes(
    state: PairState, answers: list[Answer | None]
) -> None:
    shown = rules.shows_contacts(state, answers)

    assert shown == (state in TOGETHER and answers == [Answer.YES, Answer.YES])


# -- inactive ----------------------------------------------------------------


@pytest.mark.parametrize(
    "told, days, found",
    [
        (course(PairState.ACCEPTED), 14, None),
        (course(PairState.ACCEPTED), 15, Quiet.NO_FIRST_MEETING),
        (course(last_met=DAY + timedelta(days=5)), 26, None),
        (course(last_met=DAY + timedelta(days=5)), 27, Quiet.NO_MEETING),
        # Going on after a pause begins the three weeks anew.
        (course(last_met=DAY - timedelta(days=90)), 21, None),
        (course(last_met=DAY - timedelta(days=90)), 22, Quiet.NO_MEETING),
        (course(PairState.PAUSED, last_met=DAY), 400, None),
        (course(PairState.PROPOSED, since=None), 400, None),
        (course(PairState.ENDED, last_met=DAY), 400, None),
    ],
)
def test_a_pair_is_inactive_by_one_definition(told: Course, days: int, found: Quiet | None) -> None:
    assert rules.quiet(told, DAY + timedelta(days=days)) == found


# -- hours -------------------------------------------------------------------


@pytest.mark.parametrize(
    "state, way, home, days, refusal",
    [
        (PairState.ACCEPTED, MeetingWay.PUBLIC, False, 0, None),
        (PairState.PAUSED, MeetingWay.ONLINE, False, -3, None),
        (PairState.PROPOSED, MeetingWay.PUBLIC, True, 0, CoachingRefusal.NOT_TOGETHER),
        (PairState.ENDED, MeetingWay.PUBLIC, True, 0, CoachingRefusal.NOT_TOGETHER),
        (PairState.ACTIVE, MeetingWay.PUBLIC, True, 1, CoachingRefusal.NOT_YET),
        (PairState.ACTIVE, MeetingWay.PUBLIC, True, -61, CoachingRefusal.TOO_LONG_AGO),
        (PairState.ACTIVE, MeetingWay.HOME, False, 0, CoachingRefusal.HOME_NOT_CHOSEN),
        (PairState.ACTIVE, MeetingWay.HOME, True, 0, None),
    ],
)
def test_hours_are_written_down_when_they_have_met(
    state: PairState, way: MeetingWay, home: bool, days: int, refusal: CoachingRefusal | None
) -> None:
    on = DAY + timedelta(days=days)

    assert rules.log_refusal(state, way=way, home_chosen=home, on=on, today=DAY) == refusal


# -- messages ----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "write to amina@example.lu", "amina (at) example.lu", "call me: 621 12 34 56", "+352 621.123.456",
        "see https://wa.me/352", "www.example.lu", "I am @amina_lux there",
    ],
)  # fmt: skip
def test_a_message_gives_no_contact_away_before_both_said_yes(text: str) -> None:
    def asked(shown: bool) -> CoachingRefusal | None:
        return rules.message_refusal(text, contacts_shown=shown, sent_today=0, open_pair=True)

    assert asked(False) is CoachingRefusal.CONTACT_IN_MESSAGE
    assert asked(True) is None


@pytest.mark.parametrize(
    "text", ["Tuesday 24.11. at 18:30?", "from 9:00 to 10:30, bus 4", "ëmmer um 18 Auer", "am 24.11.2026", "€ 2.50"]
)
def test_days_and_hours_are_no_contacts(text: str) -> None:
    assert not rules.names_a_contact(text)


def test_messages_are_limited_by_the_day_and_to_open_pairs() -> None:
    def asked(sent: int, open_pair: bool) -> CoachingRefusal | None:
        return rules.message_refusal("Moien", contacts_shown=True, sent_today=sent, open_pair=open_pair)

    assert asked(9, True) is None
    assert asked(10, True) is CoachingRefusal.TOO_MANY_MESSAGES
    assert asked(0, False) is CoachingRefusal.NOT_TOGETHER


# -- who is paired -----------------------------------------------------------


def test_the_plainest_two_can_be_paired() -> None:
    assert rules.obstacles(LEARNER, COACH) == frozenset()


@pytest.mark.parametrize(
    "learner, coach, obstacle",
    [
        ({}, {"person_id": 1}, Obstacle.SAME_PERSON),
        ({}, {"free_places": 0}, Obstacle.NOT_FREE),
        ({}, {"active": False}, Obstacle.NOT_ACTIVE),
        ({"language": "fr"}, {}, Obstacle.OTHER_LANGUAGE),
        ({"said_no": frozenset({7})}, {}, Obstacle.SAID_NO),
        ({"minor": True}, {"bulletin_seen": False}, Obstacle.MINOR),
        ({}, {"charter": False}, Obstacle.NO_CHARTER),
        ({"qualified_only": True}, {"qualified": False}, Obstacle.NOT_QUALIFIED),
        ({}, {"offers": {"lb": CefrLevel.A1}}, Obstacle.LEVEL),
        ({}, {"free_slots": 0b10}, Obstacle.NO_COMMON_TIME),
        ({}, {"point": CLERVAUX, "reach_km": 50}, Obstacle.TOO_FAR),
        ({"point": None, "online": True}, {}, Obstacle.TOO_FAR),
        ({"must_share": True, "languages": frozenset({"pt"})}, {}, Obstacle.NO_SHARED_LANGUAGE),
    ],
)
def test_each_obstacle_stands_alone(
    learner: dict[str, object], coach: dict[str, object], obstacle: Obstacle
) -> None:
    found = rules.obstacles(replace(LEARNER, **learner), replace(COACH, **coach))  # type: ignore[arg-type]

    assert found == {obstacle}


@pytest.mark.parametrize(
    "learner, coach",
    [
        ({"online": True, "point": None}, {"online": True, "point": CLERVAUX}),
        ({}, {"free_slots": 0, "now_and_then": True}),
        ({}, {"qualified": False}),
        ({"minor": True}, {}),
        ({"must_share": True, "languages": frozenset({"fr"})}, {}),
    ],
)
def test_what_is_no_obstacle(learner: dict[str, object], coach: dict[str, object]) -> None:
    assert not rules.obstacles(replace(LEARNER, **learner), replace(COACH, **coach))  # type: ignore[arg-type]


@pytest.mark.parametrize("level, refusal", [(1, True), (2, True), (3, False), (12, False)])
def test_a_coach_is_for_those_who_know_a_little(level: int, refusal: bool) -> None:
    assert rules.level_refusal(level) == (CoachingRefusal.LEVEL_TOO_LOW if refusal else None)


# -- where and when ----------------------------------------------------------


def test_the_public_place_half_way_is_suggested() -> None:
    places = [PublicPlace(1, BELVAUX), PublicPlace(2, Point(49.503, 5.951)), PublicPlace(3, CLERVAUX)]

    assert rules.midway(BELVAUX, ESCH, places) == 2
    assert rules.midway(None, ESCH, places) == 2
    assert rules.midway(BELVAUX, ESCH, [PublicPlace(3, CLERVAUX)]) is None
    assert rules.midway(None, None, places) is None


@given(st.integers(0, 2**18 - 1), st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_the_first_date_is_a_common_free_time_that_leaves_some_days(slots: int, now: datetime) -> None:
    found = rules.first_date(slots, now).astimezone(LOCAL)

    days = (found.date() - now.astimezone(LOCAL).date()).days
    assert 3 <= days <= 9
    part = {10: 0, 15: 1, 18: 2}[found.hour]
    assert not slots or slots >> (found.weekday() * 3 + part) & 1


def test_the_lowest_free_place_is_taken_first() -> None:
    assert [rules.free_place([], 2), rules.free_place([1, 3], 3), rules.free_place([1, 2], 2)] == [1, 2, None]


def test_what_is_open_takes_up_a_place() -> None:
    assert {state for state in PairState if rules.takes_a_place(state)} == OPEN
