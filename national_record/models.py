"""People and contracts as the record keeps them; every rule that protects people also stands here as a constraint."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from commune_hub.base.db import Base, Code, Identity, Instant, PublicId, Sealed, one_of
from commune_hub.schemes.words import ContractState, ObligationKind
from national_record.words import AttestationState, CountsFor, DataGroup


class RecordBase(DeclarativeBase):
    """All tables of the record: a metadata of its own, with the hub's habit of naming constraints."""

    metadata = MetaData(naming_convention=Base.metadata.naming_convention)


class InformationSession(RecordBase):
    """A session at which the contract is presented (RGD art. 5)."""

    __tablename__ = "information_session"

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    scheme: Mapped[Code]
    starts_at: Mapped[Instant]
    place: Mapped[str] = mapped_column(String(200))
    language: Mapped[Code]
    seats: Mapped[int]


class Person(RecordBase):
    """A candidate or signatory. What is known about them stands in FileEntry; here only what finds them again."""

    __tablename__ = "person"

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    matricule_sealed: Mapped[Sealed]
    matricule_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[Instant]

    entries: Mapped[list["FileEntry"]] = relationship(back_populates="person", cascade="all, delete-orphan")
    candidacies: Mapped[list["Candidacy"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="Candidacy.id"
    )
    interviews: Mapped[list["Interview"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="Interview.id"
    )
    contracts: Mapped[list["Contract"]] = relationship(back_populates="person", order_by="Contract.id")


class FileEntry(RecordBase):
    """What is recorded about a person in one of the six groups, sealed; the constraint leaves no room for a seventh."""

    __tablename__ = "file_entry"
    __table_args__ = (UniqueConstraint("person_id", "data_group"), one_of("data_group", DataGroup))

    id: Mapped[Identity]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    data_group: Mapped[Code]
    content_sealed: Mapped[Sealed]
    recorded_at: Mapped[Instant]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))

    person: Mapped[Person] = relationship(back_populates="entries")


class Candidacy(RecordBase):
    """Somebody who comes to an information session; the year of DATA-6 counts from the session."""

    __tablename__ = "candidacy"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: Mapped[Identity]
    session_id: Mapped[int] = mapped_column(ForeignKey("information_session.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    came: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(back_populates="candidacies")
    session: Mapped[InformationSession] = relationship()


class Interview(RecordBase):
    """The administrative interview, at whose end the roadmap is handed over (RGD art. 5)."""

    __tablename__ = "interview"

    id: Mapped[Identity]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    held_on: Mapped[date]
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    social_worker: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(back_populates="interviews")
    steps: Mapped[list["RoadmapStep"]] = relationship(
        back_populates="interview", cascade="all, delete-orphan", order_by="RoadmapStep.on_day"
    )


class RoadmapStep(RecordBase):
    """One line of the roadmap: date and place of a measure to accomplish (RGD art. 5 e)."""

    __tablename__ = "roadmap_step"
    __table_args__ = (one_of("kind", ObligationKind),)

    id: Mapped[Identity]
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), index=True)
    kind: Mapped[Code]
    on_day: Mapped[date]
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200))

    interview: Mapped[Interview] = relationship(back_populates="steps")


