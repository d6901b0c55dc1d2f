"""What was looked at and why, by which channel and with which result: the sentences of a trace (RGD art. 28)."""

from enum import Enum

from commune_hub.accounts.words import TraceChannel, TracedThing, TraceResult
from commune_hub.speech.catalogues import N_

# What was looked at, as the person and the auditor read it.
TRACED: dict[Enum, str] = {
    TracedThing.DESK: N_("The list of names of today's meeting"),
    TracedThing.MEETING: N_("The list of names of a meeting"),
    TracedThing.ROLL: N_("The attendance list of a meeting"),
    TracedThing.SHEET: N_("The attendance sheet on paper"),
    TracedThing.SIGNUP: N_("A sign-up: name and how to reach the person"),
    TracedThing.MESSAGE: N_("How the people of a meeting can be reached"),
    TracedThing.LETTERS: N_("Letters to people without mail and phone"),
    TracedThing.PRACTICE_CARD: N_("A practice card"),
    TracedThing.CERTIFICATE: N_("Certificates"),
    TracedThing.CERTIFICATE_CHECK: N_("The check of a certificate"),
    TracedThing.COURSE: N_("The people of a course"),
    TracedThing.STAFF: N_("Who works with the hub"),
    TracedThing.VOLUNTEERS: N_("The list of volunteers"),
    TracedThing.VOLUNTEER: N_("The file of a volunteer"),
    TracedThing.COACHING_REQUESTS: N_("The list of people who ask for a coach"),
    TracedThing.COACHING_REQUEST: N_("The request for a coach"),
    TracedThing.PAIR: N_("A coaching pair"),
    TracedThing.MATCHING: N_("Suggestions for coaching pairs"),
    TracedThing.CONTRACT: N_("The link with a contract"),
    TracedThing.ATTESTATIONS: N_("What was sent to the contract record"),
    TracedThing.PERSON_FILE: N_("The file of a person"),
    TracedThing.PERSON_SEARCH: N_("A search for people"),
    TracedThing.EXPORT: N_("A list of names to take along"),
    TracedThing.RETENTION: N_("Data that wait for a decision before they are deleted"),
    TracedThing.TRACES: N_("Who looked at whose data"),
    TracedThing.OTHER_PAGE: N_("Another page for staff"),
}

# The composed motive: why it is looked at, where nobody had to type a reason (RGD art. 28, "motif précis").
TRACED_WHY: dict[Enum, str] = {
    TracedThing.DESK: N_("To run today's meeting"),
    TracedThing.MEETING: N_("To run the meeting"),
    TracedThing.ROLL: N_("To note who was there"),
    TracedThing.SHEET: N_("To note on paper who was there"),
    TracedThing.SIGNUP: N_("To sign somebody up, or to change a sign-up"),
    TracedThing.MESSAGE: N_("To tell the people of a meeting something"),
    TracedThing.LETTERS: N_("To tell the people of a meeting something"),
    TracedThing.PRACTICE_CARD: N_("To note who was there, or to print the card"),
    TracedThing.CERTIFICATE: N_("To prepare and hand out certificates"),
    TracedThing.CERTIFICATE_CHECK: N_("Somebody who has the certificate checked whether it is valid"),
    TracedThing.COURSE: N_("To run the course"),
    TracedThing.STAFF: N_("To give access to colleagues"),
    TracedThing.VOLUNTEERS: N_("To plan with volunteers"),
    TracedThing.VOLUNTEER: N_("To look after a volunteer"),
    TracedThing.COACHING_REQUESTS: N_("To find coaches"),
    TracedThing.COACHING_REQUEST: N_("To find a coach"),
    TracedThing.PAIR: N_("To look after a coaching pair"),
    TracedThing.MATCHING: N_("To find coaches"),
    TracedThing.CONTRACT: N_("To confirm a contract"),
    TracedThing.ATTESTATIONS: N_("To send attendance to the contract record"),
    TracedThing.PERSON_FILE: N_("To answer the person"),
    TracedThing.PERSON_SEARCH: N_("To find a person"),
    TracedThing.EXPORT: N_("To work with the list"),
    TracedThing.RETENTION: N_("To decide before data are deleted"),
    TracedThing.TRACES: N_("To check who looked at data"),
    TracedThing.OTHER_PAGE: N_("To do their work"),
}

TRACE_CHANNEL: dict[Enum, str] = {
    TraceChannel.PAGE: N_("on a page"),
    TraceChannel.FILE: N_("as a file"),
    TraceChannel.API: N_("through the interface for programs"),
    TraceChannel.COMMAND: N_("on the server"),
}

TRACE_RESULT: dict[Enum, str] = {
    TraceResult.ANNOUNCED: N_("reason given"),
    TraceResult.SHOWN: N_("shown"),
    TraceResult.REFUSED: N_("refused"),
}
