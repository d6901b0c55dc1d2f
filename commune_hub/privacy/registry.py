"""What each table is for a person: the one place that export, erasing, retention and merging read.

A new table with a column that names a person must say here what it is (tests/privacy/test_registry.py), or its rows
would outlive their people unseen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Select, select

from commune_hub.accounts.models import Contact, Invitation, SignIn, SignInCode
from commune_hub.base.db import Base
from commune_hub.contracts.models import Attestation, Consent, ContractLink, Inquiry, OutsideCertificate, Transfer
from commune_hub.events.models import Priority, Signup
from commune_hub.events.records import (
    Alert,
    Attendance,
    AttendanceChange,
    Certificate,
    CourseAnswer,
    EventInvitation,
    PracticeCard,
    QueueDecision,
    SeasonQuestion,
)
from commune_hub.matching.models import PairingLine, PairingMark
from commune_hub.volunteers.coaching.models import (
    CoachingPair,
    CoachingRequest,
    PairMeeting,
    PairMessage,
    PairNote,
    PairSide,
)
from commune_hub.volunteers.models import (
    Engagement,
    HandOver,
    MeetingHost,
    Qualification,
    Volunteer,
    VolunteerCommune,
    VolunteerLanguage,
    VolunteerStep,
)


class Left(Enum):
    """What of a table is left when a person is made anonymous, and when a person is deleted."""

    NOTHING = "nothing"
    NUMBERS = "numbers"
    """After anonymising the row counts on, for nobody in particular; after deleting it is gone."""
    ALWAYS = "always"
    """The row counts on after deleting too, for somebody without name who did nothing else."""


@dataclass(frozen=True)
class Personal:
    """The rows of a table that are about a person.

    `by` is the column that names the person, or, with `of`, a row of that other table which is the person's. `emptied`
    and `renewed` are what goes from rows that are left: texts, and keys that somebody has in hand; `ended` are moments
    that get one. `active` are the moments that say that somebody still takes part. `moves`: the row goes along when
    two people are merged; `holds`: whoever has one cannot be merged into somebody else. `told`: it is in the export.
    """

    model: type[Base]
    by: str = "person_id"
    of: type[Base] | None = None
    left: Left = Left.NOTHING
    emptied: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    moves: bool = True
    holds: bool = False
    told: bool = True

    def ids(self, person_ids: list[int]) -> Select[int]:
        """The ids of the rows of these people."""
        column = getattr(self.model, self.by)
        chosen = select(_key_of(self.model))
        if self.of is None:
            return chosen.where(column.in_(person_ids))
        parent = BY_MODEL[self.of]
        return chosen.where(column.in_(parent.ids(person_ids)))


def _key_of(model: type[Base]):  # type: ignore[no-untyped-def]
    return next(iter(model.__table__.primary_key.columns))  # type: ignore[attr-defined]


TABLES: tuple[Personal, ...] = (
    Personal(Contact, active=("created_at", "confirmed_at")),
    Personal(SignInCode, by="contact_id", of=Contact, told=False),
    Personal(SignIn, moves=False, told=False),
    Personal(Invitation, active=("created_at",), moves=False),
    Personal(
        Signup, left=Left.ALWAYS, emptied=("form_token", "lives_in", "says_has_contract"), renewed=("link_key",),
        active=("asked_at", "decided_at"),
    ),
    Personal(QueueDecision, by="signup_id", of=Signup, left=Left.NUMBERS, emptied=("reason_sealed",)),
    Personal(CourseAnswer, by="signup_id", of=Signup, left=Left.NUMBERS),
    Personal(Attendance, left=Left.ALWAYS, renewed=("public_id",), active=("noted_at", "signed_at")),
    Personal(AttendanceChange, left=Left.NUMBERS, emptied=("reason_sealed", "tap")),
    Personal(PracticeCard, active=("made_at",)),
    Personal(EventInvitation, left=Left.NUMBERS, renewed=("link_key",), active=("answered_at",)),
    Personal(
        Certificate, left=Left.NUMBERS, renewed=("public_id", "code"),
        emptied=("name_sealed", "skills_sealed", "signature_sealed", "void_note_sealed"),
    ),
    Personal(Alert, active=("made_at",)),
    Personal(SeasonQuestion, left=Left.NUMBERS, renewed=("link_key",)),
    Personal(Priority),
    # The contract. Of an attestation it is left that there was one; what it said and the ways back to the record go.
    Personal(Consent, left=Left.NUMBERS, ended=("taken_back_at",), holds=True),
    Personal(Inquiry, holds=True),
    Personal(
        ContractLink, left=Left.NUMBERS, renewed=("public_id",), ended=("ended_at",), holds=True,
        emptied=("reference_sealed", "reference_hash", "said_sealed", "signed_on", "in_force_on", "ends_on"),
    ),
    Personal(OutsideCertificate, left=Left.NUMBERS, emptied=("file_sealed", "facts_sealed", "reason_sealed"),
             holds=True),
    Personal(Attestation, left=Left.NUMBERS, renewed=("public_id",), emptied=("remote", "reason_sealed"), holds=True),
    Personal(Transfer, by="attestation_id", of=Attestation),
    # Volunteers and coaching pairs: hours, meetings and reasons are counted on.
    Personal(
        Volunteer, left=Left.ALWAYS, renewed=("public_id", "calendar_key"), active=("changed_at",), holds=True,
        emptied=("point_sealed", "wishes_sealed", "free_slots", "bulletin_seen_on", "bulletin_seen_by_id",
                 "charter_agreed_on"),
    ),
    Personal(VolunteerLanguage, by="volunteer_id", of=Volunteer),
    Personal(VolunteerCommune, by="volunteer_id", of=Volunteer),
    Personal(VolunteerStep, by="volunteer_id", of=Volunteer, left=Left.NUMBERS, emptied=("note_sealed",)),
    Personal(Qualification, by="volunteer_id", of=Volunteer, left=Left.NUMBERS),
    Personal(MeetingHost, by="volunteer_id", of=Volunteer, left=Left.ALWAYS, renewed=("public_id",)),
    Personal(HandOver, by="volunteer_id", of=Volunteer),
    Personal(Engagement, by="volunteer_id", of=Volunteer),
    Personal(
        CoachingRequest, left=Left.ALWAYS, renewed=("public_id", "link_key"), active=("asked_at",), holds=True,
        emptied=("wishes_sealed", "home_sealed", "form_token", "free_slots", "lau2"),
    ),
    Personal(PairingLine, by="request_id", of=CoachingRequest),
    Personal(PairingMark, by="request_id", of=CoachingRequest, told=False),
    Personal(PairSide, left=Left.ALWAYS, renewed=("link_key",), emptied=("why_sealed", "note_sealed"),
             active=("answered_at",), holds=True),
)  # fmt: skip
BY_MODEL: dict[type[Base], Personal] = {one.model: one for one in TABLES}

# Rows about two people at once: they stay as long as one of the two is known, without what was written.
SHARED = {CoachingPair, PairMeeting, PairMessage, PairNote}

# Columns that say who did something for others. They stay with the person's row, which says nothing any more.
DONE_BY = {
    "attendance.noted_by_id", "attendance_change.by_id", "roll.finished_by_id", "group_message.by_id",
}  # fmt: skip

# Tables of the person itself, of accounts, and of this room, which are dealt with by name.
BY_NAME = {"person", "account", "sign_in", "person_merge", "retention_case"}


def children_first() -> Iterator[Personal]:
    """All tables in an order in which rows can be deleted."""
    order = {table: number for number, table in enumerate(Base.metadata.sorted_tables)}
    return iter(sorted(TABLES, key=lambda one: -order[one.model.__table__]))  # type: ignore[index]


def moments() -> Iterator[tuple[Personal, str]]:
    """The tables and columns that say when somebody last took part."""
    return ((one, column) for one in TABLES for column in one.active)
