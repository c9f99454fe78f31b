"""Figures as a workbook for Excel: one sheet of figures, one of the dossiers behind them.

Every cell has a type: text, number or date. Nothing is ever a formula or a link, whatever a
text begins with: what stands in a table must not do anything on the reader's machine.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from vocabulary.clock import VIETNAM

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PLAIN: Final = {
    "in_memory": True,  # no file of figures in a folder for temporary ones
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_HEADS: Final = ("Mã", "Chỉ tiêu", "Từ ngày", "Đến ngày", "Tử số", "Mẫu số", "Tỷ lệ %")
_BEHIND: Final = ("Mã chỉ tiêu", "Phần", "Mã hồ sơ")
_WIDTHS: Final = (30, 60, 12, 12, 10, 10, 10)


def figures_workbook(
    figures: Sequence[Mapping[str, Any]],
    behind: Sequence[tuple[str, str, str]],
    made_at: datetime,
) -> bytes:
    """The workbook's bytes.

    Args:
        figures: as ``GET /v1/stats`` gives them.
        behind: figure, part, code of a dossier.
        made_at: stands in the file's properties; else nothing says when it was made.
    """
    out = io.BytesIO()
    book = Workbook(out, _PLAIN)
    # Wall time: the format has no zone, and this is read in Vietnam.
    book.set_properties({
        "title": "sohoa", "created": made_at.astimezone(VIETNAM).replace(tzinfo=None)
    })  # fmt: skip
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    ratio = book.add_format({"num_format": "0.00"})
    sheet = book.add_worksheet("Chỉ tiêu")
    _heads(sheet, _HEADS, _WIDTHS, head)
    for row, one in enumerate(figures, start=1):
        sheet.write_string(row, 0, one["figure"])
        sheet.write_string(row, 1, one["name"])
        sheet.write_datetime(row, 2, date.fromisoformat(one["from"]), day)
        sheet.write_datetime(row, 3, date.fromisoformat(one["to"]), day)
        sheet.write_number(row, 4, one["numerator"])
        sheet.write_number(row, 5, one["denominator"])
        if one["percent"] is not None:  # nothing counted is no ratio, and no zero
            sheet.write_number(row, 6, float(one["percent"]), ratio)
    sheet = book.add_worksheet("Hồ sơ")
    _heads(sheet, _BEHIND, (30, 20, 34), head)
    for row, cells in enumerate(behind, start=1):
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text)
    book.close()
    return out.getvalue()


def _heads(sheet: Any, names: Sequence[str], widths: Sequence[int], look: Any) -> None:
    for column, (name, width) in enumerate(zip(names, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, look)
    sheet.freeze_panes(1, 0)
