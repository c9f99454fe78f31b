"""Reads a workbook as a spreadsheet program does (ECMA-376): parts, cells with their types."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Cell:
    """A cell: text, number or date; ``formula`` is what a table must not have."""

    value: str | float | date | None
    formula: str | None


def read(data: bytes) -> dict[str, list[dict[str, Cell]]]:
    """Sheet name -> rows -> column letter -> cell.

    Raises:
        Exception: the file is no workbook, or a part is broken.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        assert pack.testzip() is None
        book = ElementTree.fromstring(pack.read("xl/workbook.xml"))
        links = ElementTree.fromstring(pack.read("xl/_rels/workbook.xml.rels"))
        targets = {one.attrib["Id"]: one.attrib["Target"] for one in links}
        texts = [
            "".join(part.text or "" for part in one.iter(f"{MAIN}t"))
            for one in ElementTree.fromstring(pack.read("xl/sharedStrings.xml"))
        ]
        styles = ElementTree.fromstring(pack.read("xl/styles.xml"))
        formats = {
            one.attrib["numFmtId"]: one.attrib["formatCode"] for one in styles.iter(f"{MAIN}numFmt")
        }
        used = styles.find(f"{MAIN}cellXfs")
        assert used is not None
        looks = [formats.get(one.attrib["numFmtId"], "") for one in used]
        return {
            sheet.attrib["name"]: _rows(
                pack.read(f"xl/{targets[sheet.attrib[RELATION]]}"), texts, looks
            )
            for sheet in book.iter(f"{MAIN}sheet")
        }


def _rows(part: bytes, texts: list[str], looks: list[str]) -> list[dict[str, Cell]]:
    return [
        {re.sub(r"\d", "", one.attrib["r"]): _cell(one, texts, looks) for one in row}
        for row in ElementTree.fromstring(part).iter(f"{MAIN}row")
    ]


def _cell(one: ElementTree.Element, texts: list[str], looks: list[str]) -> Cell:
    formula, value = one.find(f"{MAIN}f"), one.find(f"{MAIN}v")
    told = None if formula is None else formula.text
    if value is None or value.text is None:
        return Cell(None, told)
    if one.attrib.get("t") == "s":
        return Cell(texts[int(value.text)], told)
    assert one.attrib.get("t", "n") == "n", one.attrib
    number = float(value.text)
    if "yy" in looks[int(one.attrib.get("s", "0"))]:
        return Cell(date(1899, 12, 30) + timedelta(days=number), told)
    return Cell(number, told)
