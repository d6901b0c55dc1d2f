"""A problem that somebody reported goes to every administrator by mail, and is then erased here."""

from commune_hub.accounts import reports
from commune_hub.accounts.words import ContactKind
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.worker.mail.letter import Letter, Sender
from commune_hub.worker.messages import Message, deliver
from commune_hub.worker.work import Hopeless, Task, Work


def problem_report(work: Work, task: Task) -> None:
    """Mail the report; without an administrator it waits for a human to look at it."""
    report = task.ids["report"]
    with work.store.reading() as session:
        text = reports.text_of(session, report)
        to = [(contact.value, work.speech_in(contact.person.language)) for contact in reports.administrators(session)]
    if text is not None:
        if not to:
            raise Hopeless("no administrator has a mail address")
        for number, (mail, speech) in enumerate(to):
            one = Task(task.kind, f"{task.key}:{number}", task.ids, task.asked_at, task.now)
            deliver(work, Message(_letter(text, speech), ContactKind.MAIL, mail), one)
    with work.store.writing() as session:
        reports.erase(session, report)


def _letter(text: str, speech: Speech) -> Letter:
    heading = speech.say(N_("Somebody reports a problem"))
    return Letter(
        speech=speech, sender=Sender(), subject=heading, heading=heading, sms=heading,
        paragraphs=tuple(part for part in text.split("\n") if part.strip()),
        footer=(speech.say(N_("The report stands in this mail only; it was erased on the site.")),),
    )  # fmt: skip
