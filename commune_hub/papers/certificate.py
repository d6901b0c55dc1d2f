"""The certificate as PDF: its words in the person's language and in French, its shape in certificate.typ."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import segno

from commune_hub.base.ids import as_read
from commune_hub.events.certificate_documents import ENGAGEMENT, Statement
from commune_hub.papers.typesetting import typeset
from commune_hub.speech import attesting
from commune_hub.speech.catalogues import N_, Speech

BRAND = "#0b5563"
# Measured: the file of a certificate has so many kilobytes, give or take a few letters (tests/papers).
ABOUT_KB = 40
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_MOST_DAYS = 16


def certificate_pdf(
    said: Statement, own: Speech, french: Speech, *, url: str, brand: str, keywords: tuple[str, str], at: datetime
) -> bytes:
    """The PDF, with its signed text and the empty place for its seal as keywords. `url` leads to the check."""
    return typeset("certificate.typ", _words(said, own, french, url, brand) | {"keywords": keywords}, at=at)


def _words(said: Statement, own: Speech, french: Speech, url: str, brand: str) -> dict[str, Any]:
    def both(write: Callable[[Speech], str]) -> dict[str, str]:
        mine, theirs = write(own), write(french)
        return {"own": mine, "fr": "" if own.code == french.code or mine == theirs else theirs}

    def label(sentence: str) -> dict[str, str]:
        return both(lambda speech: speech.say(sentence))

    engaged = said.kind == ENGAGEMENT
    amount = N_("Hours") if engaged else N_("Attended")
    title = both(lambda speech: attesting.title_words(said, speech))
    kind = title if engaged else both(lambda speech: attesting.kind_words(said.kind, speech))
    return {
        "lang": own.code,
        "brand": brand if _HEX.fullmatch(brand) else BRAND,
        "issuer": said.issuer,
        "heading": label(N_("Certificate of engagement") if engaged else N_("Certificate of attendance")),
        "certifies": label(N_("This certifies that")),
        "name": said.name,
        "took_part": label(N_("gave their time for") if engaged else N_("took part in")),
        "title": title,
        "kind": {} if kind["own"] == title["own"] else kind,
        "facts": [
            [label(N_("Language")), both(lambda speech: attesting.language_words(said, speech))],
            [label(N_("When")), both(lambda speech: attesting.period_words(said.days, speech))],
            [label(amount), both(lambda speech: attesting.amount_words(said, speech))],
            *([[label(N_("Where")), {"own": said.place, "fr": ""}]] if said.place else []),
            *([[label(N_("Convention")), {"own": said.reference, "fr": ""}]] if said.reference else []),
        ],
        "share": min(1, said.minutes / said.of_minutes) if said.of_minutes else 0,
        "days_label": label(N_("Days")),
        "days": _days(said, own),
        "counts_label": label(N_("What it counts for")),
        "counts": both(lambda speech: attesting.counts_words(said, speech)),
        "skills_label": label(N_("What this person can do in the language")),
        "skills": said.skills,
        "skills_room": attesting.has_skills(said.kind),
        "issued": both(lambda speech: _issued(said, speech)),
        "check": label(N_("Is it genuine and valid? Scan the code, or open this page:")),
        "url": url,
        "shown_url": f"{url.removesuffix(said.code).split('://')[-1]}{as_read(said.code)}",
        "qr": _qr(url),
        "qr_alt": own.say(N_("QR code that opens the page where this certificate is checked")),
        "signed": label(N_("Signed electronically. It needs no stamp and no signature by hand.")),
        "void": both(lambda speech: _void(said, speech)) if said.voided_on else {},
        "void_mark": label(N_("Not valid")),
        "unprintable": False,
        "unprintable_note": label(
            N_("Some letters of this text cannot be printed here. The signed text in this file has all of them.")
        ),
    }


def _days(said: Statement, speech: Speech) -> list[str]:
    """One by one where there is room for them on the sheet."""
    if not 1 < len(said.days) <= _MOST_DAYS or len(said.skills) > 200:
        return []
    return [speech.day(day) for day in said.days]


def _issued(said: Statement, speech: Speech) -> str:
    day = speech.day_and_year(said.issued_on)
    return speech.say(N_("Issued on %(day)s by %(issuer)s"), day=day, issuer=said.issuer)


def _void(said: Statement, speech: Speech) -> str:
    assert said.voided_on is not None
    return speech.say(N_("This certificate is not valid since %(day)s."), day=speech.day_and_year(said.voided_on))


def _qr(url: str) -> str:
    picture = io.BytesIO()
    segno.make(url, error="m", micro=False).save(picture, kind="svg", border=0, xmldecl=False, dark="#10242a")
    return picture.getvalue().decode()
