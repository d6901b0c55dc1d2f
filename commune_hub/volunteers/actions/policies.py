"""What an organisation does about volunteers without a valid qualification."""

from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.volunteers.models import VolunteerPolicy
from commune_hub.volunteers.words import Unqualified


def set_unqualified(session: Session, *, organisation: Organisation, unqualified: Unqualified) -> None:
    """Let them help, warn, or refuse."""
    policy = session.get(VolunteerPolicy, organisation.id)
    if policy is None:
        policy = VolunteerPolicy(organisation_id=organisation.id)
        session.add(policy)
    policy.unqualified = unqualified
    session.flush()
