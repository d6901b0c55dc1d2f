"""What people do with accounts: become known, be invited, sign in, sign out."""

import secrets
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from commune_hub.accounts import queries, rules
from commune_hub.accounts.models import (
    Account,
    Contact,
    Grant,
    Invitation,
    Organisation,
    Person,
    SignIn,
    SignInCode,
)
from commune_hub.accounts.permissions import MAY_INVITE, Actor
from commune_hub.accounts.rules import Reach
from commune_hub.accounts.words import OF_ONE_ORGANISATION, AccountRefusal, ContactKind, Role, SessionKind
from commune_hub.base import outbox, passwords
from commune_hub.base.errors import InputCode, Invalid, NotFound, Refused
from commune_hub.base.ids import new_public_id, token_hash


def new_person(session: Session, *, name: str, language: str, now: datetime, reach: Reach | None = None) -> Person:
    """Somebody not known yet. A contact stays unconfirmed until its owner shows that it is theirs."""
    ring = queries.ring_of(session)
    public_id = new_public_id()
    ring.add_owner(public_id)
    person = Person(
        public_id=public_id,
        language=language,
        name_sealed=ring.seal(public_id, name),
        name_hash=queries.name_hash(session, name),
        created_at=now,
    )
    session.add(person)
    session.flush()
    if reach is not None:
        add_contact(session, person=person, reach=reach, now=now)
    return person


def add_contact(session: Session, *, person: Person, reach: Reach, now: datetime) -> Contact:
    """Another way to reach a person."""
    sealed = queries.ring_of(session).seal(person.public_id, reach.value)
    contact = Contact(
        person=person,
        kind=reach.kind,
        value_sealed=sealed,
        value_hash=queries.contact_hash(session, reach),
        created_at=now,
    )
    session.add(contact)
    session.flush()
    return contact


def person_for(session: Session, *, name: str, language: str, now: datetime, reach: Reach | None) -> Person:
    """The person with this name at this contact, or a new one.

    The same name at the same contact is the same person, so that a second sign-up is noticed; another name is
    another member of the family.
    """
    if reach is not None:
        wanted = queries.name_hash(session, name)
        for person in queries.people_at(session, queries.contact_hash(session, reach)):
            if person.name_hash == wanted:
                person.language = language
                return person
    return new_person(session, name=name, language=language, now=now, reach=reach)


def invite(
    session: Session,
    *,
    actor: Actor | None,
    name: str,
    reach: Reach,
    language: str,
    role: Role,
    organisation: Organisation | None,
    now: datetime,
) -> tuple[Invitation, str]:
    """Invite a member of staff; returns the invitation and its token. `actor` None is the command line."""
    if role in OF_ONE_ORGANISATION and organisation is None:
        raise Invalid({"organisation": [InputCode.REQUIRED]})
    if actor is not None and not may_invite(actor, role, organisation):
        raise NotFound("role")
    if reach.kind is not ContactKind.MAIL:
        raise Invalid({"mail": [InputCode.NOT_A_MAIL]})
    if queries.account_at(session, queries.contact_hash(session, reach), closed_too=True) is not None:
        raise Refused(AccountRefusal.ALREADY_HAS_ACCOUNT)

    person = person_for(session, name=name, language=language, now=now, reach=reach)
    token = new_public_id()
    invitation = Invitation(
        token_hash=token_hash(token),
        person=person,
        role=role,
        organisation=organisation,
        invited_by_id=actor.account_id if actor else None,
        created_at=now,
        expires_at=now + rules.INVITATION_LIFETIME,
    )
    session.add(invitation)
    session.flush()
    return invitation, token


def may_invite(actor: Actor, role: Role, organisation: Organisation | None) -> bool:
    """Whether this person gives and ends that role there."""
    wanted = organisation.id if organisation else None
    return any(
        role in MAY_INVITE.get(held, frozenset()) and (held_in is None or held_in == wanted)
        for held, held_in in actor.roles
    )


