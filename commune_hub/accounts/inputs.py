"""What is typed to sign in or to invite somebody: strings in, a frozen draft or Invalid out."""

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from commune_hub.accounts.rules import Reach, reach_from
from commune_hub.accounts.words import ContactKind, Role
from commune_hub.base.errors import InputCode
from commune_hub.base.inputs import Draft, Line, Required, Ticked, wrong
from commune_hub.base.words import Language


def _mail(text: object) -> Reach:
    if not isinstance(text, str) or not text.strip():
        raise wrong(InputCode.REQUIRED)
    reach = reach_from(text)
    if reach is None or reach.kind is not ContactKind.MAIL:
        raise wrong(InputCode.NOT_A_MAIL)
    return reach


def _contact(text: object) -> Reach:
    if not isinstance(text, str) or not text.strip():
        raise wrong(InputCode.REQUIRED)
    reach = reach_from(text)
    if reach is None:
        raise wrong(InputCode.NOT_A_CONTACT)
    return reach


class ContactDraft(Draft):
    """Asking for a code: a phone number or a mail address."""

    contact: Annotated[Reach, BeforeValidator(_contact)]


class MailDraft(Draft):
    """A mail address alone."""

    mail: Annotated[Reach, BeforeValidator(_mail)]


class CodeDraft(ContactDraft):
    """Entering the code."""

    code: Annotated[Required, StringConstraints(max_length=20)]
    shared_phone: Ticked = False


class InvitationDraft(Draft):
    """Inviting a member of staff."""

    name: Annotated[Required, StringConstraints(max_length=80)]
    mail: Annotated[Reach, BeforeValidator(_mail)]
    role: Role
    organisation: Line = ""
    language: Language = Language.FR
