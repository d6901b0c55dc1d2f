"""The commands `commune-hub user ...` and `commune-hub organisation ...`: the first people of an installation."""

import sys
from datetime import UTC, datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from commune_hub.accounts import actions
from commune_hub.accounts.models import Account, Organisation
from commune_hub.accounts.organisations import add_organisation, organisation_by_slug
from commune_hub.accounts.queries import account_at, contact_hash
from commune_hub.accounts.rules import Reach, reach_from
from commune_hub.accounts.words import OF_ONE_ORGANISATION, ContactKind, OrganisationKind, Role
from commune_hub.base import passwords
from commune_hub.base.errors import NotFound
from commune_hub.base.words import Language
from commune_hub.cli import opened
from commune_hub.speech.sentences import INPUT

_KINDS = [kind.value for kind in OrganisationKind]


class MailAddress(click.ParamType):
    """A mail address."""

    name = "address"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Reach:
        """The address in the form in which it is looked up."""
        reach = value if isinstance(value, Reach) else reach_from(str(value))
        if reach is None or reach.kind is not ContactKind.MAIL:
            self.fail("this is not a mail address", param, ctx)
        return reach


@click.group()
def user() -> None:
    """People who work with the hub: officers, coordinators, administrators."""


@user.command("add")
@click.option("--mail", type=MailAddress(), required=True, help="The mail address to sign in with.")
@click.option("--name", required=True, help="First name, as colleagues see it.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--organisation", metavar="SLUG", help="For officers and coordinators; see `organisation list`.")
@click.option("--language", type=click.Choice([code.value for code in Language]), help="For pages and mail.")
@click.option("--password", "with_password", is_flag=True, help="Ask for a password now (or read it from a pipe).")
def user_add(
    mail: Reach, name: str, role: str, organisation: str | None, language: str | None, with_password: bool
) -> None:
    """Give somebody access. Prints a link, valid for seven days, under which they choose a password.

    The second factor is set up at the first sign-in.
    """
    wanted = Role(role)
    if (organisation is None) == (wanted in OF_ONE_ORGANISATION):
        need = "needs" if organisation is None else "has no"
        raise click.UsageError(f"The role {role} {need} --organisation.")
    password = _password() if with_password else ""
    now = datetime.now(UTC)
    with opened() as (settings, store), store.writing() as session:
        speaks = language or settings.default_language
        invitation, token = actions.invite(
            session, actor=None, name=name, reach=mail, language=speaks, role=wanted,
            organisation=organisation_by_slug(session, organisation) if organisation else None, now=now,
        )  # fmt: skip
        if with_password:
            actions.accept_invitation(session, token=token, password=password, now=now)
            said = f"{invitation.person.name} can sign in now: {settings.base_url}/{speaks}/staff/sign-in"
        else:
            said = f"{settings.base_url}/{speaks}/staff/invitation/{token}"
    click.echo(said)


def _password() -> str:
    if sys.stdin.isatty():
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    problem = passwords.problem_with(password)
    if problem is not None:
        raise click.ClickException(INPUT[problem])
    return password


@user.command("list")
def user_list() -> None:
    """Show who has access and with which role."""
    with opened() as (_, store), store.reading() as session:
        question = select(Account).options(selectinload(Account.grants)).order_by(Account.id)
        for account in session.scalars(question):
            roles = [
                f"{grant.role}:{grant.organisation.slug}" if grant.organisation else grant.role
                for grant in account.grants
                if grant.ended_at is None
            ]
            closed = " (closed)" if account.disabled_at else ""
            click.echo(f"{account.public_id}  {account.person.name}  {' '.join(roles) or '-'}{closed}")


@user.command("close")
@click.argument("mail", type=MailAddress())
def user_close(mail: Reach) -> None:
    """Take all access from the account with this mail address; its sessions end at once."""
    with opened() as (_, store), store.writing() as session:
        account = account_at(session, contact_hash(session, mail))
        if account is None:
            raise NotFound("account")
        actions.disable(session, account=account, now=datetime.now(UTC))
    click.echo("The account is closed.")


@click.group()
def organisation() -> None:
    """Communes, syndicates, associations, authorities."""


@organisation.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(_KINDS), default=OrganisationKind.COMMUNE.value, show_default=True)
@click.option("--commune", "communes", multiple=True, help="Code or slug of a commune it covers; may be repeated.")
@click.option("--slug", default="", help="Name in addresses; default: made from NAME.")
@click.option("--phone", default="", help="Shown to people.")
@click.option("--mail", type=MailAddress(), help="Answers to mail go there.")
@click.option("--website", default="")
@click.option("--speaks", "spoken", multiple=True, help="A language in which people are answered; may be repeated.")
def organisation_add(
    name: str, kind: str, communes: tuple[str, ...], slug: str, phone: str, mail: Reach | None, website: str,
    spoken: tuple[str, ...],
) -> None:  # fmt: skip
    """Add an organisation; prints its slug."""
    with opened() as (_, store), store.writing() as session:
        added = add_organisation(
            session, name=name, kind=OrganisationKind(kind), communes=communes, slug=slug, phone=phone,
            mail=mail.value if mail else "", website=website, spoken=spoken, now=datetime.now(UTC),
        )  # fmt: skip
        click.echo(added.slug)


@organisation.command("list")
def organisation_list() -> None:
    """Show all organisations with the communes they cover."""
    with opened() as (_, store), store.reading() as session:
        question = select(Organisation).options(selectinload(Organisation.communes)).order_by(Organisation.slug)
        for one in session.scalars(question):
            click.echo(f"{one.slug}  {one.kind}  {one.name}  {' '.join(one.lau2s)}".rstrip())
