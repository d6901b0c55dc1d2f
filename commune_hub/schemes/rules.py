"""What the law says about one person's contract: facts and a profile in, an answer out.

Days are local dates (Europe/Luxembourg); first and last days belong to a period (decision 6).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from commune_hub.schemes.periods import age_on, last_day
from commune_hub.schemes.profile import ObligationRule, Profile
from commune_hub.schemes.words import (
    CefrLevel,
    Connection,
    ContractState,
    Lack,
    ObligationKind,
    ObligationState,
    SecondContractBar,
    SigningBar,
    StartEvent,
    Status,
    VoucherBar,
    VoucherState,
)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks to sign or join. `citizen_of`: country codes; `session_on`: the last information session attended."""

    born_on: date
    citizen_of: frozenset[str]
    connections: frozenset[Connection] = frozenset()
    stays: bool = True
    statuses: frozenset[Status] = frozenset()
    session_on: date | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """An activity in which somebody took part for the first time on this day. `activity`: its kind as a plain word;
    `last_on`: its last day, where it is more than one."""

    activity: str
    on: date
    convention: bool = False
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What speaks for an obligation: a certificate or a validated attestation, dated on its last day.

    The share is reckoned in minutes, or in meetings where the length of one is not known (K8); where neither is known
    the certificate of the provider stands for it (RGD art. 10).
    """

    kind: ObligationKind
    on: date
    language: str = ""
    level: CefrLevel | None = None
    minutes: int = 0
    of_minutes: int = 0
    attended: int = 0
    held: int = 0
    exam_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract or membership. `in_force_on` None: nothing has begun. `agreed`: what it is about, None for all that
    the scheme asks for; a second contract names what was missing. `ends_on`: where it is not what the term gives."""

    signed_on: date
    in_force_on: date | None = None
    ends_on: date | None = None
    agreed: frozenset[ObligationKind] | None = None
    second: bool = False
    proofs: tuple[Proof, ...] = ()
    last_module_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one obligation stands: met on a day, or missing with what the best proof lacks (nothing: there is none)."""

    kind: ObligationKind
    state: ObligationState
    on: date | None = None
    lacks: tuple[Lack, ...] = ()


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher that was given. `used_on`: the registration with the provider; `of` is 0 until the course is over."""

    issued_on: date
    used_on: date | None = None
    attended: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class NextVoucher:
    """The voucher that may be given: its number from 1, what a course costs with it, its last day."""

    number: int
    euros: int | None
    expires_on: date | None


# --- who may sign, and when it begins and ends ----------------------------------------------------------------------


def may_sign(profile: Profile, applicant: Applicant, on: date) -> bool:
    """Whether this person can sign or join on this day; what is not established bars nobody."""
    return not bars_to_sign(profile, applicant, on)


def bars_to_sign(profile: Profile, applicant: Applicant, on: date) -> tuple[SigningBar, ...]:
    """Everything that stands against it (RGD art. 2; fact sheet "who cannot sign"); the age counts on this day (K1)."""
    return tuple(_bars(profile, applicant, on))


def _bars(profile: Profile, applicant: Applicant, on: date) -> Iterable[SigningBar]:
    persons, age = profile.persons, age_on(applicant.born_on, on)
    if on < profile.valid_from:
        yield SigningBar.NOT_OPEN_YET
    elif not profile.open_on(on):
        yield SigningBar.NO_LONGER_OPEN
    if persons.least_age is not None and age < persons.least_age:
        yield SigningBar.TOO_YOUNG
    if persons.most_age is not None and age > persons.most_age:
        yield SigningBar.TOO_OLD
    if applicant.citizen_of & (persons.not_for_citizens_of or frozenset()):
        yield SigningBar.NATIONALITY
    if persons.connections and not applicant.connections & persons.connections:
        yield SigningBar.NO_CONNECTION
    if persons.durable and not applicant.stays:
        yield SigningBar.NOT_DURABLE
    if applicant.statuses & (persons.excluded or frozenset()):
        yield SigningBar.EXCLUDED
    if persons.session_months is not None:
        if applicant.session_on is None or applicant.session_on > on:
            yield SigningBar.NO_SESSION
        elif on > last_day(applicant.session_on, persons.session_months):
            yield SigningBar.SESSION_TOO_LONG_AGO


