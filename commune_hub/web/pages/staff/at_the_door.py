"""What is shown and printed at the door: the paper sheet, the code to check in with, somebody's practice card."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import is_public_id
from commune_hub.events import roll
from commune_hub.events.actions import attendance, cards
from commune_hub.events.records import Roll
from commune_hub.papers.sheet import sheet_pdf
from commune_hub.web.i18n import N_, SPOKEN, speech, speeches
from commune_hub.web.pages import parts
from commune_hub.web.pages.card import printed
from commune_hub.web.pages.staff import lines
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.attendance import meeting_to_mark
from commune_hub.web.pages.staff.meetings import signup_of_ours
from commune_hub.web.request import actor, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows


@pages.get("/meetings/<meeting_id>/sheet.pdf")
@staff(Permission.TAKE_ATTENDANCE)
@shows(TracedThing.SHEET)
def attendance_sheet(meeting_id: str) -> ResponseReturnValue:
    """The sheet to print and to sign."""
    meeting = meeting_to_mark(meeting_id)
    found = roll.roll_of(db(), meeting)
    names = [(one.name, speech().language_name(one.for_language) if one.for_language else "") for one in found.lines]
    url = parts.short_url("roll", meeting_id=meeting_id)
    pdf = sheet_pdf(meeting, names, speech(), url=url, shown_url=url, at=now())
    answer = Response(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="attendance-{meeting.starts_at:%Y-%m-%d}.pdf"'
    return answer


@pages.post("/meetings/<meeting_id>/check-in")
@staff(Permission.TAKE_ATTENDANCE)
def show_check_in(meeting_id: str) -> ResponseReturnValue:
    """Make the code, then show it."""
    meeting = meeting_to_mark(meeting_id)
    back_to("staff.attendance", meeting_id=meeting_id)
    attendance.open_roll(db(), meeting=meeting, actor=actor(), now=now())
    return go("staff.check_in_code", meeting_id=meeting_id)


@pages.get("/meetings/<meeting_id>/check-in")
@staff(Permission.TAKE_ATTENDANCE)
@shows(NOBODY)
def check_in_code(meeting_id: str) -> ResponseReturnValue:
    """The code, big, to be scanned from a phone or a sheet at the door."""
    meeting = meeting_to_mark(meeting_id)
    held = db().get(Roll, meeting.id)
    url = parts.short_url("check_in", code=held.check_in) if held else ""
    said = [(code, speeches()[code].say(N_("Scan the code and say: I am here."))) for code in SPOKEN]
    return render_template(
        "staff/check_in.html",
        **lines.heading_of(meeting),
        url=parts.as_read(url),
        qr=parts.qr_svg(url) if url else "",
        said=said,
        back=url_for("staff.attendance", meeting_id=meeting_id),
    )


@pages.get("/sign-ups/<signup_id>/card")
@staff(Permission.SIGN_UP_OTHERS)
@shows(TracedThing.PRACTICE_CARD)
def person_card(signup_id: str) -> ResponseReturnValue:
    """Somebody's practice card to print, or the button that makes one."""
    signup = signup_of_ours(signup_id)
    card = roll.cards_of(db(), [signup.person_id]).get(signup.person_id)
    url = parts.short_url("card", code=card.code) if card else ""
    return render_template(
        "staff/card.html",
        signup=signup,
        name=signup.person.name,
        code=card.code if card else "",
        url=parts.as_read(url),
        qr=parts.qr_svg(url) if card else "",
        back=url_for("staff.signup", signup_id=signup_id),
    )


@pages.post("/sign-ups/<signup_id>/card")
@staff(Permission.SIGN_UP_OTHERS)
def make_person_card(signup_id: str) -> ResponseReturnValue:
    """Make the card; with the code of a lost one, end that and make another."""
    signup = signup_of_ours(signup_id)
    lost = request.form.get("lost", "")
    if is_public_id(lost):
        cards.replace_card(db(), person=signup.person, now=now(), code=lost)
        say(N_("The old card is no longer valid. This is the new one."))
    else:
        cards.make_card(db(), person=signup.person, now=now())
    return go("staff.person_card", signup_id=signup_id)


@pages.get("/sign-ups/<signup_id>/card/print")
@staff(Permission.SIGN_UP_OTHERS)
@shows(TracedThing.PRACTICE_CARD)
def print_person_card(signup_id: str) -> ResponseReturnValue:
    """The card for the wallet."""
    signup = signup_of_ours(signup_id)
    card = roll.cards_of(db(), [signup.person_id]).get(signup.person_id)
    if card is None:
        raise NotFound("card")
    return printed(card.code, back=url_for("staff.person_card", signup_id=signup_id))
