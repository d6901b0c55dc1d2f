"""Pausing, going on, asking for help, ending: by one of the two or by ASTI, and nobody is to blame."""

from datetime import datetime

from sqlalchemy.orm import Session

from commune_hub.accounts.queries import ring_of
from commune_hub.base import outbox
from commune_hub.base.errors import Refused
from commune_hub.volunteers.coaching.actions import requests
from commune_hub.volunteers.coaching.actions.steps import lock_pair, take_step
from commune_hub.volunteers.coaching.inputs import WhyDraft
from commune_hub.volunteers.coaching.models import CoachingPair, PairNote, PairSide
from commune_hub.volunteers.coaching.words import (
    CoachingRefusal,
    EndedBy,
    NextWish,
    PairState,
    PairStep,
    RequestState,
    Side,
)


def pause(session: Session, *, side: PairSide, draft: WhyDraft, now: datetime) -> None:
    """No meetings for a while; the partner is told that, and not why. Twice is once."""
    pair = lock_pair(session, side.pair)
    if pair.state == PairState.PAUSED:
        return
    take_step(session, pair, PairStep.PAUSE, now)
    _keep_why(session, side, draft)
    _tell(session, "pair_paused_mail", pair, Side(side.side).other, now)


def go_on(session: Session, *, pair: CoachingPair, by: Side | None, now: datetime) -> None:
    """After a pause; twice is once."""
    lock_pair(session, pair)
    if pair.state != PairState.PAUSED:
        if pair.state == PairState.ENDED:
            raise Refused(CoachingRefusal.NO_SUCH_STEP)
        return
    take_step(session, pair, PairStep.GO_ON, now)
    for side in Side:
        if side is not by:
            _tell(session, "pair_goes_on_mail", pair, side, now)


def end(session: Session, *, pair: CoachingPair, by: Side | None, draft: WhyDraft, now: datetime) -> None:
    """It was good, and it is over. Both are asked why, and offered another pair or a table near by. Twice is once.

    `by` None is ASTI. A learner whom the other side or ASTI leaves waits for another coach at once; one who ends it
    says whether they want one.
    """
    lock_pair(session, pair)
    if pair.state == PairState.ENDED:
        return
    take_step(session, pair, PairStep.END, now, ended_by=EndedBy(by) if by else EndedBy.ASTI)
    request = pair.request
    wants = by is not Side.LEARNER or draft.next_wish is NextWish.NEW_PAIR
    request.state = RequestState.CLOSED
    request.closed_at = now
    session.flush()
    if wants:
        requests.wait_again(session, request=request, now=now)
    if by is not None:
        _keep_why(session, pair.side(by), draft)
    for side in Side:
        if side is not by:
            _tell(session, "pair_ended_mail", pair, side, now)


def say_why(session: Session, *, side: PairSide, draft: WhyDraft, now: datetime) -> None:
    """After the end: why, and what one would like next. Raises Refused while the pair goes on."""
    pair = lock_pair(session, side.pair)
    if pair.state != PairState.ENDED:
        raise Refused(CoachingRefusal.NO_SUCH_STEP)
    _keep_why(session, side, draft)
    if side.side != Side.LEARNER or draft.next_wish is None:
        return
    request = pair.request
    if draft.next_wish is NextWish.NEW_PAIR and request.state == RequestState.CLOSED:
        requests.wait_again(session, request=request, now=now)
    elif draft.next_wish is not NextWish.NEW_PAIR and request.state == RequestState.WAITING:
        requests.close(session, request=request, now=now)


def ask_for_help(session: Session, *, side: PairSide, now: datetime) -> None:
    """ASTI is asked to call: the pair stands on top of its list until somebody has noted a call."""
    pair = lock_pair(session, side.pair)
    if pair.state in (PairState.PROPOSED, PairState.ENDED):
        raise Refused(CoachingRefusal.NOT_TOGETHER)
    pair.help_asked_at = pair.help_asked_at or now
    session.flush()


def note_call(session: Session, *, pair: CoachingPair, account_id: int, text: str, now: datetime) -> None:
    """What ASTI heard, sealed; a request for help is answered with it. The same note again is the same click."""
    lock_pair(session, pair)
    if pair.notes and pair.notes[-1].text == text:
        return
    sealed = ring_of(session).seal(pair.request.person.public_id, text)
    pair.notes.append(PairNote(by_id=account_id, text_sealed=sealed, at=now))
    pair.help_asked_at = None
    session.flush()


def _keep_why(session: Session, side: PairSide, draft: WhyDraft) -> None:
    side.reason = draft.reason or side.reason
    if draft.why:
        side.why_sealed = ring_of(session).seal(side.person.public_id, draft.why)
    side.next_wish = draft.next_wish or side.next_wish
    session.flush()


def _tell(session: Session, kind: str, pair: CoachingPair, side: Side, now: datetime) -> None:
    # A pair may pause more than once: each time is a consequence of its own.
    when = f"{now:%Y%m%d%H%M%S}"
    outbox.enqueue(
        session, kind, due_at=now, now=now, key=f"{kind}:{pair.public_id}:{side}:{when}", pair=pair.public_id, side=side
    )
