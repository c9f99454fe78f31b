"""Cleaning a page for recognition only; the page that is kept and signed stays the scan."""

from ocr.treatment.recipe import WORK_DPI, clean

__all__ = ["WORK_DPI", "clean"]
