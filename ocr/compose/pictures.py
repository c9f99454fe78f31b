"""A picture encoded as PDF carries it, not yet part of a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from ocr.compose.affine import IDENTITY, Affine
from ocr.compose.png import PngRows

Colours = Literal["grey", "rgb"]


@dataclass(frozen=True, slots=True)
class Picture:
    """Encoded pixels.

    ``palette``: RGB triples where the samples are indices. ``profile``: ICC
    profile of the samples, None for device colours, which the output intent
    makes sRGB. ``shown``: map from the unit square as stored to the unit square
    as shown (cameras and scanners store pages lying on their side).
    """

    width: int
    height: int
    bits: int
    colours: Colours
    filter: str
    data: bytes
    parameters: Mapping[str, int | bool] = field(default_factory=dict)
    palette: bytes | None = None
    profile: bytes | None = None
    shown: Affine = IDENTITY

    def write(self, pdf: Pdf) -> Object:
        """The image object; its bytes are those of :attr:`data`."""
        image = Stream(pdf, self.data)
        image.Type, image.Subtype = Name.XObject, Name.Image
        image.Width, image.Height = self.width, self.height
        image.BitsPerComponent = self.bits
        image.ColorSpace = self._colour_space(pdf)
        image.Filter = Name(f"/{self.filter}")
        if self.parameters:
            image.DecodeParms = Dictionary(
                {f"/{name}": value for name, value in self.parameters.items()}
            )
        return pdf.make_indirect(image)

    def _colour_space(self, pdf: Pdf) -> Object:
        device = Name.DeviceGray if self.colours == "grey" else Name.DeviceRGB
        space: Object = device
        if self.profile is not None:
            components = 1 if self.colours == "grey" else 3
            stream = pdf.make_stream(self.profile, N=components, Alternate=device)
            space = Array([Name.ICCBased, stream])
        if self.palette is not None:
            highest = len(self.palette) // 3 - 1
            space = Array([Name.Indexed, space, highest, pdf.make_stream(self.palette)])
        return space


def from_rows(rows: PngRows, shown: Affine = IDENTITY, profile: bytes | None = None) -> Picture:
    """The picture of PNG rows, byte for byte."""
    return Picture(
        width=rows.width,
        height=rows.height,
        bits=rows.bits,
        colours="rgb" if rows.components == 3 or rows.palette else "grey",
        filter="FlateDecode",
        data=rows.data,
        parameters={
            "Predictor": 15,
            "Colors": rows.components,
            "BitsPerComponent": rows.bits,
            "Columns": rows.width,
        },
        palette=_cut(rows.palette, rows.bits),
        profile=profile,
        shown=shown,
    )


def _cut(palette: bytes | None, bits: int) -> bytes | None:
    """No more colours than the samples can name, and whole triples."""
    return None if palette is None else palette[: min(len(palette) // 3, 1 << bits) * 3]
