"""Who may do what with activities, meetings and venues."""

from dataclasses import dataclass

from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Permission, Role
from commune_hub.base.errors import NotFound
from commune_hub.events.certification import ISSUED_BY
from commune_hub.events.models import Activity, Meeting, Venue
from commune_hub.events.words import ActivityKind, ActivityState, IssuedBy

# Who releases, voids and issues again. The State's kinds only by the State, the provider's only by its own people.
RELEASERS: dict[IssuedBy, frozenset[Role]] = {
    IssuedBy.ORGANISER: frozenset({Role.OFFICER, Role.COORDINATOR, Role.ASTI}),
    IssuedBy.PROVIDER: frozenset({Role.OFFICER, Role.COORDINATOR}),
    IssuedBy.ADULT_EDUCATION: frozenset({Role.NATIONAL_OFFICER, Role.DIRECTOR}),
    IssuedBy.AUTHORITY: frozenset({Role.NATIONAL_OFFICER, Role.DIRECTOR}),
}
OF_THE_STATE = frozenset({IssuedBy.ADULT_EDUCATION, IssuedBy.AUTHORITY})


@dataclass(frozen=True, slots=True)
class Host:
    """Somebody without an account who looks after these meetings (database ids); volunteers/ says which they are."""

    person_id: int
    public_id: str
    meeting_ids: frozenset[int]

    @property
    def account_id(self) -> None:
        """None: what is kept by account says nothing about them."""
        return None


# Whoever notes who is there: staff with the permission, or the host of that very meeting.
Noter = Actor | Host


def can_edit(actor: Actor, activity: Activity) -> bool:
    """Whether this person may change the activity: staff of its organiser, or of a co-organiser."""
    return _may(actor, Permission.PUBLISH, activity)


def must_edit(actor: Actor, activity: Activity) -> None:
    """Answer as if there were nothing to whoever may not change the activity."""
    if not can_edit(actor, activity):
        raise NotFound("activity")


def must_see_signups(actor: Actor, activity: Activity) -> None:
    """Answer as if there were nothing to whoever may not see who comes."""
    if not _may(actor, Permission.SEE_SIGNUPS, activity):
        raise NotFound("meeting")


def must_sign_up_others(actor: Actor, activity: Activity) -> None:
    """Answer as if there were nothing to whoever may not give and take seats for others."""
    if not _may(actor, Permission.SIGN_UP_OTHERS, activity):
        raise NotFound("meeting")


def must_take_attendance(who: Noter, meeting: Meeting) -> None:
    """Answer as if there were nothing to whoever may not note who is there."""
    if not _runs(who, Permission.TAKE_ATTENDANCE, meeting):
        raise NotFound("meeting")


def must_write_to(who: Noter, meeting: Meeting) -> None:
    """Answer as if there were nothing to whoever may not write to the people of a meeting."""
    if not _runs(who, Permission.SEE_SIGNUPS, meeting):
        raise NotFound("meeting")


def can_correct_late(who: Noter, activity: Activity) -> bool:
    """Whether this person may correct attendance after the day on which it is locked."""
    return isinstance(who, Actor) and _may(who, Permission.CORRECT_LATE, activity)


def must_edit_venue(actor: Actor, venue: Venue) -> None:
    """Answer as if there were nothing to whoever may not change the venue."""
    if not actor.may(Permission.EDIT_VENUES, venue.organisation_id):
        raise NotFound("venue")


def can_release(actor: Actor, activity: Activity) -> bool:
    """Whether this person certifies attendance at the activity (RGD art. 10, 16, 20)."""
    by = ISSUED_BY[ActivityKind(activity.kind)]
    return any(
        role in RELEASERS[by] and (by in OF_THE_STATE or held_in in (None, activity.organisation_id))
        for role, held_in in actor.roles
    )


def kinds_released_everywhere(actor: Actor) -> frozenset[ActivityKind]:
    """The kinds that this person certifies whoever organises them: those of the State, for the State's people."""
    return frozenset(
        kind
        for kind, by in ISSUED_BY.items()
        if by in OF_THE_STATE and any(role in RELEASERS[by] for role, _ in actor.roles)
    )


def must_release(actor: Actor, activity: Activity) -> None:
    """Answer as if there were nothing to whoever may not certify attendance."""
    if not can_release(actor, activity):
        raise NotFound("activity")


def must_see_certificates(actor: Actor, activity: Activity) -> None:
    """Answer as if there were nothing to whoever neither certifies nor runs the activity."""
    if not can_release(actor, activity) and not _may(actor, Permission.SEE_SIGNUPS, activity):
        raise NotFound("activity")


def must_see_course(actor: Actor, activity: Activity) -> None:
    """Answer as if there were nothing to whoever neither runs the course nor is the authority; drafts are its own."""
    national = actor.may(Permission.CONFIRM_CONVENTIONS, None) and activity.state != ActivityState.DRAFT
    if not national and not _may(actor, Permission.SEE_COURSES, activity):
        raise NotFound("activity")


def must_confirm_conventions(actor: Actor) -> None:
    """Only the authority confirms a convention."""
    if not actor.may(Permission.CONFIRM_CONVENTIONS, None):
        raise NotFound("activity")


def must_invite_signatories(actor: Actor) -> None:
    """Only the authority invites to an orientation day (ORI-4)."""
    if not actor.may(Permission.INVITE_SIGNATORIES, None):
        raise NotFound("activity")


def _runs(who: Noter, permission: Permission, meeting: Meeting) -> bool:
    if isinstance(who, Host):
        return meeting.id in who.meeting_ids
    return _may(who, permission, meeting.activity)


def _may(actor: Actor, permission: Permission, activity: Activity) -> bool:
    organisations = {activity.organisation_id, *(row.organisation_id for row in activity.co_organisers)}
    return any(actor.may(permission, number) for number in organisations)
