"""The roadmap of one person: what a scheme asks for, what is done, booked and missing, and which dates are open."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from commune_hub.accounts.models import Person
from commune_hub.accounts.profile import home_of
from commune_hub.base.words import LOCAL
from commune_hub.contracts import measures, queries
from commune_hub.contracts.models import Attestation, ContractLink
from commune_hub.contracts.words import AttestationState, CountsAs
from commune_hub.events import certificates
from commune_hub.events import queries as events
from commune_hub.events.models import Activity, Meeting, SeatPool, Signup
from commune_hub.events.records import Attendance, Course, EventInvitation
from commune_hub.events.words import (
    LIVE,
    ActivityKind,
    ActivityState,
    AttendanceState,
    CertificateState,
    MeetingState,
    RegistrationBy,
)
from commune_hub.places.geo import kilometres
from commune_hub.schemes import rules as law
from commune_hub.schemes.profile import ObligationRule, Profile, VoucherRule
from commune_hub.schemes.words import ContractState, ObligationKind, ObligationState

WEEKS = 8
_OPEN_LOOKED_AT = 60
PRACTICE = (
    ActivityKind.CONVERSATION_TABLE, ActivityKind.LANGUAGE_CAFE, ActivityKind.COACHING, ActivityKind.VOLUNTEER_COURSE
)  # fmt: skip


class StepState(StrEnum):
    """Where one step stands."""

    DONE = "done"
    NOT_CONFIRMED = "not_confirmed"
    RUNNING = "running"
    BOOKED = "booked"
    WAITING = "waiting"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Offer:
    """A course that would count, with its first date; `km` from home where one is known."""

    pool: SeatPool
    activity: Activity
    first: Meeting
    km: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """One obligation. `official`: the record says so, else our attendance does. `on` is the day it was met."""

    kind: ObligationKind
    rule: ObligationRule | None
    state: StepState
    official: bool = False
    on: date | None = None
    minutes: int = 0
    of_minutes: int = 0
    course: Activity | None = None
    signup: Signup | None = None
    attestation: Attestation | None = None
    offers: tuple[Offer, ...] = ()
    invitation: str = ""


@dataclass(frozen=True, slots=True)
class Practice:
    """Practice beside the courses: in all, and by week, the oldest first."""

    minutes: int
    meetings: int
    since: date | None
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Everything that the page of a contract shows. `vouchers` and `dates` are as the record tells them."""

    link: ContractLink
    profile: Profile | None
    steps: tuple[Step, ...]
    vouchers: tuple[Mapping[str, Any], ...]
    voucher_rule: VoucherRule | None
    dates: tuple[Mapping[str, Any], ...]
    ends_on: date | None
    idle_end: date | None

    @property
    def done(self) -> int:
        """How many steps are done, confirmed or not."""
        return sum(1 for step in self.steps if step.state in (StepState.DONE, StepState.NOT_CONFIRMED))


