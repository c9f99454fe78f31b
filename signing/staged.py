# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Both signatures of a paper, one after another, with days and processes between them.

As :func:`signing.certify.certify`, for signers whose keys are elsewhere. Both visible fields
are made before the first signature, so what the second stamp needs is kept
(:class:`KeptStamp`) until its signer's turn has come.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing.awaited import AwaitedSigner
from signing.certify import (
    ORGANISATION_FIELD,
    CertifyOrder,
    check_signer,
    first_place,
    first_strength,
    make_both_fields,
    organisation_lines,
    strength_of,
)
from signing.deferred import Prepared, hand_out
from signing.lettering import EmbeddedFont, load_face
from signing.sign import Placed, apply, new_version, open_for_signing
from signing.stamp import Stamp, StampStyle, rewritten
from vocabulary.papers import Box


@dataclass(frozen=True, slots=True)
class KeptStamp:
    """The organisation's stamp as it stands in the draft; can be kept as JSON."""

    lines: tuple[str, ...]
    size: float
    box: tuple[float, float, float, float]
    font: tuple[int, int]
    codes: dict[str, int]
    rotation: int

    def to_json(self) -> dict[str, Any]:
        return {
            "lines": list(self.lines), "size": self.size, "box": list(self.box),
            "font": list(self.font), "codes": self.codes, "rotation": self.rotation,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "KeptStamp":
        x0, y0, x1, y1 = data["box"]
        number, generation = data["font"]
        return cls(
            tuple(data["lines"]), float(data["size"]), (x0, y0, x1, y1),
            (int(number), int(generation)), dict(data["codes"]), int(data["rotation"]),
        )  # fmt: skip

    @classmethod
    def of(cls, style: StampStyle) -> "KeptStamp":
        assert style.stamp is not None
        assert style.font is not None
        stamp, font = style.stamp, style.font
        box = (stamp.box.x0, stamp.box.y0, stamp.box.x1, stamp.box.y1)
        place = (font.reference.idnum, font.reference.generation)
        return cls(stamp.lines, stamp.size, box, place, font.codes, style.rotation)

    def style(self, writer: IncrementalPdfFileWriter, order: CertifyOrder) -> StampStyle:
        """The stamp with the moment at which it is signed at last."""
        stamp = Stamp(self.lines, self.size, Box(*self.box))
        stamp = rewritten(load_face(), stamp, organisation_lines(order))
        if any(letter not in self.codes for line in stamp.lines for letter in line):
            stamp = replace(stamp, lines=self.lines)  # texts were set anew meanwhile
        font = EmbeddedFont(generic.IndirectObject(*self.font, writer), self.codes)
        return StampStyle(border_width=0, stamp=stamp, font=font, rotation=self.rotation)


def officer_draft(pdf: Path, out: Path, order: CertifyOrder) -> tuple[Prepared, KeptStamp]:
    """A draft with both fields that waits for the officer's signature."""
    check_signer(order.officer, order)
    with new_version(pdf, out) as stream, open_for_signing(stream) as writer:
        stamps = make_both_fields(writer, order)
        prepared = hand_out(writer, _who(order.officer), first_place(order, stamps))
    return prepared, KeptStamp.of(stamps[ORGANISATION_FIELD])


def officer_turn(pdf: Path, out: Path, order: CertifyOrder) -> KeptStamp:
    """Both fields and the officer's signature, made here."""
    check_signer(order.officer, order)
    with new_version(pdf, out) as stream, open_for_signing(stream) as writer:
        stamps = make_both_fields(writer, order)
        apply(writer, order.officer, first_place(order, stamps), first_strength(order))
    return KeptStamp.of(stamps[ORGANISATION_FIELD])


def organisation_draft(pdf: Path, out: Path, order: CertifyOrder, kept: KeptStamp) -> Prepared:
    """A draft that waits for the organisation's signature behind the officer's."""
    check_signer(order.organisation, order)
    with new_version(pdf, out) as stream, open_for_signing(stream) as writer:
        placed = Placed(ORGANISATION_FIELD, kept.style(writer, order), order.signed_at)
        return hand_out(writer, _who(order.organisation), placed)


def organisation_turn(pdf: Path, out: Path, order: CertifyOrder, kept: KeptStamp) -> None:
    """The organisation's signature, made here, behind the officer's."""
    check_signer(order.organisation, order)
    with new_version(pdf, out) as stream, open_for_signing(stream) as writer:
        placed = Placed(ORGANISATION_FIELD, kept.style(writer, order), order.signed_at)
        apply(writer, order.organisation, placed, strength_of(order))


def _who(signer: Any) -> AwaitedSigner:
    assert isinstance(signer, AwaitedSigner), signer
    return signer
