"""Once only, told as the law wants it: from a firm's first dossier to the auditor.

A served office (its own process, worker, storage, index, signatures), spoken to over HTTP
alone, on embedded parts and on the servers.
"""

import hashlib
import json
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
import zxingcpp

from demo.office import demo_office
from tests.faults.service import Service, Settings, serve, sohoa
from tests.integration.http.counter import FIRM, RENEWAL, component, of_the_firm, receive
from tests.integration.http.papers import SUBJECT, born_digital
from tests.servers.engines import Engines, as_environment

GRANTING = "2.002380"
LICENCE = "radiation_work_licence"
REGISTRATION = "business_registration"
CASE = "000.00.19.H31-261127-0001"
_PEOPLE = ("clerk", "officer", "leader", "inspector")
BASIS = [{"instrument": "Nghị định 45/2020/NĐ-CP", "article": "25"}]


@dataclass(frozen=True)
class Cast:
    """Who acts, each with a token of their own."""

    service: Service
    settings: Settings
    clerk: httpx.Client
    officer: httpx.Client
    leader: httpx.Client
    inspector: httpx.Client
    portal: httpx.Client
    folder: Path


@pytest.fixture
def cast(tmp_path: Path, engines: Engines) -> Iterator[Cast]:
    home, settings = tmp_path / "home", as_environment(engines)
    sohoa(home, "demo", "office", more=settings)
    service = serve(home, tmp_path / "log", workers=1, more=settings)
    try:
        with ExitStack() as opened:
            people = [opened.enter_context(service.client(who)) for who in _PEOPLE]
            portal = opened.enter_context(_portal(service))
            yield Cast(service, settings, *people, portal, tmp_path)
    finally:
        service.process.send_signal(signal.SIGTERM)
        service.process.wait(timeout=60)


def test_once_only(cast: Cast) -> None:
    # 1. A firm is granted its licence: what it brings and what it gets is digitised and signed.
    papers = the_first_dossier_ends_with_its_licence(cast)
    # 2. Another procedure, the same firm: what is held stands in the dossier at once ...
    code = the_second_dossier_is_filled(cast, papers)
    # ... and neither the expired licence nor the registration that was replaced is reused.
    papers_out_of_force_are_not_reused(cast, papers)
    # 3. Whoever asks the applicant for it is stopped, with what is held and where it is.
    what_is_held_may_not_be_asked_for(cast, code, papers)
    # 4. Only a legal reason overrides; it is written down, the leader sees it, it is counted.
    an_override_is_told_to_the_leader(cast, code)
    # 5. The applicant takes a receipt home that anybody can check.
    the_applicant_gets_a_receipt(cast, code)
    # 6. Another authority gets the licence for its own case, once, with a receipt.
    receipt = another_authority_fetches_the_licence(cast, papers.licence)
    # 7. The receipt proves itself without the service; a forged one does not.
    the_receipt_is_checked_offline(cast, receipt)
    # 8. What becomes worthless later is told to the dossiers and systems that rely on it.
    a_withdrawal_is_told(cast, code, papers)
    # 9. All of it stands in the log, whose chain is whole.
    the_log_has_all_of_it(cast, code)


@dataclass(frozen=True)
class Papers:
    """Documents of the firm by what they are."""

    licence: str
    old_licence: str
    registration: str
    old_registration: str


def the_first_dossier_ends_with_its_licence(cast: Cast) -> Papers:
    code = receive(cast.officer, GRANTING)["code"]  # nothing of the firm is held yet
    expired = paper(cast, "GIAY PHEP 2020", LICENCE, issue_date="2020-03-12",
                    valid_to="2023-03-11")  # fmt: skip
    replaced = paper(cast, "DANG KY LAN 1", REGISTRATION, issue_date="2015-01-05")
    registration = paper(cast, "DANG KY LAN 2", REGISTRATION, issue_date="2024-05-02")
    cast.officer.post(f"/v1/documents/{replaced}/supersede", json={"by": registration})
    attached = cast.officer.put(
        f"/v1/dossiers/{code}/components/TP2", json={"document": registration}
    )
    assert component(attached.json(), "TP2")["state"] == "handed_in"
    early = cast.officer.post(f"/v1/dossiers/{code}/close")
    assert (early.status_code, early.json()["code"]) == (409, "results_missing")
    licence = paper(cast, "GIAY PHEP 2026", LICENCE, valid_to="2029-03-11")
    cast.officer.post(f"/v1/dossiers/{code}/results", json={"document": licence})
    closed = cast.officer.post(f"/v1/dossiers/{code}/close")
    assert (closed.status_code, closed.json()["state"]) == (200, "done")
    held = cast.officer.get(f"/v1/documents/{licence}").json()
    assert f"{code}-KQ1" in held["result_codes"]
    assert f"{SUBJECT.id}.RADIATION-WORK-LICENCE" in " ".join(held["result_codes"])
    return Papers(licence, expired, registration, replaced)


