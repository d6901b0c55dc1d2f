"""Who may do what and who did what: agents, their duties, clients and tokens, traces, changes, answers given."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commune_hub.base.db import Code, Identity, Instant, PublicId, one_of
from national_record.models import RecordBase
from national_record.words import AgentRole, ChangeKind, Channel, Deed, Duty, Result


class Client(RecordBase):
    """A program of another organisation that speaks to the interface with OAuth 2 client credentials."""

    __tablename__ = "client"

    id: Mapped[Identity]
    name: Mapped[str] = mapped_column(String(64), unique=True)
    organisation: Mapped[str] = mapped_column(String(200))
    secret: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]


class AccessToken(RecordBase):
    """A short-lived token, of which only the hash is kept."""

    __tablename__ = "access_token"

    id: Mapped[Identity]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[Instant]

    client: Mapped[Client] = relationship()


class Agent(RecordBase):
    """Somebody who works with the record, or a service that calls it: known by name, authorised by the director."""

    __tablename__ = "agent"
    __table_args__ = (
        UniqueConstraint("client_id", "login"),
        one_of("role", AgentRole),
        CheckConstraint("(role = 'service') = (client_id is not null)", name="service_has_client"),
        CheckConstraint("(role = 'service') = (password is null)", name="staff_has_password"),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    login: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200))
    role: Mapped[Code]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    password: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[Instant]

    client: Mapped[Client | None] = relationship()
    grants: Mapped[list["Grant"]] = relationship(
        back_populates="agent", order_by="Grant.id", foreign_keys="Grant.agent_id"
    )

    @property
    def duties(self) -> frozenset[Duty]:
        """What the director has authorised and not taken back."""
        return frozenset(Duty(grant.duty) for grant in self.grants if grant.revoked_at is None)

    @property
    def is_director(self) -> bool:
        """Who is responsible for the processing (RGD art. 27)."""
        return self.role == AgentRole.DIRECTOR


class Grant(RecordBase):
    """The director's authorisation of one agent for one duty (RGD art. 25(1)); taken back, it stays to be read."""

    __tablename__ = "duty_grant"
    __table_args__ = (one_of("duty", Duty),)

    id: Mapped[Identity]
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    duty: Mapped[Code]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    granted_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]

    agent: Mapped[Agent] = relationship(back_populates="grants", foreign_keys=[agent_id])


class SignIn(RecordBase):
    """A session on the screen: a row, so that signing out and a lost duty count at once."""

    __tablename__ = "sign_in"

    id: Mapped[Identity]
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[Instant]

    agent: Mapped[Agent] = relationship()


class Attempt(RecordBase):
    """A try to sign in or to get a token, as keyed hashes of who and from where."""

    __tablename__ = "attempt"

    id: Mapped[Identity]
    who_hash: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    at: Mapped[Instant]


class OpenFile(RecordBase):
    """Somebody has said why they open this person's file; the reason counts until the session ends."""

    __tablename__ = "open_file"
    __table_args__ = (UniqueConstraint("sign_in_id", "person_id"),)

    id: Mapped[Identity]
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_in.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    motive: Mapped[str] = mapped_column(String(500))
    until: Mapped[Instant]


class Disclosure(RecordBase):
    """That a client was told about a contract: from then on it may name the reference, and no other."""

    __tablename__ = "disclosure"
    __table_args__ = (UniqueConstraint("client_id", "contract_id"),)

    id: Mapped[Identity]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    first_at: Mapped[Instant]


class IdempotencyKey(RecordBase):
    """The answer to a write, kept so that the same key gets the same answer again."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("client_id", "key"),)

    id: Mapped[Identity]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    key: Mapped[str] = mapped_column(String(200))
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    answer: Mapped[dict] = mapped_column(JSON)
    at: Mapped[Instant]


class ChangeCounter(RecordBase):
    """The number of the last change. Its row is locked to take the next, so that no reader ever skips a change."""

    __tablename__ = "change_counter"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[Identity]
    last: Mapped[int]


class Change(RecordBase):
    """What has changed about an attestation or a contract, for those who were told about it."""

    __tablename__ = "change"
    __table_args__ = (one_of("kind", ChangeKind),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Code]
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), index=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    subject: Mapped[str] = mapped_column(String(22))
    reference: Mapped[str] = mapped_column(String(22))
    state: Mapped[Code]
    reason: Mapped[str | None] = mapped_column(String(500))
    at: Mapped[Instant]


class TraceMonth(RecordBase):
    """A month's chain of traces: how many, and the signed link of the last, so that a missing end is seen."""

    __tablename__ = "trace_month"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    count: Mapped[int]
    head: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    dropped_on: Mapped[date | None]


class Trace(RecordBase):
    """Agent, date, hour and precise motive of a consultation or processing (RGD art. 28), chained per month."""

    __tablename__ = "trace"
    __table_args__ = (
        UniqueConstraint("month", "number"),
        one_of("channel", Channel),
        one_of("deed", Deed),
        one_of("result", Result),
    )

    id: Mapped[Identity]
    month: Mapped[str] = mapped_column(ForeignKey("trace_month.month"))
    number: Mapped[int]
    at: Mapped[Instant]
    agent: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200))
    motive: Mapped[str] = mapped_column(Text)
    channel: Mapped[Code]
    deed: Mapped[Code]
    result: Mapped[Code]
    # Public ids of the people whose data were touched; without a person behind, they say nothing.
    people: Mapped[list] = mapped_column(JSON)
    link: Mapped[bytes] = mapped_column(LargeBinary)
