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


def offers(name: str, links: tuple[tuple[str, str, str], ...], speech: Speech, *, url: str) -> Letter:
    """What is new near home this week: three at most, words, where, and address of each."""
    heading = speech.say_many("Something new near you", "%(num)s new offers near you", len(links))
    return Letter(
        speech=speech,
        sender=Sender(),
        subject=heading,
        heading=heading,
        greeting=speech.say(N_("Hello %(name)s,"), name=name),
        paragraphs=(speech.say(N_("This is new near your home and fits your languages.")),),
        links=links,
        button=(speech.say(N_("End these mails")), url),
        footer=(speech.say(N_("You get this mail once a week because you said yes to it on your page.")),),
        sms=speech.say(N_("There is something new near you: %(url)s"), url=url),
    )
