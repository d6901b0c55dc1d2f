"""The numbers of the law that courses go by: those of the CAI, whose courses go on; the pact has not set its own."""

from commune_hub.schemes.loading import profile_named
from commune_hub.schemes.profile import ObligationRule
from commune_hub.schemes.rules import minimum_enrolment
from commune_hub.schemes.words import ObligationKind, SchemeId

CAI = profile_named(SchemeId.LU_CAI)


def _rule(kind: ObligationKind) -> ObligationRule:
    rule = CAI.obligation(kind)
    return rule if rule is not None else ObligationRule(kind)


# So many enrolled, or a civic course is postponed (RGD art. 15(2)).
LEAST_ENROLLED = minimum_enrolment(CAI, ObligationKind.CIVIC)
# At least six hours: RGD art. 14. In two or three sessions: fact sheet, which is a usage only (K12).
LEAST_MINUTES = _rule(ObligationKind.CIVIC).least_minutes or 0
USUAL_MODULES = _rule(ObligationKind.CIVIC).usual_sessions or ()
# The share of a language course that must be attended: fact sheet (LANG-9, K8).
LEAST_PERCENT = _rule(ObligationKind.LANGUAGE).percent or 0
# At least twice a year: RGD art. 19.
ORIENTATION_DAYS_A_YEAR = _rule(ObligationKind.ORIENTATION_DAY).least_a_year or 0
