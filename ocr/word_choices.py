"""Other readings of a whole word, made from the readings of its letters."""

from typing import Final

from ocr.ports import ReadWord

_LEAST: Final = 0.02
_MOST: Final = 4


def whole_word_alternatives(word: ReadWord) -> tuple[tuple[str, float], ...]:
    """Readings that differ in one letter, weight 0..1 relative to the best, likeliest first."""
    if len(word.letters) != len(word.text):
        return ()
    found: list[tuple[str, float]] = []
    for place, choices in enumerate(word.letters):
        best = dict(choices).get(word.text[place], 0.0)
        if best <= 0:
            continue
        for letter, probability in choices:
            weight = probability / (best + probability)
            if letter not in (word.text[place], " ") and weight >= _LEAST:
                found.append((word.text[:place] + letter + word.text[place + 1 :], weight))
    found.sort(key=lambda choice: -choice[1])
    return tuple(choice for choice in found[:_MOST] if choice[0])
