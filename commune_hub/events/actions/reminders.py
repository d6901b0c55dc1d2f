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
