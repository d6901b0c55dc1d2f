"""What a change does to dates that people know: shown, and asked for, before it is done."""

import hashlib
from collections.abc import Iterable
from datetime import date

from flask import render_template, request

from commune_hub.events import desk
from commune_hub.events.actions import publishing
from commune_hub.events.inputs import ActivityDraft
from commune_hub.events.models import Activity
from commune_hub.events.recurrence import Occurrence, SeasonChange
from commune_hub.events.words import ActivityState
from commune_hub.speech import telling
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages.staff import lines
from commune_hub.web.request import db, now

SHOWN = 40


def to_confirm(activity: Activity, draft: ActivityDraft) -> str | None:
    """The page that asks, or None: nobody knows a draft, nothing changes, or exactly this was agreed to."""
    if activity.state != ActivityState.PUBLISHED:
        return None
    planned = publishing.preview(db(), activity=activity, draft=draft, now=now())
    if not (planned.added or planned.retimed or planned.dropped_free or planned.dropped_with_signups):
        return None
    people = desk.people_by_date(db(), activity.id)
    mark = _mark_of(planned, people)
    if request.form.get("confirmed") == mark:
        return None
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in ("confirmed", "csrf_token")]
    moved = [(old, people.get(old.key, 0)) for old, _new in planned.retimed]
    lost = [(one, people.get(one.key, 0)) for one in planned.dropped_with_signups]
    return render_template(
        "staff/confirm_change.html",
        activity=activity,
        title=telling.title_of(activity, speech()),
        mark=mark,
        kept_fields=kept,
        kept=len(planned.kept),
        added=_days(planned.added),
        moved=[
            (lines.short_when(old.starts_at), lines.short_when(new.starts_at), _told(people.get(old.key, 0)))
            for old, new in planned.retimed[:SHOWN]
        ],
        free=_days(planned.dropped_free),
        lost=[(lines.short_when(one.starts_at), _told(number)) for one, number in lost],
        told=sum(number for _one, number in [*moved, *lost]),
    )


def _mark_of(planned: SeasonChange, people: dict[tuple[date, int], int]) -> str:
    """Another one as soon as the change would do something else than was shown."""
    return hashlib.sha256(repr((planned, sorted(people.items()))).encode()).hexdigest()[:32]


def _days(occurrences: Iterable[Occurrence]) -> list[str]:
    return [lines.short_when(one.starts_at) for one in occurrences]


def _told(number: int) -> str:
    if not number:
        return _("nobody has signed up")
    return speech().say_many("one person has signed up", "%(num)s people have signed up", number)
