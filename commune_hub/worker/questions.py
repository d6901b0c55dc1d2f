"""The jobs of the questions at the end of a season: who is asked, and the mail to each."""

from sqlalchemy.orm import Session

from commune_hub.accounts.queries import contact_of
from commune_hub.accounts.words import ContactKind
from commune_hub.events.actions import questions
from commune_hub.speech import telling
from commune_hub.worker.mail.about_questions import two_questions
from commune_hub.worker.mail.letter import Sender
from commune_hub.worker.messages import Message
from commune_hub.worker.work import Task, Work


def season_questions(work: Work, task: Task) -> None:
    """Once a day: the seasons that have ended."""
    with work.store.writing() as session:
        questions.ask(session, now=task.now)


def season_question_mail(session: Session, work: Work, task: Task) -> Message | None:
    """The link to one person, while there is something to answer and they want our mails."""
    question, activity, person = questions.asked_of(session, task.ids["question"])
    contact = contact_of(person, ContactKind.MAIL)
    unwanted = person.erased_at or person.messages_paused_at or person.no_questions_at
    if contact is None or unwanted or not questions.is_open(question, task.now):
        return None
    speech = work.speech_in(person.language)
    letter = two_questions(
        person.name, telling.title_of(activity, speech), Sender.of(activity.organisation), speech,
        url=work.url(f"/{speech.code}/q/{question.link_key}"), profile=work.url(f"/{speech.code}/my/profile"),
    )  # fmt: skip
    return Message(letter, ContactKind.MAIL, contact.value)
