"""Messages from one of the two to the other: they pass through here, without contact data until both said yes."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.queries import ring_of
from commune_hub.base import outbox
from commune_hub.base.errors import Refused
from commune_hub.volunteers.coaching import rules
from commune_hub.volunteers.coaching.actions.steps import lock_pair
from commune_hub.volunteers.coaching.inputs import MessageDraft
from commune_hub.volunteers.coaching.models import PairMessage, PairSide
from commune_hub.volunteers.coaching.words import OPEN, PairState

_SAME_CLICK = timedelta(minutes=2)


def write(session: Session, *, side: PairSide, draft: MessageDraft, now: datetime) -> PairMessage:
    """Pass a message on, sealed with the writer's key. The same words again within two minutes are the same click.

    Raises Refused when it names a contact before both have said yes, or when there were too many in a day.
    """
    pair = lock_pair(session, side.pair)
    mine = select(PairMessage).where(PairMessage.pair_id == pair.id, PairMessage.side == side.side)
    last = session.scalar(mine.order_by(PairMessage.id.desc()).limit(1))
    if last is not None and last.at > now - _SAME_CLICK and _says_the_same(last, draft):
        return last
    recent = select(func.count()).select_from(
        mine.where(PairMessage.at > now - timedelta(days=1)).subquery()
    )
    refusal = rules.message_refusal(
        draft.text,
        contacts_shown=rules.shows_contacts(PairState(pair.state), pair.answers),
        sent_today=session.scalar(recent) or 0,
        open_pair=pair.state in OPEN,
    )
    if refusal is not None:
        raise Refused(refusal)
    # One's own words win over a ready sentence that was left chosen.
    sealed = ring_of(session).seal(side.person.public_id, draft.text) if draft.text else None
    message = PairMessage(
        pair=pair, side=side.side, phrase=None if draft.text else draft.phrase, text_sealed=sealed, at=now
    )
    session.add(message)
    session.flush()
    outbox.enqueue(
        session, "pair_message_mail", due_at=now, now=now, key=f"pair_message_mail:{message.public_id}",
        message=message.public_id,
    )  # fmt: skip
    return message


def keep_note(session: Session, *, side: PairSide, note: str) -> None:
    """A note for oneself; nobody else reads it."""
    side.note_sealed = ring_of(session).seal(side.person.public_id, note) if note else None
    session.flush()


def _says_the_same(last: PairMessage, draft: MessageDraft) -> bool:
    return last.text == draft.text if draft.text else last.phrase == draft.phrase
