"""Questions about certificates: what people's attendance comes to, batches, one's own papers, the statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.accounts.models import Person
from commune_hub.accounts.queries import ring_of
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import code_from
from commune_hub.base.sealed import Erased
from commune_hub.base.words import LOCAL
from commune_hub.events import rules
from commune_hub.events.certificate_documents import Statement
from commune_hub.events.certification import ISSUED_BY, CertificateRule, Lesson, Verdict, verdict
from commune_hub.events.models import Activity, CoOrganiser, Meeting
from commune_hub.events.records import Attendance, Certificate
from commune_hub.events.words import (
    ActivityKind,
    AttendanceState,
    CefrLevel,
    CertificateBasis,
    CertificateState,
    IssuedBy,
    MeetingState,
    SignupMode,
    TextField,
    VoidReason,
)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What one person's attendance at an activity comes to; `until` is the end of the last lesson that counts."""

    verdict: Verdict
    days: tuple[date, ...]
    until: datetime | None


def rule_of(activity: Activity) -> CertificateRule:
    """What the activity asks for."""
    return CertificateRule(CertificateBasis(activity.certificate_basis), activity.certificate_number)


def is_over(meetings: Iterable[Meeting], now: datetime) -> bool:
    """Whether nothing is to come."""
    return all(meeting.ends_at <= now for meeting in meetings if meeting.state == MeetingState.PLANNED)


def meetings_of(session: Session, activity_ids: Iterable[int]) -> dict[int, list[Meeting]]:
    """All meetings of some activities, in order of time."""
    question = select(Meeting).where(Meeting.activity_id.in_(list(activity_ids))).order_by(Meeting.starts_at)
    found: dict[int, list[Meeting]] = {}
    for meeting in session.scalars(question):
        found.setdefault(meeting.activity_id, []).append(meeting)
    return found


def attendance_of(
    session: Session, activity_ids: Iterable[int], person_ids: Iterable[int] | None = None
) -> dict[tuple[int, int], dict[int, AttendanceState]]:
    """What was noted, by activity and person: for each meeting the state. `person_ids` None: of everybody."""
    question = (
        select(Meeting.activity_id, Attendance.person_id, Attendance.meeting_id, Attendance.state)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Meeting.activity_id.in_(list(activity_ids)))
    )
    if person_ids is not None:
        question = question.where(Attendance.person_id.in_(list(person_ids)))
    found: dict[tuple[int, int], dict[int, AttendanceState]] = {}
    for row in session.execute(question):
        found.setdefault((row.activity_id, row.person_id), {})[row.meeting_id] = AttendanceState(row.state)
    return found


def reckoned(
    activity: Activity,
    meetings: Iterable[Meeting],
    noted: Mapping[int, AttendanceState],
    now: datetime,
    until: datetime | None = None,
) -> Reckoning:
    """What was noted of one person, against the rule of the activity; `until` leaves later meetings aside."""
    rule = rule_of(activity)
    lived = [meeting for meeting in meetings if until is None or meeting.ends_at <= until]
    ours = _concerned(activity, lived, noted)
    if rule.basis is CertificateBasis.HOURS:
        # Hours can be certified while the season goes on: what is to come says nothing yet.
        ours = [meeting for meeting in ours if meeting.ends_at <= now]
    replaced = {meeting.replaces_id for meeting in lived}
    present = [meeting for meeting in ours if _state(meeting, noted) is AttendanceState.PRESENT]
    return Reckoning(
        verdict(rule, [_lesson(meeting, noted, meeting.id in replaced, now) for meeting in ours]),
        tuple(sorted({meeting.starts_at.astimezone(LOCAL).date() for meeting in present})),
        max((meeting.ends_at for meeting in ours if meeting.ends_at <= now), default=None),
    )


def _concerned(activity: Activity, meetings: list[Meeting], noted: Mapping[int, AttendanceState]) -> list[Meeting]:
    """The meetings that count for this person: of their course, or of their time of the evening where there are two."""
    if activity.signup == SignupMode.WHOLE_COURSE:
        pools = {meeting.pool_id for meeting in meetings if meeting.id in noted}
        return [meeting for meeting in meetings if meeting.pool_id in pools]
    slots = {meeting.slot for meeting in meetings if meeting.id in noted}
    return [meeting for meeting in meetings if meeting.slot in slots]


def _state(meeting: Meeting, noted: Mapping[int, AttendanceState]) -> AttendanceState:
    if meeting.state == MeetingState.CANCELLED:
        return AttendanceState.CANCELLED_BY_ORGANISER
    return noted.get(meeting.id, AttendanceState.UNKNOWN)


def _lesson(meeting: Meeting, noted: Mapping[int, AttendanceState], replaced: bool, now: datetime) -> Lesson:
    minutes = round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)
    return Lesson(minutes, _state(meeting, noted), replaced, meeting.ends_at <= now)


