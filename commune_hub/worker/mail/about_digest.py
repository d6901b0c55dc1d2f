"""The letter on Monday to a coordinator of ASTI: numbers and what needs a call. It names nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

from commune_hub.speech.catalogues import N_, Speech
from commune_hub.worker.mail.letter import Letter, Sender


@dataclass(frozen=True, slots=True)
class Digest:
    """How it stands with the pairs that one coordinator looks after: `calls` are reasons in words with their number."""

    waiting: int
    longest_days: int
    proposed: int
    together: int
    calls: Sequence[tuple[str, int]]
    stands_in: bool


def on_monday(name: str, digest: Digest, speech: Speech, *, url: str) -> Letter:
    """Monday's letter; the names stand on the page behind the button."""
    number = sum(count for _, count in digest.calls)
    heading = speech.say_many("One pair needs a call", "%(num)s pairs need a call", number) if number else ""
    facts = [
        (speech.say(N_("Learners who wait")), speech.number(digest.waiting)),
        (speech.say(N_("Longest wait")), speech.say_many("one day", "%(num)s days", digest.longest_days)),
        (speech.say(N_("Proposals without an answer")), speech.number(digest.proposed)),
        (speech.say(N_("Pairs that you look after")), speech.number(digest.together)),
        *((words, speech.number(count)) for words, count in digest.calls),
    ]
    paragraphs = [heading or speech.say(N_("Nobody needs a call now."))]
    if digest.stands_in:
        paragraphs.append(speech.say(N_("You stand in for a colleague: their pairs are counted in.")))
    return Letter(
        speech=speech,
        sender=Sender(),
        subject=speech.say(N_("Your pairs this week")),
        heading=speech.say(N_("Your pairs this week")),
        greeting=speech.say(N_("Hello %(name)s,"), name=name),
        paragraphs=tuple(paragraphs),
        facts=tuple(facts),
        button=(speech.say(N_("Open the list")), url),
        sms=speech.say(N_("Your pairs this week")),
    )
