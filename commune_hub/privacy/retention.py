"""Whose time is over, read from the tables, and carried out for one person; the loop stands in worker/retention.py."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Account, Person
from commune_hub.base.words import LOCAL
from commune_hub.contracts.models import ContractLink
from commune_hub.privacy import erasing, leaving, rules
from commune_hub.privacy.models import PersonMerge, RetentionCase, RetentionRun
from commune_hub.privacy.registry import moments
from commune_hub.privacy.rules import HeldContract, Life, Verdict
from commune_hub.privacy.words import CaseDecision
from commune_hub.schemes import loading
from commune_hub.schemes.profile import Profile

BATCH = 500


@dataclass(frozen=True, slots=True)
class Over:
    """Somebody whose time is over, and what is to be done. `waits`: a human decides first."""

    person_id: int
    verdict: Verdict
    waits: bool


def batches(session: Session, now: datetime) -> Iterator[list[int]]:
    """Everybody whose data could be due, in portions: known for two years, or with a contract."""
    long_known = now - timedelta(days=365 * 2)
    with_contract = select(ContractLink.person_id)
    last = 0
    while True:
        question = (
            select(Person.id)
            .where(Person.id > last, Person.erased_at.is_(None), Person.merged_into_id.is_(None))
            .where((Person.created_at < long_known) | Person.id.in_(with_contract))
        )
        ids = list(session.scalars(question.order_by(Person.id).limit(BATCH)))
        if not ids:
            return
        yield ids
        last = ids[-1]


def over(session: Session, person_ids: list[int], now: datetime) -> list[Over]:
    """Those of these people whose time is over today."""
    day = now.astimezone(LOCAL).date()
    cases = {
        case.person_id: case
        for case in session.scalars(select(RetentionCase).where(RetentionCase.person_id.in_(person_ids)))
    }
    found = []
    for person_id, life in lives(session, person_ids, now).items():
        verdict = rules.verdict(life, profile_for, day)
        if verdict is not None and rules.is_due(verdict, day):
            found.append(Over(person_id, verdict, _waits(verdict, cases.get(person_id), day)))
    return found


def _waits(verdict: Verdict, case: RetentionCase | None, day: date) -> bool:
    if case is not None and case.decision == CaseDecision.LATER and case.until is not None and case.until > day:
        return True
    return verdict.case is not None and (case is None or case.decision != CaseDecision.GO)


def profile_for(scheme: str, day: date) -> Profile | None:
    """The profile of a scheme on the day of the signature, else the newest of that scheme."""
    found = loading.profile_for(scheme, day)
    if found is None:
        same = [one for one in loading.profiles().values() if one.scheme == scheme]
        found = same[-1] if same else None
    return found


def lives(session: Session, person_ids: list[int], now: datetime) -> dict[int, Life]:
    """What decides about these people, with as many questions for five hundred as for one."""
    last: dict[int, date] = {}

    def seen(rows: Iterable[Row[int, datetime | None]]) -> None:
        for person_id, moment in rows:
            if moment is not None:
                on = moment.astimezone(LOCAL).date()
                last[person_id] = max(last.get(person_id, on), on)

    seen(session.execute(select(Person.id, Person.created_at).where(Person.id.in_(person_ids))))
    for table, column in moments():
        by = getattr(table.model, table.by)
        moment = func.max(getattr(table.model, column))
        seen(session.execute(select(by, moment).where(by.in_(person_ids)).group_by(by)))
    contracts = defaultdict(list)
    for link in session.scalars(select(ContractLink).where(ContractLink.person_id.in_(person_ids))):
        linked_on = link.linked_at.astimezone(LOCAL).date()
        contracts[link.person_id].append(
            HeldContract(link.scheme, link.state, linked_on, link.signed_on, link.in_force_on, link.ends_on)
        )
    ahead = {signup.person_id for signup in leaving.seats_ahead(session, person_ids, now)}
    helping = {side.person_id for side in leaving.running_pairs(session, person_ids)}
    staff = select(Account.person_id).where(Account.person_id.in_(person_ids), Account.disabled_at.is_(None))
    working = set(session.scalars(staff))
    return {
        person_id: Life(
            last_active_on=last[person_id],
            contracts=tuple(contracts[person_id]),
            seat_ahead=person_id in ahead,
            helps=person_id in helping,
            works_here=person_id in working,
        )
        for person_id in person_ids
    }


def carry_out(session: Session, one: Over, now: datetime) -> bool:
    """Do it to somebody, or put them on the list for a human; False when it is no longer so. Twice is once."""
    person = session.get(Person, one.person_id, with_for_update=True, populate_existing=True)
    if person is None or person.erased_at is not None:
        return False
    again = over(session, [person.id], now)
    if not again:
        return False
    if again[0].waits:
        _put_on_list(session, again[0], now)
        return False
    erasing.erase(session, person=person, action=again[0].verdict.action, now=now)
    return True


def _put_on_list(session: Session, one: Over, now: datetime) -> None:
    if one.verdict.case is None:
        return
    case = session.scalar(select(RetentionCase).where(RetentionCase.person_id == one.person_id))
    if case is None:
        session.add(
            RetentionCase(
                person_id=one.person_id, reason=one.verdict.case, due_on=one.verdict.due_on, noticed_at=now
            )
        )
    else:
        case.reason, case.due_on = one.verdict.case, one.verdict.due_on
        if case.until is not None and case.until <= now.astimezone(LOCAL).date():
            case.decision = case.until = None
    session.flush()


def merges_to_finish(session: Session, now: datetime) -> list[PersonMerge]:
    """The merged people who can no longer be parted: what is left of the second one goes."""
    question = select(PersonMerge).where(
        PersonMerge.at <= now - timedelta(days=rules.MERGE_DAYS),
        PersonMerge.undone_at.is_(None),
        PersonMerge.final_at.is_(None),
    )
    return list(session.scalars(question.order_by(PersonMerge.id)))


def last_run(session: Session) -> RetentionRun | None:
    """The last run that came to its end."""
    question = select(RetentionRun).where(RetentionRun.finished_at.is_not(None))
    return session.scalar(question.order_by(RetentionRun.id.desc()).limit(1))


def open_cases(session: Session) -> list[RetentionCase]:
    """What waits for a human, the longest waiting first."""
    question = select(RetentionCase).where(RetentionCase.decision.is_(None))
    return list(session.scalars(question.order_by(RetentionCase.noticed_at, RetentionCase.id).limit(200)))
