"""Texts of visible signatures are data with validity dates."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing.sign import sign_file
from signing.stamp_texts import load_wordings
from tests.unit.signing.office import blank_pdf, make_key, make_root
from tests.unit.signing.test_certify import corners
from vocabulary.errors import UsageError

OWN = """
[[organisation]]
lines = ["CŨ: {name}", "{time}"]
corner = "left"
to = 2026-12-31
basis = "Quy chế cũ"
[[organisation]]
lines = ["MỚI: {name}"]
corner = "right"
from = 2027-01-01
"""


def at(year: int) -> datetime:
    return datetime(year, 6, 1, tzinfo=UTC)


def test_the_shipped_texts_are_those_of_the_law() -> None:
    texts = load_wordings().on(at(2026))
    assert texts.officer == ("Người số hóa: {name}", "Thời gian số hóa: {time}")
    assert texts.organisation == ("{form}; {name}; {time}",)
    assert (texts.officer_corner, texts.organisation_corner) == ("left", "right")
    assert all(one.basis for table in load_wordings().tables.values() for one in table)
    for year in range(2018, 2045):  # there is always one in force
        assert load_wordings().on(at(year))


def test_an_offices_own_table_changes_on_its_day_and_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    wordings = load_wordings(tmp_path / "own.toml")
    assert wordings.on(at(2026)).organisation == ("CŨ: {name}", "{time}")
    assert wordings.on(at(2027)).organisation == ("MỚI: {name}",)
    assert wordings.on(at(2026)).officer == load_wordings().on(at(2026)).officer
    edge = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # midnight in Vietnam
    assert wordings.on(edge).organisation == ("MỚI: {name}",)
    out = tmp_path / "out.pdf"
    sign_file(blank_pdf(tmp_path / "in.pdf"), out, make_key(make_root(), "Sở Thử"), "organisation",
              texts=wordings.on(at(2026)))  # fmt: skip
    left, right, _ = corners(out)
    assert "CŨ: Sở Thử" in left
    assert right.strip() == ""


@pytest.mark.parametrize(
    "text",
    [
        "[[organisation",
        "[[office]]\nlines = ['x']",
        "[[officer]]\nlines = []",
        "[[officer]]\nlines = ['{nobody}']",
        "[[officer]]\nlines = ['{0}']",
        "[[officer]]\nlines = ['x']\ncorner = 'middle'",
        "[[officer]]\nlines = ['x']\nfrom = '2026'",
        "[[officer]]\nlines = ['x']\ncolour = 'red'",
        "officer = 3",
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "own.toml").write_text(text, "utf-8")
    with pytest.raises(UsageError, match=r"own\.toml"):
        load_wordings(tmp_path / "own.toml")


def test_a_day_without_a_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[[officer]]\nlines = ['x']\nto = 2020-01-01", "utf-8")
    with pytest.raises(UsageError, match="in force"):
        load_wordings(tmp_path / "own.toml").on(at(2026))
