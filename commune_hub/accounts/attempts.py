"""Tries to sign in: each is remembered before it is judged, so that many at once cannot slip past the limits."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from commune_hub.accounts import queries, rules
from commune_hub.accounts.models import SignInAttempt


def remember(session: Session, *, who_hash: bytes, address_hash: bytes, now: datetime) -> int:
    """Write a try down as a wrong one; to be committed before the password or code is looked at."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - 4 * rules.TRY_WINDOW))
    attempt = SignInAttempt(who_hash=who_hash, address_hash=address_hash, succeeded=False, at=now)
    session.add(attempt)
    session.flush()
    return attempt.id


def may_go_on(session: Session, *, attempt_id: int, now: datetime) -> bool:
    """Whether a remembered try may be judged. A refused one counts for its address only: else whoever goes on trying
    would lock somebody else out for ever."""
    attempt = session.scalars(select(SignInAttempt).where(SignInAttempt.id == attempt_id)).one()
    by_account, by_address = queries.tries(
        session, who_hash=attempt.who_hash, address_hash=attempt.address_hash, now=now
    )
    if rules.may_try(by_account - 1, by_address - 1):
        return True
    attempt.who_hash = b""
    return False


def succeeded(session: Session, attempt_id: int) -> None:
    """The try was right and counts for no limit."""
    session.execute(update(SignInAttempt).where(SignInAttempt.id == attempt_id).values(succeeded=True))
