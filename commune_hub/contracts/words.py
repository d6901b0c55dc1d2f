"""The glossary of the link with the contract record as code."""

from enum import StrEnum


class RecordForm(StrEnum):
    """How the record is reached (COMMUNE_HUB_RECORD); one protocol for all of them."""

    NONE = "none"
    HTTP = "http"
    FILE = "file"
    MANUAL = "manual"


class AskedBy(StrEnum):
    """What a contract is found with, beside the date of birth."""

    CONTRACT_NUMBER = "contract_number"
    MATRICULE = "matricule"


class InquiryState(StrEnum):
    """Where a question to the record stands: "is there such a contract?"."""

    WAITING = "waiting"
    FOUND = "found"
    NOT_FOUND = "not_found"
    LINKED_ELSEWHERE = "linked_elsewhere"
    NO_ANSWER = "no_answer"
    TAKEN_BACK = "taken_back"


class ConsentPurpose(StrEnum):
    """What somebody agrees to; each can be taken back alone."""

    RECORD = "record"
    WEEKLY_OFFERS = "weekly_offers"


class CountsAs(StrEnum):
    """What an attestation says that attendance counts for; practice never meets an obligation (LOC-4, K18)."""

    LANGUAGE = "language"
    CIVIC = "civic"
    ORIENTATION_DAY = "orientation_day"
    PRACTICE = "practice"


class AttestationState(StrEnum):
    """Where an attestation stands at the record."""

    ON_ITS_WAY = "on_its_way"
    RECEIVED = "received"
    VALIDATED = "validated"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class TransferAct(StrEnum):
    """What one message about an attestation does, in the order of its numbers."""

    SUBMIT = "submit"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class TransferState(StrEnum):
    """Where one message stands: `handed_over` waits for a receipt that comes later (file, officer)."""

    WAITING = "waiting"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    HELD_BACK = "held_back"


class OutsideState(StrEnum):
    """Where a certificate from elsewhere stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class ContractRefusal(StrEnum):
    """Why a doing with a contract, an attestation or a certificate from outside is refused."""

    NO_RECORD = "record_none"
    ALREADY_ASKING = "record_already_asking"
    ALREADY_LINKED = "contract_already_linked"
    TOO_MANY_TRIES = "contract_too_many_tries"
    NUMBER_ONLY = "contract_number_only"
    NOT_LINKED = "contract_not_linked"
    ANSWERED_ALREADY = "record_answered_already"
    TOO_MANY_PAPERS = "too_many_papers"
    DECIDED_ALREADY = "paper_decided_already"
    NOT_YET_SENT = "attestation_not_yet_sent"


class ProofFault(StrEnum):
    """Why a file cannot be taken as proof."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_KIND = "wrong_kind"
    BROKEN = "broken"
