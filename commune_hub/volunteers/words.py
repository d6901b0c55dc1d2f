"""The glossary of volunteers as code."""

from enum import StrEnum


class VolunteerState(StrEnum):
    """Where somebody stands who wants to help, in the order in which it comes; who has paused may come back."""

    ANNOUNCED = "announced"
    INVITED = "invited"
    MET = "met"
    TRAINED = "trained"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"
