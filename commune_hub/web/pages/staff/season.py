"""An activity with all its dates: which take place, which are left out and why; add one, leave one out (C-04)."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.base.errors import InputCode, Invalid
from commune_hub.base.words import LOCAL
from commune_hub.events import holidays, queries, recurrence, seasons
from commune_hub.events.actions import publishing
from commune_hub.events.inputs import ActivityDraft
from commune_hub.events.models import Activity, Meeting
from commune_hub.events.recurrence import LeftOutReason, Season
from commune_hub.events.words import ActivityState, MeetingState
from commune_hub.speech import dates, telling
from commune_hub.speech.sentences import LEFT_OUT
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import course_facts, parts
from commune_hub.web.pages.staff import activity_form, changes, lines
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.activities import activity_of_ours
from commune_hub.web.pages.staff.forms import Form, moved_problems
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of the season: its meetings, or why there is none, and whether that can be changed here."""

    value: str
    words: str
    takes_place: bool
    may_change: bool
    note: str
    kind: str
    meetings: list[lines.MeetingRow]


@pages.route("/activities/<activity_id>/season", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
@shows(NOBODY)
def season(activity_id: str) -> ResponseReturnValue:
    """All dates with ticks. A tick taken away leaves a date out; a holiday that is ticked takes place after all."""
    found = activity_of_ours(activity_id)
    if request.method == "GET":
        return _page(found, {})
    back_to("staff.season", activity_id=activity_id)
    ask_again(lambda problems: _page(activity_of_ours(activity_id), problems))
    draft = _draft_with_ticks(found)
    question = changes.to_confirm(found, draft)
    if question is not None:
        return question
    publishing.change(db(), activity=found, draft=draft, actor=actor(), now=now())
    say(N_("The dates are kept."))
    return go("staff.season", activity_id=activity_id)


def _page(found: Activity, problems: Problems) -> str:
    spoken, rows = speech(), _rows(found)
    today = now().astimezone(LOCAL).date().isoformat()
    state_kind, state = lines.state_tag(found)
    return render_template(
        "staff/season.html",
        activity=found,
        title=telling.title_of(found, spoken),
        langs=parts.badges(found.tags),
        state_kind=state_kind,
        state=state,
        summary=telling.summary(found, spoken),
        rhythm=dates.rhythm(found, spoken),
        season=dates.season_words(found, spoken),
        place=telling.place_words(found, found.venue, spoken),
        form=Form(request.form, moved_problems(activity_form.on_the_page(problems), {"rhythm": "more_dates"})),
        coming=[row for row in rows if row.value >= today],
        past=[row for row in rows if row.value < today],
        number=sum(row.takes_place for row in rows),
        not_verified=found.skip_school_holidays and not holidays.SCHOOL_HOLIDAYS_VERIFIED,
        not_known=found.skip_school_holidays and not holidays.school_table_covers(found.first_on, found.last_on),
        is_course=course_facts.is_course(found),
        is_draft=found.state == ActivityState.DRAFT,
        is_published=found.state == ActivityState.PUBLISHED,
        is_archived=found.state == ActivityState.ARCHIVED,
    )


def _rows(found: Activity) -> list[DayRow]:
    meetings = sorted(queries.meetings_of(db(), found.id), key=lambda one: (one.occurrence_on, one.slot))
    rows = [_meeting_day(day, list(ones)) for day, ones in groupby(meetings, key=lambda one: one.occurrence_on)]
    shown = {row.value for row in rows}
    today = now().astimezone(LOCAL).date()
    for day, reason in _left_out(seasons.season_of(found)):
        if day.isoformat() not in shown:
            rows.append(DayRow(day.isoformat(), _day(day), False, day > today, _(LEFT_OUT[reason]), _kind(reason), []))
    return sorted(rows, key=lambda row: row.value)


def _meeting_day(day: date, meetings: list[Meeting]) -> DayRow:
    cancelled = all(one.state == MeetingState.CANCELLED for one in meetings)
    moved = any(one.moved for one in meetings)
    note = _("Cancelled") if cancelled else _("Moved") if moved else ""
    return DayRow(
        value=day.isoformat(),
        words=_day(day),
        takes_place=not cancelled,
        may_change=not cancelled and not moved and meetings[0].starts_at > now(),
        note=note,
        kind="bad" if cancelled else "info",
        meetings=[lines.meeting_row(one) for one in meetings],
    )


def _day(day: date) -> str:
    return dates.capital(speech().long_day(day))


def _kind(reason: LeftOutReason) -> str:
    return "warn" if reason is LeftOutReason.SCHOOL_HOLIDAY else ""


def _left_out(of: Season) -> list[tuple[date, LeftOutReason]]:
    if recurrence.problems_of(of):
        return []
    return recurrence.left_out(of, holidays.holidays_between(of.first_on, of.last_on))


def _draft_with_ticks(found: Activity) -> ActivityDraft:
    """The activity with the dates as ticked. Days that cannot be changed here stay as they are."""
    of = seasons.season_of(found)
    ticked = activity_form.days_from(" ".join(request.form.getlist("on"))) or ()
    extra, skipped = set(of.extra_on), set(of.skipped_on)
    holidays_in_it = dict(_left_out(replace(of, extra_on=frozenset(), skipped_on=frozenset()))) if of.rrule else {}
    for row in _rows(found):
        day = date.fromisoformat(row.value)
        if not row.may_change or (day in ticked) == row.takes_place:
            continue
        if row.takes_place:
            extra.discard(day)
            skipped |= {day} if of.rrule else set()
        else:
            skipped.discard(day)
            extra |= {day} if day in holidays_in_it else set()
    extra |= set(_added())
    if of.rrule:
        return activity_form.draft_of(found, extra_dates=tuple(extra), skipped_dates=tuple(skipped))
    if not extra:
        raise Invalid({"extra_dates": [InputCode.NO_DATES]})
    return activity_form.draft_of(found, extra_dates=tuple(extra), first_on=min(extra), last_on=max(extra))


def _added() -> tuple[date, ...]:
    days = activity_form.days_from(request.form.get("more_dates", ""))
    if days is None:
        raise Invalid({"extra_dates": [InputCode.NOT_A_DATE]})
    return days
