"""What people are told about a request for a coach and about their pair. No letter holds anybody's contact data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from commune_hub.speech.catalogues import N_, Speech
from commune_hub.worker.mail.letter import Letter, Sender


@dataclass(frozen=True, slots=True)
class Told:
    """To whom, about whom (a first name), and the page behind the button."""

    speech: Speech
    name: str
    partner: str
    url: str
    facts: tuple[tuple[str, str], ...] = ()


def asked(told: Told) -> Letter:
    """Somebody has asked for a coach."""
    return _letter(
        told, N_("We look for a coach for you"), N_("We look for a coach for you. See or change your request: %(url)s"),
        [
            N_("Thank you for asking. ASTI looks for somebody near you who is free when you are."),
            N_("As soon as we have found somebody, we write to you. You need not do anything until then."),
        ],
        button=N_("See or change my request"),
    )  # fmt: skip


def proposed_to_learner(told: Told) -> Letter:
    """A coach was found."""
    return _letter(
        told, N_("We have found a coach for you"), N_("We have found a coach for you. Yes or no? %(url)s"),
        [
            N_("%(partner)s would like to practise with you. Here is what you need to know."),
            N_("Please say yes or no with the button. When both say yes, you see how to reach each other."),
        ],
        button=N_("Say yes or no"),
    )  # fmt: skip


def proposed_to_volunteer(told: Told) -> Letter:
    """A learner was found."""
    return _letter(
        told, N_("Somebody would like to practise with you"),
        N_("Somebody would like to practise with you. Yes or no? %(url)s"),
        [
            N_("%(partner)s would like to practise with you. Here is what you need to know."),
            N_("Please say yes or no with the button. When both say yes, you see how to reach each other."),
        ],
        button=N_("Say yes or no"),
    )  # fmt: skip


def reminder(told: Told) -> Letter:
    """A week without an answer."""
    return _letter(
        told, N_("Do you still want to say yes or no?"), N_("Your answer is still missing. Yes or no? %(url)s"),
        [
            N_("We wrote to you a week ago. %(partner)s would like to know."),
            N_("A no is fine, too. Without an answer we look for somebody else in a week."),
        ],
        button=N_("Say yes or no"),
    )  # fmt: skip


def not_made(told: Told, *, learner: bool) -> Letter:
    """A proposal is over, and nobody says why."""
    goes_on = (
        N_("We go on looking for you. You keep your place.")
        if learner
        else N_("Thank you for being ready. We write to you when somebody else asks.")
    )
    return _letter(
        told, N_("This time it did not work out"), N_("This time it did not work out. We go on looking. %(url)s"),
        [N_("The proposal is over. That happens, and nobody did anything wrong."), goes_on], button=N_("See the page"),
    )  # fmt: skip


def accepted(told: Told) -> Letter:
    """Both have said yes."""
    return _letter(
        told, N_("You are two now"), N_("Both have said yes. How to reach each other: %(url)s"),
        [
            N_("You and %(partner)s have both said yes."),
            N_("Your page says how to reach each other. We propose a place and a first date: change them freely."),
        ],
        button=N_("Open my page"),
    )  # fmt: skip


def date_proposed(told: Told, when: str) -> Letter:
    """One of the two proposes when to meet."""
    return _letter(
        told, N_("A date for your meeting"), N_("%(partner)s proposes: %(when)s. Does it suit you? %(url)s"),
        [N_("%(partner)s proposes to meet: %(when)s. Does it suit you?")], button=N_("Answer"), when=when,
    )  # fmt: skip


def called_off(told: Told, when: str) -> Letter:
    """A date does not take place."""
    return _letter(
        told, N_("The meeting does not take place"), N_("The meeting on %(when)s does not take place. %(url)s"),
        [N_("The meeting on %(when)s does not take place. Would you like to propose another date?")],
        button=N_("Propose a date"), when=when,
    )  # fmt: skip


def did_you_meet(told: Told, when: str) -> Letter:
    """The day after, to the coach: two taps."""
    return _letter(
        told, N_("Did you meet?"), N_("Did you meet %(partner)s (%(when)s)? Yes, 1 hour: %(url)s"),
        [
            N_("Did you meet %(partner)s? %(when)s"),
            N_("One tap here, one on the page. You can also say that it was longer, or that it did not take place."),
        ],
        button=N_("Yes, 1 hour"), when=when,
    )  # fmt: skip


def is_it_right(told: Told, when: str, hours: str) -> Letter:
    """To the learner: is what the coach wrote down right?"""
    return _letter(
        told, N_("Is this right?"), N_("%(partner)s wrote down: %(when)s, %(hours)s. Is it right? %(url)s"),
        [
            N_("%(partner)s wrote down that you met: %(when)s, %(hours)s."),
            N_("Please say with one tap whether this is right. Then the time counts as practice for you."),
        ],
        button=N_("Yes or no"), when=when, hours=hours,
    )  # fmt: skip


def message(told: Told, lines: Sequence[str]) -> Letter:
    """The partner has written."""
    letter = _letter(
        told, N_("A message for you"), N_("%(partner)s has written to you. Read and answer: %(url)s"),
        [N_("%(partner)s has written to you:")], button=N_("Answer"),
    )  # fmt: skip
    return replace(letter, quoted=tuple(lines))


def paused(told: Told) -> Letter:
    """The partner needs a pause."""
    return _letter(
        told, N_("A pause"), N_("%(partner)s takes a pause. We write when it goes on. %(url)s"),
        [N_("%(partner)s takes a pause. You need not do anything. We write to you when it goes on.")],
        button=N_("Open my page"),
    )  # fmt: skip


def goes_on(told: Told) -> Letter:
    """The pause is over."""
    return _letter(
        told, N_("It goes on"), N_("The pause is over. Propose a date to %(partner)s: %(url)s"),
        [N_("The pause is over. Would you like to propose a date to %(partner)s?")], button=N_("Propose a date"),
    )  # fmt: skip


def ended(told: Told, *, learner: bool) -> Letter:
    """The pair has ended; why, and what next?"""
    then = (
        N_("We look for another coach for you. You would rather like a table near you, or nothing? Say it on the page.")
        if learner
        else N_("Thank you for your time. Your page asks one short question, if you like.")
    )
    return _letter(
        told, N_("Your time as two has ended"), N_("Your time with %(partner)s has ended. One short question: %(url)s"),
        [N_("Your time with %(partner)s has ended. Nobody has to say why, and nobody is to blame."), then],
        button=N_("Open my page"),
    )  # fmt: skip


def _letter(told: Told, heading: str, sms: str, paragraphs: list[str], *, button: str, **values: str) -> Letter:
    """A subject is read over people's shoulders: it is the heading, and names nobody."""
    speech = told.speech
    known = {"partner": told.partner, "url": told.url.removeprefix("https://"), **values}
    return Letter(
        speech=speech,
        sender=Sender(),
        subject=speech.say(heading),
        heading=speech.say(heading),
        sms=speech.say(sms, **known),
        greeting=speech.say(N_("Hello %(name)s,"), name=told.name),
        paragraphs=tuple(speech.say(sentence, **known) for sentence in paragraphs),
        facts=told.facts,
        button=(speech.say(button), told.url),
        footer=(speech.say(N_("The link is for you alone. Please do not pass it on.")),),
    )
