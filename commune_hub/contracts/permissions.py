"""Who may do what with contracts, attestations and papers of others."""

from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Permission
from commune_hub.base.errors import NotFound


def must_decide_papers(actor: Actor) -> None:
    """Only the authority confirms a certificate from outside."""
    if not actor.may(Permission.DECIDE_PAPERS, None):
        raise NotFound("paper")


def must_answer_for_the_record(actor: Actor) -> None:
    """Only the authority answers in the record's place."""
    if not actor.may(Permission.ANSWER_FOR_RECORD, None):
        raise NotFound("record")


def must_see_attestations(actor: Actor, organisation_id: int | None) -> None:
    """The authority sees all, a coordinator those of the own activities, nobody else any."""
    if not actor.may(Permission.SEE_ATTESTATIONS, organisation_id):
        raise NotFound("attestation")
