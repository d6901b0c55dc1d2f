"""What the pages of a pair say, put together from the rows for whoever holds the link."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from commune_hub.accounts.models import Contact
from commune_hub.accounts.words import ContactKind
from commune_hub.base.words import LOCAL
from commune_hub.speech import attesting, telling
from commune_hub.speech.coaching import first_name, partner_name, phrase_words, profile_for
from commune_hub.speech.coaching_sentences import (
    MEETING_WAY,
    NEXT_WISH,
    PAIR_MEETING_STATE,
    PAIR_REASON,
    PAIR_STATE,
    PHRASE,
)
from commune_hub.speech.group import when_words
from commune_hub.volunteers.coaching import queries, rules
from commune_hub.volunteers.coaching.models import CoachingPair, PairMeeting, PairMessage, PairSide
from commune_hub.volunteers.coaching.words import (
    FOR_END,
    FOR_NO,
    FOR_PAUSE,
    HELD,
    MeetingWay,
    NextWish,
    PairMeetingState,
    PairReason,
    PairState,
    Phrase,
    RequestState,
    Side,
)
from commune_hub.web.i18n import _, speech, speeches
from commune_hub.web.pages import parts
from commune_hub.web.pages.coach_words import tables_near
from commune_hub.web.request import now

MINUTES = (30, 60, 90, 120)
TAGS = {
    PairMeetingState.PLANNED: "info",
    PairMeetingState.LOGGED: "warn",
    PairMeetingState.CONFIRMED: "ok",
    PairMeetingState.DISPUTED: "warn",
    PairMeetingState.NOT_HELD: "",
}
_MEETINGS_SHOWN = 12
_MESSAGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting of the pair, ready to print. `asks`: what this side can do with it."""

    id: str
    leaf: tuple[str, str, str]
    when: str
    hours: str
    kind: str
    tag: str
    state: str
    asks: str
    past: bool


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message, in the reader's language; a ready sentence also in the one that the two practise."""

    mine: bool
    who: str
    when: str
    text: str
    also: str
    also_lang: str


def pair_words(side: PairSide) -> dict[str, Any]:
    """All that the page of a pair shows to this side."""
    pair = side.pair
    shown = rules.shows_contacts(PairState(pair.state), pair.answers)
    together = pair.accepted_at is not None and pair.state != PairState.ENDED
    lines = meeting_lines(side)
    coming = [line for line in reversed(lines) if line.kind == PairMeetingState.PLANNED and not line.past]
    return {
        **_heading(side),
        "state": str(pair.state),
        "answer": str(side.answer or ""),
        "facts": profile_lines(side),
        "contacts": [_contact_line(one) for one in side.partner.person.contacts] if shown else [],
        "together": together,
        "place": _place(pair) if shown else None,
        "next": coming[0] if coming else None,
        "meetings": [line for line in lines if not coming or line.id != coming[0].id][:_MEETINGS_SHOWN],
        "quiet": queries.quiet_since(pair, now()) is not None,
        "help_asked": pair.help_asked_at is not None,
        "ways": ways_of(pair),
        "messages": [_message_line(side, one) for one in pair.messages[-_MESSAGES_SHOWN:]],
        "phrases": [(str(phrase), _(words)) for phrase, words in _phrases()],
        "reasons": reasons(FOR_NO),
        "note": side.note,
        "ended": _ended_words(side) if pair.state == PairState.ENDED else None,
    }


def meeting_lines(side: PairSide) -> list[MeetingLine]:
    """All meetings of a pair, newest first."""
    return [_meeting_line(side, one) for one in reversed(side.pair.meetings)]


def profile_lines(side: PairSide) -> tuple[tuple[str, str], ...]:
    """What one of the two was told about the other before answering."""
    return profile_for(side, speech()).facts


def _heading(side: PairSide) -> dict[str, Any]:
    pair = side.pair
    return {
        "link_key": side.link_key,
        "coach": side.side == Side.VOLUNTEER,
        "name": first_name(side.person.name),
        "partner": partner_name(side),
        "partner_first": first_name(side.partner.person.name),
        "langs": parts.badges((pair.request.language,)),
        "told": _(PAIR_STATE[PairState(pair.state)]),
    }


def _contact_line(contact: Contact) -> tuple[str, str, str]:
    phone = contact.kind == ContactKind.PHONE
    return ("phone" if phone else "mail", contact.value, f"{'tel' if phone else 'mailto'}:{contact.value}")


