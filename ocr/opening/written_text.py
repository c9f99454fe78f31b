"""What the letters of a text layer spell: marks joined, signs of typesetting undone."""

import re
import unicodedata
from typing import Final

from ocr.syllable_shape import is_syllable
from vocabulary.text import nfc

# A hyphen at a line's end comes as U+0002; Word writes its unbroken hyphen as U+00AD or U+2011.
_HYPHENS: Final = dict.fromkeys(map(ord, "\x02\u00ad\u2010\u2011"), "-")
_NOTHING: Final = dict.fromkeys((*range(0x200B, 0x2010), 0x2060, 0xFEFF))
_LIGATURES: Final = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)
}
# Fonts with a symbol code table carry ASCII at U+F020 and on; U+F0A7 and U+F0B7 are bullets.
_SYMBOLS: Final = {0xF000 + code: chr(code) for code in range(0x20, 0x7F)}
_BULLETS: Final = {0xF0A7: "▪", 0xF0B7: "•"}
_SIGNS: Final = _HYPHENS | _NOTHING | _LIGATURES | _SYMBOLS | _BULLETS
_PLAIN: Final = re.compile(r"[^\x00-\x1f\u00ad\u0300-\u036f\u2000-\u206f\uf000-\uffff]*")
_VOWEL_MARKS: Final = "\u0302\u0306\u031b"
_LONGEST_SYLLABLE: Final = 7  # nghiêng


def spelled(text: str) -> str:
    r"""Text of one word as it reads, NFC.

    >>> spelled("Vie\u0302\u0323t"), spelled("TT\x02BTC")
    ('Việt', 'TT-BTC')
    """
    if _PLAIN.fullmatch(text):
        return nfc(text)
    text = text.translate(_SIGNS)
    return nfc(re.sub(r"\w[\u0300-\u036f]+", lambda found: _in_order(found.group()), text))


def _in_order(letter: str) -> str:
    """A letter with its marks as Unicode wants them: what makes the vowel before the tone."""
    decomposed = unicodedata.normalize("NFD", letter)
    marks = dict.fromkeys(decomposed[1:])
    return decomposed[0] + "".join(sorted(marks, key=lambda mark: mark not in _VOWEL_MARKS))


def joined_letters(letters: str) -> list[str] | None:
    """Words of a letter-spaced title whose spaces are all alike, by its syllables.

    The fewest syllables that spell it; None where there are none ("A B C D").

    >>> joined_letters("QUYẾTĐỊNH")
    ['QUYẾT', 'ĐỊNH']
    """
    best: list[list[str] | None] = [[]]
    for end in range(1, len(letters) + 1):
        found: list[str] | None = None
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            before = best[start]
            if before is None or not is_syllable(letters[start:end]):
                continue
            if found is None or len(before) + 1 < len(found):
                found = [*before, letters[start:end]]
        best.append(found)
    return best[-1]
