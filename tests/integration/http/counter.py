"""What a counter does in the tests: papers handed in and certified, dossiers received."""

import json
from typing import Any

import httpx

from tests.integration.http.office import Office
from tests.integration.http.papers import SUBJECT

RENEWAL = "2.002381"
FIRM = {"scheme": SUBJECT.scheme, "id": SUBJECT.id, "name": SUBJECT.name}


def hand_in(office: Office, content: bytes, **metadata: object) -> str:
    """A paper handed in at the counter, read, confirmed and certified."""
    with office.client("clerk") as clerk:
        answer = clerk.post(
            "/v1/documents",
            files={"file": ("giấy.pdf", content)},
            data={"metadata": json.dumps(metadata)},
        )
        assert answer.status_code == 201, answer.text
        document: str = answer.json()["id"]
        office.work()
        clerk.post(f"/v1/documents/{document}/confirm")
        office.work()
        assert clerk.get(f"/v1/documents/{document}").json()["status"] == "active"
    return document


def of_the_firm(kind: str, **more: object) -> dict[str, object]:
    told = {"type": kind, "subject": FIRM, "scope": "nationwide", "form": "original"}
    return {**told, "issue_date": "2026-03-12", **more}


def receive(client: httpx.Client, procedure: str, **more: object) -> dict[str, Any]:
    answer = client.post("/v1/dossiers", json={"procedure": procedure, "subject": FIRM, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def component(dossier: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in dossier["components"] if one["component"] == code)
    return found
