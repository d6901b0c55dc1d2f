"""Learners for whom there is nobody: what is missing in the demo country, and where."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from commune_hub.demo.people import Neighbour
from commune_hub.volunteers.coaching.actions import requests
from commune_hub.volunteers.coaching.inputs import RequestWishes
from commune_hub.volunteers.coaching.words import RequestChannel

_TUESDAY_EVENING = 5
# Where, what, at which level, for how many, the language that the coach has to share.
_NOBODY_FOR = (
    ("Differdange", "lb", "6", 10, ""), ("Esch-sur-Alzette", "lb", "3", 8, "pt"), ("Wiltz", "fr", "3", 5, ""),
)  # fmt: skip


def fill(session: Session, *, people: Iterator[Neighbour], now: datetime) -> None:
    """Some of the people who have nothing to do with coaching yet."""
    for place, language, level, many, shared in _NOBODY_FOR:
        for number in range(many):
            form = {
                "language": language, "level": level, "place": place, "reach_km": "5", "slots": [_TUESDAY_EVENING],
                "languages": [shared or "en"], "must_share": "yes" if shared else "",
            }  # fmt: skip
            requests.ask(
                session, person=next(people).person, draft=RequestWishes.parse(form), channel=RequestChannel.WEB,
                now=now - timedelta(days=2 * number + 1),
            )  # fmt: skip
    session.flush()
