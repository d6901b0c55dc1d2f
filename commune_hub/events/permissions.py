"""Who may do what with activities, meetings and venues."""

from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Permission
from commune_hub.base.errors import NotFound
from commune_hub.events.models import Activity, Meeting, Venue


def can_edit(actor: Actor, activity: Activity) -> bool:
    """Whether this person may change the activity: staff of its organiser, or of a co-organiser."""
    organisations = {activity.organisation_id, *(row.organisation_id for row in activity.co_organisers)}
    return any(actor.may(Permission.PUBLISH, number) for number in organisations)


def must_edit(actor: Actor, activity: Activity) -> None:
    """Answer as if there were nothing to whoever may not change the activity."""
    if not can_edit(actor, activity):
        raise NotFound("activity")


def must_see_signups(actor: Actor, meeting: Meeting) -> None:
    """Answer as if there were nothing to whoever may not see who comes."""
    activity = meeting.activity
    organisations = {activity.organisation_id, *(row.organisation_id for row in activity.co_organisers)}
    if not any(actor.may(Permission.SEE_SIGNUPS, number) for number in organisations):
        raise NotFound("meeting")


def must_edit_venue(actor: Actor, venue: Venue) -> None:
    """Answer as if there were nothing to whoever may not change the venue."""
    if not actor.may(Permission.EDIT_VENUES, venue.organisation_id):
        raise NotFound("venue")
