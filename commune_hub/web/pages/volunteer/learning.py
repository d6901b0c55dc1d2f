"""Trainings, exchange days and ideas for conversations (B-07, B-08)."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.base.errors import NotFound
from commune_hub.base.words import LOCAL
from commune_hub.events.actions import seats
from commune_hub.events.models import Meeting
from commune_hub.events.words import CefrLevel, SignupMode
from commune_hub.speech import dates, telling
from commune_hub.speech.catalogues import own_name_of
from commune_hub.volunteers import trainings
from commune_hub.volunteers.actions import materials
from commune_hub.volunteers.models import Material
from commune_hub.web.i18n import speech
from commune_hub.web.pages import pages, parts
from commune_hub.web.pages.volunteer import own_volunteer, tabs
from commune_hub.web.request import back_to, db, go, now
from commune_hub.web.security import learner


@pages.get("/volunteer/trainings")
@learner
def volunteer_trainings() -> ResponseReturnValue:
    """The next dates, with a seat in one tap; a full one has its waiting list."""
    volunteer = own_volunteer()
    found = trainings.coming(db(), now())
    mine = trainings.signups_at(db(), volunteer.person_id, [meeting.pool_id for meeting in found])
    until = volunteer.qualified_until
    return render_template(
        "volunteer/trainings.html",
        tabs=tabs("pages.volunteer_trainings"),
        qualified=volunteer.is_qualified(now().astimezone(LOCAL).date()),
        until=speech().day_and_year(until) if until else "",
        rows=[_row(meeting, mine.get(meeting.pool_id)) for meeting in found],
    )


def _row(meeting: Meeting, signup: object) -> dict[str, object]:
    kind, words, more = telling.seats_words(meeting.pool, speech(), now())
    whole = meeting.activity.signup == SignupMode.WHOLE_COURSE
    return {
        "pool": meeting.pool.public_id,
        "leaf": speech().leaf(dates.meeting_day(meeting)),
        "title": telling.title_of(meeting.activity, speech()),
        "kind": telling.kind_words(meeting.activity.kind, speech()),
        "times": telling.meeting_times(meeting, speech()),
        "dates": [dates.meeting_when(one, speech()) for one in meeting.pool.meetings] if whole else [],
        "place": telling.place_words(meeting.activity, meeting.venue, speech()),
        "langs": parts.badges(meeting.activity.tags),
        "seats": (kind, " · ".join(filter(None, (words, more)))),
        "full": kind != "ok",
        "open": telling.is_open(meeting.pool, list(meeting.pool.meetings), now()),
        "signup": signup,
    }


@pages.post("/volunteer/trainings")
@learner
def join_training() -> ResponseReturnValue:
    """A seat, or a place on the waiting list, for the volunteer who is signed in."""
    back_to("pages.volunteer_trainings")
    volunteer, wanted = own_volunteer(), request.form.get("pool", "")
    if wanted not in {meeting.pool.public_id for meeting in trainings.coming(db(), now())}:
        raise NotFound("training")
    signup = seats.sign_up(db(), pool_id=wanted, person=volunteer.person, now=now())
    return go("pages.booking", link_key=signup.link_key)


# -- ideas ------------------------------------------------------------------------


@pages.get("/volunteer/materials")
@learner
def volunteer_materials() -> ResponseReturnValue:
    """The theme of the week, then the rest, by theme, language and level."""
    own_volunteer()
    chosen = {name: request.args.get(name, "")[:80] for name in ("theme", "language", "level")}
    level = CefrLevel.from_label(chosen["level"]) if chosen["level"] in CefrLevel.__members__ else None
    found = materials.materials(db(), language=chosen["language"], level=level, theme=chosen["theme"])
    return render_template(
        "volunteer/materials.html",
        tabs=tabs("pages.volunteer_materials"),
        rows=[material_row(one) for one in found],
        themes=[(theme, theme) for theme in materials.themes(db())],
        practised=[(tag, own_name_of(tag)) for tag in materials.languages(db())],
        levels=[(level.label, level.label) for level in (CefrLevel.A1, CefrLevel.A2, CefrLevel.B1, CefrLevel.B2)],
        chosen=chosen,
    )


def material_row(one: Material) -> dict[str, object]:
    """An idea as the pages show it."""
    labels = [CefrLevel(level).label for level in dict.fromkeys((one.level_from, one.level_to)) if level is not None]
    monday = now().astimezone(LOCAL).date()
    return {
        "id": one.public_id,
        "title": one.title,
        "theme": one.theme,
        "about": one.about,
        "lang": one.language,
        "langs": parts.badges((one.language,)),
        "level": "–".join(labels),
        "url": one.url,
        "size": speech().number(one.kilobytes) if one.kilobytes else "",
        "this_week": one.week_of is not None and 0 <= (monday - one.week_of).days < 7,
    }


@pages.get("/volunteer/materials/<material_id>.pdf")
@learner
def material_file(material_id: str) -> ResponseReturnValue:
    """The file of an idea, to open or to print."""
    own_volunteer()
    return file_of(materials.material_named(db(), material_id, with_file=True))


def file_of(material: Material) -> Response:
    """The PDF. Raises NotFound for a link."""
    if material.file is None:
        raise NotFound("material")
    answer = Response(material.file, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="idea.pdf"'
    return answer
