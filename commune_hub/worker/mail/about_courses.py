"""What people are told about courses made of modules and about orientation days."""

from dataclasses import dataclass

from commune_hub.speech.catalogues import N_, Speech
from commune_hub.worker.mail.about_seats import Booking, letter_about
from commune_hub.worker.mail.letter import Letter, Sender


def confirmed(booking: Booking) -> Letter:
    """The course takes place, and the person has a seat: the confirmation shortly before the start (CIV-9)."""
    return letter_about(
        booking, N_("It takes place, you have a seat: %(when)s"), N_("The course takes place. You have a seat."),
        N_("%(organiser)s: The course takes place, you have a seat. %(when)s, %(place)s. You cannot come? %(url)s"),
        [
            N_("Enough people have enrolled, so the course takes place."),
            N_("Please come to all the dates: only then you get the certificate."),
            N_("You cannot come? Please tell us with the button, then somebody else gets your seat."),
        ],
        holds_seat=True,
    )  # fmt: skip


def confirmed_without_you(booking: Booking, position: int) -> Letter:
    """The course takes place, but all seats went to others."""
    return letter_about(
        booking, N_("You are on the waiting list: %(when)s"),
        N_("The course takes place. You are on the waiting list."),
        N_("%(organiser)s: The course takes place. You are number %(number)s on the waiting list. %(when)s. %(url)s"),
        [
            N_("More people have enrolled than there are seats. People with an integration contract come first."),
            N_("You are number %(number)s on the waiting list. We write to you as soon as a seat is free."),
        ],
        number=booking.speech.number(position),
    )  # fmt: skip


def postponed(booking: Booking) -> Letter:
    """The course is held later; everybody is asked to keep the place or to give it back (RGD art. 15(2))."""
    return letter_about(
        booking, N_("Postponed, new date: %(when)s"), N_("The course is postponed"),
        N_("%(organiser)s: The course is postponed to %(when)s, %(place)s. Do you keep your place? %(url)s"),
        [
            N_("The course takes place later. Please look at the new dates."),
            N_("Can you come then? Please say with the button whether you keep your place or give it back."),
            N_("Without an answer you keep your place."),
        ],
        button=(N_("Keep or give back my place"), booking.url),
    )  # fmt: skip


def module_replaced(booking: Booking, *, holds_seat: bool) -> Letter:
    """A date that was cancelled is held on another day."""
    stays = N_("You keep your seat.") if holds_seat else N_("You keep your place on the waiting list.")
    return letter_about(
        booking, N_("New date for the cancelled one: %(when)s"), N_("There is a new date for the cancelled one"),
        N_("%(organiser)s: New date for the cancelled one: %(when)s, %(place)s. You cannot come? %(url)s"),
        [N_("The cancelled date of your course takes place on another day."), stays],
        holds_seat=holds_seat,
    )  # fmt: skip


def invitation(
    name: str, facts: tuple[tuple[str, str], ...], when: str, sender: Sender, speech: Speech, *, url: str
) -> Letter:
    """A personal invitation to an orientation day; the subject names no contract."""
    known = {"organiser": sender.name, "when": when, "url": url.removeprefix("https://"), "phone": sender.phone}
    closing = N_("Questions? Call %(phone)s. %(organiser)s") if sender.phone else N_("Your organiser: %(organiser)s")
    return Letter(
        speech=speech,
        sender=sender,
        subject=speech.say(N_("Your invitation: %(when)s"), **known),
        heading=speech.say(N_("You are invited")),
        greeting=speech.say(N_("Hello %(name)s,"), name=name),
        paragraphs=(
            speech.say(N_("You are invited to the orientation day. It is free of charge.")),
            speech.say(N_("You meet public services and associations, and people who speak many languages.")),
            speech.say(N_("Please say with the button whether you come. The link is for you alone.")),
        ),
        facts=facts,
        button=(speech.say(N_("Say yes or no")), url),
        footer=(speech.say(closing, **known),),
        sms=speech.say(N_("%(organiser)s: You are invited, %(when)s. Do you come? %(url)s"), **known),
    )


@dataclass(frozen=True, slots=True)
class RoomOffered:
    """A room that a commune offered for a civic course: when, who takes it or why nobody does."""

    room: str
    times: tuple[str, ...]
    taken_by: str
    reason: str
    url: str


def offer_taken(told: RoomOffered, speech: Speech) -> Letter:
    """To the commune: a provider takes the room."""
    return _about_a_room(
        told, speech, N_("Your room is taken for a civic course"), N_("%(name)s takes the room that you offered."),
        N_("You offer the course together: you can announce it, too."),
    )  # fmt: skip


def offer_refused(told: RoomOffered, speech: Speech) -> Letter:
    """To the commune: the room is not wanted, with the reason in the words of whoever said no."""
    return _about_a_room(
        told, speech, N_("Your room is not needed for a civic course"),
        N_("Thank you for the offer. Here is the reason why the room is not taken:"),
    )  # fmt: skip


def _about_a_room(told: RoomOffered, speech: Speech, heading: str, *paragraphs: str) -> Letter:
    return Letter(
        speech=speech,
        sender=Sender(),
        subject=speech.say(heading),
        heading=speech.say(heading),
        paragraphs=tuple(speech.say(one, name=told.taken_by) for one in paragraphs),
        quoted=(told.reason,) if told.reason else (),
        facts=((speech.say(N_("Where")), told.room), *((speech.say(N_("When")), time) for time in told.times)),
        button=(speech.say(N_("See what you offer")), told.url),
        sms=speech.say(heading),
    )
