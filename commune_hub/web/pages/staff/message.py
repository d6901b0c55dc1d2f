"""Writing to the people of a meeting (C-07): how each is reached, what a text message costs, a look, then once."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import new_public_id
from commune_hub.events import reached
from commune_hub.events.actions import messages
from commune_hub.events.message_inputs import GroupDraft
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.reached import Audience, Way
from commune_hub.events.words import CancelReason, MeetingState
from commune_hub.papers.letters import Posted, letter_of, letters_pdf
from commune_hub.speech import gsm
from commune_hub.speech.group import group_sms, when_words
from commune_hub.web.i18n import N_, SPOKEN, _, speech, speech_in
from commune_hub.web.pages.staff import lines
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form, pairs
from commune_hub.web.pages.staff.meetings import meeting_of_ours
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say, settings
from commune_hub.web.security import staff
from commune_hub.web.tracing import shows


@dataclass(frozen=True, slots=True)
class Cost:
    """What the longest text message takes: messages for each person and in all, what is left, what makes it dear."""

    each: int
    all: int
    left: int
    forcing: str
    saved: int
    text: str
    language: str


@pages.route("/meetings/<meeting_id>/message", methods=["GET", "POST"])
@staff(Permission.SEE_SIGNUPS)
@shows(TracedThing.MESSAGE)
def message(meeting_id: str) -> ResponseReturnValue:
    """The form; with "look" what it will be like; with "send" it goes out, once."""
    found = meeting_of_ours(meeting_id)
    if request.method == "GET":
        return _page(found, Form({"language": speech().code, "key": new_public_id()}))
    back_to("staff.message", meeting_id=meeting_id)
    ask_again(lambda problems: _again(meeting_id, problems))
    draft = GroupDraft.parse(request.form)
    if request.form.get("step") != "send":
        return _page(found, Form(request.form), draft)
    sent = messages.write_to(db(), meeting=found, draft=draft, actor=actor(), now=now())
    told = _audience(found, sent.to_waiting)
    number = len(told.of(Way.MAIL, Way.PHONE))
    say(speech().say_many("One person gets your message.", "%(num)s people get your message.", number))
    if told.of(Way.LETTER):
        say(N_("Somebody has neither mail nor phone. Print the letters below."))
    return go("staff.message", meeting_id=meeting_id)


def _again(meeting_id: str, problems: Problems) -> str:
    return _page(meeting_of_ours(meeting_id), Form(request.form, problems))


def _audience(meeting: Meeting, waiting: bool) -> Audience:
    return reached.audience_of(db(), meeting, waiting=waiting)


def _page(meeting: Meeting, form: Form, draft: GroupDraft | None = None) -> str:
    audience = _audience(meeting, form.ticked("to_waiting"))
    everybody = _audience(meeting, True)
    cancelled = meeting.state == MeetingState.CANCELLED
    by_letter = _without_contact(meeting, waiting=True, paused=cancelled)
    return render_template(
        "staff/message.html",
        **lines.heading_of(meeting),
        form=form,
        draft=draft,
        languages=pairs((code, spoken.own_name) for code, spoken in SPOKEN.items()),
        cells=_cells(audience),
        told=len(audience.of(Way.MAIL, Way.PHONE)),
        reachable=bool(everybody.of(Way.MAIL, Way.PHONE, Way.LETTER)),
        wait=meeting.pool.waiting,
        cost=_cost(meeting, audience, draft) if draft else None,
        too_late=now() > meeting.ends_at + messages.OPEN_AFTER,
        by_letter=lines.people_of(by_letter),
        letters=_letters_of(meeting) if by_letter else [],
    )


def _without_contact(meeting: Meeting, *, waiting: bool, paused: bool) -> list[Signup]:
    return reached.without_contact(db(), meeting, waiting=waiting, paused=paused)


def _cells(audience: Audience) -> list[tuple[str, str, str]]:
    number = speech().number
    cells = [
        ("ok", Way.MAIL, _("by mail")),
        ("ok", Way.PHONE, _("by text message")),
        ("warn", Way.LETTER, _("by letter")),
        ("", Way.PAUSED, _("want no messages")),
    ]
    counted = [(kind, len(audience.of(way)), words) for kind, way, words in cells]
    return [(kind if many else "", number(many), words) for kind, many, words in counted if many or kind]


def _cost(meeting: Meeting, audience: Audience, draft: GroupDraft) -> Cost | None:
    """The dearest text message of all, as the worker will send it; None when nobody gets one."""
    texts = [(_sms(meeting, signup, draft.text), signup) for signup in audience.of(Way.PHONE)]
    if not texts:
        return None
    counted = [gsm.segments(gsm.fitted(text)) for text, _signup in texts]
    dearest = max(range(len(texts)), key=lambda number: counted[number].number)
    most, text = counted[dearest], texts[dearest][0]
    return Cost(
        each=most.number,
        all=sum(one.number for one in counted),
        left=most.left,
        forcing=" ".join(most.forcing[:12]),
        saved=gsm.segments(text).number - most.number,
        text=gsm.fitted(text),
        language=texts[dearest][1].person.language,
    )


def _sms(meeting: Meeting, signup: Signup, text: str) -> str:
    theirs = speech_in(signup.person.language)
    return group_sms(
        text,
        theirs,
        organiser=meeting.activity.organisation.name,
        when=when_words(meeting.starts_at, theirs),
        url=f"{settings().base_url}/{theirs.code}/b/{signup.link_key}",
    )


def _letters_of(meeting: Meeting) -> list[tuple[str, str]]:
    """Addresses and words of the letters that can be printed: the cancellation, and each message."""
    found = []
    if meeting.state == MeetingState.CANCELLED:
        address = url_for("staff.letters", meeting_id=meeting.public_id)
        found.append((address, _("Letters about the cancellation (PDF)")))
    for one in messages.messages_of(db(), meeting):
        if not _without_contact(meeting, waiting=one.to_waiting, paused=False):
            continue
        address = url_for("staff.letters", meeting_id=meeting.public_id, message=one.public_id)
        found.append((address, _("Letters with the message of %(when)s (PDF)", when=lines.short_when(one.at))))
    return found


@pages.get("/meetings/<meeting_id>/letters.pdf")
@staff(Permission.SEE_SIGNUPS)
@shows(TracedThing.LETTERS)
def letters(meeting_id: str) -> ResponseReturnValue:
    """A message, or the cancellation, on paper for everybody with neither mail address nor phone number."""
    meeting = meeting_of_ours(meeting_id)
    if request.args.get("message"):
        sent = messages.message_named(db(), request.args["message"])
        if sent.meeting_id != meeting.id:
            raise NotFound("message")
        signups = _without_contact(meeting, waiting=sent.to_waiting, paused=False)
        return _pdf(meeting, signups, Posted(text=sent.text, language=sent.language))
    if meeting.state != MeetingState.CANCELLED:
        raise NotFound("letters")
    signups = _without_contact(meeting, waiting=True, paused=True)
    return _pdf(meeting, signups, Posted(reason=CancelReason(meeting.cancel_reason or CancelReason.OTHER)))


def _pdf(meeting: Meeting, signups: Sequence[Signup], posted: Posted) -> Response:
    if not signups:
        raise NotFound("letters")
    written = [letter_of(meeting, one.person.name, speech_in(one.person.language), posted, on=now()) for one in signups]
    answer = Response(letters_pdf(meeting, written, speech(), at=now()), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="letters.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
