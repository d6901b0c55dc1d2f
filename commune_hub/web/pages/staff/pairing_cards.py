"""Learners and volunteers as ASTI's board shows them: ready words, and the reasons for and against each pair."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from commune_hub.base.words import LOCAL
from commune_hub.matching import waiting
from commune_hub.matching.ranking import Candidate
from commune_hub.matching.words import Part
from commune_hub.places.geo import distance_band
from commune_hub.speech import dates
from commune_hub.speech.coaching import PART_OF_DAY, level_label, slots_words
from commune_hub.speech.coaching_sentences import DISTANCE_BAND, OBSTACLE
from commune_hub.speech.pairing import PART
from commune_hub.volunteers.coaching.models import CoachingRequest
from commune_hub.volunteers.coaching.words import Obstacle
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.rules import DAYS, PARTS
from commune_hub.web.cards import PractisedLanguage
from commune_hub.web.i18n import _, speech
from commune_hub.web.icons import icon
from commune_hub.web.pages.parts import badges

# From here on a wait is shown as too long.
LONG_WAIT = 28


@dataclass(frozen=True, slots=True)
class Queued:
    """A learner in the list of those who wait."""

    public_id: str
    name: str
    initials: str
    words: str
    days: str
    long: bool


@dataclass(frozen=True, slots=True)
class LearnerCard:
    """The learner whom the board is about."""

    public_id: str
    name: str
    initials: str
    asked: str
    lang: PractisedLanguage
    level: str
    speaks: str
    wishes: str
    facts: tuple[tuple[Markup, str], ...]


@dataclass(frozen=True, slots=True)
class CoachCard:
    """A volunteer beside the learner. `reasons` are (speaks for it, words), `met` of `of` criteria."""

    public_id: str
    name: str
    initials: str
    words: str
    met: int
    of: int
    fits: bool
    reasons: tuple[tuple[bool, str], ...]
    points: str
    parts: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A week of two people: for each part of the day its name and six cells (class, what it says)."""

    days: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    learner: str
    coach: str


def queued(request: CoachingRequest, now: datetime) -> Queued:
    """A learner in one line."""
    days = waiting.days_waited(request, now)
    place = request.place or _("Online only")
    return Queued(
        request.public_id, request.person.name, initials(request.person.name),
        f"{request.language.upper()} · {level_label(request.level)} · {place}",
        speech().say_many("one day", "%(num)s days", days) if days else _("since today"), days >= LONG_WAIT,
    )  # fmt: skip


def learner_card(request: CoachingRequest) -> LearnerCard:
    """What ASTI knows of a learner, to decide."""
    spoken = speech()
    asked = _("asked on %(day)s", day=spoken.day_and_year(request.asked_at.astimezone(LOCAL).date()))
    speaks = _names(request.languages)
    facts = []
    if request.place:
        facts.append((icon("map-pin"), _("Meets within %(km)s km", km=request.reach_km)))
    if request.online:
        facts.append((icon("message-circle"), _("Online is fine")))
    if request.must_share:
        facts.append((icon("languages"), _("Needs a coach who speaks one of these languages: %(names)s", names=speaks)))
    if request.minor:
        facts.append((icon("shield-check"), _("16 or 17 years old")))
    return LearnerCard(
        request.public_id, request.person.name, initials(request.person.name),
        " · ".join(filter(None, [request.place, asked])), badges([request.language])[0],
        level_label(request.level), speaks, request.wishes, tuple(facts),
    )  # fmt: skip


def coach_card(request: CoachingRequest, volunteer: Volunteer, found: Candidate, now: datetime) -> CoachCard:
    """A volunteer with all that speaks for and against the pair."""
    reasons = _reasons(request, volunteer, found)
    criteria = {Obstacle.LEVEL, Obstacle.TOO_FAR, Obstacle.NO_COMMON_TIME, Obstacle.NO_SHARED_LANGUAGE}
    return CoachCard(
        volunteer.public_id, volunteer.person.name, initials(volunteer.person.name), _standing(volunteer, found, now),
        met=len(criteria - found.obstacles), of=len(criteria), fits=not found.obstacles, reasons=reasons,
        points=points_words(found.points), parts=parts_words(found.parts),
    )  # fmt: skip


