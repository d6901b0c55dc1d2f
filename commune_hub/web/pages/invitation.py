"""Answers by a personal link: an invitation to an orientation day, and the place in a postponed course."""

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.events import queries
from commune_hub.events.actions import courses, invitations
from commune_hub.speech import telling
from commune_hub.speech.catalogues import N_
from commune_hub.web.i18n import speech
from commune_hub.web.pages import pages, parts
from commune_hub.web.pages.course_facts import course_facts
from commune_hub.web.request import back_to, db, go, now, say
from commune_hub.web.security import guest


@pages.get("/i/<link_key>")
@guest
def invitation(link_key: str) -> ResponseReturnValue:
    """One's own invitation. Mail scanners open every link, so nothing changes here; the two buttons post."""
    found = invitations.invitation_by_key(db(), link_key)
    activity, meeting = found.activity, invitations.meeting_of(found.activity)
    signup = invitations.signup_of(db(), found)
    parts.wear_theme(activity.organisation)
    page = render_template(
        "public/invitation.html",
        link_key=link_key,
        first_name=found.person.name,
        title=telling.title_of(activity, speech()),
        when=telling.meeting_when(meeting, speech()) if meeting else "",
        place=telling.place_words(activity, meeting.venue, speech()) if meeting else "",
        address=telling.address_words(meeting.venue) if meeting and meeting.venue else "",
        is_open=meeting is not None and meeting.starts_at > now(),
        comes=found.comes,
        booking=signup.link_key if signup else "",
        facts=course_facts(activity),
        contact=parts.contact_for(activity.organisation, speech(), activity),
        organiser=activity.organisation.name,
    )
    return _private(make_response(page))


@pages.post("/i/<link_key>")
@guest
def answer_invitation(link_key: str) -> ResponseReturnValue:
    """Yes takes a seat, no gives it back."""
    back_to("pages.invitation", link_key=link_key)
    found = invitations.invitation_by_key(db(), link_key)
    comes = request.form.get("comes") == "yes"
    invitations.answer(db(), invitation=found, comes=comes, now=now())
    say(N_("Good that you are coming.") if comes else N_("Thank you for telling us."))
    return go("pages.invitation", link_key=link_key)


@pages.post("/b/<link_key>/keep")
@guest
def keep_booking(link_key: str) -> ResponseReturnValue:
    """Keep the place in a postponed course."""
    back_to("pages.booking", link_key=link_key)
    courses.keep(db(), signup=queries.signup_by_key(db(), link_key), now=now())
    say(N_("Thank you. You keep your place."))
    return go("pages.booking", link_key=link_key)


def _private(answer: Response) -> Response:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