def facts_of(activity: Activity, days: Iterable[date]) -> dict[str, object]:
    """What the certificate will say about the activity, as it stands when the certificate is prepared."""
    levels = (activity.level_from, activity.level_to)
    return {
        "kind": activity.kind,
        "titles": {row.language: row.text for row in activity.texts if row.field == TextField.TITLE},
        "languages": list(activity.tags),
        "levels": [CefrLevel(level).label for level in dict.fromkeys(levels) if level is not None],
        "place": activity.venue.locality if activity.venue else "",
        "reference": activity.convention_reference,
        "days": [day.isoformat() for day in days],
    }


def certificate_named(session: Session, code: str) -> Certificate:
    """The certificate with this code, as people type it. Raises NotFound."""
    question = select(Certificate).where(Certificate.code == code_from(code)).options(*_whole())
    found = session.scalar(question)
    if found is None:
        raise NotFound("certificate")
    return found


def certificate_by_id(session: Session, public_id: str) -> Certificate:
    """The certificate that a job is about. Raises NotFound."""
    found = session.scalar(select(Certificate).where(Certificate.public_id == public_id).options(*_whole()))
    if found is None:
        raise NotFound("certificate")
    return found


def _whole() -> tuple:  # type: ignore[type-arg]
    activity = joinedload(Certificate.activity)
    return (
        joinedload(Certificate.person),
        joinedload(Certificate.issuer),
        activity.joinedload(Activity.organisation),
        activity.joinedload(Activity.venue),
        activity.selectinload(Activity.texts),
        activity.selectinload(Activity.languages),
        activity.selectinload(Activity.co_organisers),
    )


def batch_of(session: Session, activity_id: int) -> list[Certificate]:
    """All certificates of an activity in the order in which they were prepared, with names readable."""
    question = select(Certificate).where(Certificate.activity_id == activity_id).options(*_whole())
    found = list(session.scalars(question.order_by(Certificate.id)))
    ring_of(session).load(one.person.public_id for one in found)
    return found


def to_issue(session: Session, activity_id: int, limit: int) -> list[Certificate]:
    """The next certificates that were released and not issued yet."""
    question = (
        select(Certificate)
        .where(
            Certificate.activity_id == activity_id, Certificate.state == CertificateState.PREPARED,
            Certificate.released_at.is_not(None),
        )
        .options(joinedload(Certificate.person), joinedload(Certificate.issuer))
        .order_by(Certificate.id)
        .limit(limit)
    )  # fmt: skip
    found = list(session.scalars(question))
    ring_of(session).load(one.person.public_id for one in found)
    return found


@dataclass(frozen=True, slots=True)
class Shelf:
    """How many certificates of an activity wait for a click, are being issued, hold, are void."""

    activity: Activity
    waiting: int
    on_the_way: int
    issued: int
    void: int


def shelves(session: Session, organisation_ids: Iterable[int] | None, kinds: Iterable[ActivityKind]) -> list[Shelf]:
    """The activities with certificates: of these organisations (None: of all), or of these kinds wherever they are;
    those that wait for a click first."""
    prepared = Certificate.state == CertificateState.PREPARED
    question = (
        select(
            Activity,
            func.count().filter(prepared, Certificate.released_at.is_(None)).label("waiting"),
            func.count().filter(prepared, Certificate.released_at.is_not(None)).label("on_the_way"),
            func.count().filter(Certificate.state == CertificateState.ISSUED).label("issued"),
            func.count().filter(Certificate.state == CertificateState.VOID).label("void"),
        )
        .join(Certificate, Certificate.activity_id == Activity.id)
        .group_by(Activity.id)
        .options(selectinload(Activity.organisation), selectinload(Activity.texts), selectinload(Activity.languages))
    )
    if organisation_ids is not None:
        ours = list(organisation_ids)
        together = Activity.co_organisers.any(CoOrganiser.organisation_id.in_(ours))
        question = question.where(or_(Activity.organisation_id.in_(ours), together, Activity.kind.in_(list(kinds))))
    found = [Shelf(*row) for row in session.execute(question)]
    return sorted(found, key=lambda shelf: (not shelf.waiting, -shelf.activity.last_on.toordinal(), shelf.activity.id))


@dataclass(frozen=True, slots=True)
class NotYet:
    """Somebody who was there and has no certificate, and what their attendance comes to."""

    person: Person
    reckoning: Reckoning


def not_yet(session: Session, activity: Activity, now: datetime) -> list[NotYet]:
    """Who was at an activity and has no prepared or valid certificate, with names readable."""
    question = select(Certificate.person_id).where(Certificate.activity_id == activity.id, _settled())
    done = set(session.scalars(question))
    meetings = meetings_of(session, [activity.id]).get(activity.id, [])
    left = {
        person_id: states
        for (_, person_id), states in attendance_of(session, [activity.id]).items()
        if person_id not in done and AttendanceState.PRESENT in states.values()
    }
    names = select(Person).where(Person.id.in_(left), Person.erased_at.is_(None)).order_by(Person.id)
    people = list(session.scalars(names))
    ring_of(session).load(person.public_id for person in people)
    return [NotYet(person, reckoned(activity, meetings, left[person.id], now)) for person in people]


