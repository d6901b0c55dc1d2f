"""What the interface takes and gives, as closed models: from them come the checks and the published description."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from commune_hub.base.inputs import clean_line
from commune_hub.schemes.words import ContractState, ObligationKind, ObligationState, VoucherState
from national_record.words import AttestationState, ChangeKind, CountsFor

Short = Annotated[str, AfterValidator(clean_line), StringConstraints(min_length=1, max_length=64)]
Text = Annotated[str, AfterValidator(clean_line), StringConstraints(min_length=1, max_length=200)]
Reason = Annotated[str, AfterValidator(clean_line), StringConstraints(min_length=1, max_length=500)]
Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)]
Level = Annotated[str, StringConstraints(pattern=r"^(A1|A2|B1|B2|C1|C2)(\.[1-9])?$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))]
Minutes = Annotated[int, Field(ge=0, le=1_000_000)]
Count = Annotated[int, Field(ge=0, le=10_000)]


class Body(BaseModel):
    """A body that is sent to the record: no field that was not agreed, no guessing of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class VerifyBody(Body):
    """Which contract is meant: by its number or by the matricule of the person, and the birth date either way."""

    contract_number: Short | None = None
    matricule: Annotated[str, StringConstraints(pattern=r"^\d{13}$")] | None = None
    birth_date: Day

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.contract_number is None) == (self.matricule is None):
            raise ValueError("either contract_number or matricule")
        return self


class AttestationBody(Body):
    """What a signatory attended, as the hub attests it. A certificate from elsewhere (activity_kind outside) may tell
    neither minutes nor meetings."""

    reference: Reference
    hub_attestation: Short
    counts_for: CountsFor
    activity_kind: Short
    title: Text
    language: Tag | None = None
    level: Level | None = None
    minutes: Minutes | None = None
    of_minutes: Minutes | None = None
    held: Count | None = None
    attended: Count | None = None
    first_on: Day
    last_on: Day
    issuer: Text
    certificate_code: Short | None = None
    convention_reference: Short | None = None

    @model_validator(mode="after")
    def _in_itself_right(self) -> Self:
        for part, whole in ((self.minutes, self.of_minutes), (self.attended, self.held)):
            if (part is None) != (whole is None):
                raise ValueError("minutes and of_minutes, attended and held: both or neither")
            if part is not None and whole is not None and part > whole:
                raise ValueError("more attended than held")
        if self.last_on < self.first_on:
            raise ValueError("last_on is before first_on")
        return self


class WithdrawalBody(Body):
    """Why an attestation is taken back."""

    reason: Reason


class OfferBody(Body):
    """A course on offer and its free places."""

    title: Text
    kind: Short
    language: Tag | None = None
    level: Level | None = None
    first_on: Day
    last_on: Day
    places: Count
    free: Count

    @model_validator(mode="after")
    def _in_itself_right(self) -> Self:
        if self.free > self.places or self.last_on < self.first_on:
            raise ValueError("more free than there are, or an end before the start")
        return self


class PresenceLine(Body):
    """How often one signatory was there."""

    reference: Reference
    attended: Count
    held: Count

    @model_validator(mode="after")
    def _in_itself_right(self) -> Self:
        if self.attended > self.held:
            raise ValueError("more attended than held")
        return self


class PresenceBody(Body):
    """The whole list of presence of one course; it takes the place of the one before."""

    presence: Annotated[list[PresenceLine], Field(max_length=500)]


class Answer(BaseModel):
    """What the record answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ContractAnswer(Answer):
    """All that a hub learns of a contract: no name and no number."""

    reference: Reference
    scheme: str
    state: ContractState
    signed_on: date
    in_force_on: date | None
    ends_on: date | None


class VerifyAnswer(Answer):
    """Whether there is such a contract; a wrong birth date and an unknown number answer alike."""

    found: bool
    contract: ContractAnswer | None = None


class ObligationAnswer(Answer):
    """One obligation and the day on which it was met."""

    kind: ObligationKind
    state: ObligationState
    on: date | None


class VoucherAnswer(Answer):
    """One voucher."""

    number: int
    language: str
    issued_on: date
    expires_on: date | None
    state: VoucherState


class StepAnswer(Answer):
    """A line of the roadmap that is still to come, or an orientation day."""

    kind: ObligationKind
    on: date
    title: str
    place: str


class MissingAnswer(Answer):
    """What is done and what is missing."""

    scheme: str
    state: ContractState
    in_force_on: date | None
    ends_on: date | None
    obligations: list[ObligationAnswer]
    vouchers: list[VoucherAnswer]
    next_steps: list[StepAnswer]


class AttestationAnswer(Answer):
    """Where an attestation stands."""

    attestation: Reference
    hub_attestation: str
    reference: Reference
    state: AttestationState
    reason: str | None
    receipt: str
    received_at: datetime


class ChangeAnswer(Answer):
    """One change."""

    kind: ChangeKind
    id: Reference
    reference: Reference
    state: str
    reason: str | None
    at: datetime


class ChangesAnswer(Answer):
    """The changes after a cursor, oldest first, and the cursor to go on from."""

    changes: list[ChangeAnswer]
    cursor: str


class OfferAnswer(Answer):
    """The offer as it is kept now."""

    provider: str
    offer: str
    free: int
    places: int
    updated_at: datetime


class PresenceAnswer(Answer):
    """How many lines the list has now."""

    offer: str
    lines: int


class TokenAnswer(Answer):
    """A token as RFC 6749 gives it."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int


class Problem(Answer):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    errors: list[dict[str, str]] = []


