"""Figures over HTTP: each with its two sides and the dossiers behind them."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from api.http.workbook import figures_workbook
from tests.integration.http import sheets
from tests.integration.http.counter import RENEWAL, component, hand_in, of_the_firm, receive
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.servers.engines import Engines


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office"), demo=True, engines=engines) as made:
        yield made


def test_figures_say_what_is_behind_them(office: Office, officer: httpx.Client) -> None:
    hand_in(office, born_digital("GIAY PHEP"), **of_the_firm("radiation_work_licence"))
    code = receive(officer, RENEWAL)["code"]
    reason = {"reason": "illegible", "legal_basis": "NĐ 45/2020/NĐ-CP", "note": "Mất trang 2"}
    officer.post(f"/v1/dossiers/{code}/requests", json={"components": ["TP2"], "override": reason})
    receive(officer, RENEWAL, due_at="2099-01-01T17:00:00+07:00")
    whole = officer.get("/v1/stats").json()
    figures = {one["figure"]: one for one in whole["items"]}
    reused = figures["reused"]
    assert 0 < reused["numerator"] <= reused["denominator"]
    assert reused["percent"] == f"{100 * reused['numerator'] / reused['denominator']:.2f}"
    behind = officer.get(reused["dossiers"]["numerator"]).json()["items"]
    assert len(behind) == reused["numerator"]
    assert component(officer.get(behind[0]["url"]).json(), "TP2")["state"] == "reused"
    assert whole["spared"]["papers"] >= reused["numerator"]
    score = figures["reused-as-the-portal-counts"]["score"]
    assert (score["metric"], score["max"], score["full_from_percent"]) == (
        "REUSED_DIGITIZED_DATA", 2, 80,
    )  # fmt: skip
    assert 0 < float(score["points_plain"]) <= float(score["points"]) <= 2
    assert figures["asked-again"]["score"] is None
    assert figures["online"]["denominator"] == reused["denominator"]
    assert figures["online"]["numerator"] == 0
    assert figures["on-time"]["apart"]["without_due_date"] > 0
    assert figures["asked-again"]["numerator"] == 1
    assert officer.get("/v1/stats/reused").json() == reused
    empty = officer.get("/v1/stats/reused?from=2020-01-01&to=2020-12-31").json()
    assert (empty["denominator"], empty["percent"]) == (0, None)
    table = officer.get("/v1/stats?format=csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert "Hồ sơ dùng lại giấy tờ đã có" in table.content.decode("utf-8-sig")
    book = sheets.read(officer.get("/v1/stats?format=xlsx").content)
    rows = {row["A"].value: row for row in book["Chỉ tiêu"]}
    row = rows["reused"]
    assert row["B"].value == "Hồ sơ dùng lại giấy tờ đã có"
    assert (row["E"].value, row["F"].value) == (reused["numerator"], reused["denominator"])
    assert row["G"].value == float(reused["percent"])
    assert str(row["C"].value) == reused["from"]
    told = {(one["A"].value, one["B"].value, one["C"].value) for one in book["Hồ sơ"][1:]}
    assert ("reused", "numerator", behind[0]["code"]) in told
    assert sum(one[:2] == ("reused", "denominator") for one in told) == reused["denominator"]
    for wrong, status in (
        ("/v1/stats/happiness", 404),
        ("/v1/stats?from=2026-02-01&to=2026-01-01", 422),
        ("/v1/stats/reused/dossiers?part=rest", 422),
    ):
        assert officer.get(wrong).status_code == status, wrong
    with office.client("system") as system:
        assert system.get("/v1/stats").status_code == 403


def test_one_figure_as_a_workbook(officer: httpx.Client) -> None:
    answer = officer.get("/v1/stats/reused?format=xlsx&from=2020-01-01&to=2020-12-31")
    assert answer.headers["content-disposition"] == 'attachment; filename="figures.xlsx"'
    assert "spreadsheetml" in answer.headers["content-type"]
    book = sheets.read(answer.content)
    [_, row] = book["Chỉ tiêu"]
    assert (row["E"].value, row["F"].value) == (0, 0)
    assert "G" not in row  # nothing was counted: no ratio, and no zero
    assert len(book["Hồ sơ"]) == 1


def test_the_page_offers_the_workbook(office: Office) -> None:
    with office.browser("officer") as browser:
        page = browser.get("/figures").text
        [address] = re.findall(r'href="(/v1/stats[^"]*xlsx[^"]*)"', page)
        assert sheets.read(browser.get(address.replace("&amp;", "&")).content)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.vn", "\t=1", "1e5"]
)
def test_no_cell_does_anything(text: str) -> None:
    figure = {
        "figure": text, "name": text, "from": "2026-01-01", "to": "2026-12-31",
        "numerator": 1, "denominator": 2, "percent": "50.00",
    }  # fmt: skip
    data = figures_workbook([figure], [(text, text, text)], datetime(2026, 11, 27, tzinfo=UTC))
    book = sheets.read(data)
    for name in ("Chỉ tiêu", "Hồ sơ"):
        for row in book[name]:
            assert all(cell.formula is None for cell in row.values())
    assert book["Chỉ tiêu"][1]["A"].value == text
    assert [cell.value for cell in book["Hồ sơ"][1].values()] == [text] * 3
    assert b"hyperlink" not in b"".join(
        zipfile.ZipFile(io.BytesIO(data)).read(part)
        for part in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml")
    )
