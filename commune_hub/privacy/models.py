"""Tables of this room: merged people, runs of the retention and what waits for a human."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commune_hub.accounts.models import Account, Person
from commune_hub.base.db import Base, Code, Identity, Instant, PublicId, Sealed, one_of
from commune_hub.privacy.words import CaseDecision, CaseReason


class PersonMerge(Base):
    """Two people turned out to be one; `moved` are the ids of the rows that went along, by table, to undo it."""

    __tablename__ = "person_merge"
    __table_args__ = (CheckConstraint("kept_id <> merged_id", name="two_people"),)

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[Instant]
    reason_sealed: Mapped[Sealed]
    moved: Mapped[dict[str, list[int]]] = mapped_column(JSON)
    undone_at: Mapped[Instant | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    final_at: Mapped[Instant | None]

    kept: Mapped[Person] = relationship(foreign_keys=[kept_id])
    merged: Mapped[Person] = relationship(foreign_keys=[merged_id])
    by: Mapped[Account] = relationship(foreign_keys=[by_id])


class RetentionRun(Base):
    """One run: when, and how many people it deleted, made anonymous, or left to a human."""

    __tablename__ = "retention_run"

    id: Mapped[Identity]
    started_at: Mapped[Instant]
    finished_at: Mapped[Instant | None]
    deleted: Mapped[int] = mapped_column(default=0)
    anonymised: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    months_dropped: Mapped[int] = mapped_column(default=0)


class RetentionCase(Base):
    """Somebody's time is over, and something speaks against it: a human decides. `until`: look again on that day."""

    __tablename__ = "retention_case"
    __table_args__ = (one_of("reason", CaseReason), one_of("decision", CaseDecision))

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    reason: Mapped[Code]
    due_on: Mapped[date | None] = mapped_column(Date)
    noticed_at: Mapped[Instant]
    decision: Mapped[Code | None]
    decided_at: Mapped[Instant | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    until: Mapped[date | None] = mapped_column(Date)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    person: Mapped[Person] = relationship()
