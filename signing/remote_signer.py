"""A remote key (CSC API 2) as the service uses it: secrets from files, asked when needed.

The service must start while the signing service is away, and a PIN or one-time code that was
refused is never sent a second time by itself: a few wrong tries lock the key. Secrets are
read from their files when they are used and not kept.
"""

import hashlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from signing.awaited import AwaitedSigner
from signing.keys import check_validity
from signing.remote import Release, RemoteKey, RemotePlace, access_token, find_key
from vocabulary.errors import InvalidRequest, MissingPart, SohoaError

_KNOWN_S: Final = 600.0
"""How long a certificate and its limits are believed before the service is asked again."""
_REFUSALS: Final = frozenset({"wrong_pin", "pin_locked", "wrong_one_time_code"})


@dataclass(frozen=True, slots=True)
class RemoteAccess:
    """How one key at a signing service is reached.

    Args:
        url: base address of the service, with its version.
        credential: the key's name there.
        pin_file: file with the PIN that releases the key.
        token_file: file with the office's access token, or
        client_id, client_secret_file: with what a token is got from the service.
        otp_file: file into which a person writes each one-time code, where one is asked.
    """

    url: str
    credential: str
    pin_file: Path
    token_file: Path | None = None
    client_id: str | None = None
    client_secret_file: Path | None = None
    otp_file: Path | None = None


class RemoteSigner:
    """A signer whose key a remote service keeps; safe for several threads.

    Raises (from its members): what :mod:`signing.remote` raises, and MissingPart
    ``pin_file_missing``.
    """

    how: Final = "remote"

    def __init__(self, access: RemoteAccess) -> None:
        RemotePlace(access.url, access.credential, "")  # a wrong address is told at the start
        self._access = access
        self._lock = threading.RLock()
        self._known: tuple[float, RemoteKey] | None = None
        self._token: tuple[float, str] | None = None
        self._refused: tuple[str, SohoaError] | None = None

    def awaited(self, accounts: Sequence[str]) -> AwaitedSigner:
        """As :meth:`signing.awaited.Elsewhere.awaited`: one key for all."""
        del accounts
        key = self._key()
        return AwaitedSigner(key.certificate, key.chain)

    def still_awaited(self, certificate: bytes) -> bool:
        """As :meth:`signing.awaited.Elsewhere.still_awaited`."""
        wanted = x509.load_der_x509_certificate(certificate)
        return self._key().certificate == wanted

    @property
    def certificate(self) -> x509.Certificate:
        return self._key().certificate

    @property
    def chain(self) -> Sequence[x509.Certificate]:
        return self._key().chain

    @property
    def pss(self) -> bool:
        """Whether it signs by RSASSA-PSS."""
        return self._key().pss

    @property
    def most_at_once(self) -> int:
        """Digests that one authorisation covers."""
        return max(1, self._key().most_at_once)

    def sign(self, data: bytes, digest: str) -> bytes:
        """As :meth:`signing.keys.Signer.sign`, under an authorisation of its own."""
        return self.sign_digests([hashlib.new(digest, data).digest()])[0]

    def sign_digests(self, digests: Sequence[bytes]) -> list[bytes]:
        """Raw signatures over SHA-256 digests, all under one authorisation."""
        with self._lock:
            release = Release(
                _secret(self._access.pin_file),
                _secret(self._access.otp_file) if self._access.otp_file else "",
            )
            mark = hashlib.sha256(f"{release.pin}\n{release.one_time_code}".encode()).hexdigest()
            if self._refused is not None and self._refused[0] == mark:
                raise self._refused[1]
            try:
                signatures = self._key().sign_digests(digests, release)
            except InvalidRequest as error:
                if error.error_code in _REFUSALS:
                    self._refused = (mark, error)
                raise
            except MissingPart as error:
                self._forget(error)
                raise
            self._refused = None
            return signatures

    def _key(self) -> RemoteKey:
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > _KNOWN_S:
                place = RemotePlace(self._access.url, self._access.credential, self._token_now())
                try:
                    self._known = (time.monotonic(), find_key(place))
                except MissingPart as error:
                    self._forget(error)
                    raise
            key = self._known[1]
        check_validity(key.certificate, datetime.now(UTC))
        return key

    def _forget(self, error: MissingPart) -> None:
        if error.error_code == "signing_service_refused":  # the token ended, or was renewed
            self._known = self._token = None

    def _token_now(self) -> str:
        access = self._access
        if access.token_file is not None:
            return _secret(access.token_file)
        if access.client_id is None or access.client_secret_file is None:
            raise MissingPart(
                "Dịch vụ ký từ xa cần SOHOA_REMOTE_SIGNING_TOKEN_FILE hoặc _CLIENT_ID với "
                "_CLIENT_SECRET_FILE.",
                "Remote signing needs SOHOA_REMOTE_SIGNING_TOKEN_FILE, or _CLIENT_ID with "
                "_CLIENT_SECRET_FILE.",
            )
        if self._token is None or time.monotonic() > self._token[0]:
            secret = _secret(access.client_secret_file)
            token, seconds = access_token(access.url, access.client_id, secret)
            self._token = (time.monotonic() + min(seconds, _KNOWN_S) / 2, token)
        return self._token[1]


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise MissingPart(
            f"Không đọc được tệp bí mật {path.name} của khóa ký từ xa. "
            "Hãy kiểm tra đường dẫn, quyền đọc.",
            f"The secret file {path.name} of the remote key cannot be read. "
            "Check its path and rights.",
            code="pin_file_missing",
            file=path.name,
        ) from error
