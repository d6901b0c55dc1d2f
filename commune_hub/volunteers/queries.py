"""Questions about volunteers."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.accounts.queries import ring_of
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import is_public_id
from commune_hub.volunteers.models import Volunteer, VolunteerPolicy
from commune_hub.volunteers.words import Unqualified

WHOLE = (
    joinedload(Volunteer.person),
    selectinload(Volunteer.languages),
    selectinload(Volunteer.communes),
    selectinload(Volunteer.qualifications),
)


def volunteer_named(session: Session, public_id: str) -> Volunteer:
    """The volunteer with this public id, with all that a page shows. Raises NotFound."""
    question = select(Volunteer).where(Volunteer.public_id == public_id).options(*WHOLE)
    found = session.scalar(question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("volunteer")
    return found


def volunteers_of(session: Session, person_ids: Iterable[int]) -> list[Volunteer]:
    """The volunteers among these people (a family that shares a contact), names readable."""
    question = select(Volunteer).where(Volunteer.person_id.in_(list(person_ids))).options(*WHOLE)
    found = list(session.scalars(question.order_by(Volunteer.id)))
    ring_of(session).load(one.person.public_id for one in found)
    return found


def unqualified_in(session: Session, organisation_id: int | None) -> Unqualified:
    """What an organisation does about volunteers without a valid qualification; it warns where it has not said."""
    found = session.get(VolunteerPolicy, organisation_id) if organisation_id is not None else None
    return Unqualified(found.unqualified) if found else Unqualified.WARN
