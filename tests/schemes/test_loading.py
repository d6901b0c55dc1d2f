"""The files of the schemes: all shipped ones are sound, a new country is a file, and a mistake is explained."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.schemes.loading import ProfileError, in_use, load, profile_for, profiles
from commune_hub.schemes.rules import Applicant, Contract, Proof, bars_to_sign, counts_as, ends_on, obligations_missing
from commune_hub.schemes.words import CefrLevel, Connection, ObligationKind, SchemeId, SigningBar
from tests.house.source import PACKAGE

# A country that nobody wrote a line of code for.
ATLANTIS = """
id = "AT-WELCOME"
country = "AT"
nature = "contract"
in_use = true
short_name = "Welcome"
valid_from = 2026-01-01

[name]
en = "Welcome contract"

[sources.LAW]
title = "Law of 1 December 2025"
reliability = "law"

[persons]
voluntary = { is = false, by = ["LAW art. 1"] }
least_age = { is = 21, by = ["LAW art. 2"] }
most_age = { is = 60, by = ["LAW art. 2"] }
not_for_citizens_of = { is = ["AT", "DE"], by = ["LAW art. 2"] }
connections = { is = ["residence"], by = ["LAW art. 2"] }
durable = { none = true, by = ["LAW art. 2"] }
excluded = { unknown = true }
session_months = { none = true, by = ["LAW art. 2"] }

[term]
starts = { is = "signature", by = ["LAW art. 3"] }
first_measures = { none = true, by = ["LAW art. 3"] }
months = { is = 18, by = ["LAW art. 3"] }
idle_months = { none = true, by = ["LAW art. 3"] }
extension_months = { unknown = true }
second_contract = { unknown = true }

[obligations.language]
level = { is = "B1", by = ["LAW art. 4"] }
languages = { is = ["de"], by = ["LAW art. 4"] }
percent = { is = 80, by = ["LAW art. 4"] }

[rights]
first_in_line = { unknown = true }
benefits = { unknown = true }

[[counts]]
activity = "volunteer_course"
obligation = "language"
by = ["LAW art. 5"]

