"""Dates of a pair, hours that the coach writes down, the learner's confirmation, and what ASTI settles."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from commune_hub.base import outbox
from commune_hub.base.errors import InputCode, Invalid, Refused
from commune_hub.base.words import LOCAL
from commune_hub.events.recurrence import wall_clock
from commune_hub.volunteers.coaching import queries, rules
from commune_hub.volunteers.coaching.actions.steps import lock_pair, take_step
from commune_hub.volunteers.coaching.inputs import DateDraft, HoursDraft
from commune_hub.volunteers.coaching.models import CoachingPair, PairMeeting, PairSide
from commune_hub.volunteers.coaching.words import (
    HELD,
    TOGETHER,
    CoachingRefusal,
    MeetingWay,
    PairMeetingState,
    PairState,
    PairStep,
    Side,
)

_ASKED_AT = time(10)
_LATEST_DATE = timedelta(days=180)
_MOST_DATES = 6


def propose_date(session: Session, *, side: PairSide, draft: DateDraft, now: datetime) -> PairMeeting:
    """One of the two proposes when to meet; the other agrees with one tap. The same date again is the same one."""
    pair = lock_pair(session, side.pair)
    if pair.state not in TOGETHER:
        raise Refused(CoachingRefusal.NOT_TOGETHER)
    starts_at = wall_clock(draft.on, draft.at)
    if starts_at <= now or starts_at > now + _LATEST_DATE:
        raise Invalid({"on": [InputCode.NOT_A_DATE]})
    if draft.way is MeetingWay.HOME and not pair.home_chosen:
        raise Refused(CoachingRefusal.HOME_NOT_CHOSEN)
    coming = [one for one in pair.meetings if one.state == PairMeetingState.PLANNED and one.starts_at > now]
    for meeting in coming:
        if meeting.starts_at == starts_at:
            return meeting
    if len(coming) >= _MOST_DATES:
        raise Refused(CoachingRefusal.TOO_MANY_MESSAGES)
    meeting = PairMeeting(
        pair=pair, starts_at=starts_at, day=draft.on, way=draft.way, proposed_by=side.side, minutes=rules.USUAL_MINUTES
    )
    session.add(meeting)
    session.flush()
    _tell(session, "pair_date_mail", meeting, Side(side.side).other, now)
    ask_next_day(session, meeting, now)
    return meeting


def agree(session: Session, *, side: PairSide, meeting: PairMeeting, now: datetime) -> None:
    """The other of the two says yes to a date; twice is once."""
    lock_pair(session, side.pair)
    _refuse_unless_planned(meeting)
    if meeting.proposed_by != side.side and meeting.agreed_at is None:
        meeting.agreed_at = now
        ask_next_day(session, meeting, now)
    session.flush()


def call_off(session: Session, *, side: PairSide, meeting: PairMeeting, now: datetime) -> None:
    """A date does not take place, or did not; nobody is asked why. Twice is once."""
    lock_pair(session, side.pair)
    if meeting.state == PairMeetingState.NOT_HELD:
        return
    _refuse_unless_planned(meeting)
    meeting.state = PairMeetingState.NOT_HELD
    session.flush()
    if meeting.starts_at > now:
        _tell(session, "pair_called_off_mail", meeting, Side(side.side).other, now)


def log(
    session: Session, *, side: PairSide, draft: HoursDraft, now: datetime, meeting: PairMeeting | None = None
) -> PairMeeting:
    """The coach writes hours down, of a date or of a day; the learner is asked to confirm. Twice is once.

    Raises Refused when they have not met yet, or another meeting of that day is written down already.
    """
    pair = lock_pair(session, side.pair)
    if meeting is not None and meeting.state in HELD:
        return meeting
    on = meeting.day if meeting else draft.on or _today(now)
    refusal = rules.log_refusal(
        PairState(pair.state), way=draft.way, home_chosen=pair.home_chosen, on=on, today=_today(now)
    )
    if meeting is not None and meeting.starts_at > now:
        refusal = CoachingRefusal.NOT_YET
    if refusal is not None:
        raise Refused(refusal)
    same_day = next((one for one in pair.meetings if one.day == on and one.state in HELD), None)
    if same_day is not None:
        raise Refused(CoachingRefusal.MET_THAT_DAY)
    if meeting is None:
        meeting = PairMeeting(pair=pair, starts_at=wall_clock(on, time(12)), day=on)
        session.add(meeting)
    meeting.state, meeting.minutes, meeting.way, meeting.logged_at = (
        PairMeetingState.LOGGED, draft.minutes, draft.way, now,
    )  # fmt: skip
    session.flush()
    take_step(session, pair, PairStep.MEET, now)
    _tell(session, "pair_confirm_mail", meeting, Side.LEARNER, now)
    return meeting


def confirm(session: Session, *, side: PairSide, meeting: PairMeeting, held: bool, now: datetime) -> None:
    """The learner says that the hours are right, or that they are not; then ASTI asks both. Twice is once.

    What was confirmed stays; a disagreement can be taken back. Raises Refused for anything else.
    """
    lock_pair(session, side.pair)
    says = PairMeetingState.CONFIRMED if held else PairMeetingState.DISPUTED
    if meeting.state == says:
        return
    may_become = (PairMeetingState.LOGGED, PairMeetingState.DISPUTED) if held else (PairMeetingState.LOGGED,)
    if side.side != Side.LEARNER or meeting.state not in may_become:
        raise Refused(CoachingRefusal.NO_SUCH_STEP)
    meeting.state, meeting.answered_at = says, now
    session.flush()


def settle(
    session: Session, *, pair: CoachingPair, meeting: PairMeeting, minutes: int, account_id: int, now: datetime
) -> None:
    """ASTI has asked both and says how long it was; 0 minutes: it did not take place. Raises Refused."""
    lock_pair(session, pair)
    if meeting.state not in (PairMeetingState.DISPUTED, PairMeetingState.LOGGED):
        raise Refused(CoachingRefusal.NO_SUCH_STEP)
    if minutes and not 15 <= minutes <= rules.LONGEST_MEETING:
        raise Invalid({"minutes": [InputCode.NOT_A_NUMBER]})
    meeting.state = PairMeetingState.CONFIRMED if minutes else PairMeetingState.NOT_HELD
    meeting.minutes = minutes or meeting.minutes
    meeting.settled_by_id, meeting.answered_at = account_id, now
    session.flush()
    if pair.state in (PairState.ACCEPTED, PairState.MET, PairState.ACTIVE):
        pair.state = rules.standing(queries.held(pair))


def _refuse_unless_planned(meeting: PairMeeting) -> None:
    if meeting.state != PairMeetingState.PLANNED:
        raise Refused(CoachingRefusal.NO_SUCH_STEP)


def ask_next_day(session: Session, meeting: PairMeeting, now: datetime) -> None:
    """The day after, the coach is asked whether they met: two taps."""
    due_at = datetime.combine(meeting.day + timedelta(days=1), _ASKED_AT, LOCAL)
    outbox.enqueue(
        session, "pair_log_mail", due_at=due_at, now=now, meeting=meeting.public_id,
        key=f"pair_log_mail:{meeting.public_id}",
    )  # fmt: skip


def _tell(session: Session, kind: str, meeting: PairMeeting, side: Side, now: datetime) -> None:
    outbox.enqueue(
        session, kind, due_at=now, now=now, key=f"{kind}:{meeting.public_id}:{side}", meeting=meeting.public_id,
        side=side,
    )  # fmt: skip


def _today(now: datetime) -> date:
    return now.astimezone(LOCAL).date()
