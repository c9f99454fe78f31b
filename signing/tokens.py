"""Keys in a token or a hardware module (USB token, HSM), reached through PKCS #11.

The key never leaves the token: the token signs. It is opened once and stays open for
a whole batch, so that the officer gives the PIN once. Whatever goes wrong becomes a
named state in which the paper waits and can be tried again.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11 import exceptions

from signing.keys import check_validity
from vocabulary.errors import Conflict, InvalidRequest, MissingPart, SohoaError

_RSA: Final[Mapping[str, pkcs11.Mechanism]] = {
    "sha256": pkcs11.Mechanism.SHA256_RSA_PKCS,
    "sha384": pkcs11.Mechanism.SHA384_RSA_PKCS,
    "sha512": pkcs11.Mechanism.SHA512_RSA_PKCS,
}


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a token's key is found.

    Args:
        module: the maker's PKCS #11 library (.so).
        token: label of the token; None where only one is plugged in.
        key: label of the key and its certificate; None where there is only one.
    """

    module: Path
    token: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key in an open token: signs as long as the token is plugged in."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    _private: Any

    def sign(self, data: bytes, digest: str) -> bytes:
        with _named_states():
            if not isinstance(self.certificate.public_key(), ec.EllipticCurvePublicKey):
                return bytes(self._private.sign(data, mechanism=_RSA[digest]))
            # CKM_ECDSA signs a finished digest and answers r and s side by side
            hashed = hashlib.new(digest, data).digest()
            pair = bytes(self._private.sign(hashed, mechanism=pkcs11.Mechanism.ECDSA))
        half = len(pair) // 2
        first, second = (int.from_bytes(part, "big") for part in (pair[:half], pair[half:]))
        return encode_dss_signature(first, second)

    def __repr__(self) -> str:
        return "TokenKey()"


@contextmanager
def open_token(place: TokenPlace, pin: str, now: datetime | None = None) -> Iterator[TokenKey]:
    """The token's key, unlocked by ``pin`` until the block is left.

    Raises:
        MissingPart: ``token_module_missing``, ``token_absent``, ``token_pulled_out``,
            ``token_failed``.
        InvalidRequest: ``wrong_pin``, ``pin_locked``, ``key_missing``, ``token_ambiguous``,
            ``certificate_expired``, ``certificate_not_yet_valid``.
        Conflict: ``token_busy``.
    """
    module = _module(place.module)
    with _named_states():
        session = _session(module.get_token(token_label=place.token), pin)
    try:
        with _named_states():
            found = _key_in(session, place.key)
        check_validity(found.certificate, now or datetime.now(UTC))
        yield found
    finally:
        # a token that was pulled out has closed the session itself
        with suppress(exceptions.PKCS11Error):
            session.close()


def _session(token: Any, pin: str) -> Any:
    """A session that may use the keys: who is logged in is so for all sessions of a program."""
    try:
        return token.open(user_pin=pin)
    except exceptions.UserAlreadyLoggedIn:
        return token.open()


def _module(path: Path) -> Any:
    try:
        return pkcs11.lib(str(path))
    except (RuntimeError, exceptions.PKCS11Error) as error:
        raise MissingPart(
            f"Không nạp được thư viện PKCS#11 {path.name}. Hãy cài trình điều khiển của USB token.",
            f"The PKCS#11 library {path.name} cannot be loaded. Install the token's driver.",
            code="token_module_missing",
            file=path.name,
        ) from error


def _key_in(session: Any, label: str | None) -> TokenKey:
    """The key and its certificate: those that share an id, as PKCS #11 asks for."""
    private = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)
    held = [
        (bytes(item[pkcs11.Attribute.ID]), x509.load_der_x509_certificate(bytes(value)))
        for item in session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE})
        if (value := item[pkcs11.Attribute.VALUE])
    ]
    own = [certificate for number, certificate in held if number == bytes(private.id)]
    if not own:
        raise InvalidRequest(
            "USB token không có chứng thư số đi cùng khóa. Hãy nạp chứng thư vào token.",
            "The token holds no certificate for its key. Load the certificate into the token.",
            code="key_missing",
            field="key",
        )
    chain = tuple(certificate for _, certificate in held if certificate != own[0])
    return TokenKey(own[0], chain, private)


@contextmanager
def _named_states() -> Iterator[None]:
    try:
        yield
    except exceptions.PKCS11Error as error:
        raise _state(error) from error


def _state(error: exceptions.PKCS11Error) -> SohoaError:
    """The named state for what the token said."""
    name = type(error).__name__
    if isinstance(error, (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange)):
        return InvalidRequest(
            "Sai mã PIN của USB token. Nhập sai nhiều lần sẽ bị khóa: hãy nhập lại cẩn thận.",
            "The token's PIN is wrong. Too many wrong tries lock it: enter it again with care.",
            code="wrong_pin",
            field="pin",
        )
    if isinstance(error, (exceptions.PinLocked, exceptions.PinExpired)):
        return InvalidRequest(
            "Mã PIN của USB token đã bị khóa hoặc hết hạn. Hãy nhờ nơi cấp token mở khóa.",
            "The token's PIN is locked or has expired. Ask the issuer of the token to unlock it.",
            code="pin_locked",
            field="pin",
        )
    if isinstance(error, (exceptions.MultipleTokensReturned, exceptions.MultipleObjectsReturned)):
        return InvalidRequest(
            "Có nhiều USB token hoặc nhiều khóa. Hãy ghi rõ tên token và tên khóa trong thiết đặt.",
            "There are several tokens or keys. Name the token and the key in the settings.",
            code="token_ambiguous",
            field="token",
        )
    if isinstance(error, exceptions.NoSuchKey):
        return InvalidRequest(
            "USB token không có khóa này. Hãy kiểm tra tên khóa trong thiết đặt.",
            "The token has no such key. Check the key's name in the settings.",
            code="key_missing",
            field="key",
        )
    if isinstance(error, (exceptions.NoSuchToken, exceptions.TokenNotRecognised)):
        return MissingPart(
            "Không thấy USB token. Hãy cắm token rồi ký lại; hồ sơ vẫn đang chờ.",
            "The token is not there. Plug it in and sign again; the paper is waiting.",
            code="token_absent",
        )
    if isinstance(error, (exceptions.SessionCount, exceptions.UserTooManyTypes)):
        return Conflict(
            "USB token đang được chương trình khác dùng. Hãy đóng chương trình đó rồi ký lại.",
            "Another program is using the token. Close it and sign again.",
            code="token_busy",
        )
    pulled = (
        exceptions.DeviceRemoved,
        exceptions.TokenNotPresent,
        exceptions.SessionHandleInvalid,
        exceptions.SessionClosed,
        exceptions.KeyHandleInvalid,
        exceptions.UserNotLoggedIn,
    )
    if isinstance(error, pulled):
        return MissingPart(
            "USB token bị rút ra khi đang ký. Hãy cắm lại và ký tiếp; không tệp nào bị hỏng.",
            "The token was pulled out while signing. Plug it in and go on; no file was harmed.",
            code="token_pulled_out",
        )
    return MissingPart(
        f"USB token báo lỗi {name}. Hãy rút ra cắm lại rồi thử lại, hoặc hỏi nơi cấp token.",
        f"The token reported {name}. Plug it in again and retry, or ask its issuer.",
        code="token_failed",
        note=name,
    )
