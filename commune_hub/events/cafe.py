"""The café balancer: learners expected and speakers promised in, tables and missing speakers out. Rules only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# ASTI's format: three to six learners at a table, with one or two speakers (DOMAIN.md §5).
FEWEST_AT_A_TABLE = 3
MOST_AT_A_TABLE = 6
MOST_SPEAKERS = 2


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks one or more of the languages and can look after one table."""

    name: str
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class LanguagePlan:
    """One language of the evening: who is expected, how many tables that makes, who speaks there, who is missing."""

    language: str
    learners: int
    tables: int
    speakers: tuple[str, ...]

    @property
    def missing(self) -> int:
        """How many tables have no speaker."""
        return max(0, self.tables - len(self.speakers))

    @property
    def small(self) -> bool:
        """Whether the learners are too few for a lively table, so that tables could be joined."""
        return 0 < self.learners < FEWEST_AT_A_TABLE


def tables_for(learners: int) -> int:
    """As few tables as hold everybody: a small language still gets its table."""
    return -(-learners // MOST_AT_A_TABLE)


def balance(expected: Mapping[str, int], speakers: Sequence[Speaker]) -> list[LanguagePlan]:
    """Seat speakers so that as many tables as possible have one, and spare speakers join where they help most.

    `expected`: learners by language (BCP 47). A speaker of several languages goes where one is missing. The answer
    is in the order of `expected`; the number of tables with a speaker is the largest possible.
    """
    tables = [language for language in expected for _ in range(tables_for(expected[language]))]
    at: dict[int, int] = {}
    for number in _largest_first(tables, expected):
        _seat(number, tables, speakers, at, set())
    seated: dict[str, list[str]] = {language: [] for language in expected}
    for number, table in sorted(at.items()):
        seated[tables[table]].append(speakers[number].name)
    for speaker in (one for number, one in enumerate(speakers) if number not in at):
        _second(speaker, seated, expected)
    return [
        LanguagePlan(language, learners, tables_for(learners), tuple(seated[language]))
        for language, learners in expected.items()
    ]


def _largest_first(tables: Sequence[str], expected: Mapping[str, int]) -> list[int]:
    """The tables whose language has most learners first, so that a lack of speakers hits the fewest."""
    return sorted(range(len(tables)), key=lambda number: -expected[tables[number]])


def _seat(table: int, tables: Sequence[str], speakers: Sequence[Speaker], at: dict[int, int], asked: set[int]) -> bool:
    """Find a speaker for the table; one who sits elsewhere moves if that table finds another (Kuhn's method).

    `at` is who sits where, by speaker; `asked` are the speakers asked in this round already.
    """
    fitting = [number for number, speaker in enumerate(speakers) if tables[table] in speaker.languages]
    # Who speaks fewest languages is asked first and keeps the others free.
    for number in sorted(fitting, key=lambda number: len(speakers[number].languages)):
        if number in asked:
            continue
        asked.add(number)
        if number not in at or _seat(at[number], tables, speakers, at, asked):
            at[number] = table
            return True
    return False


def _second(speaker: Speaker, seated: dict[str, list[str]], expected: Mapping[str, int]) -> None:
    """A speaker too many joins the language with most learners per speaker, two at a table at most."""
    open_to = [
        language
        for language in expected
        if language in speaker.languages and len(seated[language]) < MOST_SPEAKERS * tables_for(expected[language])
    ]
    if open_to:
        fullest = max(open_to, key=lambda language: expected[language] / (len(seated[language]) or 0.5))
        seated[fullest].append(speaker.name)
