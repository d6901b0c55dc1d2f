"""Providers under convention: what they offer, how many places are free, who was present (RGD art. 11)."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base.errors import NotFound, Refused
from national_record import queries
from national_record.access_models import Client
from national_record.inputs import OfferBody, PresenceBody
from national_record.models import Offer, Presence, Provider
from national_record.words import Refusal


def add_provider(
    session: Session, *, code: str, name: str, convention_reference: str, valid_from: date,
    valid_until: date | None = None, client: Client | None = None,
) -> Provider:  # fmt: skip
    """A provider under convention; `client` is the program that writes for it."""
    provider = Provider(
        code=code, name=name, convention_reference=convention_reference, valid_from=valid_from, valid_until=valid_until,
        client_id=client.id if client else None,
    )  # fmt: skip
    session.add(provider)
    session.flush()
    return provider


def tell_offer(session: Session, *, client: Client, provider: str, code: str, body: OfferBody, now: datetime) -> Offer:
    """What a provider has on offer and how many places are free, as of now."""
    owner = _provider(session, client, provider)
    offer = _offer(session, owner, code)
    if offer is None:
        offer = Offer(provider=owner, code=code)
        session.add(offer)
    for name, value in body:
        setattr(offer, name, value)
    offer.updated_at = now
    session.flush()
    return offer


def tell_presence(
    session: Session, *, client: Client, provider: str, code: str, body: PresenceBody
) -> tuple[Offer, list[str]]:
    """The whole list of presence of one course, all or nothing; also the public ids of those who are on it."""
    offer = _offer(session, _provider(session, client, provider), code)
    if offer is None:
        raise NotFound("offer")
    contracts = {}
    for line in body.presence:
        contract = queries.contract_told(session, client=client, reference=line.reference)
        if contract is None:
            raise Refused(Refusal.UNKNOWN_REFERENCE)
        contracts[contract.id] = (contract, line)
    offer.presence.clear()
    session.flush()
    offer.presence.extend(
        Presence(contract_id=key, attended=line.attended, held=line.held) for key, (_, line) in contracts.items()
    )
    session.flush()
    return offer, [contract.person.public_id for contract, _ in contracts.values()]


def _provider(session: Session, client: Client, code: str) -> Provider:
    provider = queries.provider_of(session, client=client, code=code)
    if provider is None:
        raise NotFound("provider")
    return provider


def _offer(session: Session, provider: Provider, code: str) -> Offer | None:
    question = select(Offer).where(Offer.provider_id == provider.id, Offer.code == code).with_for_update()
    return session.scalar(question)