def _place(pair: CoachingPair) -> tuple[str, str] | None:
    return (pair.venue.name, telling.address_words(pair.venue)) if pair.venue else None


def _meeting_line(side: PairSide, one: PairMeeting) -> MeetingLine:
    held = one.state in HELD
    return MeetingLine(
        id=one.public_id,
        leaf=speech().leaf(one.day),
        when=speech().long_day(one.day) if held else when_words(one.starts_at, speech()),
        hours=attesting.hours_words(one.minutes, speech()) if held else "",
        kind=str(one.state),
        tag=TAGS[PairMeetingState(one.state)],
        state=_(PAIR_MEETING_STATE[PairMeetingState(one.state)]),
        asks=_asks(side, one),
        past=one.starts_at <= now(),
    )


def _asks(side: PairSide, one: PairMeeting) -> str:
    """What this side can do: agree to a date, log it, confirm it."""
    if one.state == PairMeetingState.PLANNED:
        if one.starts_at <= now():
            return "log" if side.side == Side.VOLUNTEER else ""
        return "agree" if one.agreed_at is None and one.proposed_by != side.side else "planned"
    if one.state in (PairMeetingState.LOGGED, PairMeetingState.DISPUTED) and side.side == Side.LEARNER:
        return "confirm"
    return ""


def _message_line(side: PairSide, message: PairMessage) -> MessageLine:
    practised = speeches().get(side.pair.request.language)
    both = message.phrase is not None and practised is not None and practised.code != speech().code
    return MessageLine(
        mine=message.side == side.side,
        who=_("You") if message.side == side.side else first_name(side.partner.person.name),
        when=when_words(message.at, speech()),
        text=phrase_words(message, speech()),
        also=phrase_words(message, practised) if both and practised else "",
        also_lang=practised.code if both and practised else "",
    )


def _phrases() -> list[tuple[Phrase, str]]:
    return [(phrase, PHRASE[phrase]) for phrase in Phrase]


def ways_of(pair: CoachingPair) -> list[tuple[str, str]]:
    """Where the two may meet: a home only when both chose it."""
    ways = [way for way in MeetingWay if way is not MeetingWay.HOME or pair.home_chosen]
    return [(str(way), _(MEETING_WAY[way])) for way in ways]


def reasons(which: tuple[PairReason, ...]) -> list[tuple[str, str]]:
    """Coded reasons to choose from; none of them has to be chosen."""
    return [(str(reason), _(PAIR_REASON[reason])) for reason in which]


def _ended_words(side: PairSide) -> dict[str, Any]:
    pair, learner = side.pair, side.side == Side.LEARNER
    return {
        "never_met": pair.accepted_at is None,
        "asked_already": side.reason is not None or side.next_wish is not None,
        "waits": learner and pair.request.state == RequestState.WAITING,
        "request_url": url_for("pages.coach_request", link_key=pair.request.link_key) if learner else "",
        "cards": tables_near(pair.request.language, pair.request.point) if learner else [],
    }


def hours_words(side: PairSide, meeting: PairMeeting | None) -> dict[str, Any]:
    """What the pages say on which hours are written down, and confirmed."""
    day = meeting.day if meeting else now().astimezone(LOCAL).date()
    return {
        **_heading(side),
        "meeting_id": meeting.public_id if meeting else "",
        "day": speech().long_day(day),
        "today": day.isoformat(),
        "kind": str(meeting.state) if meeting else "",
        "hours": attesting.hours_words(meeting.minutes, speech()) if meeting else "",
        "lengths": [(str(minutes), attesting.hours_words(minutes, speech())) for minutes in MINUTES],
        "ways": ways_of(side.pair),
    }


def pause_words(side: PairSide) -> dict[str, Any]:
    """The page on which somebody pauses."""
    return {**_heading(side), "pausing": True, "over": False, "reasons": reasons(FOR_PAUSE), "wishes": []}


def end_words(side: PairSide) -> dict[str, Any]:
    """The page on which somebody ends, or says why after the end."""
    return {
        **_heading(side),
        "pausing": False,
        "over": side.pair.state == PairState.ENDED,
        "reasons": reasons(FOR_END),
        "wishes": [(str(wish), _(NEXT_WISH[wish])) for wish in NextWish] if side.side == Side.LEARNER else [],
    }

