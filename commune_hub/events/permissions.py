"""Who may do what with activities, meetings and venues."""

from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Permission
from commune_hub.base.errors import NotFound
from commune_hub.events.models import Activity, Venue


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


def must_take_attendance(actor: Actor, activity: Activity) -> None:
    """Answer as if there were nothing to whoever may not note who is there."""
    if not _may(actor, Permission.TAKE_ATTENDANCE, activity):
        raise NotFound("meeting")


def can_correct_late(actor: Actor, activity: Activity) -> bool:
    """Whether this person may correct attendance after the day on which it is locked."""
    return _may(actor, Permission.CORRECT_LATE, activity)


def must_edit_venue(actor: Actor, venue: Venue) -> None:
    """Answer as if there were nothing to whoever may not change the venue."""
    if not actor.may(Permission.EDIT_VENUES, venue.organisation_id):
        raise NotFound("venue")


def _may(actor: Actor, permission: Permission, activity: Activity) -> bool:
    organisations = {activity.organisation_id, *(row.organisation_id for row in activity.co_organisers)}
    return any(actor.may(permission, number) for number in organisations)
