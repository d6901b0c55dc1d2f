"""Tell me: a search that is repeated for somebody, without an account; at most one mail a day, ended by one tap."""

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlencode

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.accounts import actions as accounts
from commune_hub.accounts import queries as people
from commune_hub.accounts.models import Contact, Person
from commune_hub.accounts.rules import Reach
from commune_hub.base import outbox
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import is_public_id
from commune_hub.base.words import LOCAL
from commune_hub.events.models import Meeting
from commune_hub.events.records import Alert
from commune_hub.events.words import AlertState
from commune_hub.matching import queries
from commune_hub.matching.search import Search, read
from commune_hub.matching.words import AlertRefusal, Order, When
from commune_hub.places import queries as places
from commune_hub.places.geo import Point

MEETINGS_IN_A_MAIL = 5
_UNANSWERED_A_DAY = 3
_AT_ONCE = 10
_UNANSWERED_KEPT = timedelta(days=7)
_ENDED_KEPT = timedelta(days=30)
_RUNS = (AlertState.ACTIVE, AlertState.PAUSED)


def ask(session: Session, *, reach: Reach, search: Search, language: str, now: datetime) -> Alert:
    """Repeat a search for whoever reads this mail address; nothing is sent before they have said yes there.

    The same search again is the same alert, asked about again at most once an hour. Raises Refused when there are
    too many, so that nobody can flood somebody else's mailbox.
    """
    wanted = remembered(search)
    person = _nameless_at(session, reach, language, now)
    person.language = language
    known = [alert for alert in _alerts_of(session, person) if alert.state != AlertState.ENDED]
    alert = next((one for one in known if one.search == wanted), None)
    if alert is None:
        unanswered = [one for one in known if one.state == AlertState.UNCONFIRMED and one.made_at > _day_before(now)]
        if len(unanswered) >= _UNANSWERED_A_DAY or len(known) >= _AT_ONCE:
            raise Refused(AlertRefusal.TOO_MANY)
        sealed = people.ring_of(session).seal(person.public_id, wanted)
        alert = Alert(person=person, search_sealed=sealed, state=AlertState.UNCONFIRMED, made_at=now,
                      seen_meeting_id=_newest(session))  # fmt: skip
        session.add(alert)
        session.flush()
    if alert.state == AlertState.UNCONFIRMED:
        key = f"alert_asked_mail:{alert.public_id}:{now:%Y%m%d%H}"
        outbox.enqueue(session, "alert_asked_mail", due_at=now, now=now, key=key, alert=alert.public_id)
    return alert


def change(session: Session, *, alert: Alert, state: AlertState, now: datetime) -> None:
    """Say yes, pause, go on, or end. What was ended stays so; what was new during a pause is not told afterwards."""
    if alert.state == AlertState.ENDED or state == AlertState.UNCONFIRMED:
        return
    if alert.state == AlertState.UNCONFIRMED and state == AlertState.PAUSED:
        return
    if alert.state == AlertState.PAUSED and state == AlertState.ACTIVE:
        alert.seen_meeting_id = _newest(session)
    alert.state = state


def tell_new(session: Session, *, alert_id: int, now: datetime) -> None:
    """Put a mail into the outbox when there is something new for an active alert; one a day for a person."""
    alert = session.get(Alert, alert_id, with_for_update=True, populate_existing=True)
    if alert is None or alert.state != AlertState.ACTIVE or is_paused(session, alert.person):
        return
    today = now.astimezone(LOCAL).date()
    sent = (one.last_sent_at for one in _alerts_of(session, alert.person))
    if any(moment is not None and moment.astimezone(LOCAL).date() == today for moment in sent):
        return
    newest = _newest(session)
    search = found_again(session, alert.search, alert.person.language)
    fresh = queries.new_since(session, search, seen=alert.seen_meeting_id, now=now)[:MEETINGS_IN_A_MAIL]
    alert.seen_meeting_id = max(newest, alert.seen_meeting_id)
    if not fresh:
        return
    alert.last_sent_at = now
    outbox.enqueue(
        session, "alert_mail", due_at=now, now=now, key=f"alert_mail:{alert.public_id}:{today}",
        alert=alert.public_id, meetings=",".join(row.meeting for row in fresh),
    )  # fmt: skip


def active_ids(session: Session) -> list[int]:
    """The alerts to look after today."""
    return list(session.scalars(select(Alert.id).where(Alert.state == AlertState.ACTIVE).order_by(Alert.id)))


def forget(session: Session, *, now: datetime) -> None:
    """Drop what nobody said yes to for a week, what was ended a month ago, and the addresses that came with it."""
    old = (Alert.state == AlertState.UNCONFIRMED) & (Alert.made_at < now - _UNANSWERED_KEPT)
    over = (Alert.state == AlertState.ENDED) & (func.coalesce(Alert.last_sent_at, Alert.made_at) < now - _ENDED_KEPT)
    owners = set(session.scalars(select(Alert.person_id).where(old | over)))
    session.execute(delete(Alert).where(old | over))
    kept = set(session.scalars(select(Alert.person_id).where(Alert.person_id.in_(owners))))
    session.execute(delete(Contact).where(Contact.person_id.in_(owners - kept)))


def alert_by_key(session: Session, link_key: str) -> Alert:
    """The alert behind the link in a mail. Raises NotFound."""
    return _one(session, Alert.link_key == link_key, link_key)


def alert_named(session: Session, public_id: str) -> Alert:
    """The alert with this public id. Raises NotFound."""
    return _one(session, Alert.public_id == public_id, public_id)


def _one(session: Session, condition: ColumnElement[bool], text: str) -> Alert:
    whole = joinedload(Alert.person).selectinload(Person.contacts)
    found = session.scalar(select(Alert).where(condition).options(whole)) if is_public_id(text) else None
    if found is None:
        raise NotFound("alert")
    return found


def remembered(search: Search) -> str:
    """A search as it is kept: without days, order and page, and a position to about a kilometre only."""
    at = search.at and Point(round(search.at.lat, 2), round(search.at.lon, 2))
    kept = replace(search, at=at, point=None, when=When.WEEK, order=Order.DISTANCE, page=1)
    return urlencode(kept.query())


def found_again(session: Session, kept: str, language: str) -> Search:
    """The search that was kept, with its place found."""
    search, _ = read(parse_qs(kept))
    if search.place:
        found = places.find_places(session, search.place, 1, language=language)
        search = search.found_at(found[0].point, search.place) if found else search
    return search


def is_paused(session: Session, person: Person) -> bool:
    """Whether somebody who reads this address wants no messages now, under whatever name."""
    hashes = [contact.value_hash for contact in person.contacts]
    question = select(Person.id).join(Contact).where(Contact.value_hash.in_(hashes))
    return session.scalar(question.where(Person.messages_paused_at.is_not(None)).limit(1)) is not None


def _nameless_at(session: Session, reach: Reach, language: str, now: datetime) -> Person:
    """Who asked for an alert gave no name: a person of their own beside the family that shares the address."""
    value_hash = people.contact_hash(session, reach)
    known = people.nameless_at(session, value_hash)
    return known or accounts.new_person(session, name="", language=language, now=now, reach=reach)


def _alerts_of(session: Session, person: Person) -> list[Alert]:
    question = select(Alert).where(Alert.person_id == person.id).options(selectinload(Alert.person))
    return list(session.scalars(question.order_by(Alert.id)))


def _newest(session: Session) -> int:
    return session.scalar(select(func.max(Meeting.id))) or 0


def _day_before(now: datetime) -> datetime:
    return now - timedelta(days=1)
