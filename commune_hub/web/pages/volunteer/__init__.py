"""The pages of volunteers, who sign in with a code like learners (docs/decisions/0010)."""

from flask import request, url_for

from commune_hub.base.errors import NotFound
from commune_hub.volunteers import queries
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.words import VolunteerState
from commune_hub.web.i18n import _
from commune_hub.web.pages.profile import own_people
from commune_hub.web.request import db

Tab = tuple[str, str, bool]


def own_volunteer() -> Volunteer:
    """The volunteer among those who share the contact that signed in; `who` names one of several. Raises NotFound."""
    found = helping()
    if found is None:
        raise NotFound("volunteer")
    return found


def helping() -> Volunteer | None:
    """The same, or None."""
    people = [person.id for person in own_people()]
    here = [one for one in queries.volunteers_of(db(), people) if one.state != VolunteerState.LEFT]
    wanted = request.values.get("who", "")
    return next((one for one in here if one.public_id == wanted or not wanted), None)


def tabs(current: str) -> list[Tab]:
    """The volunteer's own menu; `current` is the endpoint of the page."""
    entries = (
        ("pages.volunteer_today", _("Today")),
        ("pages.my_pairs", _("My pairs")),
        ("pages.volunteer_trainings", _("Trainings")),
        ("pages.volunteer_materials", _("Ideas")),
        ("pages.volunteer_times", _("My times")),
        ("pages.volunteer_profile", _("My profile")),
    )
    return [(words, url_for(endpoint), endpoint == current) for endpoint, words in entries]
