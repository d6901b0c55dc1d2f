"""What volunteers say about themselves: languages and wishes, times, papers (B-06, B-09)."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.base.errors import InputCode, Invalid, NotFound
from commune_hub.base.ids import as_read
from commune_hub.base.words import LOCAL
from commune_hub.events.certificate_documents import PURPOSE, signing_key
from commune_hub.events.words import CefrLevel
from commune_hub.places import queries as places
from commune_hub.places.communes import communes
from commune_hub.speech import attesting
from commune_hub.speech.catalogues import own_name_of
from commune_hub.volunteers import engagements, hours, rules
from commune_hub.volunteers.actions import life, profiles
from commune_hub.volunteers.inputs import ProfileDraft, TimesDraft
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.words import StepBy, VolunteerState
from commune_hub.web.certificate_files import statement_file
from commune_hub.web.i18n import N_, _, speech, speech_in
from commune_hub.web.pages import pages, words
from commune_hub.web.pages.staff.activity_form import COMMON_LANGUAGES, tags_from
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.pages.volunteer import own_volunteer, tabs
from commune_hub.web.pages.weeks import week_words
from commune_hub.web.request import Problems, ask_again, back_to, db, go, now, say, settings, store
from commune_hub.web.security import learner

# Levels that a volunteer can name: the main ones say enough.
LEVELS = (CefrLevel.A2, CefrLevel.B1, CefrLevel.B2, CefrLevel.C1, CefrLevel.C2)


# -- languages, place, likes, wishes ------------------------------------------------


@pages.route("/volunteer/profile", methods=["GET", "POST"])
@learner
def volunteer_profile() -> ResponseReturnValue:
    """Languages with their level, place and reach, what they like to do, which communes they help."""
    if request.method == "GET":
        return _profile({})
    ask_again(_profile)
    volunteer = own_volunteer()
    offers, unknown = tags_from(request.form.get("other_languages", ""))
    understands, strange = tags_from(request.form.get("understands", ""))
    wrong = {"other_languages": unknown, "understands": strange}
    if any(wrong.values()):
        raise Invalid({name: [InputCode.NOT_A_LANGUAGE] for name, is_wrong in wrong.items() if is_wrong})
    tags = tuple(dict.fromkeys([*request.form.getlist("offers"), *offers]))
    draft = ProfileDraft.parse(
        request.form.to_dict() | {
            "offers": tags, "levels": [request.form.get(f"level_{tag}", "") for tag in tags],
            "understands": understands, "likes": request.form.getlist("likes"),
            "communes": request.form.getlist("communes"),
        }
    )  # fmt: skip
    _keep_place(volunteer, draft.place)
    profiles.set_languages(db(), volunteer=volunteer, offers=draft.offered, understands=draft.understands)
    profiles.set_communes(db(), volunteer=volunteer, lau2s=draft.communes)
    profiles.keep_wishes(db(), volunteer=volunteer, wishes=draft.wishes)
    volunteer.reach_km, volunteer.online, volunteer.capacity = draft.reach_km, draft.online, draft.capacity
    volunteer.likes = [str(like) for like in draft.likes]
    profiles.touch(volunteer, now())
    say(N_("Saved."))
    return go("pages.volunteer_profile")


def _keep_place(volunteer: Volunteer, typed: str) -> None:
    if not typed:
        profiles.keep_point(db(), volunteer=volunteer, point=None)
    elif typed != volunteer.place:
        found = places.find_places(db(), typed, limit=1)
        if not found:
            raise Invalid({"place": [InputCode.UNKNOWN_PLACE]})
        near = places.place_near(found[0].point)
        profiles.keep_point(db(), volunteer=volunteer, point=found[0].point, label=near.name if near else found[0].name)


def _profile(problems: Problems) -> str:
    volunteer = own_volunteer()
    form = Form(request.form if problems else _typed(volunteer), problems)
    return render_template(
        "volunteer/profile.html",
        tabs=tabs("pages.volunteer_profile"),
        volunteer=volunteer,
        form=form,
        practised=[(tag, own_name_of(tag), form.value(f"level_{tag}")) for tag in _shown(volunteer)],
        levels=[(level.label, level.label) for level in LEVELS],
        likes=[(str(like), _(sentence)) for like, sentence in words.LIKE.items()],
        communes=[(one.lau2, one.name(speech().code)) for one in communes()],
        capacities=[(number, speech().number(number)) for number in range(10)],
        may_pause=rules.may_step(VolunteerState(volunteer.state), VolunteerState.PAUSED, StepBy.OWN),
        paused=volunteer.state == VolunteerState.PAUSED,
    )


def _shown(volunteer: Volunteer) -> list[str]:
    return list(dict.fromkeys([*COMMON_LANGUAGES, *volunteer.offers]))


def _typed(volunteer: Volunteer) -> dict[str, object]:
    levels = {f"level_{tag}": CefrLevel(level).label for tag, level in volunteer.offers.items() if level is not None}
    return levels | {
        "offers": list(volunteer.offers), "understands": ", ".join(volunteer.understands), "place": volunteer.place,
        "reach_km": volunteer.reach_km, "online": "yes" if volunteer.online else "", "capacity": volunteer.capacity,
        "likes": volunteer.likes, "communes": list(volunteer.lau2s), "wishes": volunteer.wishes,
    }  # fmt: skip


@pages.post("/volunteer/state")
@learner
def volunteer_state() -> ResponseReturnValue:
    """Pause, come back, or leave: each is a step of the table."""
    back_to("pages.volunteer_profile")
    volunteer = own_volunteer()
    wanted = request.form.get("becomes", "")
    if wanted not in (VolunteerState.PAUSED, VolunteerState.ACTIVE, VolunteerState.LEFT):
        raise Invalid({"becomes": [InputCode.NOT_A_CHOICE]})
    life.step(db(), volunteer=volunteer, becomes=VolunteerState(wanted), by=StepBy.OWN, now=now())
    if wanted == VolunteerState.LEFT:
        say(N_("Thank you for all that you did. We ask you nothing any more."))
        return go("pages.home")
    say(N_("You pause. We ask you nothing.") if wanted == VolunteerState.PAUSED else N_("Good to have you back."))
    return go("pages.volunteer_profile")


# -- times ------------------------------------------------------------------------------


@pages.route("/volunteer/times", methods=["GET", "POST"])
@learner
def volunteer_times() -> ResponseReturnValue:
    """Three parts of six days: eighteen big cells, and "now and then"."""
    volunteer = own_volunteer()
    if request.method == "POST":
        draft = TimesDraft.parse({**request.form.to_dict(), "slots": request.form.getlist("slots")})
        volunteer.free_slots, volunteer.now_and_then = rules.free_from(draft.slots), draft.now_and_then
        profiles.touch(volunteer, now())
        say(N_("Saved."))
        return go("pages.volunteer_times")
    return render_template(
        "volunteer/times.html", tabs=tabs("pages.volunteer_times"), week=week_words(),
        slots=rules.slots_in(volunteer.free_slots), now_and_then=volunteer.now_and_then,
    )  # fmt: skip


# -- papers -------------------------------------------------------------------------------


@pages.get("/volunteer/papers")
@learner
def volunteer_papers() -> ResponseReturnValue:
    """The charter, the training, bulletin no. 5, and the hours that can be certified."""
    volunteer, spoken = own_volunteer(), speech()
    today = now().astimezone(LOCAL).date()
    given = hours.given_by(db(), volunteer, now())
    until = volunteer.qualified_until
    return render_template(
        "volunteer/papers.html",
        tabs=tabs("pages.volunteer_profile"),
        charter=spoken.day_and_year(volunteer.charter_agreed_on) if volunteer.charter_agreed_on else "",
        qualified=volunteer.is_qualified(today),
        until=spoken.day_and_year(until) if until else "",
        bulletin=spoken.day_and_year(volunteer.bulletin_seen_on) if volunteer.bulletin_seen_on else "",
        hours=attesting.hours_words(sum(one.minutes for one in given), spoken) if given else "",
        times=len(given),
        papers=[
            (one.code, as_read(one.code), attesting.hours_words(one.minutes, spoken),
             spoken.day_and_year(one.issued_at.astimezone(LOCAL).date()))
            for one in engagements.engagements_of(db(), volunteer)
        ],
    )  # fmt: skip


@pages.post("/volunteer/charter")
@learner
def agree_to_charter() -> ResponseReturnValue:
    """The charter was read and agreed to, on this day."""
    volunteer = own_volunteer()
    if volunteer.charter_agreed_on is None:
        volunteer.charter_agreed_on = now().astimezone(LOCAL).date()
    say(N_("Thank you. The charter counts from today."))
    return go("pages.volunteer_papers")


@pages.post("/volunteer/engagement")
@learner
def ask_for_engagement() -> ResponseReturnValue:
    """A certificate of all hours until now."""
    back_to("pages.volunteer_papers")
    key = signing_key(store().keys.derive(PURPOSE))
    engagements.issue(db(), volunteer=own_volunteer(), issuer=settings().engagement_issuer, key=key, now=now())
    say(N_("Your certificate is ready."))
    return go("pages.volunteer_papers")


@pages.get("/volunteer/engagement/<code>.pdf")
@learner
def engagement_pdf(code: str) -> ResponseReturnValue:
    """The file of one's own certificate of engagement."""
    back_to("pages.volunteer_papers")
    volunteer, found = own_volunteer(), engagements.engagement_named(db(), code)
    if found.volunteer_id != volunteer.id:
        raise NotFound("certificate")
    said = engagements.statement_of(db(), found)
    signed = volunteer.person.opened(found.signature_sealed)
    return statement_file(said, signed, own=speech_in(volunteer.person.language), at=found.issued_at)
