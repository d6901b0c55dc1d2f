"""What people are told who signed up for many dates at once: one letter for all of them."""

from dataclasses import replace

from commune_hub.speech.catalogues import N_
from commune_hub.worker.mail.about_seats import Booking, letter_about
from commune_hub.worker.mail.letter import Letter


def many_dates(first: Booking, lines: tuple[tuple[str, str, str], ...], *, my_dates: str) -> Letter:
    """All dates with how it stands with each and its own link; `first` is the next one."""
    speech, known = first.speech, {"organiser": first.sender.name, "when": first.when, "dates": my_dates}
    letter = letter_about(
        first, N_("You have signed up"), N_("You have signed up"), N_("You have signed up"),
        [N_("Good that you are coming."), N_("You cannot come on a day? Open it here and tell us.")],
        button=(N_("See all my dates"), my_dates),
    )  # fmt: skip
    kept = [fact for fact in letter.facts if fact[0] != speech.say(N_("When"))]
    number = len(lines)
    return replace(
        letter,
        subject=speech.say_many("You have signed up for one date", "You have signed up for %(num)s dates", number),
        heading=speech.say_many("You have signed up for one date", "You have signed up for %(num)s dates", number),
        sms=speech.say_many(
            "%(organiser)s: You have signed up for one date, %(when)s. All your dates: %(dates)s",
            "%(organiser)s: You have signed up for %(num)s dates, the first is %(when)s. All your dates: %(dates)s",
            number, **known,
        ),
        facts=tuple(kept),
        links=lines,
    )  # fmt: skip
