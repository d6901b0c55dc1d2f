"""What stands on paper: the poster of an activity or a commune, and the leaflet, in five languages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from commune_hub.accounts.models import Organisation
from commune_hub.events.models import Activity, Meeting
from commune_hub.events.words import RegistrationBy, SignupMode
from commune_hub.places.communes import Commune
from commune_hub.speech import telling
from commune_hub.speech.catalogues import N_, Speech, own_name_of
from commune_hub.web.cards import PractisedLanguage
from commune_hub.web.pages import parts
from commune_hub.web.request import settings

# Beside the badge, in the language that is practised.
_SPEAK = {
    "lb": "Lëtzebuergesch schwätzen",
    "fr": "Parler français",
    "de": "Deutsch sprechen",
    "en": "Speak English",
    "pt": "Falar português",
    "it": "Parlare italiano",
    "es": "Hablar español",
}
_MOST_BADGES = 5
_LINES_OF_A_LEAFLET = 14


@dataclass(frozen=True, slots=True)
class Poster:
    """Everything on one sheet, ready to print. `facts` are (which icon, strong words, small words)."""

    organiser: str
    partner: str
    badges: tuple[PractisedLanguage, ...]
    line: str
    line_lang: str
    title: str
    others: list[tuple[str, str, str]]
    facts: list[tuple[str, str, str]]
    qr: Markup
    call: tuple[str, str, str]
    url: str
    phone: str
    strip: list[tuple[str, str, str, str]]
    foot: str
    offers: list[tuple[str, str, str, str]]

    @property
    def dense(self) -> bool:
        """Whether there is so much on it that the letters have to be smaller for one sheet to hold it, also where the
        computer has wide letters (DejaVu)."""
        lines = 2 * _lines(self.title, 20) + _lines(self.line, 26) + _lines("    ".join(o[2] for o in self.others), 43)
        lines += sum(_lines(strong, 30) + _lines(words, 48) for _, strong, words in self.facts)
        return lines > 13


def _lines(text: str, width: int) -> int:
    """How many lines a text takes where so many letters stand in one."""
    return -(-len(text) // width)


def of_activity(activity: Activity, speech: Speech, speeches: Sequence[Speech]) -> Poster:
    """The poster of an activity: what, when, where, for whom, and a code that leads to the form."""
    url = parts.short_url("activity", activity_id=activity.public_id)
    partners = sorted(row.organisation.name for row in activity.co_organisers)
    others = [(other.code, other.direction, telling.title_of(activity, other)) for other in speeches]
    title = telling.title_of(activity, speech)
    return Poster(
        organiser=activity.organisation.name,
        partner=speech.say(N_("with %(names)s"), names=telling.listed(partners, speech)) if partners else "",
        badges=parts.badges(activity.tags[:_MOST_BADGES]),
        line=_line(activity.tags),
        line_lang=activity.tags[0] if len(activity.tags) == 1 else "",
        title=title,
        others=[row for row in others if row[2] != title],
        facts=[row for row in _facts(activity, speech) if row[1]],
        qr=parts.qr_svg(url),
        call=_call(activity, speech),
        url=parts.as_read(url),
        phone=parts.contact_for(activity.organisation, speech, activity).phone,
        strip=[
            (other.code, other.direction, other.spoken.own_name, _scan(activity, other))
            for other in speeches
            if other.code != speech.code
        ],
        foot=_foot(speech),
        offers=[],
    )


def _facts(activity: Activity, speech: Speech) -> list[tuple[str, str, str]]:
    level, _ = telling.level_words(activity.level_from, activity.level_to, speech)
    venue = activity.venue
    bus = speech.say(N_("bus stop %(name)s"), name=venue.bus_stop) if venue and venue.bus_stop else ""
    extras = [telling.children_words(activity, speech), telling.access_words(venue, speech)]
    return [
        ("when", telling.rhythm(activity, speech), telling.season_words(activity, speech)),
        ("where", telling.place_words(activity, venue, speech), _dots(venue.address if venue else "", bus)),
        ("level", level, telling.size_words(activity, speech)),
        ("price", telling.price_words(activity, speech), _dots(*extras)),
    ]


def _call(activity: Activity, speech: Speech) -> tuple[str, str, str]:
    helps = speech.say(N_("(we help you)"))
    if activity.registration_by != RegistrationBy.HUB or activity.signup in (
        SignupMode.INVITATION,
        SignupMode.ON_REQUEST,
    ):
        return speech.say(N_("Dates and sign-up")), speech.say(N_("Scan with your phone.")), helps
    if activity.signup == SignupMode.DROP_IN:
        return speech.say(N_("Just come")), speech.say(N_("Scan with your phone: all dates, and the way there.")), helps
    return speech.say(N_("Sign up")), speech.say(N_("Scan with your phone. No account. No password.")), helps


def _scan(activity: Activity, speech: Speech) -> str:
    free = telling.price_words(activity, speech) if activity.free_of_charge else ""
    return " ".join(filter(None, (speech.say(N_("Scan the code with your phone.")), f"{free}." if free else "")))


def of_commune(
    commune: Commune,
    organisations: Sequence[Organisation],
    meetings: Sequence[Meeting],
    speech: Speech,
    speeches: Sequence[Speech],
) -> Poster:
    """The poster and the leaflet that a commune hands to every newcomer."""
    url = parts.short_url("commune", slug=commune.slug)
    tags = tuple(dict.fromkeys(tag for meeting in meetings for tag in meeting.activity.tags))
    return Poster(
        organiser=organisations[0].name if organisations else commune.name(speech.code),
        partner="",
        badges=parts.badges(tags) if len(tags) == 1 else (),
        line=_line(tags),
        line_lang=tags[0] if len(tags) == 1 else "",
        title=_title(commune, speech),
        others=[(other.code, other.direction, _title(commune, other)) for other in speeches if other is not speech],
        facts=[row for row in _commune_facts(commune, meetings, speech) if row[1]],
        qr=parts.qr_svg(url),
        call=(
            speech.say(N_("See all dates")),
            speech.say(N_("Scan with your phone. No account. No password.")),
            speech.say(N_("(we help you)")),
        ),
        url=parts.as_read(url),
        phone=next((organisation.phone for organisation in organisations if organisation.phone), ""),
        strip=[
            (other.code, other.direction, other.spoken.own_name, other.say(N_("Scan the code with your phone.")))
            for other in speeches
            if other is not speech
        ],
        foot=_foot(speech),
        offers=_fitting([_offer(meeting, speech) for meeting in meetings]),
    )


def _title(commune: Commune, speech: Speech) -> str:
    return speech.say(N_("Practise languages in %(commune)s"), commune=commune.name(speech.code))


def _commune_facts(commune: Commune, meetings: Iterable[Meeting], speech: Speech) -> list[tuple[str, str, str]]:
    meetings = list(meetings)
    kinds = dict.fromkeys(telling.kind_words(meeting.activity.kind, speech) for meeting in meetings)
    places = dict.fromkeys(telling.place_words(m.activity, m.venue, speech) for m in meetings)
    names = list(dict.fromkeys(commune.names[:3]))
    all_free = meetings and all(meeting.activity.free_of_charge for meeting in meetings)
    return [
        ("what", _dots(*kinds), speech.say(N_("You meet people and talk."))),
        ("where", " · ".join(names), _dots(*list(places)[:3])),
        ("level", speech.say(N_("Beginners are welcome")), speech.say(N_("You need not know much yet."))),
        ("price", speech.say(N_("Free of charge")) if all_free else "", ""),
    ]


def _offer(meeting: Meeting, speech: Speech) -> tuple[str, str, str, str]:
    """One line of the leaflet: the rhythm, since paper lasts longer than the next date."""
    activity = meeting.activity
    return (
        telling.rhythm_days(activity, speech),
        telling.slot_times(activity, speech),
        f"{telling.title_of(activity, speech)} ({telling.language_names(activity.tags, speech)})",
        telling.place_words(activity, meeting.venue, speech),
    )


def _fitting(offers: list[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    """As many as half a sheet holds."""
    room, fitting = _LINES_OF_A_LEAFLET, []
    for days, times, title, place in offers:
        room -= max(_lines(days, 19) + _lines(times, 19), _lines(title, 40) + _lines(place, 44))
        if room < 0:
            break
        fitting.append((days, times, title, place))
    return fitting


def _line(tags: Sequence[str]) -> str:
    if len(tags) == 1:
        return _SPEAK.get(tags[0].split("-")[0], own_name_of(tags[0]))
    return " · ".join(own_name_of(tag) for tag in tags[:_MOST_BADGES])


def _foot(speech: Speech) -> str:
    return speech.say(N_("All places: %(address)s"), address=parts.as_read(settings().base_url))


def _dots(*words: str) -> str:
    return " · ".join(word for word in words if word)
