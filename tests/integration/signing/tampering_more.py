"""More of what can be done to a long-term file with both signatures: bytes in, bytes out.

With the changes of ``tests.unit.signing.tampering`` these are the rows of the table of what
validators miss, and their kin.
"""

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.unit.signing.office import make_key, make_root
from tests.unit.signing.office import update as revision
from tests.unit.signing.tampering import Change, flip, hole, updated

Writer = IncrementalPdfFileWriter


def flip_in_image(data: bytes) -> bytes:
    start = data.index(b"/Subtype /Image")
    return flip(data, data.index(b"stream\n", start) + 2000)


def flip_in_metadata(data: bytes) -> bytes:
    return flip(data, data.index(b"xmpmeta") + 3)


def flip_in_the_stamps_font(data: bytes) -> bytes:
    return flip(data, data.index(b"stream", data.index(b"/Length1")) + 200)


def flip_in_the_first_message_digest(data: bytes) -> bytes:
    start, end = hole(data, 0)
    content = cms.ContentInfo.load(bytes.fromhex(data[start:end].decode()))["content"]
    attributes = content["signer_infos"][0]["signed_attrs"]
    digest = next(one["values"][0].native for one in attributes
                  if one["type"].native == "message_digest")  # fmt: skip
    at = data.lower().index(digest.hex().encode(), start, end)
    return data[:at] + (b"1" if data[at : at + 1] != b"1" else b"2") + data[at + 1 :]


def flip_in_a_signatures_token(data: bytes) -> bytes:
    """In the time stamp of the first signature, which stands behind its own value."""
    start, end = hole(data, 0)
    digits = data[start:end].rstrip(b"0")
    return flip(data, start + len(digits) - 60)


def flip_in_the_documents_time_stamp(data: bytes) -> bytes:
    start, end = hole(data, -1)
    digits = data[start:end].rstrip(b"0")
    return flip(data, start + len(digits) - 60)


def flip_in_a_revocation_list(data: bytes) -> bytes:
    place = data.index(b"/DSS")
    return flip(data, data.index(b"stream\n", place) + 60)


def _byte_range(data: bytes, number: int, change: Callable[[list[int]], list[int]]) -> bytes:
    found = list(re.finditer(rb"/ByteRange \[([\d -]+)\]", data))[number]
    numbers = change([int(one) for one in found.group(1).split()])
    text = b" ".join(b"%d" % one for one in numbers)
    assert len(text) <= len(found.group(1))
    return data[: found.start(1)] + text.ljust(len(found.group(1))) + data[found.end(1) :]


def first_byte_range_shortened(data: bytes) -> bytes:
    return _byte_range(data, 0, lambda r: [*r[:3], r[3] - 20])


def byte_range_that_begins_late(data: bytes) -> bytes:
    return _byte_range(data, 1, lambda r: [9, r[1] - 9, *r[2:]])


def byte_range_that_overlaps(data: bytes) -> bytes:
    return _byte_range(data, 1, lambda r: [0, r[1], r[1] - 50, r[3]])


def byte_range_below_nothing(data: bytes) -> bytes:
    return _byte_range(data, 1, lambda r: [0, r[1], -1, 9])


def byte_range_beyond_the_end(data: bytes) -> bytes:
    return _byte_range(data, 1, lambda r: [*r[:3], 10 ** len(str(r[3])) - 1])


def _page(writer: Writer) -> Any:
    return writer.find_page_for_modification(0)[0]


def text_field_with_a_value(data: bytes) -> bytes:
    """A form field that shows a number over the paper."""

    def change(writer: Writer) -> None:
        form = generic.StreamObject(
            {pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"),
             pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 99, 20)))},
            stream_data=b"1 g 0 0 99 20 re f",
        )  # fmt: skip
        field = generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): generic.pdf_string("so"),
            pdf_name("/V"): generic.pdf_string("999"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (90, 700, 190, 720))),
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(form)}),
        })  # fmt: skip
        reference = writer.add_object(field)
        writer.register_annotation(_page(writer), reference)
        writer.root["/AcroForm"]["/Fields"].append(reference)
        writer.update_container(writer.root["/AcroForm"]["/Fields"])

    return updated(data, change)


def stamp_exchanged(data: bytes) -> bytes:
    """The organisation's stamp shows something else."""

    def change(writer: Writer) -> None:
        for reference in writer.root["/AcroForm"]["/Fields"]:
            widget = reference.get_object()
            if str(widget.get("/T")) == "CoQuan":
                shown = widget["/AP"]["/N"]
                shown._data, shown._encoded_data = b"1 0 0 rg 0 0 200 30 re f", None
                writer.update_container(shown)

    return updated(data, change)


