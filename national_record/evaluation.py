"""Counts for the external evaluation (RGD art. 29): how many, never who; small numbers are hidden."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from commune_hub.schemes.words import ContractState, ObligationKind
from national_record.models import AnonymousContract, Contract, Person

# Fewer than so many people could be recognised.
LEAST = 5


_CONTRACTS = select(Contract).options(selectinload(Contract.obligations), selectinload(Contract.vouchers))


@dataclass(frozen=True, slots=True)
class Count:
    """One figure: what is counted, of which scheme and year. `how_many` None: between one and four, hidden."""

    what: str
    scheme: str
    year: int | None
    how_many: int | None


def counts(session: Session) -> list[Count]:
    """All figures, of contracts that are kept and of those that were made anonymous. No sums: with a sum and all
    figures but one, a hidden figure could be reckoned."""
    found: Counter[tuple[str, str, int | None]] = Counter()
    for contract in session.scalars(_CONTRACTS):
        year = contract.signed_on.year
        found["signed", contract.scheme, year] += 1
        if contract.closed_on is not None:
            found["fulfilled" if contract.state == ContractState.FULFILLED else "ended", contract.scheme, year] += 1
        found["vouchers", contract.scheme, year] += len(contract.vouchers)
        for obligation in contract.obligations:
            found[f"{obligation.kind}_met", contract.scheme, year] += obligation.met_on is not None
    for one in session.scalars(select(AnonymousContract)):
        found["signed", one.scheme, one.signed_year] += 1
        found["fulfilled" if one.accomplished else "ended", one.scheme, one.signed_year] += 1
        found["vouchers", one.scheme, one.signed_year] += one.vouchers
        for kind in ObligationKind:
            found[f"{kind}_met", one.scheme, one.signed_year] += getattr(one, f"{kind}_met")
    found["candidates", "", None] = (
        session.scalar(select(func.count()).select_from(Person).where(~Person.contracts.any())) or 0
    )
    ordered = sorted(found.items(), key=lambda item: (item[0][1], item[0][2] or 0, item[0][0]))
    return [Count(*key, how_many=None if 0 < number < LEAST else number) for key, number in ordered]

