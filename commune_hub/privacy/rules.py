"""Whose time is over: facts about one person in, what is to be done and when out. Days only, no clock."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from commune_hub.privacy.words import CaseReason
from commune_hub.schemes.keeping import ASSUMED_ACTION, ASSUMED_MONTHS, Due, retention
from commune_hub.schemes.periods import after_months
from commune_hub.schemes.profile import Profile
from commune_hub.schemes.words import Anchor, ContractState, Population, RetentionAction

MERGE_DAYS = 30

ProfileFor = Callable[[str, date], Profile | None]


@dataclass(frozen=True, slots=True)
class HeldContract:
    """A contract as the hub knows it: the link's scheme, state and dates."""

    scheme: str
    state: str
    linked_on: date
    signed_on: date | None = None
    in_force_on: date | None = None
    ends_on: date | None = None

    def runs(self, day: date) -> bool:
        """Whether it is still running on this day."""
        return self.state in (ContractState.SIGNED, ContractState.IN_FORCE) and (
            self.ends_on is None or self.ends_on >= day
        )


@dataclass(frozen=True, slots=True)
class Life:
    """What decides how long somebody's data stay: the day of the last activity, contracts, what is still going on."""

    last_active_on: date
    contracts: tuple[HeldContract, ...] = ()
    seat_ahead: bool = False
    helps: bool = False
    works_here: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens to somebody's data and on which day. `case`: something speaks against it, a human decides.
    `assumed`: by our own rule, because the scheme has none (24 months after the last activity)."""

    action: RetentionAction
    due_on: date
    assumed: bool
    case: CaseReason | None = None


def verdict(life: Life, profile_for: ProfileFor, day: date) -> Verdict | None:
    """What is due for somebody; None for whoever works here, whose account comes first.

    With contracts their scheme's rule holds, for several the one that lets the data stay longest (K5: the clock runs
    per contract). Without one, and for a scheme without a rule, our assumption does.
    """
    if life.works_here:
        return None
    dues = [_due(contract, life, profile_for, day) for contract in life.contracts]
    known = [(due.due_on, due) for due in dues if due is not None and due.due_on is not None]
    assumed_on = after_months(life.last_active_on, ASSUMED_MONTHS)
    if len(known) < len(life.contracts):
        # The record told no signature: after our own time a human looks at it, and nobody is forgotten.
        return Verdict(RetentionAction.ANONYMISE, assumed_on, True, CaseReason.NO_ANCHOR)
    if not known:
        return Verdict(ASSUMED_ACTION, assumed_on, True, _against(life, day))
    due_on, due = max(known, key=lambda one: one[0])
    return Verdict(due.action, due_on, due.assumed, _against(life, day))


def _due(contract: HeldContract, life: Life, profile_for: ProfileFor, day: date) -> Due | None:
    profile = profile_for(contract.scheme, contract.signed_on or contract.linked_on)
    if profile is None:
        return None
    days = {
        Anchor.SIGNATURE: contract.signed_on,
        Anchor.CONTRACT_END: contract.ends_on,
        Anchor.LAST_ACTIVITY: life.last_active_on,
    }
    return retention(profile, Population.SIGNATORIES, days, contract_running=contract.runs(day))


def _against(life: Life, day: date) -> CaseReason | None:
    """What a human has to weigh before anything goes (PROMISES.md, K5)."""
    if any(contract.runs(day) for contract in life.contracts):
        return CaseReason.CONTRACT_RUNNING
    if life.seat_ahead:
        return CaseReason.SEAT_AHEAD
    return CaseReason.STILL_HELPS if life.helps else None


def is_due(found: Verdict, day: date) -> bool:
    """Whether the day has come: on the day itself, never before."""
    return day >= found.due_on


def latest(moments: Iterable[date | None]) -> date:
    """The last of these days; at least one is known."""
    return max(moment for moment in moments if moment is not None)
