"""The search near home on 100,000 meetings: as the app asks, against PostGIS and against a hand-sorted array.

    ./hub bench near_me

Every question is put to every method in turn, so that a busy machine slows all of them. Half of the questions have no
filter but language, place and days, half have one or two more. The app's answer holds each activity once with its next
date, its card, its seats and the number of all; PostGIS gets the easier question of the nearest 20 dates as well.
"""

import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import psycopg
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import country
from benchmarks.report import Goal, percentile, table
from benchmarks.stores import on_postgres, on_sqlite, with_postgis
from commune_hub.events.models import Listing
from commune_hub.events.words import ActivityKind
from commune_hub.matching import queries
from commune_hub.matching.search import PAGE_SIZE, Search
from commune_hub.matching.words import DayTime, Need, When
from commune_hub.places.communes import communes
from commune_hub.places.geo import Point

QUESTIONS = 300
ROUNDS = 5

Method = Callable[[Search], Any]


def questions(dice: random.Random, languages: dict[str, int]) -> list[Search]:
    """Who asks: near where people live, in the languages that are offered, for 7 to 30 days."""
    return [_question(dice, languages, filters=number % 2 == 1) for number in range(QUESTIONS)]


def _question(dice: random.Random, languages: dict[str, int], *, filters: bool) -> Search:
    (commune,) = dice.choices(communes(), [commune.population for commune in communes()])
    point = Point(commune.point.lat + dice.gauss(0, 0.01), commune.point.lon + dice.gauss(0, 0.015))
    (language,) = dice.choices([*languages], [*languages.values()])
    search = Search(
        language=language, at=point, point=point, radius=dice.choice([5, 10, 20]),
        when=dice.choice([When.WEEK, When.NEXT, When.MONTH]),
    )  # fmt: skip
    more: list[dict[str, Any]] = [
        {"needs": frozenset({Need.FREE_SEATS})}, {"needs": frozenset({Need.STEP_FREE, Need.BEGINNER})},
        {"needs": frozenset({Need.CHILD_CARE})}, {"level": "A2"}, {"daytime": DayTime.EVENING},
        {"days": frozenset({1, 3})}, {"kind": ActivityKind.LANGUAGE_CAFE},
    ]  # fmt: skip
    return replace(search, **dice.choice(more)) if filters else search


def main(meetings: int = 100_000) -> list[Goal]:
    """Measure, print the tables, answer the goals, which were set for languages that are offered alike."""
    print("Ten languages alike:\n")
    goals = with_languages(country.EVEN, meetings)
    print("\nLanguages as they are offered, nearly half of it Luxembourgish, and 1 of 10 questions for all of them:\n")
    with_languages(country.AS_OFFERED, meetings, asked_for_all=10)
    return goals


def with_languages(languages: dict[str, int], meetings: int, *, asked_for_all: int = 0) -> list[Goal]:
    """One country on both databases and in an array."""
    asked = questions(random.Random(11), languages | ({"": asked_for_all} if asked_for_all else {}))
    with (
        on_sqlite(meetings, languages) as (_, small),
        on_postgres(meetings, languages) as (large, address),
        small.reading() as on_file,
        large.reading() as on_server,
    ):
        methods: dict[str, Method] = {
            "array in memory, sorted by hand (numpy)": Array(on_file).near,
            "SQLite, as the app asks": lambda search: queries.near(on_file, search, country.NOW),
            "SQLite, the statement alone": Bare(on_file).near,
            "PostgreSQL, as the app asks": lambda search: queries.near(on_server, search, country.NOW),
        }
        if with_postgis(address):
            geography = Geography(address)
            methods |= {
                "PostGIS geography KNN, 20 nearest dates": geography.nearest,
                "PostGIS geography KNN, the same with a b-tree": geography.nearest_with_btree,
                "PostGIS geography, the app's answer": geography.same_answer,
            }
        compare(methods, asked)
        return report(measure(methods, asked))


