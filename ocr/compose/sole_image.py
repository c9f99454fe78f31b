"""Whether a PDF page shows exactly one image and nothing else, and where.

Such a page is a scan as the scanner wrote it: its image can be carried over
without decoding. Invisible text (render mode 3) of an older OCR layer does not
count; anything that paints, hides or blends does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pikepdf
from pikepdf import Name, Object, Stream

from ocr.compose.affine import IDENTITY, Affine, Bounds, box_through, then

MOST_CONTENT: Final = 4_000_000
"""Bytes of drawing instructions that are looked through; more is no plain scan."""

_DEEPEST: Final = 3  # forms within forms; scanners nest once
_NOWHERE: Final[Bounds] = (0.0, 0.0, 0.0, 0.0)
_HARMLESS: Final = {
    "w", "J", "j", "M", "d", "ri", "i", "gs", "cm",  # graphics state
    "CS", "SC", "SCN", "G", "RG", "K", "cs", "sc", "scn", "g", "rg", "k",  # colours
    "BMC", "BDC", "EMC", "MP", "DP", "BX", "EX",  # marks
    "BT", "ET", "Tc", "Tw", "Tz", "TL", "Ts", "Tr", "Tf", "Td", "TD", "Tm", "T*",  # text state
    "m", "l", "c", "v", "y", "h", "n", "re", "W", "W*",  # paths that are not painted
}  # fmt: skip
_HARMLESS_STATE: Final = {
    "/Type", "/LW", "/LC", "/LJ", "/ML", "/D", "/RI", "/OP", "/op", "/OPM", "/FL", "/SM", "/SA",
    "/AIS", "/TK", "/Font",
}  # fmt: skip
_SHOWS_TEXT: Final = frozenset({"Tj", "TJ", "'", '"'})


@dataclass(frozen=True, slots=True)
class SoleImage:
    """The image, its map from the unit square to the page's space, and the fill of a stencil."""

    image: Stream
    matrix: Affine
    fill: str


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A page that shows one image, or nothing."""

    image: SoleImage | None


@dataclass(frozen=True, slots=True)
class _State:
    matrix: Affine = IDENTITY
    render_mode: int = 0
    type3: bool = False
    fill: str | None = "0 g"
    clips: tuple[Bounds, ...] = ()


class _NotPlain(Exception):
    """The page shows something else than one image."""


def plain_page(page: pikepdf.Page, visible: Bounds) -> PlainPage | None:
    """The one image that the page shows, or that it is empty; None for every other page.

    Args:
        page: its annotations are not looked at.
        visible: left, bottom, right, top of what is shown of it.
    """
    scan = _Scan(visible)
    try:
        if sum(_length(part) for part in _parts(page)) > MOST_CONTENT:
            return None
        scan.run(page.obj, page.obj.get(Name.Resources), _State(), 0)
    except (
        _NotPlain, pikepdf.PdfError, RuntimeError, ValueError, TypeError, ArithmeticError,
        IndexError, AttributeError,
    ):  # fmt: skip
        return None  # instructions that make no sense are left to PDFium
    return PlainPage(scan.found)


def _parts(page: pikepdf.Page) -> Sequence[Object]:
    contents = page.obj.get(Name.Contents)
    if isinstance(contents, pikepdf.Array):
        return [contents[index] for index in range(len(contents))]
    return [] if contents is None else [contents]


def _length(part: Object) -> int:
    return len(part.read_bytes()) if isinstance(part, Stream) else 0


class _Scan:
    """Goes through drawing instructions and stops at the first that is not harmless."""

    def __init__(self, visible: Bounds) -> None:
        self._visible = visible
        self._path: Bounds | None = None
        self._clipping = False
        self.found: SoleImage | None = None

    def run(self, holder: Object, resources: Object | None, state: _State, depth: int) -> None:
        """All instructions of a page or form."""
        if Name.Contents not in holder and not isinstance(holder, Stream):
            return
        stack: list[_State] = []
        for instruction in pikepdf.parse_content_stream(holder):
            operator = str(instruction.operator)
            operands = list(instruction.operands)
            if operator == "q":
                stack.append(state)
            elif operator == "Q":
                state = stack.pop() if stack else state
            elif operator == "Do":
                thing = _resource(resources, Name.XObject, operands[0])
                self._paint(thing, resources, state, depth)
            elif operator in _SHOWS_TEXT:
                if state.render_mode != 3 or state.type3:
                    raise _NotPlain(operator)
            elif operator in _HARMLESS:
                state = self._changed(operator, operands, resources, state)
            else:
                raise _NotPlain(operator)

    def _changed(
        self, operator: str, operands: list[Object], resources: Object | None, state: _State
    ) -> _State:
        """The graphics state after an instruction that paints nothing."""
        if operator == "cm":
            return replace(state, matrix=then(_affine(operands), state.matrix))
        if operator == "Tr":
            return replace(state, render_mode=int(operands[0]))
        if operator == "Tf":
            return replace(state, type3=_is_type3(resources, operands[0]))
        if operator in ("g", "rg"):
            shown = " ".join(f"{min(max(float(value), 0.0), 1.0):g}" for value in operands)
            return replace(state, fill=f"{shown} {operator}")
        if operator in ("k", "cs", "sc", "scn"):
            return replace(state, fill=None)  # colours that no stencil is carried in
        if operator in ("BDC", "DP") and operands[0] == Name.OC:
            raise _NotPlain("optional content")
        if operator == "gs":
            _only_harmless(_resource(resources, Name.ExtGState, operands[0]))
        return self._clipped(operator, operands, state)

    def _clipped(self, operator: str, operands: list[Object], state: _State) -> _State:
        """Clips by one upright rectangle are followed; any other is taken to clip everything."""
        if operator == "re":
            x, y, wide, high = (float(value) for value in operands)
            a, b, c, d = state.matrix[:4]
            upright = (b == c == 0) or (a == d == 0)
            single = self._path is None and upright
            box = box_through(state.matrix, (x, y, x + wide, y + high))
            self._path = box if single else _NOWHERE
        elif operator in ("m", "l", "c", "v", "y"):
            self._path = _NOWHERE
        elif operator in ("W", "W*"):
            self._clipping = True
        elif operator == "n":
            clip, self._path = self._path if self._clipping else None, None
            self._clipping = False
            if clip is not None:
                return replace(state, clips=(*state.clips, clip))
        return state

    def _paint(self, thing: Object, resources: Object | None, state: _State, depth: int) -> None:
        if not isinstance(thing, Stream) or Name.OC in thing:
            raise _NotPlain("Do")
        kind = thing.get(Name.Subtype)
        if kind == Name.Form:
            self._form(thing, resources, state, depth)
            return
        if kind != Name.Image or self.found is not None or state.fill is None:
            raise _NotPlain("Do")
        shown = _cut(box_through(state.matrix, (0, 0, 1, 1)), self._visible)
        if any(not _within(shown, clip) for clip in state.clips):
            raise _NotPlain("clipped")
        self.found = SoleImage(thing, state.matrix, state.fill)

    def _form(self, form: Stream, resources: Object | None, state: _State, depth: int) -> None:
        if depth >= _DEEPEST or _length(form) > MOST_CONTENT:
            raise _NotPlain("form")
        if Name.Matrix in form:
            state = replace(state, matrix=then(_affine(list(form.Matrix)), state.matrix))
        if Name.BBox in form:
            x0, y0, x1, y1 = (float(value) for value in form.BBox)
            box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            state = replace(state, clips=(*state.clips, box_through(state.matrix, box)))
        self.run(form, form.get(Name.Resources, resources), state, depth + 1)


def _affine(values: Sequence[Object]) -> Affine:
    a, b, c, d, e, f = (float(value) for value in values)
    return (a, b, c, d, e, f)


def _resource(resources: Object | None, kind: Name, name: Object) -> Object:
    group = None if resources is None else resources.get(kind)
    thing: Object | None = None if group is None else group.get(str(name))
    if thing is None:
        raise _NotPlain(f"no {name}")
    return thing


def _is_type3(resources: Object | None, name: Object) -> bool:
    """Type 3 letters paint whatever the render mode (ISO 32000-1, 9.3.6)."""
    fonts = None if resources is None else resources.get(Name.Font)
    font = None if fonts is None else fonts.get(str(name))
    return font is not None and bool(font.get(Name.Subtype) == Name.Type3)


def _only_harmless(state: Object) -> None:
    """Stops at a graphics state that blends, masks or maps colours."""
    for key, value in state.items():
        opaque = key in ("/ca", "/CA") and float(value) == 1.0
        normal = key == "/BM" and value in (Name.Normal, Name.Compatible)
        unmasked = key == "/SMask" and value == Name("/None")
        if not (opaque or normal or unmasked or key in _HARMLESS_STATE):
            raise _NotPlain(key)


def _cut(box: Bounds, by: Bounds) -> Bounds:
    return (max(box[0], by[0]), max(box[1], by[1]), min(box[2], by[2]), min(box[3], by[3]))


def _within(inner: Bounds, outer: Bounds) -> bool:
    slack = 0.5  # points: scanner software rounds its clips
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )
