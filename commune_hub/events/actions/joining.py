"""A visitor without an account takes a seat: a first name, one contact, one form."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.rules import plain_name
from commune_hub.base import outbox
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import new_public_id, token_hash
from commune_hub.events import queries
from commune_hub.events.actions import seats
from commune_hub.events.inputs import ManyDatesDraft, SignupDraft
from commune_hub.events.models import Activity, SeatPool, Signup
from commune_hub.events.words import LIVE, SeatRefusal
from commune_hub.places.communes import is_commune


def join(session: Session, *, activity: Activity, draft: SignupDraft, language: str, now: datetime) -> Signup | None:
    """A seat or a place in the queue for whoever filled in the form; the same form twice is the same sign-up.

    None when this name at this contact has signed up already: then only the message with the link is sent again, to
    its owner. Raises Refused.
    """
    # Locked before the person is looked up: else two presses of one button make the same person twice.
    pool = seats.lock_named(session, draft.pool)
    if pool.activity_id != activity.id:
        raise NotFound("pool")
    person = accounts.person_for(session, name=draft.name, language=language, now=now, reach=draft.contact)
    token = _token(session, draft)
    known = queries.live_signup(session, pool.id, person.id)
    if known is not None and (token is None or known.form_token != token):
        _send_link_again(session, known, now)
        return None
    return seats.sign_up(
        session, pool_id=draft.pool, person=person, now=now, form_token=token, reminder=draft.reminder,
        for_language=draft.for_language if draft.for_language in activity.tags else "",
        says_has_contract=draft.has_contract, lives_in=draft.lives_in if is_commune(draft.lives_in) else "",
    )  # fmt: skip


def join_many(
    session: Session,
    *,
    activity: Activity,
    draft: ManyDatesDraft,
    season: Sequence[str],
    language: str,
    now: datetime,
) -> list[tuple[str, Signup | SeatRefusal]]:
    """The same for several dates, or for all of them (`season`: their pools); for each its sign-up, or why not.

    The same form twice is the same sign-ups. Raises Refused when there is no seat and no queue at any date.
    """
    wanted = list(dict.fromkeys(season if draft.season else draft.pools))
    pools = session.scalars(select(SeatPool).where(SeatPool.public_id.in_(wanted))).all()
    if len(pools) != len(wanted) or any(pool.activity_id != activity.id for pool in pools):
        raise NotFound("pool")
    seats.lock(session, [pool.id for pool in pools])
    person = accounts.person_for(session, name=draft.name, language=language, now=now, reach=draft.contact)
    return seats.sign_up_for_many(
        session, pool_ids=wanted, person=person, now=now, form_token=_token_of_many(session, draft, wanted),
        reminder=draft.reminder, for_language=draft.for_language if draft.for_language in activity.tags else "",
        says_has_contract=draft.has_contract, lives_in=draft.lives_in if is_commune(draft.lives_in) else "",
    )  # fmt: skip


def _token_of_many(session: Session, draft: ManyDatesDraft, pools: Sequence[str]) -> str:
    """As for one date; when a seat of this form was given back since, the form sent again is a new one."""
    said = "\0".join((draft.form_token or new_public_id(), plain_name(draft.name), draft.contact.value))
    token = token_hash(said).hex()[:40]
    dead = select(Signup.id).where(
        Signup.form_token.in_([f"{token}:{pool}" for pool in pools]), Signup.state.not_in(LIVE)
    )
    return token if session.scalar(dead.limit(1)) is None else token_hash(new_public_id()).hex()[:40]


def _token(session: Session, draft: SignupDraft) -> str | None:
    """The form with what stands in it. On a shared computer the next person may go back to the same form."""
    if not draft.form_token:
        return None
    said = "\0".join((draft.form_token, draft.pool, plain_name(draft.name), draft.contact.value))
    token = token_hash(said).hex()
    used = session.scalar(select(Signup.state).where(Signup.form_token == token))
    # Who gave the seat back and sends the form again wants a new one.
    return token if used is None or used in LIVE else None


def _send_link_again(session: Session, signup: Signup, now: datetime) -> None:
    """At most once an hour, so that nobody can flood somebody else's mailbox."""
    key = f"signup_mail:{signup.public_id}:again:{now:%Y%m%d%H}"
    outbox.enqueue(session, "signup_mail", due_at=now, now=now, key=key, signup=signup.public_id)