def end_role(session: Session, *, grant: Grant, actor: Actor, now: datetime) -> None:
    """Take a role away; it no longer holds at the next request. Raises Refused for the last administrator's."""
    if not may_invite(actor, Role(grant.role), grant.organisation):
        raise NotFound("role")
    held = Grant.ended_at.is_(None) & (Grant.role == Role.ADMIN)
    if grant.role == Role.ADMIN:
        # Locked, so that the last two administrators cannot take each other's role at the same moment.
        admins = session.scalars(select(Grant).where(held).order_by(Grant.id).with_for_update()).all()
        if len(admins) < 2:
            raise Refused(AccountRefusal.LAST_ADMIN)
    grant.ended_at = now


def renew_invitation(session: Session, *, invitation: Invitation, now: datetime) -> str:
    """A new token for an invitation, made when its mail is written, so that no token waits in the outbox."""
    token = new_public_id()
    invitation.token_hash = token_hash(token)
    invitation.expires_at = now + rules.INVITATION_LIFETIME
    return token


def open_invitation(session: Session, *, token: str, now: datetime) -> Invitation:
    """The invitation behind a link. Raises Refused when it has been used or has run out."""
    invitation = session.scalar(select(Invitation).where(Invitation.token_hash == token_hash(token)))
    if invitation is None or invitation.used_at is not None or invitation.expires_at <= now:
        raise Refused(AccountRefusal.INVITATION_EXPIRED)
    return invitation


def accept_invitation(session: Session, *, token: str, password: str, now: datetime) -> Account:
    """Make the account that an invitation promises. The second factor is set up at the first sign-in."""
    problem = passwords.problem_with(password)
    if problem is not None:
        raise Invalid({"password": [problem]})
    invitation = open_invitation(session, token=token, now=now)
    contact = queries.contact_of(invitation.person, ContactKind.MAIL)
    if contact is None:
        raise Refused(AccountRefusal.INVITATION_EXPIRED)
    invitation.used_at = now
    contact.confirmed_at = now
    return new_account(
        session, person=invitation.person, password=password, role=Role(invitation.role),
        organisation=invitation.organisation, now=now,
    )  # fmt: skip


def new_account(
    session: Session, *, person: Person, password: str, role: Role, organisation: Organisation | None, now: datetime
) -> Account:
    """An account with one role for a person who has a mail address."""
    contact = queries.contact_of(person, ContactKind.MAIL)
    assert contact is not None, "an account signs in with a mail address"
    if queries.account_at(session, contact.value_hash) is not None:
        raise Refused(AccountRefusal.ALREADY_HAS_ACCOUNT)
    account = Account(
        person=person, mail_hash=contact.value_hash, password=passwords.hash_password(password), created_at=now
    )
    account.grants.append(Grant(role=role, organisation=organisation, granted_at=now))
    session.add(account)
    session.flush()
    return account


def check_password(session: Session, *, reach: Reach | None, password: str) -> Account | None:
    """The account, or None; takes the same time whether or not the account exists."""
    account = queries.account_at(session, queries.contact_hash(session, reach)) if reach else None
    if account is None:
        passwords.burn(password)
        return None
    return account if passwords.matches(account.password, password) else None


def begin_totp(session: Session, *, account: Account) -> str:
    """The secret of the authenticator app, made at the first sign-in and shown until a first code is right."""
    ring = queries.ring_of(session)
    if account.totp_sealed is None:
        account.totp_sealed = ring.seal(account.person.public_id, pyotp.random_base32())
        session.flush()
    return ring.open(account.person.public_id, account.totp_sealed)


def check_totp(session: Session, *, account: Account, code: str, now: datetime) -> bool:
    """Whether the code of the authenticator app is right now; each works once, one step of drift is allowed."""
    if account.totp_sealed is None:
        return False
    totp = pyotp.TOTP(queries.ring_of(session).open(account.person.public_id, account.totp_sealed))
    code = "".join(code.split())
    for drift in (0, -1, 1):
        step = totp.timecode(now) + drift
        if step > account.totp_last_step and secrets.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            account.totp_last_step = step
            return True
    return False


