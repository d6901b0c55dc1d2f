"""Certificates: prepared from attendance, released, issued by the worker, void and made anew after a correction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Grant, Organisation, Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.words import OrganisationKind
from commune_hub.base import outbox
from commune_hub.base.errors import Refused
from commune_hub.events import certificates, permissions, rules
from commune_hub.events.certificate_documents import PURPOSE, signing_key
from commune_hub.events.certificates import Reckoning
from commune_hub.events.certification import ISSUED_BY
from commune_hub.events.models import Activity, Meeting
from commune_hub.events.records import Certificate
from commune_hub.events.words import (
    ActivityKind,
    CertificateBasis,
    CertificateRefusal,
    CertificateState,
    CountsFor,
    IssuedBy,
    VoidReason,
)

# So long after the last meeting the hours of a season are certified by themselves: time to note who was there.
AFTER_THE_SEASON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a look at the attendance has changed."""

    prepared: tuple[Certificate, ...] = ()
    voided: tuple[Certificate, ...] = ()


def prepare(
    session: Session,
    *,
    activity: Activity,
    now: datetime,
    people: Iterable[int] | None = None,
    before_the_end: bool = False,
) -> Changes:
    """Make the certificates of an activity what its attendance says; doing it twice changes nothing.

    Whoever meets the rule gets one, a certificate whose attendance was corrected is void and made anew. `people`
    (ids) None looks at everybody. Hours are certified when the season is over, or with `before_the_end` now.
    """
    _lock(session, activity)
    meetings = certificates.meetings_of(session, [activity.id]).get(activity.id, [])
    wanted = None if people is None else set(people)
    noted = certificates.attendance_of(session, [activity.id], wanted)
    newest = _newest(session, activity, wanted)
    hours = certificates.rule_of(activity).basis is CertificateBasis.HOURS
    may_begin = not hours or before_the_end or certificates.is_over(meetings, now)
    prepared, voided = [], []
    for person_id in sorted({person_id for _, person_id in noted} | set(newest)):
        states = noted.get((activity.id, person_id), {})
        today = certificates.reckoned(activity, meetings, states, now)
        last = newest.get(person_id)
        if last is not None and last.state == CertificateState.PREPARED:
            _follow(session, last, today)
            continue
        if last is not None and last.state == CertificateState.ISSUED:
            # What came after the certificate was issued does not make it untrue.
            then = certificates.reckoned(activity, meetings, states, now, until=last.until)
            reason = _why_void(last, then, today, grown=hours and may_begin)
            if reason is None or last.person.erased_at is not None:
                continue
            _make_void(session, last, reason, now)
            voided.append(last)
        elif not may_begin or (last is not None and last.void_reason == VoidReason.WITHDRAWN):
            # What somebody has taken back by hand does not come again by itself.
            continue
        replaces = last if last is not None and last in voided else None
        made = _prepared(session, activity, person_id, today, now, replaces)
        prepared += [made] if made else []
    _tell_and_send_off(session, activity, prepared, voided, now)
    if hours:
        _look_again(session, activity, meetings, now)
    return Changes(tuple(prepared), tuple(voided))


def _lock(session: Session, activity: Activity) -> None:
    """Two doings with the certificates of one activity wait for each other here."""
    session.scalars(select(Activity.id).where(Activity.id == activity.id).with_for_update()).one()


def _newest(session: Session, activity: Activity, people: set[int] | None) -> dict[int, Certificate]:
    """The newest certificate of each person, that of a person merged into another under the one who remains."""
    owner = func.coalesce(Person.merged_into_id, Person.id)
    question = select(owner, Certificate).join(Certificate.person).where(Certificate.activity_id == activity.id)
    if people is not None:
        question = question.where(owner.in_(people))
    rows = session.execute(question.order_by(Certificate.id).execution_options(populate_existing=True))
    return {row[0]: row[1] for row in rows}


def _why_void(last: Certificate, then: Reckoning, today: Reckoning, *, grown: bool) -> VoidReason | None:
    if _says(last) != _comes_to(then):
        return VoidReason.CORRECTED
    return VoidReason.REPLACED if grown and today.verdict.met and _says(last) != _comes_to(today) else None


def _says(certificate: Certificate) -> tuple[object, ...]:
    return (
        True, certificate.facts["days"],
        certificate.minutes, certificate.of_minutes, certificate.attended, certificate.held,
    )  # fmt: skip


def _comes_to(reckoning: Reckoning) -> tuple[object, ...]:
    verdict = reckoning.verdict
    days = [day.isoformat() for day in reckoning.days]
    return verdict.met, days, verdict.minutes, verdict.of_minutes, verdict.attended, verdict.held


