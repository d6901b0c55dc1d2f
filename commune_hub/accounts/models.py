"""Tables of people: Person, Contact and Account are three things; organisations, roles, sessions, attempts."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from commune_hub.accounts.words import AfterNoShow, ContactKind, OrganisationKind, Role, SessionKind
from commune_hub.base.db import Base, Code, Identity, Instant, PublicId, Sealed, one_of
from commune_hub.base.sealed import Keyring


class Organisation(Base):
    """A commune, a syndicate of communes, an association or the national authority."""

    __tablename__ = "organisation"
    __table_args__ = (
        one_of("kind", OrganisationKind),
        one_of("after_no_show", AfterNoShow),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    kind: Mapped[Code]
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    mail: Mapped[str] = mapped_column(String(254), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    spoken: Mapped[list[str]] = mapped_column(JSON, default=list)
    theme: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    after_no_show: Mapped[Code] = mapped_column(default=AfterNoShow.NOTHING)
    created_at: Mapped[Instant]

    communes: Mapped[list["OrganisationCommune"]] = relationship(back_populates="organisation")

    @property
    def lau2s(self) -> tuple[str, ...]:
        """The codes of the communes that it covers."""
        return tuple(commune.lau2 for commune in self.communes)


class OrganisationCommune(Base):
    """An organisation covers a commune; several may cover the same one."""

    __tablename__ = "organisation_commune"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    lau2: Mapped[str] = mapped_column(String(4), primary_key=True, index=True)

    organisation: Mapped[Organisation] = relationship(back_populates="communes")


class Person(Base):
    """Someone who practises, volunteers or works. The name can be read with the person's own key only."""

    __tablename__ = "person"

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    language: Mapped[Code]
    name_sealed: Mapped[Sealed]
    name_hash: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    home_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[Instant]
    messages_paused_at: Mapped[Instant | None]
    no_questions_at: Mapped[Instant | None]
    erased_at: Mapped[Instant | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    contacts: Mapped[list["Contact"]] = relationship(back_populates="person")

    @property
    def name(self) -> str:
        """The first name (or whole name) that the person gave; '' of somebody who was erased."""
        return "" if self.erased_at is not None else self.opened(self.name_sealed)

    def opened(self, sealed: bytes) -> str:
        """What is sealed with the person's key, in whichever table."""
        return _ring(self).open(self.public_id, sealed)


class Contact(Base):
    """A mail address or phone number of a person. Families share one, so it is never unique."""

    __tablename__ = "contact"
    __table_args__ = (one_of("kind", ContactKind),)

    id: Mapped[Identity]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[Code]
    value_sealed: Mapped[Sealed]
    value_hash: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    created_at: Mapped[Instant]
    confirmed_at: Mapped[Instant | None]

    person: Mapped[Person] = relationship(back_populates="contacts")

    @property
    def value(self) -> str:
        """The address or number."""
        return _ring(self).open(self.person.public_id, self.value_sealed)


class Account(Base):
    """A way for staff to sign in: mail address, password, one-time codes; with roles."""

    __tablename__ = "account"

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    mail_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    password: Mapped[str] = mapped_column(String(200))
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Instant]
    disabled_at: Mapped[Instant | None]

    person: Mapped[Person] = relationship()
    grants: Mapped[list["Grant"]] = relationship(back_populates="account")


class Grant(Base):
    """A role given to an account, within an organisation where the role needs one."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "organisation_id"),
        one_of("role", Role),
        CheckConstraint("role not in ('officer', 'coordinator') or organisation_id is not null", name="organisation"),
    )

    id: Mapped[Identity]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Code]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    granted_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]

    account: Mapped[Account] = relationship(back_populates="grants")
    organisation: Mapped[Organisation | None] = relationship()


class SignIn(Base):
    """A session on the server: signing out, a changed password or a lost role take effect at the next request."""

    __tablename__ = "sign_in"
    __table_args__ = (
        one_of("kind", SessionKind),
        CheckConstraint("(account_id is null) <> (contact_hash is null)", name="one_owner"),
    )

    id: Mapped[Identity]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    kind: Mapped[Code]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    contact_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second_factor_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]


class SignInAttempt(Base):
    """A try to sign in, also a refused one; kept for the limits only, and only as hashes."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_who", "who_hash", "at"),
        Index("ix_sign_in_attempt_address", "address_hash", "at"),
    )

    id: Mapped[Identity]
    who_hash: Mapped[bytes] = mapped_column(LargeBinary)
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[Instant]
    succeeded: Mapped[bool] = mapped_column(Boolean)


class SignInCode(Base):
    """A six-digit code on its way to a mail address or phone of a learner or volunteer."""

    __tablename__ = "sign_in_code"

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    contact_hash: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    code_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class Invitation(Base):
    """An invitation for a member of staff, by a mailed link that works once."""

    __tablename__ = "invitation"

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Code]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    note: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


def _ring(row: Base) -> Keyring:
    session = object_session(row)
    assert isinstance(session, Session), "a sealed value is read while its session is open"
    ring = session.info["keyring"]
    assert isinstance(ring, Keyring)
    return ring
