"""A search is read from an address, written back as one, and has ways on when it finds nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.events.words import SEARCHABLE, ActivityKind
from commune_hub.matching.search import FARTHEST_KM, LAST_PAGE, Rung, Search, ladder, read
from commune_hub.matching.words import LEVELS, DayTime, Need, Order, Step, When
from commune_hub.places.geo import Point

BELVAUX = Point(49.51, 5.924)


def read_url(query: str) -> tuple[Search, bool]:
    return read(parse_qs(query, keep_blank_values=True))


def test_an_empty_address_asks_for_everything_this_week() -> None:
    assert read({}) == (Search(), True)


def test_every_part_of_an_address_is_read() -> None:
    url = (
        "l=LB&at=49.5101,5.9239&r=10&w=month&d=2&d=4&t=evening&level=a1&kind=language_cafe&beginner=1&kids=1"
        "&stepfree=1&free=1&online=1&order=time&page=3"
    )

    assert read_url(url) == (
        Search(
            language="lb",
            at=BELVAUX,
            point=BELVAUX,
            radius=10,
            when=When.MONTH,
            days=frozenset({1, 3}),
            daytime=DayTime.EVENING,
            level="A1",
            kind=ActivityKind.LANGUAGE_CAFE,
            needs=frozenset(Need),
            order=Order.TIME,
            page=3,
        ),
        True,
    )


def test_what_somebody_typed_comes_before_an_older_position() -> None:
    assert read_url("at=49.51,5.924&place=+4411++Soleuvre ")[0] == Search(place="4411 Soleuvre")


def test_empty_fields_of_a_form_say_nothing() -> None:
    assert read_url("l=&place=&at=&r=&w=&t=&level=&kind=&order=&page=") == (Search(), True)


def test_parameters_of_others_are_not_ours() -> None:
    assert read_url("utm_source=mail&view=map&fbclid=1") == (Search(), True)


@pytest.mark.parametrize(
    "broken",
    ["l=<script>", "l=" + "a" * 99, "r=0", "r=51", "r=5.5", "r=٣", "w=never", "d=8", "t=noon", "level=A9", "kind=opera",
     "kind=volunteer_training", "order=price", "page=0", "page=999999999999", "at=here", "at=0,0", "at=nan,nan",
     "at=49.5", "place=%25FF%25FE"],
)  # fmt: skip
def test_what_is_not_understood_is_left_out_and_said(broken: str) -> None:
    assert read_url(broken) == (Search(), False)


NAMES = st.sampled_from("l place at r w d t level kind beginner order page".split())


@given(st.dictionaries(NAMES, st.lists(st.text())))
def test_no_address_is_an_error(query: dict[str, list[str]]) -> None:
    search, _ = read(query)

    assert read_url(urlencode(search.query()))[0] == search


searches = st.builds(
    Search,
    language=st.sampled_from(["", "lb", "zh-Hant"]),
    place=st.sampled_from(["", "Esch-Uelzecht", "4, rue de la Poste, 4477 Belvaux"]),
    radius=st.integers(1, FARTHEST_KM),
    when=st.sampled_from(When),
    days=st.frozensets(st.integers(0, 6)),
    daytime=st.sampled_from([None, *DayTime]),
    level=st.sampled_from(["", *LEVELS]),
    kind=st.sampled_from([None, *sorted(SEARCHABLE)]),
    needs=st.frozensets(st.sampled_from(Need)),
    order=st.sampled_from(Order),
    page=st.integers(1, LAST_PAGE),
)


@given(searches)
def test_a_shared_address_is_the_same_search(search: Search) -> None:
    assert read_url(urlencode(search.query())) == (search, True)


def test_an_address_leaves_out_what_is_usual() -> None:
    assert Search(language="lb", at=BELVAUX, point=BELVAUX).query() == [("l", "lb"), ("at", "49.510,5.924")]


@pytest.mark.parametrize(
    ("when", "since", "until"),
    [
        (When.TODAY, "2026-11-22T10:00", "2026-11-22T23:00"),
        (When.WEEK, "2026-11-22T10:00", "2026-11-28T23:00"),
        (When.NEXT, "2026-11-28T23:00", "2026-12-05T23:00"),
        (When.MONTH, "2026-11-22T10:00", "2026-12-21T23:00"),
    ],
)
def test_days_end_at_local_midnight(when: When, since: str, until: str) -> None:
    now = datetime(2026, 11, 22, 10, tzinfo=UTC)

    days = Search(when=when).days_looked_at(now)

    assert days == tuple(datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (since, until))


def test_a_week_in_which_the_clock_changes_still_ends_at_midnight() -> None:
    now = datetime(2026, 10, 20, 10, tzinfo=UTC)

    assert Search().days_looked_at(now)[1] == datetime(2026, 10, 26, 23, tzinfo=UTC)


def test_the_ladder_goes_from_the_nearest_step_to_the_farthest() -> None:
    search = Search(language="lb", place="Belvaux", point=BELVAUX, page=2)

    assert [(rung.step, rung.search) for rung in ladder(search)] == [
        (Step.FARTHER, replace(search, radius=10, page=1)),
        (Step.FARTHER, replace(search, radius=20, page=1)),
        (Step.FARTHER, replace(search, radius=50, page=1)),
        (Step.LATER, replace(search, when=When.NEXT, page=1)),
        (Step.LATER, replace(search, when=When.MONTH, page=1)),
        (Step.ONLINE, replace(search, needs=frozenset({Need.ONLINE}), page=1)),
        (Step.ANY_LANGUAGE, replace(search, language="", page=1)),
        (Step.ANYWHERE, Search(language="lb", when=When.MONTH)),
        (Step.EVERYTHING, Search(when=When.MONTH)),
    ]


def test_the_ladder_takes_away_each_filter_that_may_stand_in_the_way() -> None:
    needs = frozenset({Need.BEGINNER, Need.CHILD_CARE, Need.FREE_SEATS})
    kind = ActivityKind.CIVIC_COURSE
    search = Search(
        when=When.MONTH, days=frozenset({0}), daytime=DayTime.DAY, level="A1", kind=kind, needs=needs
    )  # fmt: skip

    assert [rung for rung in ladder(search) if rung.step is not Step.ONLINE] == [
        Rung(Step.ANY_DAY, replace(search, days=frozenset(), daytime=None)),
        Rung(Step.FULL_TOO, replace(search, needs=needs - {Need.FREE_SEATS})),
        Rung(Step.ANY_LEVEL, replace(search, level="", needs=needs - {Need.BEGINNER})),
        Rung(Step.ANY_KIND, replace(search, kind=None)),
        Rung(Step.ANY_NEED, replace(search, needs=needs - {Need.CHILD_CARE}), Need.CHILD_CARE),
        Rung(Step.EVERYTHING, Search(when=When.MONTH)),
    ]


@given(searches)
def test_no_rung_stays_where_the_search_was(search: Search) -> None:
    assert [rung for rung in ladder(search) if rung.search == replace(search, page=1)] == []
