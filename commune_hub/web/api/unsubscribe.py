"""What the button "unsubscribe" of a mail program asks for (RFC 8058): no more reminders, no more alerts."""

from flask import url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from commune_hub.events import queries
from commune_hub.events.actions.reminders import want_reminders
from commune_hub.events.words import AlertState
from commune_hub.matching import alerts
from commune_hub.web.api import plain
from commune_hub.web.i18n import wanted_language
from commune_hub.web.request import db, now
from commune_hub.web.security import guest


@plain.get("/b/<link_key>/no-reminders")
@guest
def no_reminders_page(link_key: str) -> ResponseReturnValue:
    """A mail program that only opens the link, or a scanner that opens every link: the page with the button."""
    return redirect(url_for("pages.booking", lang=wanted_language(), link_key=link_key), 302)


@plain.post("/b/<link_key>/no-reminders")
@guest
def no_reminders(link_key: str) -> ResponseReturnValue:
    """Sent by the mail program itself, without a form of ours, so app.py asks for no CSRF token here.

    Whoever has the key of the booking may do more than this.
    """
    want_reminders(db(), signup=queries.signup_by_key(db(), link_key), wanted=False, now=now())
    return "", 204


@plain.get("/t/<link_key>/end")
@guest
def end_alert_page(link_key: str) -> ResponseReturnValue:
    """Opened and not posted: the page with the button."""
    return redirect(url_for("pages.alert", lang=wanted_language(), link_key=link_key), 302)


@plain.post("/t/<link_key>/end")
@guest
def end_alert(link_key: str) -> ResponseReturnValue:
    """Sent by the mail program itself, like the one above."""
    alerts.change(db(), alert=alerts.alert_by_key(db(), link_key), state=AlertState.ENDED, now=now())
    return "", 204
