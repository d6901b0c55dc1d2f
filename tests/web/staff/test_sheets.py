"""Import with its preview, export and template."""

import io
import re
from datetime import time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.events import sheets
from commune_hub.events.models import Activity, Venue
from commune_hub.events.words import ActivityState
from tests import factories

IMPORT = "/en/staff/activities/import"
HEAD = "reference;kind;languages;venue;locality;weekday;first_on;last_on;start;end"
TABLE = "T1;conversation_table;lb;Al Schoul;Belvaux;TU;2026-12-01;2026-12-15;18:30;20:00"
CAFE = "T2;language_cafe;lb|fr;Al Schoul;Belvaux;2WE;2026-12-01;2027-03-31;19:00;21:00"


def sent(officer: FlaskClient, *lines: str, **more: str) -> str:
    file = (io.BytesIO("\n".join([HEAD, *lines]).encode()), "list.csv")
    return officer.post(IMPORT, data={"file": file, **more}).text


def packed(page: str) -> str:
    found = re.search(r'name="packed" value="([^"]+)"', page)
    assert found
    return found[1]


def number_of(session: Session, model: type[Activity] | type[Venue]) -> int | None:
    return session.scalar(select(func.count()).select_from(model))


def test_a_sheet_is_shown_before_anything_is_kept(officer: FlaskClient, session: Session) -> None:
    page = sent(officer, TABLE, CAFE)

    assert "Import 2 activities" in page and "3 dates" in page and page.count("new place") == 2
    assert (number_of(session, Activity), number_of(session, Venue)) == (0, 0)


def test_what_was_shown_is_imported_as_drafts_in_one_new_place(officer: FlaskClient, session: Session) -> None:
    answer = officer.post(IMPORT, data={"packed": packed(sent(officer, TABLE, CAFE))})

    assert answer.location == "/en/staff/activities?shelf=drafts"
    assert set(session.scalars(select(Activity.state))) == {ActivityState.DRAFT}
    assert (number_of(session, Activity), number_of(session, Venue)) == (2, 1)


def test_a_sheet_is_published_at_once_if_asked(officer: FlaskClient, session: Session) -> None:
    page = sent(officer, TABLE, publish="yes")

    officer.post(IMPORT, data={"packed": packed(page), "publish": "yes"})

    assert session.scalars(select(Activity.state)).all() == [ActivityState.PUBLISHED]


def test_a_double_click_imports_once(officer: FlaskClient, session: Session) -> None:
    form = {"packed": packed(sent(officer, TABLE))}

    answers = [officer.post(IMPORT, data=form).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert number_of(session, Activity) == 1


def test_one_bad_row_keeps_all_of_them_out_and_is_named(officer: FlaskClient, session: Session) -> None:
    bad = CAFE.replace("Belvaux", "Qqqqqq").replace("Al Schoul", "Elsewhere")

    page = sent(officer, TABLE, bad)
    officer.post(IMPORT, data={"packed": packed(page)})

    assert "Line 3" in page and "<code>locality</code>" in page and "Qqqqqq" in page
    assert number_of(session, Activity) == 0


def test_the_list_of_problems_can_be_downloaded_and_no_cell_is_a_formula(officer: FlaskClient) -> None:
    page = sent(officer, TABLE.replace("conversation_table", "=1+1"))

    answer = officer.post(f"{IMPORT}/errors.csv", data={"packed": packed(page)})

    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.decode("utf-8-sig").splitlines()[1] == "2;kind;Please choose from the list.;'=1+1"


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04rest", b"\xff\xfe\x00", b"a;b\n1;2", HEAD.encode(), b"\n" * 2_000_001]
)
def test_what_is_no_sheet_is_refused_with_a_word(officer: FlaskClient, data: bytes) -> None:
    start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n'

    # Not from a file: the client of the tests would leave its own temporary one open.
    answer = officer.post(IMPORT, data=start + data + b"\r\n--x--", content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 422
    assert "Nothing has been imported." in answer.text


@pytest.mark.parametrize("text", ["", "!!!", "AAAA", "eJw" + "A" * 50])
def test_a_packed_sheet_that_was_tampered_with_is_refused(officer: FlaskClient, session: Session, text: str) -> None:
    assert officer.post(IMPORT, data={"packed": text}).status_code == 422


def test_nobody_imports_for_another_commune(officer: FlaskClient, session: Session) -> None:
    elsewhere = factories.an_organisation(session, name="Stad Esch")
    session.commit()
    head, row = f"{HEAD};organiser", f"{TABLE};{elsewhere.name}"

    answer = officer.post(IMPORT, data={"file": (io.BytesIO(f"{head}\n{row}".encode()), "list.csv")})

    assert answer.status_code == 422
    assert "<code>organiser</code>" in answer.text


def test_the_template_is_an_empty_sheet_that_can_be_read(officer: FlaskClient) -> None:
    reading = sheets.read_activities(officer.get("/en/staff/activities/template.csv").data)

    assert (reading.rows, reading.errors) == ((), ())


def test_the_export_holds_ours_only_and_is_there_already_when_read_back(
    officer: FlaskClient, session: Session, organisation: Organisation
) -> None:
    venue = factories.a_venue(session, organisation=organisation)
    activity = factories.an_activity(session, venue=venue, title_fr="=La table", reference="A-1")
    factories.an_activity(session)

    data = officer.get("/en/staff/activities/export.csv").data
    again = officer.post(IMPORT, data={"file": (io.BytesIO(data), "list.csv")}).text

    rows = sheets.read_activities(data).rows
    assert [(row.reference, row.title_fr, row.venue) for row in rows] == [("A-1", "=La table", venue.name)]
    assert "is there already" in again
    assert activity.public_id


def test_an_evening_in_two_parts_and_the_organisers_own_words_come_back_through_the_sheet(
    officer: FlaskClient, session: Session
) -> None:
    head = f"{HEAD};later_languages;later_start;audience_fr;price_pt"
    typed = f"{head}\n{CAFE};lb|it;20:00;Pour les voisins;Uma bebida"
    page = officer.post(IMPORT, data={"file": (io.BytesIO(typed.encode()), "list.csv")}).text
    officer.post(IMPORT, data={"packed": packed(page)})

    (row,) = sheets.read_activities(officer.get("/en/staff/activities/export.csv").data).rows

    made = session.scalars(select(Activity)).one()
    assert (made.early_tags, made.later_tags, made.later_starts) == (("lb", "fr"), ("lb", "it"), time(20))
    assert (row.languages, row.later_languages, row.later_starts) == (("lb", "fr"), ("lb", "it"), time(20))
    assert (row.audience_fr, row.price_pt) == ("Pour les voisins", "Uma bebida")
