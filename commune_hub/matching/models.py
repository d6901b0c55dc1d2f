"""Tables of the pairing: runs over everybody who waits, a line for each learner, and what ASTI said of a pair."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commune_hub.base.db import Base, Code, Identity, Instant, PublicId, one_of
from commune_hub.matching.words import LineState, Mark, Method
from commune_hub.volunteers.coaching.models import CoachingRequest
from commune_hub.volunteers.models import Volunteer


class PairingRun(Base):
    """A run over all who waited. It proposes and sends nothing: that takes somebody's click for each pair.

    `snapshot` holds what the solver was given and what it answered, as numbers from which no person can be told, so
    that the run can be repeated; `digest` is its SHA-256. Which number was whom stands in the lines, which go with the
    request. `is_best`: our own check found nothing better (matching/flow.py `is_best`).
    """

    __tablename__ = "pairing_run"
    __table_args__ = (
        one_of("method", Method),
        CheckConstraint("(method = 'best_few') = (best_few is not null)", name="best_few"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    made_at: Mapped[Instant]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    method: Mapped[Code]
    best_few: Mapped[int | None]
    weights: Mapped[dict[str, int]] = mapped_column(JSON)
    learners: Mapped[int]
    volunteers: Mapped[int]
    places: Mapped[int]
    possible: Mapped[int]
    pairs: Mapped[int]
    points: Mapped[int]
    is_best: Mapped[bool]
    milliseconds: Mapped[int]
    snapshot: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))

    lines: Mapped[list["PairingLine"]] = relationship(
        back_populates="run", order_by="PairingLine.place", cascade="all, delete-orphan", passive_deletes=True
    )
    marks: Mapped[list["PairingMark"]] = relationship(
        back_populates="run", order_by="PairingMark.id", cascade="all, delete-orphan", passive_deletes=True
    )


class PairingLine(Base):
    """One learner of a run, in the order of waiting: with whom and what the pair is worth, or why with nobody.

    `km` is rounded. `parts` are the points (words.Part), `why` is the reason (plans.Why).
    """

    __tablename__ = "pairing_line"
    __table_args__ = (
        UniqueConstraint("run_id", "request_id"),
        one_of("state", LineState),
        Index("ix_pairing_line_request_id", "request_id"),
    )

    id: Mapped[Identity]
    run_id: Mapped[int] = mapped_column(ForeignKey("pairing_run.id", ondelete="CASCADE"))
    request_id: Mapped[int] = mapped_column(ForeignKey("coaching_request.id", ondelete="CASCADE"))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    place: Mapped[int]
    state: Mapped[Code]
    days: Mapped[int]
    km: Mapped[int | None]
    parts: Mapped[dict[str, int]] = mapped_column(JSON)
    why: Mapped[dict[str, str | int]] = mapped_column(JSON)

    run: Mapped[PairingRun] = relationship(back_populates="lines")
    request: Mapped[CoachingRequest] = relationship()
    volunteer: Mapped[Volunteer | None] = relationship()


class PairingMark(Base):
    """What ASTI said of a pair in a run: it stays as it is, or it is not to be. A new solution keeps it."""

    __tablename__ = "pairing_mark"
    __table_args__ = (UniqueConstraint("run_id", "request_id", "volunteer_id"), one_of("mark", Mark))

    id: Mapped[Identity]
    run_id: Mapped[int] = mapped_column(ForeignKey("pairing_run.id", ondelete="CASCADE"))
    request_id: Mapped[int] = mapped_column(ForeignKey("coaching_request.id", ondelete="CASCADE"), index=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    mark: Mapped[Code]

    run: Mapped[PairingRun] = relationship(back_populates="marks")
    request: Mapped[CoachingRequest] = relationship()
    volunteer: Mapped[Volunteer] = relationship()
