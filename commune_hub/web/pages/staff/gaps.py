"""Where help is missing: tables and volunteers that would serve most of those who wait, as lists and a map (A-07)."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.matching import gaps as missing
from commune_hub.matching.gaps import OFFERS, SMALLEST, Chosen, Cover
from commune_hub.matching.shortages import needs
from commune_hub.places.communes import commune_of, communes
from commune_hub.places.geo import LUXEMBOURG
from commune_hub.speech.pairing import offer_title
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages.maps import draw, numbered_pins
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.pairing import rules
from commune_hub.web.request import now, store
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows


@dataclass(frozen=True, slots=True)
class Line:
    """An offer of a plan: its number on the map, what it is, how many people it reaches."""

    number: int
    title: str
    people: str


@pages.get("/missing")
@staff(Permission.SEE_GAPS)
@shows(NOBODY)
def gaps() -> ResponseReturnValue:
    """Two lists, each with how near it is to the best possible one; never about fewer than five people."""
    tables, coaches = _plans()
    lines = _lines([*tables.offers, *coaches.offers])
    return render_template(
        "staff/gaps.html",
        tables=lines[: len(tables.offers)],
        coaches=lines[len(tables.offers) :],
        reach=[_reach(tables), _reach(coaches)],
        smallest=SMALLEST,
    )


@pages.get("/missing/map")
@staff(Permission.SEE_GAPS)
@shows(NOBODY)
def gaps_map() -> ResponseReturnValue:
    """The same with the same numbers, where the communes lie."""
    g.may_be_framed = True
    tables, coaches = _plans()
    offers = [*tables.offers, *coaches.offers]
    url = url_for("staff.gaps")
    marked = [
        (commune_of(one.offer.lau2).point, f"{url}#n{line.number}", f"{line.title}, {line.people}")
        for one, line in zip(offers, _lines(offers), strict=True)
    ]
    return render_template(
        "public/map.html",
        drawn=draw(numbered_pins(marked), LUXEMBOURG),
        title=_("Map: where help is missing"),
        list_url=url,
    )


def _plans() -> tuple[Cover, Cover]:
    # Counting opens the homes of all who wait, and shows nobody's: it has a session of its own, and no trace.
    with store().reading() as session:
        people = needs(session, rules=rules(), now=now())
    return missing.tables(people, communes()), missing.coaching(people, communes())


def _lines(offers: Iterable[Chosen]) -> list[Line]:
    spoken = speech()
    return [
        Line(number, offer_title(one, spoken), spoken.say_many("one person", "%(num)s people", one.people))
        for number, one in enumerate(offers, 1)
    ]


def _reach(plan: Cover) -> str:
    """How good a plan is, in words; nothing where there are so few that one could tell who they are."""
    if not plan.offers:
        return ""
    reached, people, most = (speech().number(number) for number in (plan.reached, plan.people, plan.at_most))
    return _(
        "Together they reach %(reached)s of %(people)s people. No %(offers)s offers for at least %(smallest)s people"
        " each could reach more than %(most)s.",
        reached=reached, people=people, most=most, offers=OFFERS, smallest=SMALLEST,
    )  # fmt: skip