def stamp_hidden(data: bytes) -> bytes:
    def change(writer: Writer) -> None:
        for reference in writer.root["/AcroForm"]["/Fields"]:
            widget = reference.get_object()
            if str(widget.get("/T")) == "CanBo":
                widget["/F"] = generic.NumberObject(2)
                writer.update_container(widget)

    return updated(data, change)


def signature_field_taken_out(data: bytes) -> bytes:
    def change(writer: Writer) -> None:
        fields = writer.root["/AcroForm"]["/Fields"]
        del fields[1]
        writer.update_container(fields)

    return updated(data, change)


def signature_value_exchanged(data: bytes) -> bytes:
    """The organisation's field points to the officer's signature."""

    def change(writer: Writer) -> None:
        first, second, *_ = writer.root["/AcroForm"]["/Fields"]
        field = second.get_object()
        field["/V"] = first.get_object().raw_get("/V")
        writer.update_container(field)

    return updated(data, change)


def _root_entry(name: str, value: Any) -> Change:
    def change(data: bytes) -> bytes:
        def in_file(writer: Writer) -> None:
            writer.root[name] = value()
            writer.update_root()

        return updated(data, in_file)

    return change


def _page_entry(name: str, value: Any) -> Change:
    def change(data: bytes) -> bytes:
        def in_file(writer: Writer) -> None:
            page = _page(writer).get_object()
            page[name] = value()
            writer.update_container(page)

        return updated(data, in_file)

    return change


def _script() -> Any:
    return generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("x()")}
    )


def _named_script() -> Any:
    names = generic.ArrayObject([generic.pdf_string("a"), _script()])
    tree = generic.DictionaryObject({pdf_name("/Names"): names})
    return generic.DictionaryObject({pdf_name("/JavaScript"): tree})


def _box(*numbers: int) -> Callable[[], Any]:
    return lambda: generic.ArrayObject(map(generic.NumberObject, numbers))


language_changed = _root_entry("/Lang", lambda: generic.pdf_string("en"))
script_among_names = _root_entry("/Names", _named_script)
open_script = _root_entry("/OpenAction", _script)
viewer_told_to_hide = _root_entry(
    "/ViewerPreferences",
    lambda: generic.DictionaryObject({pdf_name("/HideToolbar"): generic.BooleanObject(True)}),
)
evidence_store_emptied = _root_entry("/DSS", generic.DictionaryObject)
page_turned = _page_entry("/Rotate", lambda: generic.NumberObject(180))
page_cut = _page_entry("/CropBox", _box(0, 0, 200, 200))
page_script = _page_entry("/AA", lambda: generic.DictionaryObject({pdf_name("/O"): _script()}))
page_emptied = _page_entry("/Contents", generic.ArrayObject)


def metadata_exchanged(data: bytes) -> bytes:
    def change(writer: Writer) -> None:
        stream = generic.StreamObject(
            {pdf_name("/Type"): pdf_name("/Metadata"), pdf_name("/Subtype"): pdf_name("/XML")},
            stream_data=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>khac</x:xmpmeta>",
        )
        writer.root["/Metadata"] = writer.add_object(stream)
        writer.update_root()

    return updated(data, change)


def page_added(data: bytes) -> bytes:
    def change(writer: Writer) -> None:
        pages = writer.root["/Pages"]
        page = generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/Parent"): writer.root.raw_get("/Pages"),
            pdf_name("/MediaBox"): _box(0, 0, 595, 842)(),
        })  # fmt: skip
        pages["/Kids"].append(writer.add_object(page))
        pages["/Count"] = generic.NumberObject(int(pages["/Count"]) + 1)
        writer.update_container(pages)

    return updated(data, change)


def file_attached(data: bytes) -> bytes:
    def change(writer: Writer) -> None:
        stream = writer.add_object(generic.StreamObject(stream_data=b"MZ"))
        spec = generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/Filespec"), pdf_name("/F"): generic.pdf_string("a.exe"),
            pdf_name("/EF"): generic.DictionaryObject({pdf_name("/F"): stream}),
        })  # fmt: skip
        names = generic.ArrayObject([generic.pdf_string("a.exe"), writer.add_object(spec)])
        tree = generic.DictionaryObject({pdf_name("/Names"): names})
        writer.root["/Names"] = generic.DictionaryObject({pdf_name("/EmbeddedFiles"): tree})
        writer.update_root()

    return updated(data, change)


