"""Who looked at whose data, when and why (RGD art. 28): rows in a chain of hashes per month, and its check.

A row names people by their random ids, without a foreign key: it outlives what it tells of. What an officer typed as
the reason may name somebody, so it is sealed: with the key of the person where it is about one, else with a key of the
month. On PostgreSQL the role of the application can add rows and no more (docs/decisions/0009-tracing-and-erasing.md).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from commune_hub.accounts.models import Account, Contact, Organisation, Person
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.words import TraceChannel, TracedThing, TraceResult
from commune_hub.base import chain
from commune_hub.base.db import Base, Code, Identity, Instant, one_of
from commune_hub.base.sealed import Erased
from commune_hub.base.words import LOCAL

# Any fixed number: rows are added one after the other, or two would carry the same number.
_LOCK = 0x74726163


class TraceMonth(Base):
    """The chain of one month: how many rows it has, the hash of the last, and the signature over both.

    `previous` is the head of the month before, so that a whole month cannot go unseen. Once its time is over the rows
    are dropped and this row stays.
    """

    __tablename__ = "trace_month"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    rows: Mapped[int] = mapped_column(default=0)
    head: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    dropped_at: Mapped[Instant | None]

    @property
    def said(self) -> dict[str, object]:
        """What is signed."""
        return {
            "month": self.month,
            "previous": self.previous.hex(),
            "rows": self.rows,
            "head": self.head.hex(),
            "dropped_at": _moment(self.dropped_at) if self.dropped_at else "",
        }


class AccessTrace(Base):
    """One look at people's data: agent, organisation, moment, motive, object, what, channel, result.

    `agent_id` is empty for a visitor without account and for the command line. `about` is the public id of what was
    opened (a meeting, a sign-up). Without a typed motive the composed one of `thing` holds.
    """

    __tablename__ = "access_trace"
    __table_args__ = (
        UniqueConstraint("month", "number"),
        one_of("channel", TraceChannel),
        one_of("result", TraceResult),
        Index("ix_access_trace_agent", "agent_id", "at"),
    )

    id: Mapped[Identity]
    month: Mapped[str] = mapped_column(ForeignKey("trace_month.month"))
    number: Mapped[int]
    at: Mapped[Instant] = mapped_column(index=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Code] = mapped_column(default="")
    thing: Mapped[Code]
    about: Mapped[str] = mapped_column(String(40), default="")
    channel: Mapped[Code]
    result: Mapped[Code]
    motive_owner: Mapped[str] = mapped_column(String(22), default="")
    motive_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    agent: Mapped[Account | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    people: Mapped[list["TracedPerson"]] = relationship(order_by="TracedPerson.person")

    @property
    def said(self) -> dict[str, object]:
        """What goes into the chain: everything."""
        return {
            "month": self.month,
            "number": self.number,
            "at": _moment(self.at),
            "agent": self.agent_id,
            "organisation": self.organisation_id,
            "role": self.role,
            "thing": self.thing,
            "about": self.about,
            "channel": self.channel,
            "result": self.result,
            "motive_owner": self.motive_owner,
            "motive": self.motive_sealed.hex() if self.motive_sealed else "",
            "people": sorted(one.person for one in self.people),
        }


class TracedPerson(Base):
    """Somebody whose data a trace is about, by the public id."""

    __tablename__ = "access_trace_person"
    __table_args__ = (Index("ix_access_trace_person_who", "person", "trace_id"),)

    trace_id: Mapped[int] = mapped_column(ForeignKey("access_trace.id"), primary_key=True)
    person: Mapped[str] = mapped_column(String(22), primary_key=True)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at people's data, before it is written. `people` are public ids; `motive` what was typed, or ''."""

    thing: TracedThing
    people: frozenset[str]
    agent_id: int | None = None
    organisation_id: int | None = None
    role: str = ""
    about: str = ""
    channel: TraceChannel = TraceChannel.PAGE
    result: TraceResult = TraceResult.SHOWN
    motive: str = ""


