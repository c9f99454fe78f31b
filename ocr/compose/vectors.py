"""Pages kept as drawn (born-digital text, overlays) where they are PDF/A as they stand.

An allowlist in process (pikepdf.pdfa) decides before anything is kept: it
refuses more than need be and, measured on the files of the veraPDF corpus,
approves nothing wrong in a file that qpdf has just written. What it refuses is
drawn as an image (ocr.compose.rendered).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf, Stream

from ocr.compose.pdf_page import PageFacts

_FAILURES_BEFORE_GIVING_UP: Final = 6
_DEEPEST: Final = 4
_SHOWS_TEXT: Final = "Tj TJ ' \""
_TEXT_STATE: Final = {
    "BT", "ET", "Tc", "Tw", "Tz", "TL", "Ts", "Tr", "Tf", "Td", "TD", "Tm", "T*",
}  # fmt: skip
_GATE_NEEDS: Final = ("jsonschema", "referencing")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that would be kept; ``own_text``: its visible text is its text layer."""

    number: int
    facts: PageFacts
    own_text: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """Form XObjects of pages, by page number; they live as long as ``file`` does."""

    file: Pdf
    forms: Mapping[int, Object]


def kept_pages(source: Pdf, candidates: Iterable[Candidate]) -> Kept:
    """The pages that conform as they are drawn, annotations merged in.

    Pages that must carry a new text layer (``own_text`` false) lose the invisible
    text of an older one; where their text is visible, they are not kept.
    """
    trial = Pdf.new()
    if any(find_spec(name) is None for name in _GATE_NEEDS):
        return Kept(trial, {})  # without the gate nothing can be vouched for: all is drawn
    forms: dict[int, Object] = {}
    for candidate in candidates:
        if candidate.facts.drawn_by_reader:
            continue
        try:
            single = _single(source.pages[candidate.number - 1], candidate)
            trial.pages.extend(single.pages)
            forms[candidate.number] = _as_form(trial, trial.pages[-1])
        except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError):
            del trial.pages[len(forms) :]  # damaged: PDFium shows what can be shown
    _without_cid_sets(trial)
    return Kept(trial, _approved(trial, list(forms), list(forms.values())) if forms else {})


def _single(page: pikepdf.Page, candidate: Candidate) -> Pdf:
    """A file of that page alone, its appearances merged into its drawing instructions."""
    instructions = None
    if not candidate.own_text and _shows_text(page.obj, page.obj.get(Name.Resources), 0):
        instructions = _without_invisible_text(page)
    single = Pdf.new()
    single.pages.append(page)
    copy = single.pages[0]
    if instructions is not None:
        copy.obj.Contents = single.make_stream(instructions)
        if Name.Font in copy.obj.Resources:
            del copy.obj.Resources.Font
    left, bottom, right, top = candidate.facts.visible
    for name in (Name.TrimBox, Name.CropBox, Name.MediaBox):
        copy.obj[name] = pikepdf.Array([left, bottom, right, top])
    single.flatten_annotations("screen")
    if Name.Annots in copy.obj:
        del copy.obj[Name.Annots]
    return single


def _as_form(trial: Pdf, page: pikepdf.Page) -> Object:
    """Make the page a form XObject, and the trial's page one that shows it alone."""
    page.contents_coalesce()
    shell = page.as_form_xobject(False)  # resources, group and box; its bytes are made too late
    form = trial.make_stream(page.obj.Contents.read_bytes())
    for key in shell.keys():  # noqa: SIM118 - a stream, not a dict
        if key not in ("/Length", "/Filter", "/DecodeParms"):
            form[key] = shell[key]
    page.obj.Contents = trial.make_stream(b"q /P0 Do Q")
    page.obj.Resources = Dictionary(XObject=Dictionary({"/P0": form}))
    for key in list(page.obj.keys()):
        if key not in ("/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"):
            del page.obj[key]
    return form


def _without_cid_sets(trial: Pdf) -> None:
    """CIDSet is optional in PDF/A-2 and often wrong (ISO 19005-2, 6.2.11.4.2)."""
    for thing in trial.objects:
        if isinstance(thing, Dictionary) and "/CIDSet" in thing:
            del thing["/CIDSet"]


def _approved(trial: Pdf, numbers: list[int], forms: list[Object]) -> dict[int, Object]:
    """All pages at once; where that is refused, page by page until it looks hopeless."""
    if _conforms(trial):
        return dict(zip(numbers, forms, strict=True))
    approved: dict[int, Object] = {}
    failures = 0
    for index, (page_number, form) in enumerate(zip(numbers, forms, strict=True)):
        if failures >= _FAILURES_BEFORE_GIVING_UP and not approved:
            break  # the fonts are shared: what ails six pages ails the rest
        single = Pdf.new()
        single.pages.append(trial.pages[index])
        if len(numbers) > 1 and _conforms(single):
            approved[page_number] = form
        else:
            failures += 1
    return approved


def _conforms(pdf: Pdf) -> bool:
    from pikepdf import pdfa  # only where its own dependencies are there (_GATE_NEEDS)

    pdfa.prepare(pdf, "2b")
    return pdfa.check(pdf, "2b").verdict == "pass"


def _shows_text(holder: Object, resources: Object | None, depth: int) -> bool:
    """Whether any text is shown, visible or not, also in forms."""
    if len(pikepdf.parse_content_stream(holder, _SHOWS_TEXT)):
        return True
    things = None if resources is None else resources.get(Name.XObject)
    if things is None or depth >= _DEEPEST:
        return False
    forms = [thing for thing in things.as_dict().values() if _is_form(thing)]
    return any(_shows_text(form, form.get(Name.Resources), depth + 1) for form in forms)


def _is_form(thing: Object) -> bool:
    return isinstance(thing, Stream) and bool(thing.get(Name.Subtype) == Name.Form)


def _without_invisible_text(page: pikepdf.Page) -> bytes:
    """The page's instructions without its invisible text.

    Raises:
        ValueError: text that is visible, or in a form: it cannot be told from ours.
    """
    kept: list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage] = []
    mode, stack = 0, [0]
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "q":
            stack.append(mode)
        elif operator == "Q" and stack:
            mode = stack.pop()
        elif operator == "Tr":
            mode = int(instruction.operands[0])
        if operator in _SHOWS_TEXT.split():
            if mode != 3:
                raise ValueError("visible text")
        elif operator not in _TEXT_STATE:
            kept.append(instruction)
    resources = page.obj.get(Name.Resources, Dictionary())
    for font in resources.get(Name.Font, Dictionary()).as_dict().values():
        if font.get(Name.Subtype) == Name.Type3:
            raise ValueError("letters that are painted in every render mode")
    for thing in resources.get(Name.XObject, Dictionary()).as_dict().values():
        if _is_form(thing) and _shows_text(thing, thing.get(Name.Resources), 1):
            raise ValueError("text in a form")
    return pikepdf.unparse_content_stream(kept)
