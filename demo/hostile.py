"""Small bad files, each made to stop with one reason code.

Built from nothing, so that tests need no collection of broken files. The large
ones are tiny on disk: Deflate data for gigabytes of zeros is written block by
block without ever making the zeros.
"""

import io
import random
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pikepdf

from demo.damage import scan
from demo.papers import PaperKind, make_paper, render
from demo.scan_files import pdf_bytes

GIB: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class HostileFile:
    """A bad file: a name for reports, the reason codes it may stop with, what it is, its maker.

    The first reason is the one to expect; others are as right where a guard of
    memory or time strikes first.
    """

    name: str
    reasons: tuple[str, ...]
    suffix: str
    build: Callable[[], bytes]


def raw_pdf(objects: Sequence[bytes], root: int) -> bytes:
    """A PDF file of these objects, numbered from 1, with a cross-reference table."""
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(out + trailer % (len(objects) + 1, root, start))


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<< " + entries + b" /Length %d >>\nstream\n" % len(data) + data + b"\nendstream"


def _page_objects(page: bytes, *more: bytes) -> list[bytes]:
    """Objects of a file of one page: catalog 1, pages 2, page 3, then the others from 4."""
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R " + page + b" >>",
        *more,
    ]


_BLOCK: Final = 1 << 20


def _zero_blocks(length: int) -> bytes:
    """Raw Deflate of ``length`` zeros, in repeated blocks that end on a byte."""
    whole, rest = divmod(length, _BLOCK)
    worker = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = worker.compress(bytes(_BLOCK)) + worker.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    return block * whole + last.compress(bytes(rest)) + last.flush()


def zlib_zeros(length: int) -> bytes:
    """Zlib data that unpacks to ``length`` zero bytes.

    Adler-32 of n zeros: the sum stays 1, the sum of sums is n modulo 65521 (RFC 1950).
    """
    return b"\x78\xda" + _zero_blocks(length) + struct.pack(">HH", length % 65521, 1)


def _crc_of_zeros(length: int) -> int:
    crc, chunk = 0, bytes(1 << 24)
    while length:
        step = min(length, len(chunk))
        crc = zlib.crc32(chunk[:step], crc)
        length -= step
    return crc


@lru_cache(maxsize=1)
def _sound_page() -> bytes:
    """A PDF of one scanned letter, to be spoilt."""
    page = make_paper(PaperKind.LETTER, 77).pages[0]
    return pdf_bytes([scan(render(page, 100), "clean", 100, 1)])


def encrypted_pdf(password: str = "bi-mat") -> bytes:  # noqa: S107 - a test's password
    """A sound PDF that opens only with a password (AES-256)."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(_sound_page())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user=password, owner=password + "-2", R=6))
    return out.getvalue()


def truncated_pdf() -> bytes:
    """A PDF cut off inside its page image: catalog and page tree, written last, are gone."""
    noise = random.Random(5).randbytes(60_000)  # noqa: S311 - test data
    image = b"/Type /XObject /Subtype /Image /Width 200 /Height 100 /BitsPerComponent 8 "
    objects = [
        stream(noise, image + b"/ColorSpace /DeviceRGB"),
        stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q"),
        (
            b"<< /Type /Page /Parent 4 0 R /MediaBox [0 0 595 842] /Contents 2 0 R "
            b"/Resources << /XObject << /Im0 1 0 R >> >> >>"
        ),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Catalog /Pages 4 0 R >>",
    ]
    return raw_pdf(objects, root=5)[:40_000]


def random_bytes(length: int = 40_000, seed: int = 1) -> bytes:
    """Bytes that are no document; never a known file header."""
    return b"\x01\x02" + random.Random(seed).randbytes(length)  # noqa: S311 - test data


def pdf_without_pages() -> bytes:
    """A sound PDF with an empty page tree."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]
    return raw_pdf(objects, root=1)


def bomb_content(length: int = 2 * GIB) -> bytes:
    """A PDF of some kilobytes whose content unpacks, through two Flate layers, to ``length``."""
    data = zlib.compress(zlib_zeros(length), 9)
    page = b"/MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >>"
    return raw_pdf(
        _page_objects(page, stream(data, b"/Filter [/FlateDecode /FlateDecode]")), root=1
    )


def bomb_image(side: int = 46_000) -> bytes:
    """A PDF page that is one white picture of ``side`` squared pixels, double Flate."""
    data = zlib.compress(zlib_zeros(side * side), 9)
    entries = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 "
        b"/ColorSpace /DeviceGray /Decode [1 0] /Filter [/FlateDecode /FlateDecode]"
    ) % (side, side)
    page = b"/MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /XObject << /Im0 4 0 R >> >>"
    content = stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
    return raw_pdf(_page_objects(page, stream(data, entries), content), root=1)


