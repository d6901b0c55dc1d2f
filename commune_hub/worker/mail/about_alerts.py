"""What people are told who asked to be told: the question whether it was them, and what is new."""

from commune_hub.matching.search import Search
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.speech.searching import wish_words
from commune_hub.worker.mail.letter import Letter, Sender


def asked(search: Search, speech: Speech, *, url: str) -> Letter:
    """Somebody typed this address: was it its owner?"""
    return Letter(
        speech=speech,
        sender=Sender(),
        subject=speech.say(N_("Shall we tell you what is new?")),
        heading=speech.say(N_("Shall we tell you what is new?")),
        paragraphs=(
            speech.say(N_("You asked us to write to you when there is something new for this search.")),
            speech.say(N_("Please say yes with the button. Then you get one mail a day at most.")),
        ),
        facts=((speech.say(N_("Your search")), wish_words(search, speech)),),
        button=(speech.say(N_("Yes, tell me")), url),
        footer=(speech.say(N_("It was not you? Then you need not do anything. We do not write again.")),),
        sms=speech.say(N_("Shall we tell you what is new? %(url)s"), url=url),
    )


def new(
    search: Search, links: tuple[tuple[str, str, str], ...], speech: Speech, *, url: str, end_url: str
) -> Letter:
    """There is something new for a search; `links` are words, where, and address."""
    number = len(links)
    heading = speech.say_many("Something new for your search", "%(num)s new offers for your search", number)
    return Letter(
        speech=speech,
        sender=Sender(),
        subject=heading,
        heading=heading,
        facts=((speech.say(N_("Your search")), wish_words(search, speech)),),
        links=links,
        button=(speech.say(N_("Pause or end these mails")), url),
        footer=(speech.say(N_("You get this mail because you asked for it. One tap ends it.")),),
        sms=speech.say(N_("There is something new for your search: %(url)s"), url=url),
        unsubscribe=end_url,
    )
