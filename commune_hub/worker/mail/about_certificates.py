"""What people are told about their certificates: it is there, it is no longer valid."""

from commune_hub.events.certificate_documents import Statement
from commune_hub.speech import attesting
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.worker.mail.letter import Letter, Sender


def issued(said: Statement, sender: Sender, speech: Speech, *, url: str, replaces: bool) -> Letter:
    """A certificate is ready; the file itself waits behind the sign-in, because families share addresses."""
    paragraphs = [N_("You were there. Now you have it in writing."), N_("You can look at it, save it and print it.")]
    if replaces:
        paragraphs.append(N_("It takes the place of the one that you had. That one is no longer valid."))
    return _letter(
        said, sender, speech, url,
        subject=N_("Your certificate is ready"),
        sms=N_("%(organiser)s: Your certificate is ready. %(url)s"),
        paragraphs=paragraphs,
    )  # fmt: skip


def void(said: Statement, sender: Sender, speech: Speech, *, url: str, reason: str | None, note: str) -> Letter:
    """A certificate no longer holds; why, and what comes next."""
    more = [note] if note else []
    return _letter(
        said, sender, speech, url,
        subject=N_("A certificate is no longer valid"),
        sms=N_("%(organiser)s: A certificate of yours is no longer valid. %(url)s"),
        paragraphs=[N_("Please do not use this certificate any more."), N_("Reason: %(why)s")],
        why=attesting.void_words(reason, speech), own_words=more,
    )  # fmt: skip


def _letter(
    said: Statement,
    sender: Sender,
    speech: Speech,
    url: str,
    *,
    subject: str,
    sms: str,
    paragraphs: list[str],
    why: str = "",
    own_words: list[str] | None = None,
) -> Letter:
    known = {"organiser": sender.name, "phone": sender.phone, "url": url.removeprefix("https://"), "why": why}
    hours = attesting.attended_words(said.minutes, said.of_minutes, said.attended, said.held, speech)
    closing = N_("Questions? Call %(phone)s. %(organiser)s") if sender.phone else N_("Your organiser: %(organiser)s")
    return Letter(
        speech=speech,
        sender=sender,
        subject=speech.say(subject),
        heading=speech.say(subject),
        sms=speech.say(sms, **known),
        greeting=speech.say(N_("Hello %(name)s,"), name=said.name),
        paragraphs=(*(speech.say(sentence, **known) for sentence in paragraphs), *(own_words or ())),
        facts=(
            (speech.say(N_("What")), attesting.title_words(said, speech)),
            (speech.say(N_("When")), attesting.period_words(said.days, speech)),
            (speech.say(N_("Attended")), hours),
        ),
        button=(speech.say(N_("See my papers")), url),
        footer=(speech.say(closing, **known),),
    )
