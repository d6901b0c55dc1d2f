"""Volunteers: those who work for us (C-09), for ASTI the pool with its filters (A-06), and one's file (A-03)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts.rules import short_name
from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import InputCode, Invalid
from commune_hub.base.ids import new_public_id
from commune_hub.base.words import LOCAL
from commune_hub.events.words import CefrLevel
from commune_hub.places.communes import commune_of, communes, is_commune
from commune_hub.speech import attesting, dates, telling
from commune_hub.speech.catalogues import own_name_of
from commune_hub.volunteers import hours, letters, permissions, queries, rota, rules
from commune_hub.volunteers.actions import life
from commune_hub.volunteers.inputs import LetterDraft, StepDraft
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.permissions import Reader
from commune_hub.volunteers.queries import Sieve
from commune_hub.volunteers.words import Like, StepBy, VolunteerState
from commune_hub.web.cards import PractisedLanguage
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import parts, words
from commune_hub.web.pages.staff import lines
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.activity_form import COMMON_LANGUAGES
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.pages.weeks import week_of
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import asked_for, must_say_why, shows

PER_PAGE = 30
_KIND = {
    VolunteerState.ACTIVE: "ok", VolunteerState.TRAINED: "ok", VolunteerState.ANNOUNCED: "warn",
    VolunteerState.INVITED: "warn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class VolunteerCard:
    """A volunteer in a list. `reach` is empty for whoever may not see it."""

    id: str
    name: str
    langs: tuple[PractisedLanguage, ...]
    kind: str
    state: str
    training: str
    trained: bool
    place: str
    likes: str
    reach: str
    reach_url: str


def card_of(volunteer: Volunteer, who: Reader) -> VolunteerCard:
    """What this reader may see of a volunteer."""
    today = now().astimezone(LOCAL).date()
    until, state = volunteer.qualified_until, VolunteerState(volunteer.state)
    sees_contact = permissions.sees_contact(who, state)
    reach, url = lines.reach_of(volunteer.person) if sees_contact else ("", "")
    helps = ", ".join(commune_of(lau2).name(speech().code) for lau2 in volunteer.lau2s if is_commune(lau2))
    return VolunteerCard(
        id=volunteer.public_id,
        name=volunteer.person.name if sees_contact else short_name(volunteer.person.name),
        langs=parts.badges(tuple(volunteer.offers)),
        kind=_KIND.get(state, ""),
        state=_(words.VOLUNTEER_STATE[state]),
        training=_("Training valid until %(day)s", day=speech().day_and_year(until)) if until else _("No training yet"),
        trained=volunteer.is_qualified(today),
        place=helps,
        likes=", ".join(_(words.LIKE[Like(like)]) for like in volunteer.likes),
        reach=reach,
        reach_url=url,
    )


@pages.get("/volunteers")
@staff(Permission.SEE_VOLUNTEERS)
@shows(TracedThing.VOLUNTEERS)
def volunteers() -> ResponseReturnValue:
    """ASTI's pool with filters; officers see those who work for their organisation."""
    if actor().may(Permission.LOOK_AFTER_VOLUNTEERS, None):
        return _pool({})
    ours = actor().organisation_ids(Permission.SEE_VOLUNTEERS) or frozenset()
    found = queries.working_for(db(), ours, now())
    return render_template(
        "staff/volunteers.html",
        cards=[card_of(one, Reader.ORGANISER) for one in found],
        missing=_without_host(),
        join_url=parts.short_url("become_volunteer"),
        may_ask=actor().may_somewhere(Permission.ASK_SUPPORT),
    )


def _without_host() -> list[tuple[str, str, str]]:
    """The next dates of ours that nobody looks after: words, when, address."""
    ours = actor().organisation_ids(Permission.SEE_VOLUNTEERS)
    found = rota.without_host(db(), ours, now(), now() + timedelta(days=14))
    return [
        (telling.title_of(one.activity, speech()), dates.meeting_when(one, speech()),
         url_for("staff.meeting", meeting_id=one.public_id))
        for one in found
    ]  # fmt: skip


# -- the pool -------------------------------------------------------------------


def _sieve() -> Sieve:
    asked = request.args
    states = tuple(VolunteerState(text) for text in asked.getlist("state") if text in VolunteerState._value2member_map_)
    slot = asked.get("slot", "")
    return Sieve(
        states=states,
        language=asked.get("language", "")[:35],
        lau2=asked.get("commune", "") if is_commune(asked.get("commune", "")) else "",
        slot=int(slot) if slot.isascii() and slot.isdigit() and int(slot) < rules.SLOTS else None,
        like=asked.get("like", "") if asked.get("like", "") in Like._value2member_map_ else "",
        qualified={"yes": True, "no": False}.get(asked.get("qualified", "")),
    )


def _pool(problems: Problems) -> str:
    sieve = _sieve()
    found = queries.pool_of(db(), sieve, now().astimezone(LOCAL).date())
    page = request.args.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 0
    shown = found[number * PER_PAGE : (number + 1) * PER_PAGE]
    asked: dict[str, Any] = {name: values for name, values in request.args.lists() if name != "page"}
    slots = [(slot, f"{day} – {called}") for day, cells in week_of(0) for slot, called, _on in cells]
    return render_template(
        "staff/volunteer_pool.html",
        number=len(found),
        cards=[card_of(one, Reader.ASTI) for one in shown],
        form=Form(request.args, {}),
        letter=Form(request.form if problems else {"key": new_public_id()}, problems),
        told=sum(one.state != VolunteerState.LEFT for one in found),
        states=[(str(state), _(sentence)) for state, sentence in words.VOLUNTEER_STATE.items()],
        practised=[(tag, own_name_of(tag)) for tag in dict.fromkeys([*COMMON_LANGUAGES, sieve.language]) if tag],
        communes=[(one.lau2, one.name(speech().code)) for one in communes()],
        slots=slots,
        likes=[(str(like), _(sentence)) for like, sentence in words.LIKE.items()],
        before=url_for("staff.volunteers", **asked, page=number - 1) if number else "",
        after=url_for("staff.volunteers", **asked, page=number + 1) if len(found) > (number + 1) * PER_PAGE else "",
    )


