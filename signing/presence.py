"""Does a file bear a signature: asked of every incoming file, so it must be cheap.

Hints are not enough and not needed: /SigFlags may be set without a signature, the words
may stand in a content stream, and a signed file may lack the flag. What counts is a
form field with a value that has a byte range and contents.
"""

from pathlib import Path
from typing import Final

import pikepdf

_MOST_FIELDS: Final = 20_000


def has_signatures(path: Path) -> bool:
    """Whether any signature field is filled.

    A file that cannot be opened (not a PDF, broken, locked) has none that could be
    kept: False.
    """
    try:
        with pikepdf.open(path) as pdf:
            form = pdf.Root.get("/AcroForm")
            if not isinstance(form, pikepdf.Dictionary):
                return False
            return _any_filled(form.get("/Fields"))
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError, OSError):
        return False


def _any_filled(fields: object) -> bool:
    waiting = [fields]
    seen: set[tuple[int, int]] = set()
    looked = 0
    while waiting and looked < _MOST_FIELDS:
        several = waiting.pop()
        if not isinstance(several, pikepdf.Array):
            continue
        for field in several:
            looked += 1
            if not isinstance(field, pikepdf.Dictionary) or looked > _MOST_FIELDS:
                continue
            if field.is_indirect and field.objgen in seen:
                continue
            seen.add(field.objgen)
            value = field.get("/V")
            if (
                isinstance(value, pikepdf.Dictionary)
                and "/ByteRange" in value
                and "/Contents" in value
            ):
                return True
            waiting.append(field.get("/Kids"))
    return False
