"""Workbooks come in as text or not at all, and what goes out is run by nobody's spreadsheet."""

import csv
import io
import time
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from commune_hub.events.sheets import SheetCode, neutral
from commune_hub.events.workbooks import as_csv, csv_of, xlsx_of


def a_workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes | SheetCode) -> list[list[str]]:
    assert isinstance(data, bytes)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part more, or another one in its place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def test_the_first_sheet_is_read_as_text() -> None:
    rows = [["name", "day", "km"], ["Zoë; Núria", date(2026, 11, 24), 10], ["فاطمة", True, 2.5], ["x", None, None]]
    data = a_workbook(rows)

    assert read(as_csv(data)) == [
        ["name", "day", "km"], ["Zoë; Núria", "2026-11-24", "10"], ["فاطمة", "yes", "2.5"], ["x", "", ""],
    ]  # fmt: skip


def test_what_is_no_workbook_stays_as_it_is() -> None:
    assert as_csv(b"name;day\r\n") == b"name;day\r\n"


@pytest.mark.parametrize(
    "data, fault",
    [
        (b"PK\x03\x04 and nothing else", SheetCode.NOT_A_SHEET),
        (b"PK\x03\x04" + b"x" * 2_000_001, SheetCode.TOO_BIG),
        (repacked(a_workbook([["a"]]), "xl/more.xml", b"0" * 200_000_000), SheetCode.TOO_BIG),
        (
            repacked(a_workbook([["a"]]), "xl/worksheets/sheet1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            SheetCode.NOT_A_SHEET,
        ),
        (repacked(a_workbook([["a"]]), "xl/worksheets/sheet1.xml", b"<not xml"), SheetCode.NOT_A_SHEET),
        (repacked(a_workbook([["a"]]), "xl/workbook.xml", b"<workbook/>"), SheetCode.NOT_A_SHEET),
        (a_workbook([["a"]] * 3000), SheetCode.TOO_MANY_ROWS),
    ],
    ids=["no zip", "big", "bomb", "entities", "no xml", "no sheet", "rows"],
)
def test_a_bomb_is_refused_in_a_moment(data: bytes, fault: SheetCode) -> None:
    began = time.process_time()

    assert as_csv(data) is fault
    assert time.process_time() - began < 5


def test_what_goes_out_is_no_formula_and_comes_back() -> None:
    rows = [["=1+1", "+352", "@x", "Zoë", "a\x00b"]]

    written = load_workbook(io.BytesIO(xlsx_of("Hours", ["a", "b", "c", "d", "e"], rows))).active
    cells = [cell.value for cell in list(written)[1]]

    assert cells == ["'=1+1", "'+352", "'@x", "Zoë", "ab"]
    assert [cell.data_type for cell in list(written)[1]] == ["s"] * 5
    assert read(csv_of(["a"], [["=1+1"]])) == [["a"], [neutral("=1+1")]]
