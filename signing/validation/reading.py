# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Open a PDF for validation and find its filled signature fields, whatever shape it is in."""

import io
import logging
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from signing.entries import entry

HEADER_WITHIN: Final = 1024
"""Bytes in which readers look for ``%PDF-`` (ISO 32000-1, Annex H, note 13)."""

_TAIL: Final = 4096
"""Bytes in which the end of the file is looked for."""

MOST_SIGNATURES: Final = 200
"""A file has a few; the analysis of changes grows with their square."""

BROKEN: Final = (
    PdfError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    NotImplementedError,
    EOFError,
    zlib.error,
    struct.error,
)
"""What pyHanko and asn1crypto raise on broken input; each is turned into a verdict."""

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # Our records say what these loggers say, per signature instead of per process.
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class FilledField:
    """A signature field with a value, as far as it could be read.

    ``number`` is the field's place in the form; ``revision`` the revision of the file
    (0 is the first) that the signature came with.
    """

    name: str
    value: generic.DictionaryObject
    contents: bytes
    byte_range: tuple[int, ...]
    revision: int
    subfilter: str
    is_timestamp: bool
    number: int


@dataclass(frozen=True, slots=True)
class OpenedPdf:
    """A PDF as far as it could be opened; ``stream`` starts at ``%PDF``.

    ``reader`` is None where the structure could not be read, with the reason code in
    ``trouble``.
    """

    stream: IO[bytes]
    size: int
    prefix: int
    reader: PdfFileReader | None
    trouble: str | None
    encrypted: bool = False
    fields: tuple[FilledField, ...] = ()
    unreadable_fields: tuple[str, ...] = field(default=())

    def tail_is_odd(self) -> bool:
        """Whether anything but white space stands behind the last end of the file."""
        self.stream.seek(max(0, self.size - _TAIL))
        tail = self.stream.read(_TAIL)
        return bool(tail.rpartition(b"%%EOF")[2].strip(b"\0\t\n\f\r "))


class _IndexedReader(PdfFileReader):
    """Reads the index of each object stream once.

    pyHanko reads it again for every object in it, and the analysis of changes asks for
    the same objects once a signature: 5.6 s of CPU for a real file with 7 signatures.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._indexes: dict[int, tuple[bytes, dict[int, int]]] = {}
        super().__init__(stream, strict=False)

    def _get_object_from_stream(self, idnum: int, stmnum: int, _: int) -> Any:
        if stmnum not in self._indexes:
            self._indexes[stmnum] = self._index(stmnum)
        data, offsets = self._indexes[stmnum]
        if idnum not in offsets:
            return generic.NullObject()
        buffer = io.BytesIO(data)
        buffer.seek(offsets[idnum])
        return generic.read_object(buffer, generic.Reference(idnum, 0, self))

    def _index(self, number: int) -> tuple[bytes, dict[int, int]]:
        stream: Any = generic.Reference(number, 0, self).get_object()
        data = stream.read_data(DecodePurpose.OBJECT_STREAM)
        first = int(stream["/First"])
        numbers = [int(word) for word in data[:first].split()[: 2 * int(stream["/N"])]]
        pairs = zip(numbers[::2], numbers[1::2], strict=False)
        return data, {idnum: first + offset for idnum, offset in reversed(list(pairs))}


@contextmanager
def open_pdf(path: Path) -> Iterator[OpenedPdf]:
    """Open for validation; a broken file is an :class:`OpenedPdf` with ``trouble``."""
    with path.open("rb") as file:
        prefix = file.read(HEADER_WITHIN + 5).find(b"%PDF-")
        size = file.seek(0, io.SEEK_END)
        if prefix < 0:
            yield OpenedPdf(file, size, 0, None, "empty" if not size else "not_a_document")
            return
        file.seek(prefix)
        stream: IO[bytes] = io.BytesIO(file.read()) if prefix else file
        yield _open(stream, size - prefix, prefix)


def _open(stream: IO[bytes], size: int, prefix: int) -> OpenedPdf:
    encrypted = False
    try:
        reader = _IndexedReader(stream)
        encrypted = reader.encrypted
        # An owner's password alone forbids editing, not reading: the user's is empty.
        if encrypted and reader.decrypt(b"").status == AuthStatus.FAILED:
            return OpenedPdf(stream, size, prefix, None, "encrypted", encrypted=True)
        fields, unreadable = _filled_fields(reader)
    except BROKEN:
        trouble = "encrypted" if encrypted else "damaged"
        return OpenedPdf(stream, size, prefix, None, trouble, encrypted=encrypted)
    return OpenedPdf(stream, size, prefix, reader, None, encrypted, fields, unreadable)


def _filled_fields(reader: PdfFileReader) -> tuple[tuple[FilledField, ...], tuple[str, ...]]:
    fields, unreadable = [], []
    found = enumerate_sig_fields(reader, filled_status=True)
    for number, (name, value, field_ref) in enumerate(islice(found, MOST_SIGNATURES)):
        try:
            fields.append(_filled_field(reader, str(name), value, field_ref, number))
        except BROKEN:
            unreadable.append(str(name))
    if next(found, None) is not None:
        unreadable.append(f"> {MOST_SIGNATURES}")
    fields.sort(key=lambda found: (found.revision, found.number))
    return tuple(fields), tuple(unreadable)


def _filled_field(
    reader: PdfFileReader, name: str, value: Any, field_ref: Any, number: int
) -> FilledField:
    dictionary = value.get_object()
    contents = dictionary.raw_get("/Contents", decrypt=generic.EncryptedObjAccess.RAW)
    raw = field_ref.get_object().raw_get("/V")
    home = raw.reference if isinstance(raw, generic.IndirectObject) else field_ref.reference
    return FilledField(
        name=name,
        value=dictionary,
        contents=contents.original_bytes,
        byte_range=tuple(int(number) for number in dictionary["/ByteRange"]),
        revision=reader.xrefs.get_last_change(home),
        subfilter=str(entry(dictionary, "/SubFilter", "")).lstrip("/"),
        is_timestamp=entry(dictionary, "/Type") == "/DocTimeStamp"
        or entry(dictionary, "/SubFilter") == "/ETSI.RFC3161",
        number=number,
    )
