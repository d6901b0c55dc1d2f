"""What somebody leaves behind in the middle is brought to an end first: seats go to the next, pairs and links end."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.contracts.actions import linking
from commune_hub.contracts.models import Consent, Inquiry, OutsideCertificate
from commune_hub.contracts.words import ConsentPurpose, OutsideState
from commune_hub.events.actions import seats
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.records import Certificate
from commune_hub.events.words import LIVE, CertificateState
from commune_hub.volunteers.actions import life
from commune_hub.volunteers.coaching.actions import endings, proposals, requests
from commune_hub.volunteers.coaching.inputs import WhyDraft
from commune_hub.volunteers.coaching.models import CoachingPair, CoachingRequest, PairSide
from commune_hub.volunteers.coaching.words import PairState, RequestState, Side
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.words import StepBy, VolunteerState


def leave(session: Session, *, person: Person, now: datetime) -> list[str]:
    """End it all; returns the owners of other keys than the person's that have to go as well."""
    for signup in seats_ahead(session, [person.id], now):
        seats.cancel(session, signup=signup, now=now)
    _leave_coaching(session, person, now)
    volunteer = session.scalar(select(Volunteer).where(Volunteer.person_id == person.id))
    if volunteer is not None and volunteer.state != VolunteerState.LEFT:
        life.step(session, volunteer=volunteer, becomes=VolunteerState.LEFT, by=StepBy.OWN, now=now)
    for purpose in session.scalars(
        select(Consent.purpose).where(Consent.person_id == person.id, Consent.taken_back_at.is_(None))
    ).all():
        linking.take_back(session, person=person, purpose=ConsentPurpose(purpose), now=now)
    # What waits for a click or a decision would wait for ever.
    session.execute(
        delete(OutsideCertificate).where(
            OutsideCertificate.person_id == person.id, OutsideCertificate.state == OutsideState.WAITING
        )
    )
    session.execute(
        delete(Certificate).where(Certificate.person_id == person.id, Certificate.state == CertificateState.PREPARED)
    )
    return list(session.scalars(select(Inquiry.public_id).where(Inquiry.person_id == person.id)))


def seats_ahead(session: Session, person_ids: list[int], now: datetime) -> list[Signup]:
    """The seats and places in a queue that these people have in something that is not over."""
    still_on = select(Meeting.pool_id).where(Meeting.ends_at > now)
    question = select(Signup).where(
        Signup.person_id.in_(person_ids), Signup.state.in_(LIVE), Signup.pool_id.in_(still_on)
    )
    return list(session.scalars(question.order_by(Signup.pool_id)))


def running_pairs(session: Session, person_ids: list[int]) -> list[PairSide]:
    """The sides of these people in pairs that go on."""
    question = (
        select(PairSide)
        .join(CoachingPair, CoachingPair.id == PairSide.pair_id)
        .where(PairSide.person_id.in_(person_ids), CoachingPair.state != PairState.ENDED)
    )
    return list(session.scalars(question.order_by(PairSide.pair_id)))


def _leave_coaching(session: Session, person: Person, now: datetime) -> None:
    for side in running_pairs(session, [person.id]):
        if side.pair.state == PairState.PROPOSED:
            proposals.take_back(session, pair=side.pair, now=now)
        else:
            endings.end(session, pair=side.pair, by=Side(side.side), draft=WhyDraft(), now=now)
    asked = select(CoachingRequest).where(
        CoachingRequest.person_id == person.id, CoachingRequest.state == RequestState.WAITING
    )
    for request in session.scalars(asked).all():
        requests.close(session, request=request, now=now)
