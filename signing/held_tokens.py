"""A token's key for a service: opened when it is first needed, opened again after it was away.

The service must start without its token and go on when the token is plugged in again. A PIN
that the token refused is never tried a second time by itself: a few wrong tries lock a token
for good. The PIN is read from its file when the token is opened and not kept.
"""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from cryptography import x509

from signing.tokens import TokenKey, TokenPlace, open_token
from vocabulary.errors import InvalidRequest, MissingPart, SohoaError

_AWAY: Final = frozenset({"token_absent", "token_pulled_out", "token_failed", "token_busy"})


class HeldToken:
    """A signer (:class:`signing.keys.Signer`) whose key lives in a PKCS #11 token.

    One call at a time: tokens are slow, and many take no second session.

    Raises (from each of its members): what :func:`signing.tokens.open_token` raises, and
    MissingPart ``pin_file_missing``.
    """

    def __init__(self, place: TokenPlace, pin_file: Path) -> None:
        self._place, self._pin_file = place, pin_file
        self._lock = threading.RLock()
        self._open: AbstractContextManager[TokenKey] | None = None
        self._key: TokenKey | None = None
        self._refused: tuple[str, InvalidRequest] | None = None

    @property
    def certificate(self) -> x509.Certificate:
        with self._using() as key:
            return key.certificate

    @property
    def chain(self) -> Sequence[x509.Certificate]:
        with self._using() as key:
            return key.chain

    def sign(self, data: bytes, digest: str) -> bytes:
        """As :meth:`signing.keys.Signer.sign`."""
        with self._using() as key:
            return key.sign(data, digest)

    def close(self) -> None:
        """Log out of the token; the next use opens it again."""
        with self._lock:
            held, self._open, self._key = self._open, None, None
            if held is not None:
                held.__exit__(None, None, None)

    @contextmanager
    def _using(self) -> Iterator[TokenKey]:
        with self._lock:
            try:
                yield self._key or self._opened()
            except SohoaError as error:
                if error.error_code in _AWAY:
                    self.close()
                raise

    def _opened(self) -> TokenKey:
        pin = self._pin()
        mark = hashlib.sha256(pin.encode()).hexdigest()
        if self._refused is not None and self._refused[0] == mark:
            raise self._refused[1]
        held = open_token(self._place, pin)
        try:
            self._key = held.__enter__()
        except InvalidRequest as error:
            if error.error_code in ("wrong_pin", "pin_locked"):
                self._refused = (mark, error)
            raise
        self._open, self._refused = held, None
        return self._key

    def _pin(self) -> str:
        try:
            return self._pin_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise MissingPart(
                f"Không đọc được tệp mã PIN {self._pin_file.name}. "
                "Hãy kiểm tra đường dẫn, quyền đọc.",
                f"The PIN file {self._pin_file.name} cannot be read. Check its path and rights.",
                code="pin_file_missing",
                file=self._pin_file.name,
            ) from error
