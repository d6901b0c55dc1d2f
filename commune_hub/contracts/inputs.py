"""What is typed to link a contract, at the counter, or about a certificate from outside."""

import unicodedata
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from commune_hub.base.errors import InputCode
from commune_hub.base.inputs import Day, Draft, EmptyIsNone, Line, Reason, Required, Ticked, wrong
from commune_hub.contracts.words import AskedBy, CountsAs
from commune_hub.schemes import matricule
from commune_hub.schemes.words import ContractState


def _number(text: str) -> str:
    """A contract number as people copy it: full-width digits and inner spaces do not make it another one."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _past(day: date) -> date:
    if day.year > 2100:
        raise wrong(InputCode.NOT_A_DATE)
    return day


Number = Annotated[Required, AfterValidator(_number), StringConstraints(max_length=40)]
Birthday = Annotated[Day, AfterValidator(_past)]


class ContractDraft(Draft):
    """A contract number, or a matricule, with the date of birth."""

    by: AskedBy = AskedBy.CONTRACT_NUMBER
    number: Number
    born_on: Birthday

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.by is AskedBy.MATRICULE:
            if not matricule.is_valid(self.number):
                raise wrong(InputCode.NOT_A_MATRICULE, "number")
            if not matricule.agrees_with(self.number, self.born_on):
                raise wrong(InputCode.NOT_THIS_BIRTHDAY, "born_on")
        return self

    @property
    def asked(self) -> str:
        """The number as the record is asked for it."""
        return matricule.compact(self.number) if self.by is AskedBy.MATRICULE else self.number


class LinkDraft(ContractDraft):
    """The same of the own contract, with the consent that belongs to it."""

    agrees: Ticked = False

    @model_validator(mode="after")
    def _agreed(self) -> Self:
        if not self.agrees:
            raise wrong(InputCode.CONSENT_NEEDED, "agrees")
        return self


class CounterQuestionDraft(ContractDraft):
    """The same at the counter: the person stands there and agrees; with the motive that the person can read."""

    motive: Reason
    agrees: Ticked = False

    @model_validator(mode="after")
    def _agreed(self) -> Self:
        if not self.agrees:
            raise wrong(InputCode.CONSENT_NEEDED, "agrees")
        return self


class ProofDraft(Draft):
    """What somebody says of a certificate that they hand in."""

    counts_for: CountsAs
    title: Required
    issuer: Required
    issued_on: Birthday
    language: Line = ""
    level: Line = ""


class DecisionDraft(ProofDraft):
    """What an officer read on the paper; refusing needs the reason that the person will read."""

    confirms: Ticked = False
    reason: Line = ""

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if not self.confirms and (len(self.reason.split()) < 2 or sum(map(str.isalpha, self.reason)) < 10):
            raise wrong(InputCode.REASON_TOO_SHORT, "reason")
        return self


class ReceiptDraft(Draft):
    """The number under which an officer noted an attestation in the register."""

    receipt: Annotated[Required, StringConstraints(max_length=80)]


class FoundDraft(Draft):
    """What an officer read in the register: a contract that is there, or that there is none."""

    found: Ticked = False
    reference: Annotated[Line, StringConstraints(max_length=80)] = ""
    scheme: Annotated[Line, StringConstraints(max_length=32)] = ""
    state: ContractState = ContractState.SIGNED
    signed_on: Annotated[Birthday | None, EmptyIsNone] = None
    in_force_on: Annotated[Birthday | None, EmptyIsNone] = None
    ends_on: Annotated[Birthday | None, EmptyIsNone] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for name in ("reference", "scheme"):
            if self.found and not getattr(self, name):
                raise wrong(InputCode.REQUIRED, name)
        return self


class VerdictDraft(Draft):
    """An officer notes what the register decided about an attestation."""

    validated: Ticked = False
    reason: Line = ""

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if not self.validated and not self.reason.strip():
            raise wrong(InputCode.REQUIRED, "reason")
        return self