[[retention]]
population = "signatories"
anchor = "contract_end"
months = 6
action = "delete"
by = ["LAW art. 9"]
"""


def written(folder: Path, text: str, name: str = "at.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_schemes_that_the_code_names_are_there_and_in_use() -> None:
    assert [profile.id for profile in in_use()] == [SchemeId.LU_BIERGERPAKT, SchemeId.LU_CAI]
    assert set(SchemeId) <= set(profiles())


@pytest.mark.parametrize(
    ("scheme", "day", "found"),
    [
        ("LU-CAI", date(2023, 12, 31), "LU-CAI"),
        ("LU-CAI", date(2024, 1, 1), None),
        ("LU-BIERGERPAKT", date(2023, 12, 31), None),
        ("LU-BIERGERPAKT", date(2024, 1, 1), "LU-BIERGERPAKT"),
        ("XX-NOTHING", date(2024, 1, 1), None),
    ],
)
def test_the_version_of_a_scheme_is_that_of_the_day_of_signature(scheme: str, day: date, found: str | None) -> None:
    profile = profile_for(scheme, day)

    assert (profile.id if profile else None) == found


def test_another_country_needs_a_file_and_no_code(tmp_path: Path) -> None:
    profile = load(written(tmp_path, ATLANTIS))["AT-WELCOME"]
    young = Applicant(date(2006, 6, 1), frozenset({"DE"}), frozenset({Connection.WORK}))
    signed = date(2026, 8, 31)
    passed = Proof(ObligationKind.LANGUAGE, date(2027, 1, 10), "de", CefrLevel.B1, attended=8, held=10)
    contract = Contract(signed, in_force_on=signed, proofs=(passed,))

    assert bars_to_sign(profile, young, signed) == (
        SigningBar.TOO_YOUNG, SigningBar.NATIONALITY, SigningBar.NO_CONNECTION
    )  # fmt: skip
    assert ends_on(profile, signed) == date(2028, 2, 29)
    assert counts_as(profile, "volunteer_course", False) is ObligationKind.LANGUAGE
    assert obligations_missing(profile, contract) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[persons]", "[persons", "at.toml: the file is not TOML"),
        ('id = "AT-WELCOME"', 'id = "XX-WELCOME"', "at.toml: id does not begin with its country. Write id"),
        ("valid_from = 2026-01-01", "valid_from = 2026-13-01", "at.toml: the file is not TOML"),
        ("valid_from = 2026-01-01", "valid_from = 2026-01-01\nvalid_to = 2025-01-01", "valid_to is before valid_from."),
        ("valid_from = 2026-01-01", "", "valid_from Field required"),
        ("in_use = true", "in_use = true\nages = 3", "at.toml: ages is read by nobody. Known are: "),
        ("least_age = { is = 21", "least_age = { is = 'old'", "at.toml: persons.least_age is 'old': Input should be"),
        ("least_age = { is = 21", "least_age = { was = 21", "persons.least_age does not say what is. Say { is ="),
        ("least_age = { is = 21", "least_aged = { is = 21", "persons.least_aged is read by nobody."),
        ('most_age = { is = 60, by = ["LAW art. 2"] }', "", "at.toml: persons.most_age is missing. Say { is ="),
        ('most_age = { is = 60, by = ["LAW art. 2"] }', "most_age = { is = 60 }", "most_age names no source."),
        ('most_age = { is = 60, by = ["LAW art. 2"] }', "most_age = 60", "persons.most_age does not say what is."),
        ('by = ["LAW art. 3"] }\nidle', 'by = ["RGD art. 3"] }\nidle', "term.months.by names 'RGD art. 3'. Describe"),
        ("[obligations.language]", "[obligations.dancing]", "obligations.dancing is no obligation. Known are language"),
        ('level = { is = "B1"', 'level = { is = "D1"', "language.level is 'D1', which is no level. Known are A1.1"),
        ("percent = { is = 80", "percent = { is = '80 %'", "at.toml: obligations.language.percent is '80 %': Input"),
        ('starts = { is = "signature"', 'starts = { is = "birth"', "term.starts is 'birth': Input should be 'first_"),
        ('action = "delete"', 'action = "burn"', "retention.signatories.action is 'burn': Input should be 'delete'"),
        ('population = "signatories"', 'people = "signatories"', "retention has an entry without population."),
        ("most_age = { is = 60, by", "most_age = { none = false, by", "persons.most_age denies what it says."),
        ('by = ["LAW art. 5"]', 'by = "LAW art. 5"', "counts.volunteer_course.by is not a list of places."),
        (
            "[[retention]]",
            "[[also]]\nabout = 'sailing'\nsays.en = 'Sail.'\nby = ['LAW']\n[[retention]]",
            "also.0.about is",
        ),
        ("[[retention]]", "[[also]]\nabout = 'term'\nsays.en = 'Sail.'\n[[retention]]", "also.0 names no source."),
        ("[[retention]]", "[[also]]\nabout = 'term'\nsays.fr = 'Oui.'\nby = ['LAW']\n[[retention]]", "has no English"),
        ("[rights]", "[duties]", "at.toml: duties is read by nobody."),
        ('en = "Welcome contract"', 'fr = "Contrat"', 'name has no English text. Add en = "...".'),
    ],
)
def test_a_mistake_is_told_with_file_key_and_how_to_mend_it(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in ATLANTIS

    with pytest.raises(ProfileError) as wrong:
        load(written(tmp_path, ATLANTIS.replace(old, new, 1)))

    assert said in str(wrong.value)


SHIPPED = sorted((PACKAGE / "schemes/profiles").glob("*.toml"))
SCRAPS = st.sampled_from(
    ["", "x = 1", "by = 'RGD'", "is = []", "[persons]", "[[also]]", "note = 3", "unknown = false", "]"]
)


@given(st.sampled_from(SHIPPED), st.integers(0, 400), st.integers(0, 3), SCRAPS)
def test_a_damaged_file_is_explained_and_never_breaks_the_program(path: Path, at: int, gone: int, scrap: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    at %= len(lines)
    with TemporaryDirectory() as folder:
        written(Path(folder), "\n".join([*lines[:at], scrap, *lines[at + gone :]]))
        try:
            load(Path(folder))
        except ProfileError as wrong:
            assert str(wrong).startswith("at.toml: ")
            assert str(wrong).endswith(".")


def test_two_files_with_one_id_or_open_on_the_same_days_are_refused(tmp_path: Path) -> None:
    written(tmp_path, ATLANTIS)
    written(tmp_path, ATLANTIS, "twin.toml")

    with pytest.raises(ProfileError, match=r"twin.toml: id AT-WELCOME is the id of another file too\."):
        load(tmp_path)

    written(tmp_path, ATLANTIS.replace('id = "AT-WELCOME"', 'id = "AT-OTHER"\nscheme = "AT-WELCOME"'), "twin.toml")
    with pytest.raises(ProfileError, match=r"valid_from lets AT-OTHER|valid_from lets AT-WELCOME"):
        load(tmp_path)
