"""The weekly offers: the same as a brute-force pass says, for every crowd; and who is told what."""

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.weekly import brute_force, world
from commune_hub.accounts.models import Person
from commune_hub.accounts.profile import keep_home
from commune_hub.base.outbox import Job
from commune_hub.contracts.actions import linking
from commune_hub.contracts.words import ConsentPurpose
from commune_hub.matching.weekly import NONE, Crowd, Offer, Wish, nearest
from commune_hub.places.geo import Point
from commune_hub.worker import offers
from commune_hub.worker.work import Task, Work
from tests.factories import NOW, a_person, a_signup, a_venue, an_activity
from tests.infrastructure.mail_server import MailServer
from tests.worker.conftest import mail, work  # noqa: F401 - fixtures

LB = Wish(frozenset({"lb"}), 0b000011)


def one_person(wish: Wish = LB) -> Crowd:
    return Crowd(np.array([49.5]), np.array([6.0]), np.array([0]), [wish])


@pytest.mark.parametrize("seed", range(5))
def test_the_answer_is_that_of_a_brute_force_pass(seed: int) -> None:
    crowd, new = world(seed, people=400, offers=60)

    assert np.array_equal(nearest(crowd, new), brute_force(crowd, new))


def test_the_nearest_three_that_fit_in_order_and_none_beyond_reach() -> None:
    def at(north: float, languages: str = "lb", levels: int = 0b000001) -> Offer:
        return Offer(49.5 + north, 6.0, frozenset(languages.split()), levels)

    new = [at(0.03), at(0.01), at(0.02, "fr"), at(0.02), at(0.02), at(0.005, levels=0b110000), at(0.2)]

    assert nearest(one_person(), new).tolist() == [[1, 3, 4]]
    assert nearest(one_person(), new[-1:]).tolist() == [[NONE, NONE, NONE]]
    assert nearest(one_person(), []).tolist() == [[NONE, NONE, NONE]]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_who_said_yes_and_has_a_home_gets_one_mail_with_three_offers_at_most(
    session: Session, work: Work, mail: MailServer  # noqa: F811
) -> None:
    def a_neighbour(name: str, *, agrees: bool, home: bool = True) -> Person:
        person = a_person(session, name=name, contact=f"{name}@example.lu", language="en")
        if home:
            keep_home(session, person=person, point=Point(49.51, 5.93), label="Belvaux")
        if agrees:
            purpose = ConsentPurpose.WEEKLY_OFFERS
            linking.agree(session, person=person, purpose=purpose, language="en", now=NOW)
        return person

    amina = a_neighbour("amina", agrees=True)
    for name, agrees, home in (("ben", False, True), ("carla", True, False)):
        a_neighbour(name, agrees=agrees, home=home)
    old = an_activity(session, venue=a_venue(session), now=NOW - timedelta(days=30))
    a_signup(session, old.meetings[-1].pool, person=amina)
    fresh = [an_activity(session, venue=a_venue(session), now=NOW - timedelta(days=1)) for _ in range(5)]
    german = an_activity(session, venue=a_venue(session), now=NOW, languages=("de",))
    session.commit()

    task = Task("weekly_offers", "k", {}, NOW, NOW)
    offers.weekly_offers(work, task)
    offers.weekly_offers(work, task)
    session.expire_all()
    [job] = session.scalars(select(Job).where(Job.kind == "offers_mail"))
    meetings = job.ids["meetings"].split(",")
    message = offers.offers_mail(session, work, Task("offers_mail", job.key, job.ids, NOW, NOW))

    named = {one.meetings[-1].activity.public_id for one in fresh}
    assert (job.ids["person"], len(meetings)) == (amina.public_id, 3)
    assert message is not None and message.letter.subject == "3 new offers near you"
    assert all(url.rsplit("/a/", 1)[1][:22] in named for _, _, url in message.letter.links)
    assert german.public_id not in str(message.letter.links)
    linking.take_back(session, person=amina, purpose=ConsentPurpose.WEEKLY_OFFERS, now=NOW)
    assert offers.offers_mail(session, work, Task("offers_mail", job.key, job.ids, NOW, NOW)) is None


def test_it_is_due_on_thursdays_at_five() -> None:
    assert offers.due_today(NOW) is None
    assert offers.due_today(NOW + timedelta(days=4)).isoformat() == "2026-11-26T17:00:00+01:00"  # type: ignore[union-attr]
