"""Whether somebody wants to be reminded of the dates of one booking."""

from datetime import datetime

from sqlalchemy.orm import Session

from commune_hub.events.actions import seats
from commune_hub.events.models import Signup
from commune_hub.events.words import SignupState


def want_reminders(session: Session, *, signup: Signup, wanted: bool, now: datetime) -> None:
    """Switch them on or off. One that waits in the outbox is dropped when its hour comes, if they are off then."""
    signup.reminder = wanted
    session.flush()
    if wanted and signup.state == SignupState.CONFIRMED:
        for meeting in signup.pool.meetings:
            seats.plan_reminder(session, signup, meeting, now)


def say_comes(session: Session, *, signup: Signup, now: datetime) -> None:
    """Somebody says that they come: a seat that is kept is taken with it, a seat they have stays theirs."""
    if signup.state == SignupState.OFFERED:
        seats.accept(session, signup=signup, now=now)
    if signup.state == SignupState.CONFIRMED:
        signup.says_comes_at = now
        session.flush()
