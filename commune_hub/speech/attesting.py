"""What a certificate says, in sentences: for the paper, for the page that checks it, for mail."""

from collections.abc import Sequence
from datetime import date

from commune_hub.events.certificate_documents import ENGAGEMENT, Statement
from commune_hub.events.words import ActivityKind, CertificateState, CountsFor, IssuedBy, VoidReason
from commune_hub.speech import sentences
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.speech.dates import listed
from commune_hub.speech.telling import kind_words


def hours_words(minutes: int, speech: Speech) -> str:
    """9 h 30 min"""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return speech.say(N_("%(minutes)s min"), minutes=speech.number(rest))
    if not rest:
        return speech.say(N_("%(hours)s h"), hours=speech.number(hours))
    return speech.say(N_("%(hours)s h %(minutes)s min"), hours=speech.number(hours), minutes=speech.number(rest))


def attended_words(minutes: int, of_minutes: int, attended: int, held: int, speech: Speech) -> str:
    """9 h of 12 h, at 6 of 8 meetings"""
    return speech.say_many(
        "%(hours)s of %(all)s, at one meeting of %(held)s",
        "%(hours)s of %(all)s, at %(num)s meetings of %(held)s",
        attended,
        hours=hours_words(minutes, speech),
        all=hours_words(of_minutes, speech),
        held=speech.number(held),
    )


def amount_words(said: Statement, speech: Speech) -> str:
    """How much: of what was held, or the hours that a volunteer gave."""
    if said.kind != ENGAGEMENT:
        return attended_words(said.minutes, said.of_minutes, said.attended, said.held, speech)
    hours = hours_words(said.minutes, speech)
    return speech.say_many("%(hours)s, on one occasion", "%(hours)s, on %(num)s occasions", said.attended, hours=hours)


def title_words(said: Statement, speech: Speech) -> str:
    """The organiser's own title in this language, else the name of the kind."""
    if said.kind == ENGAGEMENT:
        return speech.say(N_("Practising languages with newcomers, as a volunteer"))
    return said.titles.get(speech.code) or kind_words(said.kind, speech)


def language_words(said: Statement, speech: Speech) -> str:
    """Luxembourgish, A1.1–A1"""
    names = listed([speech.language_name(tag) for tag in said.languages], speech)
    if not said.levels:
        return names
    return speech.say(N_("%(languages)s, level %(levels)s"), languages=names, levels="–".join(said.levels))


def period_words(days: Sequence[date], speech: Speech) -> str:
    """From the first day to the last one attended."""
    first, last = days[0], days[-1]
    if first == last:
        return speech.day_and_year(first)
    return speech.say(
        N_("from %(first)s to %(last)s"), first=speech.day_and_year(first), last=speech.day_and_year(last)
    )


def counts_words(said: Statement, speech: Speech) -> str:
    """What it counts for, with the source; never a promise."""
    if said.kind == ENGAGEMENT:
        return speech.say(N_("Voluntary work. It confirms the hours, not a level in a language."))
    return speech.say(sentences.COUNTS_FOR[CountsFor(said.counts_for)])


def issued_by_words(issued_by: str, speech: Speech) -> str:
    """The office that certifies: the organiser, the language school, ..."""
    return speech.say(sentences.ISSUED_BY[IssuedBy(issued_by)])


def state_words(state: str, speech: Speech) -> str:
    """Prepared, valid, not valid."""
    return speech.say(sentences.CERTIFICATE_STATE[CertificateState(state)])


def void_words(reason: str | None, speech: Speech) -> str:
    """Why it no longer holds."""
    return speech.say(sentences.VOID_REASON[VoidReason(reason)]) if reason else ""


def initials(name: str) -> str:
    """A. B. of Amina Ben; nothing of an erased person."""
    return " ".join(f"{word[0]}." for word in name.split())


def has_skills(kind: str) -> bool:
    """Whether the certificate has room for the descriptive statement of skills (RGD art. 10): a language course."""
    return kind in (ActivityKind.CONVENTIONED_COURSE, ActivityKind.VOLUNTEER_COURSE)
