"""An activity: its page, taking a seat, its calendar and its poster."""

from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.base.ids import new_public_id
from commune_hub.events import queries
from commune_hub.events.actions import joining, seats
from commune_hub.events.inputs import SignupDraft
from commune_hub.events.models import Activity, Meeting
from commune_hub.events.rules import KINDS
from commune_hub.events.words import (
    ActivityKind,
    ActivityState,
    MeetingState,
    PriorityRule,
    SeatRefusal,
    SignupMode,
    TextField,
)
from commune_hub.matching.equivalents import equivalents
from commune_hub.places.communes import communes
from commune_hub.speech import telling
from commune_hub.speech.entries import entry_of
from commune_hub.web.i18n import own_name_of, speech, speeches
from commune_hub.web.pages import pages, parts, posters, schema_org, words
from commune_hub.web.pages.course_facts import course_facts
from commune_hub.web.request import Category, Problems, ask_again, back_to, db, go, now, say
from commune_hub.web.security import guest


@pages.get("/a/<activity_id>")
@guest
def activity(activity_id: str) -> ResponseReturnValue:
    """All that one needs to decide, and the form to take a seat. `?m=` chooses a date."""
    g.public_page = True
    return _page(queries.published_activity(db(), activity_id))


@pages.post("/a/<activity_id>/sign-up")
@guest
def sign_up(activity_id: str) -> ResponseReturnValue:
    """A seat, or a place in the queue, for a first name and one contact."""
    found = queries.published_activity(db(), activity_id)
    back_to("pages.activity", activity_id=activity_id, _anchor="sign-up")
    ask_again(lambda problems: _page(queries.published_activity(db(), activity_id), problems))
    draft = SignupDraft.parse(request.form)
    signup = joining.join(db(), activity=found, draft=draft, language=speech().code, now=now())
    if signup is None:
        say(words.REFUSAL[SeatRefusal.ALREADY_SIGNED_UP], Category.WARN)  # the message leaves, so this is no refusal
        return go("pages.activity", activity_id=activity_id)
    return go("pages.booking", link_key=signup.link_key)


@pages.get("/a/<activity_id>.ics")
@guest
def activity_calendar(activity_id: str) -> ResponseReturnValue:
    """The dates to come, also the cancelled ones, for people's calendars."""
    g.public_page = True
    found = queries.published_activity(db(), activity_id)
    meetings = queries.upcoming_meetings(db(), found.id, now(), limit=400)
    url = parts.short_url("activity", activity_id=activity_id)
    drop_in = found.signup == SignupMode.DROP_IN
    entries = [entry_of(meeting, speech(), url=url, may_enter=drop_in) for meeting in meetings]
    return parts.calendar_file(entries, telling.title_of(found, speech()), "dates")


@pages.get("/a/<activity_id>/qr.svg")
@guest
def activity_qr(activity_id: str) -> ResponseReturnValue:
    """The QR code alone, to show on a phone or to put on one's own paper."""
    found = queries.published_activity(db(), activity_id)
    return parts.qr_file(parts.short_url("activity", activity_id=found.public_id), telling.title_of(found, speech()))


@pages.get("/a/<activity_id>/poster")
@guest
def activity_poster(activity_id: str) -> ResponseReturnValue:
    """An A4 poster in the language of the page, with the other four on it."""
    g.public_page = True
    found = queries.published_activity(db(), activity_id)
    parts.wear_theme(found.organisation)
    poster = posters.of_activity(found, speech(), list(speeches().values()))
    return render_template("public/poster.html", poster=poster, back=url_for("pages.activity", activity_id=activity_id))


@dataclass(frozen=True, slots=True)
class _Dates:
    """What stands under "Sign up": rows to choose from, the one that is chosen, and what goes without choosing."""

    options: list[parts.Option]
    chosen: str
    next_day: str
    open: bool


def _page(found: Activity, problems: Problems | None = None) -> str:
    parts.wear_theme(found.organisation)
    meetings = queries.upcoming_meetings(db(), found.id, now())
    if found.signup == SignupMode.WHOLE_COURSE:
        meetings = queries.meetings_of(db(), found.id)
    coming = [meeting for meeting in meetings if meeting.ends_at > now()]
    planned = [meeting for meeting in coming if meeting.state == MeetingState.PLANNED]
    dates = _dates(found, coming)
    description, description_lang = telling.own_words(found, TextField.DESCRIPTION, speech())
    return render_template(
        "public/activity.html",
        activity=found,
        told=_told(found),
        badges=parts.badges(found.tags),
        languages_to_choose=languages_to_choose(found),
        course=course_facts(found),
        is_practice=not KINDS[ActivityKind(found.kind)].for_volunteers,
        description=description,
        description_lang=description_lang,
        description_name=speech().language_name(description_lang) if description_lang else "",
        meetings=meetings,
        lines=parts.dates_to_choose(meetings, speech(), now()),
        dates=dates,
        many_url=_many_url(found, dates),
        near=_near(found, planned, dates),
        asked=_asked(meetings),
        is_over=found.state == ActivityState.ARCHIVED or not coming,
        all_cancelled=bool(coming) and not planned,
        signs_up_here=seats.editable_by_public(found) and dates.open,
        contact=parts.contact_for(found.organisation, speech(), found),
        ways=telling.ways_of(found.registration_contact),
        communes=communes_to_choose(found),
        asks_contract=asks_contract(found),
        form=request.form,
        form_token=request.form.get("form_token") or new_public_id(),
        problems=in_sentences(problems or {}),
        short_url=parts.short_url("activity", activity_id=found.public_id),
        json_ld=schema_org.events_of(found, planned[:5], speech()),
        spoken_here=list(speeches()),
    )


