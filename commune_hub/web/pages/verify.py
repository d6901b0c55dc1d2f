"""Whether a certificate is valid, for anybody who holds one: by its QR code, or by typing the code (no name)."""

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from commune_hub.accounts.words import TracedThing
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import as_read, code_from
from commune_hub.base.words import LOCAL
from commune_hub.events import certificates
from commune_hub.events.certificate_documents import ENGAGEMENT, Statement
from commune_hub.events.words import CertificateState
from commune_hub.speech import attesting
from commune_hub.volunteers import engagements
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages import pages
from commune_hub.web.request import db, go
from commune_hub.web.security import guest
from commune_hub.web.tracing import shows


@pages.get("/verify")
@guest
def verify() -> ResponseReturnValue:
    """A field for the code; with a code in it, on to its page."""
    typed = request.args.get("code", "")
    if code_from(typed):
        return go("pages.verified", code=code_from(typed))
    return _page(typed=typed, unknown=bool(typed.strip()))


@pages.get("/verify/<code>")
@guest
@shows(TracedThing.CERTIFICATE_CHECK)
def verified(code: str) -> ResponseReturnValue:
    """Valid or void, what, hours, issuer, initials, date: enough to compare with the paper, and no more."""
    try:
        found = certificates.certificate_named(db(), code)
    except NotFound:
        return _engagement(code)
    if found.state == CertificateState.PREPARED:
        return _page(typed=code, unknown=True)
    said, spoken = certificates.statement_of(db(), found), speech()
    voided = spoken.day_and_year(found.voided_at.astimezone(LOCAL).date()) if found.voided_at else ""
    why = attesting.void_words(found.void_reason, spoken)
    return _page(facts=_facts(said), voided=voided, why=why, shown=as_read(found.code))


def _engagement(code: str) -> Response:
    """The same for the hours that a volunteer gave."""
    try:
        found = engagements.engagement_named(db(), code)
    except NotFound:
        return _page(typed=code, unknown=True)
    return _page(facts=_facts(engagements.statement_of(db(), found)), shown=as_read(found.code))


def _facts(said: Statement) -> list[tuple[str, str]]:
    spoken = speech()
    return [
        (_("What"), attesting.title_words(said, spoken)),
        (_("Language"), attesting.language_words(said, spoken)),
        (_("When"), attesting.period_words(said.days, spoken)),
        (_("Hours") if said.kind == ENGAGEMENT else _("Attended"), attesting.amount_words(said, spoken)),
        (_("What it counts for"), attesting.counts_words(said, spoken)),
        (_("Issued by"), said.issuer),
        (_("Issued on"), spoken.day_and_year(said.issued_on)),
        *([(_("Initials"), attesting.initials(said.name))] if said.name else []),
    ]


def _page(
    *,
    typed: str = "",
    unknown: bool = False,
    facts: list[tuple[str, str]] | None = None,
    voided: str = "",
    why: str = "",
    shown: str = "",
) -> Response:
    page = render_template(
        "public/verify.html", typed=typed[:60], unknown=unknown, facts=facts, voided=voided, why=why, shown=shown
    )
    answer = make_response(page, 404 if unknown else 200)
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "no-store"
    return answer