def _prepared(
    session: Session,
    activity: Activity,
    person_id: int,
    reckoning: Reckoning,
    now: datetime,
    replaces: Certificate | None = None,
) -> Certificate | None:
    """A new prepared certificate, if the rule is met. One that replaces another keeps its name and skills."""
    person = session.get_one(Person, person_id)
    if not reckoning.verdict.met or person.erased_at is not None or person.merged_into_id is not None:
        return None
    kind = ActivityKind(activity.kind)
    counts = rules.may_count(kind, activity.convention_reference)
    certificate = Certificate(
        person=person, activity=activity, issuer=activity.organisation, prepared_at=now,
        counts_for=rules.KINDS[kind].counts_for if counts else CountsFor.NOTHING,
        name_sealed=replaces.name_sealed if replaces else person.name_sealed,
        skills_sealed=replaces.skills_sealed if replaces else None,
        replaces_id=replaces.id if replaces else None,
    )  # fmt: skip
    _write(certificate, reckoning)
    session.add(certificate)
    return certificate


def _follow(session: Session, prepared: Certificate, reckoning: Reckoning) -> None:
    """A certificate that nobody has got yet follows its attendance."""
    if not reckoning.verdict.met:
        session.delete(prepared)
    elif _says(prepared) != _comes_to(reckoning):
        _write(prepared, reckoning)


def _write(certificate: Certificate, reckoning: Reckoning) -> None:
    verdict = reckoning.verdict
    assert reckoning.until is not None, "what is met has been held"
    certificate.minutes, certificate.of_minutes = verdict.minutes, verdict.of_minutes
    certificate.attended, certificate.held = verdict.attended, verdict.held
    certificate.until = reckoning.until
    certificate.facts = certificates.facts_of(certificate.activity, reckoning.days)


def _tell_and_send_off(
    session: Session, activity: Activity, prepared: list[Certificate], voided: list[Certificate], now: datetime
) -> None:
    session.flush()
    if ISSUED_BY[ActivityKind(activity.kind)] is not IssuedBy.ORGANISER:
        _tell_of_void(session, voided, now)
        return
    # The mail about the new one says that the old one no longer holds.
    replaced = {one.replaces_id for one in prepared}
    _tell_of_void(session, (row for row in voided if row.id not in replaced), now)
    _send_off(session, activity, prepared, activity.organisation, None, now)


def _look_again(session: Session, activity: Activity, meetings: list[Meeting], now: datetime) -> None:
    """The hours of a season are certified when it is over, also if nobody notes anything any more."""
    if not certificates.is_over(meetings, now):
        end = max(meeting.ends_at for meeting in meetings) + AFTER_THE_SEASON
        outbox.enqueue(
            session, "certificates_prepare", due_at=end, now=now, activity=activity.public_id,
            key=f"certificates_prepare:{activity.public_id}:{end.astimezone(UTC).isoformat()}",
        )  # fmt: skip


def ask_for(session: Session, *, activity: Activity, person: Person, now: datetime) -> None:
    """Somebody wants their hours of practice certified now, before the season ends. Raises Refused."""
    if ISSUED_BY[ActivityKind(activity.kind)] is not IssuedBy.ORGANISER:
        raise Refused(CertificateRefusal.NOT_YET)
    changes = prepare(session, activity=activity, now=now, people=[person.id], before_the_end=True)
    if not changes.prepared:
        raise Refused(CertificateRefusal.NOT_YET)


def complete(session: Session, *, certificate: Certificate, name: str, skills: str, actor: Actor) -> None:
    """Name in full and the descriptive statement of skills (RGD art. 10), before the certificate is released."""
    permissions.must_release(actor, certificate.activity)
    _lock_one(session, certificate)
    if certificate.state != CertificateState.PREPARED or certificate.released_at is not None:
        raise Refused(CertificateRefusal.ALREADY_RELEASED)
    _name(session, certificate, name, skills)


def _lock_one(session: Session, certificate: Certificate) -> None:
    _lock(session, certificate.activity)
    session.refresh(certificate)


def _name(session: Session, certificate: Certificate, name: str, skills: str) -> None:
    ring, owner = ring_of(session), certificate.person.public_id
    certificate.name_sealed = ring.seal(owner, name)
    certificate.skills_sealed = ring.seal(owner, skills) if skills else None


def release(session: Session, *, activity: Activity, actor: Actor, now: datetime) -> int:
    """Issue the whole prepared batch with one click; returns how many are on their way. Raises Refused."""
    permissions.must_release(actor, activity)
    _lock(session, activity)
    question = select(Certificate).where(
        Certificate.activity_id == activity.id, Certificate.state == CertificateState.PREPARED,
        Certificate.released_at.is_(None),
    )  # fmt: skip
    waiting = list(session.scalars(question.execution_options(populate_existing=True)))
    if not waiting:
        raise Refused(CertificateRefusal.NOTHING_TO_RELEASE)
    _send_off(session, activity, waiting, _issuer(session, activity, actor), actor, now)
    return len(waiting)


def _issuer(session: Session, activity: Activity, actor: Actor) -> Organisation:
    """In whose name: the organiser, or for the State's kinds the authority for which the releasing person works."""
    if ISSUED_BY[ActivityKind(activity.kind)] not in permissions.OF_THE_STATE:
        return activity.organisation
    own = (
        select(Organisation)
        .join(Grant, Grant.organisation_id == Organisation.id)
        .where(Grant.account_id == actor.account_id, Grant.ended_at.is_(None))
    )
    for question in (own, select(Organisation)):
        authority = question.where(Organisation.kind == OrganisationKind.AUTHORITY).order_by(Organisation.id).limit(1)
        found = session.scalar(authority)
        if found is not None:
            return found
    raise Refused(CertificateRefusal.NO_ISSUER)


