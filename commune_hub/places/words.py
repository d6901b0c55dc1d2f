"""The words of places: kinds of place, where a point comes from, what others may know of a distance."""

from enum import StrEnum


class PlaceKind(StrEnum):
    """What a found place is, the larger before the smaller."""

    COMMUNE = "commune"
    LOCALITY = "locality"
    POSTCODE = "postcode"
    STREET = "street"
    ADDRESS = "address"


class PointSource(StrEnum):
    """Who said where it is, the most trusted first: a pin set by hand overrides everything."""

    PIN = "pin"
    ADDRESS = "address"
    GEOCODER = "geocoder"
    APPROXIMATE = "approximate"


class DistanceBand(StrEnum):
    """All that others may learn of how far away somebody lives."""

    UNDER_2 = "under_2_km"
    UNDER_5 = "under_5_km"
    UNDER_10 = "under_10_km"
    UNDER_20 = "under_20_km"
    FARTHER = "farther"


class RowFault(StrEnum):
    """Why a line of an address file is not taken."""

    COLUMNS = "wrong_number_of_columns"
    LOCALITY = "no_locality"
    POSTCODE = "postcode_is_not_four_digits"
    POINT = "no_point"
    OUTSIDE = "point_outside_luxembourg"
    TOO_LONG = "too_long"


COUNTRY = "LU"
# The official file of georeferenced addresses (BD-Adresses), CC0, about 28 MB, renewed every week.
ADDRESSES_URL = "https://data.public.lu/fr/datasets/r/5cadc5b8-6a7d-4283-87bc-f9e58dd771f7"
