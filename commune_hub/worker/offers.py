"""The weekly mail: at most three new offers near home that fit, for those who said yes; one mail, ended by one tap."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from commune_hub.accounts.words import ContactKind
from commune_hub.base import outbox
from commune_hub.base.words import LOCAL
from commune_hub.contracts import queries as contracts
from commune_hub.contracts.words import ConsentPurpose
from commune_hub.events import queries, roll
from commune_hub.events.words import MeetingState
from commune_hub.matching import offers
from commune_hub.matching.weekly import NONE, nearest
from commune_hub.speech import dates, telling
from commune_hub.worker.mail import about_contracts
from commune_hub.worker.messages import Message, contact_for
from commune_hub.worker.work import Task, Work

WEEKDAY, HOUR = 3, 17  # Thursday, when people plan their weekend and the week after
_WEEK = timedelta(days=7)


def due_today(now: datetime) -> datetime | None:
    """When the weekly mail of this local day is due; None on the other days."""
    local = now.astimezone(LOCAL)
    return local.replace(hour=HOUR, minute=0, second=0, microsecond=0) if local.weekday() == WEEKDAY else None


def weekly_offers(work: Work, task: Task) -> None:
    """Reckon for everybody at once, then one job for each who has something new."""
    with work.store.reading() as session:
        new = offers.new_offers(session, since=task.now - _WEEK, now=task.now)
        wanting = contracts.people_agreeing(session, ConsentPurpose.WEEKLY_OFFERS)
        crowd, people = offers.crowd_of(session, wanting, task.now)
        found = nearest(crowd, new.offers)
        rows = [
            (person.public_id, ",".join(new.meetings[number] for number in numbers if number != NONE))
            for person, numbers in zip(people, found.tolist(), strict=True)
            if numbers[0] != NONE
        ]
    week = f"{task.now.astimezone(LOCAL).date():%G-%V}"
    for start in range(0, len(rows), 500):
        with work.store.writing() as session:
            for person, meetings in rows[start : start + 500]:
                outbox.enqueue(
                    session, "offers_mail", due_at=task.now, now=task.now, key=f"offers_mail:{person}:{week}",
                    person=person, meetings=meetings,
                )  # fmt: skip


def offers_mail(session: Session, work: Work, task: Task) -> Message | None:
    """What is new near home, if it is still true and still wanted."""
    person = roll.person_named(session, task.ids["person"])
    contact = contact_for(person) if person is not None else None
    if person is None or contact is None or person.messages_paused_at is not None:
        return None
    if contracts.consent_of(session, person.id, ConsentPurpose.WEEKLY_OFFERS) is None:
        return None
    meetings = queries.meetings_by_ids(session, task.ids["meetings"].split(","))
    coming = [one for one in meetings if one.state == MeetingState.PLANNED and one.starts_at > task.now]
    if not coming:
        return None
    speech = work.speech_in(person.language)
    links = tuple(
        (
            f"{telling.title_of(one.activity, speech)}, {dates.meeting_when(one, speech)}",
            telling.place_words(one.activity, one.venue, speech),
            work.url(f"/{speech.code}/a/{one.activity.public_id}?m={one.public_id}"),
        )
        for one in coming
    )
    letter = about_contracts.offers(person.name, links, speech, url=work.url(f"/{speech.code}/my/roadmap"))
    return Message(letter, ContactKind(contact.kind), contact.value)
