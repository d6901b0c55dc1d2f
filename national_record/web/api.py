"""The HTTP interface, version 1: contracts, attestations, changes, offers (described at /openapi.json)."""

from flask import Blueprint, request

from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.words import LOCAL
from commune_hub.schemes import matricule as numbers
from commune_hub.schemes.words import ContractState, ObligationKind, ObligationState
from national_record import law, queries
from national_record.access_models import Disclosure
from national_record.actions import access, attestations, providers
from national_record.changes import changes_after
from national_record.inputs import (
    AttestationAnswer,
    AttestationBody,
    ChangeAnswer,
    ChangesAnswer,
    ContractAnswer,
    MissingAnswer,
    ObligationAnswer,
    OfferAnswer,
    OfferBody,
    PresenceAnswer,
    PresenceBody,
    StepAnswer,
    VerifyAnswer,
    VerifyBody,
    VoucherAnswer,
    WithdrawalBody,
)
from national_record.models import Attestation, Contract
from national_record.web.calls import Call, Fault, Operation, Reply, operation
from national_record.words import AttestationState, ChangeKind, Deed, Duty, Result

api = Blueprint("api", __name__)


@api.post("/v1/contracts/verify")
@operation(Operation(Deed.VERIFY, Duty.LINK, VerifyAnswer, body=VerifyBody))
def verify(call: Call, body: VerifyBody) -> Reply:
    """Is there such a contract?

    By contract number or matricule, with the birth date. A wrong birth date and an unknown number answer alike. After
    ten wrong ones for the same number within a quarter of an hour nothing is found for it, so that birth dates cannot
    be tried out.
    """
    if body.matricule is not None and not numbers.is_valid(body.matricule):
        raise Fault(422, "body_invalid", errors=[{"field": "matricule", "problem": "matricule_invalid"}])
    meant = body.contract_number or body.matricule or ""
    try:
        attempt = access.remember_try(call.session, kind="verify", who=meant, now=call.now)
    except Refused:
        return Reply(VerifyAnswer(found=False), result=Result.REFUSED)
    contract = queries.contract_meant(
        call.session, number=body.contract_number, matricule=body.matricule, birth_date=body.birth_date
    )
    if contract is None:
        return Reply(VerifyAnswer(found=False), result=Result.NOT_FOUND)

    access.forget_try(call.session, attempt)
    if queries.contract_told(call.session, client=call.client, reference=contract.public_id) is None:
        call.session.add(Disclosure(client_id=call.client.id, contract_id=contract.id, first_at=call.now))
    return Reply(VerifyAnswer(found=True, contract=_contract(contract)), people=[contract.person.public_id])


@api.get("/v1/contracts/<reference>/missing")
@operation(Operation(Deed.MISSING, Duty.LINK, MissingAnswer))
def missing(call: Call, reference: str) -> Reply:
    """What is done and what is missing.

    Obligations, vouchers and the next steps of the roadmap of a contract that this client was told about by verify.
    """
    contract = queries.contract_told(call.session, client=call.client, reference=reference)
    if contract is None:
        raise NotFound("contract")
    obligations = [
        ObligationAnswer(
            kind=ObligationKind(one.kind),
            state=ObligationState.MET if one.met_on else ObligationState.MISSING,
            on=one.met_on,
        )
        for one in contract.obligations
    ]
    vouchers = [
        VoucherAnswer(
            number=one.number, language=one.language, issued_on=one.issued_on, expires_on=one.expires_on,
            state=law.voucher_state(contract, one, call.now.astimezone(LOCAL).date()),
        )
        for one in contract.vouchers
    ]  # fmt: skip
    answer = MissingAnswer(
        scheme=contract.scheme, state=ContractState(contract.state), in_force_on=contract.in_force_on,
        ends_on=contract.ends_on, obligations=obligations, vouchers=vouchers, next_steps=_next_steps(contract, call),
    )  # fmt: skip
    return Reply(answer, people=[contract.person.public_id])


@api.post("/v1/attestations")
@operation(Operation(
    Deed.ATTESTATION_SUBMIT, Duty.SUBMIT, AttestationAnswer, body=AttestationBody, keyed=True, created=True
))  # fmt: skip
def submit(call: Call, body: AttestationBody) -> Reply:
    """Send an attestation.

    201 when it is new, 200 when it was received before with the same content; another content for the same
    hub_attestation is refused (409): send a correction.
    """
    attestation, new = attestations.receive(call.session, client=call.client, body=body, now=call.now)
    return _attested(attestation, 201 if new else 200)


@api.get("/v1/attestations/<attestation>")
@operation(Operation(Deed.ATTESTATION_READ, Duty.SUBMIT, AttestationAnswer))
def attestation_state(call: Call, attestation: str) -> Reply:
    """Where an attestation stands.

    received, validated, rejected with a reason, or withdrawn.
    """
    found = queries.attestation_sent(call.session, client=call.client, public_id=attestation)
    if found is None:
        raise NotFound("attestation")
    return _attested(found)


