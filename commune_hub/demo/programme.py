"""The programme of the demo country: about sixty activities, each a pattern at a place, for a season around now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from commune_hub.demo.patterns import PATTERNS, Pattern
from commune_hub.events.words import ActivityState, CancelReason


@dataclass(frozen=True, slots=True)
class Span:
    """A season in weeks, counted from the Monday of this week; the last one is included. A course of so many
    meetings ends with the last of them."""

    first: int
    last: int


class Crowd(Enum):
    """How many come."""

    NOBODY = "nobody"
    LIGHT = "light"
    BUSY = "busy"
    FULL = "full"


class Pause(Enum):
    """When there is a pause: never, on public holidays, or in the school holidays as well."""

    NEVER = "never"
    PUBLIC = "public"
    SCHOOL = "school"


# No season is longer than 400 days.
_LONGEST = 56
RUNNING = Span(-7, 18)
LAST = Span(-42, -16)


def _from(week: int) -> Span:
    """From this week on, for a course."""
    return Span(week, week + _LONGEST)


@dataclass(frozen=True, slots=True)
class Offer:
    """One activity. What is empty comes from its pattern; `dates` are loose ones as (week, weekday from 0)."""

    key: str
    pattern: str
    organiser: str
    hall: str = ""
    days: str = ""
    at: str = ""
    languages: str = ""
    levels: str = ""
    hosts: str = ""
    span: Span = RUNNING
    dates: tuple[tuple[int, int], ...] = ()
    crowd: Crowd = Crowd.BUSY
    pause: Pause = Pause.SCHOOL
    state: ActivityState = ActivityState.PUBLISHED
    partners: str = ""
    follows: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, object] = field(default_factory=dict)
    rounds: str = ""

    @property
    def shape(self) -> Pattern:
        """Its pattern."""
        return PATTERNS[self.pattern]


@dataclass(frozen=True, slots=True)
class Mishap:
    """What happens to the first meeting of an activity that is at least so many days away."""

    key: str
    days: int
    cancelled: CancelReason | None = None
    moved_days: int = 0
    at: str = ""
    hall: str = ""
    seats: int | None = None


_BELVAUX = {
    "title_lb": "Dësch zum Schwätzen zu Bieles",
    "title_fr": "Table de conversation à Belvaux",
    "title_de": "Gesprächstisch in Beles",
    "title_en": "Conversation table in Belvaux",
    "title_pt": "Mesa de conversação em Belvaux",
    "description_lb": "Mir schwätze lues an ouni Buch. All Kéier en anert Thema: de Maart, d’Schoul, den Dokter.",
    "description_fr": "On parle lentement et sans livre. Chaque fois un autre thème : le marché, l’école, le médecin.",
    "description_de": "Wir sprechen langsam und ohne Buch. Jedes Mal ein anderes Thema: Markt, Schule, Arzt.",
    "description_en": "We speak slowly and without a book. Another theme each time: the market, school, the doctor.",
    "description_pt": "Falamos devagar e sem livro. Cada vez um tema diferente: o mercado, a escola, o médico.",
}
_KAUDERWELSCH = {
    "title_fr": "Café Méli-Mélo",
    "title_lb": "Café Kauderwelsch",
    "title_de": "Café Kauderwelsch",
    "description_fr": "Une langue par table. Changez de table quand vous voulez. Boissons offertes par la commune.",
    "description_lb": "Eng Sprooch pro Dësch. Wiesselt, wéini Dir wëllt. D’Gemeng bezilt d’Gedrénks.",
}
_TWO_ROUNDS = {
    "title_fr": "Deux langues en une soirée",
    "title_en": "Two languages in one evening",
    "description_fr": "À 19:00 luxembourgeois, italien, anglais ; à 19:45 espagnol, français, allemand. Six par table.",
    "description_en": "At 19:00 Luxembourgish, Italian, English; at 19:45 Spanish, French, German. Six at a table.",
}
_MUSEUM = {
    "title_fr": "Parler d’une œuvre",
    "title_lb": "Iwwer e Wierk schwätzen",
    "title_en": "Talking about a work of art",
    "description_fr": "Une courte visite, puis on en parle autour d’un café, par petites tables.",
    "description_en": "A short visit, then we talk about it over coffee, at small tables.",
}
_THEATRE = {
    "title_lb": "Owender mat engem Thema",
    "description_lb": "Eng Schauspillerin liest zéng Minutten, duerno schwätze mir doriwwer.",
}
_WALK = {
    "title_fr": "Marcher et parler",
    "title_lb": "Trëppelen a schwätzen",
    "title_pt": "Andar e falar",
    "description_fr": "Une heure de marche facile, poussettes bienvenues. Par tous les temps.",
}
_WORKSHOP = {
    "title_fr": "Quatre semaines pour commencer",
    "title_en": "Four weeks to begin",
    "description_fr": "Pour les personnes réfugiées et toutes celles qui arrivent. Petits groupes, du lundi au jeudi.",
    "description_en": "For refugees and everyone who has just arrived. Small groups, Monday to Thursday.",
}
_FORTY_SIX = {
    "description_fr": "46 heures. Certificat à partir de 70 % de présence. Le livre est compris.",
    "description_en": "46 hours. Certificate from 70% attendance. The book is included.",
}
_SIGNS = {
    "title_fr": "Table en langue des signes",
    "title_de": "Tisch in Gebärdensprache",
    "description_fr": "Pour personnes sourdes, entendantes et curieuses. On commence par l’alphabet.",
    "description_de": "Für Gehörlose, Hörende und Neugierige. Wir beginnen mit dem Alphabet.",
}

_AT_SCHOOL = {"convention_reference": "CONV-DEMO-{year}-{number:02d}"}
_PROVIDER = {"registration_by": "provider", "registration_contact": "https://wuertwiessel.example.org/inscription"}
_ARCHIVED, _DRAFT = ActivityState.ARCHIVED, ActivityState.DRAFT

PROGRAMME = (
    # Wherever no neighbour is near, a table meets twice a week, so that "this week" is never empty there.
    # Last season, from which this one was taken over or can be.
    Offer("belvaux-last", "table", "sanem", "belvaux", levels="A1 A2", hosts="Josée, Marc", span=LAST, state=_ARCHIVED,
          texts=_BELVAUX, given={"child_care": True}),
    Offer("soleuvre-cafe-last", "second_monday", "sanem", "soleuvre", days="4WE", span=LAST, state=_ARCHIVED),
    Offer("esch-library-last", "morning_table", "esch-sur-alzette", "esch_library", levels="A2 B1", hosts="Tilly",
          span=LAST, state=_ARCHIVED),
    # Sanem. Within 5 km of Belvaux there is a Luxembourgish table with free seats every evening from Monday to Friday.
    Offer("belvaux", "table", "sanem", "belvaux", levels="A1 A2", hosts="Josée, Marc", crowd=Crowd.LIGHT,
          pause=Pause.NEVER, follows="belvaux-last", texts=_BELVAUX, given={"child_care": True}),
    Offer("soleuvre-monday", "table", "sanem", "soleuvre_library", days="MO", levels="A2 B1", hosts="Fernand",
          crowd=Crowd.LIGHT, pause=Pause.NEVER),
    Offer("soleuvre-cafe", "tuesday_evening", "sanem", "soleuvre", days="WE", at="19:00-21:00", languages="lb fr pt",
          pause=Pause.PUBLIC, follows="soleuvre-cafe-last", texts=_KAUDERWELSCH),
    Offer("belval-morning", "morning_table", "sanem", "belval_square", languages="fr", levels="A1.2 A2.2",
          hosts="Odile, Rui", given={"child_care": True, "minors_allowed": True}),
    Offer("sanem-friday", "table", "sanem", "belvaux", days="FR", at="19:00-20:30", languages="pt", levels="A1 B2",
          hosts="Dulce", crowd=Crowd.LIGHT, given={"minors_allowed": True}),
    Offer("belval-beginners", "by_volunteers", "sanem", "belval_square", levels="A1.1 A1", hosts="Claudine, Pit",
          span=_from(2), crowd=Crowd.LIGHT, partners="mateneen"),
    Offer("ehlerange-walk", "table", "sanem", "ehlerange", days="SU", at="14:30-16:00", levels="A1", hosts="Gaby",
          crowd=Crowd.LIGHT, pause=Pause.NEVER, texts=_WALK,
          given={"capacity": 12, "waiting_room": 0, "minors_allowed": True}),
    Offer("sanem-english", "table", "sanem", "soleuvre_library", days="WE", at="18:00-19:30", languages="en",
          levels="A2 B2", span=Span(3, 27), state=_DRAFT),
    # Esch-sur-Alzette
    Offer("esch-two-rounds", "two_rounds", "esch-sur-alzette", "esch_corner", crowd=Crowd.FULL, pause=Pause.PUBLIC,
          texts=_TWO_ROUNDS, rounds="lb it en|es fr de"),
    Offer("esch-library", "morning_table", "esch-sur-alzette", "esch_library", levels="A2 B1", hosts="Tilly",
          crowd=Crowd.FULL, pause=Pause.PUBLIC, follows="esch-library-last"),
    Offer("esch-belval", "table", "esch-sur-alzette", "esch_belval", days="TH", levels="A1.2 A2", hosts="Sandro",
          crowd=Crowd.LIGHT, pause=Pause.NEVER),
    Offer("esch-german", "table", "esch-sur-alzette", "esch_house", days="MO", at="17:30-19:00", languages="de",
          levels="B1 B2", hosts="Ute"),
    Offer("esch-saturday", "table", "esch-sur-alzette", "esch_house", days="SA", at="10:30-12:00", levels="A1 A2",
          hosts="Romain, Inês", pause=Pause.NEVER),
    Offer("esch-coaching", "coaching", "esch-sur-alzette", "esch_house", levels="A1.2", crowd=Crowd.NOBODY),
    Offer("esch-course", "forty_six_hours", "wuertwiessel", "school_esch", days="TU,TH", levels="A1.1 A1.1",
          span=_from(3), partners="esch-sur-alzette", texts=_FORTY_SIX, given=_AT_SCHOOL),
    # Differdange
    Offer("differdange", "table", "differdange", "differdange", days="WE", at="18:45-20:15", levels="A1 B1",
          hosts="Nadine", crowd=Crowd.LIGHT, pause=Pause.NEVER),
    Offer("obercorn-friday", "table", "differdange", "obercorn", days="FR", at="18:00-19:30", levels="A2.1 B1.1",
          hosts="Serge, Amélia", crowd=Crowd.LIGHT, pause=Pause.NEVER),
    Offer("obercorn-course", "by_volunteers", "differdange", "obercorn", days="TH", at="18:00-19:30",
          levels="A1.1 A1", hosts="Ginette", span=_from(1), crowd=Crowd.BUSY),
    Offer("differdange-parents", "twice_a_week", "differdange", "differdange", days="MO,WE", at="09:00-10:15",
          languages="fr", levels="A1 A2", hosts="Chantal", given={"child_care": True}),
    Offer("niedercorn-cafe", "tuesday_evening", "differdange", "niedercorn", days="1FR", languages="pt lb fr",
          crowd=Crowd.BUSY),
    # Dudelange
    Offer("dudelange-cafe", "eight_evenings", "dudelange", "dudelange", span=_from(-8), crowd=Crowd.FULL),
    Offer("dudelange-twice", "twice_a_week", "dudelange", "dudelange_library", levels="A1 A2", hosts="Marco, Lis",
          pause=Pause.NEVER),
    Offer("dudelange-italian", "table", "dudelange", "dudelange_library", days="WE", at="19:00-20:30", languages="it",
          levels="A2 B2", hosts="Graziella", crowd=Crowd.LIGHT),
    Offer("dudelange-literacy", "literacy", "wuertwiessel", "school_dudelange", at="14:00-15:30", levels="A1.1 A1.1",
          span=_from(-3), partners="dudelange", given={**_AT_SCHOOL, **_PROVIDER}),
    # Pétange
    Offer("rodange-cafe", "tuesday_evening", "petange", "rodange", crowd=Crowd.BUSY),
    Offer("petange", "table", "petange", "petange", days="WE", at="18:00-19:30", levels="A1 A2", hosts="Jeannot",
          pause=Pause.NEVER),
    Offer("petange-french", "morning_table", "petange", "petange", days="TU,FR", languages="fr", levels="A1 A2",
          hosts="Béatrice", given={"child_care": True}),
    # Luxembourg
    Offer("dommeldange-cafe", "last_wednesday", "luxembourg", "dommeldange", crowd=Crowd.FULL, pause=Pause.PUBLIC,
          partners="mateneen", texts=_KAUDERWELSCH, rounds="lb:6 fr:3 en:3 de it es"),
    Offer("museum", "museum_visit", "luxembourg", "kirchberg_museum", crowd=Crowd.FULL, texts=_MUSEUM),
    Offer("station-club", "club_evening", "stammdesch", "station_pub", crowd=Crowd.FULL, pause=Pause.NEVER),
    Offer("theatre", "theme_evenings", "mateneen", "theatre", levels="B1 C1", hosts="Elisabeth",
          dates=((-7, 2), (-2, 3), (1, 1), (5, 4), (9, 1), (15, 3), (19, 1)), texts=_THEATRE, partners="luxembourg"),
    Offer("bonnevoie-twice", "twice_a_week", "luxembourg", "bonnevoie", days="MO,TH", levels="A1 A2",
          hosts="Viviane, Ahmed", crowd=Crowd.FULL, pause=Pause.PUBLIC),
    Offer("kirchberg-lunch", "lunch_table", "luxembourg", "kirchberg_museum", days="TU,TH", levels="A2 B2",
          hosts="Solange"),
    Offer("limpertsberg-lunch", "lunch_table", "luxembourg", "limpertsberg", days="WE", at="12:30-13:30",
          languages="lb", levels="A2 B1", hosts="Paul", crowd=Crowd.FULL),
    Offer("bonnevoie-signs", "table", "luxembourg", "bonnevoie", days="SA", at="14:00-15:30", languages="gsg",
          levels="A1", hosts="Marlène", texts=_SIGNS, pause=Pause.PUBLIC, given={"minors_allowed": True}),
    Offer("hollerich-parents", "morning_table", "luxembourg", "hollerich", days="TU", at="09:30-11:00", languages="fr",
          levels="A1 A2", hosts="Yasmina", given={"child_care": True}),
    Offer("english-table", "table", "stammdesch", "station_pub", days="TH", at="18:30-20:00", languages="en",
          levels="B1 C1", crowd=Crowd.LIGHT, pause=Pause.NEVER, given={"price": "3"}),
    Offer("four-weeks", "four_weeks", "mateneen", "mateneen", levels="A1.1 A1", hosts="Nour, Kim", span=_from(1),
          crowd=Crowd.BUSY, pause=Pause.PUBLIC, texts=_WORKSHOP),
    Offer("online", "online_pairs", "mateneen", levels="A1 B1", hosts="Jos, Mireille", pause=Pause.NEVER),
    Offer("online-or-here", "table", "mateneen", "mateneen", days="MO", at="19:00-20:15", languages="fr",
          levels="A2 B1", hosts="Samira", pause=Pause.NEVER,
          given={"attendance_mode": "both", "online_url": "https://meet.mateneen.example.org/fr", "capacity": 10}),
    Offer("city-course", "forty_six_hours", "wuertwiessel", "school", levels="A1.1 A1.1", span=_from(2),
          texts=_FORTY_SIX, given=_AT_SCHOOL),
    Offer("city-course-running", "forty_six_hours", "wuertwiessel", "school", days="TU,TH", levels="A1.2 A1.2",
          span=_from(-5), crowd=Crowd.FULL, given=_AT_SCHOOL),
    Offer("city-literacy", "literacy", "wuertwiessel", "school", levels="A1.1 A1.1", span=_from(4),
          crowd=Crowd.LIGHT, given=_AT_SCHOOL),
    Offer("civic-french", "civic", "integration", "congress", span=_from(4), pause=Pause.PUBLIC),
    Offer("orientation", "orientation_day", "integration", "congress", dates=((6, 5),), crowd=Crowd.NOBODY,
          partners="luxembourg",
          given={"registration_contact": "https://orientation.example.org/inscription, 26 00 00 17"}),
    Offer("training-last", "training", "mateneen", "mateneen", span=_from(-34), pause=Pause.PUBLIC,
          crowd=Crowd.NOBODY, given={"signup": "whole_course", "capacity": 40}),
    Offer("training", "training", "mateneen", "mateneen", span=_from(2), pause=Pause.PUBLIC, crowd=Crowd.NOBODY),
    Offer("exchange", "exchange_day", "mateneen", "theatre", dates=((5, 5),), partners="luxembourg",
          crowd=Crowd.NOBODY),
    # Strassen, Walferdange, Mersch
    Offer("strassen-cafe", "second_monday", "strassen", "strassen", partners="mateneen"),
    Offer("strassen", "table", "strassen", "strassen_school", at="19:00-20:30", levels="A1.2 A2.2", hosts="Malou",
          pause=Pause.NEVER),
    Offer("walferdange-cafe", "second_wednesday", "walferdange", "walferdange", crowd=Crowd.FULL),
    Offer("bereldange", "morning_table", "walferdange", "bereldange", at="09:30-11:00", levels="A1 A2",
          hosts="Ria, Tom", pause=Pause.NEVER, given={"child_care": True}),
    Offer("walferdange-german", "table", "walferdange", "walferdange", days="MO", at="18:00-19:30", languages="de",
          levels="A1 A2", state=_DRAFT),
    Offer("mersch", "table", "mersch", "mersch", days="WE,SA", at="18:30-20:00", levels="A1 B1", hosts="Carlo",
          pause=Pause.NEVER, crowd=Crowd.LIGHT),
    Offer("mersch-cafe", "tuesday_evening", "mersch", "mersch", days="1FR", languages="lb fr de en"),
    Offer("mersch-course", "three_mornings", "wuertwiessel", "school_mersch", days="MO,WE", levels="A2.1 A2.1",
          span=Span(-6, 14), given={**_AT_SCHOOL, "registration_by": "provider",
                                    "registration_contact": "inscription@wuertwiessel.example.org"}),
    Offer("civic-luxembourgish", "civic", "integration", "integration_mersch", languages="lb de", span=_from(8),
          crowd=Crowd.LIGHT, pause=Pause.PUBLIC, partners="mersch"),
    # Ettelbruck, Wiltz, the west and the east
    Offer("ettelbruck", "table", "ettelbruck", "ettelbruck", days="MO,TH", levels="A1 A2", hosts="Nicole, João",
          pause=Pause.NEVER),
    Offer("ettelbruck-cafe", "eight_evenings", "ettelbruck", "ettelbruck", days="2TH", languages="lb fr pt",
          span=_from(-8), pause=Pause.PUBLIC),
    Offer("ettelbruck-french", "by_volunteers", "ettelbruck", "ettelbruck", days="TU,FR", at="19:00-20:30",
          languages="fr", levels="A1.1 A1.2", span=_from(3), crowd=Crowd.BUSY, partners="mateneen"),
    Offer("wiltz-course", "three_mornings", "wuertwiessel", "school_wiltz", levels="A1.1 A1.1", span=Span(-4, 12),
          partners="wiltz", given={**_AT_SCHOOL, "registration_by": "commune", "registration_contact": "26 00 00 11"}),
    Offer("wiltz", "table", "wiltz", "wiltz", days="MO,TH", at="18:00-19:30", levels="A1 B1", hosts="Mett",
          pause=Pause.NEVER),
    Offer("wiltz-cafe", "tuesday_evening", "wiltz", "wiltz", days="3FR", languages="pt lb"),
    Offer("redange-coaching", "regional_coaching", "atert-uewersauer", "redange", levels="A1", crowd=Crowd.NOBODY),
    Offer("redange", "table", "atert-uewersauer", "redange", days="TU,FR", levels="A1 A2", hosts="Edmée",
          pause=Pause.NEVER, crowd=Crowd.LIGHT, partners="wiltz"),
    Offer("grevenmacher", "table", "grevenmacher", "grevenmacher", days="TU,SA", levels="A1 A2", hosts="Raymonde",
          pause=Pause.NEVER),
    Offer("grevenmacher-cafe", "tuesday_evening", "grevenmacher", "grevenmacher", days="2TH", languages="lb de fr"),
    Offer("grevenmacher-french", "morning_table", "grevenmacher", "grevenmacher", days="SA", languages="fr",
          levels="A2 B1", hosts="Agnès", state=_DRAFT),
)  # fmt: skip

MISHAPS = (
    Mishap("petange", 5, cancelled=CancelReason.HOST_ILL),
    Mishap("bonnevoie-twice", 8, cancelled=CancelReason.VENUE_CLOSED),
    Mishap("esch-library", 3, moved_days=1, at="10:30-12:00", hall="esch_house"),
    Mishap("dudelange-twice", 9, at="19:00-20:15", moved_days=0),
    Mishap("esch-saturday", 6, seats=10),
)
