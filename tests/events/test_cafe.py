"""The café balancer: tables, speakers, and who is missing."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from commune_hub.events.cafe import LanguagePlan, Speaker, balance, tables_for


def speaker(name: str, *languages: str) -> Speaker:
    return Speaker(name, frozenset(languages))


def test_six_learners_make_one_table_and_seven_make_two() -> None:
    assert [tables_for(n) for n in (0, 1, 6, 7, 12, 13)] == [0, 1, 1, 2, 2, 3]


def test_a_speaker_of_two_languages_goes_where_one_is_missing() -> None:
    plan = balance({"lb": 5, "fr": 4}, [speaker("Josée", "lb", "fr"), speaker("Marc", "lb")])

    assert plan == [LanguagePlan("lb", 5, 1, ("Marc",)), LanguagePlan("fr", 4, 1, ("Josée",))]


def test_a_missing_speaker_is_shown() -> None:
    [lb, pt] = balance({"lb": 14, "pt": 3}, [speaker("Josée", "lb"), speaker("Marc", "lb")])

    assert (lb.tables, lb.missing) == (3, 1)
    assert (pt.tables, pt.missing) == (1, 1)


def test_too_many_speakers_sit_two_at_a_table_and_no_more() -> None:
    [lb] = balance({"lb": 4}, [speaker(name, "lb") for name in "ABC"])

    assert lb.speakers == ("A", "B")


def test_two_learners_are_few_for_a_table() -> None:
    [lb, fr] = balance({"lb": 2, "fr": 3}, [])

    assert (lb.small, fr.small) == (True, False)


languages = st.sampled_from(["lb", "fr", "de"])
crowds = st.dictionaries(languages, st.integers(0, 13), max_size=3)
people = st.lists(st.frozensets(languages, max_size=3).map(lambda known: Speaker("x", known)), max_size=5)


@given(crowds, people)
def test_no_other_seating_gives_more_tables_a_speaker(expected: dict[str, int], speakers: list[Speaker]) -> None:
    tables = [language for language, n in expected.items() for _ in range(tables_for(n))]
    best = (
        max(
            sum(1 for table, one in zip(tables, order, strict=False) if one is not None and table in one.languages)
            for order in set(permutations([*speakers, *[None] * max(0, len(tables) - len(speakers))], len(tables)))
        )
        if len(tables) <= 5
        else None
    )

    served = sum(min(plan.tables, len(plan.speakers)) for plan in balance(expected, speakers))

    assert best is None or served == best
