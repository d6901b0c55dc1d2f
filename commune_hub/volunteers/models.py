"""Tables of volunteers: who they are, what they can do, which meetings they look after, what qualifies them."""

import json
from datetime import date

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commune_hub.accounts.models import Organisation, Person
from commune_hub.base.db import Base, Code, Identity, Instant, PublicId, one_of
from commune_hub.events.models import Activity, Meeting
from commune_hub.places.geo import Point
from commune_hub.volunteers.words import (
    HostState,
    LanguageUse,
    QualifiedBy,
    SupportStep,
    Unqualified,
    VolunteerState,
)


class Volunteer(Base):
    """Somebody who helps others practise. A volunteer is a person with a contact, and has no account.

    `free_slots` are the 18 bits of volunteers/rules.py. `point_sealed` is about where they start from, rounded to some
    300 m; `wishes_sealed` what they wrote. Both can be read with the person's own key only. Of the extract of the
    criminal record (bulletin no. 5) nothing is kept but that it was seen, when and by whom.
    """

    __tablename__ = "volunteer"
    __table_args__ = (
        one_of("state", VolunteerState),
        CheckConstraint("free_slots between 0 and 262143", name="free_slots"),
        CheckConstraint("reach_km between 0 and 100", name="reach_km"),
        CheckConstraint("capacity between 0 and 9", name="capacity"),
        CheckConstraint("(bulletin_seen_on is null) = (bulletin_seen_by_id is null)", name="bulletin"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    state: Mapped[Code] = mapped_column(default=VolunteerState.ANNOUNCED, index=True)
    free_slots: Mapped[int] = mapped_column(default=0)
    now_and_then: Mapped[bool] = mapped_column(default=False)
    point_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reach_km: Mapped[int] = mapped_column(default=10)
    online: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int] = mapped_column(default=1)
    likes: Mapped[list[str]] = mapped_column(JSON, default=list)
    wishes_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    charter_agreed_on: Mapped[date | None] = mapped_column(Date)
    bulletin_seen_on: Mapped[date | None] = mapped_column(Date)
    bulletin_seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    calendar_key: Mapped[PublicId]
    announced_at: Mapped[Instant]
    changed_at: Mapped[Instant]

    person: Mapped[Person] = relationship()
    languages: Mapped[list["VolunteerLanguage"]] = relationship(
        back_populates="volunteer", order_by="VolunteerLanguage.id", cascade="all, delete-orphan"
    )
    communes: Mapped[list["VolunteerCommune"]] = relationship(
        back_populates="volunteer", order_by="VolunteerCommune.lau2", cascade="all, delete-orphan"
    )
    qualifications: Mapped[list["Qualification"]] = relationship(
        back_populates="volunteer", order_by="Qualification.valid_until", cascade="all, delete-orphan"
    )
    steps: Mapped[list["VolunteerStep"]] = relationship(
        back_populates="volunteer", order_by="VolunteerStep.id", cascade="all, delete-orphan"
    )

    @property
    def point(self) -> Point | None:
        """About where they start from, for distances only; what others may learn is a band."""
        return Point(*json.loads(self.person.opened(self.point_sealed))[:2]) if self.point_sealed else None

    @property
    def place(self) -> str:
        """The name of the locality of that point."""
        return str(json.loads(self.person.opened(self.point_sealed))[2]) if self.point_sealed else ""

    @property
    def wishes(self) -> str:
        """What they wrote about what they want."""
        return self.person.opened(self.wishes_sealed) if self.wishes_sealed else ""

    @property
    def offers(self) -> dict[str, int | None]:
        """The languages in which they help, each with their own level (events' CefrLevel; None: not said)."""
        return {row.tag: row.level for row in self.languages if row.kind == LanguageUse.OFFERS}

    @property
    def understands(self) -> tuple[str, ...]:
        """The other languages in which one can talk with them."""
        return tuple(row.tag for row in self.languages if row.kind == LanguageUse.UNDERSTANDS)

    @property
    def lau2s(self) -> tuple[str, ...]:
        """The codes of the communes that they help."""
        return tuple(row.lau2 for row in self.communes)

    @property
    def qualified_until(self) -> date | None:
        """The last day on which they are qualified; None when they never were."""
        return self.qualifications[-1].valid_until if self.qualifications else None

    def is_qualified(self, on: date) -> bool:
        """Whether a training, perhaps prolonged by an exchange day, is valid on this day."""
        return any(row.granted_on <= on <= row.valid_until for row in self.qualifications)


class VolunteerLanguage(Base):
    """A language that a volunteer offers, with their own level, or only understands."""

    __tablename__ = "volunteer_language"
    __table_args__ = (
        UniqueConstraint("volunteer_id", "tag", "kind"),
        one_of("kind", LanguageUse),
        CheckConstraint("level between 1 and 14", name="level"),
    )

    id: Mapped[Identity]
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"))
    tag: Mapped[str] = mapped_column(String(35), index=True)
    kind: Mapped[Code]
    level: Mapped[int | None]

    volunteer: Mapped[Volunteer] = relationship(back_populates="languages")


class VolunteerCommune(Base):
    """A commune that a volunteer helps: its organiser may see how to reach them."""

    __tablename__ = "volunteer_commune"

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), primary_key=True)
    lau2: Mapped[str] = mapped_column(String(4), primary_key=True, index=True)

    volunteer: Mapped[Volunteer] = relationship(back_populates="communes")


