"""How long data may be kept: a profile and the days on which things happened in, what is due and when out.

One, three and ten years are three operations on two stores (K4 to K6): the candidate is deleted, the signatory is made
anonymous, and the separate file that certifies (RGD art. 26) is deleted by itself, with no key in common.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from commune_hub.schemes.periods import after_months
from commune_hub.schemes.profile import Profile, RetentionRule
from commune_hub.schemes.words import Anchor, Population, RetentionAction, RetentionConflict

# Ours, not the law's: where a scheme has no established rule.
ASSUMED_ANCHOR, ASSUMED_MONTHS, ASSUMED_ACTION = Anchor.LAST_ACTIVITY, 24, RetentionAction.DELETE


@dataclass(frozen=True, slots=True)
class Due:
    """What is done with the data, and the first day on which they must be gone. `assumed`: by our own rule, because the
    scheme has none. `conflict`: a human decides; `due_on` None: the event that starts the time is not known."""

    action: RetentionAction
    due_on: date | None
    rule: RetentionRule
    assumed: bool = False
    conflict: RetentionConflict | None = None

    def is_due(self, day: date) -> bool:
        """Whether the machine does it on this day; never while a human has to decide."""
        return self.conflict is None and self.due_on is not None and day >= self.due_on


def retention_rule(profile: Profile, population: Population) -> tuple[RetentionRule, bool]:
    """The rule for these data, and whether it is our assumption because the scheme has none."""
    for rule in profile.retention:
        if rule.population is population and rule.anchor is not None and rule.months is not None and rule.action:
            return rule, False
    return RetentionRule(population, ASSUMED_ANCHOR, ASSUMED_MONTHS, ASSUMED_ACTION), True


def retention(
    profile: Profile, population: Population, days: Mapping[Anchor, date | None], *, contract_running: bool = False
) -> Due:
    """What happens with the data of one person under one contract, and when (RGD art. 25(3) and 26).

    `days` are those on which the events happened; an event that happened again counts the last time (K4). While a
    contract of the person still runs, nothing is made anonymous: the conflict is shown to a human (K5).
    """
    rule, assumed = retention_rule(profile, population)
    anchored = days.get(rule.anchor) if rule.anchor else None
    due_on = after_months(anchored, rule.months) if anchored and rule.months is not None else None
    conflict = None
    if due_on is None:
        conflict = RetentionConflict.NO_ANCHOR
    elif contract_running:
        conflict = RetentionConflict.CONTRACT_RUNNING
    return Due(rule.action or ASSUMED_ACTION, due_on, rule, assumed, conflict)
