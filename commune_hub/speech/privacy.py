"""What is kept about somebody, in words: the tables, what stays after a deletion, why something waits for a human."""

from enum import Enum

from commune_hub.privacy.rights import Stays
from commune_hub.privacy.words import CaseReason
from commune_hub.speech.catalogues import N_
from commune_hub.speech.sentences import ATTENDANCE_STATE, SIGNUP_STATE

# By the name of the table: what a person reads about it.
KEPT: dict[str, str] = {
    "person": N_("Your name and language"),
    "contact": N_("How we reach you"),
    "invitation": N_("Invitations to work here"),
    "signup": N_("Your sign-ups"),
    "queue_decision": N_("What was decided about your seats"),
    "course_answer": N_("Places in courses that you keep"),
    "attendance": N_("Your attendance"),
    "attendance_change": N_("How your attendance was noted"),
    "practice_card": N_("Your practice card"),
    "event_invitation": N_("Invitations to orientation days"),
    "certificate": N_("Your certificates"),
    "alert": N_("Searches that we repeat for you"),
    "season_question": N_("Questions that we asked you"),
    "priority": N_("When you come first in the queue"),
    "consent": N_("What you agreed to"),
    "inquiry": N_("Questions to the contract record"),
    "contract_link": N_("The link with your contract"),
    "outside_certificate": N_("Certificates that you handed in"),
    "attestation": N_("What was sent to the contract record"),
    "transfer": N_("Each message to the contract record"),
    "volunteer": N_("That you help as a volunteer"),
    "volunteer_language": N_("Languages that you help with"),
    "volunteer_commune": N_("Communes that you help"),
    "volunteer_step": N_("Your steps as a volunteer"),
    "qualification": N_("Your trainings"),
    "meeting_host": N_("Dates that you look after"),
    "hand_over": N_("Requests to take over a date"),
    "engagement": N_("Certificates of your engagement"),
    "coaching_request": N_("Your requests for a coach"),
    "pairing_line": N_("Coaches that were suggested for you"),
    "pair_side": N_("Your coaching pairs"),
}

# Which codes of which table have words of their own.
STATES: dict[tuple[str, str], dict[Enum, str]] = {
    ("signup", "state"): SIGNUP_STATE,
    ("attendance", "state"): ATTENDANCE_STATE,
}

STAYS: dict[Enum, str] = {
    Stays.CONTRACT_FILE: N_("The contract file of the national authority (%(scheme)s). It is not kept here."),
    Stays.CERTIFICATION_FILE: N_(
        "The file that certifies your contract (%(scheme)s): name, contact, fulfilled or not. It is not kept here."
    ),
    Stays.TRACES: N_("Who looked at your data, without your name and without the reasons."),
    Stays.NUMBERS: N_("Numbers without names, for example how many people came to a date."),
    Stays.BACKUPS: N_("Older safety copies. Nobody can read your data in them, because the key is destroyed."),
}

CASE_REASON: dict[Enum, str] = {
    CaseReason.CONTRACT_RUNNING: N_("A contract is still running"),
    CaseReason.SEAT_AHEAD: N_("The person has a seat on a date to come"),
    CaseReason.STILL_HELPS: N_("The person is in a coaching pair"),
    CaseReason.NO_ANCHOR: N_("The record did not tell when the contract was signed"),
}
