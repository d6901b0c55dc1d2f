"""What counts for an obligation and when it is met (LANG, CIV, ORI, LOC, PROV); the ids are those of docs/law.md."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.events.certification import ISSUED_BY, USUAL, CertificateRule, Lesson, verdict
from commune_hub.events.courses import Module, bar_to_publish, decision, too_few_orientation_days, warnings_of
from commune_hub.events.rules import KINDS, Claim, may_count, place_in_queue
from commune_hub.events.words import (
    SIGNED_BY,
    ActivityKind,
    AttendanceChannel,
    AttendanceState,
    CertificateBasis,
    CountsFor,
    CourseContent,
    CourseRefusal,
    CourseState,
    CourseWarning,
    IssuedBy,
    PriorityRule,
    RegistrationBy,
    SignupMode,
)
from commune_hub.schemes.loading import profiles
from commune_hub.schemes.profile import Profile
from commune_hub.schemes.rules import (
    NextVoucher,
    Standing,
    Voucher,
    counts_as,
    is_enough,
    minimum_enrolment,
    next_voucher,
    obligations,
    obligations_missing,
    voucher_expires_on,
    voucher_state,
)
from commune_hub.schemes.words import (
    CefrLevel,
    CertifiedBy,
    Lack,
    ObligationKind,
    ObligationState,
    VoucherBar,
    VoucherState,
)
from tests.schemes.a_contract import BEGUN, CAI, CIR_2019, CIR_2026, LAST, PAKT, SIGNED, a_contract, a_proof

PRACTICE = ("conversation_table", "language_cafe", "coaching", "volunteer_course", "volunteer_training", "exchange_day")
LANGUAGE, CIVIC, ORIENTATION = ObligationKind.LANGUAGE, ObligationKind.CIVIC, ObligationKind.ORIENTATION_DAY


def lacks(kind: ObligationKind, profile: Profile = CAI, **given: object) -> tuple[Lack, ...]:
    """What the one proof lacks; empty when it meets the obligation."""
    contract = a_contract(a_proof(kind, **given))
    (standing,) = (one for one in obligations(profile, contract) if one.kind is kind)
    assert (standing.state is ObligationState.MET) == (not standing.lacks)
    return standing.lacks


# --- language -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("convention", "counts"), [(True, LANGUAGE), (False, None)])
def test_LANG_1_a_language_course_counts_with_its_convention_only(
    convention: bool, counts: ObligationKind | None
) -> None:
    assert counts_as(CAI, "conventioned_course", convention) is counts


@pytest.mark.parametrize(
    ("level", "lack"),
    [
        (CefrLevel.A1_1, ()),
        (CefrLevel.A1, ()),
        (CefrLevel.C2, ()),
        (None, (Lack.LEVEL_NOT_SHOWN,)),
    ],
)
def test_LANG_2_the_level_is_a1_1_at_least(level: CefrLevel | None, lack: tuple[Lack, ...]) -> None:
    assert lacks(LANGUAGE, level=level) == lack


def test_LANG_2_the_pact_asks_for_a1_and_not_only_a1_1() -> None:
    assert lacks(LANGUAGE, PAKT, level=CefrLevel.A1_2) == (Lack.LEVEL_TOO_LOW,)
    assert lacks(LANGUAGE, PAKT, level=CefrLevel.A1) == ()


@pytest.mark.parametrize("language", ["lb", "fr", "de", "de-LU"])
def test_LANG_3_who_has_a_level_deepens_it_or_takes_another_of_the_three(language: str) -> None:
    assert lacks(LANGUAGE, language=language, level=CefrLevel.B1) == ()


def test_LANG_5_the_certificate_of_the_provider_stands_for_an_attendance_in_no_numbers() -> None:
    assert lacks(LANGUAGE, minutes=0, of_minutes=0, attended=0, held=0) == ()


def test_LANG_5_there_is_no_obligation_met_without_a_certificate() -> None:
    assert obligations(CAI, a_contract())[0] == Standing(LANGUAGE, ObligationState.MISSING)


def test_LANG_6_a_course_costs_ten_euros_with_the_voucher() -> None:
    assert next_voucher(CAI, [], SIGNED) == NextVoucher(1, 10, date(2021, 10, 11))


def test_LANG_7_one_course_is_needed_and_three_vouchers_are_the_most() -> None:
    passed = Voucher(SIGNED, SIGNED, attended=7, of=10)

    assert LANGUAGE not in obligations_missing(CAI, a_contract(a_proof()))
    assert next_voucher(CAI, [passed, passed], BEGUN) == NextVoucher(3, 10, date(2022, 3, 19))
    assert next_voucher(CAI, [passed, passed, passed], BEGUN) is VoucherBar.ALL_GIVEN


@pytest.mark.parametrize(
    ("issued_on", "last"),
    [
        (date(2021, 4, 12), date(2021, 10, 11)),
        (date(2021, 8, 31), date(2022, 2, 28)),
        (date(2023, 8, 31), date(2024, 2, 29)),
        (date(2023, 8, 30), date(2024, 2, 29)),
        (date(2023, 12, 31), date(2024, 6, 30)),
    ],
)
def test_LANG_8_and_K9_every_voucher_is_valid_for_six_months(issued_on: date, last: date) -> None:
    voucher = Voucher(issued_on)

    assert voucher_expires_on(CAI, issued_on) == last
    assert voucher_state(CAI, voucher, last) is VoucherState.VALID
    assert voucher_state(CAI, voucher, date.fromordinal(last.toordinal() + 1)) is VoucherState.EXPIRED


def test_LANG_10_and_K9_a_voucher_is_used_when_one_registers_with_the_provider_and_may_run_out_then() -> None:
    assert voucher_state(CAI, Voucher(SIGNED, used_on=date(2021, 10, 11)), LAST) is VoucherState.USED


@pytest.mark.parametrize(
    ("attended", "of", "answer"),
    [
        (0, 0, VoucherBar.COURSE_NOT_FINISHED),
        (7, 10, NextVoucher(2, 10, date(2022, 3, 19))),
        (699, 1000, VoucherBar.TOO_LITTLE_ATTENDED),
        (0, 10, VoucherBar.TOO_LITTLE_ATTENDED),
    ],
)
def test_LANG_9_the_next_voucher_comes_after_a_course_of_which_70_percent_was_attended(
    attended: int, of: int, answer: NextVoucher | VoucherBar
) -> None:
    assert next_voucher(CAI, [Voucher(SIGNED, SIGNED, attended, of)], BEGUN) == answer


def test_LANG_9_no_voucher_after_the_contract_and_none_where_courses_are_free() -> None:
    assert next_voucher(CAI, [], date(2023, 9, 20), runs_until=LAST) is VoucherBar.CONTRACT_OVER
    assert isinstance(next_voucher(CAI, [], LAST, runs_until=LAST), NextVoucher)
    assert next_voucher(PAKT, [], BEGUN) is VoucherBar.NO_VOUCHERS


@pytest.mark.parametrize("language", ["pt", "en", ""])
def test_LANG_13_the_three_languages_of_the_administration(language: str) -> None:
    assert lacks(LANGUAGE, language=language) == (Lack.WRONG_LANGUAGE,)


def test_K7_level_and_attendance_are_two_criteria_each_with_its_source() -> None:
    assert lacks(LANGUAGE, level=None, minutes=100, of_minutes=600) == (
        Lack.LEVEL_NOT_SHOWN, Lack.TOO_LITTLE_ATTENDED
    )  # fmt: skip
    assert (CAI.grounds["language.level"].sources, CAI.grounds["language.percent"].sources) == (
        ("RGD art. 7",), ("FS-FR tableau", "FS-EN table")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("share", "enough"),
    [
        ({"minutes": 0, "of_minutes": 0, "attended": 7, "held": 10}, True),
        ({"minutes": 0, "of_minutes": 0, "attended": 6, "held": 10}, False),
        ({"minutes": 699, "of_minutes": 1000, "attended": 10, "held": 10}, False),
        ({"minutes": 700, "of_minutes": 1000, "attended": 1, "held": 10}, True),
    ],
)
def test_K8_seventy_percent_of_the_minutes_or_of_the_meetings(share: dict[str, int], enough: bool) -> None:
    assert lacks(LANGUAGE, **share) == (() if enough else (Lack.TOO_LITTLE_ATTENDED,))


@given(st.integers(0, 100), st.integers(0, 3000), st.integers(0, 3000))
def test_K8_a_share_is_reckoned_without_rounding(percent: int, attended: int, of: int) -> None:
    reached = not of or Fraction(attended, of) >= Fraction(percent, 100)

    assert is_enough(percent, attended, of) is reached


# --- civic course ---------------------------------------------------------------------------------------------------


def test_CIV_1_and_ORI_2_the_civic_course_and_the_orientation_day_are_free() -> None:
    assert [rule.free for rule in CAI.obligations if rule.kind is not LANGUAGE] == [True, True]


@pytest.mark.parametrize(("minutes", "bar"), [(360, None), (359, CourseRefusal.TOO_SHORT)])
def test_CIV_3_a_civic_course_of_less_than_six_hours_is_not_announced(minutes: int, bar: CourseRefusal | None) -> None:
    modules = [Module(180), Module(minutes - 180)]

    assert bar_to_publish(modules, kind=ActivityKind.CIVIC_COURSE, signup=SignupMode.WHOLE_COURSE) is bar
    assert lacks(CIVIC, minutes=minutes, of_minutes=minutes) == (() if bar is None else (Lack.TOO_SHORT,))


@pytest.mark.parametrize(("sessions", "unusual"), [(1, True), (2, False), (3, False), (4, True)])
def test_K12_two_or_three_sessions_are_a_usage_of_which_is_warned_only(sessions: int, unusual: bool) -> None:
    modules = [Module(360 // sessions)] * sessions

    warned = warnings_of(
        modules, kind=ActivityKind.CIVIC_COURSE, signup=SignupMode.WHOLE_COURSE, languages=["fr"], handbook="here"
    )

    assert warned == ([CourseWarning.UNUSUAL_NUMBER] if unusual else [])
    assert bar_to_publish(modules, kind=ActivityKind.CIVIC_COURSE, signup=SignupMode.WHOLE_COURSE) is None


def test_CIV_4_all_modules_of_the_same_course() -> None:
    present, absent = Lesson(180, AttendanceState.PRESENT), Lesson(180, AttendanceState.ABSENT)
    rule = USUAL[ActivityKind.CIVIC_COURSE]

    assert [verdict(rule, lessons).met for lessons in ([present, present], [present, absent])] == [True, False]
    assert lacks(CIVIC, attended=1, held=2) == (Lack.MODULE_MISSED,)
    # Two halves of two courses are no course.
    assert CIVIC in obligations_missing(CAI, a_contract(*[a_proof(CIVIC, attended=1, held=2)] * 2))


@pytest.mark.parametrize("languages", [["pt"], ["zh", "es"], ["bs"]])
def test_CIV_5_and_K10_any_language_that_is_named(languages: list[str]) -> None:
    def warned(named: list[str]) -> list[CourseWarning]:
        return warnings_of(
            [Module(180)] * 2, kind=ActivityKind.CIVIC_COURSE, signup=SignupMode.WHOLE_COURSE, languages=named,
            handbook="here",
        )  # fmt: skip

    assert (warned(languages), warned([])) == ([], [CourseWarning.NO_LANGUAGE])
    assert lacks(CIVIC, language=languages[0]) == ()


@pytest.mark.parametrize(("enrolled", "state"), [(14, CourseState.POSTPONED), (15, CourseState.CONFIRMED)])
def test_CIV_6_with_fifteen_enrolled_it_takes_place(enrolled: int, state: CourseState) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    minimum = KINDS[ActivityKind.CIVIC_COURSE].minimum

    assert minimum == minimum_enrolment(CAI) == 15
    assert decision(enrolled, minimum, now, now) is state


def test_CIV_6_where_no_minimum_is_established_none_is_asked_for() -> None:
    assert [minimum_enrolment(profile) for profile in (PAKT, CIR_2019, CIR_2026)] == [None] * 3


def test_CIV_7_open_to_everybody_and_signatories_come_first() -> None:
    early, late = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    civic = CAI.obligation(CIVIC)

    assert civic is not None and civic.open_to_all
    assert KINDS[ActivityKind.CIVIC_COURSE].priority is PriorityRule.RESERVED
    assert place_in_queue(Claim(late, signatory=True), False) < place_in_queue(Claim(early), False)


def test_CIV_8_and_K11_each_offer_says_with_whom_one_enrols() -> None:
    assert set(RegistrationBy) == {"hub", "provider", "authority", "commune"}


def test_CIV_10_every_session_is_signed_for_and_a_tick_by_staff_is_no_signature() -> None:
    assert AttendanceChannel.STAFF not in SIGNED_BY
    assert set(AttendanceChannel) - SIGNED_BY == {AttendanceChannel.STAFF}


@pytest.mark.parametrize(
    ("kind", "obligation", "issuer"),
    [
        (ActivityKind.CONVENTIONED_COURSE, LANGUAGE, IssuedBy.PROVIDER),
        (ActivityKind.CIVIC_COURSE, CIVIC, IssuedBy.ADULT_EDUCATION),
        (ActivityKind.ORIENTATION_DAY, ORIENTATION, IssuedBy.AUTHORITY),
    ],
)
def test_CIV_11_ORI_6_PROV_3_and_PROV_5_who_certifies(
    kind: ActivityKind, obligation: ObligationKind, issuer: IssuedBy
) -> None:
    rule = CAI.obligation(obligation)

    assert rule is not None and rule.certified_by is CertifiedBy(issuer)
    assert (ISSUED_BY[kind], counts_as(CAI, kind, True)) == (issuer, obligation)


def test_CIV_12_the_five_subjects_of_the_sheet_are_asked_for() -> None:
    warned = warnings_of(
        [Module(180)] * 2, kind=ActivityKind.CIVIC_COURSE, signup=SignupMode.WHOLE_COURSE, languages=["fr"],
        contents=list(CourseContent)[:4], handbook="here",
    )  # fmt: skip

    assert (len(CourseContent), warned) == (5, [CourseWarning.CONTENTS_MISSING])


# --- orientation day ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "too_few"),
    [
        ([], True),
        ([date(2026, 5, 9)], True),
        ([date(2026, 5, 9), date(2027, 11, 7)], True),
        ([date(2026, 5, 9), date(2026, 11, 7)], False),
    ],
)
def test_ORI_1_at_least_two_a_year(days: list[date], too_few: bool) -> None:
    assert too_few_orientation_days(days, 2026) is too_few


def test_ORI_3_and_ORI_4_half_a_day_by_personal_invitation_for_signatories() -> None:
    kind, rule = KINDS[ActivityKind.ORIENTATION_DAY], CAI.obligation(ORIENTATION)

    assert (kind.signup, kind.priority) == (SignupMode.INVITATION, PriorityRule.SIGNATORIES_ONLY)
    assert kind.duration.total_seconds() == 4.5 * 3600
    assert rule is not None and rule.open_to_all is False


def test_ORI_6_who_was_not_there_has_met_nothing() -> None:
    assert lacks(ORIENTATION, minutes=0, of_minutes=0, attended=0, held=1) == (Lack.TOO_LITTLE_ATTENDED,)
    assert lacks(ORIENTATION, minutes=0, of_minutes=0, attended=1, held=1) == ()


def test_K14_who_may_come_is_a_matter_of_the_scheme() -> None:
    told = {
        profile.id: rule.open_to_all
        for profile in profiles().values()
        if (rule := profile.obligation(ORIENTATION)) is not None
    }

    assert told == {"LU-CAI": False, "LU-BIERGERPAKT": None}


# --- practice -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", profiles().values(), ids=lambda profile: profile.id)
@pytest.mark.parametrize("activity", PRACTICE)
def test_LOC_4_and_K18_practice_is_never_an_obligation_met(profile: Profile, activity: str) -> None:
    assert counts_as(profile, activity, has_convention=True) is None


def test_K18_activities_say_the_same_as_the_scheme() -> None:
    for kind, rule in KINDS.items():
        assert may_count(kind, "CONV-1") is (rule.counts_for is not CountsFor.NOTHING)
        assert may_count(kind, "CONV-1") is (counts_as(CAI, kind, True) is not None)
    assert not may_count(ActivityKind.CONVENTIONED_COURSE, "  ")


def test_LOC_8_signatories_first_at_practice_too() -> None:
    practice = (ActivityKind.CONVERSATION_TABLE, ActivityKind.VOLUNTEER_COURSE)

    assert {KINDS[kind].priority for kind in practice} == {PriorityRule.QUEUE_ONLY}


def test_K17_practice_in_any_language_but_only_three_meet_the_obligation() -> None:
    rule = CAI.obligation(LANGUAGE)

    assert rule is not None and rule.languages == ("lb", "fr", "de")
    assert lacks(CIVIC, language="sgg") == ()


# --- the other schemes ----------------------------------------------------------------------------------------------


def test_the_pact_counts_what_was_certified_during_the_membership() -> None:
    joined = date(2024, 6, 1)
    member = {"signed_on": joined, "in_force_on": joined, "last_module_on": date(2025, 1, 11)}

    before = a_contract(a_proof(level=CefrLevel.A1, on=date(2024, 5, 31)), **member)
    during = a_contract(a_proof(level=CefrLevel.A1, on=date(2025, 1, 11)), **member)

    assert (LANGUAGE in obligations_missing(PAKT, before), LANGUAGE in obligations_missing(PAKT, during)) == (
        True, False
    )  # fmt: skip


@pytest.mark.parametrize(
    ("percent", "lack"), [(80, ()), (79, (Lack.EXAM_NOT_PASSED,)), (None, (Lack.EXAM_NOT_PASSED,))]
)
def test_france_asks_for_an_exam_since_2026(percent: int | None, lack: tuple[Lack, ...]) -> None:
    assert lacks(CIVIC, CIR_2026, minutes=1440, of_minutes=1440, exam_percent=percent) == lack
    assert lacks(CIVIC, CIR_2019, minutes=1440, of_minutes=1440) == ()


def test_a_certificate_asks_for_the_same_share_as_the_scheme() -> None:
    assert USUAL[ActivityKind.CONVENTIONED_COURSE] == CertificateRule(CertificateBasis.SHARE, 70)
