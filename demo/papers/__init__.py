"""Realistic Vietnamese administrative papers from a seed, with the truth about them.

Laid out by Decree 30/2020/NĐ-CP on clerical work; persons, organisations and
numbers are invented. ``make_paper`` makes one, ``render`` draws a page,
``to_born_digital_pdf`` writes the paper as a PDF with real text, and
:mod:`demo.damage` turns it into a scan.
"""

from demo.papers.drawing import born_digital_pdf, render, to_born_digital_pdf
from demo.papers.making import make_paper
from demo.papers.model import MM, Paper, PaperCode, PaperKind, PaperPage, PaperWord, Style
from demo.papers.order import SAMPLE_FOOTER, Overrides
from demo.papers.subjects import Subject, make_subject

__all__ = [
    "MM",
    "SAMPLE_FOOTER",
    "Overrides",
    "Paper",
    "PaperCode",
    "PaperKind",
    "PaperPage",
    "PaperWord",
    "Style",
    "Subject",
    "born_digital_pdf",
    "make_paper",
    "make_subject",
    "render",
    "to_born_digital_pdf",
]
