"""What was typed and what is wrong with it, in the shape in which the templates of the forms ask for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from commune_hub.base.errors import InputCode
from commune_hub.web.pages import words
from commune_hub.web.request import Problems


@dataclass(frozen=True)
class Form:
    """A form as it is shown: the values typed (or those to begin with) and the problems by field."""

    typed: Mapping[str, Any] = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)
    refusal: str = ""

    def value(self, name: str, otherwise: Any = "") -> Any:
        """What stands in a field."""
        found = self.typed.get(name, otherwise)
        return otherwise if found is None else found

    def values(self, name: str) -> list[str]:
        """What is ticked in a group of boxes."""
        if isinstance(self.typed, MultiDict):
            return self.typed.getlist(name)
        found = self.typed.get(name) or ()
        return [found] if isinstance(found, str) else [str(one) for one in found]

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return str(self.typed.get(name) or "").lower() not in ("", "0", "no", "false", "off", "none")

    def errors(self, name: str) -> list[str]:
        """What is wrong with a field, in words."""
        return [words.problem(code) for code in self.problems.get(name, ())]

    def wrong_in(self, *names: str) -> bool:
        """Whether something is wrong in a folded part, which then must be open."""
        return any(name in self.problems for name in names)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Everything that is wrong, each with the field that it is about; first why a rule refused the whole."""
        said = [("", self.refusal)] if self.refusal else []
        return said + [
            ("" if name == "form" else name, words.problem(code))
            for name, codes in self.problems.items()
            for code in codes
        ]


def moved_problems(problems: Problems, places: Mapping[str, str]) -> dict[str, tuple[InputCode, ...]]:
    """The problems under the names that the fields have on the page."""
    moved: dict[str, tuple[InputCode, ...]] = {}
    for name, codes in problems.items():
        place = places.get(name, name)
        moved[place] = (*moved.get(place, ()), *(code for code in codes if code not in moved.get(place, ())))
    return moved


def pairs(choices: Iterable[tuple[object, str]]) -> list[tuple[str, str]]:
    """Choices of a select as the macro takes them."""
    return [(str(value), label) for value, label in choices]
