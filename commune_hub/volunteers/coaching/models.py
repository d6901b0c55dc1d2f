"""Tables of coaching: requests, pairs with their two sides, meetings, messages, notes, and who stands in at ASTI."""

import json
from datetime import date

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commune_hub.accounts.models import Account, Person
from commune_hub.base.db import Base, Code, Identity, Instant, PublicId, Sealed, one_of
from commune_hub.events.models import Venue
from commune_hub.places.geo import Point
from commune_hub.volunteers.coaching.words import (
    HELD,
    Answer,
    EndedBy,
    MeetingWay,
    NextWish,
    PairMeetingState,
    PairReason,
    PairState,
    Phrase,
    RequestChannel,
    RequestState,
    Side,
)
from commune_hub.volunteers.models import Volunteer


def _only_where(name: str, *columns: str, condition: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(condition), postgresql_where=text(condition))


class CoachingRequest(Base):
    """Somebody would like a coach. The link key opens it without an account.

    `free_slots` are the 18 bits of volunteers/rules.py. The home is rounded to some 300 m and sealed with the person's
    key, like the wishes; `lau2` says the commune alone. `languages` are those in which one can help the learner out,
    `must_share`: the coach has to speak one of them.
    """

    __tablename__ = "coaching_request"
    __table_args__ = (
        one_of("state", RequestState),
        one_of("channel", RequestChannel),
        CheckConstraint("level between 1 and 14", name="level"),
        CheckConstraint("free_slots between 0 and 262143", name="free_slots"),
        CheckConstraint("reach_km between 0 and 100", name="reach_km"),
        CheckConstraint("home_sealed is not null or online", name="has_a_place"),
        _only_where("uq_coaching_request_live", "person_id", "language", condition="state <> 'closed'"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    link_key: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[Code] = mapped_column(default=RequestState.WAITING, index=True)
    channel: Mapped[Code] = mapped_column(default=RequestChannel.WEB)
    language: Mapped[str] = mapped_column(String(35))
    level: Mapped[int]
    free_slots: Mapped[int]
    home_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    lau2: Mapped[str] = mapped_column(String(4), default="")
    reach_km: Mapped[int] = mapped_column(default=10)
    online: Mapped[bool] = mapped_column(default=False)
    minor: Mapped[bool] = mapped_column(default=False)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    must_share: Mapped[bool] = mapped_column(default=False)
    wishes_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    form_token: Mapped[str | None] = mapped_column(String(64), unique=True)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]

    person: Mapped[Person] = relationship()
    pairs: Mapped[list["CoachingPair"]] = relationship(back_populates="request", order_by="CoachingPair.id")

    @property
    def point(self) -> Point | None:
        """About where the learner lives, for distances only; what others may learn is a band."""
        return Point(*json.loads(self.person.opened(self.home_sealed))[:2]) if self.home_sealed else None

    @property
    def place(self) -> str:
        """The name of the locality."""
        return str(json.loads(self.person.opened(self.home_sealed))[2]) if self.home_sealed else ""

    @property
    def wishes(self) -> str:
        """What the learner wrote."""
        return self.person.opened(self.wishes_sealed) if self.wishes_sealed else ""


class CoachingPair(Base):
    """A learner and a volunteer, from the proposal to the end. `place`: which of the volunteer's places it takes.

    The unique indexes are what keeps a volunteer from having more pairs than places, and a request from being proposed
    twice at the same moment, whatever the order of clicks.
    """

    __tablename__ = "coaching_pair"
    __table_args__ = (
        one_of("state", PairState),
        one_of("ended_by", EndedBy),
        CheckConstraint("place between 1 and 9", name="place"),
        CheckConstraint("state in ('proposed', 'ended') or accepted_at is not null", name="both_said_yes"),
        CheckConstraint("(state = 'ended') = (ended_at is not null)", name="ended"),
        CheckConstraint("(ended_at is null) = (ended_by is null)", name="ended_by_somebody"),
        _only_where("uq_coaching_pair_place", "volunteer_id", "place", condition="state <> 'ended'"),
        _only_where("uq_coaching_pair_request", "request_id", condition="state <> 'ended'"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    request_id: Mapped[int] = mapped_column(ForeignKey("coaching_request.id"), index=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), index=True)
    state: Mapped[Code] = mapped_column(default=PairState.PROPOSED, index=True)
    place: Mapped[int]
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    proposed_at: Mapped[Instant]
    accepted_at: Mapped[Instant | None]
    went_on_at: Mapped[Instant | None]
    paused_at: Mapped[Instant | None]
    help_asked_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    ended_by: Mapped[Code | None]

    request: Mapped[CoachingRequest] = relationship(back_populates="pairs")
    volunteer: Mapped[Volunteer] = relationship()
    venue: Mapped[Venue | None] = relationship()
    coordinator: Mapped[Account | None] = relationship()
    sides: Mapped[list["PairSide"]] = relationship(back_populates="pair", cascade="all, delete-orphan")
    meetings: Mapped[list["PairMeeting"]] = relationship(
        back_populates="pair", order_by="PairMeeting.starts_at", cascade="all, delete-orphan"
    )
    messages: Mapped[list["PairMessage"]] = relationship(
        back_populates="pair", order_by="PairMessage.id", cascade="all, delete-orphan"
    )
    notes: Mapped[list["PairNote"]] = relationship(
        back_populates="pair", order_by="PairNote.id", cascade="all, delete-orphan"
    )

    def side(self, which: Side) -> "PairSide":
        """One of the two."""
        return next(side for side in self.sides if side.side == which)

    @property
    def answers(self) -> list[Answer | None]:
        """What the two have said to the proposal so far."""
        return [Answer(side.answer) if side.answer else None for side in self.sides]

    @property
    def home_chosen(self) -> bool:
        """Whether both have said that a home is fine, too."""
        return all(side.at_home for side in self.sides)


class PairSide(Base):
    """One of the two people of a pair, with the link that is their key, their answer and what they keep to themselves.

    `reason` is why they said no, paused or ended; it and the notes are read by them and by ASTI, never by the partner.
    """

    __tablename__ = "pair_side"
    __table_args__ = (
        UniqueConstraint("pair_id", "side"),
        one_of("side", Side),
        one_of("answer", Answer),
        one_of("reason", PairReason),
        one_of("next_wish", NextWish),
    )

    id: Mapped[Identity]
    link_key: Mapped[PublicId]
    pair_id: Mapped[int] = mapped_column(ForeignKey("coaching_pair.id", ondelete="CASCADE"))
    side: Mapped[Code]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[Code | None]
    answered_at: Mapped[Instant | None]
    at_home: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[Code | None]
    why_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    next_wish: Mapped[Code | None]
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    pair: Mapped[CoachingPair] = relationship(back_populates="sides")
    person: Mapped[Person] = relationship()

    @property
    def partner(self) -> "PairSide":
        """The other one."""
        return self.pair.side(Side(self.side).other)

    @property
    def note(self) -> str:
        """What this person wrote for themselves."""
        return self.person.opened(self.note_sealed) if self.note_sealed else ""

    @property
    def why(self) -> str:
        """What this person added to the reason."""
        return self.person.opened(self.why_sealed) if self.why_sealed else ""


class PairMeeting(Base):
    """A meeting of a pair: a date that one of them proposed, then the hours. `day` is the local day."""

    __tablename__ = "pair_meeting"
    __table_args__ = (
        one_of("state", PairMeetingState),
        one_of("way", MeetingWay),
        one_of("proposed_by", Side),
        CheckConstraint("minutes between 15 and 240", name="minutes"),
        _only_where(
            "uq_pair_meeting_day", "pair_id", "day",
            condition="state in (" + ", ".join(f"'{state.value}'" for state in sorted(HELD)) + ")",
        ),
    )  # fmt: skip

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    pair_id: Mapped[int] = mapped_column(ForeignKey("coaching_pair.id", ondelete="CASCADE"), index=True)
    state: Mapped[Code] = mapped_column(default=PairMeetingState.PLANNED)
    starts_at: Mapped[Instant]
    day: Mapped[date] = mapped_column(Date)
    minutes: Mapped[int] = mapped_column(default=60)
    way: Mapped[Code] = mapped_column(default=MeetingWay.PUBLIC)
    proposed_by: Mapped[Code | None]
    agreed_at: Mapped[Instant | None]
    logged_at: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    pair: Mapped[CoachingPair] = relationship(back_populates="meetings")


class PairMessage(Base):
    """What one of the two wrote to the other, sealed with the writer's key; or one of the ready sentences."""

    __tablename__ = "pair_message"
    __table_args__ = (
        one_of("side", Side),
        one_of("phrase", Phrase),
        CheckConstraint("(phrase is null) <> (text_sealed is null)", name="one_text"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    pair_id: Mapped[int] = mapped_column(ForeignKey("coaching_pair.id", ondelete="CASCADE"), index=True)
    side: Mapped[Code]
    phrase: Mapped[Code | None]
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[Instant]

    pair: Mapped[CoachingPair] = relationship(back_populates="messages")

    @property
    def text(self) -> str:
        """What was written; nothing for a ready sentence."""
        return self.pair.side(Side(self.side)).person.opened(self.text_sealed) if self.text_sealed else ""


class PairNote(Base):
    """What ASTI noted about a pair (a call, an agreement), sealed with the learner's key; nobody else reads it."""

    __tablename__ = "pair_note"

    id: Mapped[Identity]
    pair_id: Mapped[int] = mapped_column(ForeignKey("coaching_pair.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    text_sealed: Mapped[Sealed]
    at: Mapped[Instant]

    pair: Mapped[CoachingPair] = relationship(back_populates="notes")
    by: Mapped[Account | None] = relationship()

    @property
    def text(self) -> str:
        """What was noted."""
        return self.pair.request.person.opened(self.text_sealed)


class StandIn(Base):
    """A coordinator is away from one day to another, and a colleague looks after their pairs."""

    __tablename__ = "coordinator_stand_in"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="period"),
        CheckConstraint("account_id <> stand_in_id", name="somebody_else"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    stand_in: Mapped[Account] = relationship(foreign_keys=[stand_in_id])
