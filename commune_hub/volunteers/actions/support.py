"""A commune asks ASTI for support in setting up a measure: from the first idea to the first meeting."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.accounts.models import Organisation
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Permission
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import is_public_id
from commune_hub.events.models import Activity
from commune_hub.volunteers import rules
from commune_hub.volunteers.inputs import SupportDraft, SupportStepDraft
from commune_hub.volunteers.models import SupportNote, SupportRequest
from commune_hub.volunteers.words import SupportStep, VolunteerRefusal


def ask(
    session: Session, *, draft: SupportDraft, organisation: Organisation, actor: Actor, now: datetime
) -> SupportRequest:
    """The request of an organisation; it begins as an idea that nobody looks after yet."""
    if not actor.may(Permission.ASK_SUPPORT, organisation.id):
        raise NotFound("organisation")
    request = SupportRequest(
        organisation=organisation, kind=draft.kind, languages=list(draft.languages), wish=draft.wish,
        asked_by_id=actor.account_id, asked_at=now, changed_at=now,
    )  # fmt: skip
    session.add(request)
    session.flush()
    _note(session, request, SupportStep.IDEA, "", actor, now)
    return request


def go_on(
    session: Session,
    *,
    request: SupportRequest,
    draft: SupportStepDraft,
    owner_id: int | None,
    activity: Activity | None,
    actor: Actor,
    now: datetime,
) -> None:
    """ASTI says how far it is, who looks after it and what comes next. Raises Refused for a step back from the end."""
    if not actor.may(Permission.LOOK_AFTER_VOLUNTEERS, None):
        raise NotFound("request")
    was = SupportStep(request.step)
    if draft.step is not was and draft.step not in rules.support_steps_from(was):
        raise Refused(VolunteerRefusal.STEP_NOT_ALLOWED)
    request.step, request.next_step, request.next_on = draft.step, draft.next_step, draft.next_on
    request.owner_id, request.changed_at = owner_id, now
    if activity is not None:
        request.activity_id = activity.id
    if draft.text or draft.step is not was:
        _note(session, request, draft.step, draft.text, actor, now)
    session.flush()


def write(session: Session, *, request: SupportRequest, text: str, actor: Actor, now: datetime) -> None:
    """A word from one side to the other; both read all of them."""
    must_see(request, actor)
    _note(session, request, SupportStep(request.step), text, actor, now)
    request.changed_at = now


def must_see(request: SupportRequest, actor: Actor) -> None:
    """Answer as if there were nothing to whoever neither asked nor is ASTI."""
    ours = actor.may(Permission.ASK_SUPPORT, request.organisation_id)
    if not ours and not actor.may(Permission.LOOK_AFTER_VOLUNTEERS, None):
        raise NotFound("request")


def request_named(session: Session, public_id: str) -> SupportRequest:
    """The request with this public id. Raises NotFound."""
    question = select(SupportRequest).where(SupportRequest.public_id == public_id).options(*_WHOLE)
    found = session.scalar(question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("request")
    return found


def requests_of(session: Session, organisation_ids: Iterable[int] | None) -> list[SupportRequest]:
    """The requests of these organisations (None: of all), those that go on first, the next date first."""
    question = select(SupportRequest).options(*_WHOLE)
    if organisation_ids is not None:
        question = question.where(SupportRequest.organisation_id.in_(list(organisation_ids)))
    ended = SupportRequest.step.in_(rules.SUPPORT_ENDED)
    order = (ended, SupportRequest.next_on.is_(None), SupportRequest.next_on, SupportRequest.id.desc())
    return list(session.scalars(question.order_by(*order).limit(200)))


_WHOLE = (
    joinedload(SupportRequest.organisation), joinedload(SupportRequest.activity), selectinload(SupportRequest.notes)
)  # fmt: skip


def _note(
    session: Session, request: SupportRequest, step: SupportStep, text: str, actor: Actor, now: datetime
) -> None:
    session.add(SupportNote(request_id=request.id, at=now, by_id=actor.account_id, step=step, text=text))
    session.flush()