def _send_off(
    session: Session,
    activity: Activity,
    rows: list[Certificate],
    issuer: Organisation,
    actor: Actor | None,
    now: datetime,
) -> None:
    for row in rows:
        row.issuer = issuer
        row.released_at = now
        row.released_by_id = actor.account_id if actor else None
    session.flush()
    if rows:
        outbox.enqueue(
            session, "certificates_issue", due_at=now, now=now, activity=activity.public_id,
            key=f"certificates_issue:{min(row.public_id for row in rows)}",
        )  # fmt: skip


def issue(session: Session, *, activity: Activity, now: datetime, limit: int = 25) -> int:
    """Sign the next released certificates and tell their people; returns how many there were. The job calls it until
    there are none, each time in a transaction of its own, so that one sees how far it is."""
    _lock(session, activity)
    rows = certificates.to_issue(session, activity.id, limit)
    ring = ring_of(session)
    key = signing_key(ring.store.derive(PURPOSE))
    for row in rows:
        if row.person.erased_at is not None:
            session.delete(row)
            continue
        row.issued_at = now
        row.facts = row.facts | {"issuer": row.issuer.name}
        payload = certificates.statement_of(session, row).payload
        row.signature_sealed = ring.seal(row.person.public_id, key.sign(payload).hex())
        row.state = CertificateState.ISSUED
        outbox.enqueue(
            session, "certificate_mail", due_at=now, now=now, key=f"certificate_mail:{row.public_id}",
            certificate=row.public_id,
        )  # fmt: skip
        _pass_on(session, row, now)
    session.flush()
    return len(rows)


def void(session: Session, *, certificate: Certificate, note: str, actor: Actor, now: datetime) -> None:
    """Take a certificate back by hand, with a reason that the person can read. Doing it twice changes nothing."""
    permissions.must_release(actor, certificate.activity)
    _lock_one(session, certificate)
    if certificate.state == CertificateState.VOID:
        return
    if certificate.state != CertificateState.ISSUED:
        raise Refused(CertificateRefusal.NOT_ISSUED)
    certificate.void_note_sealed = ring_of(session).seal(certificate.person.public_id, note)
    _make_void(session, certificate, VoidReason.WITHDRAWN, now, actor)
    _tell_of_void(session, [certificate], now)


def issue_again(
    session: Session, *, certificate: Certificate, name: str, skills: str, actor: Actor, now: datetime
) -> Certificate:
    """The same certificate with another name or statement of skills; the old one is void. One that was taken back by
    mistake is given again. Raises Refused."""
    permissions.must_release(actor, certificate.activity)
    _lock_one(session, certificate)
    whose = certificate.person.merged_into_id or certificate.person_id
    if _newest(session, certificate.activity, {whose}).get(whose) is not certificate or not (
        certificate.state == CertificateState.ISSUED or certificate.void_reason == VoidReason.WITHDRAWN
    ):
        raise Refused(CertificateRefusal.NOT_ISSUED)
    if certificate.state == CertificateState.ISSUED:
        _make_void(session, certificate, VoidReason.REPLACED, now, actor)
    again = Certificate(
        person=certificate.person, activity=certificate.activity, issuer=certificate.issuer, prepared_at=now,
        counts_for=certificate.counts_for, minutes=certificate.minutes, of_minutes=certificate.of_minutes,
        attended=certificate.attended, held=certificate.held, until=certificate.until, facts=certificate.facts,
        replaces_id=certificate.id, name_sealed=certificate.name_sealed,
    )  # fmt: skip
    _name(session, again, name, skills)
    session.add(again)
    session.flush()
    _send_off(session, certificate.activity, [again], certificate.issuer, actor, now)
    return again


def _make_void(
    session: Session, certificate: Certificate, reason: VoidReason, now: datetime, actor: Actor | None = None
) -> None:
    certificate.state = CertificateState.VOID
    certificate.voided_at = now
    certificate.void_reason = reason
    certificate.voided_by_id = actor.account_id if actor else None
    # The new one may stand in the table only after this one has left its place.
    session.flush()
    _pass_on(session, certificate, now)


def _pass_on(session: Session, certificate: Certificate, now: datetime) -> None:
    """What follows from a certificate that holds, or no longer does, is not decided here (contracts)."""
    outbox.enqueue(
        session, "certificate_changed", due_at=now, now=now, certificate=certificate.public_id,
        key=f"certificate_changed:{certificate.public_id}:{certificate.state}",
    )  # fmt: skip


def _tell_of_void(session: Session, rows: Iterable[Certificate], now: datetime) -> None:
    for row in rows:
        outbox.enqueue(
            session, "certificate_void_mail", due_at=now, now=now, key=f"certificate_void_mail:{row.public_id}",
            certificate=row.public_id,
        )  # fmt: skip
