"""Tell me: asked once, told once, never to somebody who did not say yes or paused."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Contact, Person
from commune_hub.accounts.queries import contact_hash, people_at
from commune_hub.accounts.rules import Reach
from commune_hub.accounts.words import ContactKind
from commune_hub.base.errors import Refused
from commune_hub.base.outbox import Job
from commune_hub.events.models import Activity
from commune_hub.events.records import Alert
from commune_hub.events.words import AlertState
from commune_hub.matching import alerts
from commune_hub.matching.search import Search
from commune_hub.matching.words import AlertRefusal
from commune_hub.places.geo import Point
from tests.factories import a_person, an_activity

AMINA = Reach(ContactKind.MAIL, "amina@example.lu")
BELVAUX = Search(language="lb", place="Belvaux")


def asked(session: Session, now: datetime, search: Search = BELVAUX) -> Alert:
    return alerts.ask(session, reach=AMINA, search=search, language="en", now=now)


def an_alert(session: Session, now: datetime, search: Search = BELVAUX) -> Alert:
    alert = asked(session, now, search)
    alerts.change(session, alert=alert, state=AlertState.ACTIVE, now=now)
    return alert


def told(session: Session, now: datetime) -> list[list[str]]:
    """The meetings named in the mails, after the job of a day."""
    for number in alerts.active_ids(session):
        alerts.tell_new(session, alert_id=number, now=now)
    jobs = session.scalars(select(Job).where(Job.kind == "alert_mail").order_by(Job.id))
    return [job.ids["meetings"].split(",") for job in jobs]


def next_of(activity: Activity, now: datetime) -> str:
    return min((m for m in activity.meetings if m.starts_at > now), key=lambda m: m.starts_at).public_id


def test_what_is_new_is_told_once_and_what_was_there_never(session: Session, now: datetime) -> None:
    an_activity(session)
    an_alert(session, now)
    new = an_activity(session)
    an_activity(session, languages=("fr",))

    first = told(session, now)
    again = told(session, now + timedelta(days=1))

    assert (first, again) == ([[next_of(new, now)]], [[next_of(new, now)]])


def test_five_at_most_and_one_mail_a_day(session: Session, now: datetime) -> None:
    an_alert(session, now)
    an_alert(session, now, Search(language="lb"))
    for _ in range(6):
        an_activity(session)

    today = told(session, now)
    later = told(session, now + timedelta(hours=3))
    tomorrow = told(session, now + timedelta(days=1))

    assert [list(map(len, mails)) for mails in (today, later, tomorrow)] == [[5], [5], [5, 5]]


@pytest.mark.parametrize("state", [AlertState.PAUSED, AlertState.ENDED])
def test_nothing_is_told_after_pause_or_end(session: Session, now: datetime, state: AlertState) -> None:
    asked(session, now, Search(language="fr"))
    alert = an_alert(session, now)
    alerts.change(session, alert=alert, state=state, now=now)
    an_activity(session)
    an_activity(session, languages=("fr",))

    assert told(session, now) == []


def test_who_paused_all_messages_is_told_nothing_under_another_name_either(session: Session, now: datetime) -> None:
    a_person(session, contact=AMINA.value).messages_paused_at = now
    an_alert(session, now)
    an_activity(session)

    assert told(session, now) == []


def test_the_same_search_is_the_same_alert_and_asks_once_an_hour(session: Session, now: datetime) -> None:
    first, second = asked(session, now), asked(session, now + timedelta(minutes=5))
    asked(session, now + timedelta(hours=2))

    assert first.id == second.id
    assert len(session.scalars(select(Job).where(Job.kind == "alert_asked_mail")).all()) == 2


def test_nobody_floods_the_mailbox_of_somebody_else(session: Session, now: datetime) -> None:
    for language in ("lb", "fr", "de"):
        asked(session, now, Search(language=language))

    with pytest.raises(Refused) as refused:
        asked(session, now, Search(language="pt"))

    assert refused.value.reason == AlertRefusal.TOO_MANY


def test_a_position_is_kept_to_a_kilometre_and_sealed(session: Session, now: datetime) -> None:
    home = Point(49.512, 5.927)

    alert = asked(session, now, Search(language="lb", at=home, point=home))

    assert alert.search == "l=lb&at=49.510%2C5.930"
    assert b"49.51" not in alert.search_sealed


def test_what_nobody_said_yes_to_is_forgotten_with_its_address(session: Session, now: datetime) -> None:
    asked(session, now)

    alerts.forget(session, now=now + timedelta(days=8))

    assert (session.scalars(select(Alert)).all(), session.scalars(select(Contact)).all()) == ([], [])


def test_whoever_asked_without_a_name_is_no_member_of_the_family(session: Session, now: datetime) -> None:
    known = a_person(session, contact=AMINA.value)
    an_alert(session, now)

    assert people_at(session, contact_hash(session, AMINA)) == [known]
    assert len(session.scalars(select(Person)).all()) == 2


def test_a_season_that_begins_later_is_told_too(session: Session, now: datetime) -> None:
    an_alert(session, now)
    new = an_activity(session, first_on=date(2027, 1, 12), last_on=date(2027, 3, 30))

    assert told(session, now) == [[next_of(new, now)]]
