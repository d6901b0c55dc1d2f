"""The sentences for every code: kinds, states, refusals, wrong input. The only place where codes become words."""

from enum import Enum

from commune_hub.accounts.words import AccountRefusal, AfterNoShow, OrganisationKind, Role
from commune_hub.base.errors import InputCode
from commune_hub.contracts.words import (
    AttestationState,
    ContractRefusal,
    CountsAs,
    InquiryState,
    OutsideState,
    TransferAct,
    TransferState,
)
from commune_hub.events.recurrence import LeftOutReason
from commune_hub.events.sheets import SheetCode
from commune_hub.events.words import (
    ActivityKind,
    ActivityRefusal,
    ActivityState,
    AttendanceMode,
    AttendanceRefusal,
    AttendanceState,
    CancelReason,
    CertificateBar,
    CertificateRefusal,
    CertificateState,
    CountsFor,
    CourseContent,
    CourseRefusal,
    CourseState,
    CourseWarning,
    IssuedBy,
    MessageRefusal,
    QueueRule,
    QueueStep,
    RegistrationBy,
    SeatRefusal,
    SignupMode,
    SignupState,
    VenueOfferState,
    VoidReason,
)
from commune_hub.matching.words import AlertRefusal, PairingRefusal
from commune_hub.privacy.words import MergeRefusal, RightsRefusal
from commune_hub.speech.catalogues import N_
from commune_hub.speech.coaching_sentences import COACHING_REFUSAL, OBSTACLE
from commune_hub.speech.volunteer_sentences import VOLUNTEER_REFUSAL

KIND: dict[Enum, str] = {
    ActivityKind.CONVERSATION_TABLE: N_("Conversation table"),
    ActivityKind.LANGUAGE_CAFE: N_("Language café"),
    ActivityKind.COACHING: N_("Individual coaching"),
    ActivityKind.VOLUNTEER_COURSE: N_("Course with volunteers"),
    ActivityKind.CONVENTIONED_COURSE: N_("Language course"),
    ActivityKind.CIVIC_COURSE: N_("Civic course"),
    ActivityKind.ORIENTATION_DAY: N_("Orientation day"),
    ActivityKind.VOLUNTEER_TRAINING: N_("Training for volunteers"),
    ActivityKind.EXCHANGE_DAY: N_("Exchange day for volunteers"),
}

STATE: dict[Enum, str] = {
    ActivityState.DRAFT: N_("Draft"),
    ActivityState.PUBLISHED: N_("Published"),
    ActivityState.ARCHIVED: N_("Archived"),
}

SIGNUP_MODE: dict[Enum, str] = {
    SignupMode.SIGN_UP: N_("Sign-up for each date"),
    SignupMode.DROP_IN: N_("No sign-up, just come"),
    SignupMode.WHOLE_COURSE: N_("Sign-up for the whole course"),
    SignupMode.INVITATION: N_("By personal invitation"),
    SignupMode.ON_REQUEST: N_("On request"),
}

REGISTRATION_BY: dict[Enum, str] = {
    RegistrationBy.HUB: N_("On this site"),
    RegistrationBy.PROVIDER: N_("With the provider"),
    RegistrationBy.AUTHORITY: N_("With the national authority"),
    RegistrationBy.COMMUNE: N_("With the commune"),
}

ATTENDANCE_MODE: dict[Enum, str] = {
    AttendanceMode.ON_SITE: N_("On site"),
    AttendanceMode.ONLINE: N_("Online"),
    AttendanceMode.BOTH: N_("On site and online"),
}

SIGNUP_STATE: dict[Enum, str] = {
    SignupState.CONFIRMED: N_("You have a seat"),
    SignupState.WAITING: N_("You are on the waiting list"),
    SignupState.OFFERED: N_("A seat is free for you"),
    SignupState.CANCELLED: N_("Cancelled"),
    SignupState.EXPIRED: N_("No longer valid"),
}

