"""Lines of text to train on: pieces of many kinds, joined, cased and closed."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ocr.engines.own.net import alphabet
from ocr.engines.own.training.numbering import number
from ocr.engines.own.training.running import RunningText, made_up_syllable
from ocr.engines.own.training.wording import (
    BODIES,
    CLOSINGS,
    FAMILY_NAMES,
    GIVEN_NAMES,
    HEADINGS,
    INTERRUPTIONS,
    OPENINGS,
    PROVINCES,
    UNIT_KINDS,
)

Kind = Literal["running", "number", "heading", "name", "place", "syllables", "letters", "signs"]
KINDS: Final[tuple[Kind, ...]] = (
    "running", "number", "heading", "name", "place", "syllables", "letters", "signs",
)  # fmt: skip
_SHARES: Final = (44, 20, 7, 5, 5, 13, 4, 2)
_LONGEST: Final = 112
_LOWER_TO_UPPER: Final = 0.5
_SIGNED_SHARE: Final = 0.5
_MADE_UP_SHARE: Final = 0.12


@dataclass(frozen=True, slots=True)
class TextLine:
    """``kind`` is that of the line's first piece; ``capitals``: the whole was put in capitals."""

    text: str
    kind: Kind
    capitals: bool


class TextSource:
    """Endless lines, the same for the same seed."""

    def __init__(self, running: RunningText, rng: random.Random) -> None:
        self._running = running
        self._rng = rng
        self._known = frozenset(alphabet())
        letters = [char for char in alphabet() if char.isalpha() or char.isdigit()]
        self._letters = tuple(letters)
        self._small = tuple(char for char in letters if char.islower())
        self._signs = tuple(char for char in alphabet() if not char.isalnum() and char != " ")

    def line(self, length: int | None = None, kind: Kind | None = None) -> TextLine:
        """A line of about ``length`` letters, in the alphabet alone."""
        rng = self._rng
        wanted = length or self._length()
        kind = kind or rng.choices(KINDS, _SHARES)[0]
        text = self._piece(kind, wanted)
        while len(text) < wanted * 0.75:
            text += rng.choice(INTERRUPTIONS)
            text += self._piece(rng.choices(KINDS, _SHARES)[0], wanted - len(text))
        text = self._framed(text)
        capitals = rng.random() < 0.07
        text = "".join(char for char in (text.upper() if capitals else text) if char in self._known)
        text = re.sub(r"\s+", " ", text).strip()[:_LONGEST].strip()
        return TextLine(text or "1", kind, capitals)

    def _length(self) -> int:
        chance = self._rng.random()
        if chance < 0.24:
            return self._rng.randint(1, 12)
        if chance < 0.55:
            return self._rng.randint(12, 40)
        return self._rng.randint(40, 95)

    def _piece(self, kind: Kind, length: int) -> str:
        rng = self._rng
        match kind:
            case "running":
                text = self._sentence(length)
            case "number":
                return number(rng)
            case "heading":
                return rng.choice(HEADINGS)
            case "name":
                given = [rng.choice(GIVEN_NAMES) for _ in range(rng.choice((1, 2, 2, 3)))]
                text = " ".join([rng.choice(FAMILY_NAMES), *given])
            case "place":
                text = self._place()
            case "syllables":
                return self._syllables(max(1, min(18, length // 5)))
            case "letters":
                text = self._strings(max(1, min(7, length // 4)))
            case "signs":
                pool = (*self._signs, " ", *"0123456789")
                return "".join(rng.choice(pool) for _ in range(rng.randint(1, 8))).strip() or "-"
        return self._cased(text)

    def _sentence(self, length: int) -> str:
        """Syllables with the signs, capitals and figures that the counts do not hold."""
        rng = self._rng
        words = self._running.phrase(rng, length)
        capital = rng.random() < 0.4
        for place, word in enumerate(words):
            if capital or rng.random() < 0.05:
                words[place] = word[:1].upper() + word[1:]
            capital = False
            chance = rng.random()
            if chance < 0.05:
                words[place] += ","
            elif chance < 0.065:
                words[place] += ";"
            elif chance < 0.075:
                words[place] += "."
                capital = True
            elif chance < 0.08:
                words[place] += ":"
            elif chance < 0.092:
                words[place] = rng.choice(("(", "“", '"')) + words[place]
            elif chance < 0.104:
                words[place] += rng.choice((")", "”", '"', "),", ");"))
            elif chance < 0.118:
                words[place] += " " + number(rng)
            elif chance < 0.122:
                words[place] += rng.choice((" -", " –", " /", "/", "-", " &"))
        return " ".join(words)

    def _place(self) -> str:
        rng = self._rng
        name = rng.choice(PROVINCES)
        chance = rng.random()
        if chance < 0.35:
            return f"{rng.choice(UNIT_KINDS)} {name}"
        if chance < 0.55:
            return f"{rng.choice(BODIES)} {rng.choice(UNIT_KINDS)} {name}"
        if chance < 0.7:
            return rng.choice(BODIES)
        own = " ".join(self._running.known_syllable(rng).title() for _ in range(rng.randint(1, 3)))
        return f"{rng.choice(UNIT_KINDS)} {own}, {rng.choice(UNIT_KINDS)} {name}"

    def _syllables(self, count: int) -> str:
        """Words without language, each cased for itself or all alike."""
        rng = self._rng
        words = [
            made_up_syllable(rng) if rng.random() < 0.55 else self._running.known_syllable(rng)
            for _ in range(count)
        ]
        chance = rng.random()
        if chance < 0.34:
            return " ".join(words).upper()
        if chance < 0.5:
            return " ".join(word[:1].upper() + word[1:] for word in words)
        if chance < 0.6:
            return " ".join(
                word.upper() if rng.random() < _LOWER_TO_UPPER else word for word in words
            )
        return " ".join(words)

    def _strings(self, count: int) -> str:
        pool: Sequence[str] = self._small if self._rng.random() < 0.5 else self._letters
        return " ".join(
            "".join(self._rng.choice(pool) for _ in range(self._rng.randint(1, 6)))
            for _ in range(count)
        )

    def _cased(self, text: str) -> str:
        chance = self._rng.random()
        if chance < 0.15:
            return text.upper()
        if chance < 0.21:
            return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))
        if chance < 0.27:
            return text[:1].upper() + text[1:]
        return text

    def _framed(self, text: str) -> str:
        rng = self._rng
        if rng.random() < 0.08:
            text = rng.choice(OPENINGS) + text
        if rng.random() < 0.12:
            text = text + rng.choice(CLOSINGS)
        return text


class SignedText(TextSource):
    """Lines as they stand under seals: names of signers, and words made up in their manner.

    Names above all, for names are what stands there; words that nobody is called keep the net
    looking at what the seal left to see.
    """

    def __init__(
        self,
        running: RunningText,
        rng: random.Random,
        names: float = _SIGNED_SHARE,
        made_up: float = _MADE_UP_SHARE,
    ) -> None:
        """``names`` and ``made_up``: shares of the lines."""
        super().__init__(running, rng)
        self._names, self._made_up = names, made_up

    def line(self, length: int | None = None, kind: Kind | None = None) -> TextLine:
        rng = self._rng
        chance = rng.random()
        if kind is not None or chance > self._names + self._made_up:
            return super().line(length, kind)
        if chance < self._names:
            return super().line(rng.randint(8, 18), "name")
        count = rng.choice((2, 3, 3, 4))
        words = [
            made_up_syllable(rng) if rng.random() < 0.6 else self._running.known_syllable(rng)
            for _ in range(count)
        ]
        text = " ".join(word[:1].upper() + word[1:] for word in words)
        return TextLine("".join(char for char in text if char in self._known), "syllables", False)
