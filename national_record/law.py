"""The one place where the record asks the law: its rows in, the words of commune_hub/schemes out."""

from datetime import date

from commune_hub.schemes import keeping, rules
from commune_hub.schemes.loading import profile_for, profiles
from commune_hub.schemes.profile import Profile
from commune_hub.schemes.words import (
    Anchor,
    CefrLevel,
    Connection,
    Lack,
    Nature,
    ObligationKind,
    Population,
    SchemeId,
    SecondContractBar,
    SigningBar,
    StartEvent,
    Status,
    VoucherBar,
    VoucherState,
)
from national_record.files import Immigration
from national_record.models import Attestation, Contract, Voucher
from national_record.words import AttestationState, CountsFor

# A certificate of somebody else that a hub has handed on; whether its issuer counts, only an officer can tell.
OUTSIDE = "outside"
# Whose rule counts for a candidate who was never registered for a session.
FIRST_SCHEME = SchemeId.LU_CAI


def profile(scheme: str, day: date) -> Profile:
    """The scheme as it was open that day, else its newest version. Raises KeyError for a scheme that nobody knows."""
    found = profile_for(scheme, day)
    if found is not None:
        return found
    versions = [one for one in profiles().values() if one.scheme == scheme]
    if not versions:
        raise KeyError(scheme)
    return max(versions, key=lambda one: one.valid_from)


def profile_of(contract: Contract) -> Profile:
    """The rules under which a contract stands; a second one stands under those of its day, or the last there were."""
    return profile(contract.scheme, contract.signed_on)


def asks_for_interview(scheme: str, day: date) -> bool:
    """Whether the administrative interview comes first: for a contract, not for a membership (RGD art. 5)."""
    return profile(scheme, day).nature is Nature.CONTRACT


def obligations(scheme: str, day: date) -> tuple[ObligationKind, ...]:
    """What a first contract is about."""
    return tuple(rule.kind for rule in profile(scheme, day).obligations)


def bar_to_signing(
    scheme: str, *, signed_on: date, birth_date: date, immigration: Immigration, last_session: date | None
) -> SigningBar | None:
    """The first thing that stands against signing, or None (RGD art. 2)."""
    connections = {
        Connection.RESIDENCE: immigration.legal_residence,
        Connection.FIRST_ADMISSION: immigration.legal_residence,
        Connection.WORK: immigration.works_here,
    }
    statuses = {
        Status.TEMPORARY_PERMIT: immigration.temporary_permit,
        Status.ASYLUM_APPLICANT: immigration.asylum_applicant,
    }
    applicant = rules.Applicant(
        born_on=birth_date,
        citizen_of=frozenset({immigration.nationality}),
        connections=frozenset(one for one, true in connections.items() if true),
        stays=immigration.stays_durably,
        statuses=frozenset(one for one, true in statuses.items() if true),
        session_on=last_session,
    )
    return next(iter(rules.bars_to_sign(profile(scheme, signed_on), applicant, signed_on)), None)


def starts_at_signature(contract: Contract) -> bool:
    """Whether nothing has to begin for it to be in force."""
    return profile_of(contract).term.starts is not StartEvent.FIRST_MEASURE


def is_first_measure(contract: Contract, kind: ObligationKind) -> bool:
    """Whether a measure of this kind brings it into force (RGD art. 4, K2)."""
    return kind in (profile_of(contract).term.first_measures or frozenset())


def ends_on(contract: Contract, in_force_on: date) -> date | None:
    """The last day of its term, or None where it has none."""
    return rules.ends_on(profile_of(contract), in_force_on)


def over_since(contract: Contract, today: date) -> date | None:
    """The last day of a contract that is over, or None while it runs."""
    end = rules.end_of(profile_of(contract), _facts(contract))
    return end if end is not None and end < today else None


def bar_to_second(contract: Contract, today: date) -> SecondContractBar | None:
    """Why there can be no second contract after this one (RGD art. 23). The officer has recognised the reason."""
    found = rules.second_contract(profile_of(contract), _facts(contract), today, legitimate_reason=True)
    return found if isinstance(found, SecondContractBar) else None


def next_voucher(contract: Contract, today: date) -> rules.NextVoucher | VoucherBar:
    """The next voucher, or why there is none."""
    courses = [
        one
        for one in contract.attestations
        if one.counts_for == CountsFor.LANGUAGE and one.state == AttestationState.VALIDATED
    ]
    given = []
    for voucher in contract.vouchers:
        # The course that this voucher paid for: the first in its language that nobody has counted yet.
        course = next((c for c in courses if c.language == voucher.language and c.last_on >= voucher.issued_on), None)
        if course is not None:
            courses.remove(course)
        given.append(_voucher(voucher, course))
    until = rules.end_of(profile_of(contract), _facts(contract))
    return rules.next_voucher(profile_of(contract), given, today, runs_until=until)


