"""Tokens without hardware: SoftHSM 2 in a folder of its own."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11.util.ec import decode_ec_private_key, encode_named_curve_parameters
from pkcs11.util.rsa import decode_rsa_private_key

from signing.keys import SigningKey

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so")
PIN = "246810"


@pytest.fixture(scope="session")
def soft_token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """SoftHSM with a folder of its own; the library reads its settings once a process."""
    module = next((Path(path) for path in MODULES if Path(path).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        pytest.fail("SoftHSM 2 is missing. Install it: apt-get install softhsm2")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    yield module
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


def plug_in(module: Path, label: str, *keys: SigningKey) -> None:
    """A token of this name that holds these keys with their certificates."""
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN,
         "--so-pin", "13579135"],
        check=True, capture_output=True,
    )  # fmt: skip
    library = pkcs11.lib(str(module))
    library.reinitialize()  # sees tokens made after it was loaded
    with library.get_token(token_label=label).open(rw=True, user_pin=PIN) as session:
        for number, key in enumerate(keys, start=1):
            session.create_object(
                {
                    **_private_parts(key),
                    pkcs11.Attribute.TOKEN: True,
                    pkcs11.Attribute.LABEL: f"khoa{number}",
                    pkcs11.Attribute.ID: bytes([number]),
                }
            )
            session.create_object(
                {
                    pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                    pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                    pkcs11.Attribute.TOKEN: True,
                    pkcs11.Attribute.LABEL: f"khoa{number}",
                    pkcs11.Attribute.ID: bytes([number]),
                    pkcs11.Attribute.SUBJECT: key.certificate.subject.public_bytes(),
                    pkcs11.Attribute.VALUE: key.certificate.public_bytes(Encoding.DER),
                }
            )


def _private_parts(key: SigningKey) -> dict[pkcs11.Attribute, object]:
    if isinstance(key.private_key, rsa.RSAPrivateKey):
        plain = key.private_key.private_bytes(
            Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()
        )
        return dict(decode_rsa_private_key(plain))
    plain = key.private_key.private_bytes(
        Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    parts = dict(decode_ec_private_key(plain))
    parts.setdefault(pkcs11.Attribute.EC_PARAMS, encode_named_curve_parameters("secp256r1"))
    return parts
