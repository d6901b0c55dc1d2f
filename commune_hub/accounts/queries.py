"""Questions about people and accounts."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.accounts.models import (
    Account,
    Contact,
    Grant,
    Invitation,
    Organisation,
    Person,
    SignIn,
    SignInAttempt,
)
from commune_hub.accounts.permissions import GRANTED, Actor
from commune_hub.accounts.rules import TRY_WINDOW, Reach, plain_name
from commune_hub.accounts.words import ContactKind, Permission, Role
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import token_hash
from commune_hub.base.sealed import Keyring


def ring_of(session: Session) -> Keyring:
    """The personal keys in the hand of this session."""
    ring: Keyring = session.info["keyring"]
    return ring


def contact_hash(session: Session, reach: Reach) -> bytes:
    """The keyed hash by which a contact is looked up."""
    return ring_of(session).store.lookup_hash(reach.kind, reach.value)


def name_hash(session: Session, name: str) -> bytes:
    """The keyed hash by which a name is compared."""
    return ring_of(session).store.lookup_hash("name", plain_name(name))


def people_at(session: Session, value_hash: bytes, *, confirmed_only: bool = False) -> list[Person]:
    """Everybody who shares a contact (a family), longest known first."""
    question = (
        select(Person)
        .join(Contact)
        .where(Contact.value_hash == value_hash, Person.erased_at.is_(None), Person.merged_into_id.is_(None))
        .where(Person.name_hash != name_hash(session, ""))
        .order_by(Person.id)
        .distinct()
    )
    if confirmed_only:
        question = question.where(Contact.confirmed_at.is_not(None))
    people = list(session.scalars(question))
    ring_of(session).load(person.public_id for person in people)
    return people


def nameless_at(session: Session, value_hash: bytes) -> Person | None:
    """Who gave this contact and no name: such a person is no member of the family that shares it."""
    question = select(Person).join(Contact).where(Contact.value_hash == value_hash, Person.erased_at.is_(None))
    return session.scalar(question.where(Person.name_hash == name_hash(session, "")).order_by(Person.id).limit(1))


def contact_of(person: Person, kind: ContactKind) -> Contact | None:
    """The person's newest contact of a kind, confirmed ones first."""
    fitting = [contact for contact in person.contacts if contact.kind == kind]
    return max(fitting, key=lambda contact: (contact.confirmed_at is not None, contact.id), default=None)


def organisation_named(session: Session, public_id: str) -> Organisation:
    """The organisation with this public id. Raises NotFound."""
    found = session.scalar(select(Organisation).where(Organisation.public_id == public_id))
    if found is None:
        raise NotFound("organisation")
    return found


def organisations_covering(session: Session, lau2: str) -> list[Organisation]:
    """The organisations that cover a commune, communes and syndicates first."""
    question = (
        select(Organisation).where(Organisation.communes.any(lau2=lau2)).order_by(Organisation.kind, Organisation.name)
    )
    return list(session.scalars(question.options(selectinload(Organisation.communes))))


def sign_in_of(session: Session, token: str, now: datetime) -> SignIn | None:
    """The running sign-in behind a cookie's token."""
    return session.scalar(select(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.expires_at > now))


def actor_of(session: Session, account_id: int, now: datetime) -> Actor | None:
    """The acting person behind an account, with the roles held at this moment; None when it is disabled."""
    account = session.scalar(
        select(Account)
        .where(Account.id == account_id, Account.disabled_at.is_(None))
        .options(selectinload(Account.grants))
    )
    if account is None:
        return None
    held = (grant for grant in account.grants if grant.ended_at is None or grant.ended_at > now)
    roles = tuple((Role(grant.role), grant.organisation_id) for grant in held)
    return Actor(account.id, account.person_id, account.public_id, roles)


def account_at(session: Session, mail_hash: bytes, *, closed_too: bool = False) -> Account | None:
    """The account that signs in with this mail address, if it is not disabled; with `closed_too` also then."""
    question = select(Account).where(Account.mail_hash == mail_hash)
    if not closed_too:
        question = question.where(Account.disabled_at.is_(None))
    return session.scalar(question.options(joinedload(Account.person)))