CANCEL_REASON: dict[Enum, str] = {
    CancelReason.HOST_ILL: N_("The host is ill"),
    CancelReason.VENUE_CLOSED: N_("The room is closed"),
    CancelReason.TOO_FEW: N_("Too few people"),
    CancelReason.WEATHER: N_("Bad weather"),
    CancelReason.OTHER: N_("Another reason"),
}

QUEUE_STEP: dict[Enum, str] = {
    QueueStep.SEAT_AT_ONCE: N_("A seat at once"),
    QueueStep.TO_THE_QUEUE: N_("A place on the waiting list"),
    QueueStep.SEAT_GIVEN: N_("A seat from the waiting list"),
    QueueStep.SEAT_OFFERED: N_("A seat was offered"),
    QueueStep.OFFER_ACCEPTED: N_("The offered seat was taken"),
    QueueStep.OFFER_DECLINED: N_("The offered seat was not wanted"),
    QueueStep.OFFER_RAN_OUT: N_("The offered seat went to the next person"),
    QueueStep.CANCELLED: N_("Given back"),
    QueueStep.CANCELLED_LATE: N_("Given back less than 24 hours before"),
    QueueStep.RIGHT_GIVEN: N_("A right to the next seat"),
    QueueStep.TAKEN_OFF: N_("Taken off the list"),
    QueueStep.KEPT_FOR_MORNING: N_("The seat is kept until the morning"),
}

QUEUE_RULE: dict[Enum, str] = {
    QueueRule.SEAT_WAS_FREE: N_("A seat was free."),
    QueueRule.TABLE_WAS_FULL: N_("All seats were taken."),
    QueueRule.OTHERS_CAME_FIRST: N_("Others who waited came first."),
    QueueRule.RESERVED_FOR_PRIORITY: N_("Until a date, free seats are for people with an integration contract."),
    QueueRule.RESERVED_FOR_RESIDENTS: N_("Free seats are first for people who live in the commune."),
    QueueRule.RIGHT_TO_THE_SEAT: N_("The organiser gave a right to the seat."),
    QueueRule.RESIDENT_FIRST: N_("People who live in the commune come first."),
    QueueRule.SIGNATORY_FIRST: N_("People with an integration contract come first."),
    QueueRule.LONGEST_WAIT: N_("Who asked first comes first."),
    QueueRule.OWN_CHOICE: N_("The person’s own choice."),
    QueueRule.NO_ANSWER: N_("There was no answer in time."),
    QueueRule.QUIET_HOURS: N_("We wake nobody between 21:00 and 8:00."),
    QueueRule.BY_OFFICER: N_("The organiser decided."),
    QueueRule.DECISION_DATE: N_("The seats are given to all on one day."),
}

_BY_ORDER = N_("By the order of the list: people with a contract first, then who asked first.")
_NONE_FREE = N_("No seat was free for this person.")
# Beside names: a list of names never shows who has a contract.
QUEUE_RULE_IN_LISTS: dict[Enum, str] = QUEUE_RULE | {
    QueueRule.SIGNATORY_FIRST: _BY_ORDER,
    QueueRule.LONGEST_WAIT: _BY_ORDER,
    QueueRule.TABLE_WAS_FULL: _NONE_FREE,
    QueueRule.OTHERS_CAME_FIRST: _NONE_FREE,
    QueueRule.RESERVED_FOR_PRIORITY: _NONE_FREE,
}

ATTENDANCE_STATE: dict[Enum, str] = {
    AttendanceState.PRESENT: N_("Present"),
    AttendanceState.ABSENT: N_("Absent"),
    AttendanceState.EXCUSED: N_("Excused"),
    AttendanceState.CANCELLED_BY_ORGANISER: N_("Meeting cancelled"),
    AttendanceState.UNKNOWN: N_("Not known"),
}

ROLE: dict[Enum, str] = {
    Role.OFFICER: N_("Officer"),
    Role.COORDINATOR: N_("Coordinator"),
    Role.ASTI: N_("ASTI"),
    Role.NATIONAL_OFFICER: N_("National officer"),
    Role.DIRECTOR: N_("Director"),
    Role.AUDITOR: N_("Auditor"),
    Role.ADMIN: N_("Technical administrator"),
}

