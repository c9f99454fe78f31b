"""How well words were read, whatever their order.

Truth and reading are matched by place: words that overlap are joined into
groups, so that a split or merged word is compared as one string without
spaces. Within a group only letters count; a group without a reading is missed,
a group without truth is invented. Boxes are points of the page before it was
scanned: readings are taken back through the scan's own map.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from rapidfuzz.distance import Levenshtein

from vocabulary.papers import Box

_SIGNS = str.maketrans(
    {"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "…": "...",
     "\u00ad": "", "\u00a0": " "}
)  # fmt: skip
_LINE_PT = 6.0  # words of a group whose middles round to the same line of this height


@dataclass(frozen=True, slots=True)
class Placed:
    """A word and where it stands, in points of the page before it was scanned."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Score:
    """Counts, so that pages can be summed; the rates are properties."""

    letters: int = 0
    letter_edits: int = 0
    words: int = 0
    wrong_words: int = 0
    invented_words: int = 0
    numbers: int = 0
    right_numbers: int = 0
    bag_right: int = 0
    bag_read: int = 0
    base_right: int = 0
    wrong_marks: int = 0
    invented_letters: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Score)))

    @property
    def cer(self) -> float:
        """Wrong, missed and invented letters for each letter of the truth."""
        return self.letter_edits / max(self.letters, 1)

    @property
    def own_cer(self) -> float:
        """Wrong and missed letters only: what stands beside the truth is not counted."""
        return (self.letter_edits - self.invented_letters) / max(self.letters, 1)

    @property
    def wer(self) -> float:
        """Words in a wrong group and invented words for each word of the truth."""
        return (self.wrong_words + self.invented_words) / max(self.words, 1)

    @property
    def diacritic_errors(self) -> float:
        """Letters with wrong marks among those whose base letter is right."""
        return self.wrong_marks / max(self.base_right, 1)

    @property
    def number_accuracy(self) -> float:
        """Digit strings (dates, numbers, amounts) read exactly."""
        return self.right_numbers / max(self.numbers, 1)

    @property
    def bag_f1(self) -> float:
        """Harmonic mean of precision and recall of the words as a bag."""
        return 2 * self.bag_right / max(self.words + self.bag_read, 1)

    def rates(self) -> dict[str, float]:
        """All rates in percent."""
        return {
            "cer": round(100 * self.cer, 3),
            "wer": round(100 * self.wer, 3),
            "diacritics": round(100 * self.diacritic_errors, 3),
            "numbers_right": round(100 * self.number_accuracy, 2),
            "bag_f1": round(100 * self.bag_f1, 2),
        }


def normal(text: str) -> str:
    """Composed, typographic signs unified, dot leaders dropped."""
    plain = unicodedata.normalize("NFC", text).translate(_SIGNS)
    return re.sub(r"[._]{3,}", "", plain).strip()


def numbers(text: str) -> list[str]:
    """Digit strings with the signs inside them."""
    return re.findall(r"\d+(?:[./\-,]\d+)*", text)


def _clean(words: Sequence[Placed]) -> list[Placed]:
    kept = [Placed(normal(word.text), word.box) for word in words]
    return [word for word in kept if word.text]


def _groups(truth: list[Placed], read: list[Placed]) -> list[tuple[list[int], list[int]]]:
    """Connected sets of overlapping words: truth indices, reading indices."""
    parent = list(range(len(truth) + len(read)))

    def find(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    if truth and read:
        first = np.array([word.box for word in truth])[:, None, :]
        second = np.array([word.box for word in read])[None, :, :]
        across = np.minimum(first[..., 2], second[..., 2]) - np.maximum(
            first[..., 0], second[..., 0]
        )
        down = np.minimum(first[..., 3], second[..., 3]) - np.maximum(first[..., 1], second[..., 1])
        narrow = np.minimum(first[..., 2] - first[..., 0], second[..., 2] - second[..., 0])
        low = np.minimum(first[..., 3] - first[..., 1], second[..., 3] - second[..., 1])
        for left, right in np.argwhere((across > 0.3 * narrow) & (down > 0.5 * low)):
            parent[find(len(truth) + int(right))] = find(int(left))
    sets: dict[int, tuple[list[int], list[int]]] = {}
    for node in range(len(parent)):
        members = sets.setdefault(find(node), ([], []))
        if node < len(truth):
            members[0].append(node)
        else:
            members[1].append(node - len(truth))
    return list(sets.values())


def _in_order(words: list[Placed]) -> str:
    """Words joined line by line, left to right, without spaces."""
    ordered = sorted(
        words, key=lambda word: (round((word.box.y0 + word.box.y1) / 2 / _LINE_PT), word.box.x0)
    )
    return "".join(word.text for word in ordered).replace(" ", "")


def _base(letter: str) -> str:
    low = letter.lower()
    return "d" if low == "đ" else unicodedata.normalize("NFD", low)[0]


def _marks(right: str, got: str) -> tuple[int, int]:
    """Aligned letters with the right base letter, and those among them with wrong marks."""
    same = wrong = 0
    for step in Levenshtein.opcodes(right, got):
        if step.tag not in ("equal", "replace"):
            continue
        for one, other in zip(
            right[step.src_start : step.src_end], got[step.dest_start : step.dest_end], strict=False
        ):
            if one.isalpha() and _base(one) == _base(other):
                same += 1
                wrong += one.lower() != other.lower()
    return same, wrong


def score(truth: Sequence[Placed], read: Sequence[Placed]) -> Score:
    """Compare a page's reading with its truth."""
    told, seen = _clean(truth), _clean(read)
    bags = [Counter(part for word in words for part in word.text.split()) for words in (told, seen)]
    total = Score(bag_right=(bags[0] & bags[1]).total(), bag_read=bags[1].total())
    for truth_ids, read_ids in _groups(told, seen):
        right = _in_order([told[i] for i in truth_ids])
        got = _in_order([seen[i] for i in read_ids])
        edits = Levenshtein.distance(right, got)
        wanted, found = Counter(numbers(right)), Counter(numbers(got))
        same, wrong = _marks(right, got) if truth_ids else (0, 0)
        total += Score(
            letters=len(right),
            letter_edits=edits,
            words=len(truth_ids),
            wrong_words=len(truth_ids) if edits else 0,
            invented_words=0 if truth_ids else len(read_ids),
            numbers=wanted.total(),
            right_numbers=(wanted & found).total(),
            base_right=same,
            wrong_marks=wrong,
            invented_letters=0 if truth_ids else len(got),
        )
    return total
