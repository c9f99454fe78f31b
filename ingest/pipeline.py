"""The way of a paper, from its bytes to a document that can be found and reused.

Read :func:`digitize`: receive, identify, check signatures, split, read, extract,
review?, compose, certify, store, index. Each step is a plain function from one
frozen value to the next. What a step needs beside its value is in
:class:`ingest.tools.Tools`; where the way stands and what was done already is
with the :class:`ingest.shelf.Shelf`, so that every step can be repeated after a kill.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest import tasks, turns
from ingest.archive import Member
from ingest.identify import PDF, ZIP, media_type
from ingest.reading import page_numbers_of, read_all
from ingest.review_rules import essential_fields, merge, open_questions
from ingest.room import room_in
from ingest.shelf import Shelf
from ingest.tools import Received, Tools
from vocabulary.errors import Stopped
from vocabulary.papers import Box, Fields, FileRecord, PageReading, SignatureRecord, SourceFile
from vocabulary.tracing import traced


def digitize(received: Received, tools: Tools, shelf: Shelf) -> FileRecord:
    """Take one received file all the way, or to the named state in which it stops.

    Never raises :class:`~vocabulary.errors.Stopped`: a stop is a state of the
    record. A person's review interrupts the way; calling again goes on.
    """
    record = _begin(received, tools)
    try:
        identified = identify(received)
        record = record.with_(source=_source(received, identified.media_type))
        checked = check_signatures(identified, tools, shelf)
        record = record.with_(signatures=checked.signatures)
        members = split(checked, tools)
        if members:
            return shelf.finish(shelf.hand_on(record, members))
        read = read_pages(checked, tools, shelf)
        record = record.with_(pages=read.pages)
        extracted = extract(read, tools, shelf)
        record = record.with_(fields=extracted.fields, typed=extracted.typed)
        if extracted.questions and shelf.waits_for_review(extracted.questions):
            return shelf.finish(_questioned(record, extracted))
        if turns.waits(tools, shelf):
            return shelf.finish(_awaiting(record))
        composed = compose(extracted, tools, shelf)
        certified = certify(composed, tools, shelf)
        if certified is None:
            return shelf.finish(_awaiting(record))
        record = store(certified, record, shelf)
        return shelf.finish(_questioned(record, extracted))
    except Stopped as stop:
        told = {"reason": stop.reason, "message": stop.vi, "message_en": stop.en}
        return shelf.finish(record.with_(state="stopped", note=stop.note, **told))


@dataclass(frozen=True, slots=True)
class Identified:
    """A file whose kind is known by its content."""

    received: Received
    media_type: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A file whose own signatures were judged; ``signed`` files are never changed."""

    identified: Identified
    signatures: tuple[SignatureRecord, ...]
    signed: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A file with all its pages read."""

    checked: Checked
    pages: tuple[PageReading, ...]


@dataclass(frozen=True, slots=True)
class Extracted:
    """A read file with its fields; ``questions`` names the fields a person must confirm.

    ``typed`` is what the paper's type told beside the fields, as the record shows it.
    """

    read: Read
    fields: Fields
    questions: tuple[str, ...]
    typed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Composed:
    """The archival file lies at ``path``; ``pdfa`` is None where it is the signed original."""

    extracted: Extracted
    path: Path
    pdfa: str | None


@dataclass(frozen=True, slots=True)
class Certified:
    """The archival file, signed by officer and organisation unless ``certified`` is False."""

    composed: Composed
    path: Path
    certified: bool


def identify(received: Received) -> Identified:
    """Tell the kind of file by its content."""
    return Identified(received, media_type(received.path))


@traced("check signatures")
def check_signatures(identified: Identified, tools: Tools, shelf: Shelf) -> Checked:
    """Judge the signatures that came in with the file (only PDF carries them here)."""
    shelf.step("identified", media_type=identified.media_type)
    path = identified.received.path
    if identified.media_type != PDF or not tools.nursery.call(tasks.is_signed, path):
        return Checked(identified, (), signed=False)
    from ingest.signature_tasks import judge_signatures  # heavy; most scans are not signed

    report, signed = tools.nursery.call(
        judge_signatures, path, tools.anchors, None, False, tools.revocation_folder
    )
    shelf.keep_signatures(report.signatures)
    return Checked(identified, report.signatures, signed)


@traced("split")
def split(checked: Checked, tools: Tools) -> tuple[Member, ...]:
    """The papers inside a ZIP; nothing for a file that is one paper itself."""
    if checked.identified.media_type != ZIP:
        return ()
    folder = tools.scratch / "unpacked"
    folder.mkdir(exist_ok=True)
    path = checked.identified.received.path
    with room_in(tools.scratch):
        return tuple(tools.nursery.run(tasks.unpack, path, folder, tools.unpack_limits))


@traced("read")
def read_pages(checked: Checked, tools: Tools, shelf: Shelf) -> Read:
    """Read every page once: pages read before a kill come from the shelf."""
    identified = checked.identified
    numbers = page_numbers_of(identified.received, identified.media_type, tools)
    shelf.step("checked", page_count=len(numbers))
    pages = read_all(identified.received.path, identified.media_type, numbers, tools, shelf)
    return Read(checked, pages)


@traced("extract")
def extract(read: Read, tools: Tools, shelf: Shelf) -> Extracted:
    """Fields with confidence; what a person has given or confirmed stands above what was read."""
    shelf.step("read")
    confirmed = shelf.confirmed_fields()
    if confirmed is not None:
        return Extracted(read, confirmed, questions=())
    received = read.checked.identified.received
    typed = tools.read_typed(read.pages, received.type)
    fields = merge(typed.fields, received.given)
    if "secrecy" in fields:  # Law on the Protection of State Secrets: not to be digitised here
        raise Stopped("secret_marked")
    shelf.keep_fields(fields)
    essential = essential_fields(tools.types, received.type, typed.match)
    questions = open_questions(fields, type_known=received.type_known, essential=essential)
    return Extracted(read, fields, questions, typed.to_json())


@traced("compose")
def compose(extracted: Extracted, tools: Tools, shelf: Shelf) -> Composed:
    """The searchable PDF/A; a signed original stays as it is, its text lives beside it."""
    checked = extracted.read.checked
    received = checked.identified.received
    if checked.signed:
        return Composed(extracted, received.path, pdfa=None)
    if turns.half_signed(tools, shelf):  # composed before, and signed since
        return Composed(extracted, received.path, pdfa="2B")
    out = tools.scratch / "composed.pdf"
    info = tools.compose_info(received, extracted.fields)
    bounds = tools.bounds.for_pages(len(extracted.read.pages))
    media = checked.identified.media_type
    with room_in(tools.scratch):
        tools.nursery.call(
            tasks.compose, received.path, media, extracted.read.pages, info, out, bounds=bounds
        )
    shelf.step("composed")
    return Composed(extracted, out, pdfa="2B")


@traced("certify")
def certify(composed: Composed, tools: Tools, shelf: Shelf) -> Certified | None:
    """Officer's signature top left, organisation's top right (Circular 01/2023 art. 8, Decree 30).

    A paper with open questions is not certified: nobody has vouched for it yet. None: a
    signature that is made elsewhere is awaited.
    """
    if composed.pdfa is None or tools.seal is None or composed.extracted.questions:
        return Certified(composed, composed.path, certified=False)
    out = tools.scratch / "certified.pdf"
    read = composed.extracted.read
    taken = [] if turns.half_signed(tools, shelf) else _taken_places(composed, tools)
    received = read.checked.identified.received
    if tools.seal.elsewhere:
        signed = turns.take_turns(composed.path, tools, received, taken, shelf)
        if signed is None:
            return None
        out = signed
    else:
        tools.seal.certify(composed.path, out, received, taken)
    shelf.step("certified")
    return Certified(composed, out, certified=True)


def _taken_places(composed: Composed, tools: Tools) -> list[Box]:
    """Where the stamps must not stand: words that were read, and what no reading made a word."""
    words = [word.box for word in composed.extracted.read.pages[0].words]
    seen: tuple[Box, ...] = tools.nursery.call(
        tasks.occupied_places, composed.path, tools.open_limits, bounds=tools.bounds
    )
    return [*words, *seen]


@traced("store")
def store(certified: Certified, record: FileRecord, shelf: Shelf) -> FileRecord:
    """Put the archival file and the text where they stay; with a catalogue, index them."""
    output = shelf.store(certified.path, certified.composed.pdfa, certified.certified)
    return record.with_(output=output)


def _begin(received: Received, tools: Tools) -> FileRecord:
    return FileRecord(source=_source(received, "application/octet-stream"), made_by=tools.made_by)


def _source(received: Received, kind: str) -> SourceFile:
    return SourceFile(received.name, received.sha256, received.bytes, kind)


def _awaiting(record: FileRecord) -> FileRecord:
    return record.with_(
        state="needs_review",
        message="Đang chờ chữ ký số.",
        message_en="A signature is awaited.",
    )


def _questioned(record: FileRecord, extracted: Extracted) -> FileRecord:
    if not extracted.questions:
        return record
    names = ", ".join(extracted.questions)
    return record.with_(
        state="needs_review",
        message=f"Cần người kiểm tra, xác nhận: {names}.",
        message_en=f"A person must check and confirm: {names}.",
    )
