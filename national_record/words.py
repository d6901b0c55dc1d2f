"""The words of the record: states, duties, groups of data, reasons. The glossary of docs/record.md as code."""

from enum import StrEnum


class DataGroup(StrEnum):
    """The six groups of data that may be recorded about a person, and no other (RGD art. 24 a-f)."""

    PERSONAL = "personal"
    FAMILY = "family"
    LANGUAGE = "language"
    EDUCATION = "education"
    PROFESSION = "profession"
    IMMIGRATION = "immigration"


class CountsFor(StrEnum):
    """What a sender says that an attestation counts for; practice never meets an obligation."""

    LANGUAGE = "language"
    CIVIC = "civic"
    ORIENTATION_DAY = "orientation_day"
    PRACTICE = "practice"


class AttestationState(StrEnum):
    """Where a received attestation stands."""

    RECEIVED = "received"
    VALIDATED = "validated"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class AgentRole(StrEnum):
    """Who an agent is. A service is a program of another organisation that speaks through the HTTP interface."""

    DIRECTOR = "director"
    AUDITOR = "auditor"
    SERVICE = "service"


class Duty(StrEnum):
    """What the director may authorise an agent to do (RGD art. 25(1)): "en fonction de leurs attributions"."""

    FILES = "files"
    ATTESTATIONS = "attestations"
    PROVIDERS = "providers"
    CERTIFICATION = "certification"
    TRACES = "traces"
    EVALUATION = "evaluation"
    # Those of a service.
    LINK = "link"
    SUBMIT = "submit"
    OFFERS = "offers"


SERVICE_DUTIES = frozenset({Duty.LINK, Duty.SUBMIT, Duty.OFFERS})
STAFF_DUTIES = frozenset(Duty) - SERVICE_DUTIES


class Channel(StrEnum):
    """By which way data were looked at or changed."""

    API = "api"
    SCREEN = "screen"
    COMMAND = "command"


class Deed(StrEnum):
    """What was done with somebody's data; the word that a trace carries."""

    VERIFY = "verify"
    MISSING = "missing"
    CHANGES = "changes"
    ATTESTATION_SUBMIT = "attestation_submit"
    ATTESTATION_READ = "attestation_read"
    ATTESTATION_CORRECT = "attestation_correct"
    ATTESTATION_WITHDRAW = "attestation_withdraw"
    ATTESTATION_DECIDE = "attestation_decide"
    OFFER = "offer"
    PRESENCE = "presence"
    FILE_FIND = "file_find"
    FILE_OPEN = "file_open"
    FILE_RECORD = "file_record"
    LIST_OPEN = "list_open"
    CONTRACT_CHANGE = "contract_change"
    INVITE = "invite"
    CERTIFICATION_FIND = "certification_find"
    TRACES_READ = "traces_read"
    AUTHORISE = "authorise"
    RETENTION = "retention"
    REFUSED_PAGE = "refused_page"


class Result(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    NOT_FOUND = "not_found"


class ChangeKind(StrEnum):
    """What a change is about."""

    ATTESTATION = "attestation"
    CONTRACT = "contract"


class Refusal(StrEnum):
    """Why something is not done, where the law has no word of its own for it (schemes/words.py)."""

    NO_IMMIGRATION = "no_immigration"
    NO_INTERVIEW = "no_interview"
    CONTRACT_RUNNING = "contract_running"
    SECOND_TAKEN = "second_taken"
    CONTRACT_CLOSED = "contract_closed"
    NO_SUCH_OBLIGATION = "no_such_obligation"
    OUTSIDE_THE_CONTRACT = "attended_outside_the_contract"
    VOUCHER_NOT_VALID = "voucher_not_valid"
    ALREADY_DECIDED = "already_decided"
    UNKNOWN_ATTESTATION = "unknown_attestation"
    ATTESTATION_WITHDRAWN = "attestation_withdrawn"
    ALREADY_RECEIVED = "already_received"
    UNKNOWN_REFERENCE = "unknown_reference"
    MATRICULE_INVALID = "matricule_invalid"
    MATRICULE_TAKEN = "matricule_taken"
    NOT_AUTHORISED = "not_authorised"
    KEY_USED_OTHERWISE = "key_used_otherwise"
    TOO_MANY_TRIES = "too_many_tries"
    WRONG_PASSWORD = "wrong_password"
    LOGIN_TAKEN = "login_taken"
