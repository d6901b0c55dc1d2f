"""Who looks after a coordinator's pairs while they are away, and who takes a pair over."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Account
from commune_hub.base.errors import InputCode, Invalid, NotFound
from commune_hub.base.ids import is_public_id
from commune_hub.base.words import LOCAL
from commune_hub.volunteers.coaching import caring
from commune_hub.volunteers.coaching.inputs import StandInDraft
from commune_hub.volunteers.coaching.models import CoachingPair, StandIn


def arrange(session: Session, *, account_id: int, draft: StandInDraft, now: datetime) -> StandIn:
    """A colleague of ASTI stands in from one day to another; said again from the same day, the newer end holds."""
    colleague = next((one for one in caring.asti_accounts(session) if one.public_id == draft.colleague), None)
    if colleague is None or colleague.id == account_id:
        raise Invalid({"colleague": [InputCode.NOT_A_CHOICE]})
    if draft.last_on < max(draft.first_on, now.astimezone(LOCAL).date()):
        raise Invalid({"last_on": [InputCode.END_BEFORE_START]})
    arranged = StandIn(
        account_id=account_id, stand_in_id=colleague.id, first_on=draft.first_on, last_on=draft.last_on
    )
    for known in caring.stand_ins(session, draft.first_on):
        if (known.account_id, known.stand_in_id, known.first_on) == (account_id, colleague.id, draft.first_on):
            known.last_on = draft.last_on
            return known
    session.add(arranged)
    session.flush()
    return arranged


def cancel(session: Session, *, account_id: int, public_id: str) -> None:
    """The coordinator is here after all. Raises NotFound for somebody else's."""
    found = session.scalar(select(StandIn).where(StandIn.public_id == public_id)) if is_public_id(public_id) else None
    if found is None or found.account_id != account_id:
        raise NotFound("stand-in")
    session.delete(found)
    session.flush()


def take_over(session: Session, *, pair: CoachingPair, account: Account) -> None:
    """From now on this coordinator looks after the pair."""
    pair.coordinator_id = account.id
    session.flush()


