"""What the pairing says: why two suit, why a plan has nobody for a learner, what would help most people."""

from collections.abc import Mapping
from enum import Enum

from commune_hub.matching.gaps import Chosen, Coaching, Table
from commune_hub.matching.words import Method, Part, Without
from commune_hub.places.communes import commune_of
from commune_hub.speech import dates
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.speech.coaching import PART_OF_DAY, slots_words
from commune_hub.volunteers.rules import PARTS, slots_in

PART: dict[Enum, str] = {
    Part.NEAR: N_("Distance"),
    Part.TIMES: N_("Common times"),
    Part.LEVEL: N_("Level"),
    Part.SHARED: N_("Shared language"),
    Part.WAITING: N_("Waiting time"),
}

METHOD: dict[Enum, str] = {
    Method.COMPLETE: N_("Every possible pair was looked at."),
    Method.BEST_FEW: N_("There are many: for each learner the best %(num)s possible coaches were looked at."),
}

# What stands between a learner and those volunteers who would suit but for this.
BUT: dict[Enum, str] = {
    Without.OTHERS_FIRST: N_("All are with others in this plan."),
    Without.TAKEN_OUT: N_("All were taken out of the plan."),
    Without.NO_COMMON_TIME: N_("They are free at other times: %(times)s."),
    Without.NOT_FREE: N_("All look after as many people as they can."),
    Without.NO_SHARED_LANGUAGE: N_("They share no language with the learner."),
    Without.LEVEL: N_("They do not know the language better than the learner."),
    Without.MINOR: N_("Bulletin no. 5 has not been seen."),
    Without.NOT_QUALIFIED: N_("They have no valid training."),
    Without.NO_CHARTER: N_("They have not agreed to the charter yet."),
    Without.NOT_ACTIVE: N_("They are not active now."),
}


def why_nobody(
    why: Mapping[str, str | int], *, language: str, free_slots: int, reach_km: int, speech: Speech
) -> str:
    """Why a plan has nobody for a learner (plans.Why), and what would change it."""
    code, name = Without(str(why["code"])), speech.language_name(language)
    if code is Without.TOO_FAR:
        return _too_far(why, name, free_slots, reach_km, speech)
    if code is Without.OTHER_LANGUAGE:
        return speech.say(N_("No volunteer offers %(language)s."), language=name)
    if code not in BUT:
        return speech.say(N_("More than one thing stands between the learner and each volunteer."))
    suit = speech.say(N_("Volunteers who would suit: %(num)s."), num=speech.number(int(why["count"])))
    return f"{suit} {speech.say(BUT[code], times=slots_words(int(why.get('slots', 0)), speech))}"


def _too_far(why: Mapping[str, str | int], language: str, free_slots: int, reach_km: int, speech: Speech) -> str:
    times = slots_in(free_slots)
    if len(times) == 1:
        nobody = speech.say(
            N_("Nobody within %(km)s km speaks %(language)s on %(time)s."), km=reach_km, language=language,
            time=slot_words(times[0], speech),
        )  # fmt: skip
    else:
        nobody = speech.say(
            N_("Nobody within %(km)s km speaks %(language)s at these times."), km=reach_km, language=language
        )
    gives = int(why.get("gives", 0))
    if not gives:
        return nobody
    more = speech.say_many(
        "%(km)s km would give one volunteer.", "%(km)s km would give %(num)s volunteers.", gives, km=why["km"]
    )
    return f"{nobody} {more}"


def slot_words(slot: int, speech: Speech) -> str:
    """One part of the week inside a sentence: "Tuesday evening"."""
    day = speech.weekday(slot // PARTS)
    part = speech.say(PART_OF_DAY[slot % PARTS])
    return speech.say(N_("%(day)s %(part)s"), day=day, part=part)


def offer_title(chosen: Chosen, speech: Speech) -> str:
    """What would help: "A Luxembourgish A2 table in Differdange, Tuesday evening"."""
    offer = chosen.offer
    place = commune_of(offer.lau2).name(speech.code)
    language = speech.language_name(offer.language)
    if isinstance(offer, Table):
        title = speech.say(
            N_("A table in %(place)s: %(language)s %(level)s, %(time)s"), place=place, language=language,
            level=offer.level, time=slot_words(offer.slot, speech),
        )  # fmt: skip
        return dates.capital(title)
    return _coaching_title(offer, chosen.volunteers, place, language, speech)


def _coaching_title(offer: Coaching, volunteers: int, place: str, language: str, speech: Speech) -> str:
    if not offer.shared:
        return speech.say_many(
            "One volunteer for %(language)s in %(place)s", "%(num)s volunteers for %(language)s in %(place)s",
            volunteers, language=language, place=place,
        )  # fmt: skip
    return speech.say_many(
        "One volunteer for %(language)s in %(place)s, with people who speak %(shared)s",
        "%(num)s volunteers for %(language)s in %(place)s, with people who speak %(shared)s",
        volunteers, language=language, place=place, shared=speech.language_name(offer.shared),
    )  # fmt: skip
