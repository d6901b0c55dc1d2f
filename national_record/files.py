"""What may stand in each of the six groups of data (RGD art. 24); a field that is not here cannot be recorded."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from commune_hub.base.inputs import Line, Required
from national_record.words import DataGroup

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Group(BaseModel):
    """One group of a file: frozen, and closed for anything that nobody agreed on."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Personal(Group):
    """a) the personal situation: who it is and how to reach them."""

    names: Required
    first_names: Required
    birth_date: date
    mail: Line = ""
    phone: Line = ""
    commune: Line = ""


class Family(Group):
    """b) the family situation, as far as it bears on the hours of a course."""

    civil_status: Line = ""
    children: Line = ""


class Language(Group):
    """c) the language context, with the screening of the interview (RGD art. 5 b)."""

    spoken: Line = ""
    level_lb: Line = ""
    level_fr: Line = ""
    level_de: Line = ""
    oriented_to: Line = ""


class Education(Group):
    """d) the level of education."""

    level: Line = ""


class Profession(Group):
    """e) the professional status and the sector."""

    status: Line = ""
    sector: Line = ""


class Immigration(Group):
    """f) the situation of immigration."""

    nationality: Country
    arrived_on: date | None = None
    legal_residence: bool = False
    works_here: bool = False
    stays_durably: bool = False
    temporary_permit: bool = False
    asylum_applicant: bool = False


GROUPS: dict[DataGroup, type[Group]] = {
    DataGroup.PERSONAL: Personal,
    DataGroup.FAMILY: Family,
    DataGroup.LANGUAGE: Language,
    DataGroup.EDUCATION: Education,
    DataGroup.PROFESSION: Profession,
    DataGroup.IMMIGRATION: Immigration,
}
