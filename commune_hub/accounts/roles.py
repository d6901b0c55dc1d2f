"""What is done for somebody who works here already: another role, and a new authenticator for one that was lost."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from commune_hub.accounts.actions import may_invite
from commune_hub.accounts.models import Account, Grant, Organisation, SignIn
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import OF_ONE_ORGANISATION, AccountRefusal, Role
from commune_hub.base import outbox
from commune_hub.base.errors import InputCode, Invalid, NotFound, Refused
from commune_hub.base.ids import is_public_id


def give_role(
    session: Session, *, account: Account, role: Role, organisation: Organisation | None, actor: Actor, now: datetime
) -> Grant:
    """One more role for an account; its owner is told by mail. Raises Refused, NotFound."""
    if role in OF_ONE_ORGANISATION and organisation is None:
        raise Invalid({"organisation": [InputCode.REQUIRED]})
    if not may_invite(actor, role, organisation):
        raise NotFound("role")
    if account.disabled_at is not None:
        raise Refused(AccountRefusal.ACCOUNT_CLOSED)
    question = select(Grant).where(
        Grant.account_id == account.id, Grant.role == role,
        Grant.organisation_id.is_(None) if organisation is None else Grant.organisation_id == organisation.id,
    )  # fmt: skip
    grant = session.scalar(question.with_for_update())
    if grant is not None and grant.ended_at is None:
        raise Refused(AccountRefusal.ALREADY_HAS_ROLE)
    if grant is None:
        grant = Grant(account=account, role=role, organisation=organisation)
        session.add(grant)
    grant.granted_at, grant.ended_at = now, None
    session.flush()
    outbox.enqueue(
        session, "role_given_mail", due_at=now, now=now, account=account.public_id, role=role,
        organisation=organisation.public_id if organisation else "",
        key=f"role_given_mail:{account.public_id}:{role}:{grant.id}:{now.isoformat()}",
    )  # fmt: skip
    return grant


def may_renew(account: Account, actor: Actor) -> bool:
    """Whether this person could give every role that the account holds: else a coordinator would get at an
    administrator's second factor. Nobody does it for themselves."""
    held = [grant for grant in account.grants if grant.ended_at is None]
    may = [may_invite(actor, Role(grant.role), grant.organisation) for grant in held]
    return account.id != actor.account_id and bool(may) and all(may)


def renew_second_factor(session: Session, *, account_id: str, actor: Actor, now: datetime) -> None:
    """The phone with the authenticator is lost: the old one no longer counts, all sessions end, a new one is set up at
    the next sign-in, which still needs the password. Its owner is told by mail. Raises NotFound."""
    question = select(Account).where(Account.public_id == account_id, Account.disabled_at.is_(None))
    account = session.scalar(question.with_for_update()) if is_public_id(account_id) else None
    if account is None or not may_renew(account, actor):
        raise NotFound("account")
    account.totp_sealed, account.totp_last_step = None, 0
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))
    outbox.enqueue(
        session, "second_factor_mail", due_at=now, now=now, account=account.public_id,
        key=f"second_factor_mail:{account.public_id}:{now.isoformat()}",
    )  # fmt: skip
