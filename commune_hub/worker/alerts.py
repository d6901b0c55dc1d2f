"""The jobs of "tell me": the question whether one wants it, and once a day what is new."""

from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.words import ContactKind
from commune_hub.events import queries
from commune_hub.events.words import AlertState, MeetingState
from commune_hub.matching import alerts
from commune_hub.speech import dates, telling
from commune_hub.worker.mail import about_alerts
from commune_hub.worker.mail.letter import Letter
from commune_hub.worker.messages import Message, contact_for
from commune_hub.worker.work import Task, Work


def alerts_daily(work: Work, task: Task) -> None:
    """Look for what is new, each alert in a transaction of its own."""
    with work.store.reading() as session:
        numbers = alerts.active_ids(session)
    for number in numbers:
        with work.store.writing() as session:
            alerts.tell_new(session, alert_id=number, now=task.now)


def asked_mail(session: Session, work: Work, task: Task) -> Message | None:
    """Shall we? Nothing when that was answered meanwhile."""
    alert = alerts.alert_named(session, task.ids["alert"])
    if alert.state != AlertState.UNCONFIRMED:
        return None
    speech = work.speech_in(alert.person.language)
    search = alerts.found_again(session, alert.search, speech.code)
    url = work.url(f"/{speech.code}/t/{alert.link_key}")
    return _to(session, alert.person, about_alerts.asked(search, speech, url=url))


def alert_mail(session: Session, work: Work, task: Task) -> Message | None:
    """What is new; dates that were cancelled since, and alerts that were paused or ended, are left out."""
    alert = alerts.alert_named(session, task.ids["alert"])
    meetings = queries.meetings_by_ids(session, task.ids["meetings"].split(","))
    coming = [one for one in meetings if one.state == MeetingState.PLANNED and one.starts_at > task.now]
    if alert.state != AlertState.ACTIVE or not coming:
        return None
    speech = work.speech_in(alert.person.language)
    search = alerts.found_again(session, alert.search, speech.code)
    links = tuple(
        (
            f"{telling.title_of(one.activity, speech)}, {dates.meeting_when(one, speech)}",
            telling.place_words(one.activity, one.venue, speech),
            work.url(f"/{speech.code}/a/{one.activity.public_id}?m={one.public_id}"),
        )
        for one in coming
    )
    letter = about_alerts.new(
        search, links, speech, url=work.url(f"/{speech.code}/t/{alert.link_key}"),
        end_url=work.url(f"/t/{alert.link_key}/end"),
    )  # fmt: skip
    return _to(session, alert.person, letter)


def _to(session: Session, person: Person, letter: Letter) -> Message | None:
    contact = contact_for(person)
    if contact is None or alerts.is_paused(session, contact.person):
        return None
    return Message(letter, ContactKind(contact.kind), contact.value)
