"""Tables of what happened: decisions about the queue, attendance, certificates, practice cards, alerts, answers."""

from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commune_hub.accounts.models import Organisation, Person
from commune_hub.base.db import Base, Code, Identity, Instant, PublicId, Sealed, one_of
from commune_hub.base.ids import new_code
from commune_hub.events.models import Activity, Meeting, Signup, Venue
from commune_hub.events.words import (
    AlertState,
    AttendanceChannel,
    AttendanceState,
    CertificateState,
    CountsFor,
    CourseState,
    QueueRule,
    QueueStep,
    VenueOfferState,
    VoidReason,
)


class QueueDecision(Base):
    """What was decided about a seat, when, by which rule and why; the officer and the person can read it.

    `by_id` is the account of the officer who decided, empty when the rules did. The officer's reason is sealed with
    the person's key, because people write about people.
    """

    __tablename__ = "queue_decision"
    __table_args__ = (
        one_of("step", QueueStep),
        one_of("rule", QueueRule),
        Index("ix_queue_decision_pool", "pool_id", "at"),
    )

    id: Mapped[Identity]
    pool_id: Mapped[int] = mapped_column(ForeignKey("seat_pool.id"))
    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id"), index=True)
    at: Mapped[Instant]
    step: Mapped[Code]
    rule: Mapped[Code]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    signup: Mapped[Signup] = relationship()


class Attendance(Base):
    """Whether a person was at a meeting, who noted it and when; signed where an obligation is at stake."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id"),
        one_of("state", AttendanceState),
        one_of("channel", AttendanceChannel),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[Code]
    channel: Mapped[Code]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[Instant]
    signed_at: Mapped[Instant | None]

    meeting: Mapped[Meeting] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class AttendanceChange(Base):
    """Every tap on an attendance; `tap` is the key that makes a tap sent twice the same one.

    `by_id` is the person who noted it, staff or the host of the meeting; empty when people did it themselves.

    `tapped_at` is when the finger touched the phone, `at` when the tap arrived here: a phone without network sends
    its taps later. `everybody` marks a tap on "everybody is present", which leaves those alone who have a mark.
    """

    __tablename__ = "attendance_change"
    __table_args__ = (one_of("became", AttendanceState), one_of("channel", AttendanceChannel))

    id: Mapped[Identity]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    was: Mapped[Code]
    became: Mapped[Code]
    channel: Mapped[Code]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Instant]
    tapped_at: Mapped[Instant]
    everybody: Mapped[bool] = mapped_column(default=False)
    tap: Mapped[str | None] = mapped_column(String(64), unique=True)
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class Roll(Base):
    """The taking of attendance at one meeting: finished or not, its check-in code, until when officers may correct."""

    __tablename__ = "roll"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    check_in: Mapped[PublicId]
    finished_at: Mapped[Instant | None]
    finished_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lock_on: Mapped[date] = mapped_column(Date)

    meeting: Mapped[Meeting] = relationship()


class HeadCount(Base):
    """How many people sat at the tables of one language of a café; nobody's name."""

    __tablename__ = "head_count"
    __table_args__ = (UniqueConstraint("meeting_id", "language"), CheckConstraint("number >= 0", name="number"))

    id: Mapped[Identity]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(35))
    number: Mapped[int]
    noted_at: Mapped[Instant]


class TableSpeaker(Base):
    """Somebody who looks after a table at one evening of a café, with the languages they can do it in."""

    __tablename__ = "table_speaker"
    __table_args__ = (UniqueConstraint("meeting_id", "position"),)

    id: Mapped[Identity]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)


class PracticeCard(Base):
    """A card with a random code, valid in every commune; the code says nothing about anybody."""

    __tablename__ = "practice_card"
    __table_args__ = (
        Index(
            "uq_practice_card_live", "person_id", unique=True,
            sqlite_where=text("ended_at is null"), postgresql_where=text("ended_at is null"),
        ),
    )  # fmt: skip

    id: Mapped[Identity]
    code: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]

    person: Mapped[Person] = relationship()


class Course(Base):
    """What a course of modules needs beyond its activity: the decision about the minimum, contents, convention.

    `enrolled` is how many there were when it was decided. `confirmed_reference` is the convention that the authority
    has confirmed: another one is not confirmed. When it will be decided stands in the pool (SeatPool.decides_at),
    and nowhere once it is. `helpers` are the languages of the helpers of an orientation day.
    """

    __tablename__ = "course"
    __table_args__ = (one_of("state", CourseState),)

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    state: Mapped[Code] = mapped_column(default=CourseState.OPEN)
    decided_at: Mapped[Instant | None]
    enrolled: Mapped[int | None]
    contents: Mapped[list[str]] = mapped_column(JSON, default=list)
    handbook: Mapped[str] = mapped_column(String(200), default="")
    confirmed_reference: Mapped[str] = mapped_column(String(80), default="")
    convention_confirmed_at: Mapped[Instant | None]
    convention_confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    programme: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    helpers: Mapped[list[str]] = mapped_column(JSON, default=list)

    activity: Mapped[Activity] = relationship()


class CourseAnswer(Base):
    """Somebody keeps the place in a postponed course; a new postponement asks again. Giving back is a cancellation."""

    __tablename__ = "course_answer"

    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id"), primary_key=True)
    kept_at: Mapped[Instant]


