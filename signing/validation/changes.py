# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""What a signature covers, and what was done to the file after it.

``intact`` alone says nothing about what a person sees: an incremental update can paint
over every page and leave the signed bytes as they were. pyHanko's difference analysis
judges each later revision; on top of it stand checks of our own for what it lets pass:
a hole in the byte range that holds more than the signature, and an unsigned signature
field whose appearance covers content.
"""

import binascii
from dataclasses import dataclass
from typing import Any, Literal

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader, process_data_at_eof
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm, enumerate_sig_fields

from signing.entries import entry
from signing.validation.described import description_changed
from signing.validation.reading import BROKEN, FilledField, OpenedPdf

Covers = Literal["whole_file", "its_revision", "unclear"]
Changes = Literal["none", "evidence", "form_filling", "annotations", "other"]

_LEVELS: dict[ModificationLevel, Changes] = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "evidence",
    ModificationLevel.FORM_FILLING: "form_filling",
    ModificationLevel.ANNOTATIONS: "annotations",
    ModificationLevel.OTHER: "other",
}


@dataclass(frozen=True, slots=True)
class ChangeFinding:
    """Coverage, later changes, and whether an earlier certification forbids them."""

    covers: Covers
    changes: Changes
    permitted: bool = True
    remarks: tuple[str, ...] = ()


def judge_changes(pdf: OpenedPdf, field: FilledField) -> ChangeFinding:
    """Coverage and changes of one signature; never raises for broken input."""
    try:
        covers = _coverage(pdf, field)
    except BROKEN:
        covers = "unclear"
    if covers == "unclear" or pdf.reader is None:
        return ChangeFinding("unclear", "other", permitted=False, remarks=("odd_byte_range",))
    if covers == "whole_file":
        return ChangeFinding(covers, "none")
    try:
        return _judge(pdf.reader, field, covers)
    except BROKEN:
        return ChangeFinding(covers, "other", permitted=False, remarks=("structure_unreadable",))


def _judge(reader: PdfFileReader, field: FilledField, covers: Covers) -> ChangeFinding:
    allowed = _allowed(field)
    result = DEFAULT_DIFF_POLICY.review_file(
        reader, field.revision, field_mdp_spec=_locked_fields(field), doc_mdp=allowed
    )
    level = result.modification_level if isinstance(result, DiffResult) else ModificationLevel.OTHER
    remarks = []
    added, painted = _unsigned_fields(reader, field.revision)
    if added or painted:
        remarks.append("unsigned_field")
    if painted or (added and allowed == MDPPerm.NO_CHANGES):
        level = ModificationLevel.OTHER
    if description_changed(reader, field.revision):
        remarks.append("metadata_changed")
    if field.revision == reader.xrefs.total_revisions - 1:
        remarks.append("trailing_bytes")  # nothing but bytes that no reader looks at
    permitted = allowed is None or level.value <= allowed.value
    return ChangeFinding(covers, _LEVELS[level], permitted, tuple(remarks))


def _coverage(pdf: OpenedPdf, field: FilledField) -> Covers:
    if pdf.reader is None or len(field.byte_range) != 4 or min(field.byte_range) < 0:
        return "unclear"
    start, first, second, rest = field.byte_range
    end = second + rest
    if start != 0 or second <= first or end > pdf.size:
        return "unclear"
    pdf.stream.seek(first)
    hole = pdf.stream.read(min(second - first, 1 << 24))
    if len(hole) != second - first or not _holds(hole, field.contents):
        return "unclear"
    if end == pdf.size:
        return "whole_file"
    xrefs = pdf.reader.xrefs
    pdf.stream.seek(end)
    try:
        last = process_data_at_eof(pdf.stream)
    except PdfReadError:
        return "unclear"
    if last != xrefs.get_startxref_for_revision(field.revision):
        return "unclear"
    ends = (xrefs.get_xref_container_info(n).end_location for n in range(field.revision + 1))
    return "its_revision" if max(ends) <= end else "unclear"


def _holds(hole: bytes, contents: bytes) -> bool:
    """Whether the uncovered hole is this signature's hexadecimal string and nothing else."""
    if not (hole.startswith(b"<") and hole.endswith(b">")):
        return False
    digits = hole[1:-1]
    if len(digits) % 2:
        digits += b"0"  # ISO 32000-1, 7.3.4.3
    try:
        return binascii.unhexlify(digits) == contents
    except binascii.Error:
        return False


def _references(field: FilledField, method: str) -> generic.DictionaryObject | None:
    references = entry(field.value, "/Reference", ())
    for number in range(len(references)):
        if entry(references[number], "/TransformMethod") == method:
            parameters = entry(references[number], "/TransformParams")
            empty = generic.DictionaryObject()
            return parameters if isinstance(parameters, generic.DictionaryObject) else empty
    return None


def _allowed(field: FilledField) -> MDPPerm | None:
    """What this signature's certification permits later (DocMDP), None without one."""
    parameters = _references(field, "/DocMDP")
    if parameters is None:
        return None
    return MDPPerm(int(entry(parameters, "/P", 2)))  # 2 is the default: ISO 32000-1, table 254


def _locked_fields(field: FilledField) -> FieldMDPSpec | None:
    parameters = _references(field, "/FieldMDP")
    return None if parameters is None else FieldMDPSpec.from_pdf_object(parameters)


def _unsigned_fields(reader: PdfFileReader, revision: int) -> tuple[bool, bool]:
    """Unsigned signature fields: whether one was added later, whether one paints anew."""
    added = painted = False
    for _, _, reference in enumerate_sig_fields(reader, filled_status=False):
        new = reader.xrefs.get_historical_ref(reference.reference, revision) is None
        added = added or new
        field = reference.get_object()
        widgets = [reference, *(entry(field, "/Kids") or ())]
        painted = painted or any(_paints_anew(reader, widget, revision) for widget in widgets)
    return added, painted


def _paints_anew(reader: PdfFileReader, reference: Any, revision: int) -> bool:
    widget = reference.get_object()
    if not isinstance(widget, generic.DictionaryObject) or "/Rect" not in widget:
        return False
    x0, y0, x1, y1 = (float(value) for value in widget["/Rect"])
    appearance = entry(entry(widget, "/AP"), "/N")
    if x0 == x1 or y0 == y1 or appearance is None:
        return False
    streams = [appearance] if isinstance(appearance, generic.StreamObject) else appearance.values()
    if not any(_has_content(stream) for stream in streams):
        return False
    touched = [reference.reference, *_own_references(widget)]
    return any(reader.xrefs.get_last_change(reference) > revision for reference in touched)


def _own_references(widget: generic.DictionaryObject) -> list[generic.Reference]:
    found: list[generic.Reference] = []
    raw = widget.raw_get("/AP")
    if isinstance(raw, generic.IndirectObject):
        found.append(raw.reference)
        raw = raw.get_object()
    normal = raw.raw_get("/N")
    if isinstance(normal, generic.IndirectObject):
        found.append(normal.reference)
    return found


def _has_content(stream: Any) -> bool:
    stream = stream.get_object() if isinstance(stream, generic.IndirectObject) else stream
    return isinstance(stream, generic.StreamObject) and bool(stream.data.strip())