def tries(session: Session, *, who_hash: bytes, address_hash: bytes, now: datetime) -> tuple[int, int]:
    """Wrong tries in the last quarter of an hour: for this account, from this address."""
    since = now - TRY_WINDOW
    rows = session.execute(
        select(
            func.count().filter(SignInAttempt.who_hash == who_hash),
            func.count().filter(SignInAttempt.address_hash == address_hash),
        ).where(
            SignInAttempt.at > since,
            SignInAttempt.succeeded.is_(False),
            or_(SignInAttempt.who_hash == who_hash, SignInAttempt.address_hash == address_hash),
        )
    ).one()
    return rows[0], rows[1]


def account_of(session: Session, account_id: int, *, lock: bool = False) -> Account:
    """The account with its person; locked when something in it is about to be used up."""
    question = select(Account).where(Account.id == account_id)
    if lock:
        question = question.with_for_update().execution_options(populate_existing=True)
    return session.scalars(question).one()


def invitation_behind(session: Session, token: str, now: datetime) -> Invitation | None:
    """The invitation that a link opens, unless it has been used or has run out."""
    invitation = session.scalar(select(Invitation).where(Invitation.token_hash == token_hash(token)))
    over = invitation is None or invitation.used_at is not None or invitation.expires_at <= now
    return None if over else invitation


def organisations_in(session: Session, organisation_ids: Iterable[int] | None) -> list[Organisation]:
    """These organisations (None: all), by name."""
    question = select(Organisation).order_by(Organisation.name, Organisation.id)
    if organisation_ids is not None:
        question = question.where(Organisation.id.in_(list(organisation_ids)))
    return list(session.scalars(question))


def staff_in(session: Session, organisation_ids: Iterable[int] | None) -> list[Grant]:
    """Who works for these organisations (None: who works anywhere), with account, person and organisation."""
    question = (
        select(Grant)
        .join(Grant.account)
        .where(Grant.ended_at.is_(None), Account.disabled_at.is_(None))
        .options(joinedload(Grant.account).joinedload(Account.person), joinedload(Grant.organisation))
        .options(joinedload(Grant.account).selectinload(Account.grants).joinedload(Grant.organisation))
        .order_by(Grant.id)
    )
    if organisation_ids is not None:
        question = question.where(Grant.organisation_id.in_(list(organisation_ids)))
    grants = list(session.scalars(question))
    ring_of(session).load(grant.account.person.public_id for grant in grants)
    return grants


def grant_of(session: Session, account_public_id: str, role: str, organisation_public_id: str) -> Grant:
    """The running role of an account in an organisation ('' for none). Raises NotFound."""
    question = select(Grant).join(Grant.account).where(Account.public_id == account_public_id, Grant.role == role)
    question = question.where(Grant.ended_at.is_(None)).options(joinedload(Grant.organisation))
    held = (
        g
        for g in session.scalars(question)
        if (g.organisation.public_id if g.organisation else "") == organisation_public_id
    )
    found = next(held, None)
    if found is None:
        raise NotFound("role")
    return found


def open_invitations(session: Session, organisation_ids: Iterable[int] | None, now: datetime) -> list[Invitation]:
    """The invitations to these organisations (None: all) that nobody has taken up, newest first."""
    question = (
        select(Invitation)
        .where(Invitation.used_at.is_(None), Invitation.expires_at > now)
        .options(joinedload(Invitation.person), joinedload(Invitation.organisation))
        .order_by(Invitation.id.desc())
        .limit(200)
    )
    if organisation_ids is not None:
        question = question.where(Invitation.organisation_id.in_(list(organisation_ids)))
    invitations = list(session.scalars(question))
    ring_of(session).load(invitation.person.public_id for invitation in invitations)
    return invitations


def who_may(session: Session, permission: Permission) -> list[Account]:
    """The accounts that hold a permission for the whole country, names readable, longest known first."""
    holds = Account.grants.any(
        Grant.role.in_(GRANTED[permission]) & Grant.ended_at.is_(None) & Grant.organisation_id.is_(None)
    )
    question = select(Account).where(holds, Account.disabled_at.is_(None)).options(joinedload(Account.person))
    found = list(session.scalars(question.order_by(Account.id)))
    ring_of(session).load(account.person.public_id for account in found)
    return found


def names_of_accounts(session: Session, account_ids: Iterable[int]) -> dict[int, str]:
    """The names of the people behind some accounts."""
    question = select(Account).where(Account.id.in_(list(account_ids))).options(joinedload(Account.person))
    found = list(session.scalars(question))
    ring_of(session).load(account.person.public_id for account in found)
    return {account.id: account.person.name for account in found}