def compare(methods: dict[str, Method], asked: list[Search]) -> None:
    """Both databases and the array must answer the same; an ellipsoid may differ at the edge."""
    kinds = list(methods)
    for search in asked:
        array, file, server = (methods[kinds[number]](search) for number in (0, 1, 3))
        assert file == server, f"the databases differ: {search}"
        assert array[0] == file.total, f"the array differs: {search}"
    if len(kinds) > 4:
        differ = sum(methods[kinds[1]](search).total != methods[kinds[-1]](search)[0] for search in asked)
        print(f"{differ} of {len(asked)} answers of PostGIS differ at the edge of the circle", file=sys.stderr)


def measure(methods: dict[str, Method], asked: list[Search]) -> dict[str, list[float]]:
    """Milliseconds of every answer: the best of some rounds, since somebody else's work is not the method's."""
    took = {name: [inf] * len(asked) for name in methods}
    dice, turns = random.Random(3), list(methods.items())
    for _ in range(ROUNDS):
        for number, search in enumerate(asked):
            # Whoever comes first finds the pages of the database cold.
            dice.shuffle(turns)
            for name, method in turns:
                start = time.perf_counter()
                method(search)
                took[name][number] = min(took[name][number], (time.perf_counter() - start) * 1000)
    return took


def report(took: dict[str, list[float]]) -> list[Goal]:
    """The table, and the goals that can be judged."""
    p50 = {name: percentile(values, 0.5) for name, values in took.items()}
    p99 = {name: percentile(values, 0.99) for name, values in took.items()}
    array, file, _, server, *postgis = took
    rows = [
        [name, f"{p50[name]:.3f}", f"{p99[name]:.2f}", f"{p50[name] / p50[array]:.1f}", f"{p50[name] / p50[file]:.1f}"]
        for name in took
    ]
    print(table(["method", "p50 ms", "p99 ms", "x array", "x SQLite"], rows))
    goals = [Goal("near me: array's p50 / SQLite's p50", 1 / 3, p50[array] / p50[file])]
    for mine in (file, server) if postgis else ():
        goals += [
            Goal(f"near me: PostGIS KNN's p50 / that of {mine}", 20, p50[postgis[0]] / p50[mine]),
            Goal(f"near me: PostGIS KNN's p99 / that of {mine}", 10, p99[postgis[0]] / p99[mine]),
        ]
    return goals


def _bits(search: Search) -> dict[str, Any]:
    """The values of a question as the app sends them, whatever the method makes of them."""
    _, values = queries.asked(search, country.NOW)
    return values


