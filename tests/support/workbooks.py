"""Files as spreadsheets write them, built for the tests."""

from datetime import date, datetime
from io import BytesIO

import openpyxl
from odf import opendocument, style, table, text


def xlsx(*rows, sheet="Réponses", before=(), change=None) -> bytes:
    """A workbook whose sheet holds the rows; `before` are (name, rows, state) of sheets that stand before it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells, state in [*before, (sheet, rows, "visible")]:
        page = book.create_sheet(name)
        page.sheet_state = state
        for row in cells:
            page.append(list(row))
    if change:
        change(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _ods_cell(value):
    if value is None:
        return table.TableCell()
    if isinstance(value, bool):
        return table.TableCell(valuetype="boolean", booleanvalue=str(value).lower())
    if isinstance(value, int | float):
        return table.TableCell(valuetype="float", value=value)
    if isinstance(value, date | datetime):
        return table.TableCell(valuetype="date", datevalue=value.isoformat())
    cell = table.TableCell(valuetype="string")
    for line in value.split("\n"):
        cell.addElement(text.P(text=line))
    return cell


def fods(*rows, **options) -> bytes:
    """The same as one text of OpenDocument."""
    return _opendocument(*rows, **options).xml()


def ods(*rows, **options) -> bytes:
    """The same as OpenDocument; blank cells in a row are written as LibreOffice does, as one repeated cell."""
    stream = BytesIO()
    _opendocument(*rows, **options).save(stream)
    return stream.getvalue()


def _opendocument(*rows, sheet="Réponses", before=(), hidden=(), change=None):
    """The rows after those of the sheets `before`, as (name, rows); `hidden` are names of sheets that are."""
    book = opendocument.OpenDocumentSpreadsheet()
    unseen = style.Style(name="cachée", family="table")
    unseen.addElement(style.TableProperties(display="false"))
    book.automaticstyles.addElement(unseen)
    for name, cells in [*before, (sheet, rows)]:
        page = table.Table(name=name, **({"stylename": unseen} if name in hidden else {}))
        book.spreadsheet.addElement(page)
        for row in cells:
            line, blanks = table.TableRow(), 0
            page.addElement(line)
            for value in row:
                if value is None:
                    blanks += 1
                    continue
                if blanks:
                    line.addElement(table.TableCell(numbercolumnsrepeated=blanks))
                    blanks = 0
                line.addElement(_ods_cell(value))
            line.addElement(table.TableCell(numbercolumnsrepeated=16384 - len(row)))
        if change:
            change(page)
        page.addElement(table.TableRow(numberrowsrepeated=1048576 - len(cells)))
    return book


def merged(kind: str, rows, *, down=None, across=None) -> bytes:
    """The rows with one area merged: its reference, its column and how many rows or columns it has."""
    reference, at, number = down or across
    if kind == "xlsx":
        return xlsx(*rows, change=lambda book: book.worksheets[0].merge_cells(reference))

    def change(page):
        first = int(reference[1]) - 1
        lines = page.getElementsByType(table.TableRow)
        origin = lines[first].childNodes[at]
        origin.setAttribute("numberrowsspanned", number if down else 1)
        origin.setAttribute("numbercolumnsspanned", 1 if down else number)
        # Those that are covered were blank, and written as one that is repeated.
        blanks = [line.childNodes[at] for line in lines[first + 1 : first + number]] if down else [origin.nextSibling]
        for blank in blanks:
            blank.qname = (blank.qname[0], "covered-table-cell")

    return ods(*rows, change=change)
