"""What the file says of itself: XMP and, in the same words, the document information.

Both are written from one value, so that they cannot differ (ISO 19005-2,
6.6.2). Nothing is taken from the clock: the same input gives the same bytes.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Dictionary, Name, Pdf, String

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
   <pdfaid:part>2</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <dc:source>{source}</dc:source>
   <pdf:Producer>{producer}</pdf:Producer>
   <xmp:CreatorTool>{creator}</xmp:CreatorTool>
   <xmp:CreateDate>{date}</xmp:CreateDate>
   <xmp:ModifyDate>{date}</xmp:ModifyDate>
   <xmp:MetadataDate>{date}</xmp:MetadataDate>
   <xmpMM:DocumentID>uuid:{document_id}</xmpMM:DocumentID>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class ComposeInfo:
    """What is written into the file beside its pages.

    ``created``: aware date and time, normally that of the intake. ``source_sha256``:
    of the file as received: a derived file names what it was derived from.
    ``made_by``: programs and models with their versions (surface.md section 3).
    """

    title: str
    created: datetime
    source_name: str
    source_sha256: str
    made_by: Mapping[str, str]
    language: str = "vi-VN"


def write_info(pdf: Pdf, info: ComposeInfo) -> None:
    """Put XMP metadata, document information and the language into the file."""
    if info.created.utcoffset() is None:
        raise ValueError("the date of a document needs its time zone")
    title = _clean(info.title) or _clean(info.source_name) or info.source_sha256
    sohoa = info.made_by.get("sohoa", "")
    producer = _clean(f"sohoa {sohoa}")
    others = [f"{name} {version}" for name, version in info.made_by.items() if name != "sohoa"]
    creator = _clean("; ".join(sorted(others))) or producer
    created = info.created.replace(microsecond=0)
    packet = _PACKET.format(
        title=escape(title),
        language=escape(info.language),
        source=escape(_clean(f"sha256:{info.source_sha256} {info.source_name}")),
        producer=escape(producer),
        creator=escape(creator),
        date=created.isoformat(),
        document_id=uuid.uuid5(uuid.NAMESPACE_URL, f"urn:sha256:{info.source_sha256}"),
    )
    pdf.Root.Metadata = pdf.make_stream(packet.encode(), Type=Name.Metadata, Subtype=Name.XML)
    stamp = pikepdf.models.metadata.encode_pdf_date(created)
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(title),
            Creator=String(creator),
            Producer=String(producer),
            CreationDate=String(stamp),
            ModDate=String(stamp),
        )
    )
    pdf.Root.Lang = String(info.language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _clean(text: str) -> str:
    """Without what XML 1.0 cannot carry, white space made single."""
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or (character >= " " and not 0xD800 <= ord(character) <= 0xDFFF)
    )
    kept = "".join(c for c in kept if c not in "\x7f\ufffe\uffff")
    return " ".join(kept.split())
