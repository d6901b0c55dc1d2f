"""The desk: what runs today and this week, and what waits to be done (C-01)."""

from datetime import datetime, time, timedelta

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.words import LOCAL
from commune_hub.events import desk, queries, roll
from commune_hub.events.desk import Shelf, ToDo
from commune_hub.events.models import Meeting
from commune_hub.events.words import MeetingState
from commune_hub.speech import dates, telling
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages.staff import attendance, lines, navigation
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.request import actor, db, now
from commune_hub.web.security import staff
from commune_hub.web.tracing import shows

Row = tuple[str, str, str, str, str, str]


@pages.get("/")
@staff()
@shows(TracedThing.DESK)
def today() -> ResponseReturnValue:
    """Today's meetings with who comes, what is to be done, the week. Who runs no activities is shown the menu."""
    if not actor().may_somewhere(Permission.SEE_SIGNUPS):
        return render_template("staff/menu.html", entries=navigation(actor()))
    ours = actor().organisation_ids(Permission.SEE_SIGNUPS)
    morning = datetime.combine(now().astimezone(LOCAL).date(), time(), tzinfo=LOCAL)
    coming = desk.meetings_between(db(), morning, morning + timedelta(days=7), ours)
    of_today = [one for one in coming if one.starts_at < morning + timedelta(days=1)]
    current = attendance.current_page() if actor().may_somewhere(Permission.TAKE_ATTENDANCE) else None
    shown = None if current else _in_front(of_today)
    later = desk.next_meeting(db(), now(), ours) if shown is None and current is None else None
    seated, waiting = lines.people_of(queries.signups_of_pool(db(), shown.pool_id)) if shown else ([], [])
    return render_template(
        "staff/today.html",
        day=dates.capital(speech().long_day(morning.date())),
        roll=current,
        heading=lines.heading_of(shown) if shown else None,
        seated=seated,
        waiting=waiting,
        also_today=[lines.meeting_row(one) for one in of_today if one not in (shown, current and current.meeting)],
        later=lines.meeting_row(later) if later else None,
        rows=_to_do_rows(desk.to_do(db(), ours, now()), roll.rolls_to_finish(db(), actor(), now())),
        week=[lines.meeting_row(one) for one in coming if one not in of_today],
        may_publish=actor().may_somewhere(Permission.PUBLISH),
    )


def _in_front(meetings: list[Meeting]) -> Meeting | None:
    """The meeting that is going on or comes next, else the last one of the day."""
    planned = [one for one in meetings if one.state == MeetingState.PLANNED]
    return next((one for one in planned if one.ends_at > now()), planned[-1] if planned else None)


def _unmarked_row(meetings: list[Meeting]) -> list[Row]:
    """The meetings of the last two weeks whose attendance is not finished."""
    if not meetings:
        return []
    days = dates.listed([speech().day(dates.meeting_day(one)) for one in meetings], speech())
    url = url_for("staff.attendance", meeting_id=meetings[0].public_id)
    return [("warn", speech().number(len(meetings)), _("Attendance not finished"), days, url, _("Open"))]


def _course_rows(found: ToDo) -> list[Row]:
    """Courses that wait for a decision or for another date: people are enrolled in them."""
    spoken = speech()
    undecided = [
        (
            "bad", "!", _("Course to be decided"), telling.title_of(one, spoken),
            url_for("staff.course", activity_id=one.public_id), _("Decide"),
        )
        for one in found.undecided
    ]  # fmt: skip
    lost = [
        (
            "bad", "!", _("Lost date of a course"),
            f"{telling.title_of(one.activity, spoken)}, {lines.short_when(one.starts_at)}",
            url_for("staff.replace_module", meeting_id=one.public_id), _("Replace"),
        )
        for one in found.lost
    ]  # fmt: skip
    return undecided + lost


def _to_do_rows(found: ToDo, unmarked: list[Meeting]) -> list[Row]:
    spoken = speech()
    rows = _course_rows(found) + _unmarked_row(unmarked) + [
        (
            "warn",
            spoken.number(meeting.pool.waiting),
            _("Waiting list"),
            f"{telling.title_of(meeting.activity, spoken)}, {lines.short_when(meeting.starts_at)}",
            url_for("staff.meeting", meeting_id=meeting.public_id),
            _("Open"),
        )
        for meeting in found.waiting
    ]
    if found.ending:
        titles = [
            _("%(title)s (%(languages)s)", title=telling.title_of(one, spoken), languages=languages)
            for one in found.ending
            if (languages := telling.language_names(one.tags, spoken))
        ]
        only = found.ending[0] if len(found.ending) == 1 else None
        url = (
            url_for("staff.new_activity", again=only.public_id)
            if only
            else url_for("staff.activities", shelf=Shelf.RUNNING)
        )
        words = dates.listed(titles, spoken)
        rows.append(("info", spoken.number(len(found.ending)), _("Seasons that end soon"), words, url, _("Plan")))
    if found.drafts:
        drafts = url_for("staff.activities", shelf=Shelf.DRAFTS)
        rows.append(("info", spoken.number(found.drafts), _("Drafts"), _("Nobody sees them yet."), drafts, _("Open")))
    if found.approximate:
        words = _("The pin on the map is not exact.")
        rows.append(
            ("warn", spoken.number(found.approximate), _("Places"), words, url_for("staff.venues"), _("Set the pin"))
        )
    return rows
