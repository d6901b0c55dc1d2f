"""The schemes that a contract can belong to, with their country."""

from enum import StrEnum


class SchemeId(StrEnum):
    """A scheme. The CAI can no longer be signed (law of 23 August 2023); its contracts and its record live on."""

    LU_CAI = "LU-CAI"
    LU_BIERGERPAKT = "LU-BIERGERPAKT"
