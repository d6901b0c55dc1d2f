"""Contracts in the demo country: the learner's own, with a roadmap to look at, and what the authority has to do."""

import io
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from commune_hub.accounts import profile
from commune_hub.accounts.models import Person
from commune_hub.accounts.queries import ring_of
from commune_hub.base.words import LOCAL
from commune_hub.contracts import queries
from commune_hub.contracts.actions import linking, outside, replies
from commune_hub.contracts.actions.attesting import delivered
from commune_hub.contracts.inputs import ProofDraft
from commune_hub.contracts.models import Attestation, ContractLink, Transfer
from commune_hub.contracts.record import Found, Question, Record
from commune_hub.contracts.words import AskedBy, AttestationState, ConsentPurpose, CountsAs, TransferAct
from commune_hub.demo.people import Neighbour
from commune_hub.events.models import Activity
from commune_hub.places.communes import localities

# The learner's contract in the reference record (national_record/demo.py): with it the demo asks for real.
NUMBER, BORN_ON = "CAI-2023-40218835", date(1990, 5, 14)
_MADE_UP = "demo-reference-of-the-learner"


def link_the_learner(session: Session, *, learner: Person, now: datetime) -> ContractLink:
    """A contract in force since the spring of last year, the language course done, the rest to do."""
    today = now.astimezone(LOCAL).date()
    begun = today - timedelta(days=250)
    belvaux = next(place for place in localities() if place.name == "Belvaux")
    profile.keep_home(session, person=learner, point=belvaux.point, label="Belvaux")
    long_ago = now - timedelta(days=90)
    for purpose in ConsentPurpose:
        linking.agree(session, person=learner, purpose=purpose, language="fr", now=long_ago)
    found = Found(_MADE_UP, "LU-CAI", "in_force", date(2023, 9, 4), begun,
                  begun.replace(year=begun.year + 2) - timedelta(days=1))  # fmt: skip
    link = linking.link(session, person=learner, found=found, now=long_ago)
    assert link is not None, "the learner has agreed"
    said = {
        "obligations": [
            {"kind": "language", "state": "met", "on": (begun + timedelta(days=160)).isoformat()},
            {"kind": "civic", "state": "missing", "on": None},
            {"kind": "orientation_day", "state": "missing", "on": None},
        ],
        "vouchers": [
            {"number": "1", "language": "fr", "issued_on": "2023-09-04", "expires_on": "2024-03-03", "state": "used"},
            {"number": "2", "language": "lb", "issued_on": (today - timedelta(days=40)).isoformat(),
             "expires_on": (today + timedelta(days=140)).isoformat(), "state": "valid"},
        ],
        "steps": [
            {"kind": "orientation_day", "on": (today + timedelta(days=24)).isoformat(),
             "title": "Journée d’orientation", "place": "Luxembourg-Kirchberg"},
        ],
    }  # fmt: skip
    link.said_sealed = ring_of(session).seal(learner.public_id, json.dumps(said))
    link.said_at = now - timedelta(hours=9)
    session.flush()
    return link


def let_the_record_answer(
    session: Session, *, link: ContractLink, neighbours: Sequence[Neighbour], tables: Sequence[Activity], now: datetime
) -> None:
    """What was told about practice, and how the record decided: recognised, one not; a paper waits for the officer."""
    _attested(session, link, tables[0], 1, AttestationState.VALIDATED, now - timedelta(days=30))
    people = [one.person for one in neighbours[::6]][: len(tables)]
    for number, (person, activity) in enumerate(zip(people, tables, strict=False), 2):
        linking.agree(session, person=person, purpose=ConsentPurpose.RECORD, language="fr", now=now)
        found = Found(f"demo-reference-{number}", "LU-BIERGERPAKT", "in_force", date(2025, 3, 1), date(2025, 3, 1))
        theirs = linking.link(session, person=person, found=found, now=now - timedelta(days=60))
        assert theirs is not None
        state = (AttestationState.VALIDATED, AttestationState.REJECTED, AttestationState.RECEIVED)[number % 3]
        one = _attested(session, theirs, activity, number, state, now - timedelta(days=number))
        if state is AttestationState.REJECTED:
            one.reason_sealed = ring_of(session).seal(person.public_id, "L’attestation porte sur une autre période.")
    draft = ProofDraft.parse({
        "counts_for": "language", "title": "Lëtzebuergesch A1.1", "issuer": "Moien asbl", "language": "lb",
        "level": "A1.1", "issued_on": (now - timedelta(days=20)).date(),
    })  # fmt: skip
    outside.hand_in(session, person=link.person, draft=draft, data=a_photo(), now=now - timedelta(days=1))


def _attested(
    session: Session, link: ContractLink, activity: Activity, number: int, state: AttestationState, at: datetime
) -> Attestation:
    one = Attestation(person=link.person, link=link, activity=activity, counts_for=CountsAs.PRACTICE, made_at=at)
    session.add(one)
    session.flush()
    body = {
        "reference": link.reference, "hub_attestation": one.public_id, "counts_for": "practice",
        "activity_kind": activity.kind, "title": "Table de conversation", "language": activity.tags[0],
        "minutes": 540, "of_minutes": 720, "held": 8, "attended": 6, "first_on": "2026-09-15",
        "last_on": "2026-11-10", "issuer": activity.organisation.name,
    }  # fmt: skip
    sealed = ring_of(session).seal(link.person.public_id, json.dumps(body, ensure_ascii=False))
    transfer = Transfer(
        key=f"{one.public_id}:1", attestation=one, number=1, act=TransferAct.SUBMIT, body_sealed=sealed, made_at=at
    )
    session.add(transfer)
    session.flush()
    delivered(session, transfer=transfer, remote=f"demo-{number}", receipt=f"R-{number:04d}", at=at, now=at)
    one.state, one.decided_at = state, at + timedelta(days=2)
    return one


def a_photo() -> bytes:
    """A drawing that stands for the photo of a certificate."""
    picture = Image.new("RGB", (900, 640), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((20, 20, 880, 620), outline="#0b5563", width=6)
    pen.text((80, 90), "Moien asbl - Certificat - Luxembourgeois A1.1", fill="black")
    made = io.BytesIO()
    picture.save(made, "JPEG")
    return made.getvalue()


def meet_the_record(session: Session, *, record: Record, now: datetime) -> None:
    """The learner's link, made before there was a record, becomes that of the contract that the record has."""
    link = queries.link_to(session, linking.reference_hash(session, _MADE_UP))
    question = Question("demo", AskedBy.CONTRACT_NUMBER, NUMBER, BORN_ON, "The learner of the demo is linked for real")
    answer = record.ask(question) if link is not None else None
    if link is None or answer is None or answer.contract is None:
        return
    found, ring = answer.contract, ring_of(session)
    link.reference_sealed = ring.seal(link.person.public_id, found.reference)
    link.reference_hash = linking.reference_hash(session, found.reference)
    link.scheme, link.state, link.signed_on = found.scheme, found.state, found.signed_on
    link.in_force_on, link.ends_on = found.in_force_on, found.ends_on
    session.flush()
    replies.ask_standing(session, link=link, now=now)