AFTER_NO_SHOW: dict[Enum, str] = {
    AfterNoShow.NOTHING: N_("Nothing"),
    AfterNoShow.REMINDER: N_("A friendly message the next morning"),
    AfterNoShow.ASK_AGAIN: N_("The next reminder asks whether they come"),
}

ORGANISATION_KIND: dict[Enum, str] = {
    OrganisationKind.COMMUNE: N_("Commune"),
    OrganisationKind.SYNDICATE: N_("Syndicate of communes"),
    OrganisationKind.ASSOCIATION: N_("Association"),
    OrganisationKind.AUTHORITY: N_("National authority"),
}

REFUSAL: dict[Enum, str] = {
    MergeRefusal.SAME_PERSON: N_("This is the same person already."),
    MergeRefusal.NOT_TWO_PEOPLE: N_("One of the two is not there any more."),
    MergeRefusal.BOTH_HAVE_A_SEAT: N_("Both have a seat on the same date. Take one off the list first."),
    MergeRefusal.HOLDS_MORE: N_(
        "The one who would go has a contract, helps others or works here. Do it the other way round."
    ),
    MergeRefusal.TOO_LATE_TO_UNDO: N_("This cannot be undone any more: it is more than 30 days ago."),
    RightsRefusal.WORKS_HERE: N_("Somebody who works with the hub cannot be deleted. Close the account first."),
    RightsRefusal.CODE_NEEDED: N_("To delete everything, type the word that stands above the field."),
    ContractRefusal.NO_RECORD: N_("Here no contract can be linked yet."),
    ContractRefusal.ALREADY_ASKING: N_("We have asked already. The answer comes here and by mail."),
    ContractRefusal.ALREADY_LINKED: N_("Your contract is linked already."),
    ContractRefusal.TOO_MANY_TRIES: N_("That was tried often today. Please try again tomorrow, or call us."),
    ContractRefusal.NUMBER_ONLY: N_("Here only the number of the contract can be used."),
    ContractRefusal.NOT_LINKED: N_("No contract is linked."),
    ContractRefusal.ANSWERED_ALREADY: N_("Somebody has answered this already."),
    ContractRefusal.TOO_MANY_PAPERS: N_("Five papers of yours wait for an answer. Please hand in more after that."),
    ContractRefusal.DECIDED_ALREADY: N_("This paper has its answer already."),
    ContractRefusal.NOT_YET_SENT: N_("An earlier message about this has to be noted first."),
    SeatRefusal.SIGNUP_CLOSED: N_("It is too late to sign up for this date. Please choose another date."),
    SeatRefusal.WAITING_LIST_FULL: N_("This date and its waiting list are full. Please choose another date."),
    SeatRefusal.ALREADY_SIGNED_UP: N_(
        "You have signed up for this date already. Look at the message that we sent you."
    ),
    SeatRefusal.CANCELLED_MEETING: N_("This date is cancelled. Please choose another date."),
    SeatRefusal.NOT_PUBLISHED: N_("This activity is not open now."),
    SeatRefusal.NO_SIGNUP_HERE: N_("You cannot sign up here. The page of the activity says how."),
    SeatRefusal.SIGNATORIES_ONLY: N_("This is for people who have an integration contract only."),
    SeatRefusal.NOTHING_TO_CANCEL: N_("There is nothing to cancel."),
    SeatRefusal.MEETING_OVER: N_("This date is over."),
    SeatRefusal.OFFER_RAN_OUT: N_("The time to answer is over. The seat went to the next person."),
    SeatRefusal.NOT_WAITING: N_("This person is not waiting."),
    AttendanceRefusal.NOT_BEGUN: N_("This meeting has not begun."),
    AttendanceRefusal.LOCKED: N_("It is too late to change this. A coordinator can still do it."),
    AttendanceRefusal.REASON_NEEDED: N_("Please write why this is changed."),
    AttendanceRefusal.NOT_SIGNED_UP: N_("This person is not on the list."),
    AttendanceRefusal.CHECK_IN_CLOSED: N_("You can check in during the meeting only."),
    AttendanceRefusal.UNKNOWN_CARD: N_("We do not know this card."),
    AttendanceRefusal.CALLED_OFF: N_("This meeting is cancelled."),
    AttendanceRefusal.NO_NAME: N_("Somebody was not added: please type a first name."),
    AttendanceRefusal.NO_CONTACT: N_("Somebody was added without a contact: it was neither a phone nor a mail."),
    CertificateRefusal.NOT_YET: N_("There are not enough hours for a certificate yet."),
    CertificateRefusal.ALREADY_RELEASED: N_("This certificate is on its way already."),
    CertificateRefusal.NOTHING_TO_RELEASE: N_("No certificate waits to be released."),
    CertificateRefusal.NOT_ISSUED: N_("This certificate is not valid now."),
    CertificateRefusal.NO_ISSUER: N_("The national authority is not among the organisations here."),
    CertificateRefusal.RECORD_CHANGED: N_("This certificate is not as it was signed. Ask the issuer."),
    ActivityRefusal.NO_DATES_LEFT: N_("There is no date to come. Please choose other dates."),
    ActivityRefusal.NOTHING_TO_PUBLISH: N_("There is nothing to publish."),
    ActivityRefusal.SIGNUPS_WOULD_BE_LOST: N_("People have signed up for a date that would fall away."),
    ActivityRefusal.ALREADY_CANCELLED: N_("This date is cancelled already."),
    ActivityRefusal.MEETING_IN_THE_PAST: N_("This date is over."),
    ActivityRefusal.COURSE_HAS_BEGUN: N_("The course has begun."),
    ActivityRefusal.NO_CONVENTION_REFERENCE: N_("A language course needs the reference of its convention."),
    ActivityRefusal.VENUE_IN_USE: N_("An activity takes place there. Move it first."),
    CourseRefusal.TOO_SHORT: N_("A civic course lasts at least six hours in all. Please add a date or make it longer."),
    CourseRefusal.NOT_ONE_COURSE: N_("One signs up for a whole civic course. Please change how one takes part."),
    CourseRefusal.HAS_BEGUN: N_("The course has begun."),
    CourseRefusal.ALREADY_CONFIRMED: N_("It is decided already: the course takes place."),
    CourseRefusal.TOO_FEW: N_("Not enough people have enrolled. You can postpone the course."),
    CourseRefusal.NOT_DECIDED_HERE: N_("People do not enrol for this course here, so nothing is decided here."),
    CourseRefusal.ALREADY_REPLACED: N_("There is another date for this one already."),
    CourseRefusal.NOT_CANCELLED: N_("This date is not cancelled."),
    CourseRefusal.NO_CONVENTION: N_("The reference of the convention is missing."),
    CourseRefusal.OFFER_IS_GONE: N_("This time is no longer offered."),
    CourseRefusal.NO_ORGANISATION: N_("There is no organisation in whose name you could take it."),
    CourseRefusal.OFFER_IN_THE_PAST: N_("This time is over."),
    CourseRefusal.NOT_AN_ORIENTATION_DAY: N_("One invites to an orientation day only."),
    CourseRefusal.INVITATION_CLOSED: N_("It is too late to answer. Please call us."),
    MessageRefusal.TOO_LATE: N_("This date was more than two weeks ago. Nothing was sent."),
    MessageRefusal.NOBODY_TO_TELL: N_("There is nobody to write to. Nothing was sent."),
    MessageRefusal.ANSWERED_ALREADY: N_("You have answered already. Thank you."),
    MessageRefusal.QUESTIONS_CLOSED: N_("It is too late to answer. Thank you all the same."),
    AlertRefusal.TOO_MANY: N_("There are too many searches for this address. Please end one of them first."),
    AccountRefusal.WRONG_LOGIN: N_("The mail address or the password is wrong."),
    AccountRefusal.WRONG_CODE: N_("The code is wrong. Please try again."),
    AccountRefusal.WRONG_PASSWORD: N_("The old password is wrong."),
    AccountRefusal.TOO_MANY_TRIES: N_("Too many tries. Please wait 15 minutes."),
    AccountRefusal.CODE_EXPIRED: N_("The code is too old. Please ask for a new one."),
    AccountRefusal.INVITATION_EXPIRED: N_("This invitation is no longer valid. Please ask for a new one."),
    AccountRefusal.ALREADY_HAS_ACCOUNT: N_("This person has an account already."),
    AccountRefusal.ALREADY_HAS_ROLE: N_("This person has this role already."),
    AccountRefusal.ACCOUNT_CLOSED: N_("The account of this person is closed."),
    AccountRefusal.LAST_ADMIN: N_("This is the last administrator."),
    AccountRefusal.ORGANISATION_EXISTS: N_("There is an organisation with this name already."),
    **VOLUNTEER_REFUSAL,
    **COACHING_REFUSAL,
    PairingRefusal.NOT_POSSIBLE: N_("These two cannot be a pair. The card of the volunteer says why."),
    **OBSTACLE,
}

