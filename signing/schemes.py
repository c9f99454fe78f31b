# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Signature algorithms of answers that were made elsewhere: which are sound, and do they hold.

RSASSA-PKCS1-v1_5 and ECDSA with SHA-256, and RSASSA-PSS (RFC 4055, RFC 4056): its parameters
must be there and name SHA-256, as the digest of the CMS does, MGF1 with the same hash, a salt
at least as long as that hash, and the one trailer there is. Shorter salts and another hash in
MGF1 weaken the proof of security and are refused by validators; what is not stated cannot be
checked later.
"""

from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import algos, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from vocabulary.errors import InvalidRequest

DIGEST: Final = "sha256"
_HASH: Final = hashes.SHA256()
SALT: Final = _HASH.digest_size
"""Bytes, as RFC 4055 (section 3.1) recommends: as many as the hash has."""
PSS: Final = "1.2.840.113549.1.1.10"
_PLAIN_RSA: Final = frozenset({"sha256_rsa", "rsassa_pkcs1v15"})
_NULL: Final = core.Null().dump()


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a key signs. ``salt``: bytes of the salt of RSASSA-PSS, None for all others."""

    salt: int | None = None

    def holds(self, certificate: x509.Certificate, data: bytes, signature: bytes) -> bool:
        """Whether this is the certificate's signature over ``data``."""
        try:
            public = certificate.public_key()
            if isinstance(public, rsa.RSAPublicKey):
                public.verify(signature, data, self._padding(), _HASH)
            elif isinstance(public, ec.EllipticCurvePublicKey) and self.salt is None:
                public.verify(signature, data, ec.ECDSA(_HASH))
            else:
                return False
        except (InvalidSignature, UnsupportedAlgorithm, ValueError):
            return False
        return True

    def _padding(self) -> padding.AsymmetricPadding:
        if self.salt is None:
            return padding.PKCS1v15()
        return padding.PSS(padding.MGF1(_HASH), self.salt)

    def algorithm(self, certificate: x509.Certificate) -> algos.SignedDigestAlgorithm:
        """As a CMS names it."""
        if self.salt is not None:
            return algos.SignedDigestAlgorithm(
                {"algorithm": "rsassa_pss", "parameters": pss_parameters(self.salt)}
            )
        curve = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
        return algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa" if curve else "sha256_rsa"})


PKCS1_OR_ECDSA: Final = Scheme()


def pss_parameters(salt: int = SALT) -> algos.RSASSAPSSParams:
    """RSASSA-PSS-params (RFC 4055, 3.1): SHA-256, MGF1 with SHA-256."""
    digest = algos.DigestAlgorithm({"algorithm": DIGEST})
    return algos.RSASSAPSSParams(
        {
            "hash_algorithm": digest,
            "mask_gen_algorithm": algos.MaskGenAlgorithm(
                {"algorithm": "mgf1", "parameters": digest}
            ),
            "salt_length": salt,
        }
    )


def recognised(certificate: x509.Certificate, data: bytes, signature: bytes) -> Scheme | None:
    """How a raw signature was made, where nothing is stated; None where it does not hold."""
    for scheme in _possible(certificate):
        if scheme.holds(certificate, data, signature):
            return scheme
    return None


def _possible(certificate: x509.Certificate) -> list[Scheme]:
    pss_alone = certificate.public_key_algorithm_oid.dotted_string == PSS
    found = [] if pss_alone else [PKCS1_OR_ECDSA]
    public = certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        longest = (public.key_size + 6) // 8 - SALT - 2  # RFC 8017, 9.1.1: emLen - hLen - 2
        found += [Scheme(salt) for salt in sorted({SALT, longest}) if salt >= SALT]
    return found


def stated(signer: Any, certificate: x509.Certificate) -> Scheme:
    """What a CMS's SignerInfo says of its algorithm, if that is sound.

    Raises:
        InvalidRequest: ``signature_algorithm_unsupported``, ``signature_parameters_unsound``.
    """
    digest = signer["digest_algorithm"]["algorithm"].native
    fields = core.Sequence.load(signer["signature_algorithm"].dump())
    name = algos.SignedDigestAlgorithmId(fields[0].native).native
    try:
        given = fields[1].dump() if len(fields) > 1 else b""
    except ValueError as error:
        raise _unsound(f"{name} with parameters that cannot be read") from error
    if digest != DIGEST:
        raise _unsupported(digest)
    curve = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    if name == "rsassa_pss" and not curve:
        return Scheme(_sound_salt(given))
    if name not in ({"sha256_ecdsa", "ecdsa"} if curve else _PLAIN_RSA):
        raise _unsupported(name)
    if given not in (b"", _NULL):
        raise _unsound(f"{name} with parameters")
    if certificate.public_key_algorithm_oid.dotted_string == PSS:
        raise _unsound("a key for RSASSA-PSS alone")
    return PKCS1_OR_ECDSA


def _sound_salt(given: bytes) -> int:
    if not given or given == _NULL:
        raise _unsound("RSASSA-PSS without parameters")
    try:
        params = algos.RSASSAPSSParams.load(given, strict=True)
        digest = params["hash_algorithm"]["algorithm"].native
        mask = params["mask_gen_algorithm"]
        masked = mask["parameters"]["algorithm"].native
        salt, trailer = params["salt_length"].native, int(params["trailer_field"])
        generator = mask["algorithm"].native
    except (ValueError, TypeError, KeyError) as error:
        raise _unsound("RSASSA-PSS parameters that cannot be read") from error
    if digest != DIGEST:
        raise _unsound(f"RSASSA-PSS with {digest}, the CMS with {DIGEST}")
    if (generator, masked) != ("mgf1", DIGEST):
        raise _unsound(f"{generator} with {masked}")
    if salt < SALT:
        raise _unsound(f"a salt of {salt} bytes")
    if trailer != 1:
        raise _unsound(f"trailer field {trailer}")
    return int(salt)


def _unsupported(name: str) -> InvalidRequest:
    return InvalidRequest(
        f"Chữ ký dùng thuật toán chưa được nhận ({name}). Hãy chọn SHA-256 với RSA "
        "(PKCS#1 v1.5 hoặc PSS) hay ECDSA trong chương trình ký.",
        f"The signature's algorithm is not taken ({name}). Choose SHA-256 with RSA "
        "(PKCS#1 v1.5 or PSS) or ECDSA in the signing program.",
        code="signature_algorithm_unsupported",
        field="cms",
    )


def _unsound(what: str) -> InvalidRequest:
    return InvalidRequest(
        f"Tham số thuật toán của chữ ký không an toàn hoặc không khớp ({what}). RSASSA-PSS cần "
        f"SHA-256, MGF1 với SHA-256 và salt ít nhất {SALT} byte; hãy đặt lại trong chương trình "
        "ký rồi ký lại.",
        f"The parameters of the signature's algorithm are not sound ({what}). RSASSA-PSS needs "
        f"SHA-256, MGF1 with SHA-256 and a salt of {SALT} bytes at least; set that in the "
        "signing program and sign again.",
        code="signature_parameters_unsound",
        field="cms",
    )