class SignatoryArea(Base):
    """How many people with priority live in a square of some 2 km: no names, rewritten every night."""

    __tablename__ = "signatory_area"
    __table_args__ = (UniqueConstraint("lat", "lon"), CheckConstraint("number > 0", name="number"))

    id: Mapped[Identity]
    lat: Mapped[float]
    lon: Mapped[float]
    number: Mapped[int]


class VenueOffer(Base):
    """A commune offers a venue at a time for a civic course; the authority or a provider takes it or says why not."""

    __tablename__ = "venue_offer"
    __table_args__ = (one_of("state", VenueOfferState), CheckConstraint("ends_at > starts_at", name="period"))

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), index=True)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    state: Mapped[Code] = mapped_column(default=VenueOfferState.OPEN)
    reason: Mapped[str] = mapped_column(String(300), default="")
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    decided_at: Mapped[Instant | None]

    venue: Mapped[Venue] = relationship()
    taken_by: Mapped[Organisation | None] = relationship()
    activity: Mapped[Activity | None] = relationship()


class EventInvitation(Base):
    """A personal invitation to an orientation day, for one person, by a link that is theirs."""

    __tablename__ = "event_invitation"
    __table_args__ = (UniqueConstraint("activity_id", "person_id"),)

    id: Mapped[Identity]
    link_key: Mapped[PublicId]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    invited_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    comes: Mapped[bool | None]

    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship()


class Certificate(Base):
    """What a person attended, certified by its issuer; void once an attendance behind it was corrected.

    `facts` are what the certificate says about the activity and the days. Name, skills, signature and the note of who
    made it void are sealed with the person's key: whoever is erased leaves nothing here that a guessed name could be
    tried on. `released_at` is the click (or the rule) after which the worker issues it. `code` stands on the paper and
    opens its check; jobs and their logs name the certificate by `public_id`, which opens nothing.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        one_of("state", CertificateState),
        one_of("counts_for", CountsFor),
        CheckConstraint(
            "void_reason is null or void_reason in (" + ", ".join(f"'{r.value}'" for r in VoidReason) + ")",
            name="void_reason",
        ),
        CheckConstraint(
            "state = 'prepared' or (issued_at is not null and signature_sealed is not null)", name="issued"
        ),
        CheckConstraint("(state = 'void') = (voided_at is not null)", name="voided"),
        # Two workers that prepare the same batch never make two of them.
        Index(
            "uq_certificate_live", "activity_id", "person_id", unique=True,
            sqlite_where=text("state <> 'void'"), postgresql_where=text("state <> 'void'"),
        ),
    )  # fmt: skip

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    code: Mapped[str] = mapped_column(String(26), unique=True, default=new_code)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[Code] = mapped_column(default=CertificateState.PREPARED)
    counts_for: Mapped[Code]
    minutes: Mapped[int]
    of_minutes: Mapped[int]
    attended: Mapped[int]
    held: Mapped[int]
    until: Mapped[Instant]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    skills_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    signature_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    prepared_at: Mapped[Instant]
    released_at: Mapped[Instant | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    issued_at: Mapped[Instant | None]
    voided_at: Mapped[Instant | None]
    void_reason: Mapped[Code | None]
    void_note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))

    person: Mapped[Person] = relationship()
    activity: Mapped[Activity] = relationship()
    issuer: Mapped[Organisation] = relationship()


class Alert(Base):
    """A search that is repeated for somebody: at most one mail a day, ended by one tap, no account.

    The search may say where somebody lives, so it is sealed. Jobs name an alert by `public_id`; `link_key` opens it.
    """

    __tablename__ = "alert"
    __table_args__ = (one_of("state", AlertState),)

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    link_key: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    search_sealed: Mapped[Sealed]
    state: Mapped[Code]
    made_at: Mapped[Instant]
    last_sent_at: Mapped[Instant | None]
    seen_meeting_id: Mapped[int] = mapped_column(default=0)

    person: Mapped[Person] = relationship()

    @property
    def search(self) -> str:
        """The parameters of the search (matching/search.py)."""
        return self.person.opened(self.search_sealed)


class GroupMessage(Base):
    """What an officer or host wrote to the people of a meeting, one text per language."""

    __tablename__ = "group_message"

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Instant]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[Code]
    to_waiting: Mapped[bool] = mapped_column(default=False)

    meeting: Mapped[Meeting] = relationship()


class SeasonAnswer(Base):
    """An answer to the two questions at the end of a season; nothing says whose it is (RGD art. 29)."""

    __tablename__ = "season_answer"
    __table_args__ = (CheckConstraint("useful between 1 and 4", name="useful"),)

    id: Mapped[Identity]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    useful: Mapped[int]
    would_help: Mapped[str] = mapped_column(String(300), default="")
    answered_on: Mapped[date] = mapped_column(Date)


class SeasonQuestion(Base):
    """That somebody was asked, so that nobody is asked twice; the link works once and is not kept with the answer."""

    __tablename__ = "season_question"
    __table_args__ = (UniqueConstraint("activity_id", "person_id"),)

    id: Mapped[Identity]
    link_key: Mapped[PublicId]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[Instant]
    answered: Mapped[bool] = mapped_column(default=False)
