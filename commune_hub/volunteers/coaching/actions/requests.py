"""Asking for a coach, and what becomes of a request."""

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import ring_of
from commune_hub.base import outbox
from commune_hub.base.errors import InputCode, Invalid, Refused
from commune_hub.places import queries as places
from commune_hub.places.geo import rounded_home
from commune_hub.volunteers.coaching import queries, rules
from commune_hub.volunteers.coaching.inputs import RequestWishes
from commune_hub.volunteers.coaching.models import CoachingRequest
from commune_hub.volunteers.coaching.words import CoachingRefusal, RequestChannel, RequestState
from commune_hub.volunteers.rules import free_from


def ask(
    session: Session,
    *,
    person: Person,
    draft: RequestWishes,
    channel: RequestChannel,
    now: datetime,
    form_token: str | None = None,
    by: Actor | None = None,
    tell: bool = True,
) -> CoachingRequest:
    """A request that waits for a coach. The same form sent twice is the same request. Raises Refused and Invalid.

    `tell`: the person gets a mail with the link; not after an import, or a whole list would get one at once.
    """
    # Whoever asks twice at the same moment takes turns, and the second finds the first.
    session.scalars(select(Person.id).where(Person.id == person.id).with_for_update()).one()
    if form_token:
        again = session.scalar(select(CoachingRequest).where(CoachingRequest.form_token == form_token))
        if again is not None:
            return again
    refusal = rules.level_refusal(draft.level)
    if refusal is not None:
        raise Refused(refusal)
    if queries.live_request(session, person.id, draft.language) is not None:
        raise Refused(CoachingRefusal.ALREADY_ASKED)

    request = CoachingRequest(
        person=person, channel=channel, form_token=form_token or None, asked_at=now,
        entered_by_id=by.account_id if by else None, language=draft.language, level=draft.level, free_slots=0,
    )  # fmt: skip
    _fill(session, request, draft)
    session.add(request)
    session.flush()
    if tell:
        outbox.enqueue(
            session, "coaching_asked_mail", due_at=now, now=now, request=request.public_id,
            key=f"coaching_asked_mail:{request.public_id}",
        )  # fmt: skip
    return request


def change(session: Session, *, request: CoachingRequest, draft: RequestWishes) -> None:
    """Other times, another place, other wishes; the place in the order stays. Raises Refused and Invalid."""
    lock(session, request)
    if request.state == RequestState.CLOSED:
        raise Refused(CoachingRefusal.NOT_WAITING)
    refusal = rules.level_refusal(draft.level)
    if refusal is not None:
        raise Refused(refusal)
    _fill(session, request, draft)
    session.flush()


def _fill(session: Session, request: CoachingRequest, draft: RequestWishes) -> None:
    ring, owner = ring_of(session), request.person.public_id
    # Looked up first: a question to the database would write down a request that is half filled in.
    home, lau2 = _home(session, draft.place) if draft.place else ("", "")
    request.home_sealed, request.lau2 = ring.seal(owner, home) if home else None, lau2
    request.level = draft.level
    request.free_slots = free_from(draft.slots)
    request.reach_km = draft.reach_km
    request.online = draft.online
    request.minor = draft.minor
    request.languages = list(dict.fromkeys(draft.languages))
    request.must_share = draft.must_share and bool(draft.languages)
    request.wishes_sealed = ring.seal(owner, draft.wishes) if draft.wishes else None


def _home(session: Session, typed: str) -> tuple[str, str]:
    """The rounded point with the name of its locality, ready to be sealed, and the commune. Raises Invalid."""
    found = places.find_places(session, typed, limit=1)
    if not found:
        raise Invalid({"place": [InputCode.UNKNOWN_PLACE]})
    point = rounded_home(found[0].point)
    near = places.place_near(found[0].point)
    label = near.name if near else found[0].name
    return json.dumps([point.lat, point.lon, label]), places.commune_at(session, found[0].point) or ""


def lock(session: Session, request: CoachingRequest) -> None:
    """Two who act on a request at once take turns, and the second sees what the first did."""
    question = select(CoachingRequest).where(CoachingRequest.id == request.id).with_for_update()
    session.scalars(question.execution_options(populate_existing=True)).one()


def close(session: Session, *, request: CoachingRequest, now: datetime) -> None:
    """No coach is looked for any more; twice is once. Raises Refused while a proposal or a pair is there."""
    lock(session, request)
    if request.state == RequestState.CLOSED:
        return
    if request.state != RequestState.WAITING:
        raise Refused(CoachingRefusal.NOT_WAITING)
    request.state, request.closed_at = RequestState.CLOSED, now
    session.flush()


def wait_again(session: Session, *, request: CoachingRequest, now: datetime) -> None:
    """After a pair has ended: look for another coach. The wait begins anew. Raises Refused."""
    lock(session, request)
    if request.state == RequestState.WAITING:
        return
    if request.state != RequestState.CLOSED:
        raise Refused(CoachingRefusal.NOT_WAITING)
    if queries.live_request(session, request.person_id, request.language) is not None:
        raise Refused(CoachingRefusal.ALREADY_ASKED)
    request.state, request.closed_at, request.asked_at = RequestState.WAITING, None, now
    session.flush()
