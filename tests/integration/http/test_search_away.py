"""The search server is away: everything else goes on, and people are told what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.http.office import Office, open_office
from tests.servers.running import free_ports


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    (port,) = free_ports()
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("SOHOA_SEARCH_URL", f"elasticsearch+http://127.0.0.1:{port}/office")
    try:
        with open_office(tmp_path_factory.mktemp("away")) as made:
            yield made
    finally:
        monkeypatch.undo()


def test_the_api_answers_503_with_the_time_to_wait(office: Office) -> None:
    with office.client("clerk") as clerk:
        answer = clerk.get("/v1/search", params={"q": "giay phep"})
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == "search_unreachable"
    assert int(answer.headers["retry-after"]) > 0


def test_the_page_says_it_in_vietnamese_and_keeps_what_was_typed(office: Office) -> None:
    with office.browser("clerk") as clerk:
        answer = clerk.get("/search", params={"q": "giấy phép bức xạ"})
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "không trả lời" in answer.text
        assert 'value="giấy phép bức xạ"' in answer.text
        assert clerk.get("/search").status_code == 200


def test_readiness_names_the_part_and_the_figures_stay(office: Office) -> None:
    with office.client("administrator") as admin:
        ready = admin.get("/readyz")
        assert ready.status_code == 200  # papers may come in
        assert ready.json()["state"] == "degraded"
        parts = ready.json()["parts"]
        assert (parts["database"], parts["objects"], parts["search"]) == (True, True, False)
        figures = admin.get("/metrics")
        assert figures.status_code == 200
        assert "sohoa_jobs" in figures.text


def test_a_search_that_cannot_be_answered_writes_nothing_into_the_log_of_reads(
    office: Office, tmp_path: Path
) -> None:
    with office.client("clerk") as clerk, office.client("inspector") as inspector:
        before = inspector.get("/v1/audit").json()
        clerk.get("/v1/search", params={"q": "a"})
        after = inspector.get("/v1/audit").json()
    assert [
        one for one in after["items"] if one not in before["items"] and "search" in str(one)
    ] == []
