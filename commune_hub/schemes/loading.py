"""Reads the schemes from their files and checks them; what is wrong is said with file, key and how to mend it.

A value stands with the places it comes from: `months = { is = 24, by = ["RGD art. 4"] }`. Where there is no such rule
the file says `{ none = true, by = [...] }`, where it could not be established `{ unknown = true }`; None in both cases.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from commune_hub.schemes.profile import (
    Authority,
    CountsRule,
    Ground,
    ObligationRule,
    Persons,
    Profile,
    RetentionRule,
    Rights,
    Saying,
    Source,
    Term,
    VoucherRule,
)
from commune_hub.schemes.words import CefrLevel, ObligationKind

# What a file may say beside its values.
_BESIDE = {"by", "note", "unknown"}
_SAY = 'Say { is = ..., by = ["..."] }, { none = true, by = ["..."] } or { unknown = true }.'
_PROFILE = TypeAdapter(Profile)


class ProfileError(Exception):
    """A file that cannot be used: which file, which key, what is wrong, how to mend it."""

    def __init__(self, file: str, key: str, problem: str, mend: str) -> None:
        super().__init__(f"{file}: {key} {problem} {mend}")


@cache
def profiles() -> Mapping[str, Profile]:
    """All shipped schemes by id. Raises ProfileError."""
    return load(files("commune_hub.schemes") / "profiles")


def profile_named(profile_id: str) -> Profile:
    """The scheme with this id. Raises KeyError."""
    return profiles()[profile_id]


def profile_for(scheme: str, day: date) -> Profile | None:
    """The version of a scheme that was open on this day ("FR-CIR" in 2024 is FR-CIR-2019), else None."""
    return next((one for one in profiles().values() if one.scheme == scheme and one.open_on(day)), None)


def in_use() -> tuple[Profile, ...]:
    """The schemes that this country lives with, the newest first."""
    used = (profile for profile in profiles().values() if profile.in_use)
    return tuple(sorted(used, key=lambda profile: profile.valid_from, reverse=True))


def load(folder: Traversable) -> Mapping[str, Profile]:
    """The schemes in a folder of TOML files by id, in the order of the files' names. Raises ProfileError."""
    found: dict[str, Profile] = {}
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if path.name.endswith(".toml"):
            profile = _File(path.name, path.read_text(encoding="utf-8")).profile()
            for other in found.values():
                _keep_apart(path.name, profile, other)
            found[profile.id] = profile
    return found


def _keep_apart(file: str, profile: Profile, other: Profile) -> None:
    if profile.id == other.id:
        raise ProfileError(file, "id", f"{profile.id} is the id of another file too.", "Choose another id.")
    both_open = max(profile.valid_from, other.valid_from) <= min(
        profile.valid_to or date.max, other.valid_to or date.max
    )
    if profile.scheme == other.scheme and both_open:
        problem = f"lets {profile.id} be open on days on which {other.id} is open."
        raise ProfileError(file, "valid_from", problem, "End the older version the day before the newer one begins.")


