"""What an officer wrote to a group, as it stands in a text message."""

from datetime import datetime

from commune_hub.base.words import LOCAL
from commune_hub.speech.catalogues import N_, Speech


def when_words(moment: datetime, speech: Speech) -> str:
    """Tue 24 Nov, 18:30"""
    local = moment.astimezone(LOCAL)
    return speech.say(N_("%(days)s, %(times)s"), days=speech.day(local.date()), times=speech.clock(local))


def group_sms(text: str, speech: Speech, *, organiser: str, when: str, url: str) -> str:
    """The whole text message: who writes and about which date, the officer's text on one line, the booking."""
    one_line = " ".join(text.split())
    return speech.say(
        N_("%(organiser)s, %(when)s: %(text)s %(url)s"),
        organiser=organiser,
        when=when,
        text=one_line,
        url=url.removeprefix("https://"),
    )
