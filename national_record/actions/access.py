"""Clients and tokens, agents and what the director authorises them to do, signing in at the screen."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from commune_hub.base import passwords
from commune_hub.base.errors import Refused
from commune_hub.base.ids import token_hash
from national_record import queries
from national_record.access_models import AccessToken, Agent, Attempt, Client, Grant, SignIn
from national_record.words import SERVICE_DUTIES, STAFF_DUTIES, AgentRole, Duty, Refusal

TOKEN_LIFETIME = timedelta(minutes=10)
SIGN_IN_LIFETIME = timedelta(hours=10)
TRY_WINDOW = timedelta(minutes=15)
TRIES = 10


def add_client(
    session: Session, *, name: str, organisation: str, now: datetime, secret: str = ""
) -> tuple[Client, str]:
    """A program that may ask for tokens, and its secret, which is shown this once."""
    secret = secret or secrets.token_urlsafe(32)
    client = Client(name=name, organisation=organisation, secret=passwords.hash_password(secret), created_at=now)
    session.add(client)
    session.flush()
    return client, secret


def add_agent(
    session: Session, *, login: str, name: str, organisation: str, role: AgentRole, now: datetime, password: str = "",
    client: Client | None = None,
) -> Agent:  # fmt: skip
    """Somebody who works with the record, or the name under which a client's service calls. They may do nothing yet."""
    agent = Agent(
        login=login, name=name, organisation=organisation, role=role, client_id=client.id if client else None,
        password=None if client else passwords.hash_password(password), created_at=now,
    )  # fmt: skip
    session.add(agent)
    session.flush()
    return agent


def authorise(session: Session, *, agent: Agent, duties: Iterable[Duty], by: Agent | None, now: datetime) -> None:
    """Exactly these duties from now on (RGD art. 25(1)). Only the director decides; `by` None is the command line."""
    if by is not None and not by.is_director:
        raise Refused(Refusal.NOT_AUTHORISED)
    wanted = frozenset(duties) & (SERVICE_DUTIES if agent.client_id is not None else STAFF_DUTIES)
    for grant in agent.grants:
        if grant.revoked_at is None and grant.duty not in wanted:
            grant.revoked_at = now
    for duty in sorted(wanted - agent.duties):
        agent.grants.append(Grant(duty=duty, granted_by_id=by.id if by else None, granted_at=now))
    session.flush()


def remember_try(session: Session, *, kind: str, who: str, now: datetime) -> int:
    """Write a try down before it is judged, to be committed at once. Raises Refused when there were too many."""
    session.execute(delete(Attempt).where(Attempt.at < now - 4 * TRY_WINDOW))
    who_hash = queries.ring_of(session).store.lookup_hash(kind, who.casefold())
    recent = (Attempt.who_hash == who_hash) & (Attempt.at > now - TRY_WINDOW)
    if (session.scalar(select(func.count()).select_from(Attempt).where(recent)) or 0) >= TRIES:
        raise Refused(Refusal.TOO_MANY_TRIES)
    attempt = Attempt(who_hash=who_hash, at=now)
    session.add(attempt)
    session.flush()
    return attempt.id


def forget_try(session: Session, attempt_id: int) -> None:
    """It was right and counts for no limit."""
    session.execute(delete(Attempt).where(Attempt.id == attempt_id))


def give_token(session: Session, *, name: str, secret: str, now: datetime) -> str | None:
    """A token that lives for ten minutes, or None; an unknown client takes as long as a wrong secret."""
    client = session.scalar(select(Client).where(Client.name == name, Client.closed_at.is_(None)))
    if client is None:
        passwords.burn(secret)
        return None
    if not passwords.matches(client.secret, secret):
        return None
    session.execute(delete(AccessToken).where(AccessToken.expires_at < now))
    token = secrets.token_urlsafe(24)
    session.add(AccessToken(client_id=client.id, token_hash=token_hash(token), expires_at=now + TOKEN_LIFETIME))
    session.flush()
    return token


def client_with(session: Session, token: str, now: datetime) -> Client | None:
    """Whose token this is, while it lives."""
    return session.scalar(
        select(Client)
        .join(AccessToken)
        .where(AccessToken.token_hash == token_hash(token), AccessToken.expires_at > now, Client.closed_at.is_(None))
    )


def sign_in(session: Session, *, login: str, password: str, now: datetime) -> str | None:
    """A token for the screen, or None."""
    agent = session.scalar(select(Agent).where(Agent.login == login.strip().casefold(), Agent.client_id.is_(None)))
    if agent is None or agent.password is None:
        passwords.burn(password)
        return None
    if not passwords.matches(agent.password, password):
        return None
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    token = secrets.token_urlsafe(24)
    session.add(SignIn(agent_id=agent.id, token_hash=token_hash(token), expires_at=now + SIGN_IN_LIFETIME))
    session.flush()
    return token


def signed_in(session: Session, token: str, now: datetime) -> SignIn | None:
    """The session that belongs to a token."""
    return session.scalar(select(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.expires_at > now))


def sign_out(session: Session, token: str) -> None:
    """End a session."""
    session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))
