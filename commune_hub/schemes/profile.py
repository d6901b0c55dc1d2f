"""A scheme as data: what a file in profiles/ says, with the ground on which each value stands.

A value of None means that there is no such rule or that it is not established; `Profile.grounds` tells which.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from commune_hub.schemes.words import (
    Anchor,
    Benefit,
    CefrLevel,
    CertifiedBy,
    Connection,
    Nature,
    ObligationKind,
    Population,
    Reliability,
    RetentionAction,
    StartEvent,
    Status,
)

# A text by interface language; "en" is always there.
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A document that rules come from. `title` is its own and is not translated."""

    title: str
    reliability: Reliability
    link: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a value is as it is: places in sources ("RGD art. 4"), whether it is established, a note for readers."""

    sources: tuple[str, ...] = ()
    established: bool = True
    note: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Authority:
    """Who answers for a scheme, from when until when (K16)."""

    name: str
    valid_from: date
    valid_to: date | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Persons:
    """Who may sign or join, of their own will. `session_months`: so long an information session opens the way."""

    voluntary: bool | None = None
    least_age: int | None = None
    most_age: int | None = None
    not_for_citizens_of: frozenset[str] | None = None
    connections: frozenset[Connection] | None = None
    durable: bool | None = None
    excluded: frozenset[Status] | None = None
    session_months: int | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """How long: what it starts with, its months, the months without a module after which it ends, by how much it can
    be extended, and whether a second contract for what is missing can follow."""

    starts: StartEvent | None = None
    first_measures: frozenset[ObligationKind] | None = None
    months: int | None = None
    idle_months: int | None = None
    extension_months: int | None = None
    second_contract: bool | None = None


@dataclass(frozen=True, slots=True)
class ObligationRule:
    """One thing to do. Each field that is set is a criterion of its own (K7); `least_enrolled` and `least_a_year` bind
    the organiser, `usual_sessions` is a usage (K12)."""

    kind: ObligationKind
    compulsory: bool | None = None
    level: CefrLevel | None = None
    languages: tuple[str, ...] | None = None
    courses: int | None = None
    percent: int | None = None
    all_modules: bool | None = None
    least_minutes: int | None = None
    usual_sessions: tuple[int, ...] | None = None
    most_hours: int | None = None
    least_enrolled: int | None = None
    least_a_year: int | None = None
    exam_questions: int | None = None
    exam_minutes: int | None = None
    exam_percent: int | None = None
    free: bool | None = None
    open_to_all: bool | None = None
    certified_by: CertifiedBy | None = None


@dataclass(frozen=True, slots=True)
class VoucherRule:
    """Vouchers for language courses: what a course costs with one, how many, how long each is valid, and the share of
    the course before that must be attended for the next."""

    euros: int | None = None
    most: int | None = None
    months: int | None = None
    next_from_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """What comes with it. `first_in_line`: signatories come before others. A benefit is never a promise (K15)."""

    first_in_line: bool | None = None
    benefits: frozenset[Benefit] | None = None


@dataclass(frozen=True, slots=True)
class CountsRule:
    """What attendance of a kind of activity may be proposed for; `convention`: only where it has one (K18)."""

    activity: str
    obligation: ObligationKind
    convention: bool = False


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long whose data are kept, from which event on, and what is done then. None: not established."""

    population: Population
    anchor: Anchor | None = None
    months: int | None = None
    action: RetentionAction | None = None


@dataclass(frozen=True, slots=True)
class Saying:
    """A rule without a number that the machine goes by: what people should read, in the chapter `about` it."""

    about: Literal["persons", "term", "language", "civic", "orientation_day", "vouchers", "rights", "retention"]
    says: Texts
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """A scheme within its dates of signature. Two versions of a scheme are two profiles: FR-CIR-2019, FR-CIR-2026.

    `in_use`: this installation offers it; the others are only shown. `grounds` is keyed like the file: "term.months",
    "civic.least_enrolled", "counts.civic_course", "retention.signatories".
    """

    id: str
    scheme: str
    country: str
    nature: Nature
    in_use: bool
    short_name: str
    name: Texts
    valid_from: date
    valid_to: date | None
    persons: Persons
    term: Term
    obligations: tuple[ObligationRule, ...]
    vouchers: VoucherRule | None
    rights: Rights
    counts: tuple[CountsRule, ...]
    retention: tuple[RetentionRule, ...]
    authorities: tuple[Authority, ...]
    sources: Mapping[str, Source]
    grounds: Mapping[str, Ground]
    also: tuple[Saying, ...] = ()
    contradictions: tuple[Texts, ...] = ()

    def obligation(self, kind: ObligationKind) -> ObligationRule | None:
        """The rule of this kind, or None when the scheme does not ask for it."""
        return next((rule for rule in self.obligations if rule.kind is kind), None)

    def open_on(self, day: date) -> bool:
        """Whether it can be signed or joined on this day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def authority_on(self, day: date) -> Authority | None:
        """Who answers for it on this day."""
        return next(
            (
                one
                for one in self.authorities
                if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)
            ),
            None,
        )

    @property
    def reliable(self) -> bool:
        """Whether it stands on something better than a source that is known to be wrong."""
        return any(source.reliability is not Reliability.UNRELIABLE for source in self.sources.values())
