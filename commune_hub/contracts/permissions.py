"""Who may do what with contracts, attestations and papers of others."""

from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Permission
from commune_hub.base.errors import NotFound


def must_decide_papers(actor: Actor) -> None:
    """Only the authority confirms a certificate from outside."""
    if not actor.may_somewhere(Permission.DECIDE_PAPERS):
        raise NotFound("paper")


def must_answer_for_the_record(actor: Actor) -> None:
    """Only the authority answers in the record's place."""
    if not actor.may_somewhere(Permission.ANSWER_FOR_RECORD):
        raise NotFound("record")
