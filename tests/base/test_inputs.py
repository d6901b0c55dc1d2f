"""Reading forms: a code per field, nothing lost, nothing smuggled in."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from commune_hub.base.errors import InputCode, Invalid
from commune_hub.events.inputs import ActivityDraft, SignupDraft, VenueDraft

GOOD = {
    "kind": "conversation_table",
    "languages": "lb",
    "starts": "18:30",
    "ends": "20:00",
    "first_on": "2026-10-06",
    "last_on": "2026-12-15",
    "rrule": "FREQ=WEEKLY;BYDAY=TU",
}


def problems(form: dict[str, Any]) -> dict[str, tuple[InputCode, ...]]:
    with pytest.raises(Invalid) as invalid:
        ActivityDraft.parse(MultiDict(form))
    return invalid.value.problems


def test_eight_fields_are_enough_for_the_common_case() -> None:
    draft = ActivityDraft.parse(MultiDict(GOOD))

    assert (draft.starts, draft.first_on, draft.languages, draft.minutes) == (
        time(18, 30),
        date(2026, 10, 6),
        ("lb",),
        90,
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kind": "dance"}, {"kind": (InputCode.NOT_A_CHOICE,)}),
        ({"starts": "half past six"}, {"starts": (InputCode.NOT_A_TIME,)}),
        ({"first_on": "6.10.2026"}, {"first_on": (InputCode.NOT_A_DATE,)}),
        ({"last_on": "2026-10-01"}, {"last_on": (InputCode.END_BEFORE_START,)}),
        ({"last_on": "2028-10-01"}, {"last_on": (InputCode.SEASON_TOO_LONG,)}),
        ({"rrule": "FREQ=SECONDLY"}, {"rrule": (InputCode.NOT_A_RULE,)}),
        ({"capacity": "many"}, {"capacity": (InputCode.NOT_A_NUMBER,)}),
        ({"capacity": "0"}, {"capacity": (InputCode.TOO_SMALL,)}),
        ({"capacity": "99999"}, {"capacity": (InputCode.TOO_LARGE,)}),
        ({"hosts": "x" * 5000}, {"hosts": (InputCode.TOO_LONG,)}),
        ({"hosts": "Jos\0e"}, {"hosts": (InputCode.CONTROL_CHARACTERS,)}),
        ({"online_url": "javascript:alert(1)"}, {"online_url": (InputCode.NOT_A_LINK,)}),
        ({"price": "cheap"}, {"price": (InputCode.NOT_A_NUMBER,)}),
        ({"later_languages": "fr"}, {"later_starts": (InputCode.REQUIRED,)}),
    ],
)
def test_each_mistake_is_named_at_its_field(change: dict[str, str], problem: dict[str, Any]) -> None:
    assert problems(GOOD | change) == problem


def test_a_missing_language_is_required() -> None:
    form = {name: value for name, value in GOOD.items() if name != "languages"}

    assert problems(form) == {"languages": (InputCode.REQUIRED,)}


def test_extra_fields_change_nothing() -> None:
    smuggled = GOOD | {"state": "published", "organisation_id": "7", "id": "1", "public_id": "x"}

    assert ActivityDraft.parse(MultiDict(smuggled)) == ActivityDraft.parse(MultiDict(GOOD))


def test_a_sign_up_needs_a_name_and_a_way_to_reach_the_person() -> None:
    with pytest.raises(Invalid) as invalid:
        SignupDraft.parse({"pool": "p", "name": "  ", "contact": "hello"})

    assert invalid.value.problems == {"name": (InputCode.REQUIRED,), "contact": (InputCode.NOT_A_CONTACT,)}


anything = st.text(max_size=60) | st.integers().map(str) | st.floats().map(str) | st.dates().map(str)


@given(st.dictionaries(st.sampled_from(sorted(ActivityDraft.model_fields)), anything))
def test_whatever_is_sent_becomes_a_draft_or_codes(form: dict[str, str]) -> None:
    for draft in (ActivityDraft, VenueDraft, SignupDraft):
        try:
            draft.parse(MultiDict(GOOD | form))
        except Invalid as invalid:
            assert all(isinstance(code, InputCode) for codes in invalid.problems.values() for code in codes)
