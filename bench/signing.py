"""``python -m bench.signing``: what a signature costs, beside pyHanko's own signer.

Small files: one page, key parsed from PKCS#12, RSA-2048/3072 and P-256; sohoa signs visibly,
with its stamp, and flushes each result to the disk; pyHanko's ``SimpleSigner`` signs
invisibly, file to file. A large file: 200 pages of noise as JPEG, 119 MB, both signatures of
the office. Processor seconds of the process; targets are those of the work's order.
"""

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from PIL import Image

from bench.measuring import measure
from bench.report import Section, Table, Target, say, show, show_targets

KINDS: Final[dict[str, Callable[[], rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey]]] = {
    "RSA-2048": lambda: rsa.generate_private_key(65537, 2048),
    "RSA-3072": lambda: rsa.generate_private_key(65537, 3072),
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
}
PASSPHRASE: Final = "bench"
LARGE_PAGES: Final = 200
LARGE_MB: Final = 119


@dataclass(frozen=True, slots=True)
class Rate:
    """Signatures per processor second."""

    kind: str
    ours: float
    stock: float
    both: float


def main(words: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.signing", description=__doc__)
    parser.add_argument("--count", type=int, default=60, help="signatures of each kind")
    parser.add_argument("--certify", nargs=3, metavar=("KEY", "IN", "OUT"), help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    if given.certify:
        _certify(*map(Path, given.certify))
        return
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as folder:
        section = _measured(Path(folder), given.count)
    show(section)
    show_targets([section])


def _measured(folder: Path, count: int) -> Section:
    page = _page(folder / "page.pdf")
    rates = []
    for kind, make in KINDS.items():
        say(f"{count} signatures with {kind}")
        rates.append(_rate(kind, _key_file(folder / f"{kind}.p12", make()), page, count))
    say(f"a file of {LARGE_MB} MB with {LARGE_PAGES} pages")
    large = _large(folder / "large.pdf")
    small, big = (
        measure(
            [sys.executable, "-m", "bench.signing", "--certify", folder / "RSA-2048.p12", source,
             folder / "out.pdf"], folder / "log",
        ) for source in (page, large)
    )  # fmt: skip
    assert small.exit_code == big.exit_code == 0, (folder / "log").read_text()
    signing = big.cpu_s - small.cpu_s
    return Section(
        "signing",
        (
            Table(
                "B-B signatures per processor second, one page",
                ("key", "sohoa, visible", "pyHanko SimpleSigner, invisible", "ratio",
                 "both of sohoa (certify)"),
                tuple((r.kind, r.ours, r.stock, r.ours / r.stock, r.both) for r in rates),
            ),
            Table(
                f"both signatures on {large.stat().st_size / 1e6:.0f} MB, {LARGE_PAGES} pages",
                ("what", "CPU s", "wall s", "MiB"),
                (
                    ("program with a one-page file", small.cpu_s, small.wall_s, small.largest_mib),
                    ("program with the large file", big.cpu_s, big.wall_s, big.largest_mib),
                    ("the large file alone", signing, big.wall_s - small.wall_s, None),
                ),
            ),
        ),
        (
            Target("RSA-2048 signatures per CPU second", 36, rates[0].ours, "least"),
            Target("119 MB: CPU seconds", 2, big.cpu_s, "most"),
            Target("119 MB: MiB", 120, big.largest_mib, "most"),
        ),
    )  # fmt: skip


def _rate(kind: str, key_file: Path, page: Path, count: int) -> Rate:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    from signing.certify import certify
    from signing.keys import load_pkcs12
    from signing.sign import sign_file

    key = load_pkcs12(key_file, PASSPHRASE)
    stock = signers.SimpleSigner.load_pkcs12(str(key_file), passphrase=PASSPHRASE.encode())
    out = page.with_name("signed.pdf")
    order = _order(key)

    def by_stock() -> None:
        with page.open("rb") as source, out.open("wb") as target:
            signers.sign_pdf(
                IncrementalPdfFileWriter(source),
                signers.PdfSignatureMetadata(field_name="Signature1"),
                signer=stock,
                output=target,
            )

    return Rate(
        kind,
        ours=_per_second(lambda: sign_file(page, out, key, "officer"), count),
        stock=_per_second(by_stock, max(count // 3, 10)),
        both=2 * _per_second(lambda: certify(page, out, order), max(count // 2, 10)),
    )


def _per_second(work: Callable[[], None], count: int) -> float:
    for _ in range(3):
        work()
    begin = time.process_time()
    for _ in range(count):
        work()
    return count / (time.process_time() - begin)


def _order(key: Any) -> Any:
    from signing.certify import CertifyOrder

    now = datetime.now(UTC)
    return CertifyOrder(key, key, "Nguyễn Văn Ánh", "Sở Khoa học và Công nghệ", now, now)


def _certify(key_file: Path, source: Path, out: Path) -> None:
    """In a process of its own, so that its memory is that of signing alone."""
    from signing.certify import certify
    from signing.keys import load_pkcs12

    certify(source, out, _order(load_pkcs12(key_file, PASSPHRASE)))


def _key_file(path: Path, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> Path:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nguyễn Văn Ánh")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    secret = BestAvailableEncryption(PASSPHRASE.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"k", key, certificate, None, secret))
    return path


def _page(path: Path) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(path)
    return path


def _large(path: Path) -> Path:
    """Pages with pictures of noise, each its own object, as a scanner's file has them."""
    noise = np.random.default_rng(7).integers(0, 255, (1240, 1754), dtype=np.uint8)
    picture = io.BytesIO()
    Image.fromarray(noise).save(picture, "JPEG", quality=20)
    data = picture.getvalue().ljust(LARGE_MB * 1_000_000 // LARGE_PAGES, b"\0")
    with pikepdf.new() as pdf:
        for _ in range(LARGE_PAGES):
            page = pdf.add_blank_page(page_size=(595, 842))
            image = pdf.make_stream(
                data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=1754,
                Height=1240, BitsPerComponent=8, ColorSpace=pikepdf.Name.DeviceGray,
                Filter=pikepdf.Name.DCTDecode,
            )  # fmt: skip
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
            page.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im Do Q")
        pdf.save(path, compress_streams=False)
    return path


if __name__ == "__main__":
    main(sys.argv[1:])