def grid(request: CoachingRequest, volunteer: Volunteer | None) -> Grid:
    """When the learner is free, and the best coach beside."""
    theirs = volunteer.free_slots if volunteer else 0
    short = tuple(speech().weekday(day, "short") for day in range(DAYS))
    letter, other = (_letter(one.person.name) if one else "" for one in (request, volunteer))
    says = {0: ("", ""), 1: ("a", letter), 2: ("b", other), 3: ("c", letter + other)}
    rows = []
    for part in range(PARTS):
        slots = [day * PARTS + part for day in range(DAYS)]
        cells = [(request.free_slots >> slot & 1) + 2 * (theirs >> slot & 1) for slot in slots]
        rows.append((dates.capital(_(PART_OF_DAY[part])), tuple(says[cell] for cell in cells)))
    return Grid(short, tuple(rows), request.person.name, volunteer.person.name if volunteer else "")


def told_to_both(request: CoachingRequest, volunteer: Volunteer, found: Candidate) -> list[tuple[str, str]]:
    """What both read in the proposal: facts, and no contact data."""
    common = request.free_slots & volunteer.free_slots
    facts = [
        (_("Language"), speech().language_name(request.language)),
        (_("Level of the learner"), level_label(request.level)),
        (_("When both are free"), slots_words(common, speech()) if common else _("By agreement")),
        (_("Where"), dates.capital(_(DISTANCE_BAND[distance_band(found.km)])) if found.km is not None else _("Online")),
    ]
    shared = _names(_shared(request, volunteer))
    return [*facts, *([(_("You can also talk in"), shared)] if shared else [])]


def points_words(points: int) -> str:
    """A score."""
    return _("%(points)s points", points=speech().number(points))


def parts_words(parts: Mapping[Part, int]) -> str:
    """What a score is made of."""
    return " · ".join(speech().labelled(_(PART[part]), speech().number(points)) for part, points in parts.items())


def initials(name: str) -> str:
    """Two letters for a round badge."""
    return "".join(part[0] for part in name.split()[:2]).upper()


def _letter(name: str) -> str:
    return name[:1].upper()


def _names(tags: Iterable[str]) -> str:
    return dates.listed([speech().language_name(tag) for tag in sorted(tags)], speech())


def _shared(request: CoachingRequest, volunteer: Volunteer) -> set[str]:
    return (set(request.languages) & {*volunteer.understands, *volunteer.offers}) - {request.language}


def _standing(volunteer: Volunteer, found: Candidate, now: datetime) -> str:
    until = volunteer.qualified_until
    if until is None:
        trained = _("not trained yet")
    elif until >= now.astimezone(LOCAL).date():
        trained = _("trained, valid until %(day)s", day=speech().day_and_year(until))
    else:
        trained = _("training no longer valid")
    busy = _("%(taken)s of %(places)s places taken", taken=volunteer.capacity - found.coach.free_places,
             places=volunteer.capacity)  # fmt: skip
    return " · ".join(filter(None, [volunteer.place, trained, busy]))


def _reasons(request: CoachingRequest, volunteer: Volunteer, found: Candidate) -> tuple[tuple[bool, str], ...]:
    against, spoken = found.obstacles, speech()

    def said(obstacle: Obstacle, words: str) -> tuple[bool, str]:
        return (False, _(OBSTACLE[obstacle])) if obstacle in against else (True, words)

    level = volunteer.offers.get(request.language)
    speaks = spoken.language_name(request.language) + (f" ({level_label(level)})" if level else "")
    return (
        said(Obstacle.LEVEL, _("Speaks %(language)s", language=speaks)),
        (Obstacle.TOO_FAR not in against, _place(request, volunteer, found)),
        said(Obstacle.NO_COMMON_TIME, _times(request, volunteer)),
        _language(request, volunteer, against),
    )


def _place(request: CoachingRequest, volunteer: Volunteer, found: Candidate) -> str:
    if found.km is None:
        return _("Both can meet online") if request.online and volunteer.online else _("The place is not known")
    away = _("%(km)s km away", km=speech().number(round(found.km, 1)))
    if found.km > min(request.reach_km, volunteer.reach_km):
        online = request.online and volunteer.online
        return f"{away} · " + (_("both can meet online") if online else _("farther than they go"))
    return away


def _times(request: CoachingRequest, volunteer: Volunteer) -> str:
    common = (request.free_slots & volunteer.free_slots).bit_count()
    if not common:
        return _("Comes now and then")
    return speech().say_many("One free time in common", "%(num)s free times in common", common)


def _language(request: CoachingRequest, volunteer: Volunteer, against: Iterable[Obstacle]) -> tuple[bool, str]:
    shared = _names(_shared(request, volunteer))
    if Obstacle.NO_SHARED_LANGUAGE in against or not shared:
        return Obstacle.NO_SHARED_LANGUAGE not in against, _("No other language in common")
    return True, _("They can help each other out in %(languages)s", languages=shared)