def _settled() -> ColumnElement[bool]:
    """There is one, or somebody has taken it back by hand: nothing comes by itself."""
    return or_(Certificate.state != CertificateState.VOID, Certificate.void_reason == VoidReason.WITHDRAWN)


def unsigned(session: Session, activity: Activity) -> dict[int, int]:
    """How many meetings each person was at without having signed, where everybody signs (CIV-10, ORI-6)."""
    if not rules.may_count(ActivityKind(activity.kind), activity.convention_reference):
        return {}
    question = (
        select(Attendance.person_id, func.count())
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(
            Meeting.activity_id == activity.id, Attendance.state == AttendanceState.PRESENT,
            Attendance.signed_at.is_(None),
        )
        .group_by(Attendance.person_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in session.execute(question)}


def papers_of(session: Session, person_ids: Iterable[int]) -> list[Certificate]:
    """The certificates of some people, newest first; also those of somebody who was found to be the same person."""
    ids = list(person_ids)
    question = (
        select(Certificate)
        .join(Certificate.person)
        .where(or_(Certificate.person_id.in_(ids), Person.merged_into_id.in_(ids)))
        .options(*_whole())
    )
    found = list(session.scalars(question.order_by(Certificate.id.desc())))
    ring_of(session).load(one.person.public_id for one in found)
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands at an activity that has given them no certificate yet."""

    activity: Activity
    person: Person
    reckoning: Reckoning
    over: bool
    ends_at: datetime

    @property
    def may_ask(self) -> bool:
        """Whether the person may have the certificate now, before the season ends: practice, with enough hours."""
        by_itself = ISSUED_BY[ActivityKind(self.activity.kind)] is IssuedBy.ORGANISER
        return by_itself and self.reckoning.verdict.met


def standings_of(session: Session, people: Iterable[Person], now: datetime) -> list[Standing]:
    """Where these people stand at activities that they were at and that have no living certificate of theirs."""
    by_id = {person.id: person for person in people}
    settled = select(Certificate.activity_id, Certificate.person_id).where(_settled())
    done = {tuple(row) for row in session.execute(settled.where(Certificate.person_id.in_(by_id)))}
    mine = select(Meeting.activity_id).join(Attendance, Attendance.meeting_id == Meeting.id)
    visited = set(session.scalars(mine.where(Attendance.person_id.in_(by_id)).distinct()))
    noted = attendance_of(session, visited, by_id)
    meetings = meetings_of(session, visited)
    question = select(Activity).where(Activity.id.in_(visited)).options(
        joinedload(Activity.organisation), selectinload(Activity.texts), selectinload(Activity.languages)
    )  # fmt: skip
    found = []
    for activity in session.scalars(question.order_by(Activity.last_on.desc(), Activity.id)):
        rows = meetings[activity.id]
        for person_id, person in by_id.items():
            states = noted.get((activity.id, person_id), {})
            if (activity.id, person_id) in done or AttendanceState.PRESENT not in states.values():
                continue
            reckoning = reckoned(activity, rows, states, now)
            found.append(Standing(activity, person, reckoning, is_over(rows, now), max(row.ends_at for row in rows)))
    return found


def name_on(session: Session, certificate: Certificate) -> str:
    """The name that the certificate carries; '' when the person has been erased."""
    return opened(session, certificate, certificate.name_sealed)


def opened(session: Session, certificate: Certificate, sealed: bytes | None) -> str:
    """Name, skills or a note of a certificate; '' when there is none, or nobody can read it any more."""
    if sealed is None:
        return ""
    try:
        return ring_of(session).open(certificate.person.public_id, sealed)
    except Erased:
        return ""


def statement_of(session: Session, certificate: Certificate, *, as_issued: bool = False) -> Statement:
    """All that the certificate says; `as_issued` leaves aside that it was made void since. The name of an erased
    person is ''."""
    facts = certificate.facts
    issued_at = certificate.issued_at or certificate.prepared_at
    voided = None if as_issued or certificate.voided_at is None else certificate.voided_at
    return Statement(
        code=certificate.code,
        name=name_on(session, certificate),
        kind=facts["kind"],
        titles=facts["titles"],
        languages=tuple(facts["languages"]),
        levels=tuple(facts["levels"]),
        place=facts["place"],
        days=tuple(date.fromisoformat(day) for day in facts["days"]),
        minutes=certificate.minutes,
        of_minutes=certificate.of_minutes,
        attended=certificate.attended,
        held=certificate.held,
        counts_for=certificate.counts_for,
        reference=facts["reference"],
        issuer=facts.get("issuer", certificate.issuer.name),
        issued_by=ISSUED_BY[ActivityKind(facts["kind"])],
        issued_on=issued_at.astimezone(LOCAL).date(),
        skills=opened(session, certificate, certificate.skills_sealed),
        voided_on=voided.astimezone(LOCAL).date() if voided else None,
    )
