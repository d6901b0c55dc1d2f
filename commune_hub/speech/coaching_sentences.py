"""The sentences for the codes of coaching; speech/sentences.py brings them in."""

from enum import Enum

from commune_hub.places.words import DistanceBand
from commune_hub.speech.catalogues import N_
from commune_hub.volunteers.coaching.words import (
    CallReason,
    CoachingRefusal,
    EndedBy,
    MeetingWay,
    NextWish,
    Obstacle,
    PairMeetingState,
    PairReason,
    PairState,
    Phrase,
    Quiet,
    RequestChannel,
    RequestState,
)

COACHING_REFUSAL: dict[Enum, str] = {
    CoachingRefusal.LEVEL_TOO_LOW: N_("A coach is for people who know a little already. First a course, then a coach."),
    CoachingRefusal.ALREADY_ASKED: N_("You have asked for a coach for this language already. We are looking."),
    CoachingRefusal.NOT_WAITING: N_("This person is not waiting for a coach now."),
    CoachingRefusal.NO_SUCH_STEP: N_("This is not possible any more. Please look at the page again."),
    CoachingRefusal.ALREADY_ANSWERED: N_("This proposal is over. Nothing has changed."),
    CoachingRefusal.CONTACT_IN_MESSAGE: N_(
        "Please write no phone number, address or link. You see how to reach each other as soon as both have said yes."
    ),
    CoachingRefusal.TOO_MANY_MESSAGES: N_("These are many messages for one day. Please go on tomorrow."),
    CoachingRefusal.HOME_NOT_CHOSEN: N_("You meet at a home only when both have chosen it."),
    CoachingRefusal.MET_THAT_DAY: N_("A meeting on this day is written down already."),
    CoachingRefusal.NOT_YET: N_("This meeting has not taken place yet."),
    CoachingRefusal.TOO_LONG_AGO: N_("This was more than two months ago. Please call ASTI."),
    CoachingRefusal.NOT_TOGETHER: N_("This is possible for two who practise together."),
}

REQUEST_STATE: dict[Enum, str] = {
    RequestState.WAITING: N_("We are looking for a coach"),
    RequestState.PROPOSED: N_("We have proposed a coach"),
    RequestState.PAIRED: N_("You have a coach"),
    RequestState.CLOSED: N_("Closed"),
}

REQUEST_CHANNEL: dict[Enum, str] = {
    RequestChannel.WEB: N_("On this site"),
    RequestChannel.COUNTER: N_("At the counter"),
    RequestChannel.ASTI: N_("With ASTI"),
    RequestChannel.IMPORT: N_("From a list"),
}

PAIR_STATE: dict[Enum, str] = {
    PairState.PROPOSED: N_("Proposed"),
    PairState.ACCEPTED: N_("Both said yes"),
    PairState.MET: N_("Have met once"),
    PairState.ACTIVE: N_("Meet regularly"),
    PairState.PAUSED: N_("Pause"),
    PairState.ENDED: N_("Ended"),
}

PAIR_REASON: dict[Enum, str] = {
    PairReason.TIMES: N_("The times do not fit"),
    PairReason.TOO_FAR: N_("It is too far"),
    PairReason.NO_TIME: N_("I have no time now"),
    PairReason.HEALTH: N_("For reasons of health"),
    PairReason.MOVED_AWAY: N_("I move, or have moved"),
    PairReason.GOAL_REACHED: N_("The goal is reached"),
    PairReason.FOUND_ANOTHER: N_("I have found something else"),
    PairReason.NO_CONTACT: N_("We do not hear from each other"),
    PairReason.NOT_A_FIT: N_("We are not the right two"),
    PairReason.OTHER: N_("Another reason"),
    PairReason.NOT_SAID: N_("I do not want to say"),
}

ENDED_BY: dict[Enum, str] = {
    EndedBy.LEARNER: N_("by the learner"),
    EndedBy.VOLUNTEER: N_("by the volunteer"),
    EndedBy.ASTI: N_("by ASTI"),
    EndedBy.NO_ANSWER: N_("because nobody answered"),
}

NEXT_WISH: dict[Enum, str] = {
    NextWish.NEW_PAIR: N_("Another coach"),
    NextWish.TABLE: N_("A conversation table near me"),
    NextWish.NOTHING: N_("Nothing for now"),
}

PAIR_MEETING_STATE: dict[Enum, str] = {
    PairMeetingState.PLANNED: N_("Planned"),
    PairMeetingState.LOGGED: N_("Waits for the learner’s yes"),
    PairMeetingState.CONFIRMED: N_("Confirmed by both"),
    PairMeetingState.DISPUTED: N_("ASTI asks both"),
    PairMeetingState.NOT_HELD: N_("Did not take place"),
}

MEETING_WAY: dict[Enum, str] = {
    MeetingWay.PUBLIC: N_("In a public place"),
    MeetingWay.ONLINE: N_("Online"),
    MeetingWay.HOME: N_("At the home of one of us"),
}

PHRASE: dict[Enum, str] = {
    Phrase.HELLO: N_("Hello! I am glad that we will meet."),
    Phrase.SUITS_ME: N_("That suits me well."),
    Phrase.ANOTHER_TIME: N_("Can we meet at another time?"),
    Phrase.LATE: N_("I am a little late."),
    Phrase.CANNOT_COME: N_("I am sorry, I cannot come."),
    Phrase.THANK_YOU: N_("Thank you, it was good."),
}

QUIET: dict[Enum, str] = {
    Quiet.NO_FIRST_MEETING: N_("No first meeting for more than 14 days"),
    Quiet.NO_MEETING: N_("No meeting for more than 21 days"),
}

CALL_REASON: dict[Enum, str] = {
    CallReason.HELP_ASKED: N_("One of the two asked for help"),
    CallReason.DISPUTED: N_("The two do not agree about a meeting"),
    CallReason.NO_FIRST_MEETING: QUIET[Quiet.NO_FIRST_MEETING],
    CallReason.NO_MEETING: QUIET[Quiet.NO_MEETING],
    CallReason.NO_ANSWER: N_("No answer for a week"),
    CallReason.LONG_PAUSE: N_("A pause of more than two months"),
}

OBSTACLE: dict[Enum, str] = {
    Obstacle.SAME_PERSON: N_("This is the same person."),
    Obstacle.NOT_FREE: N_("This volunteer looks after as many people as they can."),
    Obstacle.NOT_ACTIVE: N_("This volunteer is not active now."),
    Obstacle.OTHER_LANGUAGE: N_("This volunteer does not offer this language."),
    Obstacle.SAID_NO: N_("One of the two has said no before."),
    Obstacle.MINOR: N_("The learner is under 18, and bulletin no. 5 of this volunteer has not been seen."),
    Obstacle.NO_CHARTER: N_("This volunteer has not agreed to the charter yet."),
    Obstacle.NOT_QUALIFIED: N_("This volunteer has no valid training, and the commune asks for it."),
    Obstacle.LEVEL: N_("The volunteer does not know the language better than the learner."),
    Obstacle.NO_COMMON_TIME: N_("No common free time."),
    Obstacle.TOO_FAR: N_("Too far from each other."),
    Obstacle.NO_SHARED_LANGUAGE: N_("No language in which they can help each other out."),
}

DISTANCE_BAND: dict[Enum, str] = {
    DistanceBand.UNDER_2: N_("less than 2 km away"),
    DistanceBand.UNDER_5: N_("less than 5 km away"),
    DistanceBand.UNDER_10: N_("less than 10 km away"),
    DistanceBand.UNDER_20: N_("less than 20 km away"),
    DistanceBand.FARTHER: N_("more than 20 km away"),
}
