"""Tokens narrowed to purposes (RFC 6749 section 3.3): carried, refused, taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from repository import audit, purposes
from repository.audit import AuditFilter
from tests.integration.http.office import SECRET, Office, open_office
from tests.integration.http.papers import SUBJECT
from tests.integration.http.test_evidence import question
from tests.servers.engines import Engines

RENEWAL, LICENCE = "2.002381", "2.002380"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    home: Path = tmp_path_factory.mktemp("office")
    with open_office(home, engines=engines) as made:
        with made.house.database.write() as tx:
            for code in (RENEWAL, LICENCE):
                purposes.grant(tx, "portal", code, made.house.clock.now())
        yield made


def fetch(office: Office, scope: str | None) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_id": "portal", "client_secret": SECRET}
    with office.client(None) as nobody:
        told = {} if scope is None else {"scope": scope}
        return nobody.post("/v1/token", data={**form, **told})


def with_scope(office: Office, scope: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {fetch(office, scope).json()['access_token']}"}


def about(code: str) -> dict[str, Any]:
    asked = question()
    return {**asked, "purpose": {**asked["purpose"], "procedure_code": code}}


def test_the_answer_says_what_the_token_carries(office: Office) -> None:
    assert fetch(office, None).json()["scope"] == f"purpose:{LICENCE} purpose:{RENEWAL}"
    assert fetch(office, "").json()["scope"] == f"purpose:{LICENCE} purpose:{RENEWAL}"
    long_code = f"purpose:{RENEWAL}.000.00.00.H31"
    assert fetch(office, long_code).json()["scope"] == f"purpose:{RENEWAL}"


@pytest.mark.parametrize(
    "scope", ["purpose:1.000001", "purpose:*", RENEWAL, "purpose:", "all", "purpose:2.002381 x"]
)
def test_more_than_was_granted_is_refused(office: Office, scope: str) -> None:
    answer = fetch(office, scope)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_a_narrowed_token_asks_for_its_purpose_alone(office: Office) -> None:
    headers = with_scope(office, f"purpose:{LICENCE}")
    with office.client(None) as client:
        refused = client.post("/v1/evidence-requests", json=about(RENEWAL), headers=headers)
        told = refused.json()
        assert (refused.status_code, told["code"]) == (403, "insufficient_scope")
        assert told["anchor"] == "EDM:ERR:0002"
        with office.house.database.read() as tx:
            wanted = AuditFilter(event_type="evidence.request_refused")
            last = audit.page_of(tx, wanted, None, 1).items[0].entry
        assert last.detail["code"] == "insufficient_scope"
        check = {"procedure": RENEWAL, "subject": {"scheme": SUBJECT.scheme, "id": SUBJECT.id}}
        refused = client.post("/v1/once-only/check", json=check, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
        own = client.post(
            "/v1/once-only/check", json={**check, "procedure": LICENCE}, headers=headers
        )
        assert own.status_code == 200
        whole = with_scope(office, None)
        assert client.post("/v1/once-only/check", json=check, headers=whole).status_code == 200
        nothing_held = client.post("/v1/evidence-requests", json=about(RENEWAL), headers=whole)
        assert nothing_held.json()["code"] == "evidence_not_found"


def test_what_is_taken_back_is_gone_from_tokens_that_are_out(office: Office) -> None:
    now = office.house.clock.now()
    headers = with_scope(office, f"purpose:{RENEWAL}")
    with office.house.database.write() as tx:
        assert purposes.take_back(tx, "portal", RENEWAL)
        assert not purposes.take_back(tx, "portal", RENEWAL)
    try:
        with office.client(None) as client:
            refused = client.post("/v1/evidence-requests", json=about(RENEWAL), headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "purpose_not_allowed")
        assert fetch(office, f"purpose:{RENEWAL}").status_code == 400
    finally:
        with office.house.database.write() as tx:
            purposes.grant(tx, "portal", RENEWAL, now)
