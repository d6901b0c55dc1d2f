"""The sentences for the codes of volunteers; speech/sentences.py has all the others."""

from enum import Enum

from commune_hub.speech.catalogues import N_
from commune_hub.volunteers.words import Like, SupportStep, Unqualified, VolunteerRefusal, VolunteerState

VOLUNTEER_REFUSAL: dict[Enum, str] = {
    VolunteerRefusal.STEP_NOT_ALLOWED: N_("This step cannot be taken from here. Please load the page again."),
    VolunteerRefusal.NOT_HELPING: N_("This person does not help at the moment, or nobody has talked with them yet."),
    VolunteerRefusal.NOT_QUALIFIED: N_("This person has no valid training. Your organisation asks for one."),
    VolunteerRefusal.BULLETIN_MISSING: N_(
        "Minors may come to this activity. ASTI has not seen bulletin no. 5 of this person yet."
    ),
    VolunteerRefusal.MEETING_IS_OVER: N_("This meeting has begun or is over."),
    VolunteerRefusal.SOMEBODY_ELSE_COMES: N_("Somebody else comes already. Thank you!"),
    VolunteerRefusal.NO_HOURS_YET: N_("There are no hours to certify yet."),
    VolunteerRefusal.NOT_A_PDF: N_("This file is not a PDF."),
    VolunteerRefusal.FILE_TOO_BIG: N_("This file is too big: at most 3 MB."),
    VolunteerRefusal.NOBODY_TO_WRITE_TO: N_("There is nobody to write to."),
}

VOLUNTEER_STATE: dict[Enum, str] = {
    VolunteerState.ANNOUNCED: N_("Has announced themselves"),
    VolunteerState.INVITED: N_("Invited to a talk"),
    VolunteerState.MET: N_("Met"),
    VolunteerState.TRAINED: N_("Trained"),
    VolunteerState.ACTIVE: N_("Active"),
    VolunteerState.PAUSED: N_("Pauses"),
    VolunteerState.LEFT: N_("Has left"),
}

LIKE: dict[Enum, str] = {
    Like.COACH: N_("Meet one person regularly (coaching)"),
    Like.TABLE: N_("Look after a conversation table"),
    Like.CAFE: N_("Help at a language café"),
    Like.COURSE: N_("Give a course with volunteers"),
    Like.ORIENTATION_DAY: N_("Help at an orientation day"),
}

UNQUALIFIED: dict[Enum, str] = {
    Unqualified.ALLOW: N_("Let them help"),
    Unqualified.WARN: N_("Let them help, and warn us"),
    Unqualified.REFUSE: N_("Do not let them help before a training"),
}

SUPPORT_STEP: dict[Enum, str] = {
    SupportStep.IDEA: N_("First idea"),
    SupportStep.TALK: N_("Talk with ASTI"),
    SupportStep.PLAN: N_("Plan: place, day, language"),
    SupportStep.VOLUNTEERS: N_("Find volunteers"),
    SupportStep.TRAINING: N_("Train volunteers"),
    SupportStep.PUBLISHED: N_("Published"),
    SupportStep.FIRST_MEETING: N_("First meeting held"),
    SupportStep.DROPPED: N_("Given up"),
}
