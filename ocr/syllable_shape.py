"""The shape of a Vietnamese syllable: onset, vowel group, coda, at most one tone.

The orthography is closed (about 6,900 possible syllables), so a word whose
letters cannot form one is a foreign name, an abbreviation or misread.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_TONES: Final = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_SHAPE: Final = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
    r"(?:uyê|uya|uyu|uya|iêu|yêu|oai|oay|oao|oeo|uôi|uây|ươi|ươu|uâ|uê|uơ|uy|uô|ua|ui|ưa|ưi|ưu|ươ"
    r"|iê|yê|ia|iu|oa|oă|oe|oi|ôi|ơi|ai|ay|ao|au|âu|ây|eo|êu|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y)"
    r"(?:ch|ng|nh|c|m|n|p|t)?"
)


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether a word can be one written Vietnamese syllable (any case, any tone placement)."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in decomposed if char in _TONES]
    if len(tones) > 1:
        return False
    toneless = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    return _SHAPE.fullmatch(toneless) is not None
