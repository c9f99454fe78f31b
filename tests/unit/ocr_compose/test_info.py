"""XMP and document information say the same, whatever the title holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pikepdf import Pdf

from ocr.compose import ComposeInfo
from ocr.compose.info import write_info

INFO = ComposeInfo(
    title="Quyết định số 12/QĐ-UBND",
    created=datetime(2026, 11, 23, 8, 30, 15, 999, tzinfo=timezone(timedelta(hours=7))),
    source_name="qđ 12.pdf",
    source_sha256="ab" * 32,
    made_by={"sohoa": "0.1.0", "tesseract": "5.3.0", "model": "vie <1>"},
)


def _written(info: ComposeInfo) -> Pdf:
    pdf = Pdf.new()
    write_info(pdf, info)
    return pdf


def test_both_say_the_same() -> None:
    pdf = _written(INFO)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        assert xmp["dc:title"] == str(pdf.docinfo["/Title"]) == INFO.title
        assert xmp["pdf:Producer"] == str(pdf.docinfo["/Producer"]) == "sohoa 0.1.0"
        assert xmp["xmp:CreatorTool"] == str(pdf.docinfo["/Creator"])
        assert xmp["xmp:CreatorTool"] == "model vie <1>; tesseract 5.3.0"
        assert xmp["xmp:CreateDate"] == "2026-11-23T08:30:15+07:00"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261123083015+07'00"
        assert xmp["dc:source"] == f"sha256:{INFO.source_sha256} qđ 12.pdf"
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "B")
    assert str(pdf.Root.Lang) == "vi-VN"


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("a\x00b\x0cc\ud800 d", "ab c d"),
        ("</x:xmpmeta> & ]]>", "</x:xmpmeta> & ]]>"),
        (" \n ", "qđ 12.pdf"),
        ("", "qđ 12.pdf"),
    ],
)
def test_a_title_of_any_letters_leaves_the_packet_sound(title: str, kept: str) -> None:
    pdf = _written(replace(INFO, title=title))
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        assert xmp["dc:title"] == kept
    assert str(pdf.docinfo["/Title"]) == kept


def test_a_date_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        _written(replace(INFO, created=datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)))