INPUT: dict[Enum, str] = {
    InputCode.REQUIRED: N_("Please fill this in."),
    InputCode.REASON_TOO_SHORT: N_("Please write at least two words and ten letters."),
    InputCode.TOO_LONG: N_("This is too long."),
    InputCode.NOT_A_NUMBER: N_("Please write a number, for example 6."),
    InputCode.TOO_SMALL: N_("This number is too small."),
    InputCode.TOO_LARGE: N_("This number is too large."),
    InputCode.NOT_A_CHOICE: N_("Please choose from the list."),
    InputCode.NOT_A_DATE: N_("Please write a date, for example 2026-12-01."),
    InputCode.NOT_A_TIME: N_("Please write a time, for example 18:30."),
    InputCode.NOT_A_MAIL: N_("Please write a mail address, for example name@example.lu."),
    InputCode.NOT_A_PHONE: N_("Please write a phone number, for example 621 123 456."),
    InputCode.NOT_A_CONTACT: N_("Please write a phone number or a mail address."),
    InputCode.NOT_A_LINK: N_("Please write an address that begins with https://."),
    InputCode.NOT_A_RULE: N_("We do not understand this rhythm."),
    InputCode.NOT_A_LANGUAGE: N_("We do not know this language."),
    InputCode.END_BEFORE_START: N_("The end is before the beginning."),
    InputCode.SEASON_TOO_LONG: N_("A season lasts one year at most."),
    InputCode.NO_DATES: N_("These choices leave no date."),
    InputCode.TOO_MANY_DATES: N_("These are too many dates."),
    InputCode.OUTSIDE_SEASON: N_("This date is outside the season."),
    InputCode.OUTSIDE_MEETING: N_("This time is not between the beginning and the end."),
    InputCode.SAME_TIME_TWICE: N_("This time stands here twice."),
    InputCode.UNKNOWN_PLACE: N_("We do not know this place. Please choose one from the list or set a pin."),
    InputCode.UNKNOWN_VENUE: N_("Please choose a place from your list."),
    InputCode.CONTROL_CHARACTERS: N_("There is a character here that we cannot use. Please type the text again."),
    InputCode.PASSWORD_TOO_SHORT: N_("A password needs at least 8 characters."),
    InputCode.PASSWORD_TOO_LONG: N_("A password has 128 characters at most."),
    InputCode.PASSWORD_TOO_COMMON: N_("This password is too easy to guess. Please choose another one."),
    InputCode.NOT_THE_SAME: N_("The two passwords are not the same."),
    InputCode.CONTRAST_TOO_LOW: N_("These colours are too close to each other: text would be hard to read."),
    InputCode.NOT_A_COLOUR: N_("Please write a colour, for example #0b5563."),
    InputCode.NOT_A_MATRICULE: N_("This is not a national number: it has 13 digits. Please look at your card again."),
    InputCode.NOT_THIS_BIRTHDAY: N_("This number belongs to another date of birth."),
    InputCode.CONSENT_NEEDED: N_("Without this yes we ask nobody."),
    InputCode.NO_FILE: N_("Please choose a file."),
    InputCode.FILE_TOO_LARGE: N_("The file is too big. At most 4 megabytes."),
    InputCode.FILE_WRONG_KIND: N_("We can take a photo (JPEG, PNG) or a PDF."),
    InputCode.FILE_BROKEN: N_("We cannot open this file. Please take the photo again."),
}

