"""The rule of certificates: what was attended in, a certificate or the reason why not out. Rules only, no tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from commune_hub.events.law import LEAST_PERCENT
from commune_hub.events.words import (
    ActivityKind,
    AttendanceState,
    CertificateBar,
    CertificateBasis,
    IssuedBy,
)


@dataclass(frozen=True, slots=True)
class CertificateRule:
    """What an activity asks for: a share in per cent, all modules, so many minutes, or so many missed at most."""

    basis: CertificateBasis
    number: int = 0


# The share is that of the law (LANG-9, K8). All modules of the same course: CIV-4.
USUAL: dict[ActivityKind, CertificateRule] = {
    ActivityKind.CONVERSATION_TABLE: CertificateRule(CertificateBasis.HOURS, 60),
    ActivityKind.LANGUAGE_CAFE: CertificateRule(CertificateBasis.HOURS, 60),
    ActivityKind.COACHING: CertificateRule(CertificateBasis.HOURS, 60),
    ActivityKind.VOLUNTEER_COURSE: CertificateRule(CertificateBasis.SHARE, LEAST_PERCENT),
    ActivityKind.CONVENTIONED_COURSE: CertificateRule(CertificateBasis.SHARE, LEAST_PERCENT),
    ActivityKind.CIVIC_COURSE: CertificateRule(CertificateBasis.ALL_MODULES),
    ActivityKind.ORIENTATION_DAY: CertificateRule(CertificateBasis.ALL_MODULES),
    ActivityKind.VOLUNTEER_TRAINING: CertificateRule(CertificateBasis.ALL_MODULES),
    ActivityKind.EXCHANGE_DAY: CertificateRule(CertificateBasis.ALL_MODULES),
}

# Practice: the organiser, by itself. RGD art. 10 (provider), 16 (adult education), 20 (authority).
ISSUED_BY: dict[ActivityKind, IssuedBy] = {
    ActivityKind.CONVERSATION_TABLE: IssuedBy.ORGANISER,
    ActivityKind.LANGUAGE_CAFE: IssuedBy.ORGANISER,
    ActivityKind.COACHING: IssuedBy.ORGANISER,
    ActivityKind.VOLUNTEER_COURSE: IssuedBy.ORGANISER,
    ActivityKind.CONVENTIONED_COURSE: IssuedBy.PROVIDER,
    ActivityKind.CIVIC_COURSE: IssuedBy.ADULT_EDUCATION,
    ActivityKind.ORIENTATION_DAY: IssuedBy.AUTHORITY,
    ActivityKind.VOLUNTEER_TRAINING: IssuedBy.ORGANISER,
    ActivityKind.EXCHANGE_DAY: IssuedBy.ORGANISER,
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """One meeting as a person lived it. `minutes` is its length, 0 when it is not known."""

    minutes: int
    state: AttendanceState
    replaced: bool = False
    over: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the rule is met; minutes and meetings attended, out of those that took place."""

    met: bool
    bar: CertificateBar | None
    minutes: int
    of_minutes: int
    attended: int
    held: int


def verdict(rule: CertificateRule, lessons: Sequence[Lesson]) -> Verdict:
    """What a person's attendance comes to.

    Excused counts as absent, an unknown attendance blocks. A meeting that the organiser cancelled counts neither
    way, but a cancelled module of a course must be held again first (RGD art. 14, CIV-4). A share is reckoned in
    minutes, or in meetings when the length of one is not known (K8); exactly the share is enough.
    """
    held = [lesson for lesson in lessons if lesson.state is not AttendanceState.CANCELLED_BY_ORGANISER]
    present = [lesson for lesson in held if lesson.state is AttendanceState.PRESENT]
    bar = _bar(rule, lessons, held)
    if bar is None and not _enough(rule, held, present):
        bar = CertificateBar.TOO_LITTLE
    return Verdict(
        met=bar is None,
        bar=bar,
        minutes=sum(lesson.minutes for lesson in present),
        of_minutes=sum(lesson.minutes for lesson in held),
        attended=len(present),
        held=len(held),
    )


def _bar(rule: CertificateRule, lessons: Sequence[Lesson], held: Sequence[Lesson]) -> CertificateBar | None:
    if not held:
        return CertificateBar.NOTHING_HELD
    cancelled = (lesson for lesson in lessons if lesson.state is AttendanceState.CANCELLED_BY_ORGANISER)
    if rule.basis is CertificateBasis.ALL_MODULES and not all(lesson.replaced for lesson in cancelled):
        return CertificateBar.MODULE_NOT_REPLACED
    if rule.basis is CertificateBasis.HOURS:
        return None
    if not all(lesson.over for lesson in held):
        return CertificateBar.NOT_OVER
    if any(lesson.state is AttendanceState.UNKNOWN for lesson in held):
        return CertificateBar.UNKNOWN_ATTENDANCE
    return None


def _enough(rule: CertificateRule, held: Sequence[Lesson], present: Sequence[Lesson]) -> bool:
    match rule.basis:
        case CertificateBasis.ALL_MODULES:
            return len(present) == len(held)
        case CertificateBasis.HOURS:
            return sum(lesson.minutes for lesson in present) >= rule.number
        case CertificateBasis.MOST_MISSED:
            return len(held) - len(present) <= rule.number
        case CertificateBasis.SHARE:
            measured = all(lesson.minutes for lesson in held)
            total = sum(lesson.minutes for lesson in held) if measured else len(held)
            attended = sum(lesson.minutes for lesson in present) if measured else len(present)
            # Whole numbers: 69.9 % is not 70 %.
            return attended * 100 >= rule.number * total