class VolunteerStep(Base):
    """One step of a volunteer's life here: what they became, when, by whose doing; a note that only ASTI reads.

    `by_id` is the account of whoever took it, empty when the volunteer or a rule did.
    """

    __tablename__ = "volunteer_step"
    __table_args__ = (one_of("became", VolunteerState),)

    id: Mapped[Identity]
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    became: Mapped[Code]
    at: Mapped[Instant]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    volunteer: Mapped[Volunteer] = relationship(back_populates="steps")


class Qualification(Base):
    """A volunteer is qualified from a day to another, by a training or by an exchange day that prolonged it.

    The rows follow from attendance: when that is corrected they are reckoned anew.
    """

    __tablename__ = "qualification"
    __table_args__ = (
        UniqueConstraint("volunteer_id", "activity_id"),
        one_of("qualified_by", QualifiedBy),
        CheckConstraint("valid_until >= granted_on", name="period"),
    )

    id: Mapped[Identity]
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    qualified_by: Mapped[Code]
    granted_on: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date, index=True)

    volunteer: Mapped[Volunteer] = relationship(back_populates="qualifications")
    activity: Mapped[Activity] = relationship()


class VolunteerPolicy(Base):
    """What an organisation does about volunteers without a valid qualification; no row: it warns."""

    __tablename__ = "volunteer_policy"
    __table_args__ = (one_of("unqualified", Unqualified),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    unqualified: Mapped[Code] = mapped_column(default=Unqualified.WARN)


class MeetingHost(Base):
    """A volunteer looks after a meeting, until they cannot and perhaps somebody takes over from them."""

    __tablename__ = "meeting_host"
    __table_args__ = (
        UniqueConstraint("meeting_id", "volunteer_id"),
        one_of("state", HostState),
        CheckConstraint("stands_in_for_id is null or stands_in_for_id <> id", name="stands_in_for"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    state: Mapped[Code] = mapped_column(default=HostState.HOSTS)
    stands_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_host.id", ondelete="SET NULL"))
    assigned_at: Mapped[Instant]
    changed_at: Mapped[Instant]

    meeting: Mapped[Meeting] = relationship()
    volunteer: Mapped[Volunteer] = relationship()


class HandOver(Base):
    """Somebody was asked to take over a meeting from a host who cannot come; the link is their answer."""

    __tablename__ = "hand_over"
    __table_args__ = (UniqueConstraint("host_id", "volunteer_id"),)

    id: Mapped[Identity]
    link_key: Mapped[PublicId]
    host_id: Mapped[int] = mapped_column(ForeignKey("meeting_host.id", ondelete="CASCADE"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    comes: Mapped[bool | None]

    host: Mapped[MeetingHost] = relationship()
    volunteer: Mapped[Volunteer] = relationship()


class Engagement(Base):
    """A certificate of engagement that a volunteer asked for: the hours up to a day, signed, verified by its code.

    Name and signature are sealed with the person's key, as on the certificates of attendance.
    """

    __tablename__ = "engagement"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("last_on >= first_on", name="period"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    code: Mapped[str] = mapped_column(String(26), unique=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    facts: Mapped[dict[str, object]] = mapped_column(JSON)
    minutes: Mapped[int]
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    signature_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[Instant]

    volunteer: Mapped[Volunteer] = relationship()


class VolunteerLetter(Base):
    """What ASTI wrote to volunteers; who gets it stands in the jobs only."""

    __tablename__ = "volunteer_letter"

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    text: Mapped[str] = mapped_column(String(2000))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[Instant]


class Material(Base):
    """An idea for conversations: a link or a PDF, for a theme and levels, in a language; put there by ASTI.

    The file lies in the database, so that one backup has everything.
    """

    __tablename__ = "material"
    __table_args__ = (
        CheckConstraint("(url <> '') <> (file is not null)", name="link_or_file"),
        CheckConstraint("level_to >= level_from", name="levels"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    title: Mapped[str] = mapped_column(String(160))
    theme: Mapped[str] = mapped_column(String(80), index=True)
    about: Mapped[str] = mapped_column(String(500), default="")
    language: Mapped[str] = mapped_column(String(35))
    level_from: Mapped[int | None]
    level_to: Mapped[int | None]
    url: Mapped[str] = mapped_column(String(300), default="")
    file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    kilobytes: Mapped[int] = mapped_column(default=0)
    week_of: Mapped[date | None] = mapped_column(Date)
    added_at: Mapped[Instant]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class SupportRequest(Base):
    """A commune asks ASTI for help with a measure: what it wants, who looks after it, the next step and until when."""

    __tablename__ = "support_request"
    __table_args__ = (one_of("step", SupportStep),)

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[Code]
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    wish: Mapped[str] = mapped_column(String(2000))
    step: Mapped[Code] = mapped_column(default=SupportStep.IDEA)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    next_step: Mapped[str] = mapped_column(String(300), default="")
    next_on: Mapped[date | None] = mapped_column(Date)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[Instant]
    changed_at: Mapped[Instant]

    organisation: Mapped[Organisation] = relationship()
    activity: Mapped[Activity | None] = relationship()
    notes: Mapped[list["SupportNote"]] = relationship(
        back_populates="request", order_by="SupportNote.id", cascade="all, delete-orphan"
    )


class SupportNote(Base):
    """What was written or decided about a request, when and by whom; both sides read it."""

    __tablename__ = "support_note"
    __table_args__ = (one_of("step", SupportStep),)

    id: Mapped[Identity]
    request_id: Mapped[int] = mapped_column(ForeignKey("support_request.id", ondelete="CASCADE"), index=True)
    at: Mapped[Instant]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    step: Mapped[Code]
    text: Mapped[str] = mapped_column(String(1000), default="")

    request: Mapped[SupportRequest] = relationship(back_populates="notes")