class _File:
    """One file on its way to a profile."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.grounds: dict[str, Ground] = {}
        try:
            self.told: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ProfileError(name, "the file", f"is not TOML: {error}.", "Mend that line.") from None

    def profile(self) -> Profile:
        """The profile in it, once every key is known, every value of its kind and every source named."""
        told = self.told
        self._known("", told, [*(one.name for one in fields(Profile) if one.name != "grounds")])
        for name, table in self._table("sources").items():
            self._known(f"sources.{name}", table, [one.name for one in fields(Source)])
        for number, row in enumerate(told.get("authorities", ())):
            self._known(f"authorities.{number}", row, [one.name for one in fields(Authority)])
        for number, row in enumerate(told.get("also", ())):
            self._known(f"also.{number}", row, [one.name for one in fields(Saying)])
            self._sourced(f"also.{number}", row)
        plain = {
            **told,
            "scheme": told.get("scheme", told.get("id")),
            "valid_to": told.get("valid_to"),
            "authorities": told.get("authorities", ()),
            "persons": self._values("persons", self._table("persons"), Persons),
            "term": self._values("term", self._table("term"), Term),
            "rights": self._values("rights", self._table("rights"), Rights),
            "vouchers": self._values("vouchers", told["vouchers"], VoucherRule) if "vouchers" in told else None,
            "obligations": [self._obligation(kind, table) for kind, table in self._table("obligations").items()],
            "counts": [
                self._row("counts", row["activity"], row, CountsRule) for row in self._rows("counts", "activity")
            ],
            "retention": [
                self._row("retention", row["population"], row, RetentionRule)
                for row in self._rows("retention", "population")
            ],
            "grounds": self.grounds,
        }
        try:
            profile = _PROFILE.validate_python(plain)
        except ValidationError as error:
            raise self._of_pydantic(error, plain) from None
        self._sensible(profile)
        return profile

    def _sensible(self, profile: Profile) -> None:
        if profile.valid_to and profile.valid_to < profile.valid_from:
            raise self._wrong("valid_to", "is before valid_from.", "Change one of the two.")
        if not profile.id.startswith(f"{profile.country}-"):
            raise self._wrong("id", "does not begin with its country.", f'Write id = "{profile.country}-{profile.id}".')
        notes = {f"the note of {key}": ground.note for key, ground in profile.grounds.items() if ground.note}
        others = {f"also.{number}.says": saying.says for number, saying in enumerate(profile.also)}
        for key, texts in {"name": profile.name, **notes, **others}.items():
            if not texts.get("en"):
                raise self._wrong(key, "has no English text.", 'Add en = "...".')

    def _obligation(self, kind: str, table: dict[str, Any]) -> dict[str, Any]:
        """What it does not speak of is no criterion of this scheme."""
        if kind not in list(ObligationKind):
            raise self._wrong(f"obligations.{kind}", "is no obligation.", f"Known are {', '.join(ObligationKind)}.")
        return {**self._values(kind, table, ObligationRule, partly=True), "kind": kind}

    def _values(self, section: str, table: dict[str, Any], group: type, *, partly: bool = False) -> dict[str, Any]:
        """The plain values of a section; where each comes from goes to the grounds."""
        names = [one.name for one in fields(group) if one.default is not MISSING]
        self._known(section, table, names)
        if missing := [] if partly else [name for name in names if name not in table]:
            raise self._wrong(f"{section}.{missing[0]}", "is missing.", _SAY)
        return {name: self._value(f"{section}.{name}", said) for name, said in table.items()}

    def _value(self, key: str, said: Any) -> Any:
        if not isinstance(said, dict) or len({"is", "none", "unknown"} & set(said)) != 1:
            raise self._wrong(key, "does not say what is.", _SAY)
        if not all(said.get(word, True) is True for word in ("none", "unknown")):
            raise self._wrong(key, "denies what it says.", _SAY)
        self._known(key, said, ["is", "none", *_BESIDE])
        self._ground(key, said)
        value = said.get("is")
        if key.endswith(".level") and value is not None:
            try:
                return CefrLevel.from_label(str(value))
            except KeyError:
                levels = ", ".join(level.label for level in CefrLevel)
                raise self._wrong(key, f"is {value!r}, which is no level.", f"Known are {levels}.") from None
        return value

    def _row(self, section: str, name: str, row: dict[str, Any], group: type) -> dict[str, Any]:
        names = [one.name for one in fields(group)]
        self._known(f"{section}.{name}", row, [*names, *_BESIDE])
        self._ground(f"{section}.{name}", row)
        return {key: value for key, value in row.items() if key in names}

    def _sourced(self, key: str, said: dict[str, Any]) -> tuple[str, ...]:
        places = said.get("by", [])
        if not isinstance(places, list) or not all(isinstance(place, str) for place in places):
            raise self._wrong(f"{key}.by", "is not a list of places.", 'Write by = ["RGD art. 4"].')
        for place in places:
            if place.split(" ")[0] not in self._table("sources"):
                raise self._wrong(f"{key}.by", f"names {place!r}.", "Describe that source under [sources] first.")
        if not places and not said.get("unknown"):
            raise self._wrong(key, "names no source.", 'Add by = ["RGD art. 4"], or say { unknown = true }.')
        return tuple(places)

    def _ground(self, key: str, said: dict[str, Any]) -> None:
        places = self._sourced(key, said)
        if key in self.grounds:
            raise self._wrong(key, "is said twice.", "Take one of the two away.")
        note = said.get("note", {})
        if not isinstance(note, dict) or not all(isinstance(text, str) for text in note.values()):
            raise self._wrong(f"{key}.note", "is no text by language.", 'Write note = { en = "..." }.')
        self.grounds[key] = Ground(places, not said.get("unknown", False), note)

    def _table(self, name: str) -> dict[str, Any]:
        table = self.told.get(name)
        if not isinstance(table, dict):
            raise self._wrong(name, "is missing.", f"Add a table [{name}].")
        return table

    def _rows(self, name: str, key: str) -> list[dict[str, Any]]:
        rows = self.told.get(name, [])
        if not isinstance(rows, list) or not all(
            isinstance(row, dict) and isinstance(row.get(key), str) for row in rows
        ):
            raise self._wrong(name, f"has an entry without {key}.", f"Write [[{name}]] with a line {key} = ...")
        return rows

    def _known(self, key: str, table: Any, names: Iterable[str]) -> None:
        if not isinstance(table, dict):
            raise self._wrong(key, "is not a table.", f"Write [{key}] with a line for each value.")
        if strange := sorted(set(table) - set(names)):
            known = ", ".join(sorted(names))
            raise self._wrong(f"{key}.{strange[0]}".lstrip("."), "is read by nobody.", f"Known are: {known}.")

    def _of_pydantic(self, error: ValidationError, plain: dict[str, Any]) -> ProfileError:
        first = error.errors(include_url=False)[0]
        place = list(first["loc"])
        if place[0] in ("obligations", "counts", "retention") and len(place) > 1:
            row = plain[str(place[0])][int(place[1])]
            place[1] = row.get("kind") or row.get("activity") or row.get("population")
        found = "" if first["type"] == "missing" else f"is {first['input']!r}: "
        return self._wrong(".".join(map(str, place)), f"{found}{first['msg']}.", "Write a value of that kind.")

    def _wrong(self, key: str, problem: str, mend: str) -> ProfileError:
        return ProfileError(self.name, key, problem, mend)