LEFT_OUT: dict[Enum, str] = {
    LeftOutReason.BY_HAND: N_("left out by you"),
    LeftOutReason.PUBLIC_HOLIDAY: N_("public holiday"),
    LeftOutReason.SCHOOL_HOLIDAY: N_("school holidays"),
}

SHEET: dict[Enum, str] = {
    SheetCode.EMPTY: N_("The file is empty."),
    SheetCode.TOO_BIG: N_("The file is too big. At most 2 megabytes."),
    SheetCode.TOO_MANY_ROWS: N_("Too many rows. At most 2000."),
    SheetCode.NOT_A_SHEET: N_("This is not a CSV file. Save the table as CSV (UTF-8) and choose it again."),
    SheetCode.BAD_QUOTES: N_('A quotation mark (") is missing or too many. The file could not be read from here on.'),
    SheetCode.MISSING_COLUMN: N_("This column is missing."),
    SheetCode.UNKNOWN_COLUMN: N_("We do not know this column."),
    SheetCode.DOUBLE_COLUMN: N_("This column is there twice."),
    SheetCode.TOO_FEW_CELLS: N_("This row has too few cells. The first missing one is named here."),
    SheetCode.TOO_MANY_CELLS: N_("This row has more cells than there are columns."),
    SheetCode.DOUBLE_REFERENCE: N_("Another row has this reference too."),
    SheetCode.ALREADY_THERE: N_("An activity with this reference and this first day is there already."),
    SheetCode.WEEKDAY_AND_RULE: N_("Give a weekday or a rule, not both."),
    SheetCode.NOT_AS_MANY_ENDS: N_("There must be as many ends as beginnings."),
    SheetCode.SLOTS_DIFFER: N_("At most two times a day, both equally long."),
    SheetCode.MORE_ERRORS: N_("There are more errors. Correct these first."),
}

