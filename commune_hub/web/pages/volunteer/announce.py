"""Becoming a volunteer: two hours a week, the next training, a short form (V-10)."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts import actions as accounts
from commune_hub.base.errors import InputCode, Invalid
from commune_hub.places import queries as places
from commune_hub.speech import dates
from commune_hub.speech.catalogues import own_name_of
from commune_hub.volunteers import trainings
from commune_hub.volunteers.actions import life, profiles
from commune_hub.volunteers.inputs import AnnounceDraft
from commune_hub.web import tries
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages import pages, words
from commune_hub.web.pages.staff.activity_form import COMMON_LANGUAGES, tags_from
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, ask_again, db, go, now
from commune_hub.web.security import guest


@pages.route("/volunteer/announce", methods=["GET", "POST"])
@guest
def become_volunteer() -> ResponseReturnValue:
    """Name, phone or mail, languages, where. The answer is the same whoever is known already."""
    if request.method == "GET":
        return _page({})
    ask_again(_page)
    typed, unknown = tags_from(request.form.get("other_languages", ""))
    if unknown:
        raise Invalid({"other_languages": [InputCode.NOT_A_LANGUAGE]})
    languages = [*request.form.getlist("languages"), *typed]
    likes = request.form.getlist("likes")
    draft = AnnounceDraft.parse({**request.form.to_dict(), "languages": languages, "likes": likes})
    if tries.remembered("announce as a volunteer", draft.contact.value) is None:
        return render_template("volunteer/announced.html", too_many=True), 429
    found = places.find_places(db(), draft.place, limit=1)
    if not found:
        raise Invalid({"place": [InputCode.UNKNOWN_PLACE]})
    place = found[0]
    person = accounts.person_for(db(), name=draft.name, language=speech().code, now=now(), reach=draft.contact)
    volunteer = life.announce(db(), person=person, now=now())
    # What somebody has said of themselves before is not overwritten by a form that anybody can fill in.
    if not volunteer.languages:
        near = places.place_near(place.point)
        profiles.keep_point(db(), volunteer=volunteer, point=place.point, label=near.name if near else place.name)
        profiles.set_languages(db(), volunteer=volunteer, offers=dict.fromkeys(draft.languages), understands=())
        lau2 = places.commune_at(db(), place.point)
        profiles.set_communes(db(), volunteer=volunteer, lau2s=[lau2] if lau2 else [])
        volunteer.likes = list(draft.likes)
    return go("pages.volunteer_announced")


@pages.get("/volunteer/thank-you")
@guest
def volunteer_announced() -> ResponseReturnValue:
    """Thank you, and what comes next."""
    return render_template("volunteer/announced.html", too_many=False)


def _page(problems: Problems) -> str:
    coming = trainings.coming(db(), now(), limit=1)
    return render_template(
        "volunteer/announce.html",
        form=Form(request.form, problems),
        training=dates.meeting_when(coming[0], speech()) if coming else "",
        practised=[(tag, own_name_of(tag)) for tag in COMMON_LANGUAGES],
        likes=[(str(like), _(sentence)) for like, sentence in words.LIKE.items()],
    )


