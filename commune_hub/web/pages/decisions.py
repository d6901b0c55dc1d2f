"""What was decided about seats, as the person and the officer read it: when, what, by which rule, why."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sqlalchemy.orm import Session

from commune_hub.accounts.queries import ring_of
from commune_hub.base.sealed import Erased
from commune_hub.base.words import LOCAL
from commune_hub.events import queries
from commune_hub.events.models import Signup
from commune_hub.events.records import QueueDecision
from commune_hub.events.words import QueueRule, QueueStep
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages import words

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision in words. `reason` is what an officer wrote, `who` the first name, for staff only."""

    when: str
    step: str
    rule: str
    reason: str
    who: str = ""


def for_the_person(session: Session, signup: Signup) -> list[DecisionLine]:
    """Everything that was decided about one's own sign-up, oldest first."""
    return [_line(session, row, words.QUEUE_RULE) for row in queries.decisions_of(session, signup_id=signup.id)]


def for_staff(session: Session, pool_id: int) -> list[DecisionLine]:
    """What was decided about the seats of a meeting, the newest first; nobody's contract, and nobody who was erased."""
    rows = queries.decisions_of(session, pool_id=pool_id)[: -_SHOWN - 1 : -1]
    ring_of(session).load(row.signup.person.public_id for row in rows)
    lines = []
    for row in rows:
        if row.signup.person.erased_at is not None:
            continue
        try:
            lines.append(_line(session, row, words.QUEUE_RULE_IN_LISTS, row.signup.person.name))
        except Erased:
            continue
    return lines


def _line(session: Session, row: QueueDecision, rules: Mapping[Enum, str], who: str = "") -> DecisionLine:
    owner = row.signup.person.public_id
    local = row.at.astimezone(LOCAL)
    return DecisionLine(
        when=_("%(day)s, %(time)s", day=speech().day(local.date()), time=speech().clock(row.at)),
        step=_(words.QUEUE_STEP[QueueStep(row.step)]),
        rule=_(rules[QueueRule(row.rule)]),
        reason=ring_of(session).open(owner, row.reason_sealed) if row.reason_sealed else "",
        who=who,
    )