ISSUED_BY: dict[Enum, str] = {
    IssuedBy.ORGANISER: N_("the organiser"),
    IssuedBy.PROVIDER: N_("the language school"),
    IssuedBy.ADULT_EDUCATION: N_("the State’s adult education"),
    IssuedBy.AUTHORITY: N_("the national authority"),
}

COUNTS_FOR: dict[Enum, str] = {
    CountsFor.NOTHING: N_("Language practice. It does not stand for a course or a test."),
    CountsFor.LANGUAGE_COURSE: N_(
        "Language training of the integration contract (regulation of 2 September 2011, articles 6 and 10)."
    ),
    CountsFor.CIVIC_COURSE: N_(
        "Civic course of the integration contract (regulation of 2 September 2011, articles 12 to 16)."
    ),
    CountsFor.ORIENTATION_DAY: N_(
        "Orientation day of the integration contract (regulation of 2 September 2011, articles 18 to 20)."
    ),
}

CERTIFICATE_STATE: dict[Enum, str] = {
    CertificateState.PREPARED: N_("Prepared"),
    CertificateState.ISSUED: N_("Valid"),
    CertificateState.VOID: N_("Not valid"),
}

CERTIFICATE_BAR: dict[Enum, str] = {
    CertificateBar.NOTHING_HELD: N_("No meeting has taken place yet."),
    CertificateBar.UNKNOWN_ATTENDANCE: N_("It is not noted yet whether this person was at every meeting."),
    CertificateBar.MODULE_NOT_REPLACED: N_("A cancelled meeting has to be held again first."),
    CertificateBar.NOT_OVER: N_("Not all meetings have taken place yet."),
    CertificateBar.TOO_LITTLE: N_("Not enough meetings for a certificate."),
}

VOID_REASON: dict[Enum, str] = {
    VoidReason.CORRECTED: N_("The attendance was corrected."),
    VoidReason.REPLACED: N_("A newer certificate takes its place."),
    VoidReason.WITHDRAWN: N_("The issuer has taken it back."),
}

