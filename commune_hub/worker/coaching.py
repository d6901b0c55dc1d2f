"""The jobs of coaching: the proposal, its answer, dates, hours, messages, the end; each only while it is still true."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.words import ContactKind
from commune_hub.base import outbox
from commune_hub.base.words import LOCAL
from commune_hub.speech import attesting
from commune_hub.speech.catalogues import N_
from commune_hub.speech.coaching import first_name, level_label, partner_name, phrase_words, profile_for, slots_words
from commune_hub.speech.coaching_sentences import CALL_REASON
from commune_hub.speech.group import when_words
from commune_hub.speech.telling import address_words
from commune_hub.volunteers.coaching import caring, queries
from commune_hub.volunteers.coaching.actions import proposals
from commune_hub.volunteers.coaching.models import CoachingPair, PairMeeting, PairMessage, PairSide
from commune_hub.volunteers.coaching.words import (
    OPEN,
    TOGETHER,
    CallReason,
    EndedBy,
    PairMeetingState,
    PairState,
    RequestState,
    Side,
)
from commune_hub.worker.mail import about_coaching
from commune_hub.worker.mail.about_coaching import Told
from commune_hub.worker.mail.about_digest import Digest, on_monday
from commune_hub.worker.mail.letter import Letter
from commune_hub.worker.messages import Message, contact_for
from commune_hub.worker.work import Task, Work


def runs_out(work: Work, task: Task) -> None:
    """Two weeks without both answers: the proposal is withdrawn."""
    with work.store.writing() as session:
        proposals.run_out(session, pair=queries.pair_named(session, task.ids["pair"]), now=task.now)


def monday_digest(work: Work, task: Task) -> None:
    """On Monday morning a letter to each coordinator of ASTI who is not away."""
    today = task.now.astimezone(LOCAL).date()
    with work.store.writing() as session:
        away = caring.caretakers(session, today)
        for account in caring.asti_accounts(session):
            if account.id not in away:
                outbox.enqueue(
                    session, "pairs_digest_mail", due_at=task.now, now=task.now, account=account.public_id,
                    key=f"pairs_digest_mail:{account.public_id}:{today}",
                )  # fmt: skip


def digest_mail(session: Session, work: Work, task: Task) -> Message | None:
    """How it stands with the pairs of one coordinator, and of those for whom they stand in."""
    account = next((one for one in caring.asti_accounts(session) if one.public_id == task.ids["account"]), None)
    contact = contact_for(account.person) if account else None
    if account is None or contact is None:
        return None
    today = task.now.astimezone(LOCAL).date()
    speech = work.speech_in(account.person.language)
    mine = caring.looked_after_by(session, account.id, queries.open_pairs(session), today)
    reasons = Counter(calls[0] for pair in mine if (calls := caring.calls_for(pair, task.now)))
    waiting = queries.waiting_requests(session)
    digest = Digest(
        waiting=len(waiting),
        longest_days=max(((task.now - one.asked_at).days for one in waiting), default=0),
        proposed=sum(pair.state == PairState.PROPOSED for pair in mine),
        together=sum(pair.state in TOGETHER for pair in mine),
        calls=[(speech.say(CALL_REASON[reason]), reasons[reason]) for reason in CallReason if reasons[reason]],
        stands_in=account.id in caring.caretakers(session, today).values(),
    )
    letter = on_monday(account.person.name, digest, speech, url=work.url(f"/{speech.code}/staff/pairs"))
    return Message(letter, ContactKind(contact.kind), contact.value)


def asked_mail(session: Session, work: Work, task: Task) -> Message | None:
    """Somebody has asked for a coach; nothing when the request was closed meanwhile."""
    request = queries.request_named(session, task.ids["request"])
    contact = contact_for(request.person)
    if request.state == RequestState.CLOSED or contact is None:
        return None
    speech = work.speech_in(request.person.language)
    facts = (
        (speech.say(N_("Language")), f"{speech.language_name(request.language)}, {level_label(request.level)}"),
        (speech.say(N_("When")), slots_words(request.free_slots, speech)),
    )
    url = work.url(f"/{speech.code}/coach/r/{request.link_key}")
    letter = about_coaching.asked(Told(speech, first_name(request.person.name), "", url, facts))
    return Message(letter, ContactKind(contact.kind), contact.value)


def proposed_mail(session: Session, work: Work, task: Task) -> Message | None:
    """What somebody needs to decide, while there is something to decide."""
    side = _side(session, task)
    if side.pair.state != PairState.PROPOSED or side.answer is not None:
        return None
    write = about_coaching.proposed_to_learner if side.side == Side.LEARNER else about_coaching.proposed_to_volunteer
    return _to(side, work, write, facts=True)


def reminder_mail(session: Session, work: Work, task: Task) -> Message | None:
    """After a week, to whoever has not answered."""
    side = _side(session, task)
    if side.pair.state != PairState.PROPOSED or side.answer is not None:
        return None
    return _to(side, work, about_coaching.reminder, facts=True)


def not_made_mail(session: Session, work: Work, task: Task) -> Message | None:
    """A proposal is over."""
    side = _side(session, task)
    if side.pair.state != PairState.ENDED or side.pair.accepted_at is not None:
        return None
    # Whom ASTI had not told of the proposal yet need not learn that it is over.
    if side.pair.ended_by == EndedBy.ASTI and side.pair.proposed_at == side.pair.ended_at:
        return None
    learner = side.side == Side.LEARNER
    return _to(side, work, lambda told: about_coaching.not_made(told, learner=learner))


def accepted_mail(session: Session, work: Work, task: Task) -> Message | None:
    """Both have said yes: the place and the first date that we propose. How to reach each other stands on the page."""
    side = _side(session, task)
    pair = side.pair
    if pair.state not in TOGETHER:
        return None

    def write(told: Told) -> Letter:
        facts = []
        first = next((one for one in pair.meetings if one.state == PairMeetingState.PLANNED), None)
        if first is not None:
            facts.append((told.speech.say(N_("First date")), when_words(first.starts_at, told.speech)))
        if pair.venue is not None:
            where = f"{pair.venue.name}, {address_words(pair.venue)}"
            facts.append((told.speech.say(N_("Place")), where))
        return about_coaching.accepted(replace(told, facts=tuple(facts)))

    return _to(side, work, write)


def paused_mail(session: Session, work: Work, task: Task) -> Message | None:
    """The partner takes a pause."""
    side = _side(session, task)
    return _to(side, work, about_coaching.paused) if side.pair.state == PairState.PAUSED else None


def goes_on_mail(session: Session, work: Work, task: Task) -> Message | None:
    """The pause is over."""
    side = _side(session, task)
    together = side.pair.state in TOGETHER and side.pair.state != PairState.PAUSED
    return _to(side, work, about_coaching.goes_on) if together else None


def ended_mail(session: Session, work: Work, task: Task) -> Message | None:
    """The pair has ended; what next?"""
    side = _side(session, task)
    if side.pair.state != PairState.ENDED:
        return None
    learner = side.side == Side.LEARNER
    return _to(side, work, lambda told: about_coaching.ended(told, learner=learner))


def date_mail(session: Session, work: Work, task: Task) -> Message | None:
    """The partner proposes a date; nothing when it was answered or is over."""
    meeting, side = _meeting(session, task)
    if meeting.state != PairMeetingState.PLANNED or meeting.agreed_at is not None or meeting.starts_at <= task.now:
        return None
    return _to(side, work, lambda told: about_coaching.date_proposed(told, when_words(meeting.starts_at, told.speech)))


def called_off_mail(session: Session, work: Work, task: Task) -> Message | None:
    """A date does not take place."""
    meeting, side = _meeting(session, task)
    if meeting.state != PairMeetingState.NOT_HELD or side.pair.state not in OPEN:
        return None
    return _to(side, work, lambda told: about_coaching.called_off(told, when_words(meeting.starts_at, told.speech)))


def log_mail(session: Session, work: Work, task: Task) -> Message | None:
    """The day after a date, to the coach; the button's page has one button."""
    meeting = _meeting_named(session, task)
    pair = meeting.pair
    if meeting.state != PairMeetingState.PLANNED or pair.state not in TOGETHER:
        return None
    side = pair.side(Side.VOLUNTEER)

    def write(told: Told) -> Letter:
        return about_coaching.did_you_meet(told, when_words(meeting.starts_at, told.speech))

    return _to(side, work, write, page=f"/log/{meeting.public_id}")


