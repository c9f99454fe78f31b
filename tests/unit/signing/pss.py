"""Signatures by RSASSA-PSS (RFC 4055, RFC 8017), sound ones and others."""

from collections.abc import Callable
from typing import Any

from asn1crypto import algos, core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from signing.keys import SigningKey

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
}


def parameters(
    digest: str = "sha256", mask: str = "sha256", salt: int = 32, trailer: int = 1
) -> algos.RSASSAPSSParams:
    """RSASSA-PSS-params."""
    return algos.RSASSAPSSParams(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
            "mask_gen_algorithm": algos.MaskGenAlgorithm(
                {"algorithm": "mgf1", "parameters": algos.DigestAlgorithm({"algorithm": mask})}
            ),
            "salt_length": salt,
            "trailer_field": trailer,
        }
    )


def algorithm(given: Any, name: str = "rsassa_pss") -> algos.SignedDigestAlgorithm:
    """An AlgorithmIdentifier with these parameters, whatever they are; None: none at all."""
    parts = [algos.SignedDigestAlgorithmId(name).dump(), given.dump() if given is not None else b""]
    body = b"".join(parts)
    return algos.SignedDigestAlgorithm.load(b"\x30" + bytes([len(body)]) + body)


def signing(
    key: SigningKey, digest: str = "sha256", mask: str = "sha256", salt: int = 32
) -> Callable[[bytes], bytes]:
    """What signs so."""
    private = key.private_key
    assert isinstance(private, rsa.RSAPrivateKey)
    return lambda data: private.sign(
        data, padding.PSS(padding.MGF1(HASHES[mask]), salt), HASHES[digest]
    )


NULL = core.Null()
