"""Cleaning a page for recognition only; the page that is kept and signed stays the scan."""

from ocr.treatment.page import TreatedPage
from ocr.treatment.recipe import WORK_DPI, clean, treat

__all__ = ["WORK_DPI", "TreatedPage", "clean", "treat"]
