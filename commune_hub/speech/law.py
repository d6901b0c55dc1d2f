"""What a scheme says, in plain sentences: the sentences are ours, the values are the file's, each with its source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum

from commune_hub.events.words import ActivityKind
from commune_hub.schemes.keeping import ASSUMED_MONTHS
from commune_hub.schemes.profile import Ground, ObligationRule, Persons, Profile, Rights, Source, Term, VoucherRule
from commune_hub.schemes.words import (
    Anchor,
    Benefit,
    CefrLevel,
    CertifiedBy,
    Connection,
    Nature,
    ObligationKind,
    Population,
    Reliability,
    RetentionAction,
    StartEvent,
    Status,
)
from commune_hub.speech import sentences
from commune_hub.speech.catalogues import N_, Speech

OBLIGATION: dict[Enum, str] = {
    ObligationKind.LANGUAGE: N_("Language course"),
    ObligationKind.CIVIC: N_("Civic course"),
    ObligationKind.ORIENTATION_DAY: N_("Orientation day"),
}

RELIABILITY: dict[Enum, str] = {
    Reliability.LAW: N_("text of the law"),
    Reliability.OFFICIAL: N_("official information"),
    Reliability.SECONDARY: N_("what others wrote"),
    Reliability.ASSUMPTION: N_("our assumption"),
    Reliability.UNRELIABLE: N_("not reliable"),
}

# What stands in the place of a value that is one word of a few.
WORD: dict[Enum, str] = {
    **OBLIGATION,
    Connection.RESIDENCE: N_("you live in the country legally"),
    Connection.WORK: N_("you work in the country"),
    Connection.FIRST_ADMISSION: N_("you come to the country for the first time, to stay"),
    Status.TEMPORARY_PERMIT: N_("people with a temporary permit"),
    Status.ASYLUM_APPLICANT: N_("people who have asked for asylum"),
    StartEvent.FIRST_MEASURE: N_("on the day on which your first course or orientation day begins"),
    StartEvent.SIGNATURE: N_("on the day on which you sign or join"),
    CertifiedBy.PROVIDER: N_("the provider of the course"),
    CertifiedBy.ADULT_EDUCATION: N_("the state’s adult education service"),
    CertifiedBy.AUTHORITY: N_("the authority"),
    Benefit.LONG_TERM_RESIDENCE: N_("long-term residence"),
    Benefit.NATIONALITY_BY_OPTION: N_("nationality by option"),
    Benefit.MULTI_YEAR_PERMIT: N_("a permit for several years"),
}

POPULATION: dict[Enum, str] = {
    Population.CANDIDATES: N_("People who did not sign"),
    Population.SIGNATORIES: N_("People who signed or joined"),
    Population.CERTIFICATION_FILE: N_("The file that proves it: name, contact, number, done or not"),
}

ANCHOR: dict[Enum, str] = {
    Anchor.INFORMATION_SESSION: N_("the last information session"),
    Anchor.SIGNATURE: N_("the signature"),
    Anchor.CONTRACT_END: N_("the end of the contract"),
    Anchor.LAST_ACTIVITY: N_("the last activity"),
}

KEPT: dict[Enum, str] = {
    RetentionAction.DELETE: N_("The data are deleted %(months)s months after %(event)s."),
    RetentionAction.ANONYMISE: N_("The data are made anonymous %(months)s months after %(event)s."),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A rule in words: what it is about, what it says of a value; `no` of a False, `none` where there is no rule."""

    topic: str
    says: str
    no: str = ""
    none: str = ""


