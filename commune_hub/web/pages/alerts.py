"""Tell me: the form under a search, and the page behind the link in the mail, with yes, pause and end."""

from urllib.parse import parse_qs

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from commune_hub.accounts.inputs import MailDraft
from commune_hub.base.errors import NotFound
from commune_hub.events.words import AlertState
from commune_hub.matching import alerts
from commune_hub.matching.search import Search, read
from commune_hub.speech.catalogues import N_
from commune_hub.speech.searching import wish_words
from commune_hub.web.i18n import speech
from commune_hub.web.pages import pages, words
from commune_hub.web.pages.search import url_of
from commune_hub.web.request import Problems, ask_again, back_to, db, go, now, say
from commune_hub.web.security import guest

_ANSWERS = {
    AlertState.ACTIVE: N_("Good. You get one mail a day at most, when there is something new."),
    AlertState.PAUSED: N_("We pause. You get no mail until you go on."),
    AlertState.ENDED: N_("This is ended. You get no mail any more."),
}


@pages.route("/tell-me", methods=["GET", "POST"])
@guest
def tell_me() -> ResponseReturnValue:
    """A search becomes an alert by mail; the answer is the same whoever has this address."""
    asked = _search()
    if request.method == "GET":
        return _form(asked, {})
    back_to("pages.tell_me", **_query(asked))
    ask_again(lambda problems: _form(asked, problems))
    draft = MailDraft.parse(request.form)
    alerts.ask(db(), reach=draft.mail, search=asked, language=speech().code, now=now())
    say(N_("We have sent you a mail. Please open it and say yes."))
    return redirect(url_of(asked), 303)


def _search() -> Search:
    if request.method == "POST":
        return read(parse_qs(request.form.get("search", "")[:600]))[0]
    return read(request.args.to_dict(flat=False))[0]


def _query(search: Search) -> dict[str, list[str]]:
    return parse_qs(alerts.remembered(search))


def _form(search: Search, problems: Problems) -> str:
    told = {field: [words.problem(code) for code in codes] for field, codes in problems.items()}
    return render_template(
        "public/tell_me.html", wish=_wish(search), search=alerts.remembered(search), back=url_of(search),
        problems=told, mail=request.form.get("mail", ""),
    )  # fmt: skip


def _wish(search: Search) -> str:
    return wish_words(alerts.found_again(db(), alerts.remembered(search), speech().code), speech())


@pages.get("/t/<link_key>")
@guest
def alert(link_key: str) -> ResponseReturnValue:
    """How it stands. Mail scanners open every link, so nothing changes here; the buttons post."""
    found = alerts.alert_by_key(db(), link_key)
    search = alerts.found_again(db(), found.search, speech().code)
    answer = make_response(
        render_template(
            "public/alert.html", state=str(found.state), link_key=link_key, wish=wish_words(search, speech()),
            search_url=url_of(search),
        )
    )
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@pages.post("/t/<link_key>")
@guest
def change_alert(link_key: str) -> ResponseReturnValue:
    """Yes, pause, go on or end."""
    found = alerts.alert_by_key(db(), link_key)
    wanted = next((state for state in _ANSWERS if state == request.form.get("wanted")), None)
    if wanted is None:
        raise NotFound("answer")
    alerts.change(db(), alert=found, state=wanted, now=now())
    if found.state == wanted:
        say(_ANSWERS[wanted])
    return go("pages.alert", link_key=link_key)