def the_second_dossier_is_filled(cast: Cast, papers: Papers) -> str:
    dossier = receive(cast.clerk, RENEWAL)
    assert component(dossier, "TP2")["state"] == component(dossier, "TP3")["state"] == "reused"
    assert component(dossier, "TP2")["documents"] == [papers.licence]
    assert component(dossier, "TP3")["documents"] == [papers.registration]
    assert component(dossier, "TP5")["state"] == "awaited"
    code: str = dossier["code"]
    return code


def papers_out_of_force_are_not_reused(cast: Cast, papers: Papers) -> None:
    subject = {"scheme": FIRM["scheme"], "id": FIRM["id"]}
    told = cast.clerk.post("/v1/once-only/check", json={"procedure": RENEWAL, "subject": subject})
    reasons = {one["document"]: one["reasons"]
               for part in told.json()["components"] for one in part["considered"]}  # fmt: skip
    assert reasons == {
        papers.licence: [], papers.registration: [],
        papers.old_licence: ["expired"], papers.old_registration: ["superseded"],
    }  # fmt: skip


def what_is_held_may_not_be_asked_for(cast: Cast, code: str, papers: Papers) -> None:
    address = f"/v1/dossiers/{code}"
    before = cast.officer.get(address).json()["version"]
    refused = cast.officer.post(f"{address}/requests", json={"components": ["TP2", "TP3", "TP5"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_held")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["held"] == [
        {"component": name, "documents": [one], "links": [f"/v1/documents/{one}"]}
        for name, one in (("TP2", papers.licence), ("TP3", papers.registration))
    ]
    after = cast.officer.get(address).json()
    assert (after["version"], after["requests"], after["state"]) == (before, [], "received")
    granted = cast.officer.post(f"{address}/requests", json={"components": ["TP5"]})
    assert (granted.status_code, granted.json()["state"]) == (201, "awaiting_supplement")


def an_override_is_told_to_the_leader(cast: Cast, code: str) -> None:
    address = f"/v1/dossiers/{code}"
    reason = {"reason": "suspected_forgery", "legal_basis": "Luật 20/2023/QH15, điều 12",
              "note": "Số giấy phép không khớp sổ cấp"}  # fmt: skip
    idle = {"components": ["TP2"], "override": {**reason, "reason": "convenient"}}
    answer = cast.officer.post(f"{address}/requests", json=idle)
    assert (answer.status_code, answer.json()["code"]) == (422, "override_reason_unknown")
    asked = {"components": ["TP2"], "override": reason}
    assert cast.officer.post(f"{address}/requests", json=asked).status_code == 201
    seen = cast.leader.get(address).json()["requests"][-1]
    assert (seen["overridden"], seen["override"]) == (["TP2"], reason)
    figure = cast.leader.get("/v1/stats/asked-again").json()
    assert (figure["numerator"], figure["denominator"]) == (1, 2)
    behind = cast.leader.get("/v1/stats/asked-again/dossiers", params={"part": "numerator"})
    assert code in behind.text


def the_applicant_gets_a_receipt(cast: Cast, code: str) -> None:
    made = cast.clerk.post(f"/v1/dossiers/{code}/receipt").json()
    with pypdfium2.PdfDocument(cast.clerk.get(made["url"]).content) as pdf:
        (qr,) = zxingcpp.read_barcodes(pdf[0].render(scale=200 / 72).to_pil())
    assert qr.text == made["verify_url"]
    path = "/verify/" + qr.text.rpartition("/")[2]
    anybody = httpx.get(cast.service.url + path, headers={"Accept": "application/json"}).json()
    assert (anybody["standing"], anybody["dossier"], len(anybody["papers"])) == ("issued", code, 2)
    spared = cast.leader.get("/v1/stats").json()["spared"]
    assert spared["papers"] == 2


def another_authority_fetches_the_licence(cast: Cast, licence: str) -> dict[str, Any]:
    refused = ask(cast, evidence_type={"id": "lease_contract"})
    assert (refused.status_code, refused.json()["code"]) == (403, "purpose_not_allowed")
    answer = ask(cast)
    assert (answer.status_code, answer.json()["status"]) == (200, "delivered")
    assert licence not in answer.text  # ids of the catalogue stay in the office
    (piece,) = answer.json()["evidence"]
    assert piece["reuse"]["verdict"] == "reusable"
    content = cast.portal.get(piece["content_url"]).content
    assert hashlib.sha256(content).hexdigest() == piece["digest"]["value"]
    verdicts = cast.officer.post("/v1/verify", files={"file": ("gp.pdf", content)}).json()
    assert [one["integrity"] for one in verdicts["signatures"]] == ["intact", "intact"]
    assert cast.portal.get(piece["content_url"]).json()["code"] == "link_used"
    receipt: dict[str, Any] = cast.portal.get(answer.json()["receipt"]["url"]).json()
    assert receipt["claims"]["case_ref"] == CASE
    return receipt


def the_receipt_is_checked_offline(cast: Cast, receipt: dict[str, Any]) -> None:
    assert verified(cast, receipt) == (0, True, [])
    claims = {**receipt["claims"], "case_ref": "000.00.19.H31-261127-9999"}
    assert verified(cast, {**receipt, "claims": claims}) == (5, False, ["signature_mismatch"])


def a_withdrawal_is_told(cast: Cast, code: str, papers: Papers) -> None:
    late = ask(cast).json()["evidence"][0]["content_url"]
    reason = {"reason": "QĐ 12/QĐ-SKHCN ngày 27/11/2026"}
    cast.leader.post(f"/v1/documents/{papers.licence}/withdraw", json=reason)
    dossier = cast.officer.get(f"/v1/dossiers/{code}").json()
    assert {"code": "paper_lost", "component": "TP2", "document": papers.licence,
            "reasons": ["withdrawn"]} in dossier["warnings"]  # fmt: skip
    gone = cast.portal.get(late)
    assert (gone.status_code, gone.json()["code"]) == (410, "withdrawn")
    assert ask(cast).status_code == 404


def the_log_has_all_of_it(cast: Cast, code: str) -> None:
    pages = cast.inspector.get("/v1/audit", params={"limit": 500}).json()["items"]
    entries = list(reversed(pages))
    mine = [one["event"] for one in entries if one["detail"].get("dossier") == code]
    for event in ("dossier.received", "dossier.request", "dossier.override", "dossier.receipt"):
        assert event in mine, event
    refused = [one for one in entries
               if one["event"] == "dossier.request" and one["outcome"] == "refused"]  # fmt: skip
    assert refused[0]["detail"]["held"] == ["TP2", "TP3"]
    evidence = [one["event"] for one in entries if one["actor"] == "portal"
                and one["event"].startswith("evidence.")]  # fmt: skip
    assert evidence == [
        "evidence.request_received", "evidence.request_refused",
        "evidence.request_received", "evidence.delivered", "evidence.opened",
        "evidence.request_received", "evidence.delivered",
        "evidence.request_received", "evidence.request_refused",
    ]  # fmt: skip
    assert FIRM["id"] not in json.dumps([one["detail"] for one in entries])
    assert cast.inspector.get("/v1/audit/chain").json()["intact"] is True
    for role in (cast.clerk, cast.officer, cast.portal):
        assert role.get("/v1/audit").status_code == 403
    checked = sohoa(cast.service.home, "audit", "verify", "--json", more=cast.settings)
    assert json.loads(checked.stdout)["intact"] is True


def paper(cast: Cast, text: str, kind: str, **more: object) -> str:
    """Handed in at the counter, read and signed by the office's worker, confirmed by the clerk."""
    told = {"metadata": json.dumps(of_the_firm(kind, **more))}
    answer = cast.clerk.post(
        "/v1/documents", files={"file": ("giấy.pdf", born_digital(text))}, data=told
    )
    assert answer.status_code == 201, answer.text
    document: str = answer.json()["id"]
    _until(cast.clerk, document, "state", "needs_review", "done")
    cast.clerk.post(f"/v1/documents/{document}/confirm")
    _until(cast.clerk, document, "status", "active")
    return document


def _until(client: httpx.Client, document: str, name: str, *wanted: str) -> None:
    deadline = time.monotonic() + 120
    while (found := client.get(f"/v1/documents/{document}").json())[name] not in wanted:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


def ask(cast: Cast, **changes: Any) -> httpx.Response:
    """The other authority's question about the firm's licence, for a case of its own."""
    asked = {
        "request_id": str(uuid.uuid4()),
        "requester": {"officer_id": "le.thi.b"},
        "purpose": {"procedure_code": RENEWAL, "case_ref": CASE, "legal_basis": BASIS},
        "explicit_request": {"given": True},
        "subject": {"organization": {"id": FIRM["id"], "id_scheme": "vn:mst"}},
        "evidence_type": {"id": LICENCE},
    }
    return cast.portal.post("/v1/evidence-requests", json={**asked, **changes})


def verified(cast: Cast, receipt: dict[str, Any]) -> tuple[int, bool, list[str]]:
    """What ``sohoa receipt verify`` says of it, away from the office's data."""
    path = cast.folder / "receipt.json"
    path.write_text(json.dumps(receipt), "utf-8")
    demo = demo_office(cast.service.home)
    assert demo is not None
    away = cast.folder / "away"
    done = sohoa(
        away, "receipt", "verify", str(path), "--trust", str(demo.root), "--json", check=False
    )
    told = json.loads(done.stdout)
    return done.returncode, told["valid"], told["reasons"]


def _portal(service: Service) -> httpx.Client:
    known = service.accounts()["portal"]
    login = httpx.post(
        f"{service.url}/v1/token",
        data={"grant_type": "client_credentials", "client_id": known["client_id"],
              "client_secret": known["client_secret"]},
    )  # fmt: skip
    headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
    return httpx.Client(base_url=service.url, headers=headers, timeout=30)
