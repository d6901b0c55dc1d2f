"""Catalogues: every marked sentence is collected, and nothing missing, doubtful or broken goes unseen."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from commune_hub import translations_check as catalogues
from commune_hub.speech.catalogues import speeches_from


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "words.py").write_text('N_("You have %(n)s seats")\nspeech.say_many("One seat", "%(num)s seats", 2)\n')
    (folder / "page.html").write_text("<p>{{ _('Hello') }}</p>{% trans %}Come\n  in{% endtrans %}")
    (folder / "letter.txt").write_text("{{ _('Dear') }}")
    return folder


@pytest.fixture
def source(package: Path) -> Catalog:
    return catalogues.sentences(package)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(catalogues, "LANGUAGES", ("fr",))
    return tmp_path / "translations"


def written(folder: Path, source: Catalog, **changed: object) -> None:
    """A complete French catalogue, with some entries changed: None leaves one out."""
    said: dict[str, object] = {
        "You have %(n)s seats": "Vous avez %(n)s places",
        "One seat": ("Une place", "%(num)s places"),
        "Hello": "Bonjour",
        "Come in": "Entrez",
        "Dear": "Cher",
    } | changed
    catalogue = Catalog(locale="fr")
    for message in source:
        key = message.id if isinstance(message.id, str) else message.id[0]
        if message.id and said[key] is not None:
            catalogue.add(message.id, said[key])
    path = catalogues.path_of("fr", folder)
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalogue)


def found(folder: Path, source: Catalog) -> list[str]:
    return [str(fault) for fault in catalogues.faults(folder, source)]


def test_sentences_are_collected_from_python_pages_and_mail(source: Catalog) -> None:
    assert {message.id for message in source if message.id} == {
        "You have %(n)s seats", ("One seat", "%(num)s seats"), "Hello", "Come in", "Dear"
    }  # fmt: skip


def test_a_complete_catalogue_has_no_faults(folder: Path, source: Catalog) -> None:
    written(folder, source)

    assert found(folder, source) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"Hello": None}, "fr: missing: 'Hello'"),
        ({"Hello": ""}, "fr: missing: 'Hello'"),
        ({"Hello": "Bonjour "}, "fr: spaces or line breaks at the ends differ: 'Hello'"),
        ({"You have %(n)s seats": "Vous avez des places"}, "fr: lost place n: 'You have %(n)s seats'"),
        (
            {"You have %(n)s seats": "Vous avez %(n)s places, %(m)s"},
            "fr: unknown place m: 'You have %(n)s seats'",
        ),
        ({"You have %(n)s seats": "Vous avez %(n) places"}, "fr: a % without its place: 'You have %(n)s seats'"),
        ({"One seat": ("Une place", "")}, "fr: a plural form is missing: 'One seat'"),
        ({"One seat": ("Une place", "des places")}, "fr: lost place num: 'One seat'"),
    ],
)
def test_a_fault_is_named(folder: Path, source: Catalog, changed: dict[str, object], fault: str) -> None:
    written(folder, source, **changed)

    assert found(folder, source) == [fault]


def test_a_fuzzy_entry_and_one_that_nobody_says_any_more_are_faults(folder: Path, source: Catalog) -> None:
    written(folder, source)
    path = catalogues.path_of("fr", folder)
    text = path.read_text().replace('msgid "Hello"', '#, fuzzy\nmsgid "Hello"')
    path.write_text(text + '\nmsgid "Goodbye"\nmsgstr "Au revoir"\n')

    assert found(folder, source) == ["fr: fuzzy: 'Hello'", "fr: not in the source: 'Goodbye'"]


def test_a_language_without_catalogue_is_a_fault(folder: Path, source: Catalog) -> None:
    assert found(folder, source) == ["fr: no catalogue: 'messages.po'"]


def test_an_update_keeps_what_is_translated_and_drops_what_is_gone(
    folder: Path, source: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(folder, source)
    smaller = Catalog()
    for sentence in ("Hello", "New"):
        smaller.add(sentence)
    monkeypatch.setattr(catalogues, "sentences", lambda: smaller)

    left = catalogues.update(folder)

    with catalogues.path_of("fr", folder).open("rb") as file:
        kept = {message.id: message.string for message in read_po(file) if message.id}
    assert (left, kept) == ({"fr": 1}, {"Hello": "Bonjour", "New": ""})


def test_two_updates_write_the_same_file(folder: Path) -> None:
    catalogues.update(folder)
    first = catalogues.path_of("fr", folder).read_bytes()

    catalogues.update(folder)

    assert catalogues.path_of("fr", folder).read_bytes() == first


def test_compiled_catalogues_are_spoken(folder: Path, source: Catalog) -> None:
    written(folder, source)

    catalogues.compile_all(folder)

    french = speeches_from(folder)["fr"]
    assert french.say("You have %(n)s seats", n=3) == "Vous avez 3 places"
    assert french.say_many("One seat", "%(num)s seats", 2) == "2 places"
