"""What people type into messages to a group, and as answers at the end of a season: a frozen draft or Invalid out."""

from typing import Annotated

from pydantic import Field, StringConstraints

from commune_hub.base.inputs import Draft, Lines, Ticked
from commune_hub.base.words import Language

Told = Annotated[Lines, StringConstraints(min_length=1, max_length=1000)]


class GroupDraft(Draft):
    """A message to the people of a meeting: its text, its language, and whether those who wait get it too."""

    text: Told
    language: Language
    to_waiting: Ticked = False
    # From the form; whoever sends the same form twice sends one message.
    key: Annotated[str, StringConstraints(max_length=64)] = ""


class SeasonDraft(Draft):
    """The answers to the two questions: how useful (1 not at all to 4 very), and what would help."""

    useful: Annotated[int, Field(ge=1, le=4)]
    would_help: Annotated[Lines, StringConstraints(max_length=300)] = ""
