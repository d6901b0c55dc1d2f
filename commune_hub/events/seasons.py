"""From an activity's rows to a Season and back: the bridge between the tables and the pure recurrence."""

from collections.abc import Iterable

from commune_hub.events import recurrence
from commune_hub.events.holidays import holidays_between
from commune_hub.events.inputs import ActivityDraft
from commune_hub.events.models import Activity, Meeting
from commune_hub.events.recurrence import Occurrence, Season, Slot
from commune_hub.events.words import DateKind


def season_of(activity: Activity) -> Season:
    """The season that an activity's rows describe."""
    return Season(
        first_on=activity.first_on,
        last_on=activity.last_on,
        slots=tuple(Slot(slot.starts, slot.minutes) for slot in activity.slots),
        rrule=activity.rrule,
        extra_on=frozenset(row.on for row in activity.dates if row.kind == DateKind.EXTRA),
        skipped_on=frozenset(row.on for row in activity.dates if row.kind == DateKind.SKIPPED),
        skip_public_holidays=activity.skip_public_holidays,
        skip_school_holidays=activity.skip_school_holidays,
    )


def season_from(draft: ActivityDraft) -> Season:
    """The season that somebody typed; one date without a rule is a loose date."""
    starts = [draft.starts] if draft.second_starts is None else [draft.starts, draft.second_starts]
    extra = set(draft.extra_dates) or (set() if draft.rrule else {draft.first_on})
    return Season(
        first_on=min({draft.first_on, *extra}),
        last_on=max({draft.last_on, *extra}),
        slots=tuple(Slot(time, draft.minutes) for time in starts),
        rrule=draft.rrule,
        extra_on=frozenset(extra),
        skipped_on=frozenset(draft.skipped_dates) - extra,
        skip_public_holidays=draft.skip_public_holidays,
        skip_school_holidays=draft.skip_school_holidays,
    )


def occurrences_of(season: Season) -> list[Occurrence]:
    """The dates of a season, with the holidays of its time."""
    return recurrence.dates_of(season, holidays_between(season.first_on, season.last_on))


def occurrences_from(meetings: Iterable[Meeting]) -> list[Occurrence]:
    """The dates that stand in the database."""
    return [Occurrence(row.occurrence_on, row.slot, row.starts_at, row.ends_at) for row in meetings]
