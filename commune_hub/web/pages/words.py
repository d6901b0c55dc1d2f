"""Codes in the language of the request; the sentences themselves stand in speech/sentences.py, which mail reads too."""

from commune_hub.base.errors import InputCode, Refused
from commune_hub.speech.sentences import (
    AFTER_NO_SHOW,
    ATTENDANCE_MODE,
    ATTENDANCE_STATE,
    ATTESTATION_STATE,
    CANCEL_REASON,
    CERTIFICATE_BAR,
    COUNTS_AS,
    INPUT,
    INQUIRY_STATE,
    KIND,
    ORGANISATION_KIND,
    OUTSIDE_STATE,
    QUEUE_RULE,
    QUEUE_RULE_IN_LISTS,
    QUEUE_STEP,
    REFUSAL,
    REGISTRATION_BY,
    ROLE,
    SIGNUP_MODE,
    SIGNUP_STATE,
    STATE,
    TRANSFER_ACT,
    TRANSFER_STATE,
)
from commune_hub.speech.volunteer_sentences import LIKE, SUPPORT_STEP, UNQUALIFIED, VOLUNTEER_STATE
from commune_hub.web.i18n import _


def refusal(refused: Refused) -> str:
    """Why a rule said no, in the language of the request."""
    return _(REFUSAL[refused.reason], **refused.ids)


def problem(code: InputCode) -> str:
    """What is wrong with a field, in the language of the request."""
    return _(INPUT[code])


__all__ = [
    "AFTER_NO_SHOW",
    "ATTENDANCE_MODE",
    "ATTENDANCE_STATE",
    "ATTESTATION_STATE",
    "CANCEL_REASON",
    "CERTIFICATE_BAR",
    "COUNTS_AS",
    "INPUT",
    "INQUIRY_STATE",
    "KIND",
    "LIKE",
    "ORGANISATION_KIND",
    "OUTSIDE_STATE",
    "QUEUE_RULE",
    "QUEUE_RULE_IN_LISTS",
    "QUEUE_STEP",
    "REFUSAL",
    "REGISTRATION_BY",
    "ROLE",
    "SIGNUP_MODE",
    "SIGNUP_STATE",
    "STATE",
    "SUPPORT_STEP",
    "TRANSFER_ACT",
    "TRANSFER_STATE",
    "UNQUALIFIED",
    "VOLUNTEER_STATE",
    "problem",
    "refusal",
]