def voucher_state(contract: Contract, voucher: Voucher, day: date) -> VoucherState:
    """What a voucher is worth that day; it counts at the registration with the provider, not at the course's end."""
    return rules.voucher_state(profile_of(contract), _voucher(voucher, None), day)


def doubts(attestation: Attestation, *, under_convention: bool) -> list[Lack | str]:
    """What speaks against validating: criteria of the rule that are not met (K7), a missing convention (K18)."""
    if attestation.counts_for == CountsFor.PRACTICE:
        return []
    contract, kind = attestation.contract, ObligationKind(attestation.counts_for)
    found: list[Lack | str] = []
    told = profile_of(contract)
    if attestation.activity_kind == OUTSIDE:
        found.append("from_outside")
    elif rules.counts_as(told, attestation.activity_kind, True) is not kind:
        found.append("activity_does_not_count")
    elif rules.counts_as(told, attestation.activity_kind, under_convention) is not kind:
        found.append("no_convention")
    rule = told.obligation(kind)
    if rule is None or all(one.kind != kind for one in contract.obligations):
        return [*found, "not_in_this_contract"]
    proof = rules.Proof(
        kind=kind, on=attestation.last_on, language=attestation.language or "", level=_level(attestation.level),
        minutes=attestation.minutes or 0, of_minutes=attestation.of_minutes or 0, attended=attestation.attended or 0,
        held=attestation.held or 0,
    )  # fmt: skip
    facts = _facts(contract, begins_on=attestation.first_on if is_first_measure(contract, kind) else None)
    return [*found, *rules.lacks_of(told, facts, rule, proof)]


def certification_until(contract: Contract) -> date | None:
    """Until when the ten-year file may name the person: the first of a month, so that the day tells nothing. None where
    the scheme has no such rule: without a ground nobody is put into it."""
    _rule, assumed = keeping.retention_rule(profile_of(contract), Population.CERTIFICATION_FILE)
    if assumed or contract.closed_on is None:
        return None
    due = keeping.retention(
        profile_of(contract), Population.CERTIFICATION_FILE, {Anchor.CONTRACT_END: contract.closed_on}
    )
    return due.due_on.replace(day=1) if due.due_on else None


def signatory_due(contract: Contract, *, running: bool) -> keeping.Due:
    """When the data of a signatory are made anonymous, and whether a human has to look (RGD art. 25(3), K5)."""
    days = {
        Anchor.SIGNATURE: contract.signed_on,
        Anchor.CONTRACT_END: contract.closed_on,
        Anchor.LAST_ACTIVITY: contract.last_module_on or contract.closed_on or contract.signed_on,
    }
    return keeping.retention(profile_of(contract), Population.SIGNATORIES, days, contract_running=running)


def candidate_due(scheme: str, last_session: date) -> keeping.Due:
    """When a candidate who did not sign is deleted (RGD art. 25(3), K4)."""
    days = {Anchor.INFORMATION_SESSION: last_session, Anchor.LAST_ACTIVITY: last_session}
    return keeping.retention(profile(scheme, last_session), Population.CANDIDATES, days)


def _facts(contract: Contract, begins_on: date | None = None) -> rules.Contract:
    return rules.Contract(
        signed_on=contract.signed_on,
        in_force_on=contract.in_force_on or (max(begins_on, contract.signed_on) if begins_on else None),
        ends_on=contract.ends_on,
        # What was validated is decided; the law is asked about the rest only.
        agreed=frozenset(contract.missing),
        second=contract.second,
        last_module_on=contract.last_module_on,
    )


def _voucher(voucher: Voucher, course: Attestation | None) -> rules.Voucher:
    if course is None:
        return rules.Voucher(voucher.issued_on, voucher.used_on)
    if course.of_minutes:
        share = (course.minutes or 0, course.of_minutes)
    elif course.held:
        share = (course.attended or 0, course.held)
    else:
        # Neither is known: the certificate of the provider stands for the course (RGD art. 10).
        share = (1, 1)
    return rules.Voucher(voucher.issued_on, voucher.used_on, *share)


def _level(label: str | None) -> CefrLevel | None:
    try:
        return CefrLevel.from_label(label) if label else None
    except KeyError:
        return None