def write(session: Session, look: Look, *, now: datetime) -> AccessTrace:
    """Add a row to the chain of the month. The caller commits before anything is shown."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"select pg_advisory_xact_lock({_LOCK})"))
    month = _open_month(session, now)
    owner, sealed = _sealed_motive(session, look, month.month)
    row = AccessTrace(
        month=month.month,
        number=month.rows + 1,
        at=now,
        agent_id=look.agent_id,
        organisation_id=look.organisation_id,
        role=look.role,
        thing=look.thing,
        about=look.about,
        channel=look.channel,
        result=look.result,
        motive_owner=owner,
        motive_sealed=sealed,
        people=[TracedPerson(person=person) for person in sorted(look.people)],
    )
    row.hash = month.head = chain.link(month.head, row.said)
    month.rows += 1
    month.signature = signer(session).sign(month.said)
    session.add(row)
    session.flush()
    return row


def _open_month(session: Session, now: datetime) -> TraceMonth:
    """The newest month, or a new one after it. Whoever comes late, at the turn of a month, is written into the new
    one: a month that has a successor never changes again."""
    newest = session.scalar(
        select(TraceMonth).order_by(TraceMonth.month.desc()).limit(1).execution_options(populate_existing=True)
    )
    wanted = f"{now.astimezone(LOCAL):%Y-%m}"
    if newest is not None and newest.month >= wanted:
        return newest
    previous = newest.head if newest else chain.START
    head = chain.link(previous, {"month": wanted})
    month = TraceMonth(month=wanted, previous=previous, rows=0, head=head, signature=b"")
    session.add(month)
    session.flush()
    return month


def _sealed_motive(session: Session, look: Look, month: str) -> tuple[str, bytes | None]:
    if not look.motive:
        return "", None
    ring = ring_of(session)
    owner = next(iter(look.people)) if len(look.people) == 1 else key_of_month(month)
    if not ring.store.find([owner]):
        # Nobody who was erased gets a key again.
        owner = key_of_month(month)
        if not ring.store.find([owner]):
            ring.add_owner(owner)
    return owner, ring.seal(owner, look.motive)


def key_of_month(month: str) -> str:
    """The owner of the key with which the reasons of a month are sealed that are about several people or nobody."""
    return f"traces-{month}"


def signer(session: Session) -> chain.Signer:
    """What signs the heads of this installation."""
    return chain.Signer(ring_of(session).store.derive(chain.PURPOSE))


class TraceFault(StrEnum):
    """What a check of the chains can find."""

    CHANGED = "changed"
    MISSING = "missing"
    HEAD = "head"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is not as it was written: in which month, at which number (0: the month as a whole)."""

    month: str
    number: int
    fault: TraceFault


def verify(session: Session, *, rows: bool = True) -> Iterator[Found]:
    """Everything that was changed, removed or swapped since it was written; nothing when all is well. Without `rows`
    only the heads are looked at, which takes no time."""
    signing = signer(session)
    previous = chain.START
    for month in session.scalars(select(TraceMonth).order_by(TraceMonth.month)):
        if month.previous != previous:
            yield Found(month.month, 0, TraceFault.MONTH)
        if not signing.holds(month.said, month.signature):
            yield Found(month.month, 0, TraceFault.HEAD)
        if rows and month.dropped_at is None:
            yield from _verify_rows(session, month)
        previous = month.head
    if not rows:
        return
    known = select(TraceMonth.month).where(TraceMonth.dropped_at.is_(None))
    for stray in session.scalars(select(AccessTrace).where(AccessTrace.month.not_in(known))):
        yield Found(stray.month, stray.number, TraceFault.CHANGED)


