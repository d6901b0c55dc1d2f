"""The job of a message to a group: one letter to one person."""

from sqlalchemy.orm import Session

from commune_hub.events import queries
from commune_hub.events.actions import messages as sent
from commune_hub.events.words import LIVE
from commune_hub.worker.mail.about_groups import from_the_organiser
from commune_hub.worker.messages import Message, about_signup
from commune_hub.worker.work import Task, Work


def group_mail(session: Session, work: Work, task: Task) -> Message | None:
    """What an officer wrote; nothing to whoever gave the seat back since, or wants no messages now."""
    signup = queries.signup_named(session, task.ids["signup"])
    message = sent.message_named(session, task.ids["message"])
    if signup.state not in LIVE:
        return None
    return about_signup(
        signup, message.meeting, work, task, lambda booking: from_the_organiser(booking, message)
    )  # fmt: skip
