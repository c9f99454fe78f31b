# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Asking authorities for CRLs, OCSP answers and missing certificates over HTTP.

Addresses stand in certificates, which strangers write: each request has limits in time and
in size, a judgement asks a few times at most, and only http(s) is spoken. What was answered
is kept for some minutes, so that a batch asks once (RFC 5019, section 6); a failure is
not kept (RFC 5280, section 5; RFC 6960).
"""

import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Any, Final, TypeAlias, TypeVar

import httpx
from asn1crypto import cms, crl, ocsp, pem
from asn1crypto import x509 as asn1_x509
from pyhanko_certvalidator.authority import Authority
from pyhanko_certvalidator.errors import (
    CertificateFetchError,
    CRLFetchError,
    OCSPFetchError,
    OCSPValidationError,
)
from pyhanko_certvalidator.fetchers.api import (
    CertificateFetcher,
    CRLFetcher,
    Fetchers,
    OCSPFetcher,
)
from pyhanko_certvalidator.fetchers.common_utils import (
    enumerate_delivery_point_urls,
    format_ocsp_request,
    gather_aia_issuer_urls,
    process_ocsp_response_data,
    unpack_cert_content,
)
from pyhanko_certvalidator.util import get_ocsp_urls, get_relevant_crl_dps

from vocabulary.trusted_roots import trusted_roots

TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
WHOLE_S: Final = 30.0
"""Limits of one request: between two bytes, to connect, all of it (seconds)."""
LARGEST: Final = 32 << 20
"""Bytes; the longest lists of public authorities have some MiB."""
KEPT_S: Final = 600.0
"""How long answers are used again; lists live for hours at least."""
MOST_ASKED: Final = 60
"""Requests of one judgement; a real chain needs less than ten."""

_Item = TypeVar("_Item")
_Certificate: TypeAlias = asn1_x509.Certificate | cms.AttributeCertificateV2
Fetch: TypeAlias = Callable[[str, dict[str, str], bytes], tuple[bytes, str]]
"""Address, headers and body (empty: GET) to the answer and its media type."""
_LOCK: Final = threading.Lock()
_KEPT: Final[dict[tuple[str, bytes], tuple[float, Any]]] = {}
_fetch_elsewhere: Fetch | None = None


def new_fetchers() -> Fetchers:
    """Fetchers for one judgement; all share the answers that are kept."""
    line = _Line()
    return Fetchers(_OcspAnswers(line), _Lists(line), _Issuers(line))


def forget_answers() -> None:
    """Ask anew next time."""
    with _LOCK:
        _KEPT.clear()


def fetch_by(other: Fetch) -> None:
    """Have somebody else speak to authorities for this process, which lives for one file.

    ``other`` raises ValueError where there is no answer. Where a process reads one file and
    ends, what was answered can only be kept by the one that outlives it (:func:`kept_fetch`).
    """
    global _fetch_elsewhere
    _fetch_elsewhere = other


def kept_fetch(url: str, headers: dict[str, str], body: bytes) -> tuple[bytes, str]:
    """An authority's answer, of the last minutes or fresh; for :func:`fetch_by`.

    Raises:
        ValueError, httpx.HTTPError, httpx.InvalidURL: no answer.
    """
    name = (f"as sent: {url}", body)
    found = _kept(name)
    if found is None:
        found = _answer(url, headers, body)
        if not body or _is_successful(found[0]):
            _keep(name, found)
    return found  # type: ignore[no-any-return]


def _is_successful(data: bytes) -> bool:
    try:
        return bool(ocsp.OCSPResponse.load(data)["response_status"].native == "successful")
    except (ValueError, TypeError, KeyError):
        return False


def _kept(name: tuple[str, bytes]) -> Any:
    with _LOCK:
        found = _KEPT.get(name)
    return found[1] if found is not None and time.monotonic() - found[0] < KEPT_S else None


def _keep(name: tuple[str, bytes], item: Any) -> None:
    now = time.monotonic()
    with _LOCK:
        for old in [key for key, (at, _) in _KEPT.items() if now - at >= KEPT_S]:
            del _KEPT[old]
        _KEPT[name] = (now, item)


class _Line:
    """What one judgement asks, and how often."""

    def __init__(self) -> None:
        self._asked = 0

    def ask(
        self, url: str, accept: str, parse: Callable[[bytes, str], _Item], body: bytes = b"",
        kind: str = "", about: bytes = b"",
    ) -> _Item:  # fmt: skip
        """The parsed answer, of the last minutes or fresh.

        Raises:
            ValueError, httpx.HTTPError: no answer, or none that can be read.
        """
        name = (url, about)
        found = _kept(name)
        if found is not None:
            return found  # type: ignore[no-any-return]
        self._asked += 1
        if self._asked > MOST_ASKED or not url.lower().startswith(("http://", "https://")):
            raise ValueError(f"{url} is not asked")
        headers = {"Accept": accept, **({"Content-Type": kind} if kind else {})}
        item = parse(*(_fetch_elsewhere or _answer)(url, headers, body))
        _keep(name, item)
        return item


def _answer(url: str, headers: dict[str, str], body: bytes) -> tuple[bytes, str]:
    until = time.monotonic() + WHOLE_S
    found = bytearray()
    with (
        httpx.Client(
            timeout=TIMEOUT, follow_redirects=True, max_redirects=3, verify=trusted_roots()
        ) as client,
        client.stream("POST" if body else "GET", url, headers=headers, content=body) as answer,
    ):
        answer.raise_for_status()
        for block in answer.iter_bytes():
            found += block
            if len(found) > LARGEST or time.monotonic() > until:
                raise ValueError(f"{url} sends too much or too slowly")
        return bytes(found), answer.headers.get("Content-Type", "").split(";")[0].strip()


_NO_ANSWER: Final = (ValueError, TypeError, httpx.HTTPError, httpx.InvalidURL)


class _Lists(CRLFetcher):
    def __init__(self, line: _Line) -> None:
        self._line = line
        self._of: dict[bytes, list[crl.CertificateList]] = {}

    async def fetch(
        self, cert: _Certificate, *, use_deltas: bool | None = True
    ) -> Iterable[crl.CertificateList]:
        found, trouble = [], None
        for point in get_relevant_crl_dps(cert, use_deltas=bool(use_deltas)):
            for url in enumerate_delivery_point_urls(point):
                try:
                    found.append(self._line.ask(url, "application/pkix-crl", _list_of))
                    break  # further addresses of a point name the same list
                except _NO_ANSWER as error:
                    trouble = error
        if trouble is not None and not found:
            raise CRLFetchError(f"No revocation list: {trouble}") from trouble
        self._of[cert.dump()] = found
        return found

    def fetched_crls(self) -> Iterable[crl.CertificateList]:
        return {one for lists in self._of.values() for one in lists}

    def fetched_crls_for_cert(self, cert: _Certificate) -> Iterable[crl.CertificateList]:
        return self._of[cert.dump()]


def _list_of(data: bytes, _: str) -> crl.CertificateList:
    if pem.detect(data):
        _, _, data = pem.unarmor(data)
    found = crl.CertificateList.load(data, strict=True)
    found.issuer.native  # noqa: B018 - parses what load() leaves for later
    return found


class _OcspAnswers(OCSPFetcher):
    def __init__(self, line: _Line) -> None:
        self._line = line
        self._of: dict[bytes, ocsp.OCSPResponse] = {}

    async def fetch(self, cert: _Certificate, authority: Authority) -> ocsp.OCSPResponse:
        trouble: Exception | None = None
        # No nonce: it would forbid responders to answer from what they keep (RFC 5019).
        request = format_ocsp_request(
            cert, authority, certid_hash_algo="sha1", request_nonces=False
        )
        for url in get_ocsp_urls(cert):
            try:
                answer: ocsp.OCSPResponse = self._line.ask(
                    url, "application/ocsp-response",
                    lambda data, _, url=url: process_ocsp_response_data(
                        data, ocsp_request=request, ocsp_url=url
                    ),
                    request.dump(), "application/ocsp-request", request.dump(),
                )  # fmt: skip
            except (*_NO_ANSWER, OCSPFetchError, OCSPValidationError) as error:
                trouble = error
            else:
                self._of[cert.dump()] = answer
                return answer
        raise OCSPFetchError(f"No OCSP answer: {trouble}")

    def fetched_responses(self) -> Iterable[ocsp.OCSPResponse]:
        return list(self._of.values())

    def fetched_responses_for_cert(self, cert: _Certificate) -> Iterable[ocsp.OCSPResponse]:
        found = self._of.get(cert.dump())
        return [] if found is None else [found]


class _Issuers(CertificateFetcher):
    def __init__(self, line: _Line) -> None:
        self._line = line
        self._found: list[asn1_x509.Certificate] = []

    def fetch_cert_issuers(self, cert: _Certificate) -> AsyncGenerator[asn1_x509.Certificate, None]:
        return self._from(list(gather_aia_issuer_urls(cert)))

    def fetch_crl_issuers(
        self, certificate_list: Any
    ) -> AsyncGenerator[asn1_x509.Certificate, None]:
        return self._from(list(certificate_list.issuer_cert_urls))

    def fetched_certs(self) -> Iterable[asn1_x509.Certificate]:
        return self._found

    async def _from(self, urls: list[str]) -> AsyncGenerator[asn1_x509.Certificate, None]:
        trouble: Exception | None = None
        for url in urls[:5]:
            try:
                found = self._line.ask(
                    url, "application/pkix-cert, application/pkcs7-mime",
                    lambda data, kind, url=url: list(
                        unpack_cert_content(data, kind or None, url, permit_pem=True)
                    ),
                )  # fmt: skip
            except (*_NO_ANSWER, CertificateFetchError) as error:
                trouble = error
                continue
            self._found += found
            for one in found:
                yield one
        if trouble is not None and not self._found:
            raise CertificateFetchError(f"No issuer: {trouble}")