def in_force_on(profile: Profile, signed_on: date, begun: Iterable[Begun]) -> date | None:
    """The day on which it enters into force, or None while nothing has begun (RGD art. 4).

    Where the first measure opens it, only what counts for an obligation does: a conversation table opens nothing (K2).
    A course that had begun before the signature and goes on after it opens the contract on the day of the signature.
    """
    if profile.term.starts is not StartEvent.FIRST_MEASURE:
        return signed_on
    opening = profile.term.first_measures or frozenset()
    days = (
        max(one.on, signed_on)
        for one in begun
        if (one.last_on or one.on) >= signed_on and counts_as(profile, one.activity, one.convention) in opening
    )
    return min(days, default=None)


def ends_on(profile: Profile, in_force_on: date | None) -> date | None:
    """The last day of the term, itself included: 28 February 2022 for one that began on 29 February 2020.

    None: it has not begun, or there is no term.
    """
    if in_force_on is None or profile.term.months is None:
        return None
    return last_day(in_force_on, profile.term.months)


def extended_to(profile: Profile, in_force_on: date, months: int) -> date | None:
    """The last day with an extension of so many months, or None when the scheme does not allow that many."""
    most = profile.term.extension_months
    if profile.term.months is None or most is None or not 0 < months <= most:
        return None
    return last_day(in_force_on, profile.term.months + months)


def idle_end(profile: Profile, joined_on: date, last_module_on: date | None = None) -> date | None:
    """The last day of a membership that ends after so many months without a module; None where it never does."""
    if profile.term.idle_months is None:
        return None
    return last_day(max(joined_on, last_module_on or joined_on), profile.term.idle_months)


def end_of(profile: Profile, contract: Contract) -> date | None:
    """The last day of this contract as things stand: its own, that of its term, or that of its idle months."""
    if contract.in_force_on is None:
        return None
    days = (
        contract.ends_on or ends_on(profile, contract.in_force_on),
        idle_end(profile, contract.in_force_on, contract.last_module_on),
    )
    return min((day for day in days if day is not None), default=None)


def contract_state(profile: Profile, contract: Contract, on: date) -> ContractState:
    """Where it stands on this day: fulfilled once everything was done in time (RGD art. 22), ended when it was not."""
    if contract.in_force_on is None or on < contract.in_force_on:
        return ContractState.SIGNED
    if not obligations_missing(profile, contract):
        return ContractState.FULFILLED
    end = end_of(profile, contract)
    return ContractState.ENDED if end is not None and on > end else ContractState.IN_FORCE


def second_contract(
    profile: Profile, contract: Contract, on: date, *, legitimate_reason: bool
) -> frozenset[ObligationKind] | SecondContractBar:
    """What a second contract is about: only what is missing, when the term is over for a reason that the authority
    recognises (RGD art. 23). The texts know no third one."""
    if not profile.term.second_contract:
        return SecondContractBar.NOT_IN_THIS_SCHEME
    if contract.second:
        return SecondContractBar.IS_THE_SECOND
    missing = obligations_missing(profile, contract)
    if not missing:
        return SecondContractBar.NOTHING_MISSING
    end = end_of(profile, contract)
    if end is None or on <= end:
        return SecondContractBar.STILL_RUNNING
    return frozenset(missing) if legitimate_reason else SecondContractBar.NO_LEGITIMATE_REASON


# --- obligations ----------------------------------------------------------------------------------------------------


def counts_as(profile: Profile, activity: str, has_convention: bool) -> ObligationKind | None:
    """The obligation for which attendance of such an activity may be proposed; None: it is practice (K18)."""
    for rule in profile.counts:
        if rule.activity == activity and (has_convention or not rule.convention):
            return rule.obligation
    return None


def minimum_enrolment(profile: Profile, kind: ObligationKind = ObligationKind.CIVIC) -> int | None:
    """With how many enrolled a course takes place, else it is postponed (RGD art. 15(2)); None: no minimum known."""
    rule = profile.obligation(kind)
    return rule.least_enrolled if rule else None


def is_enough(percent: int | None, attended: int, of: int) -> bool:
    """Whether a share is reached, in whole numbers: 7 of 10 are 70 %, 69.9 % are not (K8)."""
    return percent is None or attended * 100 >= percent * of


def obligations(profile: Profile, contract: Contract) -> tuple[Standing, ...]:
    """How each obligation of this contract stands, in the order of the scheme."""
    return tuple(
        _standing(profile, contract, rule)
        for rule in profile.obligations
        if contract.agreed is None or rule.kind in contract.agreed
    )


def obligations_missing(profile: Profile, contract: Contract) -> tuple[ObligationKind, ...]:
    """What is still to be done."""
    return tuple(one.kind for one in obligations(profile, contract) if one.state is ObligationState.MISSING)


