"""The letter with the two questions at the end of a season."""

from commune_hub.speech.catalogues import N_, Speech
from commune_hub.worker.mail.letter import Letter, Sender


def two_questions(name: str, title: str, sender: Sender, speech: Speech, *, url: str, profile: str) -> Letter:
    """Two questions, one link; the link says nothing about the person, and works once."""
    closing = N_("Questions? Call %(phone)s. %(organiser)s") if sender.phone else N_("Your organiser: %(organiser)s")
    known = {"organiser": sender.name, "phone": sender.phone, "profile": profile.removeprefix("https://")}
    footer = [
        N_("Your answer is kept without your name."),
        closing,
        N_("You want no such questions any more? One tap on the page of the questions is enough."),
        N_("You want no messages? You can say so in your profile: %(profile)s"),
    ]
    return Letter(
        speech=speech,
        sender=sender,
        subject=speech.say(N_("Two short questions for you")),
        heading=speech.say(N_("Two short questions for you")),
        sms=speech.say(N_("Two short questions for you")),
        greeting=speech.say(N_("Hello %(name)s,"), name=name),
        paragraphs=(
            speech.say(N_("You were with us. The last date is over now.")),
            speech.say(N_("Was it useful? What would help you? It takes one minute.")),
        ),
        facts=((speech.say(N_("What")), title),),
        button=(speech.say(N_("Answer the two questions")), url),
        footer=tuple(speech.say(sentence, **known) for sentence in footer),
    )
