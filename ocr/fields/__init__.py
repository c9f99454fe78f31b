"""Words of a paper to its fields, by the layout rules of Nghị định 30/2020/NĐ-CP.

Every rule looks for an anchor that the decree puts on the page (national name,
"Số:", "ngày ... tháng ...", a title, "Nơi nhận"), tolerates misread letters in it,
and reads the field beside or under it. Nothing is guessed: what is not there is
absent, what breaks a check has a low confidence.
"""

from ocr.fields.extraction import DEFAULT_THRESHOLDS, extract_fields
from vocabulary.papers import PageCode

__all__ = ["DEFAULT_THRESHOLDS", "PageCode", "extract_fields"]
