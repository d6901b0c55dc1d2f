"""Names of languages, also of those that Babel does not know."""

import pytest

from commune_hub.speech.catalogues import own_name_of, speeches_from, translations_folder

ENGLISH = speeches_from(translations_folder())["en"]


@pytest.mark.parametrize(
    ("tag", "told", "own"),
    [
        ("lb", "Luxembourgish", "Lëtzebuergesch"),
        ("gsg", "German Sign Language", "Deutsche Gebärdensprache"),
        ("xyz", "xyz", "Xyz"),
    ],
)
def test_every_language_that_may_be_typed_has_something_to_be_called(tag: str, told: str, own: str) -> None:
    assert (ENGLISH.language_name(tag), own_name_of(tag)) == (told, own)
