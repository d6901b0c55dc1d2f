"""What a scheme makes of an activity and of a link: what attendance counts as, whether somebody comes first."""

from datetime import date

from commune_hub.contracts.models import ContractLink
from commune_hub.contracts.words import CountsAs
from commune_hub.events.models import Activity
from commune_hub.events.records import Course
from commune_hub.events.rules import KINDS
from commune_hub.events.words import ActivityKind
from commune_hub.schemes import rules as law
from commune_hub.schemes.loading import profile_for, profile_named
from commune_hub.schemes.profile import Profile
from commune_hub.schemes.words import ContractState

RUNNING = frozenset({ContractState.SIGNED, ContractState.IN_FORCE})


def profile_of(link: ContractLink) -> Profile | None:
    """The rules of a link's scheme; None for one that we have no file of, which then shows what the record says."""
    return profile_called(link.scheme, link.signed_on)


def profile_called(scheme: str, on: date | None) -> Profile | None:
    """The scheme with this id, or the version of it that was open on a day."""
    try:
        return profile_named(scheme)
    except KeyError:
        return profile_for(scheme, on) if on else None


def counts_as(profile: Profile | None, activity: Activity, course: Course | None) -> CountsAs | None:
    """What attendance at this activity is told to the record as: an obligation, practice, or nothing (None).

    A convention counts when the authority has confirmed it; a course that claims one which is not confirmed is told to
    nobody before it is (K18). What volunteers do for their own training is theirs.
    """
    kind = ActivityKind(activity.kind)
    if profile is None or KINDS[kind].for_volunteers:
        return None
    claims = bool(activity.convention_reference.strip())
    confirmed = claims and course is not None and course.confirmed_reference == activity.convention_reference
    found = law.counts_as(profile, kind, has_convention=confirmed)
    if found is not None:
        return CountsAs(found)
    waits = law.counts_as(profile, kind, has_convention=True) is not None
    return None if waits and claims else CountsAs.PRACTICE


def comes_first(link: ContractLink) -> bool:
    """Whether a link gives priority: a contract or membership that runs, in a scheme that has priority at all."""
    profile = profile_of(link)
    return profile is not None and bool(profile.rights.first_in_line) and link.state in RUNNING
