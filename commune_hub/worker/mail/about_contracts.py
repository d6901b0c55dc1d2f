"""What people are told about their contract: the answer of the record, a decision. Subjects say nothing of it."""

from commune_hub.speech.catalogues import N_, Speech
from commune_hub.worker.mail.letter import Letter, Sender

_SUBJECT = N_("There is news for you")


def news(name: str, sentences: tuple[str, ...], speech: Speech, *, url: str, button: str) -> Letter:
    """Something has been answered or decided; what, stands in the mail, not in its subject."""
    return Letter(
        speech=speech,
        sender=Sender(),
        subject=speech.say(_SUBJECT),
        heading=speech.say(_SUBJECT),
        greeting=speech.say(N_("Hello %(name)s,"), name=name),
        paragraphs=sentences,
        button=(button, url),
        footer=(speech.say(N_("These pages are a help. The national authority decides whether a contract is kept.")),),
        sms=speech.say(N_("There is news for you: %(url)s"), url=url),
    )