def sign_in_staff(session: Session, *, account: Account, now: datetime, second_factor: bool) -> str:
    """Open a session on the server for staff; returns the cookie's token."""
    token = new_public_id()
    session.add(
        SignIn(
            token_hash=token_hash(token),
            kind=SessionKind.STAFF,
            account_id=account.id,
            person_id=account.person_id,
            second_factor_at=now if second_factor else None,
            created_at=now,
            expires_at=now + rules.LIFETIME[SessionKind.STAFF],
        )
    )
    session.flush()
    return token


def request_code(session: Session, *, reach: Reach, now: datetime) -> None:
    """Send a six-digit code to a known contact. An unknown one gets nothing, and the page says the same."""
    value_hash = queries.contact_hash(session, reach)
    recent = (
        select(func.count())
        .select_from(SignInCode)
        .where(SignInCode.contact_hash == value_hash, SignInCode.created_at > now - timedelta(minutes=15))
    )
    if (session.scalar(recent) or 0) >= 5:
        raise Refused(AccountRefusal.TOO_MANY_TRIES)
    ring = queries.ring_of(session)
    code = f"{secrets.randbelow(10**6):06d}"
    people = queries.people_at(session, value_hash)
    contact = (
        session.scalar(select(Contact).where(Contact.value_hash == value_hash, Contact.person_id == people[0].id))
        if people
        else None
    )
    row = SignInCode(
        contact_hash=value_hash,
        contact_id=contact.id if contact else None,
        code_sealed=ring.seal(people[0].public_id, code) if contact else None,
        code_hash=ring.store.lookup_hash("sign-in code", code),
        created_at=now,
        expires_at=now + rules.CODE_LIFETIME,
    )
    session.add(row)
    session.flush()
    if contact is not None:
        outbox.enqueue(
            session, "sign_in_code", due_at=now, now=now, key=f"sign_in_code:{row.public_id}", code=row.public_id
        )


def enter_code(session: Session, *, reach: Reach, code: str, shared_phone: bool, now: datetime) -> str | AccountRefusal:
    """Sign in with a code; returns the cookie's token, or the reason why not (the wrong try is counted)."""
    value_hash = queries.contact_hash(session, reach)
    row = session.scalar(
        select(SignInCode)
        .where(SignInCode.contact_hash == value_hash, SignInCode.used_at.is_(None))
        .order_by(SignInCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    if row is None or row.expires_at <= now:
        return AccountRefusal.CODE_EXPIRED
    if row.tries >= rules.CODE_TRIES:
        return AccountRefusal.TOO_MANY_TRIES
    row.tries += 1
    given = queries.ring_of(session).store.lookup_hash("sign-in code", "".join(code.split()))
    if row.contact_id is None or not secrets.compare_digest(given, row.code_hash):
        return AccountRefusal.WRONG_CODE
    row.used_at = now
    row.code_sealed = None
    session.execute(
        update(Contact).where(Contact.value_hash == value_hash, Contact.confirmed_at.is_(None)).values(confirmed_at=now)
    )
    kind = SessionKind.SHARED_PHONE if shared_phone else SessionKind.OWN_PHONE
    token = new_public_id()
    session.add(
        SignIn(
            token_hash=token_hash(token), kind=kind, contact_hash=value_hash, created_at=now,
            expires_at=now + rules.LIFETIME[kind],
        )
    )  # fmt: skip
    session.flush()
    return token


def sign_out(session: Session, *, token: str) -> None:
    """End a session on the server."""
    session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))


def change_password(session: Session, *, account: Account, password: str) -> None:
    """A new password ends every session of the account."""
    problem = passwords.problem_with(password)
    if problem is not None:
        raise Invalid({"password": [problem]})
    account.password = passwords.hash_password(password)
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))


def disable(session: Session, *, account: Account, now: datetime) -> None:
    """Close an account; its sessions end with it."""
    account.disabled_at = now
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))