class Bare:
    """The app's own statement through the driver alone: what SQLAlchemy and the rows cost is the difference."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection()
        self._driver: Any = self._connection.connection.driver_connection
        self._known: dict[Search, tuple[str, tuple[Any, ...]]] = {}

    def near(self, search: Search) -> list[Any]:
        """The rows as the driver gives them."""
        if search not in self._known:
            statement, values = queries.asked(search, country.NOW)
            compiled = statement.compile(dialect=self._connection.dialect)
            bound = compiled.construct_params(values) | {"now": country.NOW.replace(tzinfo=None).isoformat(" ")}
            self._known[search] = str(compiled), tuple(bound[name] for name in compiled.positiontup or ())
        rows: list[Any] = self._driver.execute(*self._known[search]).fetchall()
        return rows


class Array:
    """All listings in memory, those of a language together and by time; answers total, meetings and squared degrees."""

    def __init__(self, session: Session) -> None:
        columns = ("starts", "lat", "lon", "flags", "levels", "free", "activity_id", "meeting_id")
        found = session.execute(select(Listing.language, Listing.kind, *(getattr(Listing, name) for name in columns)))
        rows = sorted(found.all(), key=lambda row: (row.language, row.starts, row.meeting_id))
        kinds = [*ActivityKind]
        every = {name: np.array([getattr(row, name) for row in rows]) for name in columns}
        every["kind"] = np.array([kinds.index(ActivityKind(row.kind)) for row in rows])
        languages = np.array([row.language for row in rows])
        self._kinds = kinds
        self._of = {
            str(language): {name: values[languages == language] for name, values in every.items()}
            for language in np.unique(languages)
        }

    def near(self, search: Search) -> tuple[int, Any, Any]:
        """The time by bisection, the rest by masks, each activity once by its first date."""
        asked, of = _bits(search), self._of[search.language]
        first, last = np.searchsorted(of["starts"], [asked["since"], asked["until"]])
        part = slice(first, last)
        lat, lon = of["lat"][part] - asked["lat"], of["lon"][part] - asked["lon"]
        away = lat * lat + lon * lon * asked["narrow"]
        fits = away <= asked["reach"]
        if asked["flags"]:
            fits &= of["flags"][part] & asked["flags"] == asked["flags"]
        if asked["days"]:
            fits &= of["flags"][part] & asked["days"] != 0
        if asked["level"]:
            fits &= of["levels"][part] & asked["level"] != 0
        if asked["kind"]:
            fits &= of["kind"][part] == self._kinds.index(ActivityKind(asked["kind"]))
        if Need.FREE_SEATS in search.needs:
            fits &= of["free"][part] > 0
        (found,) = np.nonzero(fits)
        _, firsts = np.unique(of["activity_id"][part][found], return_index=True)
        found = found[firsts]
        nearest = found[np.argsort(away[found], kind="stable")[:PAGE_SIZE]]
        return len(found), of["meeting_id"][part][nearest], away[nearest]


class Geography:
    """The same rows as PostGIS geography, asked through psycopg with prepared statements."""

    def __init__(self, address: str) -> None:
        self._connection = psycopg.connect(address, autocommit=True)
        self._connection.prepare_threshold = 1
        for name in ("near_knn", "near_both"):
            self._connection.execute(
                f"create table {name} as select id, meeting_id, activity_id, language, starts, flags, levels, kind,"
                " free, ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography as place from listing where lat is not null"
            )
            self._connection.execute(f"create index on {name} using gist (place)")
        self._connection.execute("create index on near_both (language, starts)")
        for name in ("near_knn", "near_both"):
            self._connection.execute(f"vacuum analyze {name}")

    def nearest(self, search: Search) -> list[Any]:
        """The nearest 20 dates by the index of geography."""
        return self._nearest(search, "near_knn")

    def nearest_with_btree(self, search: Search) -> list[Any]:
        """The same where PostgreSQL may choose an index of language and start instead."""
        return self._nearest(search, "near_both")

    def _nearest(self, search: Search, name: str) -> list[Any]:
        return self._ask(
            search,
            "select m.public_id, m.card::text, n.away, n.free, p.waiting, p.waiting_room, p.closes_at, p.reserved_until"
            " from (select meeting_id, free, place <-> {here} as away from {name} where {fits}"
            " order by place <-> {here} limit 20) n"
            " join meeting m on m.id = n.meeting_id join seat_pool p on p.id = m.pool_id order by n.away",
            name,
        )

    def same_answer(self, search: Search) -> tuple[int, list[Any]]:
        """Each activity once with its next date, and how many there are."""
        rows = self._ask(
            search,
            "with fitting as (select min(starts * 2147483648 + id) as first, count(*) as dates,"
            " min(place <-> {here}) as away from {name} where {fits} group by activity_id)"
            " select (select count(*) from fitting), m.public_id, m.card::text, s.dates, s.away, n.free, p.waiting,"
            " p.waiting_room, p.closes_at, p.reserved_until"
            " from (select * from fitting order by away, first limit 20) s"
            " join listing n on n.id = s.first %% 2147483648"
            " join meeting m on m.id = n.meeting_id join seat_pool p on p.id = m.pool_id order by s.away, s.first",
            "near_both",
        )
        return (rows[0][0] if rows else 0), rows

    def _ask(self, search: Search, question: str, name: str) -> list[Any]:
        asked = _bits(search) | {"metres": search.radius * 1000}
        here = "ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography"
        fits = [
            "language = %(language)s", "starts >= %(since)s", "starts < %(until)s",
            f"ST_DWithin(place, {here}, %(metres)s)",
        ]  # fmt: skip
        if asked["flags"]:
            fits.append("flags & %(flags)s = %(flags)s")
        if asked["days"]:
            fits.append("flags & %(days)s <> 0")
        if asked["level"]:
            fits.append("levels & %(level)s <> 0")
        if asked["kind"]:
            fits.append("kind = %(kind)s")
        if Need.FREE_SEATS in search.needs:
            fits.append("free > 0")
        sql = question.format(here=here, name=name, fits=" and ".join(fits))
        return self._connection.execute(sql, asked).fetchall()


