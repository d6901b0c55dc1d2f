"""Reading forms and JSON: strings in, a frozen draft or Invalid with a code per field out."""

import unicodedata
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from commune_hub.base.errors import InputCode, Invalid

_CODES = {
    "missing": InputCode.REQUIRED,
    "string_too_short": InputCode.REQUIRED,
    "string_too_long": InputCode.TOO_LONG,
    "int_parsing": InputCode.NOT_A_NUMBER,
    "int_parsing_size": InputCode.TOO_LARGE,
    "float_parsing": InputCode.NOT_A_NUMBER,
    "finite_number": InputCode.NOT_A_NUMBER,
    "greater_than_equal": InputCode.TOO_SMALL,
    "greater_than": InputCode.TOO_SMALL,
    "less_than_equal": InputCode.TOO_LARGE,
    "less_than": InputCode.TOO_LARGE,
    "enum": InputCode.NOT_A_CHOICE,
    "literal_error": InputCode.NOT_A_CHOICE,
    "too_short": InputCode.REQUIRED,
    "too_long": InputCode.TOO_LONG,
}
_BY_TYPE = {"date": InputCode.NOT_A_DATE, "time": InputCode.NOT_A_TIME, "bool": InputCode.NOT_A_CHOICE}


def wrong(code: InputCode, field: str = "form") -> PydanticCustomError:
    """What a validator raises to name a code; one that looks at several fields says at which it belongs."""
    return PydanticCustomError(code.value, code.value, {"field": field})


def clean_line(text: str) -> str:
    """One line of text in any script, without control characters, in composed form (NFC)."""
    text = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise wrong(InputCode.CONTROL_CHARACTERS)
    return text


def _clean_lines(text: str) -> str:
    """Several lines of text; line ends become \\n, other control characters are refused."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise wrong(InputCode.CONTROL_CHARACTERS)
    return text


def _date(text: object) -> object:
    if isinstance(text, str):
        try:
            text = date.fromisoformat(text.strip())
        except ValueError:
            raise wrong(InputCode.NOT_A_DATE) from None
    # At the edges of the calendar a day has no tomorrow, or no UTC.
    if isinstance(text, date) and not 1900 <= text.year <= 2200:
        raise wrong(InputCode.NOT_A_DATE)
    return text


def _time(text: object) -> object:
    if isinstance(text, str):
        try:
            found = time.fromisoformat(text.strip().replace("h", ":"))
        except ValueError:
            raise wrong(InputCode.NOT_A_TIME) from None
        if found.tzinfo is not None:
            raise wrong(InputCode.NOT_A_TIME)
        return found
    return text


def _nothing(value: object) -> object:
    """An empty field is no answer."""
    return None if isinstance(value, str) and not value.strip() else value


def _ticked(value: object) -> object:
    """A check box that was sent is ticked, whatever it says but no."""
    return str(value).lower() not in ("", "0", "no", "false", "off", "none")


Line = Annotated[str, AfterValidator(clean_line), StringConstraints(max_length=200)]
Lines = Annotated[str, AfterValidator(_clean_lines), StringConstraints(max_length=4000)]
Required = Annotated[
    str, AfterValidator(clean_line), StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]


def _reason(text: str) -> str:
    """Two words and ten letters at least: "xx" explains nothing to the person who reads it."""
    if len(text.split()) < 2 or sum(letter.isalpha() for letter in text) < 10:
        raise wrong(InputCode.REASON_TOO_SHORT)
    return text


Reason = Annotated[Required, AfterValidator(_reason)]
Day = Annotated[date, BeforeValidator(_date)]
Clock = Annotated[time, BeforeValidator(_time)]
Ticked = Annotated[bool, BeforeValidator(_ticked)]
EmptyIsNone = BeforeValidator(_nothing)


class Draft(BaseModel):
    """A frozen, validated piece of input. Fields that nobody asked for are left aside and change nothing."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def parse(cls, form: Mapping[str, Any]) -> Self:
        """The draft, or Invalid. A form with several values for a field gives its list for list fields."""
        try:
            return cls.model_validate(_values(cls, form))
        except ValidationError as error:
            raise Invalid(_problems(error)) from None


def _values(cls: type[Draft], form: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, field in cls.model_fields.items():
        if name not in form:
            continue
        many = str(field.annotation).startswith(("tuple", "list"))
        getlist = getattr(form, "getlist", None)
        values[name] = [v for v in getlist(name) if v != ""] if many and getlist else form[name]
    return values


def _problems(error: ValidationError) -> dict[str, list[InputCode]]:
    problems: dict[str, list[InputCode]] = {}
    for problem in error.errors(include_url=False, include_input=False):
        field = str(problem["loc"][0] if problem["loc"] else problem.get("ctx", {}).get("field", "form"))
        kind = problem["type"]
        known = kind in InputCode._value2member_map_
        code = (
            InputCode(kind) if known else _CODES.get(kind) or _BY_TYPE.get(kind.split("_")[0], InputCode.NOT_A_CHOICE)
        )
        if code not in problems.setdefault(field, []):
            problems[field].append(code)
    return problems
