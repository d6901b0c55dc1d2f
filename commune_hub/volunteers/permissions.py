"""Who may see what of a volunteer: one table, and the predicates that pages and actions ask."""

from collections.abc import Collection
from enum import StrEnum

from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Permission
from commune_hub.base.errors import NotFound
from commune_hub.volunteers.words import HELPING, VolunteerState


class Reader(StrEnum):
    """Who looks at a volunteer."""

    ASTI = "asti"
    ORGANISER = "organiser"
    PARTNER = "partner"
    STRANGER = "stranger"


_ALL = frozenset(VolunteerState)
# In which states who sees phone number and mail address. An organiser is one that the volunteer works for; a partner is
# the learner of a pair that both accepted (pairs decide that). Nobody else ever does.
SEES_CONTACT: dict[Reader, frozenset[VolunteerState]] = {
    Reader.ASTI: _ALL,
    Reader.ORGANISER: HELPING | {VolunteerState.PAUSED},
    Reader.PARTNER: HELPING | {VolunteerState.PAUSED},
    Reader.STRANGER: frozenset(),
}
# In which states who finds them in a list, with name, languages, times and what qualifies them.
SEES_PROFILE: dict[Reader, frozenset[VolunteerState]] = {
    Reader.ASTI: _ALL,
    Reader.ORGANISER: _ALL - {VolunteerState.LEFT},
    Reader.PARTNER: frozenset(),
    Reader.STRANGER: frozenset(),
}


def reader(actor: Actor, works_for: Collection[int]) -> Reader:
    """Who this member of staff is to a volunteer who works for these organisations (database ids)."""
    if actor.may(Permission.LOOK_AFTER_VOLUNTEERS, None):
        return Reader.ASTI
    if any(actor.may(Permission.SEE_VOLUNTEERS, number) for number in works_for):
        return Reader.ORGANISER
    return Reader.STRANGER


def sees_contact(who: Reader, state: str) -> bool:
    """Whether phone number and mail address are shown."""
    return state in SEES_CONTACT[who]


def must_see(actor: Actor, state: str, works_for: Collection[int]) -> Reader:
    """Who looks; answers as if there were nobody to whoever may not see them."""
    who = reader(actor, works_for)
    if state not in SEES_PROFILE[who]:
        raise NotFound("volunteer")
    return who


def must_look_after(actor: Actor) -> None:
    """Only ASTI takes volunteers through their life, and keeps the materials."""
    if not actor.may(Permission.LOOK_AFTER_VOLUNTEERS, None):
        raise NotFound("volunteer")
