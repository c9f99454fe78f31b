"""Frozen values that travel with a paper from its bytes to the index.

Lengths are PDF points (1/72 inch); the origin is the top left corner of the
page as shown upright. Confidences of words are 0 to 100 (as engines give
them), confidences of fields 0 to 1 (as surface.md gives them).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal, NamedTuple

WordSource = Literal["ocr", "text", "annotation"]
FieldSource = Literal["ocr", "text", "annotation", "qr", "person"]
PageSource = Literal["scan", "text", "blank"]
RecordState = Literal["done", "needs_review", "stopped"]

FIELD_NAMES: Final = (
    "issuer", "issuer_parent", "number_symbol", "place", "issue_date", "doc_type",
    "subject", "signer", "title", "citations", "expiry_date", "holder_name",
    "holder_id", "secrecy", "urgency", "parent_decision",
)  # fmt: skip

Remark = Literal[
    "appearance", "stamped", "handwritten", "blank", "mended", "degree_left_out",
    "from_annex", "type_differs", "issuer_differs", "date_implausible", "signing_time_differs",
    "annex_differs", "check_digit_wrong", "identity_number_wrong", "birth_differs",
    "expired_at_issue",
]  # fmt: skip
"""What a field's reading or a check says of it.

``appearance``: it stands in the appearance of an annotation; ``stamped``, ``handwritten``:
not typed with the line; ``blank``: room was left and nothing is in it; ``mended``: letters
were set right by a closed list; ``degree_left_out``: a degree or rank before the name;
``from_annex``: read in the annex's note of its parent, the head left it open;
``type_differs``: the abbreviation in the symbol is not that of the title;
``issuer_differs``: the symbol names another issuer; ``date_implausible``: no day, in the future,
or before a paper it rests on; ``signing_time_differs``: later than the signature's time;
``annex_differs``: the annex's note names another number or date; ``check_digit_wrong``: of a
tax code; ``identity_number_wrong``: no such number can be; ``birth_differs``: the number's year
of birth or sex is not that on the paper; ``expired_at_issue``: the last day is before the first.
"""


class Box(NamedTuple):
    """A rectangle in points, origin top left: left, top, right, bottom."""

    x0: float
    y0: float
    x1: float
    y1: float

    def union(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )

    def rounded(self) -> list[float]:
        """As JSON carries it: a tenth of a point is finer than any scanner."""
        return [round(value, 1) for value in self]


class Baseline(NamedTuple):
    """Where a line of text stands, in points: from (x0, y0) to (x1, y1)."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Word:
    """One word as read.

    ``raw`` is the engine's own reading where language statistics changed it.
    ``alternatives`` are other readings of the whole word with their weight 0..1.
    """

    text: str
    box: Box
    confidence: float
    source: WordSource
    engine: str
    raw: str | None = None
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one baseline, in reading order; ``height`` is the line's height in points.

    ``block`` numbers the text block (column, table cell) that the line belongs to.
    """

    words: tuple[Word, ...]
    baseline: Baseline
    height: float
    block: int = 0

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        box = self.words[0].box
        for word in self.words[1:]:
            box = box.union(word.box)
        return box


@dataclass(frozen=True, slots=True)
class PageCode:
    """A QR code or barcode found on a page: its text and where it stands."""

    text: str
    page: int
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class PageReading:
    """What one page says and how it was read.

    ``rotation``: degrees clockwise that the page as delivered was turned to stand
    upright (0, 90, 180, 270); width, height and boxes are of the upright page.
    ``skew_deg``: remaining lean of the text lines, counter-clockwise positive.
    ``dpi``: of the page image, 0 for a page without one.
    ``flags``: open list: ``low_confidence``, ``ink_without_text``, ``blank``,
    ``resolution_assumed``, ``reduced``, ``photographed``, ``inverted``, ``faint``, ``noisy``,
    ``two_pages``, ``other_language`` ...
    ``treatment``: names of the steps done to the page image before it was read.
    """

    number: int
    width_pt: float
    height_pt: float
    dpi: int
    source: PageSource
    rotation: int
    skew_deg: float
    lines: tuple[Line, ...]
    flags: tuple[str, ...] = ()
    codes: tuple[PageCode, ...] = ()
    treatment: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line.words)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float | None:
        """Mean word confidence weighted by letters; None on a page without words."""
        words = self.words
        letters = sum(len(word.text) for word in words)
        if not letters:
            return None
        return sum(word.confidence * len(word.text) for word in words) / letters

    def summary(self) -> dict[str, Any]:
        """The page as surface.md section 3 shows it (without its words)."""
        confidence = self.confidence
        return {
            "number": self.number,
            "width_pt": round(self.width_pt, 1),
            "height_pt": round(self.height_pt, 1),
            "dpi": self.dpi,
            "source": self.source,
            "rotation": self.rotation,
            "skew_deg": round(self.skew_deg, 2),
            "words": len(self.words),
            "confidence": None if confidence is None else round(confidence, 1),
            "flags": list(self.flags),
            "treatment": list(self.treatment),
        }

    def word_records(self) -> list[dict[str, Any]]:
        """One record a word in reading order, as ``sohoa read --json`` prints them."""
        records = []
        for number, line in enumerate(self.lines, start=1):
            for word in line.words:
                record: dict[str, Any] = {
                    "page": self.number,
                    "text": word.text,
                    "bbox": word.box.rounded(),
                    "confidence": round(word.confidence, 1),
                    "line": number,
                    "source": word.source,
                    "engine": word.engine,
                }
                if word.raw is not None:
                    record["raw"] = word.raw
                records.append(record)
        return records

    def to_json(self) -> dict[str, Any]:
        """Everything, for a checkpoint; :meth:`from_json` is its inverse."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "PageReading":
        lines = tuple(
            Line(
                words=tuple(
                    Word(
                        **{
                            **word,
                            "box": Box(*word["box"]),
                            "alternatives": tuple(
                                (str(text), float(weight)) for text, weight in word["alternatives"]
                            ),
                        }
                    )
                    for word in line["words"]
                ),
                baseline=Baseline(*line["baseline"]),
                height=line["height"],
                block=line["block"],
            )
            for line in data["lines"]
        )
        codes = tuple(
            PageCode(code["text"], code["page"], None if code["box"] is None else Box(*code["box"]))
            for code in data.get("codes", ())
        )
        return PageReading(
            **{
                **data,
                "lines": lines,
                "flags": tuple(data["flags"]),
                "codes": codes,
                "treatment": tuple(data.get("treatment", ())),
            }
        )


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One extracted field: value, confidence 0..1, and where on which page it was read.

    ``citations`` is the only field whose value is a list. ``remarks``: see :data:`Remark`.
    ``alternatives``: other readings that are possible, likeliest first.
    """

    value: str | tuple[str, ...]
    confidence: float
    page: int | None
    box: Box | None
    source: FieldSource
    needs_review: bool = False
    remarks: tuple[Remark, ...] = ()
    alternatives: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the record carries it; remarks and alternatives only where there are some."""
        more = {
            name: list(said)
            for name, said in (("remarks", self.remarks), ("alternatives", self.alternatives))
            if said
        }
        return {
            "value": list(self.value) if isinstance(self.value, tuple) else self.value,
            "confidence": round(self.confidence, 3),
            "page": self.page,
            "bbox": None if self.box is None else self.box.rounded(),
            "source": self.source,
            "needs_review": self.needs_review,
            **more,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "FieldValue":
        value = data["value"]
        return FieldValue(
            value=tuple(value) if isinstance(value, list) else value,
            confidence=data["confidence"],
            page=data["page"],
            box=None if data["bbox"] is None else Box(*data["bbox"]),
            source=data["source"],
            needs_review=data["needs_review"],
            remarks=tuple(data.get("remarks", ())),
            alternatives=tuple(data.get("alternatives", ())),
        )


Fields = Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True)
class SignatureRecord:
    """The reasoned verdict on one signature of an incoming file (surface.md section 3).

    ``test_authority``: made with keys of sohoa's own demo authority, worth nothing in law.
    """

    field: str
    signer: str
    certificate_issuer: str
    level: str
    verdict: Literal["valid", "valid_with_remarks", "undecided", "invalid"]
    remarks: tuple[str, ...]
    integrity: Literal["intact", "broken", "undecided"]
    trust: Literal["trusted", "untrusted", "unknown"]
    covers: Literal["whole_file", "its_revision", "unclear"]
    changes_after: Literal["none", "evidence", "form_filling", "annotations", "other"]
    signed_at: str | None
    time_source: Literal["timestamp", "claimed"] | None
    test_authority: bool = False

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "remarks": list(self.remarks)}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "SignatureRecord":
        return SignatureRecord(**{**data, "remarks": tuple(data["remarks"])})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The bytes as received: name given by the sender, SHA-256, size, media type by content."""

    name: str
    sha256: str
    bytes: int
    media_type: str


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A derived file; ``pdfa`` is "2B" or None where the original was copied byte for byte."""

    path: str
    sha256: str
    bytes: int
    pdfa: str | None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """The record of one file (surface.md section 3), filled step by step.

    ``members``: name, state and reason of each paper taken out of a ZIP. ``note``:
    more on a stop, for the operator; it stands in the history, not in the record.
    ``typed``: what the paper's type told (``type``, ``validity``, ``facts``, ``findings``).
    """

    source: SourceFile
    state: RecordState = "done"
    reason: str | None = None
    message: str | None = None
    message_en: str | None = None
    note: str = ""
    pages: tuple[PageReading, ...] = ()
    fields: Fields = field(default_factory=dict)
    signatures: tuple[SignatureRecord, ...] = ()
    output: OutputFile | None = None
    made_by: Mapping[str, str] = field(default_factory=dict)
    members: tuple[Mapping[str, Any], ...] = ()
    typed: Mapping[str, Any] = field(default_factory=dict)

    def with_(self, **changes: Any) -> "FileRecord":
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        record: dict[str, Any] = {
            "source": asdict(self.source),
            "state": self.state,
            "reason": self.reason,
            "message": self.message,
            "message_en": self.message_en,
            "pages": [page.summary() for page in self.pages],
            "fields": {name: value.to_json() for name, value in self.fields.items()},
            "signatures": [signature.to_json() for signature in self.signatures],
            "output": None if self.output is None else asdict(self.output),
            "made_by": dict(self.made_by),
        }
        record |= self.typed
        if self.members:
            record["members"] = [dict(member) for member in self.members]
        return record
