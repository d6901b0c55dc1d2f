"""Problems that visitors report: kept sealed until they are mailed to the administrators, then erased here."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session

from commune_hub.accounts.models import Account, Contact, Grant
from commune_hub.accounts.queries import contact_of, ring_of
from commune_hub.accounts.words import ContactKind, Role
from commune_hub.base import outbox
from commune_hub.base.db import Base, Code, Identity, Instant, PublicId, Sealed
from commune_hub.base.ids import new_public_id
from commune_hub.base.sealed import Erased


class ProblemReport(Base):
    """What somebody wrote, sealed with a key of its own, because people write names and numbers."""

    __tablename__ = "problem_report"

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    language: Mapped[Code]
    text_sealed: Mapped[Sealed]
    created_at: Mapped[Instant]


def report(session: Session, *, text: str, answer_to: str, language: str, now: datetime) -> ProblemReport:
    """Take a report in; the worker mails it to the administrators."""
    ring = ring_of(session)
    public_id = new_public_id()
    ring.add_owner(public_id)
    whole = f"{text}\n\n{answer_to}" if answer_to else text
    row = ProblemReport(public_id=public_id, language=language, text_sealed=ring.seal(public_id, whole), created_at=now)
    session.add(row)
    session.flush()
    outbox.enqueue(session, "problem_report", due_at=now, now=now, key=f"problem_report:{public_id}", report=public_id)
    return row


def text_of(session: Session, public_id: str) -> str | None:
    """What was written; None once it has been mailed."""
    row = session.scalar(select(ProblemReport).where(ProblemReport.public_id == public_id))
    try:
        return None if row is None else ring_of(session).open(public_id, row.text_sealed)
    except Erased:
        return None


def administrators(session: Session) -> list[Contact]:
    """The mail addresses of those who look after the installation."""
    question = (
        select(Account)
        .join(Account.grants)
        .where(Grant.role == Role.ADMIN, Grant.ended_at.is_(None), Account.disabled_at.is_(None))
        .order_by(Account.id)
        .distinct()
    )
    found = (contact_of(account.person, ContactKind.MAIL) for account in session.scalars(question))
    return [contact for contact in found if contact is not None]


def erase(session: Session, public_id: str) -> None:
    """The report has been mailed: it goes, and its key with it."""
    row = session.scalar(select(ProblemReport).where(ProblemReport.public_id == public_id))
    if row is not None:
        session.delete(row)
        session.flush()
    ring_of(session).store.destroy(public_id)