def _dates(found: Activity, coming: list[Meeting]) -> _Dates:
    options = parts.dates_to_choose(coming, speech(), now())
    if found.signup == SignupMode.WHOLE_COURSE:
        options = options[:1]
    free = [option for option in options if not option[5]]
    # A date with a seat is a better proposal than a place in a queue.
    seated = [option for option in free if option[3] in ("ok", "info")] or free
    asked = next((m.pool.public_id for m in coming if m.public_id == request.args.get("m")), "")
    wanted = request.form.get("pool") or asked
    chosen = next((option[0] for option in free if option[0] == wanted), seated[0][0] if seated else "")
    shown = next((m for m in coming if m.pool.public_id == chosen and m.state == MeetingState.PLANNED), None)
    next_day = speech().day(telling.meeting_day(shown)) if shown else ""
    return _Dates(options, chosen, next_day, bool(free))


def _many_url(found: Activity, dates: _Dates) -> str:
    """Where several dates are taken in one go; nothing where there is one sign-up for all of them."""
    return url_for("pages.many_dates", activity_id=found.public_id) if takes_several(found, dates.options) else ""


def takes_several(found: Activity, options: list[parts.Option]) -> bool:
    """Whether there are several dates to choose from, each with seats of its own."""
    single = found.signup in (SignupMode.SIGN_UP, SignupMode.DROP_IN) and seats.editable_by_public(found)
    return single and sum(not option[5] for option in options) > 1


def _near(found: Activity, planned: list[Meeting], dates: _Dates) -> list[parts.Near]:
    """Where a seat is free, when none is here."""
    here = any(option[3] in ("ok", "info") and not option[5] for option in dates.options)
    if here or not planned or not seats.editable_by_public(found):
        return []
    return parts.near_words(equivalents(db(), planned[0], now=now()), speech())


def _asked(meetings: list[Meeting]) -> dict[str, str] | None:
    """The date that a link named, when it is cancelled: whoever comes from a list must see it."""
    meeting = next((m for m in meetings if m.public_id == request.args.get("m")), None)
    if meeting is None or meeting.state != MeetingState.CANCELLED:
        return None
    return {"when": telling.meeting_when(meeting, speech()), "why": parts.cancel_reason(meeting, speech())}


def _told(found: Activity) -> dict[str, Any]:
    say = speech()
    level, steps = telling.level_words(found.level_from, found.level_to, say)
    audience, audience_lang = telling.own_words(found, TextField.AUDIENCE, say)
    price, price_lang = telling.own_words(found, TextField.PRICE, say)
    title, title_lang = telling.own_words(found, TextField.TITLE, say)
    return {
        "title": telling.title_of(found, say),
        "own_title": title if title_lang else "",
        "own_title_lang": title_lang,
        "kind": telling.kind_words(found.kind, say),
        "organiser": telling.organiser_words(found, say),
        "rhythm": telling.rhythm(found, say),
        "season": " · ".join(filter(None, (telling.season_words(found, say), telling.pauses_words(found, say)))),
        "parts": telling.parts_words(found, say),
        "place": telling.place_words(found, found.venue, say),
        "address": telling.address_words(found.venue) if found.venue else "",
        "level": level,
        "steps": steps,
        "can_do": telling.can_do(found, say),
        "audience": telling.audience_words(found, say),
        "own_audience": audience,
        "own_audience_lang": audience_lang,
        "size": telling.size_words(found, say),
        "hosts": telling.listed(telling.host_names(found), say) if found.hosts else "",
        "price": telling.price_words(found, say),
        "own_price": price,
        "own_price_lang": price_lang,
        "children": telling.children_words(found, say),
        "access": telling.access_words(found.venue, say),
        "signup": telling.signup_words(found, say),
        "priority": telling.priority_words(found, say),
        "summary": telling.summary(found, say),
        "last_on": say.day_and_year(found.last_on),
    }


def languages_to_choose(found: Activity) -> list[tuple[str, str]]:
    """At a table or café of several languages one says which one; own names, as on the badges."""
    return [(tag, own_name_of(tag)) for tag in found.tags] if len(found.tags) > 1 else []


def communes_to_choose(found: Activity) -> list[tuple[str, str]]:
    """Where those who live in the commune come first, one says where one lives."""
    if not (found.resident_days or found.resident_seats):
        return []
    return sorted(((commune.lau2, commune.name(speech().code)) for commune in communes()), key=lambda row: row[1])


def asks_contract(found: Activity) -> bool:
    """Whether a running contract makes a difference for the seat."""
    return KINDS[ActivityKind(found.kind)].priority is not PriorityRule.NONE


def in_sentences(problems: Problems) -> dict[str, list[str]]:
    """What is wrong with the form, field by field."""
    return {field: [words.problem(code) for code in codes] for field, codes in problems.items()}


