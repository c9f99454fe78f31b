# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""What describes the file: changed after signing, which pyHanko's analysis lets pass.

Dates of change, the program's name and instance ids are renewed by honest programs with each
update; a title or an author are not (ISO 32000-1, 14.3; ISO 19005-2, 6.6).
"""

from collections.abc import Callable
from typing import Any, Final
from xml.etree import ElementTree

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

_RENEWED: Final = frozenset({"/ModDate", "/Producer", "/Creator", "/Trapped"})
_RENEWED_XMP: Final = frozenset({
    "{http://ns.adobe.com/xap/1.0/}ModifyDate",
    "{http://ns.adobe.com/xap/1.0/}MetadataDate",
    "{http://ns.adobe.com/xap/1.0/}CreatorTool",
    "{http://ns.adobe.com/pdf/1.3/}Producer",
    "{adobe:ns:meta/}xmptk",
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about",
})  # fmt: skip
_IDS: Final = "{http://ns.adobe.com/xap/1.0/mm/}"
_LARGEST: Final = 1 << 20


def description_changed(reader: PdfFileReader, revision: int) -> bool:
    """Whether title, author and the like are others than at the revision."""
    trailers = reader.get_historical_resolver(revision).trailer_view, reader.trailer
    infos = [_raw(trailer, "/Info") for trailer in trailers]
    roots = reader.get_historical_root(revision), reader.root
    texts = [_raw(root, "/Metadata") for root in roots]
    return _differ(reader, revision, infos, _info) or _differ(reader, revision, texts, _xmp)


def _differ(
    reader: PdfFileReader, revision: int, values: list[Any], said: Callable[[Any], Any]
) -> bool:
    before, now = values
    same = isinstance(before, generic.Reference) and before == now
    if same and reader.xrefs.get_last_change(before) <= revision:
        return False
    if isinstance(before, generic.Reference):
        before = reader.get_object(before, revision=revision)
    if isinstance(now, generic.Reference):
        now = reader.get_object(now)
    return bool(said(before) != said(now))


def _raw(dictionary: Any, key: str) -> Any:
    """A reference where the entry is one, else the value itself."""
    if key not in dictionary:
        return None
    value = dictionary.raw_get(key)
    return value.reference if isinstance(value, generic.IndirectObject) else value


def _info(info: Any) -> dict[str, str]:
    if not isinstance(info, generic.DictionaryObject):
        return {}
    return {str(key): str(info[key]) for key in info if key not in _RENEWED}


def _xmp(stream: Any) -> frozenset[str] | bytes:
    """What is said, however it is written: programs write the same description in other ways."""
    if not isinstance(stream, generic.StreamObject):
        return frozenset()
    data = bytes(stream.data[:_LARGEST])
    if b"<!" in data:  # a document type: nothing that a description needs
        return data
    try:
        tree = ElementTree.fromstring(data.strip(b"\0 \r\n"))  # noqa: S314 - no entities, see above
    except (ElementTree.ParseError, ValueError):
        return data
    said: set[str] = set()
    for element in tree.iter():
        pairs = [(str(element.tag), element.text or ""), *element.attrib.items()]
        said |= {
            value.strip()
            for name, value in pairs
            if name not in _RENEWED_XMP and not name.startswith(_IDS)
        }
    return frozenset(said - {""})
