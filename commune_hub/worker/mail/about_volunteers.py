"""What volunteers are told, and organisers about their hosts: one short letter each."""

from commune_hub.speech.catalogues import N_, Speech
from commune_hub.worker.mail.letter import Letter, Sender

Facts = tuple[tuple[str, str], ...]


def _letter(
    speech: Speech,
    sender: Sender,
    *,
    subject: str,
    sentences: list[str],
    sms: str,
    url: str,
    button: str,
    name: str = "",
    facts: Facts = (),
    quoted: tuple[str, ...] = (),
    **values: object,
) -> Letter:
    heading = speech.say(subject)
    values |= {"organiser": sender.name, "url": url.split("://")[-1]}
    return Letter(
        speech=speech, sender=sender, subject=heading, heading=heading, sms=speech.say(sms, **values),
        greeting=speech.say(N_("Hello %(name)s,"), name=name) if name else "",
        paragraphs=tuple(speech.say(sentence, **values) for sentence in sentences), quoted=quoted, facts=facts,
        button=(speech.say(button), url),
        footer=(speech.say(N_("You want no messages? You can say so in your profile.")),) if name else (),
    )  # fmt: skip


def announced(name: str, speech: Speech, *, training: str, url: str) -> Letter:
    """Thank you; somebody calls, and what one can do until then."""
    more = [N_("The next training: %(training)s.")] if training else []
    return _letter(
        speech, Sender(), name=name, url=url, training=training, button=N_("Sign in and tell more"),
        subject=N_("Thank you for wanting to help"),
        sentences=[
            N_("Thank you! Somebody from ASTI calls you and talks with you."), *more,
            N_("Until then you can say when you are free, and what you like to do."),
        ],
        sms=N_("Thank you for wanting to help! We call you. %(url)s"),
    )  # fmt: skip


def assigned(name: str, sender: Sender, speech: Speech, *, facts: Facts, url: str) -> Letter:
    """These meetings are yours to look after."""
    return _letter(
        speech, sender, name=name, url=url, facts=facts, button=N_("Open my meetings"),
        subject=N_("You look after these dates"),
        sentences=[N_("%(organiser)s counts on you. You cannot come to one of them? One tap is enough.")],
        sms=N_("%(organiser)s: you look after new dates. %(url)s"),
    )  # fmt: skip


def asked_to_stand_in(name: str, sender: Sender, speech: Speech, *, facts: Facts, when: str, url: str) -> Letter:
    """A host near by cannot come; could you?"""
    return _letter(
        speech, sender, name=name, url=url, facts=facts, when=when, button=N_("Answer with one tap"),
        subject=N_("Could you look after a table?"),
        sentences=[
            N_("A volunteer near you cannot come. Could you?"), N_("Others were asked too: the first yes counts."),
        ],
        sms=N_("%(organiser)s: could you look after the table on %(when)s? %(url)s"),
    )  # fmt: skip


def stand_in_found(name: str, sender: Sender, speech: Speech, *, facts: Facts, who: str, url: str) -> Letter:
    """Somebody else comes: to the host who cannot."""
    return _letter(
        speech, sender, name=name, url=url, facts=facts, who=who, button=N_("Open my meetings"),
        subject=N_("Somebody takes over from you"),
        sentences=[N_("%(who)s looks after the table instead of you. You have nothing more to do.")],
        sms=N_("%(organiser)s: somebody takes over from you. %(url)s"),
    )  # fmt: skip


def qualification_ends(name: str, speech: Speech, *, until: str, training: str, url: str) -> Letter:
    """The training is valid until a day; an exchange day prolongs it."""
    more = [N_("The next one: %(training)s.")] if training else []
    return _letter(
        speech, Sender(), name=name, url=url, until=until, training=training,
        button=N_("See trainings and exchange days"),
        subject=N_("Your training runs out soon"),
        sentences=[
            N_("Your training is valid until %(until)s. One exchange day is enough to prolong it."), *more,
        ],
        sms=N_("Your training as a volunteer is valid until %(until)s. An exchange day prolongs it: %(url)s"),
    )  # fmt: skip


def from_asti(name: str, sender: Sender, speech: Speech, *, text: str, url: str) -> Letter:
    """What ASTI wrote to some volunteers, as it was written."""
    lines = tuple(line.strip() for line in text.split("\n") if line.strip())
    return _letter(
        speech, sender, name=name, url=url, quoted=lines, button=N_("Open my page"),
        subject=N_("A message from ASTI"), sentences=[],
        sms=N_("A message from ASTI for you: %(url)s"),
    )  # fmt: skip


def host_cannot(sender: Sender, speech: Speech, *, who: str, asked: int, facts: Facts, url: str) -> Letter:
    """To the organiser: a host cannot come, and how many others were asked."""
    told = N_("We have asked other volunteers near by: %(asked)s.") if asked else N_("We found nobody near by to ask.")
    return _letter(
        speech, sender, url=url, facts=facts, who=who, asked=speech.number(asked), button=N_("Open the meeting"),
        subject=N_("A host cannot come"), sentences=[N_("%(who)s cannot come."), told],
        sms=N_("A host cannot come: %(url)s"),
    )  # fmt: skip


def host_found(sender: Sender, speech: Speech, *, who: str, facts: Facts, url: str) -> Letter:
    """To the organiser: somebody stands in."""
    return _letter(
        speech, sender, url=url, facts=facts, who=who, button=N_("Open the meeting"),
        subject=N_("A stand-in was found"), sentences=[N_("%(who)s looks after the table.")],
        sms=N_("A stand-in was found: %(url)s"),
    )  # fmt: skip
