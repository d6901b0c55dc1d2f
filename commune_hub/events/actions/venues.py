"""The register of venues: adding, changing, closing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Permission
from commune_hub.base import outbox
from commune_hub.base.errors import InputCode, Invalid, NotFound, Refused
from commune_hub.base.ids import new_public_id
from commune_hub.events import listings, permissions
from commune_hub.events.inputs import VenueDraft
from commune_hub.events.models import Activity, Meeting, Venue
from commune_hub.events.words import ActivityRefusal, ActivityState
from commune_hub.places import queries as places
from commune_hub.places.geo import Point
from commune_hub.places.words import PointSource


def add(
    session: Session,
    *,
    draft: VenueDraft,
    organisation: Organisation,
    actor: Actor | None,
    now: datetime,
    public_id: str | None = None,
) -> Venue:
    """A new venue. Without a pin its point is looked up in our tables at once, and by the geocoder later.

    `public_id` is the one that a form promised, so that the form sent twice makes one venue.
    """
    if actor is not None and not actor.may(Permission.EDIT_VENUES, organisation.id):
        raise NotFound("organisation")
    venue = Venue(organisation=organisation, public_id=public_id or new_public_id())
    _write(session, venue, draft, now)
    return venue


def change(session: Session, *, venue: Venue, draft: VenueDraft, actor: Actor, now: datetime) -> None:
    """Change a venue; the activities held there follow."""
    permissions.must_edit_venue(actor, venue)
    _write(session, venue, draft, now)
    refresh_listings(session, venue)


def refresh_listings(session: Session, venue: Venue) -> None:
    """Tell the search that a venue has another point or another name."""
    own = select(Meeting.activity_id).where(Meeting.venue_id == venue.id)
    held = select(Activity.id).where((Activity.venue_id == venue.id) | Activity.id.in_(own))
    for activity_id in session.scalars(held).all():
        listings.refresh(session, activity_id)


def close(session: Session, *, venue: Venue, actor: Actor, now: datetime) -> None:
    """Take a venue out of the register. Raises Refused while a published activity is held there."""
    permissions.must_edit_venue(actor, venue)
    used = select(Activity.id).where(Activity.venue_id == venue.id, Activity.state != ActivityState.ARCHIVED)
    if session.scalar(used.limit(1)) is not None:
        raise Refused(ActivityRefusal.VENUE_IN_USE)
    venue.archived_at = now


def set_point(session: Session, *, venue: Venue, point: Point, source: PointSource) -> None:
    """A better point for a venue (from the geocoder); a pin set by hand is never overridden."""
    if venue.point_source == PointSource.PIN:
        return
    venue.lat, venue.lon, venue.point_source = point.lat, point.lon, source
    session.flush()
    refresh_listings(session, venue)


def _write(session: Session, venue: Venue, draft: VenueDraft, now: datetime) -> None:
    for name in (
        "name", "address", "postcode", "locality", "step_free", "access_note", "bus_stop", "capacity",
        "offered_for_civic", "free_times",
    ):  # fmt: skip
        setattr(venue, name, getattr(draft, name))
    _place(session, venue, draft)
    session.add(venue)
    session.flush()
    if venue.point_source == PointSource.APPROXIMATE and venue.address:
        outbox.enqueue(
            session, "locate_venue", due_at=now, now=now, venue=venue.public_id,
            key=f"locate_venue:{venue.public_id}:{now.isoformat()}",
        )  # fmt: skip


def _place(session: Session, venue: Venue, draft: VenueDraft) -> None:
    found = places.find_places(session, f"{draft.address}, {draft.postcode} {draft.locality}".strip(" ,"), limit=1)
    if not found:
        found = places.find_places(session, draft.locality, limit=1)
    if draft.lat is not None and draft.lon is not None:
        venue.lat, venue.lon, venue.point_source = draft.lat, draft.lon, PointSource.PIN
        venue.lau2 = places.commune_at(session, Point(draft.lat, draft.lon)) or ""
        return
    if not found:
        raise Invalid({"locality": [InputCode.UNKNOWN_PLACE]})
    best = found[0]
    venue.lat, venue.lon, venue.lau2 = best.lat, best.lon, best.lau2
    venue.point_source = PointSource.ADDRESS if best.kind == "address" else PointSource.APPROXIMATE
