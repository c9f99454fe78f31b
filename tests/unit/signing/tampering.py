"""What can be done to a certified file, each as a function from the file's bytes to others.

Updates are written by hand behind the last revision, as an attacker would.
"""

import io
import re
from collections.abc import Callable

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

Change = Callable[[bytes], bytes]


def hole(data: bytes, number: int = 0) -> tuple[int, int]:
    """Offsets of the hexadecimal digits of a signature's /Contents."""
    found = list(re.finditer(rb"/Contents <([0-9A-Fa-f]{1000,})>", data))
    return found[number].span(1)


def flip(data: bytes, at: int, by: int = 1) -> bytes:
    return data[:at] + bytes([data[at] ^ by]) + data[at + 1 :]


def updated(data: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def flip_in_page(data: bytes) -> bytes:
    return flip(data, data.index(b"endstream") - 4)


def flip_in_signature_value(data: bytes) -> bytes:
    """A digit of the RSA value, which ends the CMS object (zeros fill up behind it)."""
    start, end = hole(data)
    digits = data[start:end].rstrip(b"0")
    return flip(data, start + len(digits) - 40)


def flip_in_certificate(data: bytes) -> bytes:
    start, _ = hole(data)
    middle = start + 1200
    return (
        data[:middle] + (b"0" if data[middle : middle + 1] != b"0" else b"1") + data[middle + 1 :]
    )


def flip_in_cms_header(data: bytes) -> bytes:
    start, _ = hole(data)
    return data[: start + 1] + b"f" + data[start + 2 :]


def zeroed_contents(data: bytes) -> bytes:
    start, end = hole(data)
    return data[:start] + b"0" * (end - start) + data[end:]


def garbage_contents(data: bytes) -> bytes:
    start, end = hole(data)
    return data[:start] + b"ab" * ((end - start) // 2) + data[end:]


def shorter_byte_range(data: bytes) -> bytes:
    """The last signature claims to cover ten bytes less."""
    found = list(re.finditer(rb"/ByteRange \[0 \d+ \d+ (\d+)", data))[-1]
    length = int(found.group(1))
    digits = b"%d" % (length - 10)
    return data[: found.start(1)] + digits.ljust(len(found.group(1))) + data[found.end(1) :]


def re_saved(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out)
    return out.getvalue()


def page_painted_over(data: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        stream = generic.StreamObject(stream_data=b"1 g 0 0 600 900 re f")
        writer.add_stream_to_page(0, writer.add_object(stream))

    return updated(data, change)


def content_stream_replaced(data: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        stream = page["/Contents"]
        stream._data = b"1 0 0 rg 0 0 99 99 re f"
        stream._encoded_data = None
        writer.mark_update(page.raw_get("/Contents"))

    return updated(data, change)


def page_removed(data: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        pages = writer.root["/Pages"]
        pages["/Kids"].pop()
        pages["/Count"] = generic.NumberObject(1)
        writer.update_container(pages)

    return updated(data, change)


def note_laid_over(data: bytes) -> bytes:
    """A white annotation over the text."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        form = generic.StreamObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9))),
            },
            stream_data=b"1 g 0 0 9 9 re f",
        )
        page_ref = writer.find_page_for_modification(0)[0]
        note = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/DA"): generic.pdf_string("/Helv 0 Tf"),
                pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 90, 90))),
                pdf_name("/AP"): generic.DictionaryObject(
                    {pdf_name("/N"): writer.add_object(form)}
                ),
            }
        )
        writer.register_annotation(page_ref, writer.add_object(note))

    return updated(data, change)


def open_action_added(data: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root["/OpenAction"] = generic.DictionaryObject(
            {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("x()")}
        )
        writer.update_root()

    return updated(data, change)


def empty_signature_field_over_text(data: bytes) -> bytes:
    """An unsigned signature field whose appearance paints white: pyHanko and DSS pass it."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        append_signature_field(
            writer, SigFieldSpec("Trống", box=(0, 0, 200, 200), empty_field_appearance=True)
        )

    return updated(data, change)


def garbage_in_a_second_field(data: bytes) -> bytes:
    """A later field "signed" with rubbish, with an appearance of its own."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        spec = SigFieldSpec("Rác", box=(0, 0, 200, 200), empty_field_appearance=True)
        append_signature_field(writer, spec)
        field = next(
            ref.get_object()
            for ref in writer.root["/AcroForm"]["/Fields"]
            if ref.get_object()["/T"] == "Rác"
        )
        value = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Sig"),
                pdf_name("/Filter"): pdf_name("/Adobe.PPKLite"),
                pdf_name("/SubFilter"): pdf_name("/ETSI.CAdES.detached"),
                pdf_name("/ByteRange"): generic.ArrayObject(
                    map(generic.NumberObject, (0, 100, 200, 100))
                ),
                pdf_name("/Contents"): generic.ByteStringObject(b"rubbish"),
            }
        )
        field["/V"] = writer.add_object(value)

    return updated(data, change)


def bytes_behind_the_end(data: bytes) -> bytes:
    return data + b"\n% a comment nobody reads\n"


def padding_filled(data: bytes) -> bytes:
    _, end = hole(data, -1)
    return data[: end - 20] + b"deadbeef" + data[end - 12 :]


REJECTED: dict[str, Change] = {
    change.__name__: change
    for change in (
        flip_in_page,
        flip_in_signature_value,
        flip_in_certificate,
        flip_in_cms_header,
        zeroed_contents,
        garbage_contents,
        shorter_byte_range,
        page_painted_over,
        content_stream_replaced,
        page_removed,
        note_laid_over,
        open_action_added,
        empty_signature_field_over_text,
        garbage_in_a_second_field,
        re_saved,
    )
}
REMARKED: dict[str, tuple[Change, str]] = {
    "bytes_behind_the_end": (bytes_behind_the_end, "trailing_bytes"),
    "padding_filled": (padding_filled, "padding_not_zero"),
}
