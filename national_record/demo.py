"""A small register of invented people: what `national-record demo` and the tests start from."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum import luhn, verhoeff

from commune_hub.base.words import LOCAL
from commune_hub.schemes.words import ObligationKind, SchemeId
from national_record import files, queries
from national_record.access_models import Agent, Client
from national_record.actions import access, contracts, people, providers
from national_record.models import Contract, InformationSession, Person
from national_record.words import STAFF_DUTIES, AgentRole, Duty

CLIENT = "commune-hub-demo"
CLIENT_SECRET = "only-for-the-demo-of-the-hub"
ORGANISATION = "commune-hub"
# The names under which the hub calls: its worker, and its national officer.
HUB_AGENTS = ("commune-hub", "national.officer@example.org")
PASSWORD = "moien-national-record"
DIRECTOR, AUDITOR = "director@record.example", "auditor@record.example"
CONVENTION = "SFA-2024-017"
PROVIDER = "moien-asbl"


@dataclass(frozen=True, slots=True)
class DemoContract:
    """Somebody with a contract, as README and terminal name them."""

    names: str
    number: str
    birth_date: date
    matricule: str
    scheme: str
    said: str


def matricule_of(birth_date: date, serial: int) -> str:
    """A number that can be a matricule; serials from 990 on hardly belong to anybody."""
    eleven = f"{birth_date:%Y%m%d}{serial:03d}"
    return eleven + str(luhn.calc_check_digit(eleven)) + str(verhoeff.calc_check_digit(eleven))


def _contract(names: str, number: str, born: date, serial: int, scheme: SchemeId, said: str) -> DemoContract:
    return DemoContract(names, number, born, matricule_of(born, serial), scheme, said)


_CAI, _PAKT = SchemeId.LU_CAI, SchemeId.LU_BIERGERPAKT
RUNNING = _contract("Amina Bouzid", "CAI-2023-40218835", date(1990, 5, 14), 990, _CAI, "in force, language course done")
SIGNED = _contract("João Pereira", "CAI-2023-51170264", date(1985, 6, 30), 991, _CAI, "signed, nothing has begun")
FULFILLED = _contract("Oksana Melnyk", "CAI-2023-60481192", date(1992, 2, 29), 992, _CAI, "fulfilled")
ENDED = _contract("Teodros Haile", "CAI-2023-17730451", date(1979, 11, 2), 993, _CAI, "ended, civic course missing")
MEMBER = _contract("Maria Fernandes", "BIERGERPAKT-2025-28840517", date(2001, 3, 8), 994, _PAKT, "member, civic done")
NEW_MEMBER = _contract("Rahul Nair", "BIERGERPAKT-2026-73316208", date(1996, 9, 21), 995, _PAKT, "a new member")
CONTRACTS = (RUNNING, SIGNED, FULFILLED, ENDED, MEMBER, NEW_MEMBER)
_CANDIDATES = (
    ("Ayşe", "Demir", date(1988, 1, 17)),
    ("Wei", "Zhang", date(1999, 7, 4)),
    ("Fatou", "Diop", date(1994, 12, 30)),
)


def is_filled(session: Session) -> bool:
    """Whether there is anything yet."""
    return session.scalar(select(Agent.id).limit(1)) is not None


def fill(session: Session, *, now: datetime) -> None:
    """The agents, the hub as a client, a provider under convention, and people in every state of a contract."""
    today = now.astimezone(LOCAL).date()
    client, auditor = _access(session, now)
    providers.add_provider(
        session, code=PROVIDER, name="Moien asbl", convention_reference=CONVENTION, valid_from=date(2014, 1, 1),
        client=client,
    )  # fmt: skip
    signing = _session(session, _CAI, date(2023, 3, 7), "Luxembourg, 12-14, avenue Emile Reuter")
    for one in (RUNNING, SIGNED, FULFILLED, ENDED):
        _candidate(session, one, signing, auditor, now)
    _signatories(session, today, now)
    _members(session, auditor, today, now)
    for days in (0, 14):
        _session(session, _PAKT, today + timedelta(days=days), "Esch-sur-Alzette, Maison du savoir")
    _candidates(session, auditor, today, now)
    people.plan_orientation_day(session, on_day=today + timedelta(days=24), place="Luxembourg-Kirchberg")


def _access(session: Session, now: datetime) -> tuple[Client, Agent]:
    office = "Division Vivre-ensemble interculturel"
    director = access.add_agent(
        session, login=DIRECTOR, name="Josiane Weber", organisation=office, role=AgentRole.DIRECTOR,
        password=PASSWORD, now=now,
    )  # fmt: skip
    auditor = access.add_agent(
        session, login=AUDITOR, name="Paul Schmit", organisation=office, role=AgentRole.AUDITOR, password=PASSWORD,
        now=now,
    )  # fmt: skip
    access.authorise(session, agent=director, duties=STAFF_DUTIES, by=director, now=now)
    access.authorise(session, agent=auditor, duties=STAFF_DUTIES - {Duty.TRACES}, by=director, now=now)
    client, _ = access.add_client(session, name=CLIENT, organisation=ORGANISATION, secret=CLIENT_SECRET, now=now)
    for login in HUB_AGENTS:
        agent = access.add_agent(
            session, login=login, name=login, organisation=ORGANISATION, role=AgentRole.SERVICE, client=client, now=now
        )
        access.authorise(session, agent=agent, duties=frozenset(Duty) - STAFF_DUTIES, by=director, now=now)
    return client, auditor


def _session(session: Session, scheme: str, day: date, place: str) -> InformationSession:
    starts_at = datetime.combine(day, time(18), LOCAL)
    return people.plan_session(session, scheme=scheme, starts_at=starts_at, place=place, language="fr", seats=25)


def _person(session: Session, one: DemoContract, by: Agent, now: datetime) -> Person:
    first_names, names = one.names.split()
    personal = files.Personal(
        names=names, first_names=first_names, birth_date=one.birth_date, commune="Sanem",
        mail=f"{first_names.lower()}.{names.lower()}@example.org".encode("ascii", "ignore").decode(),
    )  # fmt: skip
    person = people.register(session, matricule=one.matricule, personal=personal, by=by, now=now)
    lives = files.Immigration(nationality="PT", legal_residence=True, stays_durably=True)
    people.record(session, person=person, content=lives, by=by, now=now)
    return person


def _candidate(session: Session, one: DemoContract, meeting: InformationSession, by: Agent, now: datetime) -> None:
    person = _person(session, one, by, now)
    people.invite(session, meeting=meeting, person=person).came = True
    language = files.Language(spoken="pt, en", level_fr="A1", oriented_to="Français A1.1")
    people.record(session, person=person, content=language, by=by, now=now)
    day = now.astimezone(LOCAL).date()
    steps = [
        (ObligationKind.LANGUAGE, date(2023, 10, 2), "Français A1.1", "Esch-sur-Alzette, Moien asbl"),
        (ObligationKind.CIVIC, day + timedelta(days=9), "Instruction civique, 3 soirées", "Belvaux, Maison communale"),
        (ObligationKind.ORIENTATION_DAY, day + timedelta(days=24), "Journée d’orientation", "Luxembourg-Kirchberg"),
    ]
    held_on = meeting.starts_at.astimezone(LOCAL).date()
    people.interview(session, person=person, held_on=held_on, by=by, social_worker=False, steps=steps)


def _sign(session: Session, one: DemoContract, day: date, now: datetime) -> Contract:
    person = queries.person_with(session, one.matricule)
    assert person is not None
    contract = contracts.sign(session, person=person, scheme=one.scheme, signed_on=day, now=now)
    contracts.give_number(session, contract, one.number)
    session.flush()
    return contract


def _signatories(session: Session, today: date, now: datetime) -> None:
    signed = _sign(session, SIGNED, date(2023, 12, 12), now)
    assert signed.in_force_on is None
    running = _sign(session, RUNNING, date(2023, 11, 20), now)
    first_day = today - timedelta(days=300)
    contracts.give_voucher(session, contract=running, language="fr", today=first_day - timedelta(days=20), now=now)
    contracts.use_voucher(session, contract=running, number=1, on=first_day - timedelta(days=3), now=now)
    contracts.begin(session, contract=running, first_day=first_day, now=now)
    _met(session, running, ObligationKind.LANGUAGE, today - timedelta(days=120), now)
    fulfilled = _sign(session, FULFILLED, date(2023, 12, 4), now)
    contracts.begin(session, contract=fulfilled, first_day=today - timedelta(days=500), now=now)
    for days, kind in zip((320, 300, 200), ObligationKind, strict=True):
        _met(session, fulfilled, kind, today - timedelta(days=days), now)
    ended = _sign(session, ENDED, date(2023, 12, 18), now)
    contracts.begin(session, contract=ended, first_day=date(2024, 1, 15), now=now)
    for kind in (ObligationKind.LANGUAGE, ObligationKind.ORIENTATION_DAY):
        _met(session, ended, kind, date(2025, 2, 3), now)
    contracts.close_what_is_over(session, today=today, now=now)


def _members(session: Session, by: Agent, today: date, now: datetime) -> None:
    for one in (MEMBER, NEW_MEMBER):
        _person(session, one, by, now)
    member = _sign(session, MEMBER, today - timedelta(days=400), now)
    _met(session, member, ObligationKind.CIVIC, today - timedelta(days=90), now)
    _sign(session, NEW_MEMBER, today.replace(day=1), now)


def _met(session: Session, contract: Contract, kind: ObligationKind, on: date, now: datetime) -> None:
    contracts.meet(session, contract=contract, kind=kind, on=on, attestation_id=None, now=now)


def _candidates(session: Session, by: Agent, today: date, now: datetime) -> None:
    to_come = select(InformationSession).where(InformationSession.scheme == _PAKT)
    meeting = session.scalars(to_come.order_by(InformationSession.starts_at).limit(1)).one()
    for serial, (first_names, names, born) in enumerate(_CANDIDATES, 996):
        personal = files.Personal(names=names, first_names=first_names, birth_date=born, phone="+352621000100")
        person = people.register(session, matricule=matricule_of(born, serial), personal=personal, by=by, now=now)
        people.invite(session, meeting=meeting, person=person)