def _standing(profile: Profile, contract: Contract, rule: ObligationRule) -> Standing:
    proofs = sorted((proof for proof in contract.proofs if proof.kind is rule.kind), key=lambda proof: proof.on)
    found = [(lacks_of(profile, contract, rule, proof), proof) for proof in proofs]
    good = [proof for lacks, proof in found if not lacks]
    wanted = rule.courses or 1
    if len(good) >= wanted:
        return Standing(rule.kind, ObligationState.MET, good[wanted - 1].on)
    if good:
        return Standing(rule.kind, ObligationState.MISSING, lacks=(Lack.TOO_FEW_COURSES,))
    best = min((lacks for lacks, _ in found), key=len, default=())
    return Standing(rule.kind, ObligationState.MISSING, lacks=best)


def lacks_of(profile: Profile, contract: Contract, rule: ObligationRule, proof: Proof) -> tuple[Lack, ...]:
    """Which criteria of the rule this proof does not meet; each stands in a text of its own (K7)."""
    return tuple(_lacks(profile, contract, rule, proof))


def _lacks(profile: Profile, contract: Contract, rule: ObligationRule, proof: Proof) -> Iterable[Lack]:
    until = end_of(profile, contract)
    since = contract.in_force_on
    if since is None or proof.on < since or (until is not None and proof.on > until):
        yield Lack.OUTSIDE_THE_CONTRACT
    if rule.languages is not None and proof.language.split("-")[0] not in rule.languages:
        yield Lack.WRONG_LANGUAGE
    if rule.level is not None:
        if proof.level is None:
            yield Lack.LEVEL_NOT_SHOWN
        elif proof.level < rule.level:
            yield Lack.LEVEL_TOO_LOW
    share = (proof.minutes, proof.of_minutes) if proof.of_minutes else (proof.attended, proof.held)
    if not is_enough(rule.percent, *share) or (proof.held and not proof.attended):
        yield Lack.TOO_LITTLE_ATTENDED
    if rule.all_modules and proof.attended < proof.held:
        yield Lack.MODULE_MISSED
    if rule.least_minutes is not None and 0 < proof.of_minutes < rule.least_minutes:
        yield Lack.TOO_SHORT
    if rule.exam_percent is not None and (proof.exam_percent is None or proof.exam_percent < rule.exam_percent):
        yield Lack.EXAM_NOT_PASSED


# --- vouchers -------------------------------------------------------------------------------------------------------


def next_voucher(
    profile: Profile, given: Sequence[Voucher], on: date, *, runs_until: date | None = None
) -> NextVoucher | VoucherBar:
    """The next voucher, or why there is none (fact sheet, table): the first at signature, three at most, the next only
    after a course with 70 % of it attended. One that ran out unused is followed by none; a human may decide otherwise.
    `given` in the order in which they were given."""
    rule = profile.vouchers
    if rule is None:
        return VoucherBar.NO_VOUCHERS
    if runs_until is not None and on > runs_until:
        return VoucherBar.CONTRACT_OVER
    if rule.most is not None and len(given) >= rule.most:
        return VoucherBar.ALL_GIVEN
    if given:
        if not given[-1].of:
            return VoucherBar.COURSE_NOT_FINISHED
        if not is_enough(rule.next_from_percent, given[-1].attended, given[-1].of):
            return VoucherBar.TOO_LITTLE_ATTENDED
    return NextVoucher(len(given) + 1, rule.euros, voucher_expires_on(profile, on))


def voucher_expires_on(profile: Profile, issued_on: date) -> date | None:
    """The last day on which a voucher can be shown at a registration; every one has the same months (K9)."""
    months = profile.vouchers.months if profile.vouchers else None
    return None if months is None else last_day(issued_on, months)


def voucher_state(profile: Profile, voucher: Voucher, on: date) -> VoucherState:
    """Where a voucher stands on this day."""
    if voucher.used_on is not None:
        return VoucherState.USED
    expires_on = voucher_expires_on(profile, voucher.issued_on)
    return VoucherState.EXPIRED if expires_on is not None and on > expires_on else VoucherState.VALID


# --- priority -------------------------------------------------------------------------------------------------------


def priority_period(profile: Profile, contract: Contract) -> tuple[date, date | None] | None:
    """From when until when a signatory comes first (RGD art. 15(3); "en priorité" in document 002), both included;
    no end while none is known. None where the scheme puts nobody first."""
    if not profile.rights.first_in_line:
        return None
    return contract.signed_on, end_of(profile, contract)


def candidate_until(profile: Profile, session_on: date) -> date | None:
    """The last day on which one may sign without another information session (fact sheet, "attention")."""
    months = profile.persons.session_months
    return None if months is None else last_day(session_on, months)