def roadmap_of(session: Session, person: Person, now: datetime) -> Roadmap | None:
    """The roadmap of somebody whose contract is linked, else None."""
    link = queries.link_of(session, person.id)
    if link is None:
        return None
    profile = measures.profile_of(link)
    said: Mapping[str, Any] = json.loads(person.opened(link.said_sealed)) if link.said_sealed else {}
    official = {one["kind"]: one for one in said.get("obligations", [])}
    kinds = [ObligationKind(kind) for kind in official if kind in ObligationKind._value2member_map_]
    kinds = kinds or [rule.kind for rule in (profile.obligations if profile else ())]
    facts = _facts(session, person, link, now)
    steps = tuple(_step(session, kind, official.get(kind), profile, facts, now) for kind in kinds)
    today = now.astimezone(LOCAL).date()
    return Roadmap(
        link=link, profile=profile, steps=steps,
        vouchers=tuple(said.get("vouchers", [])), voucher_rule=profile.vouchers if profile else None,
        dates=tuple(one for one in said.get("steps", []) if (one["on"] or "") >= today.isoformat()),
        ends_on=link.ends_on, idle_end=_idle_end(profile, link, facts),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the hub knows of a person, by the obligation that it counts for."""

    person: Person
    link: ContractLink
    certified: Mapping[CountsAs, date]
    running: Mapping[CountsAs, tuple[Activity, int, int]]
    booked: Mapping[CountsAs, Signup]
    attested: Mapping[CountsAs, Attestation]
    last_module_on: date | None


def _facts(session: Session, person: Person, link: ContractLink, now: datetime) -> _Facts:
    counted = _Counting(session, link)
    certified: dict[CountsAs, date] = {}
    for one in certificates.papers_of(session, [person.id]):
        counts = counted.of(one.activity) if one.state == CertificateState.ISSUED else None
        if counts is not None:
            certified.setdefault(counts, one.until.astimezone(LOCAL).date())
    running: dict[CountsAs, tuple[Activity, int, int]] = {}
    for standing in certificates.standings_of(session, [person], now):
        counts, verdict = counted.of(standing.activity), standing.reckoning.verdict
        if counts is not None and not standing.over:
            running.setdefault(counts, (standing.activity, verdict.minutes, verdict.of_minutes))
    booked: dict[CountsAs, Signup] = {}
    for signup in events.signups_of_people(session, [person.id], now):
        counts = counted.of(signup.pool.activity)
        if counts is not None:
            booked.setdefault(counts, signup)
    attested: dict[CountsAs, Attestation] = {}
    for attestation in queries.ledger_of(session, person.id):
        if attestation.state != AttestationState.WITHDRAWN and attestation.link_id == link.id:
            attested.setdefault(CountsAs(attestation.counts_for), attestation)
    return _Facts(person, link, certified, running, booked, attested, max(certified.values(), default=None))


class _Counting:
    """What activities count as for one link; each activity is judged once."""

    def __init__(self, session: Session, link: ContractLink) -> None:
        self._session, self._profile = session, measures.profile_of(link)
        self._known: dict[int, CountsAs | None] = {}

    def of(self, activity: Activity) -> CountsAs | None:
        if activity.id not in self._known:
            course = self._session.get(Course, activity.id)
            self._known[activity.id] = measures.counts_as(self._profile, activity, course)
        return self._known[activity.id]


def _step(
    session: Session, kind: ObligationKind, said: Mapping[str, Any] | None, profile: Profile | None, facts: _Facts,
    now: datetime,
) -> Step:  # fmt: skip
    rule, counts = (profile.obligation(kind) if profile else None), CountsAs(kind)
    if said is not None and said["state"] == ObligationState.MET:
        on = date.fromisoformat(said["on"]) if said["on"] else None
        return Step(kind, rule, StepState.DONE, official=True, on=on)
    attestation = facts.attested.get(counts)
    if counts in facts.certified and (attestation is None or attestation.state != AttestationState.REJECTED):
        return Step(kind, rule, StepState.NOT_CONFIRMED, on=facts.certified[counts], attestation=attestation)
    if counts in facts.running:
        course, minutes, of_minutes = facts.running[counts]
        return Step(
            kind, rule, StepState.RUNNING, minutes=minutes, of_minutes=of_minutes, course=course,
            signup=facts.booked.get(counts), attestation=attestation,
        )  # fmt: skip
    if counts in facts.booked:
        signup = facts.booked[counts]
        state = StepState.WAITING if signup.state == "waiting" else StepState.BOOKED
        return Step(kind, rule, state, course=signup.pool.activity, signup=signup, attestation=attestation)
    over = facts.link.state in (ContractState.FULFILLED, ContractState.ENDED)
    return Step(
        kind, rule, StepState.MISSING, attestation=attestation,
        offers=() if over else tuple(offers_for(session, kind, profile, facts.person, now)),
        invitation="" if over else _invitation(session, kind, facts.person, now),
    )  # fmt: skip


def offers_for(
    session: Session, kind: ObligationKind, profile: Profile | None, person: Person, now: datetime
) -> list[Offer]:
    """Courses to come that would count, the nearest first where a home is known, else the earliest."""
    kinds = [rule.activity for rule in (profile.counts if profile else ()) if rule.obligation is kind]
    question = (
        select(SeatPool)
        .join(SeatPool.activity)
        .where(
            Activity.kind.in_(kinds), Activity.state == ActivityState.PUBLISHED, SeatPool.closes_at > now,
            Activity.registration_by == RegistrationBy.HUB, Activity.kind != ActivityKind.ORIENTATION_DAY,
            SeatPool.meetings.any((Meeting.starts_at > now) & (Meeting.state == MeetingState.PLANNED)),
        )
        .order_by(SeatPool.closes_at)
        .limit(_OPEN_LOOKED_AT)
        .options(
            selectinload(SeatPool.meetings),
            selectinload(SeatPool.activity).selectinload(Activity.venue),
            selectinload(SeatPool.activity).selectinload(Activity.languages),
            selectinload(SeatPool.activity).selectinload(Activity.texts),
        )
    )  # fmt: skip
    home = home_of(session, person)
    found = []
    for pool in session.scalars(question):
        activity = pool.activity
        if measures.counts_as(profile, activity, session.get(Course, activity.id)) != kind.value:
            continue
        first = next(meeting for meeting in pool.meetings if meeting.state == MeetingState.PLANNED)
        venue, km = first.venue, None
        if home is not None and venue is not None:
            km = kilometres(home.point.lat, home.point.lon, venue.lat, venue.lon)
        found.append(Offer(pool, activity, first, km))
    return sorted(found, key=lambda one: (one.km is None, one.km or 0.0, one.first.starts_at))


def offer_named(
    session: Session, pool_id: str, profile: Profile | None, person: Person, now: datetime
) -> tuple[ObligationKind, Offer] | None:
    """One of the courses that would count, with what it counts for; None for anything else."""
    for rule in profile.obligations if profile else ():
        for offer in offers_for(session, rule.kind, profile, person, now):
            if offer.pool.public_id == pool_id:
                return rule.kind, offer
    return None


def _invitation(session: Session, kind: ObligationKind, person: Person, now: datetime) -> str:
    """The key of an orientation day's invitation that waits for an answer."""
    if kind is not ObligationKind.ORIENTATION_DAY:
        return ""
    coming = Activity.meetings.any((Meeting.starts_at > now) & (Meeting.state == MeetingState.PLANNED))
    question = (
        select(EventInvitation.link_key)
        .join(EventInvitation.activity)
        .where(EventInvitation.person_id == person.id, EventInvitation.answered_at.is_(None), coming)
        .order_by(EventInvitation.id.desc())
    )
    return session.scalar(question.limit(1)) or ""


def _idle_end(profile: Profile | None, link: ContractLink, facts: _Facts) -> date | None:
    joined = link.in_force_on or link.signed_on
    if profile is None or joined is None or link.ends_on is not None:
        return None
    return law.idle_end(profile, joined, facts.last_module_on)


def practice_of(session: Session, person_ids: Iterable[int], now: datetime) -> Practice:
    """How long somebody has practised, in all and in the last eight weeks, from presence that was noted."""
    question = (
        select(Meeting.starts_at, Meeting.ends_at)
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .join(Meeting.activity)
        .where(
            Attendance.person_id.in_(list(person_ids)), Attendance.state == AttendanceState.PRESENT,
            Meeting.ends_at <= now, Activity.kind.in_(PRACTICE),
        )
        .order_by(Meeting.starts_at)
    )  # fmt: skip
    today = now.astimezone(LOCAL).date()
    monday = today - timedelta(days=today.weekday())
    weeks, total, number, since = [0] * WEEKS, 0, 0, None
    for starts_at, ends_at in session.execute(question):
        minutes = int((ends_at - starts_at).total_seconds() // 60)
        day = starts_at.astimezone(LOCAL).date()
        total, number, since = total + minutes, number + 1, since or day
        ago = (monday - (day - timedelta(days=day.weekday()))).days // 7
        if 0 <= ago < WEEKS:
            weeks[WEEKS - 1 - ago] += minutes
    return Practice(total, number, since, tuple(weeks))


def live_signup(session: Session, pool: SeatPool, person: Person) -> Signup | None:
    """A seat or place in the queue that somebody has there already."""
    question = select(Signup).where(
        Signup.pool_id == pool.id, Signup.person_id == person.id, Signup.state.in_(LIVE)
    )
    return session.scalar(question)