@pages.post("/volunteers/write")
@staff(Permission.LOOK_AFTER_VOLUNTEERS)
@shows(TracedThing.VOLUNTEERS)
def write_to_volunteers() -> ResponseReturnValue:
    """One letter to everybody whom the filters of the address let through."""
    back_to("staff.volunteers")
    ask_again(_pool)
    draft = LetterDraft.parse(request.form)
    found = queries.pool_of(db(), _sieve(), now().astimezone(LOCAL).date())
    letters.write_to(db(), volunteers=found, draft=draft, actor=actor(), now=now())
    number = sum(one.state != VolunteerState.LEFT for one in found)
    say(speech().say_many("One person gets your message.", "%(num)s people get your message.", number))
    return go("staff.volunteers")


# -- one volunteer -----------------------------------------------------------------


@pages.get("/volunteers/<volunteer_id>")
@staff(Permission.SEE_VOLUNTEERS)
@shows(TracedThing.VOLUNTEER)
def volunteer(volunteer_id: str) -> ResponseReturnValue:
    """What one may see of a volunteer: ASTI the whole file, an organiser what it needs to work with them."""
    must_say_why(TracedThing.VOLUNTEER, _found(volunteer_id)[0].person)
    return _file(volunteer_id, {})


def _found(volunteer_id: str) -> tuple[Volunteer, Reader]:
    found = queries.volunteer_named(db(), volunteer_id)
    asked_for(found.person)
    works_for = queries.organisers_of(db(), [found.id], now()).get(found.id, set())
    return found, permissions.must_see(actor(), found.state, works_for)


def _file(volunteer_id: str, problems: Problems) -> str:
    found, who = _found(volunteer_id)
    spoken, is_asti = speech(), who is Reader.ASTI
    given = hours.given_by(db(), found, now())
    steps = queries.steps_of(db(), found) if is_asti else []
    seen = found.bulletin_seen_on
    return render_template(
        "staff/volunteer.html",
        card=card_of(found, who),
        asti=is_asti,
        levels=[
            (spoken.language_name(tag), CefrLevel(level).label if level else _("own language"))
            for tag, level in found.offers.items()
        ],
        understands=dates.listed([spoken.language_name(tag) for tag in found.understands], spoken),
        week=week_of(found.free_slots),
        now_and_then=found.now_and_then,
        place=found.place if is_asti else "",
        reach=_("%(km)s km", km=spoken.number(found.reach_km)),
        online=found.online,
        capacity=spoken.number(found.capacity),
        wishes=found.wishes if is_asti else "",
        charter=spoken.day_and_year(found.charter_agreed_on) if found.charter_agreed_on else "",
        bulletin=spoken.day_and_year(seen) if seen else "",
        bulletin_by=queries.seen_by(db(), found) if seen and is_asti else "",
        hours=attesting.hours_words(sum(one.minutes for one in given), spoken) if given else "",
        hosts=[
            (dates.meeting_when(one.meeting, spoken), telling.title_of(one.meeting.activity, spoken),
             url_for("staff.meeting", meeting_id=one.meeting.public_id), str(one.state))
            for one in rota.hosted_by(db(), found, now())
        ],
        qualifications=[
            (telling.title_of(row.activity, spoken), spoken.day_and_year(row.granted_on),
             spoken.day_and_year(row.valid_until))
            for row in found.qualifications
        ],
        steps=[
            (lines.short_when(one.at), _(words.VOLUNTEER_STATE[one.became]), one.by, one.note) for one in steps
        ],
        next_steps=[
            (str(state), _(words.VOLUNTEER_STATE[state]))
            for state in rules.steps_from(VolunteerState(found.state), StepBy.STAFF)
        ],
        form=Form(request.form if problems else {}, problems),
    )  # fmt: skip


@pages.post("/volunteers/<volunteer_id>/step")
@staff(Permission.LOOK_AFTER_VOLUNTEERS)
def step_volunteer(volunteer_id: str) -> ResponseReturnValue:
    """A step of the life cycle, with a note that only ASTI reads."""
    back_to("staff.volunteer", volunteer_id=volunteer_id)
    ask_again(lambda problems: _file(volunteer_id, problems))
    found, _who = _found(volunteer_id)
    draft = StepDraft.parse(request.form)
    life.step(
        db(), volunteer=found, becomes=draft.becomes, by=StepBy.STAFF, actor=actor(), note=draft.note, now=now()
    )
    say(N_("Noted."))
    return go("staff.volunteer", volunteer_id=volunteer_id)


@pages.post("/volunteers/<volunteer_id>/bulletin")
@staff(Permission.LOOK_AFTER_VOLUNTEERS)
def see_bulletin(volunteer_id: str) -> ResponseReturnValue:
    """Bulletin no. 5 was shown and looked at: the day and the account are kept, the paper is handed back."""
    back_to("staff.volunteer", volunteer_id=volunteer_id)
    found, _who = _found(volunteer_id)
    wanted = request.form.get("seen", "")
    if wanted not in ("yes", "no"):
        raise Invalid({"seen": [InputCode.NOT_A_CHOICE]})
    life.see_bulletin(db(), volunteer=found, seen=wanted == "yes", actor=actor(), now=now())
    say(N_("Noted. The paper itself is not kept: please hand it back."))
    return go("staff.volunteer", volunteer_id=volunteer_id)
