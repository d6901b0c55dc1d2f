"""What an officer wrote to the people of a meeting, in the frame of the reader's language."""

from dataclasses import replace

from commune_hub.events.records import GroupMessage
from commune_hub.speech.catalogues import N_
from commune_hub.speech.group import group_sms
from commune_hub.worker.mail.about_seats import Booking, letter_about
from commune_hub.worker.mail.letter import Letter


def from_the_organiser(booking: Booking, message: GroupMessage) -> Letter:
    """The officer's text stands there as it was written, marked with its own language."""
    letter = letter_about(
        booking, N_("A message about your date: %(when)s"), N_("A message from your organiser"), "%(organiser)s",
        [], unsubscribe=booking.no_reminders_url,
        footer=[N_("You want no reminders? You can say so on the page of your booking.")],
    )  # fmt: skip
    sms = group_sms(
        message.text, booking.speech, organiser=booking.sender.name, when=booking.when, url=booking.url
    )  # fmt: skip
    lines = tuple(line.strip() for line in message.text.split("\n") if line.strip())
    return replace(letter, sms=sms, quoted=lines, quoted_in=message.language)
