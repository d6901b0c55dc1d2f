"""The tables of a café: who is expected, who speaks, who is missing; and how many sat there."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.events import tables, taps
from commune_hub.events.actions import tables as actions
from commune_hub.events.cafe import LanguagePlan, Speaker
from commune_hub.events.inputs import HeadCountDraft, SpeakerDraft
from commune_hub.events.models import Meeting
from commune_hub.events.tables import Evening, Slot
from commune_hub.speech import dates, telling
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import parts
from commune_hub.web.pages.staff import lines
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.attendance import meeting_to_mark
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows

# Rows of the form, and numbers that are one tap away.
MOST_SPEAKERS = 20
NUMBERS = 24


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """One language of one part of the evening. `ask` is the text by which to find who is missing."""

    tag: str
    name: str
    learners: str
    tables: str
    speakers: str
    missing: str
    small: bool
    ask: str


@pages.get("/meetings/<meeting_id>/tables")
@staff(Permission.TAKE_ATTENDANCE)
@shows(NOBODY)
def cafe_tables(meeting_id: str) -> ResponseReturnValue:
    """The plan by language, the speakers, the head counts."""
    return _page(meeting_to_mark(meeting_id), {})


def _page(meeting: Meeting, problems: Problems) -> str:
    evening = tables.evening_of(db(), meeting)
    return render_template(
        "staff/cafe_tables.html",
        **lines.heading_of(meeting),
        slots=[(_slot_words(slot), [_row(plan, meeting) for plan in slot.plans]) for slot in evening.slots],
        undecided=evening.undecided,
        speakers=_speakers(evening),
        chosen=evening.chosen,
        languages=[(tag, speech().language_name(tag)) for tag in meeting.activity.tags],
        form=Form(request.form if problems else {}, problems),
        counting=now() >= taps.opens_at(meeting.starts_at),
        counted=[
            (tag, speech().language_name(tag), evening.counted.get(tag)) for tag in meeting.activity.tags
        ],
        counted_in_all=sum(evening.counted.values()),
        numbers=range(NUMBERS + 1),
    )  # fmt: skip


def _slot_words(slot: Slot) -> str:
    return _("From %(time)s", time=f"{slot.starts:%H:%M}") if slot.starts else ""


def _row(plan: LanguagePlan, meeting: Meeting) -> LanguageRow:
    spoken = speech()
    return LanguageRow(
        tag=plan.language,
        name=spoken.language_name(plan.language),
        learners=spoken.say_many("one person", "%(num)s people", plan.learners),
        tables=spoken.say_many("one table", "%(num)s tables", plan.tables),
        speakers=dates.listed(plan.speakers, spoken),
        missing=spoken.say_many("One speaker is missing", "%(num)s speakers are missing", plan.missing)
        if plan.missing
        else "",
        small=plan.small,
        ask=_ask(plan.language, meeting) if plan.missing else "",
    )


def _ask(tag: str, meeting: Meeting) -> str:
    spoken, activity = speech(), meeting.activity
    contact = parts.contact_for(activity.organisation, spoken, activity)
    return _(
        "Hello! We are looking for somebody who speaks %(language)s and looks after a table: %(title)s, %(when)s, "
        "%(place)s. Can you come? Please tell us: %(contact)s. Thank you!",
        language=spoken.language_name(tag),
        title=telling.title_of(activity, spoken),
        when=dates.meeting_when(meeting, spoken),
        place=telling.place_words(activity, meeting.venue, spoken),
        contact=contact.phone or contact.mail or contact.name,
    )


def _speakers(evening: Evening) -> list[tuple[str, frozenset[str]]]:
    """Those who are named, and an empty row for one more."""
    named = [(one.name, one.languages) for one in evening.speakers[: MOST_SPEAKERS - 1]]
    return [*named, ("", frozenset())]


@pages.post("/meetings/<meeting_id>/tables")
@staff(Permission.TAKE_ATTENDANCE)
@shows(NOBODY)
def save_speakers(meeting_id: str) -> ResponseReturnValue:
    """Who looks after a table, with their languages."""
    meeting = meeting_to_mark(meeting_id)
    back_to("staff.cafe_tables", meeting_id=meeting_id)
    ask_again(lambda problems: _page(meeting_to_mark(meeting_id), problems))
    drafts = [
        SpeakerDraft.parse(
            {"name": request.form.get(f"name{row}", ""), "languages": request.form.getlist(f"languages{row}")}
        )
        for row in range(MOST_SPEAKERS)
    ]
    speakers = [Speaker(draft.name, frozenset(draft.languages)) for draft in drafts if draft.name]
    actions.set_speakers(db(), meeting=meeting, speakers=speakers, actor=actor())
    say(N_("Saved."))
    return go("staff.cafe_tables", meeting_id=meeting_id)


@pages.post("/meetings/<meeting_id>/tables/count")
@staff(Permission.TAKE_ATTENDANCE)
def count_heads(meeting_id: str) -> ResponseReturnValue:
    """So many people sit at the tables of a language."""
    meeting = meeting_to_mark(meeting_id)
    back_to("staff.cafe_tables", meeting_id=meeting_id)
    ask_again(lambda problems: _page(meeting_to_mark(meeting_id), problems))
    draft = HeadCountDraft.parse(request.form)
    actions.head_count(
        db(), meeting=meeting, language=draft.language, number=draft.number, actor=actor(), now=now()
    )  # fmt: skip
    return go("staff.cafe_tables", meeting_id=meeting_id, _anchor="heads")
