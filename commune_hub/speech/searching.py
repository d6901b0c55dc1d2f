"""What somebody looks for, in words: the answer's sentence, the form's choices, the ways on."""

from functools import lru_cache

from commune_hub.matching.search import Rung, Search
from commune_hub.matching.words import DayTime, Need, Step, When
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.speech.sentences import KIND

WHEN: dict[When, str] = {
    When.TODAY: N_("Today"),
    When.WEEK: N_("This week"),
    When.NEXT: N_("Next week"),
    When.MONTH: N_("30 days"),
}
DAYTIME: dict[DayTime, str] = {DayTime.DAY: N_("During the day"), DayTime.EVENING: N_("In the evening")}
NEED: dict[Need, str] = {
    Need.BEGINNER: N_("For beginners"),
    Need.CHILD_CARE: N_("With child care"),
    Need.STEP_FREE: N_("Without steps"),
    Need.FREE_SEATS: N_("With free seats"),
    Need.ONLINE: N_("Online"),
}
LEVEL: dict[str, str] = {
    "A1": N_("A1: I begin"),
    "A2": N_("A2: I say simple things"),
    "B1": N_("B1: I talk about my life"),
    "B2": N_("B2: I discuss"),
    "C1": N_("C1: I say nearly everything"),
    "C2": N_("C2: I say everything"),
}
# The same inside a sentence: in Luxembourgish, within 5 km, this week.
_WHEN_INSIDE = {
    When.TODAY: N_("today"),
    When.WEEK: N_("this week"),
    When.NEXT: N_("next week"),
    When.MONTH: N_("in the next 30 days"),
}
_DAYTIME_INSIDE = {DayTime.DAY: N_("during the day"), DayTime.EVENING: N_("in the evening")}
_NEED_INSIDE = {
    Need.BEGINNER: N_("for beginners"),
    Need.CHILD_CARE: N_("with child care"),
    Need.STEP_FREE: N_("without steps"),
    Need.FREE_SEATS: N_("with free seats"),
    Need.ONLINE: N_("online"),
}
_STEP = {
    Step.FARTHER: N_("Up to %(km)s km away"),
    Step.ANY_DAY: N_("On any day, at any time"),
    Step.FULL_TOO: N_("Also where it is full now"),
    Step.ANY_LEVEL: N_("For every level"),
    Step.ANY_KIND: N_("Every kind of activity"),
    Step.ONLINE: N_("Online, from home"),
    Step.ANY_LANGUAGE: N_("In every language"),
    Step.ANYWHERE: N_("In the whole country, 30 days"),
    Step.EVERYTHING: N_("Everything in the country, 30 days"),
}
_WITHOUT = {
    Need.CHILD_CARE: N_("Also without child care"),
    Need.STEP_FREE: N_("Also where there are steps"),
    Need.ONLINE: N_("Also where people meet"),
}


@lru_cache(2000)
def search_words(search: Search, speech: Speech) -> str:
    """The conditions in the order of the form: "in Luxembourgish, within 5 km, this week, in the evening"."""
    return ", ".join(_conditions(search, speech, [speech.say(_WHEN_INSIDE[search.when])]))


def wish_words(search: Search, speech: Speech) -> str:
    """The same without days, with the place: "Belvaux: in Luxembourgish, within 5 km, in the evening"."""
    wish = ", ".join(_conditions(search, speech, []))
    return speech.say(N_("%(place)s: %(wish)s"), place=search.place, wish=wish) if search.place else wish


def _conditions(search: Search, speech: Speech, when: list[str]) -> list[str]:
    say = speech.say
    return [
        *([say(KIND[search.kind])] if search.kind else []),
        *([say(N_("in %(language)s"), language=speech.language_name(search.language))] if search.language else []),
        *([] if search.online else [_where(search, speech)]),
        *when,
        *(speech.weekday(day) for day in sorted(search.days)),
        *([say(_DAYTIME_INSIDE[search.daytime])] if search.daytime else []),
        *([say(N_("level %(level)s"), level=search.level)] if search.level else []),
        *(say(_NEED_INSIDE[need]) for need in Need if need in search.needs),
    ]


def _where(search: Search, speech: Speech) -> str:
    if search.near is None:
        return speech.say(N_("in the whole country"))
    return speech.say(N_("within %(km)s km"), km=search.radius)


def count_words(total: int, speech: Speech) -> str:
    """How much there is."""
    return speech.say_many("One activity", "%(num)s activities", total) if total else speech.say(N_("No activity"))


def step_words(rung: Rung, speech: Speech) -> str:
    """A way on."""
    if rung.step is Step.LATER:
        return speech.say(WHEN[rung.search.when])
    if rung.step is Step.ANY_NEED:
        return speech.say(_WITHOUT[rung.without]) if rung.without else ""
    return speech.say(_STEP[rung.step], km=rung.search.radius)
