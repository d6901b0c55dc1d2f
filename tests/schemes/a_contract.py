"""The plainest contract, proof and applicant that a test of the law needs; it says only what matters."""

from dataclasses import replace
from datetime import date
from typing import Any

from commune_hub.schemes.loading import profile_named
from commune_hub.schemes.rules import Applicant, Contract, Proof
from commune_hub.schemes.words import CefrLevel, Connection, ObligationKind

CAI = profile_named("LU-CAI")
PAKT = profile_named("LU-BIERGERPAKT")
CIR_2019 = profile_named("FR-CIR-2019")
CIR_2026 = profile_named("FR-CIR-2026")
FR_CAI = profile_named("FR-CAI")

SESSION = date(2021, 3, 1)
SIGNED = date(2021, 4, 12)
BEGUN = date(2021, 9, 20)
LAST = date(2023, 9, 19)


def an_applicant(**given: Any) -> Applicant:
    """Thirty, Portuguese, lives here, wants to stay, was at an information session."""
    return replace(
        Applicant(
            born_on=date(1991, 1, 1),
            citizen_of=frozenset({"PT"}),
            connections=frozenset({Connection.RESIDENCE}),
            session_on=SESSION,
        ),
        **given,
    )


def a_proof(kind: ObligationKind = ObligationKind.LANGUAGE, **given: Any) -> Proof:
    """All of ten meetings, in time; of a French course to A1.1, of six hours."""
    of = {"language": "fr", "level": CefrLevel.A1_1} if kind is ObligationKind.LANGUAGE else {}
    plain = Proof(kind, date(2022, 2, 1), minutes=600, of_minutes=600, attended=10, held=10)
    return replace(plain, **{**of, **given})


def everything() -> tuple[Proof, ...]:
    """A proof of each of the three."""
    return tuple(a_proof(kind) for kind in ObligationKind)


def a_contract(*proofs: Proof, **given: Any) -> Contract:
    """In force since the autumn of 2021."""
    return replace(Contract(SIGNED, in_force_on=BEGUN, proofs=proofs), **given)
