"""The certificate on paper: tagged, in two languages, every script, nobody's text as markup."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from commune_hub.events.certificate_documents import Finding, Statement, check, keywords_of, sealed, signing_key
from commune_hub.papers.certificate import ABOUT_KB, certificate_pdf
from commune_hub.speech.catalogues import SPOKEN, speeches_from, translations_folder

KEY = signing_key(b"k" * 32)
AT = datetime(2026, 12, 20, 10, tzinfo=UTC)
SPEECHES = speeches_from(translations_folder())
SAID = Statement(
    code="7K3M09XZ4TABCDEFGH11KMNPQR", name="Amina Ben Ali", kind="conventioned_course",
    titles={"fr": "Luxembourgeois, cours du soir"}, languages=("lb",), levels=("A1.1", "A1"), place="Belvaux",
    days=(date(2026, 12, 1), date(2026, 12, 2)), minutes=120, of_minutes=180, attended=2, held=3,
    counts_for="language_course", reference="K-1", issuer="Gemeng Suessem", issued_by="provider",
    issued_on=date(2026, 12, 20),
)  # fmt: skip


def a_pdf(said: Statement = SAID, language: str = "en") -> bytes:
    keywords = keywords_of(said.payload, KEY.sign(said.payload))
    url = f"https://hub.example.lu/verify/{said.code}"
    own, french = SPEECHES[language], SPEECHES["fr"]
    made = certificate_pdf(said, own, french, url=url, brand="#0b5563", keywords=keywords, at=AT)
    return sealed(made, KEY)


@pytest.mark.parametrize("language", SPOKEN)
def test_it_is_tagged_with_language_title_and_embedded_fonts(language: str) -> None:
    pdf = a_pdf(language=language)

    fonts = re.findall(rb"<</Type/FontDescriptor.*?>>", pdf)
    assert b"/MarkInfo<</Marked true" in pdf and b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert f"/Lang({language})".encode() in pdf
    assert b"/StructElem/S/H1" in pdf and b"/DisplayDocTitle true" in pdf
    assert re.search(rb"/Title ?[(<]", pdf)
    assert fonts and all(b"/FontFile" in font for font in fonts)
    assert b"/Count 1/Kids" in pdf, "one sheet"


@pytest.mark.parametrize(
    "name",
    [
        "آمنة بن علي", "ሰላም ተስፋዬ", "Αλέξης Ζορμπάς", "Олена Шевченко", "王小明", "হাসান", "சிவா", "สมชาย", "राम", "דוד",
        "გიორგი", "Արմեն", "Nguyễn Thị Hồng", "Łuczak Ğ Ő Ș",
    ],
)  # fmt: skip
def test_names_of_these_scripts_are_printed_with_their_letters(name: str) -> None:
    made = a_pdf(replace(SAID, name=name))

    assert b"DejaVuSans" not in made or name in ("דוד", "გიორგი", "Արմեն")
    assert check(made, KEY.public_key()).finding is Finding.GENUINE


@pytest.mark.parametrize("name", ["བཀྲ་ཤིས", "Amina 🙂", "\ufdd0 \ue000", 'ab"c\\d 🙂'])
def test_letters_that_no_font_has_become_boxes_and_the_signed_text_keeps_them(name: str) -> None:
    made = a_pdf(replace(SAID, name=name))

    checked = check(made, KEY.public_key())
    assert b"DejaVuSans" in made
    assert (checked.finding, checked.said["name"]) == (Finding.GENUINE, name)


def test_what_people_type_is_text_and_never_markup() -> None:
    hostile = '#panic("x") *b* $x$ @ref <l> [a](b) = H \\ // /* #include "x" `raw` #sys.inputs'

    made = a_pdf(replace(SAID, name=hostile, issuer=hostile, place=hostile, skills=hostile, titles={"en": hostile}))

    assert check(made, KEY.public_key()).said["name"] == hostile


def test_the_same_certificate_is_the_same_file() -> None:
    assert a_pdf() == a_pdf()


def test_a_void_one_is_another_file_and_says_so_in_its_signed_text() -> None:
    void = check(a_pdf(replace(SAID, voided_on=date(2027, 3, 1))), KEY.public_key())

    assert (void.finding, void.said["voided_on"]) == (Finding.GENUINE, "2027-03-01")


def test_a_name_changed_in_the_file_is_found_out() -> None:
    made = a_pdf()
    start = made.index(b"stream", made.index(b"/Contents"))

    planted = made[: start + 40] + bytes([made[start + 40] ^ 1]) + made[start + 41 :]

    assert check(planted, KEY.public_key()).finding is Finding.CHANGED


def test_the_size_told_beforehand_is_about_right() -> None:
    sizes = [len(a_pdf(language=language)) / 1024 for language in SPOKEN]

    assert all(ABOUT_KB * 0.6 < size < ABOUT_KB * 1.5 for size in sizes), sizes
