"""Labels printed before a value ("Tên tổ chức:", "Mã số thuế:"), found without their marks."""

import re
from functools import cache

from ocr.fields.lexicon import label_phrases
from vocabulary.text import folded

_NUMBERING = r"^\W*(?:(?:\d{1,2}(?:\.\d{1,2})*|[a-z]|[ivx]{1,4})[.)]\s*)?\W*"
_BETWEEN = r"[^:;]{0,45}?"  # "(viết bằng chữ in hoa)", "đề nghị cấp phép", "/ Full name"


@cache
def opening_label(kind: str) -> re.Pattern[str]:
    """Pattern over folded text: a row that begins with a label of the kind and a colon."""
    return re.compile(rf"{_NUMBERING}(?:{_phrases(kind)})(?!\w){_BETWEEN}:\s*(?P<value>.*)$")


@cache
def inner_label(kind: str, value: str) -> re.Pattern[str]:
    """Pattern over folded text: a label of the kind anywhere, then the pattern ``value``."""
    return re.compile(
        rf"(?<!\w)(?:{_phrases(kind)})(?!\w){_BETWEEN}(?::\s*|\bso\s*|\.\s*|\s)(?P<value>{value})"
    )


@cache
def until_label(kind: str) -> re.Pattern[str]:
    """Pattern over folded text: from a label of the kind (or a semicolon) to the end."""
    return re.compile(rf"(?:\s*[,;]?\s*(?<!\w)(?:{_phrases(kind)})(?!\w)|\s*;).*$")


def _phrases(kind: str) -> str:
    phrases = sorted(label_phrases(kind), key=len, reverse=True)
    return "|".join(re.escape(folded(phrase)).replace(r"\ ", r"\s*") for phrase in phrases)
