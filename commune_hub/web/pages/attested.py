"""Links, attestations and messages of the record as pages show them: ready words."""

from dataclasses import dataclass
from datetime import datetime

from commune_hub.base.words import LOCAL
from commune_hub.contracts import measures
from commune_hub.contracts.actions import attesting
from commune_hub.contracts.models import Attestation, ContractLink, Transfer
from commune_hub.contracts.words import AttestationState, CountsAs, RecordForm, TransferAct, TransferState
from commune_hub.speech import telling
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages import words
from commune_hub.web.request import db, settings


def record_form() -> RecordForm:
    """How the record is reached here."""
    return RecordForm(settings().record)


def scheme_name(link: ContractLink) -> str:
    """The scheme's own name in this language."""
    profile = measures.profile_of(link)
    if profile is None:
        return link.scheme
    return profile.name.get(speech().code) or profile.name["en"]


@dataclass(frozen=True, slots=True)
class Line:
    """One message: when, what it did, how it stands, and every field that left."""

    act: str
    when: str
    state: str
    receipt: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One attestation of the ledger, ready to print."""

    title: str
    counts: str
    kind: str
    state: str
    reason: str
    lines: tuple[Line, ...]


_KIND = {
    AttestationState.ON_ITS_WAY: "warn",
    AttestationState.RECEIVED: "info",
    AttestationState.VALIDATED: "ok",
    AttestationState.REJECTED: "bad",
    AttestationState.WITHDRAWN: "",
}


def entry_of(one: Attestation, *, with_body: bool) -> Entry:
    """One attestation in words; the reason and the bodies only for whoever may read them."""
    state = AttestationState(one.state)
    reason = one.person.opened(one.reason_sealed) if with_body and one.reason_sealed else ""
    return Entry(
        title=telling.title_of(one.activity, speech()) if one.activity else _("Certificate from elsewhere"),
        counts=_(words.COUNTS_AS[CountsAs(one.counts_for)]),
        kind=_KIND[state],
        state=_(words.ATTESTATION_STATE[state]),
        reason=reason,
        lines=tuple(_line(transfer, with_body) for transfer in one.transfers),
    )


def _line(transfer: Transfer, with_body: bool) -> Line:
    fields: tuple[tuple[str, str], ...] = ()
    if with_body:
        body = attesting.body_of(db(), transfer)
        fields = tuple((name, str(value)) for name, value in body.items() if value is not None)
    return Line(
        act=_(words.TRANSFER_ACT[TransferAct(transfer.act)]),
        when=moment_words(transfer.received_at or transfer.made_at),
        state=_(words.TRANSFER_STATE[TransferState(transfer.state)]),
        receipt=transfer.receipt,
        fields=fields,
    )


def moment_words(moment: datetime) -> str:
    """24 November 2026, 18:30"""
    day = speech().day_and_year(moment.astimezone(LOCAL).date())
    return _("%(days)s, %(times)s", days=day, times=speech().clock(moment))
