"""Figures over HTTP: each with its two sides and the dossiers behind them."""

from collections.abc import Iterator

import httpx
import pytest

from tests.integration.http.counter import RENEWAL, component, hand_in, of_the_firm, receive
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.servers.engines import Engines


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office"), demo=True, engines=engines) as made:
        yield made


@pytest.fixture
def officer(office: Office) -> Iterator[httpx.Client]:
    with office.client("officer") as client:
        yield client


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
    assert figures["on-time"]["apart"]["without_due_date"] > 0
    assert figures["asked-again"]["numerator"] == 1
    assert officer.get("/v1/stats/reused").json() == reused
    empty = officer.get("/v1/stats/reused?from=2020-01-01&to=2020-12-31").json()
    assert (empty["denominator"], empty["percent"]) == (0, None)
    table = officer.get("/v1/stats?format=csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert "Hồ sơ dùng lại giấy tờ đã có" in table.content.decode("utf-8-sig")
    for wrong, status in (
        ("/v1/stats/happiness", 404),
        ("/v1/stats?from=2026-02-01&to=2026-01-01", 422),
        ("/v1/stats/reused/dossiers?part=rest", 422),
    ):
        assert officer.get(wrong).status_code == status, wrong
    with office.client("system") as system:
        assert system.get("/v1/stats").status_code == 403
