"""A request and a pair in sentences, for pages and mail alike: times, levels, distance in bands, the partner."""

from collections.abc import Iterable
from dataclasses import dataclass

from commune_hub.events.words import CefrLevel
from commune_hub.places.geo import distance_band, haversine_km
from commune_hub.speech import dates
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.speech.coaching_sentences import DISTANCE_BAND, PHRASE
from commune_hub.volunteers.coaching.models import CoachingPair, PairMessage, PairSide
from commune_hub.volunteers.coaching.rules import names_a_contact, shows_contacts
from commune_hub.volunteers.coaching.words import PairState, Side
from commune_hub.volunteers.rules import PARTS, slots_in

PART_OF_DAY = (N_("morning"), N_("afternoon"), N_("evening"))
# What somebody can do already who has this level: people do not know what A1 means.
LEVEL_CHOICES = (
    (CefrLevel.A1_1, N_("Nothing, or a few words")),
    (CefrLevel.A1, N_("I can say who I am and ask simple things (A1)")),
    (CefrLevel.A2, N_("I can talk about my family and my day (A2)")),
    (CefrLevel.B1, N_("I can say what I did and what I plan (B1)")),
    (CefrLevel.B2, N_("I can follow a discussion and say what I think (B2 or more)")),
)


def slots_words(free_slots: int, speech: Speech) -> str:
    """The free times of a week: "Tuesday evening, Thursday morning and evening"."""
    days: dict[int, list[int]] = {}
    for slot in slots_in(free_slots):
        days.setdefault(slot // PARTS, []).append(slot % PARTS)
    told = [speech.labelled(dates.capital(speech.weekday(day)), _parts(parts, speech)) for day, parts in days.items()]
    return " · ".join(told)


def _parts(parts: Iterable[int], speech: Speech) -> str:
    return dates.listed([speech.say(PART_OF_DAY[part]) for part in parts], speech)


def level_label(level: int) -> str:
    """A1, A2.1, ..."""
    return CefrLevel(level).label


def phrase_words(message: PairMessage, speech: Speech) -> str:
    """What a message says: the ready sentence in this language, or the words as they were written."""
    return speech.say(PHRASE[message.phrase]) if message.phrase else message.text  # type: ignore[index]


def first_name(name: str) -> str:
    """What the partner is called before both have said yes."""
    return (name.split() or [""])[0]


def partner_name(side: PairSide) -> str:
    """What the partner is called: the first name, and the whole one once both have said yes."""
    pair, name = side.pair, side.partner.person.name
    return name if shows_contacts(PairState(pair.state), pair.answers) else first_name(name)


@dataclass(frozen=True, slots=True)
class Profile:
    """What each of the two needs to decide, and no contact data: pairs of a question and an answer."""

    name: str
    facts: tuple[tuple[str, str], ...]


def profile_for(side: PairSide, speech: Speech) -> Profile:
    """The partner, as this side may know them before it answers."""
    pair = side.pair
    request, volunteer = pair.request, pair.volunteer
    learner_asks = side.side == Side.LEARNER
    facts = [
        (speech.say(N_("Language")), speech.language_name(request.language)),
        (speech.say(N_("Level of the learner")), level_label(request.level)),
        (speech.say(N_("When both are free")), _common_times(pair, speech)),
        (speech.say(N_("Where")), _where(pair, speech)),
    ]
    shared = sorted(set(request.languages) & {*volunteer.understands, *volunteer.offers})
    if shared:
        names = dates.listed([speech.language_name(tag) for tag in shared], speech)
        facts.append((speech.say(N_("You can also talk in")), names))
    wishes = volunteer.wishes if learner_asks else request.wishes
    # Whoever wrote a phone number among the wishes gave it to ASTI, and not to a stranger.
    if wishes and not names_a_contact(wishes):
        facts.append((speech.say(N_("Wishes")), wishes))
    return Profile(first_name(side.partner.person.name), tuple(facts))


def _common_times(pair: CoachingPair, speech: Speech) -> str:
    common = pair.request.free_slots & pair.volunteer.free_slots
    return slots_words(common, speech) if common else speech.say(N_("By agreement"))


def _where(pair: CoachingPair, speech: Speech) -> str:
    here, there = pair.request.point, pair.volunteer.point
    ways = []
    if here is not None and there is not None:
        ways.append(speech.say(DISTANCE_BAND[distance_band(haversine_km(here, there))]))
    if pair.request.online and pair.volunteer.online:
        ways.append(speech.say(N_("online is possible")))
    return dates.capital(", ".join(ways)) if ways else speech.say(N_("By agreement"))
