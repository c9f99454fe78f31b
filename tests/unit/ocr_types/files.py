"""Type files for tests: one that is whole, and changes to it."""

from pathlib import Path

from ocr.types import DocumentType, read_type

WHOLE = """schema = 1
key = "test_report"
abbreviations = ["PKQ"]
sources = ["ISO/IEC 17025"]

[name]
vi = "Phiếu kết quả thử nghiệm"
en = "Test report"

[cues]
forbidden = ["bản nháp"]

[[cues.titles]]
text = "Phiếu kết quả thử nghiệm"
weight = 0.9

[[cues.symbols]]
pattern = "{d0-6}/PKQ-{s1-20}"
weight = 0.4

[fields]
has = ["doc_type", "number_symbol", "issue_date", "holder_name", "holder_id", "expiry_date"]
essential = ["doc_type", "number_symbol", "holder_name"]

[[labels]]
field = "holder_name"
text = ["Khách hàng", "Tên khách hàng"]
value = "organisation"

[[labels]]
fact = "fee"
name = "Phí thử nghiệm"
text = ["Phí thử nghiệm"]
value = "money"

[validity]
rule = "term"

[[validity.terms]]
months = 6
basis = "Quy định cũ"
certainty = "high"
from = 2020-01-01
to = 2023-12-31

[[validity.terms]]
months = 12
basis = "Quy định mới"
from = 2024-01-01

[[checks]]
name = "check_digit"
field = "holder_id"
"""


def written(folder: Path, text: str = WHOLE, name: str = "report.toml") -> Path:
    """A type file in the folder."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def changed(old: str, new: str) -> str:
    """The whole file with one piece changed."""
    assert WHOLE.count(old) == 1, old
    return WHOLE.replace(old, new)


def report_type(folder: Path, text: str = WHOLE) -> DocumentType:
    """The type of the whole file."""
    return read_type(written(folder, text))