def giant_png(side: int = 46_000) -> bytes:
    """A white 1-bit PNG of ``side`` squared pixels: small on disk, gigapixels open."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    # Palette entry 0 is white, so filter bytes and pixels are all zero.
    rows = (1 + (side + 7) // 8) * side
    header = struct.pack(">IIBBBBB", side, side, 1, 3, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"PLTE", b"\xff\xff\xff\0\0\0")
        + chunk(b"IDAT", zlib_zeros(rows)) + chunk(b"IEND", b"")
    )  # fmt: skip


def pdf_of_pages(count: int = 5001) -> bytes:
    """A PDF of ``count`` empty A4 pages."""
    first = 3
    kids = b" ".join(b"%d 0 R" % (first + number) for number in range(count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % count,
        *([page] * count),
    ]
    return raw_pdf(objects, root=1)


def giant_page(side_pt: int = 2_000_000) -> bytes:
    """A PDF page of ``side_pt`` points (14,400 is the most that PDF 1.7 readers support)."""
    page = b"/MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << >>" % (side_pt, side_pt)
    content = stream(b"1 0 0 rg 10 10 100000 100000 re f")
    return raw_pdf(_page_objects(page, content), root=1)


def zip_bomb(length: int = GIB, members: int = 4) -> bytes:
    """A ZIP whose members each claim and unpack to ``length`` zero bytes."""
    data, crc = _zero_blocks(length), _crc_of_zeros(length)
    out, directory = bytearray(), bytearray()
    for number in range(members):
        name = b"quet-%d.pdf" % number
        offset = len(out)
        common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(data), length, len(name), 0)
        out += b"PK\x03\x04" + common + name + data
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common
        directory += struct.pack("<HHHII", 0, 0, 0, 0, offset) + name
    end = struct.pack("<HHHHIIH", 0, 0, members, members, len(directory), len(out), 0)
    return bytes(out + directory + b"PK\x05\x06" + end)


def nested_forms(depth: int = 12, fan: int = 10) -> bytes:
    """Form XObjects that each draw the next ``fan`` times: ``fan`` to the power ``depth`` calls."""
    forms = []
    for level in range(depth):
        number = 5 + level
        last = level == depth - 1
        content = b"0 0 m 9 9 l S" if last else b" ".join([b"/X Do"] * fan)
        resources = b"" if last else b"/XObject << /X %d 0 R >>" % (number + 1)
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << %s >>"
        forms.append(stream(content, entries % resources))
    page = b"/MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >>"
    return raw_pdf(_page_objects(page, stream(b"/X Do"), *forms), root=1)


def secret_paper(mark: str = "MẬT", dpi: int = 200, seed: int = 11) -> bytes:
    """The scan of a decision that bears a secrecy stamp."""
    page = make_paper(PaperKind.DECISION, seed, secrecy=mark).pages[0]
    return pdf_bytes([scan(render(page, dpi), "office", dpi, seed, stamps=0)])


HOSTILE: Final[tuple[HostileFile, ...]] = (
    HostileFile("encrypted", ("encrypted",), ".pdf", encrypted_pdf),
    HostileFile("truncated", ("damaged",), ".pdf", truncated_pdf),
    HostileFile("random_bytes", ("not_a_document",), ".pdf", random_bytes),
    HostileFile("zero_bytes", ("empty",), ".pdf", bytes),
    HostileFile("no_pages", ("empty",), ".pdf", pdf_without_pages),
    HostileFile("bomb_content", ("decompression_bomb", "memory_limit"), ".pdf", bomb_content),
    HostileFile("bomb_image", ("page_too_large", "decompression_bomb", "memory_limit"), ".pdf",
                bomb_image),
    HostileFile("giant_png", ("page_too_large", "decompression_bomb"), ".png", giant_png),
    HostileFile("too_many_pages", ("too_many_pages",), ".pdf", pdf_of_pages),
    HostileFile("giant_page", ("page_too_large",), ".pdf", giant_page),
    HostileFile("zip_bomb", ("decompression_bomb",), ".zip", zip_bomb),
    HostileFile("nested_forms", ("time_limit", "memory_limit", "decompression_bomb"), ".pdf",
                nested_forms),
    HostileFile("secret_marked", ("secret_marked",), ".pdf", secret_paper),
)  # fmt: skip
"""Every bad file with the reason that it is to stop with."""
