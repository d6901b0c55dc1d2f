"""Certificates of engagement: what one states, found again by its code, and signed when somebody asks for it."""

from collections.abc import Iterable
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from commune_hub.accounts.queries import ring_of
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import code_from, new_code
from commune_hub.base.sealed import Erased
from commune_hub.base.words import LOCAL
from commune_hub.events.certificate_documents import ENGAGEMENT, Statement
from commune_hub.events.words import CountsFor, IssuedBy
from commune_hub.volunteers import hours
from commune_hub.volunteers.models import Engagement, Volunteer
from commune_hub.volunteers.words import VolunteerRefusal


def engagement_named(session: Session, code: str) -> Engagement:
    """The certificate of engagement with this code, as people type it. Raises NotFound."""
    question = select(Engagement).where(Engagement.code == code_from(code))
    found = session.scalar(question.options(joinedload(Engagement.volunteer).joinedload(Volunteer.person)))
    if found is None:
        raise NotFound("certificate")
    return found


def engagements_of(session: Session, volunteer: Volunteer) -> list[Engagement]:
    """What somebody has asked for so far, newest first."""
    question = select(Engagement).where(Engagement.volunteer_id == volunteer.id).order_by(Engagement.id.desc())
    return list(session.scalars(question.limit(20)))


def statement_of(session: Session, engagement: Engagement) -> Statement:
    """What it states, as it was signed; without a name once the person is erased."""
    person, facts = engagement.volunteer.person, engagement.facts
    try:
        name = ring_of(session).open(person.public_id, engagement.name_sealed)
    except Erased:
        name = ""
    return _statement(
        code=engagement.code, name=name, facts=facts, minutes=engagement.minutes,
        days=(engagement.first_on, engagement.last_on), issued_on=engagement.issued_at.astimezone(LOCAL).date(),
    )  # fmt: skip


def _statement(
    *, code: str, name: str, facts: dict[str, object], minutes: int, days: tuple[date, date], issued_on: date
) -> Statement:
    times, tags = facts["times"], facts["languages"]
    assert isinstance(times, int) and isinstance(tags, list)
    return Statement(
        code=code, name=name, kind=ENGAGEMENT, titles={}, languages=tuple(tags), levels=(), place="",
        days=tuple(dict.fromkeys(days)), minutes=minutes, of_minutes=minutes, attended=times, held=times,
        counts_for=CountsFor.NOTHING, reference="", issuer=str(facts["issuer"]), issued_by=IssuedBy.ORGANISER,
        issued_on=issued_on,
    )  # fmt: skip


def issue(
    session: Session, *, volunteer: Volunteer, issuer: str, key: Ed25519PrivateKey, now: datetime
) -> Engagement:
    """A certificate of all hours until now. Asked for again without new hours it is the same one. Raises Refused."""
    given = hours.given_by(session, volunteer, now)
    if not given:
        raise Refused(VolunteerRefusal.NO_HOURS_YET)
    minutes = sum(one.minutes for one in given)
    last = next(iter(engagements_of(session, volunteer)), None)
    person, ring = volunteer.person, ring_of(session)
    facts: dict[str, object] = {"times": len(given), "languages": _tags(given), "issuer": issuer}
    if last is not None and (last.minutes, last.facts) == (minutes, facts):
        return last
    code, days = new_code(), (given[0].on, given[-1].on)
    today = now.astimezone(LOCAL).date()
    said = _statement(code=code, name=person.name, facts=facts, minutes=minutes, days=days, issued_on=today)
    engagement = Engagement(
        code=code, volunteer=volunteer, facts=facts, minutes=minutes, first_on=days[0], last_on=days[1],
        name_sealed=ring.seal(person.public_id, person.name), issued_at=now,
        signature_sealed=ring.seal(person.public_id, key.sign(said.payload).hex()),
    )  # fmt: skip
    session.add(engagement)
    session.flush()
    return engagement


def _tags(given: Iterable[hours.Given]) -> list[str]:
    return sorted({tag for one in given for tag in one.languages})