def confirm_mail(session: Session, work: Work, task: Task) -> Message | None:
    """The hours that the coach wrote down, to the learner."""
    meeting, side = _meeting(session, task)
    if meeting.state != PairMeetingState.LOGGED:
        return None

    def write(told: Told) -> Letter:
        day = told.speech.long_day(meeting.day)
        return about_coaching.is_it_right(told, day, attesting.hours_words(meeting.minutes, told.speech))

    return _to(side, work, write, page=f"/confirm/{meeting.public_id}")


def message_mail(session: Session, work: Work, task: Task) -> Message | None:
    """What the partner wrote, quoted; whoever answers does it on the page, so that nobody sees an address."""
    found = session.scalar(select(PairMessage).where(PairMessage.public_id == task.ids["message"]))
    if found is None or found.pair.state not in OPEN:
        return None
    side = found.pair.side(Side(found.side).other)
    queries.load_keys(session, [found.pair])
    return _to(
        side, work, lambda told: about_coaching.message(told, phrase_words(found, told.speech).splitlines()),
    )  # fmt: skip


def _side(session: Session, task: Task) -> PairSide:
    return queries.pair_named(session, task.ids["pair"]).side(Side(task.ids["side"]))


def _meeting_named(session: Session, task: Task) -> PairMeeting:
    pair = select(CoachingPair.public_id).join(PairMeeting).where(PairMeeting.public_id == task.ids["meeting"])
    return queries.meeting_of(queries.pair_named(session, session.scalar(pair) or ""), task.ids["meeting"])


def _meeting(session: Session, task: Task) -> tuple[PairMeeting, PairSide]:
    meeting = _meeting_named(session, task)
    return meeting, meeting.pair.side(Side(task.ids["side"]))


def _to(
    side: PairSide, work: Work, write: Callable[[Told], Letter], *, facts: bool = False, page: str = ""
) -> Message | None:
    """The letter to one of the two; nobody who was erased, or whose partner was, gets one."""
    contact = contact_for(side.person)
    if contact is None or side.partner.person.erased_at is not None or side.person.messages_paused_at is not None:
        return None
    speech = work.speech_in(side.person.language)
    url = work.url(f"/{speech.code}/p/{side.link_key}{page}")
    told = Told(
        speech, first_name(side.person.name), first_name(partner_name(side)), url,
        profile_for(side, speech).facts if facts else (),
    )  # fmt: skip
    return Message(write(told), ContactKind(contact.kind), contact.value)

