"""The PDF of a certificate as an answer: made when it is asked for, from what was signed, and kept nowhere."""

from datetime import datetime

from flask import Response

from commune_hub.base.errors import NotFound, Refused
from commune_hub.events import certificates
from commune_hub.events.certificate_documents import PURPOSE, Statement, keywords_of, sealed, signing_key
from commune_hub.events.records import Certificate
from commune_hub.events.words import CertificateRefusal, CertificateState
from commune_hub.papers.certificate import BRAND, certificate_pdf
from commune_hub.speech.catalogues import Speech
from commune_hub.web.i18n import speech_in
from commune_hub.web.request import db, settings, store


def certificate_file(certificate: Certificate) -> Response:
    """The file, in the person's language and French. Its name and its headers say nothing about anybody.

    Raises NotFound for one that nobody has got yet or whose person was erased, Refused when the row is no longer
    what was signed.
    """
    said = certificates.statement_of(db(), certificate)
    if certificate.state == CertificateState.PREPARED or not said.name or certificate.issued_at is None:
        raise NotFound("certificate")
    as_issued = certificates.statement_of(db(), certificate, as_issued=True)
    return statement_file(
        said, certificates.opened(db(), certificate, certificate.signature_sealed), as_issued=as_issued,
        own=speech_in(certificate.person.language), brand=certificate.issuer.theme.get("brand", BRAND),
        at=certificate.voided_at or certificate.issued_at,
    )  # fmt: skip


def statement_file(
    said: Statement,
    signature: str,
    *,
    own: Speech,
    at: datetime,
    as_issued: Statement | None = None,
    brand: str = BRAND,
) -> Response:
    """The file of a statement; `signature` (hex) is what was signed when it was issued. Raises Refused when the row
    has been changed since."""
    key = signing_key(store().keys.derive(PURPOSE))
    if key.sign((as_issued or said).payload).hex() != signature:
        raise Refused(CertificateRefusal.RECORD_CHANGED)
    pdf = certificate_pdf(
        said, own, speech_in("fr"), url=f"{settings().base_url}/verify/{said.code}", brand=brand,
        keywords=keywords_of(said.payload, key.sign(said.payload)), at=at,
    )  # fmt: skip
    answer = Response(sealed(pdf, key), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="certificate.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
