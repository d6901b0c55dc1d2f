"""Tables of venues, activities, meetings, seats and the listings that the search reads."""

from datetime import date, time

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commune_hub.accounts.models import Organisation, Person
from commune_hub.base.db import Base, Code, Identity, Instant, PublicId, one_of
from commune_hub.events.words import (
    LIVE,
    ActivityKind,
    ActivityState,
    AttendanceMode,
    CancelReason,
    CertificateBasis,
    DateKind,
    MeetingState,
    PriorityReason,
    RegistrationBy,
    SignupChannel,
    SignupMode,
    SignupState,
    TextField,
)
from commune_hub.places.words import PointSource


class Venue(Base):
    """A room or hall of an organisation's register, with its point and how one gets in."""

    __tablename__ = "venue"
    __table_args__ = (one_of("point_source", PointSource), CheckConstraint("capacity > 0", name="capacity"))

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    address: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    locality: Mapped[str] = mapped_column(String(120))
    lau2: Mapped[str] = mapped_column(String(4), index=True, default="")
    lat: Mapped[float]
    lon: Mapped[float]
    point_source: Mapped[Code]
    step_free: Mapped[bool] = mapped_column(default=False)
    access_note: Mapped[str] = mapped_column(String(300), default="")
    bus_stop: Mapped[str] = mapped_column(String(120), default="")
    capacity: Mapped[int | None]
    offered_for_civic: Mapped[bool] = mapped_column(default=False)
    free_times: Mapped[str] = mapped_column(Text, default="")
    archived_at: Mapped[Instant | None]

    organisation: Mapped[Organisation] = relationship()


