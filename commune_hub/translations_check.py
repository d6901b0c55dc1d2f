"""Catalogues: collects the sentences of the source, brings the catalogues up to date, finds what is missing in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from commune_hub.base.words import Language

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent
FOLDER = ROOT / "translations"
# English is the source: its catalogue would repeat every sentence.
LANGUAGES = tuple(sorted(set(Language) - {Language.EN}))

_METHODS = [("web/static/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
_OPTIONS = {"**.html": {"silent": "false", "trimmed": "true"}, "**.txt": {"silent": "false", "trimmed": "true"}}
# `say_many` is the speech's own ngettext; `gettext` and `ngettext` are what {% trans %} becomes.
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "N_": None, "_": None, "gettext": None, "ngettext": (1, 2), "say_many": (1, 2),
}  # fmt: skip
_PLACE = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?([diouxXeEfFgGcrs])|%(%)|(%)")

_NOISE = re.compile(
    rb'^"(Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By'
    rb'|Project-Id-Version):.*\\n"\n',
    re.M,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a catalogue."""

    language: str
    sentence: str
    problem: str

    def __str__(self) -> str:
        return f"{self.language}: {self.problem}: {self.sentence!r}"


def is_checkout() -> bool:
    """Whether the source of the catalogues is here; an installed wheel has the compiled ones only."""
    return FOLDER.is_dir()


def sentences(package: Path = PACKAGE) -> Catalog:
    """Every sentence that is marked in the source, with the places where it stands."""
    catalogue = Catalog(project="commune-hub", charset="utf-8", fuzzy=False)
    for name, _, message, comments, context in extract_from_dir(
        package, _METHODS, _OPTIONS, _KEYWORDS, comment_tags=("i18n:",), strip_comment_tags=True
    ):
        # Without line numbers, so that an edit above does not change every catalogue.
        catalogue.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return catalogue


def faults(folder: Path = FOLDER, source: Catalog | None = None) -> list[Fault]:
    """What is missing, doubtful, broken or left over in the catalogues; empty when all is well."""
    source = source or sentences()
    found: list[Fault] = []
    for language in LANGUAGES:
        path = path_of(language, folder)
        if not path.is_file():
            found.append(Fault(language, str(path.name), "no catalogue"))
            continue
        try:
            catalogue = _read(path, language)
        except (PoFileError, ValueError) as error:
            found.append(Fault(language, str(error), "the catalogue cannot be read"))
            continue
        found.extend(_faults_of(language, catalogue, source))
    return found


def _faults_of(language: str, catalogue: Catalog, source: Catalog) -> Iterator[Fault]:
    for wanted in source:
        if not wanted.id:
            continue
        message = catalogue.get(wanted.id, wanted.context)
        sentence = wanted.id if isinstance(wanted.id, str) else wanted.id[0]
        if message is None or not any(_forms(message)):
            yield Fault(language, sentence, "missing")
        elif message.fuzzy:
            yield Fault(language, sentence, "fuzzy")
        else:
            for problem in _problems(wanted, message, catalogue.num_plurals):
                yield Fault(language, sentence, problem)
    for message in catalogue:
        if message.id and source.get(message.id, message.context) is None:
            yield Fault(language, message.id if isinstance(message.id, str) else message.id[0], "not in the source")


def _problems(wanted: Message, message: Message, num_plurals: int) -> Iterator[str]:
    forms, plural = _forms(message), not isinstance(wanted.id, str)
    if plural != (not isinstance(message.id, str)) or (plural and len(forms) != num_plurals) or not all(forms):
        yield "a plural form is missing"
        return
    originals = [wanted.id] if isinstance(wanted.id, str) else list(wanted.id)
    allowed: set[str] = set().union(*map(_places, originals))
    for number, form in enumerate(forms):
        places, all_said = _places(form), _places(originals[-1])
        # A sentence without places is shown as it is, its % are just signs.
        if allowed and _has_stray(form):
            yield "a % without its place"
        elif places - allowed:
            yield f"unknown place {', '.join(sorted(places - allowed))}"
        # "One seat" need not repeat the number; every other form says all that the original says.
        elif (missing := all_said - places) and not (plural and number == 0 and missing == {"num"}):
            yield f"lost place {', '.join(sorted(missing))}"
    source_edges, edges = (_edges(text) for text in (originals[0], forms[0]))
    if source_edges != edges:
        yield "spaces or line breaks at the ends differ"


def _forms(message: Message) -> list[str]:
    strings = message.string
    return [strings] if isinstance(strings, str) else list(strings or ())


def _places(text: str) -> set[str]:
    """The named places of a sentence."""
    return {name for name, _, _, _ in _PLACE.findall(text) if name}


def _has_stray(text: str) -> bool:
    """Whether a % stands there that breaks the sentence when it is filled in."""
    return any(stray for _, _, _, stray in _PLACE.findall(text))


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def extract(folder: Path = FOLDER) -> int:
    """Write the template of all catalogues; returns how many sentences there are."""
    catalogue = sentences()
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "messages.pot", catalogue)
    return len(catalogue)


def update(folder: Path = FOLDER) -> dict[str, int]:
    """Bring every catalogue up to date with the source; returns how many sentences each has still to translate."""
    source = sentences()
    left: dict[str, int] = {}
    for language in LANGUAGES:
        path = path_of(language, folder)
        catalogue = _read(path, language) if path.is_file() else Catalog(locale=language, project="commune-hub")
        # No guesses: a sentence that only looks alike would be shown as a translation.
        catalogue.update(source, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, catalogue)
        left[language] = sum(1 for message in catalogue if message.id and not any(_forms(message)))
    return left


def compile_all(folder: Path = FOLDER) -> int:
    """Compile every catalogue; returns how many. A fuzzy entry is left out, so that English shows."""
    number = 0
    for language in LANGUAGES:
        path = path_of(language, folder)
        if path.is_file():
            buffer = BytesIO()
            write_mo(buffer, _read(path, language))
            aside = path.with_suffix(".mo.new")
            aside.write_bytes(buffer.getvalue())
            aside.replace(path.with_suffix(".mo"))
            number += 1
    return number


def path_of(language: str, folder: Path = FOLDER) -> Path:
    """Where the catalogue of a language is."""
    return folder / language / "LC_MESSAGES" / "messages.po"


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _write(path: Path, catalogue: Catalog) -> None:
    catalogue.fuzzy = False
    catalogue.header_comment = "# Sentences of commune-hub. Made with: commune-hub translations update"
    buffer = BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=True, include_previous=False, include_lineno=False)
    # Dates and unfilled names would only make two people's changes clash.
    path.write_bytes(_NOISE.sub(b"", buffer.getvalue()))