def _verify_rows(session: Session, month: TraceMonth) -> Iterator[Found]:
    head, expected = chain.link(month.previous, {"month": month.month}), 1
    rows = session.scalars(
        select(AccessTrace)
        .where(AccessTrace.month == month.month)
        .order_by(AccessTrace.number)
        .options(selectinload(AccessTrace.people))
        .execution_options(yield_per=1000)
    )
    for row in rows:
        if row.number != expected:
            yield Found(month.month, expected, TraceFault.MISSING)
        elif row.hash != chain.link(head, row.said):
            yield Found(month.month, row.number, TraceFault.CHANGED)
        # Go on from what is written, so that one changed row is named and not every row after it.
        head, expected = row.hash, row.number + 1
    if expected != month.rows + 1 or head != month.head:
        yield Found(month.month, month.rows, TraceFault.MISSING if expected <= month.rows else TraceFault.HEAD)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def traces_of(session: Session, people: Iterable[str], *, limit: int) -> list[AccessTrace]:
    """The looks at the data of these people, the newest first."""
    question = (
        select(AccessTrace)
        .where(AccessTrace.id.in_(select(TracedPerson.trace_id).where(TracedPerson.person.in_(list(people)))))
        .options(selectinload(AccessTrace.people))
        .order_by(AccessTrace.id.desc())
        .limit(limit)
    )
    return list(session.scalars(question))


def motive_of(session: Session, *, agent_id: int, key: str, since: datetime) -> str:
    """The reason that somebody typed for a person (or kind of search) since then; '' when there is none."""
    row = session.scalar(
        select(AccessTrace)
        .where(
            AccessTrace.agent_id == agent_id,
            AccessTrace.at > since,
            AccessTrace.about == key,
            AccessTrace.result == TraceResult.ANNOUNCED,
        )
        .order_by(AccessTrace.at.desc(), AccessTrace.id.desc())
        .limit(1)
    )
    return read_motive(session, row) if row is not None else ""


def read_motive(session: Session, row: AccessTrace) -> str:
    """What was typed as the reason; '' when nothing was, or when the person it was about has been erased."""
    if row.motive_sealed is None:
        return ""
    try:
        return ring_of(session).open(row.motive_owner, row.motive_sealed)
    except Erased:
        return ""


def newest_months(session: Session, limit: int) -> list[TraceMonth]:
    """The chains of the last months, the newest first."""
    return list(session.scalars(select(TraceMonth).order_by(TraceMonth.month.desc()).limit(limit)))


def still_holds(session: Session, name: str, rows: int, head: str) -> bool:
    """Whether a head that was noted at some time is still on the chain: the row of that number has its hash."""
    month = session.get(TraceMonth, name)
    if month is None or month.rows < rows:
        return False
    if month.rows == rows or month.dropped_at is not None:
        return month.rows != rows or month.head.hex() == head
    row = session.scalar(select(AccessTrace).where(AccessTrace.month == name, AccessTrace.number == rows))
    return row is not None and row.hash.hex() == head


def between(
    session: Session,
    since: datetime,
    until: datetime,
    *,
    thing: str = "",
    people: list[str] | None = None,
    agents: list[str] | None = None,
    limit: int,
) -> list[AccessTrace]:
    """The looks from one moment to another, the newest first: at these people's data, by these people (public ids)."""
    question = select(AccessTrace).where(AccessTrace.at >= since, AccessTrace.at <= until)
    if thing:
        question = question.where(AccessTrace.thing == thing)
    if people is not None:
        named = select(TracedPerson.trace_id).where(TracedPerson.person.in_(people))
        question = question.where(AccessTrace.id.in_(named))
    if agents is not None:
        by = select(Account.id).join(Account.person).where(Person.public_id.in_(agents))
        question = question.where(AccessTrace.agent_id.in_(by))
    question = question.options(
        selectinload(AccessTrace.people),
        selectinload(AccessTrace.organisation),
        selectinload(AccessTrace.agent).selectinload(Account.person),
    )
    return list(session.scalars(question.order_by(AccessTrace.id.desc()).limit(limit)))


def everybody_at(session: Session, value_hash: bytes) -> list[str]:
    """The public ids of everybody with this contact, also of those who were merged into somebody."""
    question = select(Person.public_id).join(Person.contacts).where(Contact.value_hash == value_hash)
    return list(session.scalars(question.distinct()))