def switched_by_a_table_alone(data: bytes) -> bytes:
    """A last revision without a single new object: its table points to another one's bytes."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        number = pdf.pages[0].obj.objgen[0]
    at = data.index(b"\n%d 0 obj" % pdf_other(data)) + 1
    return revision(data, number, at=at)


def pdf_other(data: bytes) -> int:
    """Some object that is not the page."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0].obj.objgen[0]
    return next(int(one) for one in re.findall(rb"\n(\d+) 0 obj", data) if int(one) != page)


def certificate_exchanged(data: bytes) -> bytes:
    """The CMS names another's certificate, which has the same issuer and name."""
    start, end = hole(data, 0)
    info = cms.ContentInfo.load(bytes.fromhex(data[start:end].decode()))
    other = make_key(make_root("Gốc khác", number=101), number=9).certificate
    info["content"]["certificates"] = cms.CertificateSet(
        [asn1_x509.Certificate.load(other.public_bytes(Encoding.DER))]
    )
    return _refilled(data, 0, info.dump(force=True))


def signature_of_the_other_field(data: bytes) -> bytes:
    start, end = hole(data, 0)
    return _refilled(data, 1, bytes.fromhex(data[start:end].decode()))


def token_taken_out(data: bytes) -> bytes:
    """The first signature without its time stamp; what it signs is untouched."""
    start, end = hole(data, 0)
    info = cms.ContentInfo.load(bytes.fromhex(data[start:end].decode()))
    info["content"]["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([])
    return _refilled(data, 0, info.dump(force=True))


def _refilled(data: bytes, number: int, content: bytes) -> bytes:
    start, end = hole(data, number)
    digits = content.hex().encode()[: end - start]
    return data[:start] + digits.ljust(end - start, b"0") + data[end:]


def _cut(data: bytes, number: int) -> bytes:
    """The file as it was when so many revisions had been written."""
    ends = [found.end() for found in re.finditer(rb"%%EOF\r?\n?", data)]
    return data[: ends[number]]


def cut_before_the_archive_stamp(data: bytes) -> bytes:
    """Back to the revision that the document's time stamp came after."""
    start, _ = hole(data, -1)
    ends = [found.end() for found in re.finditer(rb"%%EOF\r?\n?", data)]
    return data[: max(end for end in ends if end < start)]


def cut_to_the_first_signature(data: bytes) -> bytes:
    _, end = hole(data, 0)
    return data[: data.index(b"%%EOF", end) + 6]


def wrapped_around_other_content(data: bytes) -> bytes:
    """Signature wrapping: what was signed stands behind other content, found by a new range.

    The organisation's signature value is given anew with a byte range whose second part is a
    copy further on, so that its digest is right and what lies between and behind is anybody's.
    """
    found = list(re.finditer(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", data))[1]
    _, first, start, length = map(int, found.groups())

    def change(writer: Writer) -> None:
        stream = generic.StreamObject(stream_data=b"1 g 0 0 600 900 re f")
        writer.add_stream_to_page(0, writer.add_object(stream))
        field = writer.root["/AcroForm"]["/Fields"][1].get_object()
        value = generic.DictionaryObject(dict(field["/V"].items()))
        value["/ByteRange"] = generic.ArrayObject(
            map(generic.NumberObject, (0, first, len(data), length))
        )
        field["/V"] = writer.add_object(value)
        writer.update_container(field)

    return updated(data + data[start : start + length], change)


def re_saved_as_encrypted(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=""))
    return out.getvalue()


def re_saved_for_the_web(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, linearize=True)
    return out.getvalue()


CHANGED: dict[str, Change] = {
    name: change
    for name, change in globals().items()
    if callable(change) and name[0].islower() and not name.startswith(("_", "cut_"))
    and name not in ("flip", "hole", "updated", "revision", "make_key", "make_root", "pdf_other",
                     "pdf_name", "Callable")
}  # fmt: skip
"""What must never be called valid without a remark."""

WEAKENED: dict[str, Change] = {
    "cut_before_the_archive_stamp": cut_before_the_archive_stamp,
    "cut_to_the_first_signature": cut_to_the_first_signature,
    "evidence_store_emptied": CHANGED.pop("evidence_store_emptied"),
    "token_taken_out": CHANGED.pop("token_taken_out"),
}
"""What leaves a weaker file that is whole in itself: only count, level and hash tell."""
