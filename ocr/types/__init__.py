"""Document types as data (loại giấy tờ): names, what stands on the paper, how long it holds.

A type is one TOML file (:mod:`ocr.types.loader` tells its form). Those of this package lie in
``shipped``; an office adds its own in a folder, without code. A file says only what is looked for
and where; how it is found, within which bounds, is code of this package.
"""

from ocr.types.catalogue import Catalogue, load_catalogue, shipped_catalogue
from ocr.types.loader import read_type
from ocr.types.model import DocumentType, Fact, Finding, TypedReading, TypeMatch, Validity
from ocr.types.reading import extract_for_type, read_typed
from ocr.types.recognition import recognise_type

__all__ = [
    "Catalogue",
    "DocumentType",
    "Fact",
    "Finding",
    "TypeMatch",
    "TypedReading",
    "Validity",
    "extract_for_type",
    "load_catalogue",
    "read_type",
    "read_typed",
    "recognise_type",
    "shipped_catalogue",
]
