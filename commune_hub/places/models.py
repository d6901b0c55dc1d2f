"""Tables of places: addresses, and the villages, postcodes and streets that they make up."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from commune_hub.base.db import Base, Code, Identity, Instant, PublicId
from commune_hub.places.words import PlaceKind


class ImportStamp(Base):
    """One finished import of addresses; the newest says which finder is current."""

    __tablename__ = "place_import"

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    finished_at: Mapped[Instant]
    source: Mapped[str] = mapped_column(String(300))
    taken: Mapped[int]
    rejected: Mapped[int]


class Address(Base):
    """A door. The three keys are the same as the names, as they are compared (places/streets.py)."""

    __tablename__ = "address"
    __table_args__ = (
        # The first three columns answer "which door is this?".
        UniqueConstraint("street_key", "locality_key", "number_key", "postcode", name="uq_address_door"),
        CheckConstraint("lat between -90 and 90 and lon between -180 and 180", name="point"),
        CheckConstraint("length(lau2) = 4", name="lau2"),
    )

    id: Mapped[Identity]
    street: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(20))
    postcode: Mapped[str] = mapped_column(String(4))
    locality: Mapped[str] = mapped_column(String(80))
    lau2: Mapped[str] = mapped_column(String(4))
    lat: Mapped[float]
    lon: Mapped[float]
    street_key: Mapped[str] = mapped_column(String(160))
    locality_key: Mapped[str] = mapped_column(String(100))
    number_key: Mapped[str] = mapped_column(String(30))
    seen_by: Mapped[str] = mapped_column(String(22))


class ImportedPlace(Base):
    """A village, a postcode or a street with the middle of its addresses; made anew by each import."""

    __tablename__ = "imported_place"
    __table_args__ = (
        UniqueConstraint("kind", "street_key", "locality_key", "lau2", "postcode", name="uq_imported_place_what"),
        CheckConstraint(
            f"kind in ('{PlaceKind.LOCALITY}', '{PlaceKind.POSTCODE}', '{PlaceKind.STREET}')", name="kind"
        ),
    )

    id: Mapped[Identity]
    kind: Mapped[Code]
    name: Mapped[str] = mapped_column(String(120))
    locality: Mapped[str] = mapped_column(String(80))
    lau2: Mapped[str] = mapped_column(String(4))
    postcode: Mapped[str] = mapped_column(String(4), default="")
    lat: Mapped[float]
    lon: Mapped[float]
    doors: Mapped[int]
    street_key: Mapped[str] = mapped_column(String(160), default="")
    locality_key: Mapped[str] = mapped_column(String(100))
