"""What a sheet holds of the activities of an organisation: the rows of the export, and what an import compares with."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.events import desk, seasons
from commune_hub.events.models import Activity, CoOrganiser
from commune_hub.events.sheets import ActivityRow
from commune_hub.events.words import (
    ActivityKind,
    ActivityState,
    AttendanceMode,
    CefrLevel,
    RegistrationBy,
    SignupMode,
)


def for_export(session: Session, organisation_ids: Iterable[int] | None) -> list[Activity]:
    """The activities that a sheet holds: all but archived ones, by their beginning."""
    question = (
        select(Activity)
        .where(desk.offered_by(organisation_ids), Activity.state != ActivityState.ARCHIVED)
        .options(
            selectinload(Activity.languages),
            selectinload(Activity.texts),
            selectinload(Activity.slots),
            selectinload(Activity.dates),
            selectinload(Activity.co_organisers).joinedload(CoOrganiser.organisation),
            joinedload(Activity.organisation),
            joinedload(Activity.venue),
        )
        .order_by(Activity.first_on, Activity.id)
    )
    return list(session.scalars(question))


def row_of(activity: Activity) -> ActivityRow:
    """The activity as a sheet has it. One without a reference of its own gets its public id, so that it keeps one."""
    season, venue = seasons.season_of(activity), activity.venue
    texts: dict[str, Any] = {f"{row.field}_{row.language}": row.text for row in activity.texts}
    return ActivityRow(
        reference=activity.reference or activity.public_id,
        kind=ActivityKind(activity.kind),
        languages=activity.early_tags,
        later_languages=activity.later_tags,
        later_starts=activity.later_starts,
        first_on=season.first_on,
        last_on=season.last_on,
        level_from=_level(activity.level_from),
        level_to=_level(activity.level_to),
        organiser=activity.organisation.name,
        co_organisers=tuple(row.organisation.name for row in activity.co_organisers),
        hosts=activity.hosts,
        attendance_mode=AttendanceMode(activity.attendance_mode),
        online_url=activity.online_url,
        venue=venue.name if venue else "",
        address=venue.address if venue else "",
        postcode=venue.postcode if venue else "",
        locality=venue.locality if venue else "",
        step_free=venue.step_free if venue else False,
        rrule=season.rrule,
        slots=season.slots,
        extra_dates=season.extra_on,
        skipped_dates=season.skipped_on,
        skip_public_holidays=season.skip_public_holidays,
        skip_school_holidays=season.skip_school_holidays,
        signup=SignupMode(activity.signup),
        capacity=activity.capacity,
        waiting_room=activity.waiting_room,
        registration_by=RegistrationBy(activity.registration_by),
        registration_contact=activity.registration_contact,
        closes_hours=activity.closes_minutes // 60 or None,
        price=activity.price_cents,
        voucher_price=activity.voucher_price_cents,
        minors_allowed=activity.minors_allowed,
        child_care=activity.child_care,
        literacy=activity.literacy,
        convention_reference=activity.convention_reference,
        contact_name=activity.contact_name,
        contact_phone=activity.contact_phone,
        contact_mail=activity.contact_mail,
        **texts,
    )


def _level(number: int | None) -> CefrLevel | None:
    return None if number is None else CefrLevel(number)
