"""What ASTI writes to volunteers: kept once, a job for each of them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.permissions import Actor
from commune_hub.base import outbox
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import is_public_id, new_public_id
from commune_hub.volunteers import permissions
from commune_hub.volunteers.inputs import LetterDraft
from commune_hub.volunteers.models import Volunteer, VolunteerLetter
from commune_hub.volunteers.words import VolunteerRefusal, VolunteerState


def write_to(
    session: Session, *, volunteers: Iterable[Volunteer], draft: LetterDraft, actor: Actor, now: datetime
) -> VolunteerLetter:
    """One letter to all of these who have not left. The key of the form makes two clicks one letter."""
    permissions.must_look_after(actor)
    sent = session.scalar(select(VolunteerLetter).where(VolunteerLetter.public_id == draft.key))
    if sent is not None and sent.by_id == actor.account_id:
        return sent
    to = [volunteer for volunteer in volunteers if volunteer.state != VolunteerState.LEFT]
    if not to:
        raise Refused(VolunteerRefusal.NOBODY_TO_WRITE_TO)
    key = draft.key if sent is None and is_public_id(draft.key) else new_public_id()
    letter = VolunteerLetter(public_id=key, text=draft.text, by_id=actor.account_id, at=now)
    session.add(letter)
    session.flush()
    for volunteer in to:
        outbox.enqueue(
            session, "volunteer_letter_mail", due_at=now, now=now, letter=letter.public_id,
            volunteer=volunteer.public_id, key=f"volunteer_letter_mail:{letter.public_id}:{volunteer.public_id}",
        )  # fmt: skip
    return letter


def letter_named(session: Session, public_id: str) -> VolunteerLetter:
    """The letter with this public id. Raises NotFound."""
    found = session.scalar(select(VolunteerLetter).where(VolunteerLetter.public_id == public_id))
    if found is None:
        raise NotFound("letter")
    return found