@api.post("/v1/attestations/<attestation>/corrections")
@operation(Operation(Deed.ATTESTATION_CORRECT, Duty.SUBMIT, AttestationAnswer, body=AttestationBody, keyed=True))
def correct(call: Call, attestation: str, body: AttestationBody) -> Reply:
    """Correct an attestation.

    The whole content again. It goes back to received and has to be decided again. A correction for an attestation that
    the record does not know, or that was withdrawn, is refused (409).
    """
    found = attestations.correct(call.session, client=call.client, public_id=attestation, body=body, now=call.now)
    return _attested(found)


@api.post("/v1/attestations/<attestation>/withdrawal")
@operation(Operation(Deed.ATTESTATION_WITHDRAW, Duty.SUBMIT, AttestationAnswer, body=WithdrawalBody, keyed=True))
def withdraw(call: Call, attestation: str, body: WithdrawalBody) -> Reply:
    """Take an attestation back.

    An obligation that it had met is open again, unless the contract is over.
    """
    found = attestations.withdraw(
        call.session, client=call.client, public_id=attestation, reason=body.reason, now=call.now
    )
    return _attested(found)


@api.get("/v1/changes")
@operation(Operation(Deed.CHANGES, Duty.LINK, ChangesAnswer, traced_if_empty=False))
def changes(call: Call) -> Reply:
    """What has changed since a cursor.

    About contracts that this client was told about and attestations that it sent, oldest first, at most 200. Without a
    cursor from the beginning. Ask again with the cursor of the answer until no change comes.
    """
    cursor = request.args.get("cursor", "") or "0"
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 15):
        raise Fault(422, "cursor_invalid", "A cursor is what an answer gave.")
    page = changes_after(call.session, client_id=call.client.id, cursor=int(cursor))
    said = [
        ChangeAnswer(
            kind=ChangeKind(one.kind), id=one.subject, reference=one.reference, state=one.state, reason=one.reason,
            at=one.at,
        )
        for one in page.changes
    ]  # fmt: skip
    return Reply(ChangesAnswer(changes=said, cursor=str(page.cursor)), people=page.people)


@api.put("/v1/providers/<provider>/offers/<offer>")
@operation(Operation(Deed.OFFER, Duty.OFFERS, OfferAnswer, body=OfferBody))
def tell_offer(call: Call, provider: str, offer: str, body: OfferBody) -> Reply:
    """Tell what a provider has on offer.

    The course as it is now, with its free places (RGD art. 11). A provider for which this client does not write is not
    found.
    """
    found = providers.tell_offer(
        call.session, client=call.client, provider=provider, code=offer, body=body, now=call.now
    )
    answer = OfferAnswer(
        provider=provider, offer=found.code, free=found.free, places=found.places, updated_at=found.updated_at
    )
    return Reply(answer)


@api.put("/v1/providers/<provider>/offers/<offer>/presence")
@operation(Operation(Deed.PRESENCE, Duty.OFFERS, PresenceAnswer, body=PresenceBody))
def tell_presence(call: Call, provider: str, offer: str, body: PresenceBody) -> Reply:
    """Hand in the list of presence of a course.

    The signatories only, by reference (RGD art. 11); the list takes the place of the one before, all of it or nothing.
    """
    found, people = providers.tell_presence(
        call.session, client=call.client, provider=provider, code=offer, body=body
    )
    return Reply(PresenceAnswer(offer=found.code, lines=len(found.presence)), people=people)


def _contract(contract: Contract) -> ContractAnswer:
    return ContractAnswer(
        reference=contract.public_id, scheme=contract.scheme, state=ContractState(contract.state),
        signed_on=contract.signed_on, in_force_on=contract.in_force_on, ends_on=contract.ends_on,
    )  # fmt: skip


def _next_steps(contract: Contract, call: Call) -> list[StepAnswer]:
    today, missing = call.now.astimezone(LOCAL).date(), contract.missing
    steps = [
        StepAnswer(kind=ObligationKind(step.kind), on=step.on_day, title=step.title, place=step.place)
        for interview in contract.person.interviews[-1:]
        for step in interview.steps
        if step.on_day >= today and step.kind in missing
    ]
    steps += [
        StepAnswer(kind=ObligationKind.ORIENTATION_DAY, on=one.day.on_day, title="", place=one.day.place)
        for one in contract.invitations
        if one.day.on_day >= today and ObligationKind.ORIENTATION_DAY in missing
    ]
    return sorted(steps, key=lambda step: step.on)


def _attested(attestation: Attestation, status: int = 200) -> Reply:
    answer = AttestationAnswer(
        attestation=attestation.public_id, hub_attestation=attestation.hub_attestation or "",
        reference=attestation.contract.public_id, state=AttestationState(attestation.state),
        reason=attestation.reason, receipt=attestation.receipt, received_at=attestation.received_at,
    )  # fmt: skip
    return Reply(answer, status, people=[attestation.contract.person.public_id])
