"""The page of a pair behind the link of one of the two."""

from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from commune_hub.volunteers.coaching.models import CoachingPair, PairMeeting, PairMessage
from commune_hub.volunteers.coaching.words import PairMeetingState, PairState, RequestState, Side
from tests import factories

LEARNER, COACH = "amina.b@example.lu", "josee.k@example.lu"
NO = {"answer": "no", "reason": "not_a_fit", "why": "Hmm hmm"}


def a_pair(session: Session, *, together: bool = True, now: datetime = factories.NOW) -> CoachingPair:
    learner = factories.a_person(session, name="Amina Bouzid", contact=LEARNER)
    coach = factories.a_person(session, name="Josée Klein", contact=COACH)
    given = {
        "request": factories.a_coaching_request(session, person=learner, now=now, wishes="Call 621 123 456"),
        "volunteer": factories.a_volunteer(session, person=coach, charter_agreed_on=factories.NOW.date()),
    }
    made = factories.a_pair(session, now=now, **given) if together else factories.a_proposal(session, now=now, **given)
    session.commit()
    return made


def page_of(pair: CoachingPair, side: Side, more: str = "") -> str:
    return f"/en/p/{pair.side(side).link_key}{more}"


def state_of(store: Store) -> tuple[str, str]:
    with store.reading() as session:
        pair = session.scalars(select(CoachingPair).order_by(CoachingPair.id.desc())).first()
        assert pair is not None
        return pair.state, pair.request.state


def test_a_proposal_shows_what_one_needs_and_no_contact_data(client: FlaskClient, session: Session) -> None:
    pair = a_pair(session, together=False)

    to_coach, to_learner = (client.get(page_of(pair, side)).text for side in (Side.VOLUNTEER, Side.LEARNER))

    assert "Would you like to practise with Amina?" in to_coach and "less than 2 km away" in to_coach.lower()
    assert "Tuesday: evening" in to_coach and "Would you like to practise with Josée?" in to_learner
    told = to_coach + to_learner
    assert [secret for secret in ("Bouzid", "Klein", LEARNER, COACH, "621 123 456") if secret in told] == []


def test_a_look_changes_nothing_and_one_tap_answers(client: FlaskClient, session: Session, store: Store) -> None:
    pair = a_pair(session, together=False)

    client.get(page_of(pair, Side.LEARNER))
    looked = state_of(store)
    one = client.post(page_of(pair, Side.LEARNER, "/answer"), data={"answer": "yes"}, follow_redirects=True).text
    both = client.post(page_of(pair, Side.VOLUNTEER, "/answer"), data={"answer": "yes"}, follow_redirects=True).text

    assert looked == (PairState.PROPOSED, RequestState.PROPOSED)
    assert COACH not in one and "As soon as the other one has said yes" in one
    assert "Both have said yes." in both and LEARNER in both and "Amina Bouzid" in both
    assert state_of(store) == (PairState.ACCEPTED, RequestState.PAIRED)


def test_a_no_tells_no_reason_to_the_other(client: FlaskClient, session: Session, store: Store) -> None:
    pair = a_pair(session, together=False)

    client.post(page_of(pair, Side.VOLUNTEER, "/answer"), data=NO)
    page = client.get(page_of(pair, Side.LEARNER)).text

    assert state_of(store) == (PairState.ENDED, RequestState.WAITING)
    assert "This proposal is over" in page and "You keep your place." in page
    assert "right two" not in page and "Hmm hmm" not in page


def test_after_the_end_the_contacts_are_closed_again(client: FlaskClient, session: Session, store: Store) -> None:
    pair = a_pair(session)
    before = client.get(page_of(pair, Side.VOLUNTEER)).text

    form = {"reason": "no_time", "why": "A secret why"}
    client.post(page_of(pair, Side.VOLUNTEER, "/end"), data=form)
    pages = [client.get(page_of(pair, side)).text for side in Side]

    assert LEARNER in before
    assert state_of(store) == (PairState.ENDED, RequestState.WAITING)
    assert all(secret not in page for page in pages for secret in (LEARNER, COACH, "A secret why", "Bouzid", "Klein"))
    assert "We look for another coach for you." in pages[0]


def test_a_learner_who_ends_says_what_comes_next(client: FlaskClient, session: Session, store: Store) -> None:
    pair = a_pair(session)

    client.post(page_of(pair, Side.LEARNER, "/end"), data={"next_wish": "table"})
    first = state_of(store)
    client.post(page_of(pair, Side.LEARNER, "/end"), data={"next_wish": "new_pair"})

    assert [first, state_of(store)] == [
        (PairState.ENDED, RequestState.CLOSED), (PairState.ENDED, RequestState.WAITING),
    ]  # fmt: skip


def test_dates_are_proposed_agreed_to_and_called_off(
    client: FlaskClient, session: Session, store: Store, now: datetime
) -> None:
    pair = a_pair(session)
    on = (now + timedelta(days=2)).date()

    client.post(page_of(pair, Side.LEARNER, "/dates"), data={"on": on.isoformat(), "at": "18:00", "way": "public"})
    with store.reading() as reading:
        meeting = reading.scalars(select(PairMeeting).where(PairMeeting.proposed_by == "learner")).one()
    seen = client.get(page_of(pair, Side.VOLUNTEER)).text
    client.post(page_of(pair, Side.VOLUNTEER, f"/dates/{meeting.public_id}"), data={"answer": "yes"})
    client.post(page_of(pair, Side.LEARNER, f"/dates/{meeting.public_id}"), data={"answer": "no"})

    with store.reading() as reading:
        found = reading.get_one(PairMeeting, meeting.id)
    assert "Tue 24 Nov, 18:00" in seen and "That suits me" in seen
    assert (found.agreed_at, found.state) == (now, PairMeetingState.NOT_HELD)


