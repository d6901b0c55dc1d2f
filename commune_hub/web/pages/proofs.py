"""Certificates from outside as pages show them: the file to save, and what can be chosen about one."""

from flask import Response

from commune_hub.contracts.actions import outside as actions
from commune_hub.contracts.models import OutsideCertificate
from commune_hub.contracts.words import CountsAs
from commune_hub.events.words import CefrLevel
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages import words
from commune_hub.web.pages.forms import pairs
from commune_hub.web.request import db

# The administrative languages (RGD art. 7).
LANGUAGES = ("lb", "fr", "de")


def as_download(paper: OutsideCertificate) -> Response:
    """A file of somebody else is never shown inside a page of ours, only saved."""
    suffix, kind = ("pdf", "application/pdf") if paper.file_kind == "pdf" else ("jpg", "image/jpeg")
    answer = Response(actions.file_of(db(), paper), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="certificate.{suffix}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def choices() -> dict[str, list[tuple[str, str]]]:
    """What can be chosen about a certificate."""
    return {
        "counts": pairs((one, _(words.COUNTS_AS[one])) for one in CountsAs if one is not CountsAs.PRACTICE),
        "languages": [("", _("No language")), *((tag, speech().language_name(tag)) for tag in LANGUAGES)],
        "levels": [("", _("Not stated")), *((level.label, level.label) for level in CefrLevel)],
    }
