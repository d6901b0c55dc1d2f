"""Workbooks (XLSX) as sheets of text: the first sheet read as CSV, and tables written as CSV or XLSX.

What comes in is somebody's file. A workbook is a zip that can unpack to hundreds of times its size, and XML that can
refer to itself; both are looked at before anything is parsed, so that a bomb is refused in a moment.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from commune_hub.events.sheets import MOST_BYTES, MOST_ROWS, SheetCode, neutral

MAGIC = b"PK\x03\x04"
MOST_UNPACKED = 24_000_000
_MOST_PARTS = 200
_MOST_COLUMNS = 60
# Notes and empty lines come on top of the rows.
_MOST_LINES = MOST_ROWS + 500
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")


def as_csv(data: bytes) -> bytes | SheetCode:
    """The first sheet of a workbook as CSV with `;`, or what is wrong with the file; anything else as it came."""
    if not data.startswith(MAGIC):
        return data
    fault = _fault_of(data)
    if fault is not None:
        return fault
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            return _first_sheet(book)
        finally:
            book.close()
    except (InvalidFileException, zipfile.BadZipFile, ParseError, LookupError, ValueError, TypeError, AttributeError):
        return SheetCode.NOT_A_SHEET


def _fault_of(data: bytes) -> SheetCode | None:
    if len(data) > MOST_BYTES:
        return SheetCode.TOO_BIG
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                return SheetCode.TOO_BIG
            read = 0
            for part in parts:
                # What the list of a zip says of sizes need not be true.
                content = packed.open(part).read(MOST_UNPACKED - read + 1)
                read += len(content)
                if read > MOST_UNPACKED:
                    return SheetCode.TOO_BIG
                if any(word in content for word in _FORBIDDEN):
                    return SheetCode.NOT_A_SHEET
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return SheetCode.NOT_A_SHEET
    return None


def _first_sheet(book: Workbook) -> bytes | SheetCode:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    sheet = book.worksheets[0]
    # The sheet's own word on its size is not believed.
    sheet.reset_dimensions()
    width = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), 1):
        if number > _MOST_LINES:
            return SheetCode.TOO_MANY_ROWS
        cells = [_text(cell) for cell in row]
        while len(cells) > width and not cells[-1]:
            cells.pop()
        # A row is as long as the head, however many of its cells are empty.
        width = width or len(cells)
        writer.writerow([*cells, *[""] * (width - len(cells))])
    return out.getvalue().encode("utf-8-sig")


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def csv_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV that spreadsheets here open rightly; no cell is run as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The same table as a workbook; every cell is text, and none a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in (head, *rows):
        sheet.append([neutral(_printable(cell)) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _printable(cell: str) -> str:
    """XML knows no control characters but line breaks and tabs."""
    return "".join(char for char in cell if char >= " " or char in "\n\t")
