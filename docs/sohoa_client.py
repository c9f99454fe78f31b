"""A client for sohoa's API in one file, with nothing but Python's own library.

Copy it, or read it as the description of the calls::

    sohoa = Sohoa("https://sohoa.example.gov.vn", "client id", "client secret")
    answer = sohoa.ask("2.002381", "000.00.19.H31-261123-0001",
                       [{"instrument": "Nghị định 45/2020/NĐ-CP", "article": "25"}],
                       organization="0901234564", evidence_type="radiation_work_licence")
    for piece in answer["evidence"]:
        pdf = sohoa.fetch(piece)          # once, within 15 minutes; the digest is checked

Where the law wants the holder to look first, ``show`` gets the address to send them to, and
``ask`` waits for what they say. A portal that must not wait leaves ``show`` out: the answer
then has ``status`` ``preview_required`` and ``preview.location``; once :meth:`Sohoa.state`
says ``agreed``, ``ask`` with the same ``request_id`` and the same words gives the evidence.

Every refusal is a :class:`Refused` with the stable ``code`` of the service.
"""

import hashlib
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any


class Refused(Exception):
    """The service said no; ``code`` is stable, ``problem`` is the whole answer (RFC 9457)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail_en')}")
        self.status = status
        self.code = str(problem.get("code"))
        self.problem = problem


class Sohoa:
    """One service, one client; the access token is renewed by itself."""

    def __init__(self, url: str, client_id: str, client_secret: str, timeout: float = 60) -> None:
        if not url.startswith(("https://", "http://")):
            raise ValueError("the address begins with https://")
        self._url = url.rstrip("/")
        self._credentials = {"client_id": client_id, "client_secret": client_secret}
        self._timeout = timeout
        self._token, self._until = "", 0.0

    def ask(
        self,
        procedure: str,
        case_ref: str,
        legal_basis: list[dict[str, str]],
        *,
        evidence_type: str,
        organization: str | None = None,
        person: str | None = None,
        scheme: str | None = None,
        officer: str | None = None,
        request_id: str | None = None,
        show: Callable[[str], object] | None = None,
        patience: float = 1800,
        pause: float = 3,
    ) -> dict[str, Any]:
        """Ask for evidence about an organisation (tax code) or a person (identity number).

        Sent again with the same ``request_id`` it gives the same answer: keep the id with
        your case until the answer is stored.

        ``show`` is called once with the address of the holder's preview; then the service is
        asked every ``pause`` seconds whether they have decided, for ``patience`` seconds at
        most. Where they have not, the answer is still ``preview_required``. A holder who says
        no is :class:`Refused` with ``preview_refused``, time that is over ``preview_expired``.
        """
        if (organization is None) == (person is None):
            raise ValueError("name an organization or a person, not both")
        if organization is not None:
            subject = {"organization": {"id": organization, "id_scheme": scheme or "vn:mst"}}
        else:
            subject = {"natural_person": {"id": str(person), "id_scheme": scheme or "vn:cccd"}}
        asked = {
            "request_id": request_id or str(uuid.uuid4()),
            "spec_version": "1.0",
            "requester": {"officer_id": officer},
            "purpose": {
                "procedure_code": procedure,
                "case_ref": case_ref,
                "legal_basis": legal_basis,
            },
            "subject": subject,
            "evidence_type": {"id": evidence_type},
        }
        answer = self._json("POST", "/v1/evidence-requests", asked)
        if answer["status"] != "preview_required" or show is None:
            return answer
        show(answer["preview"]["location"])
        until = time.monotonic() + patience
        while self.state(str(asked["request_id"])) == "preview_required":
            if time.monotonic() >= until:
                return answer
            time.sleep(pause)
        return self._json("POST", "/v1/evidence-requests", asked)

    def state(self, request_id: str) -> str:
        """How a request stands: ``delivered``, or what became of its preview.

        That is ``preview_required``, ``agreed``, ``refused`` or ``expired``.
        """
        path = f"/v1/evidence-requests/{urllib.parse.quote(request_id, safe='')}"
        return str(self._json("GET", path)["status"])

    def fetch(self, piece: dict[str, Any]) -> bytes:
        """The bytes of one piece of evidence; raises ValueError where the digest differs."""
        content = self._call("GET", piece["content_url"])
        if hashlib.sha256(content).hexdigest() != piece["digest"]["value"]:
            raise ValueError("the bytes are not those that were announced")
        return content

    def held(self, procedure: str, scheme: str, number: str) -> dict[str, Any]:
        """The once-only check: which components may not be asked for, with reasons."""
        subject = {"scheme": scheme, "id": number}
        body = {"procedure": procedure, "subject": subject}
        return self._json("POST", "/v1/once-only/check", body)

    def evidence_types(self, procedure: str) -> list[dict[str, Any]]:
        """What can be asked for on the occasion of a procedure."""
        query = urllib.parse.urlencode({"procedure": procedure})
        items: list[dict[str, Any]] = self._json("GET", f"/v1/evidence-types?{query}")["items"]
        return items

    def _json(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._call(method, path, body))
        return answer

    def _call(self, method: str, path: str, body: object = None) -> bytes:
        headers = {"Authorization": f"Bearer {self._access_token()}"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        return self._send(urllib.request.Request(self._url + path, data, headers, method=method))

    def _access_token(self) -> str:
        if time.monotonic() >= self._until:
            form = {"grant_type": "client_credentials", **self._credentials}
            data = urllib.parse.urlencode(form).encode()
            answer = json.loads(self._send(urllib.request.Request(f"{self._url}/v1/token", data)))
            self._token = answer["access_token"]
            self._until = time.monotonic() + answer["expires_in"] - 30
        return self._token

    def _send(self, request: urllib.request.Request) -> bytes:
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            raise Refused(error.code, _problem(error.read())) from None


def _problem(body: bytes) -> dict[str, Any]:
    """The problem as the service says it; what a gateway in between says has no code."""
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"code": "unknown"}
