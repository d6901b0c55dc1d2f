"""The record keeps in rows what commune_hub/schemes reckons from facts: over any history both say the same."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from commune_hub.schemes import rules
from commune_hub.schemes.loading import profile_named
from commune_hub.schemes.words import CefrLevel, ObligationKind
from national_record.actions import attestations, contracts
from tests.national_record.factories import SIGNED_ON, a_client, a_contract, an_agent, an_attestation

CAI = profile_named("LU-CAI")
ACTIVITIES = {
    "conventioned_course": "language", "civic_course": "civic", "orientation_day": "orientation_day",
    "conversation_table": "practice",
}  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_CONT_2_beginning_end_and_state_are_those_of_the_law(session: Session, now: datetime, seed: int) -> None:
    dice = Random(seed)
    contract, by = a_contract(session), an_agent(session)
    client = a_client(session, contract)
    begun, proofs = [], []
    for activity in dice.sample(list(ACTIVITIES), dice.randint(1, 4)):
        first_on = SIGNED_ON + timedelta(days=dice.randint(-40, 300))
        last_on = max(first_on, SIGNED_ON) + timedelta(days=dice.randint(0, 200))
        language = {"language": "fr", "level": "A1.1"} if activity == "conventioned_course" else {}
        sent = an_attestation(
            session, contract, client=client, now=now, activity_kind=activity, counts_for=ACTIVITIES[activity],
            first_on=first_on, last_on=last_on, **language,
        )  # fmt: skip
        attestations.validate(session, attestation=sent, by=by, now=now)
        begun.append(rules.Begun(activity, first_on, convention=True, last_on=last_on))
        if activity != "conversation_table":
            kind = ObligationKind(ACTIVITIES[activity])
            proofs.append(rules.Proof(kind, last_on, "fr", CefrLevel.A1_1, minutes=360, of_minutes=360))
    today = date(2026, 11, 22)

    contracts.close_what_is_over(session, today=today, now=now)

    begins = rules.in_force_on(CAI, SIGNED_ON, begun)
    facts = rules.Contract(SIGNED_ON, in_force_on=begins, proofs=tuple(proofs))
    assert (contract.in_force_on, contract.ends_on) == (begins, rules.ends_on(CAI, begins))
    assert set(contract.missing) == set(rules.obligations_missing(CAI, facts))
    assert contract.state == rules.contract_state(CAI, facts, today)