RULES: dict[str, Words] = {
    "persons.voluntary": Words(
        N_("Free choice"), N_("You decide yourself. Nobody must sign or join."), no=N_("It is compulsory.")
    ),
    "persons.least_age": Words(N_("Age"), N_("You are %(value)s or older.")),
    "persons.most_age": Words(
        N_("Highest age"), N_("You are %(value)s or younger."), none=N_("There is no highest age.")
    ),
    "persons.not_for_citizens_of": Words(
        N_("Nationality"), N_("It is not for citizens of %(value)s."), none=N_("Every nationality is welcome.")
    ),
    "persons.connections": Words(N_("Link with the country"), N_("This is needed: %(value)s.")),
    "persons.durable": Words(N_("Plans"), N_("You want to stay in the country.")),
    "persons.excluded": Words(N_("Not for"), N_("It is not for %(value)s."), none=N_("Nobody else is excluded.")),
    "persons.session_months": Words(
        N_("First step"), N_("You go to an information session. After %(value)s months you need another one.")
    ),
    "term.starts": Words(N_("Beginning"), N_("It begins %(value)s.")),
    "term.first_measures": Words(
        N_("What starts it"), N_("One of these starts it: %(value)s. A conversation table does not.")
    ),
    "term.months": Words(N_("Length"), N_("It lasts %(value)s months."), none=N_("It has no fixed end.")),
    "term.idle_months": Words(N_("Pause"), N_("It ends after %(value)s months without a module.")),
    "term.extension_months": Words(
        N_("Longer"), N_("It can be made up to %(value)s months longer."), none=N_("It cannot be made longer.")
    ),
    "term.second_contract": Words(
        N_("Second contract"),
        N_("You had a good reason and something is missing at the end? A second contract can follow, only for that."),
        no=N_("There is no second contract."),
    ),
    "obligation.compulsory": Words(N_("Duty"), N_("It is part of what you promise."), no=N_("It is not compulsory.")),
    "obligation.level": Words(N_("Level"), N_("You reach level %(value)s or higher.")),
    "obligation.languages": Words(N_("Languages"), N_("One of these: %(value)s.")),
    "obligation.courses": Words(N_("Courses"), N_("Courses that you must do: %(value)s.")),
    "obligation.percent": Words(N_("Attendance"), N_("You are there for %(value)s %% of the time or more.")),
    "obligation.all_modules": Words(
        N_("All dates"), N_("You come to all dates of the same course."), no=N_("You need not come to every date.")
    ),
    "obligation.least_minutes": Words(N_("Length"), N_("It takes %(value)s hours or more.")),
    "obligation.usual_sessions": Words(N_("Number of dates"), N_("Usually %(value)s.")),
    "obligation.most_hours": Words(N_("Hours"), N_("Up to %(value)s hours.")),
    "obligation.least_enrolled": Words(
        N_("How many people"),
        N_("It takes place with %(value)s people or more. With fewer it is moved to another date, and you are told."),
    ),
    "obligation.least_a_year": Words(N_("How often"), N_("At least %(value)s times a year.")),
    "obligation.exam_questions": Words(N_("Exam"), N_("The exam has %(value)s questions.")),
    "obligation.exam_minutes": Words(N_("Time for the exam"), N_("You have %(value)s minutes.")),
    "obligation.exam_percent": Words(N_("To pass"), N_("%(value)s %% of the answers must be right.")),
    "obligation.free": Words(N_("Price"), N_("It is free."), no=N_("It costs money.")),
    "obligation.open_to_all": Words(
        N_("Who may come"), N_("Everybody may come."), no=N_("Only people who signed or joined.")
    ),
    "obligation.certified_by": Words(N_("Certificate"), N_("You get it from %(value)s.")),
    "vouchers.euros": Words(N_("Price"), N_("A language course costs %(value)s with a voucher.")),
    "vouchers.most": Words(N_("How many"), N_("You get %(value)s vouchers at most.")),
    "vouchers.months": Words(N_("Valid"), N_("A voucher is valid for %(value)s months.")),
    "vouchers.next_from_percent": Words(
        N_("The next one"), N_("You get the next one when you were there for %(value)s %% of the course.")
    ),
    "rights.first_in_line": Words(
        N_("Waiting lists"), N_("You come first."), no=N_("Everybody is equal."), none=N_("Everybody is equal.")
    ),
    "rights.benefits": Words(
        N_("What it may help with"),
        N_("Other authorities may take it into account for: %(value)s. They decide. We promise nothing."),
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as it is read: topic, sentence, where it stands, a note. Not `established`: the sentence says so. What
    the file says in its own words has no topic."""

    topic: str
    said: str
    places: tuple[str, ...]
    note: str = ""
    established: bool = True


@dataclass(frozen=True, slots=True)
class Chapter:
    """Rules of one kind."""

    title: str
    lines: tuple[Line, ...]


def name_of(profile: Profile, speech: Speech) -> str:
    """CAI (Luxembourg), because the letters alone mean something else next door (K19)."""
    country = speech.locale.territories.get(profile.country, profile.country)
    return f"{profile.short_name} ({country})"


def full_name_of(profile: Profile, speech: Speech) -> str:
    """Welcome and integration contract"""
    return text_in(profile.name, speech)


def state_of(profile: Profile, today: date, speech: Speech) -> str:
    """Whether it can be signed or joined today, and until or since when."""
    if today < profile.valid_from:
        return speech.say(N_("Begins on %(day)s"), day=speech.day_and_year(profile.valid_from))
    if profile.valid_to is not None and today > profile.valid_to:
        return speech.say(N_("Cannot be signed since %(day)s"), day=speech.day_and_year(_next(profile.valid_to)))
    return speech.say(N_("Since %(day)s"), day=speech.day_and_year(profile.valid_from))


def chapters_of(profile: Profile, today: date, speech: Speech) -> tuple[Chapter, ...]:
    """All rules of a scheme in the order in which one asks, without those of which there is nothing to say."""
    drawn = [
        ("persons", _who(profile, today, speech), _lines(profile, "persons", profile.persons, Persons, speech)),
        ("term", speech.say(N_("How long")), _lines(profile, "term", profile.term, Term, speech)),
        *(
            (rule.kind, speech.say(OBLIGATION[rule.kind]), _lines(profile, rule.kind, rule, ObligationRule, speech))
            for rule in profile.obligations
        ),
        ("vouchers", speech.say(N_("Vouchers")), _lines(profile, "vouchers", profile.vouchers, VoucherRule, speech)),
        ("counts", speech.say(N_("What counts")), _counts(profile, speech)),
        ("rights", speech.say(N_("What it brings")), _lines(profile, "rights", profile.rights, Rights, speech)),
        ("retention", speech.say(N_("Your data")), _kept(profile, speech)),
    ]
    return tuple(Chapter(title, (*lines, *_also(profile, section, speech))) for section, title, lines in drawn if lines)


def _who(profile: Profile, today: date, speech: Speech) -> str:
    # Nobody is told that a contract of the past can be signed.
    if profile.valid_to is not None and today > profile.valid_to:
        return speech.say(N_("Who could sign"))
    return speech.say(N_("Who can join") if profile.nature is Nature.MEMBERSHIP else N_("Who can sign"))


def sources_of(profile: Profile, speech: Speech) -> tuple[tuple[str, Source, str], ...]:
    """Short name, document and how far it can be trusted."""
    return tuple((name, one, speech.say(RELIABILITY[one.reliability])) for name, one in profile.sources.items())


def text_in(texts: Mapping[str, str], speech: Speech) -> str:
    """A text of a file in this language, else in English."""
    return texts.get(speech.code) or texts.get("en", "")


def _lines(profile: Profile, section: str, group: object, kind: type, speech: Speech) -> list[Line]:
    told = []
    for one in fields(kind):  # type: ignore[arg-type]
        ground = profile.grounds.get(f"{section}.{one.name}")
        words = RULES.get(f"{'obligation' if kind is ObligationRule else section}.{one.name}")
        if ground is None or words is None:
            continue
        said = _said(words, one.name, getattr(group, one.name), ground, speech)
        if said:
            told.append(_line(words.topic, said, ground, speech))
    return told


def _said(words: Words, name: str, value: object, ground: Ground, speech: Speech) -> str:
    if not ground.established:
        return speech.say(N_("Not established."))
    if value is None:
        return speech.say(words.none) if words.none else ""
    if value is False:
        return speech.say(words.no) if words.no else ""
    return speech.say(words.says) if value is True else speech.say(words.says, value=_shown(name, value, speech))


def _shown(name: str, value: object, speech: Speech) -> str:
    match value:
        case CefrLevel():
            return value.label
        case Enum():
            return speech.say(WORD[value])
        case int() if name == "euros":
            return speech.euros(value * 100)
        case int() if name == "least_minutes":
            return speech.number(value / 60)
        case int():
            return speech.number(value)
        case tuple() | frozenset():
            return _either([_member(name, one, speech) for one in _in_order(value)], speech)
    return str(value)


def _either(parts: list[str], speech: Speech) -> str:
    """a, b or c; Babel does not know how Luxembourgish says it."""
    *first, last = parts
    return speech.say(N_("%(first)s or %(last)s"), first=", ".join(first), last=last) if first else last


def _member(name: str, one: object, speech: Speech) -> str:
    if name == "languages":
        return speech.language_name(str(one))
    if name == "not_for_citizens_of":
        return str(speech.locale.territories.get(str(one), one))
    return _shown(name, one, speech)


def _in_order(values: Iterable[object]) -> list[object]:
    """The members of a set in the order of their words, so that a page is the same each time."""
    if isinstance(values, tuple):
        return list(values)
    first = next(iter(values), None)
    return [one for one in type(first) if one in values] if isinstance(first, Enum) else sorted(values, key=str)


def _counts(profile: Profile, speech: Speech) -> list[Line]:
    told = []
    for rule in profile.counts:
        known = rule.activity in list(ActivityKind)
        topic = sentences.KIND[ActivityKind(rule.activity)] if known else rule.activity
        says = (
            N_("It may count for: %(value)s. Only with a convention.")
            if rule.convention
            else N_("It may count for: %(value)s.")
        )
        said = speech.say(says, value=speech.say(OBLIGATION[rule.obligation]))
        told.append(_line(topic, said, profile.grounds[f"counts.{rule.activity}"], speech))
    return told


def _kept(profile: Profile, speech: Speech) -> list[Line]:
    told = []
    for rule in profile.retention:
        ground = profile.grounds[f"retention.{rule.population}"]
        if ground.established and rule.anchor and rule.action and rule.months is not None:
            event = speech.say(ANCHOR[rule.anchor])
            said = speech.say(KEPT[rule.action], months=speech.number(rule.months), event=event)
        else:
            said = speech.say(
                N_("Not established. We delete %(months)s months after the last activity: our own rule."),
                months=speech.number(ASSUMED_MONTHS),
            )
        told.append(_line(POPULATION[rule.population], said, ground, speech))
    return told


def _also(profile: Profile, section: str, speech: Speech) -> list[Line]:
    return [Line("", text_in(one.says, speech), one.by) for one in profile.also if one.about == section]


def _line(topic: str, said: str, ground: Ground, speech: Speech) -> Line:
    return Line(speech.say(topic), said, ground.sources, text_in(ground.note, speech), ground.established)


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