class Contract(RecordBase):
    """A contract (CAI) or a membership (Biergerpakt). Its public id is the opaque reference that a hub keeps."""

    __tablename__ = "contract"
    __table_args__ = (
        one_of("state", ContractState),
        CheckConstraint("in_force_on is null or in_force_on >= signed_on", name="starts_after_signature"),
        CheckConstraint("ends_on is null or in_force_on is not null", name="no_end_without_start"),
        CheckConstraint("state <> 'in_force' or in_force_on is not null", name="in_force_has_start"),
        CheckConstraint("(state in ('fulfilled', 'ended')) = (closed_on is not null)", name="closed_has_day"),
        CheckConstraint("second = (reason_sealed is not null)", name="second_has_reason"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    # The number stands on the person's paper, so it leads to them as a name does.
    number_sealed: Mapped[Sealed]
    number_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scheme: Mapped[Code]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[Code]
    signed_on: Mapped[date]
    in_force_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    last_module_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    second: Mapped[bool] = mapped_column(default=False)
    # The first one is made anonymous three years after its own signature, when the second may still be there.
    second_of_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id", ondelete="SET NULL"), unique=True)
    reason_sealed: Mapped[Sealed | None]

    person: Mapped[Person] = relationship(back_populates="contracts")
    obligations: Mapped[list["Obligation"]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", order_by="Obligation.id"
    )
    vouchers: Mapped[list["Voucher"]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", order_by="Voucher.number"
    )
    attestations: Mapped[list["Attestation"]] = relationship(back_populates="contract", order_by="Attestation.id")
    invitations: Mapped[list["Invitation"]] = relationship(back_populates="contract", cascade="all, delete-orphan")

    @property
    def missing(self) -> list[ObligationKind]:
        """What is still to do."""
        return [ObligationKind(one.kind) for one in self.obligations if one.met_on is None]

    @property
    def is_open(self) -> bool:
        """Whether it still runs or is still to begin."""
        return self.closed_on is None


class Obligation(RecordBase):
    """One of the commitments of a contract (RGD art. 3); a second contract has only those that were missing."""

    __tablename__ = "obligation"
    __table_args__ = (UniqueConstraint("contract_id", "kind"), one_of("kind", ObligationKind))

    id: Mapped[Identity]
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    kind: Mapped[Code]
    met_on: Mapped[date | None]
    attestation_id: Mapped[int | None] = mapped_column(ForeignKey("attestation.id"), index=True)

    contract: Mapped[Contract] = relationship(back_populates="obligations")


class Voucher(RecordBase):
    """A voucher for a language course at the reduced fee; how many there are at most, the scheme says."""

    __tablename__ = "voucher"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("number >= 1", name="counted_from_one"),
        CheckConstraint("expires_on >= issued_on", name="expires_later"),
    )

    id: Mapped[Identity]
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    language: Mapped[Code]
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    used_on: Mapped[date | None]

    contract: Mapped[Contract] = relationship(back_populates="vouchers")


class Attestation(RecordBase):
    """An attestation that a hub has sent, as it stands after its last correction, or one on paper (fact sheet: the
    participant hands a copy to the team)."""

    __tablename__ = "attestation"
    __table_args__ = (
        UniqueConstraint("client_id", "hub_attestation"),
        one_of("state", AttestationState),
        one_of("counts_for", CountsFor),
        CheckConstraint("(attended is null) = (held is null) and attended between 0 and held", name="attended_of_held"),
        CheckConstraint(
            "(minutes is null) = (of_minutes is null) and minutes between 0 and of_minutes", name="minutes_of_minutes"
        ),
        CheckConstraint("last_on >= first_on", name="ends_after_start"),
        CheckConstraint("(client_id is null) = (hub_attestation is null)", name="sender_names_it"),
        CheckConstraint("state <> 'rejected' or reason is not null", name="rejected_has_reason"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    # Both empty for a certificate that somebody has handed in at the desk.
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    hub_attestation: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[Code]
    reason: Mapped[str | None] = mapped_column(String(500))
    receipt: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[Instant]
    corrected_at: Mapped[Instant | None]
    decided_at: Mapped[Instant | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    counts_for: Mapped[Code]
    activity_kind: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(35))
    level: Mapped[str | None] = mapped_column(String(16))
    minutes: Mapped[int | None]
    of_minutes: Mapped[int | None]
    held: Mapped[int | None]
    attended: Mapped[int | None]
    first_on: Mapped[date]
    last_on: Mapped[date]
    issuer: Mapped[str] = mapped_column(String(200))
    certificate_code: Mapped[str | None] = mapped_column(String(64))
    convention_reference: Mapped[str | None] = mapped_column(String(64))

    contract: Mapped[Contract] = relationship(back_populates="attestations")


class OrientationDay(RecordBase):
    """An orientation day to which signatories are invited by name (RGD art. 18-21)."""

    __tablename__ = "orientation_day"

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    on_day: Mapped[date]
    place: Mapped[str] = mapped_column(String(200))


class Invitation(RecordBase):
    """A personal invitation to an orientation day."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("day_id", "contract_id"),)

    id: Mapped[Identity]
    day_id: Mapped[int] = mapped_column(ForeignKey("orientation_day.id"), index=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    sent_at: Mapped[Instant]

    day: Mapped[OrientationDay] = relationship()
    contract: Mapped[Contract] = relationship(back_populates="invitations")


class Provider(RecordBase):
    """Who gives courses under convention; only its client may write for it (RGD art. 6, 11)."""

    __tablename__ = "provider"

    id: Mapped[Identity]
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    convention_reference: Mapped[str] = mapped_column(String(64), unique=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))

    offers: Mapped[list["Offer"]] = relationship(back_populates="provider", order_by="Offer.first_on")

    def is_under_convention(self, day: date) -> bool:
        """Whether its courses of that day count."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class Offer(RecordBase):
    """A course on offer with the places that are free, as the provider last told (RGD art. 11)."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("provider_id", "code"),
        CheckConstraint("free between 0 and places", name="free_of_places"),
        CheckConstraint("last_on >= first_on", name="ends_after_start"),
    )

    id: Mapped[Identity]
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    code: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(35))
    level: Mapped[str | None] = mapped_column(String(16))
    first_on: Mapped[date]
    last_on: Mapped[date]
    places: Mapped[int]
    free: Mapped[int]
    updated_at: Mapped[Instant]

    provider: Mapped[Provider] = relationship(back_populates="offers")
    presence: Mapped[list["Presence"]] = relationship(back_populates="offer", cascade="all, delete-orphan")


class Presence(RecordBase):
    """One line of a provider's list of presence of the signatories (RGD art. 11)."""

    __tablename__ = "presence"
    __table_args__ = (
        UniqueConstraint("offer_id", "contract_id"),
        CheckConstraint("attended between 0 and held", name="attended_of_held"),
    )

    id: Mapped[Identity]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    attended: Mapped[int]
    held: Mapped[int]

    offer: Mapped[Offer] = relationship(back_populates="presence")


class CertificationEntry(RecordBase):
    """The separate ten-year file (RGD art. 26): name, contact, matricule, accomplished or not, and nothing else.

    No key, hash, id or date is shared with any other table, so that it cannot bring a name back to an anonymised row:
    it is sealed with a key of its own, found by a hash of its own, and its primary key tells no order.
    """

    __tablename__ = "certification_entry"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    matricule_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    names_sealed: Mapped[Sealed]
    contact_sealed: Mapped[Sealed]
    matricule_sealed: Mapped[Sealed]
    accomplished: Mapped[bool]
    # The first day of the month in which it has to go.
    expires_on: Mapped[date]


class AnonymousContract(RecordBase):
    """What is left of a contract after three years (RGD art. 25(3)): figures for the evaluation, and no way back."""

    __tablename__ = "anonymous_contract"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    scheme: Mapped[Code]
    signed_year: Mapped[int]
    accomplished: Mapped[bool]
    second: Mapped[bool]
    language_met: Mapped[bool]
    civic_met: Mapped[bool]
    orientation_day_met: Mapped[bool]
    vouchers: Mapped[int]
