"""Letters for people with neither mail nor phone: tagged, one page each, nobody's text as markup, every script."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from commune_hub.events.words import CancelReason
from commune_hub.papers.letters import Posted, letter_of, letters_pdf
from commune_hub.speech.catalogues import speeches_from, translations_folder
from tests import factories

SPEECHES = speeches_from(translations_folder())
TEXT = 'Apportez #strong[une] *tasse*, 100 % "sûr" \\ $x$.\n\nÀ mardi !'


@pytest.mark.parametrize(
    "posted", [Posted(text=TEXT, language="fr"), Posted(reason=CancelReason.HOST_ILL)], ids=["message", "cancelled"]
)
def test_each_person_has_a_page_in_their_language(session: Session, now: datetime, posted: Posted) -> None:
    meeting = factories.a_meeting(session)
    people = [("آمنة", "en"), ("Олена", "de"), ("王小明 🙂", "pt")]
    letters = [letter_of(meeting, name, SPEECHES[code], posted, on=now) for name, code in people]

    pdf = letters_pdf(meeting, letters, SPEECHES["en"], at=now)

    assert b"/Count 3/Kids" in pdf and b"/MarkInfo<</Marked true" in pdf and b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert pdf == letters_pdf(meeting, letters, SPEECHES["en"], at=now)


def test_a_letter_says_what_the_message_says(session: Session, now: datetime) -> None:
    meeting = factories.a_meeting(session)

    message = letter_of(meeting, "Amina", SPEECHES["en"], Posted(text=TEXT, language="fr"), on=now)
    cancelled = letter_of(meeting, "Amina", SPEECHES["en"], Posted(reason=CancelReason.WEATHER), on=now)

    assert (message["paragraphs"], message["quoted_in"]) == ([], "fr")
    assert message["quoted"] == ['Apportez #strong[une] *tasse*, 100 % "sûr" \\ $x$.', "À mardi !"]
    assert message["day"] == "22 November 2026"
    assert cancelled["paragraphs"] == ["Please do not come. We are sorry.", "Reason: Bad weather."]
    assert cancelled["quoted"] == []
