"""Small papers to hand in: scans of generated papers, and a born-digital page."""

import io
from datetime import date
from functools import cache

import pikepdf

from demo.damage import scan
from demo.papers import PaperKind, make_paper, make_subject, render
from demo.scan_files import pdf_bytes

SUBJECT = make_subject("vn:mst", 7)
DPI = 200


@cache
def scanned(kind: PaperKind = PaperKind.LETTER, seed: int = 14) -> bytes:
    """One scanned paper of the office; the same seed is the same bytes."""
    paper = make_paper(kind, seed, subject=SUBJECT, issue_date=date(2026, 3, 12))
    pages = [
        scan(render(page, DPI), "office", DPI, seed * 100 + page.number) for page in paper.pages
    ]
    return pdf_bytes(pages)


@cache
def born_digital(*texts: str) -> bytes:
    """PDF pages with text of their own, one for each text: read in no time."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for text in texts or ("CONG VAN THU NGHIEM",):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 14 Tf 72 720 Td ({text}) Tj ET".encode("ascii"))
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def many_pages(paper: bytes, number: int) -> bytes:
    """The pages of a PDF again and again, until there are so many."""
    source = pikepdf.open(io.BytesIO(paper))
    pdf = pikepdf.new()
    for at in range(number):
        pdf.pages.append(source.pages[at % len(source.pages)])
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()