def test_a_home_is_no_choice_unless_both_chose_it(client: FlaskClient, session: Session, now: datetime) -> None:
    pair = a_pair(session)
    form = {"on": (now + timedelta(days=2)).date().isoformat(), "at": "18:00", "way": "home"}

    page = client.get(page_of(pair, Side.LEARNER)).text
    answer = client.post(page_of(pair, Side.LEARNER, "/dates"), data=form, follow_redirects=True).text

    assert 'value="home"' not in page
    assert "You meet at a home only when both have chosen it." in answer


def test_the_coach_logs_the_learner_confirms_and_it_counts(
    client: FlaskClient, session: Session, store: Store, now: datetime
) -> None:
    pair = a_pair(session, now=now - timedelta(days=10))
    meeting = pair.meetings[0]
    assert meeting.starts_at < now

    log, confirm = f"/log/{meeting.public_id}", f"/confirm/{meeting.public_id}"
    before = client.get(page_of(pair, Side.VOLUNTEER, log)).text
    for _ in range(2):
        client.post(page_of(pair, Side.VOLUNTEER, log), data={"minutes": "90"})
    asked = client.get(page_of(pair, Side.LEARNER, confirm)).text
    client.post(page_of(pair, Side.LEARNER, confirm), data={"answer": "yes"})

    with store.reading() as reading:
        found = reading.get_one(PairMeeting, meeting.id)
        assert (found.state, found.minutes, found.pair.state) == (PairMeetingState.CONFIRMED, 90, PairState.MET)
    assert "Did you meet Amina?" in before and "1 h 30 min" in asked


def test_each_link_opens_its_own_side(client: FlaskClient, session: Session, store: Store, now: datetime) -> None:
    pair = a_pair(session, now=now - timedelta(days=10))
    meeting = pair.meetings[0].public_id
    other = factories.a_pair(session)
    session.commit()

    wrong = [
        client.get(page_of(pair, Side.LEARNER, f"/log/{meeting}")),
        client.post(page_of(pair, Side.LEARNER, f"/log/{meeting}"), data={"minutes": "60"}),
        client.get(page_of(pair, Side.VOLUNTEER, f"/confirm/{meeting}")),
        client.post(page_of(pair, Side.VOLUNTEER, f"/confirm/{meeting}"), data={"answer": "yes"}),
        client.post(page_of(other, Side.VOLUNTEER, f"/log/{meeting}"), data={"minutes": "60"}),
        client.get("/en/p/AAAAAAAAAAAAAAAAAAAAAA"),
    ]

    assert [answer.status_code for answer in wrong] == [404] * 6


def test_messages_pass_through_without_contact_data(client: FlaskClient, session: Session, store: Store) -> None:
    pair = a_pair(session, together=False)
    write = page_of(pair, Side.LEARNER, "/messages")

    refused = client.post(write, data={"text": "Call me: 621 12 34 56"}, follow_redirects=True).text
    for _ in range(2):
        client.post(write, data={"text": "Do you like gardens?"})
    client.post(write, data={"phrase": "hello"})
    seen = client.get(page_of(pair, Side.VOLUNTEER)).text

    assert "Please write no phone number, address or link." in refused
    with store.reading() as reading:
        assert len(reading.scalars(select(PairMessage)).all()) == 2
    assert "Do you like gardens?" in seen and "Hello! I am glad that we will meet." in seen
    # The ready sentence also stands there in the language that they practise.
    assert 'lang="lb"' in seen and "Moien! Ech freeë mech" in seen


def test_a_pause_keeps_its_reason_and_a_note_its_owner(client: FlaskClient, session: Session, store: Store) -> None:
    pair = a_pair(session)

    client.post(page_of(pair, Side.VOLUNTEER, "/note"), data={"note": "Likes gardens"})
    client.post(page_of(pair, Side.VOLUNTEER, "/pause"), data={"reason": "health"})
    paused = state_of(store)
    mine, theirs = (client.get(page_of(pair, side)).text for side in (Side.VOLUNTEER, Side.LEARNER))
    client.post(page_of(pair, Side.LEARNER, "/go-on"))

    assert (paused[0], state_of(store)[0]) == (PairState.PAUSED, PairState.ACCEPTED)
    assert "Likes gardens" in mine
    assert "Likes gardens" not in theirs and "You two pause." in theirs and "health" not in theirs


def test_help_is_asked_for_once(client: FlaskClient, session: Session, store: Store, now: datetime) -> None:
    pair = a_pair(session)

    for _ in range(2):
        client.post(page_of(pair, Side.LEARNER, "/help"))

    with store.reading() as reading:
        assert reading.get_one(CoachingPair, pair.id).help_asked_at == now
    assert "ASTI knows." in client.get(page_of(pair, Side.VOLUNTEER)).text


def test_whoever_was_erased_has_no_pair(client: FlaskClient, session: Session, now: datetime) -> None:
    pair = a_pair(session)
    pair.request.person.erased_at = now
    session.commit()

    assert client.get(page_of(pair, Side.VOLUNTEER)).status_code == 404