class Activity(Base):
    """What an organiser offers over a season. Structured fields, from which the public sentence is made."""

    __tablename__ = "activity"
    __table_args__ = (
        one_of("kind", ActivityKind),
        one_of("state", ActivityState),
        one_of("signup", SignupMode),
        one_of("registration_by", RegistrationBy),
        one_of("attendance_mode", AttendanceMode),
        one_of("certificate_basis", CertificateBasis),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("waiting_room >= 0", name="waiting_room"),
        CheckConstraint("last_on >= first_on", name="season"),
        CheckConstraint("level_to >= level_from", name="levels"),
        CheckConstraint("attendance_mode = 'online' or venue_id is not null or state = 'draft'", name="has_a_place"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[Code]
    state: Mapped[Code] = mapped_column(default=ActivityState.DRAFT)
    signup: Mapped[Code]
    registration_by: Mapped[Code] = mapped_column(default=RegistrationBy.HUB)
    registration_contact: Mapped[str] = mapped_column(String(300), default="")
    attendance_mode: Mapped[Code] = mapped_column(default=AttendanceMode.ON_SITE)
    online_url: Mapped[str] = mapped_column(String(300), default="")
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"), index=True)
    level_from: Mapped[int | None]
    level_to: Mapped[int | None]
    capacity: Mapped[int | None]
    waiting_room: Mapped[int] = mapped_column(default=0)
    minimum: Mapped[int | None]
    closes_minutes: Mapped[int] = mapped_column(default=0)
    free_of_charge: Mapped[bool] = mapped_column(default=True)
    price_cents: Mapped[int | None]
    voucher_price_cents: Mapped[int | None]
    minors_allowed: Mapped[bool] = mapped_column(default=False)
    child_care: Mapped[bool] = mapped_column(default=False)
    literacy: Mapped[bool] = mapped_column(default=False)
    convention_reference: Mapped[str] = mapped_column(String(80), default="")
    hosts: Mapped[str] = mapped_column(String(160), default="")
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_mail: Mapped[str] = mapped_column(String(254), default="")
    reference: Mapped[str] = mapped_column(String(80), default="")
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    rrule: Mapped[str] = mapped_column(String(200), default="")
    skip_public_holidays: Mapped[bool] = mapped_column(default=True)
    skip_school_holidays: Mapped[bool] = mapped_column(default=True)
    resident_days: Mapped[int] = mapped_column(default=0)
    resident_seats: Mapped[int] = mapped_column(default=0)
    certificate_basis: Mapped[Code]
    certificate_number: Mapped[int] = mapped_column(default=0)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    published_at: Mapped[Instant | None]

    organisation: Mapped[Organisation] = relationship()
    venue: Mapped[Venue | None] = relationship()
    languages: Mapped[list["ActivityLanguage"]] = relationship(
        back_populates="activity", order_by="ActivityLanguage.position", cascade="all, delete-orphan"
    )
    slots: Mapped[list["ActivitySlot"]] = relationship(
        back_populates="activity", order_by="ActivitySlot.number", cascade="all, delete-orphan"
    )
    texts: Mapped[list["ActivityText"]] = relationship(back_populates="activity", cascade="all, delete-orphan")
    dates: Mapped[list["ActivityDate"]] = relationship(
        back_populates="activity", order_by="ActivityDate.on", cascade="all, delete-orphan"
    )
    co_organisers: Mapped[list["CoOrganiser"]] = relationship(back_populates="activity", cascade="all, delete-orphan")
    meetings: Mapped[list["Meeting"]] = relationship(back_populates="activity", order_by="Meeting.starts_at")

    def text(self, what: TextField, language: str) -> str:
        """What the organiser wrote in this language, or nothing."""
        return next((row.text for row in self.texts if row.field == what and row.language == language), "")

    @property
    def tags(self) -> tuple[str, ...]:
        """The practised languages (BCP 47), the main one first."""
        return tuple(dict.fromkeys(row.tag for row in self.languages))

    @property
    def later_starts(self) -> time | None:
        """When tables change languages in the middle of an evening; the parts stand in its order."""
        begins = [row.starts for row in self.languages if row.starts is not None]
        return begins[-1] if begins and begins[-1] != begins[0] else None

    @property
    def early_tags(self) -> tuple[str, ...]:
        """The languages from the beginning: all of them where the evening has one part."""
        later = self.later_starts
        return tuple(row.tag for row in self.languages if later is None or row.starts != later)

    @property
    def later_tags(self) -> tuple[str, ...]:
        """The languages of the second part of the evening."""
        later = self.later_starts
        return tuple(row.tag for row in self.languages if later is not None and row.starts == later)


class ActivityLanguage(Base):
    """A practised language, at a café with its own time of the evening when tables change (two slots)."""

    __tablename__ = "activity_language"

    id: Mapped[Identity]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    tag: Mapped[str] = mapped_column(String(35))
    starts: Mapped[time | None] = mapped_column(Time)
    ends: Mapped[time | None] = mapped_column(Time)
    tables: Mapped[int | None]

    activity: Mapped[Activity] = relationship(back_populates="languages")


class ActivitySlot(Base):
    """A local time at which meetings begin; most activities have one."""

    __tablename__ = "activity_slot"
    __table_args__ = (UniqueConstraint("activity_id", "number"), CheckConstraint("minutes > 0", name="minutes"))

    id: Mapped[Identity]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(default=0)
    starts: Mapped[time] = mapped_column(Time)
    minutes: Mapped[int]

    activity: Mapped[Activity] = relationship(back_populates="slots")


class ActivityText(Base):
    """A text that the organiser wrote, in one language."""

    __tablename__ = "activity_text"
    __table_args__ = (UniqueConstraint("activity_id", "language", "field"), one_of("field", TextField))

    id: Mapped[Identity]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    language: Mapped[Code]
    field: Mapped[Code]
    text: Mapped[str] = mapped_column(Text)

    activity: Mapped[Activity] = relationship(back_populates="texts")


class ActivityDate(Base):
    """A date set by hand: added to the rule, or left out."""

    __tablename__ = "activity_date"
    __table_args__ = (UniqueConstraint("activity_id", "on"), one_of("kind", DateKind))

    id: Mapped[Identity]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    on: Mapped[date] = mapped_column("on", Date)
    kind: Mapped[Code]

    activity: Mapped[Activity] = relationship(back_populates="dates")


class CoOrganiser(Base):
    """Another organisation that offers an activity too."""

    __tablename__ = "co_organiser"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)

    activity: Mapped[Activity] = relationship(back_populates="co_organisers")
    organisation: Mapped[Organisation] = relationship()


class SeatPool(Base):
    """The seats of one meeting, or of one course with all its meetings. This is the row that is locked.

    `taken` and `waiting` are counted here, so that the database itself refuses a seat too many; `over` holds the
    seats that were given before the capacity was lowered.
    """

    __tablename__ = "seat_pool"
    __table_args__ = (
        CheckConstraint("taken >= 0 and taken <= capacity + over", name="never_over_capacity"),
        CheckConstraint("waiting >= 0", name="waiting"),
        CheckConstraint("over >= 0", name="over"),
        CheckConstraint("capacity > 0", name="capacity"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    capacity: Mapped[int | None]
    waiting_room: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    over: Mapped[int] = mapped_column(default=0)
    closes_at: Mapped[Instant]
    reserved_until: Mapped[Instant | None]
    decides_at: Mapped[Instant | None]

    activity: Mapped[Activity] = relationship()
    meetings: Mapped[list["Meeting"]] = relationship(back_populates="pool", order_by="Meeting.starts_at")
    signups: Mapped[list["Signup"]] = relationship(back_populates="pool", order_by="Signup.id")


class Meeting(Base):
    """One date of an activity. The rule only makes it; afterwards it lives on its own."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("activity_id", "occurrence_on", "slot"),
        one_of("state", MeetingState),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("replaces_id is null or replaces_id <> id", name="replaces"),
        CheckConstraint(
            "cancel_reason is null or cancel_reason in (" + ", ".join(f"'{r.value}'" for r in CancelReason) + ")",
            name="cancel_reason",
        ),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("seat_pool.id"), index=True)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    occurrence_on: Mapped[date] = mapped_column(Date)
    slot: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[Instant] = mapped_column(index=True)
    ends_at: Mapped[Instant]
    state: Mapped[Code] = mapped_column(default=MeetingState.PLANNED)
    cancel_reason: Mapped[Code | None]
    moved: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[Instant]
    card: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)

    activity: Mapped[Activity] = relationship(back_populates="meetings")
    pool: Mapped[SeatPool] = relationship(back_populates="meetings")
    own_venue: Mapped[Venue | None] = relationship()

    @property
    def venue(self) -> Venue | None:
        """Where it takes place: its own venue, else the activity's."""
        return self.own_venue or self.activity.venue


class Signup(Base):
    """A person's seat or place in the queue. The link key opens it without an account."""

    __tablename__ = "signup"
    __table_args__ = (
        one_of("state", SignupState),
        one_of("channel", SignupChannel),
        Index(
            "uq_signup_live", "pool_id", "person_id", unique=True,
            sqlite_where=text("state in (" + ", ".join(f"'{s.value}'" for s in sorted(LIVE)) + ")"),
            postgresql_where=text("state in (" + ", ".join(f"'{s.value}'" for s in sorted(LIVE)) + ")"),
        ),
        Index("ix_signup_queue", "pool_id", "state", "asked_at"),
    )  # fmt: skip

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    link_key: Mapped[PublicId]
    pool_id: Mapped[int] = mapped_column(ForeignKey("seat_pool.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[Code]
    channel: Mapped[Code] = mapped_column(default=SignupChannel.WEB)
    for_language: Mapped[str] = mapped_column(String(35), default="")
    reminder: Mapped[bool] = mapped_column(default=True)
    says_has_contract: Mapped[bool] = mapped_column(default=False)
    lives_in: Mapped[str] = mapped_column(String(4), default="")
    offered_until: Mapped[Instant | None]
    right_at: Mapped[Instant | None]
    form_token: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[Instant]
    decided_at: Mapped[Instant]
    cancelled_at: Mapped[Instant | None]
    says_comes_at: Mapped[Instant | None]

    pool: Mapped[SeatPool] = relationship(back_populates="signups")
    person: Mapped[Person] = relationship()


class Priority(Base):
    """Somebody comes first in the queue from one day to another; the contract record writes these rows."""

    __tablename__ = "priority"
    __table_args__ = (one_of("reason", PriorityReason), CheckConstraint("until >= since", name="period"))

    id: Mapped[Identity]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[Code]
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)


class Listing(Base):
    """What the search reads: a row per published meeting and language, and one for any language (language '').

    `starts` is in seconds since 1970; `flags` are the bits of events/listings.py. The index holds every column that
    the search filters, groups and orders by, so that it reads the rows it shows and no others: half the time on both
    engines. No second index begins with the language: SQLite would choose the wrong one.
    """

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("meeting_id", "language"),
        Index(
            "ix_listing_near", "language", "starts", "lat", "lon", "activity_id", "flags", "levels", "free", "kind",
            "id",
        ),
    )  # fmt: skip

    id: Mapped[Identity]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    activity_id: Mapped[int] = mapped_column(Integer, index=True)
    language: Mapped[str] = mapped_column(String(35))
    starts: Mapped[int]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    kind: Mapped[Code]
    levels: Mapped[int]
    flags: Mapped[int]
    free: Mapped[int]
