"""Traces of looks at people's data (RGD art. 28): what a page shows, why, and the row that is written before it leaves.

A view says what it shows with `@shows(...)`; whose data it read is known from the keys that were used, so that nobody
can be forgotten. A person's file, an export with names and a search over persons ask for a typed reason first
(`must_say_why`), which holds for that person for half an hour.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

from flask import current_app, g, request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import traces
from commune_hub.accounts.models import Person
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.traces import Look
from commune_hub.accounts.words import TraceChannel, TracedThing, TraceResult
from commune_hub.base.ids import is_public_id
from commune_hub.web.request import db, now

View = TypeVar("View", bound=Callable[..., Any])
NOBODY = None
REMEMBERED = timedelta(minutes=30)
_FILES = {"application/json": TraceChannel.API, "text/html": TraceChannel.PAGE}


@dataclass(frozen=True, slots=True)
class Shows:
    """What a view shows of people: nobody, or a thing whose composed motive holds."""

    thing: TracedThing | None


@dataclass
class _Request:
    """What this request told of itself so far."""

    looks: list[Look] = field(default_factory=list)
    asked_for: set[str] = field(default_factory=set)
    organisation_id: int | None = None
    motive: str = ""


class MotiveNeeded(Exception):
    """Before this is shown, the officer says why. `people`: whose file it is, empty for a search or an export."""

    def __init__(self, thing: TracedThing, people: frozenset[str]) -> None:
        super().__init__(thing.value)
        self.thing = thing
        self.people = people


def shows(thing: TracedThing | None) -> Callable[[View], View]:
    """Say what a view shows of people; `shows(NOBODY)` for a page without anybody."""

    def mark(view: View) -> View:
        view.shows = Shows(thing)  # type: ignore[attr-defined]
        return view

    return mark


def trace(
    what: TracedThing,
    people: Iterable[Person | str] = (),
    motive: str = "",
    *,
    about: str = "",
    channel: TraceChannel | None = None,
) -> None:
    """Write a row of its own for this, with the answer. Whoever is not named here but was read is in it as well.

    It is for views that show more than one thing, and for what `shows` cannot know: whose data are shown without being
    opened, a typed motive, another object than the first id in the address.
    """
    _request().looks.append(
        Look(
            thing=what,
            people=frozenset(one if isinstance(one, str) else one.public_id for one in people),
            about=about,
            channel=channel or TraceChannel.PAGE,
            motive=motive,
        )
    )


def asked_for(*people: Person, within: int | None = None) -> None:
    """Whose file was asked for, and in which organisation the page is. It is said before it is looked whether it may
    be seen: a refusal is traced too; and whoever works for several organisations acts for the one that is meant."""
    _request().asked_for.update(person.public_id for person in people)
    if within is not None:
        _request().organisation_id = within


def must_say_why(thing: TracedThing, person: Person | None = None) -> str:
    """The reason that this member of staff typed for this person (or search, or export) in the last half hour.
    Raises MotiveNeeded, which asks for it."""
    people = frozenset([person.public_id] if person is not None else ())
    said = traces.motive_of(
        db(), agent_id=current_user.actor.account_id, key=motive_key(thing, people), since=now() - REMEMBERED
    )
    if not said:
        raise MotiveNeeded(thing, people)
    _request().motive = said
    return said


def motive_key(thing: TracedThing, people: frozenset[str]) -> str:
    """What a typed reason is remembered for: the person, or the kind of search or export."""
    return next(iter(people), thing.value)


def announce(thing: TracedThing, people: frozenset[str], motive: str) -> None:
    """Keep a typed reason; it is the first row about what follows."""
    _request().looks.append(
        replace(
            Look(thing=thing, people=people, motive=motive, about=motive_key(thing, people)),
            result=TraceResult.ANNOUNCED,
        )
    )


def looks_of(status: int, mimetype: str) -> list[Look]:
    """The rows to be written before an answer with this status goes out; none where nobody's data are in it."""
    known = _request()
    if g.get("without_database"):
        return []
    redirected = 300 <= status < 400
    looks = [replace(one, **_agent(known)) for one in known.looks]
    if redirected:
        return [one for one in looks if one.people or one.result is TraceResult.ANNOUNCED]
    declared: Shows | None = getattr(current_app.view_functions.get(request.endpoint or ""), "shows", None)
    if not _is_traced(declared):
        return looks
    if status in (403, 404):
        return [_refused(known, declared)] if known.asked_for and current_user.is_authenticated else []
    read = _others_read()
    missing = read - {person for one in looks for person in one.people}
    if looks and missing:
        looks[0] = replace(looks[0], people=looks[0].people | missing)
    elif missing:
        looks = [_look(known, declared, missing, mimetype)]
    if current_app.testing and declared is not None and declared.thing is NOBODY:
        assert not read, f"{request.endpoint} says that it shows nobody, and read {len(read)}"
    return [one for one in looks if one.people or one.motive]


def write(session: Session, looks: Iterable[Look]) -> None:
    """Write the rows; the caller commits before the answer goes out."""
    for look in looks:
        traces.write(session, look, now=now())


def _is_traced(declared: Shows | None) -> bool:
    """Staff see other people; a learner's page shows the own family, unless the view says otherwise."""
    guard = getattr(current_app.view_functions.get(request.endpoint or ""), "guard", None)
    return declared is not None or (guard is not None and guard.who == "staff")


def _others_read() -> set[str]:
    """Whose sealed data this request has read, without the person who asks."""
    session: Session | None = g.get("session")
    read = {owner for owner in ring_of(session).opened if is_public_id(owner)} if session is not None else set()
    if not read or session is None:
        return set()
    signed_in = current_user.is_authenticated
    if signed_in and current_user.actor is not None:
        own = session.scalar(select(Person.public_id).where(Person.id == current_user.actor.person_id))
        read.discard(str(own))
    return read


def _look(known: _Request, declared: Shows | None, people: set[str], mimetype: str) -> Look:
    thing = declared.thing if declared is not None and declared.thing is not NOBODY else None
    return Look(
        thing=thing or TracedThing.OTHER_PAGE,
        people=frozenset(people),
        about=_object() or (request.endpoint or "")[:40] if thing else (request.endpoint or "")[:40],
        channel=_FILES.get(mimetype, TraceChannel.FILE),
        motive=known.motive,
        **_agent(known),
    )


def _refused(known: _Request, declared: Shows | None) -> Look:
    look = _look(known, declared, known.asked_for, "text/html")
    return replace(look, result=TraceResult.REFUSED)


def _object() -> str:
    """The first id in the address: what the page is about."""
    values = request.view_args or {}
    return next((str(value)[:40] for name, value in values.items() if name.endswith("_id")), "")


def _agent(known: _Request) -> dict[str, Any]:
    """Who asks, for which organisation and in which role."""
    actor = current_user.actor if current_user.is_authenticated else None
    if actor is None:
        return {}
    held = [(role, held_in) for role, held_in in actor.roles if held_in == known.organisation_id]
    everywhere = [(role, held_in) for role, held_in in actor.roles if held_in is None]
    role, held_in = next(iter([*held, *everywhere, *actor.roles]), ("", None))
    return {"agent_id": actor.account_id, "organisation_id": held_in, "role": str(role)}


def _request() -> _Request:
    try:
        known: _Request = g.tracing
    except AttributeError:
        known = g.tracing = _Request()
    return known

