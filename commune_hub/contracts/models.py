"""Tables of the link with the contract record: consents, questions, links, attestations and what left, proofs."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commune_hub.accounts.models import Person
from commune_hub.base.db import Base, Code, Identity, Instant, PublicId, Sealed, one_of
from commune_hub.contracts.words import (
    AskedBy,
    AttestationState,
    ConsentPurpose,
    CountsAs,
    InquiryState,
    OutsideState,
    TransferAct,
    TransferState,
)
from commune_hub.events.models import Activity
from commune_hub.events.records import Certificate


class Consent(Base):
    """What a person agreed to, in which language and wording, and since when no longer."""

    __tablename__ = "consent"
    __table_args__ = (
        one_of("purpose", ConsentPurpose),
        Index(
            "uq_consent_live", "person_id", "purpose", unique=True,
            sqlite_where=text("taken_back_at is null"), postgresql_where=text("taken_back_at is null"),
        ),
    )  # fmt: skip

    id: Mapped[Identity]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[Code]
    wording: Mapped[int]
    language: Mapped[Code]
    given_at: Mapped[Instant]
    taken_back_at: Mapped[Instant | None]


class Inquiry(Base):
    """A question to the record, of a person about the own contract, or of an officer at the counter (`asked_by_id`).

    What was typed is sealed with a key of its own that is destroyed with the answer, or when the time is over;
    `number_hash` only limits how often one number is tried. At the counter nothing else than the state is kept.
    """

    __tablename__ = "inquiry"
    __table_args__ = (
        one_of("by", AskedBy),
        one_of("state", InquiryState),
        CheckConstraint("(person_id is null) <> (asked_by_id is null)", name="one_asker"),
        CheckConstraint("state = 'waiting' or typed_sealed is null", name="forgets"),
        Index(
            "uq_inquiry_waiting", "person_id", unique=True,
            sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_inquiry_number", "number_hash", "asked_at"),
    )  # fmt: skip

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    by: Mapped[Code]
    number_hash: Mapped[bytes] = mapped_column(LargeBinary)
    typed_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[Code] = mapped_column(default=InquiryState.WAITING)
    asked_at: Mapped[Instant]
    handed_over_at: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]
    expires_at: Mapped[Instant]

    person: Mapped[Person | None] = relationship()


class ContractLink(Base):
    """The link with a person's contract: an opaque reference, scheme, state and dates; nothing of the file itself.

    `said_sealed` is what the record says is met and missing. A link that ended keeps what was sent readable.
    """

    __tablename__ = "contract_link"
    __table_args__ = (
        Index(
            "uq_contract_link_live", "person_id", unique=True,
            sqlite_where=text("ended_at is null"), postgresql_where=text("ended_at is null"),
        ),
        Index(
            "uq_contract_link_reference", "reference_hash", unique=True,
            sqlite_where=text("ended_at is null"), postgresql_where=text("ended_at is null"),
        ),
    )  # fmt: skip

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    reference_sealed: Mapped[Sealed]
    reference_hash: Mapped[bytes] = mapped_column(LargeBinary)
    scheme: Mapped[Code]
    state: Mapped[Code]
    signed_on: Mapped[date | None] = mapped_column(Date)
    in_force_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    linked_at: Mapped[Instant]
    said_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    said_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]

    person: Mapped[Person] = relationship()
    consent: Mapped[Consent] = relationship()

    @property
    def reference(self) -> str:
        """The record's name for the contract; it says nothing to anybody else."""
        return self.person.opened(self.reference_sealed)


class OutsideCertificate(Base):
    """A certificate of a course elsewhere, handed in as a photo or PDF. The file goes with the decision."""

    __tablename__ = "outside_certificate"
    __table_args__ = (
        one_of("state", OutsideState),
        one_of("counts_for", CountsAs),
        CheckConstraint("state = 'waiting' or file_sealed is null", name="file_goes"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    counts_for: Mapped[Code]
    file_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    file_kind: Mapped[Code]
    facts_sealed: Mapped[Sealed]
    state: Mapped[Code] = mapped_column(default=OutsideState.WAITING)
    handed_in_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    person: Mapped[Person] = relationship()


class Attestation(Base):
    """What a signatory attended, as the record is told: one per activity (or certificate from outside) and contract.

    `remote` is the record's id of it. `seen_at`: an officer has seen that it was rejected.
    """

    __tablename__ = "attestation"
    __table_args__ = (
        one_of("state", AttestationState),
        one_of("counts_for", CountsAs),
        CheckConstraint("(activity_id is null) <> (outside_id is null)", name="one_source"),
        Index(
            "uq_attestation_live", "link_id", "activity_id", unique=True,
            sqlite_where=text("state <> 'withdrawn'"), postgresql_where=text("state <> 'withdrawn'"),
        ),
    )  # fmt: skip

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("contract_link.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"), index=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)
    outside_id: Mapped[int | None] = mapped_column(ForeignKey("outside_certificate.id"), unique=True)
    counts_for: Mapped[Code]
    state: Mapped[Code] = mapped_column(default=AttestationState.ON_ITS_WAY)
    remote: Mapped[str | None] = mapped_column(String(80), unique=True)
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
    seen_at: Mapped[Instant | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    person: Mapped[Person] = relationship()
    link: Mapped[ContractLink] = relationship()
    activity: Mapped[Activity | None] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
    outside: Mapped[OutsideCertificate | None] = relationship()
    transfers: Mapped[list["Transfer"]] = relationship(back_populates="attestation", order_by="Transfer.number")


class Transfer(Base):
    """One message about an attestation, exactly as it leaves (sealed), in the order of `number`; with its receipt.

    `key` is the idempotency key towards the record: it follows from the act and never changes.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        one_of("act", TransferAct),
        one_of("state", TransferState),
        UniqueConstraint("attestation_id", "number"),
    )

    id: Mapped[Identity]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    attestation_id: Mapped[int] = mapped_column(ForeignKey("attestation.id"))
    number: Mapped[int]
    act: Mapped[Code]
    body_sealed: Mapped[Sealed]
    state: Mapped[Code] = mapped_column(default=TransferState.WAITING)
    made_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
    receipt: Mapped[str] = mapped_column(String(120), default="")
    received_at: Mapped[Instant | None]

    attestation: Mapped[Attestation] = relationship(back_populates="transfers")


class RecordLine(Base):
    """The one line to the record: how far its changes were read, since when it is down, when the next call may go.

    `exports` counts the signed files that were made, `imported` names the answers that were read.
    """

    __tablename__ = "record_line"
    __table_args__ = (CheckConstraint("id = 1", name="one_line"),)

    id: Mapped[Identity]
    cursor: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[Instant | None]
    down_since: Mapped[Instant | None]
    next_call_at: Mapped[Instant | None]
    exports: Mapped[int] = mapped_column(default=0)
    imported: Mapped[list[str]] = mapped_column(JSON, default=list)