COURSE_STATE: dict[Enum, str] = {
    CourseState.OPEN: N_("Not decided yet"),
    CourseState.CONFIRMED: N_("Takes place"),
    CourseState.POSTPONED: N_("Postponed"),
}

COURSE_CONTENT: dict[Enum, str] = {
    CourseContent.HISTORY: N_("The history of the country"),
    CourseContent.RIGHTS_AND_DUTIES: N_("Rights and duties"),
    CourseContent.VALUES_AND_CUSTOMS: N_("Values and customs"),
    CourseContent.LANGUAGES: N_("The languages of the country"),
    CourseContent.INTERCULTURAL_SOCIETY: N_("Living together with many cultures"),
}

COURSE_WARNING: dict[Enum, str] = {
    CourseWarning.TOO_SHORT: N_("The course lasts less than six hours (regulation of 2 September 2011, article 14)."),
    CourseWarning.NOT_ONE_COURSE: N_("The dates are not one course: one could sign up for a single date."),
    CourseWarning.UNUSUAL_NUMBER: N_("A civic course usually has two or three dates."),
    CourseWarning.NO_LANGUAGE: N_("No language is named."),
    CourseWarning.MODULE_MISSING: N_("A cancelled date has no other date yet. Nothing can be certified before."),
    CourseWarning.NO_HANDBOOK: N_("No handbook is named."),
    CourseWarning.CONTENTS_MISSING: N_("Not all five subjects are named."),
}

VENUE_OFFER_STATE: dict[Enum, str] = {
    VenueOfferState.OPEN: N_("Offered"),
    VenueOfferState.TAKEN: N_("Taken"),
    VenueOfferState.REFUSED: N_("Not wanted"),
    VenueOfferState.WITHDRAWN: N_("Taken back"),
}

INQUIRY_STATE: dict[Enum, str] = {
    InquiryState.WAITING: N_("We have asked. The answer has not come yet."),
    InquiryState.FOUND: N_("The contract was found."),
    InquiryState.NOT_FOUND: N_("No contract was found with this number and this date of birth."),
    InquiryState.LINKED_ELSEWHERE: N_("This contract is linked with another name here. Please call us."),
    InquiryState.NO_ANSWER: N_("The record did not answer in time. What you typed is deleted. Please try again."),
    InquiryState.TAKEN_BACK: N_("You have taken your question back."),
}

COUNTS_AS: dict[Enum, str] = {
    CountsAs.LANGUAGE: N_("Language"),
    CountsAs.CIVIC: N_("Civic course"),
    CountsAs.ORIENTATION_DAY: N_("Orientation day"),
    CountsAs.PRACTICE: N_("Practice, beside the courses"),
}

ATTESTATION_STATE: dict[Enum, str] = {
    AttestationState.ON_ITS_WAY: N_("On its way"),
    AttestationState.RECEIVED: N_("Received"),
    AttestationState.VALIDATED: N_("Recognised"),
    AttestationState.REJECTED: N_("Not recognised"),
    AttestationState.WITHDRAWN: N_("Taken back"),
}

TRANSFER_ACT: dict[Enum, str] = {
    TransferAct.SUBMIT: N_("Told to the record"),
    TransferAct.CORRECT: N_("Corrected"),
    TransferAct.WITHDRAW: N_("Taken back"),
}

TRANSFER_STATE: dict[Enum, str] = {
    TransferState.WAITING: N_("waits to be sent"),
    TransferState.HANDED_OVER: N_("handed over, no receipt yet"),
    TransferState.DELIVERED: N_("received by the record"),
    TransferState.HELD_BACK: N_("not sent: you took your yes back"),
}

OUTSIDE_STATE: dict[Enum, str] = {
    OutsideState.WAITING: N_("Waits for an answer"),
    OutsideState.CONFIRMED: N_("Confirmed"),
    OutsideState.REFUSED: N_("Not confirmed"),
    OutsideState.TAKEN_BACK: N_("Taken back"),
}
