"""Questions for the search bench, drawn from the invented papers by chance."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bench.search_papers import CHUNK, Paper, Papers, damage
from repository.ports import FACETS, SearchQuery
from vocabulary.text import unmark

_CHUNKS: Final = 12
"""Chunks of papers from which questions are drawn, spread over the whole index."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with the one paper that it asks for."""

    kind: str
    query: SearchQuery
    wanted: str


class Questions:
    """Draws questions about the first ``count`` papers."""

    def __init__(self, papers: Papers, count: int, seed: int = 5) -> None:
        self._chance = random.Random(seed)
        self._issuers = papers.issuers
        numbers = range(count // CHUNK)
        chosen = self._chance.sample(numbers, min(_CHUNKS, len(numbers)))
        self._papers = [paper for number in chosen for paper in papers.chunk(number)]

    def classes(self) -> dict[str, Callable[[], SearchQuery]]:
        """One maker for each class that is timed."""
        return {
            "phrase, quoted, with marks": lambda: _asked('"' + self._said(2, 6) + '"'),
            "words with marks": lambda: _asked(self._said(3, 7)),
            "words without marks": lambda: _asked(unmark(self._said(3, 7))),
            "two common words": lambda: _asked(unmark(self._said(2, 3))),
            "misspelt words without marks": lambda: _asked(self._misspelt(4, 8)),
            "subject's papers": lambda: SearchQuery(subject_id=self._paper().entry.subject_id),
            "subject and words": lambda: self._of_a_subject(),
            "words, issuer, years, 4 facets": lambda: self._filtered(unmark(self._said(2, 4))),
            "issuer, years, 4 facets": lambda: self._filtered(""),
            "number of a paper": lambda: _asked(self._paper().entry.number_symbol),
        }

    def judged(self, count: int) -> Sequence[Judged]:
        """Known items: a number, a subject and words, as people type and as pages were read."""
        kinds = (self._by_number, self._by_subject, self._by_misspelt_subject, self._by_words)
        return [kinds[place % len(kinds)]() for place in range(count)]

    def _by_number(self) -> Judged:
        paper = self._paper().entry
        return Judged("number, typed without marks", _asked(unmark(paper.number_symbol)), paper.id)

    def _by_subject(self) -> Judged:
        paper = self._paper(lambda one: " ".join(one.subject) not in one.entry.subject)
        return Judged("subject that was misread", _asked(" ".join(paper.subject)), paper.entry.id)

    def _by_misspelt_subject(self) -> Judged:
        paper = self._paper()
        return Judged(
            "subject, misspelt, no marks", _asked(self._hurt(list(paper.subject))), paper.entry.id
        )

    def _by_words(self) -> Judged:
        paper = self._paper()
        words = self._span(paper, 8, 9)
        return Judged("eight words, misspelt, no marks", _asked(self._hurt(words)), paper.entry.id)

    def _paper(self, fits: Callable[[Paper], bool] = lambda _: True) -> Paper:
        while True:
            paper = self._chance.choice(self._papers)
            if fits(paper):
                return paper

    def _span(self, paper: Paper, least: int, below: int) -> list[str]:
        length = self._chance.randrange(least, below)
        start = self._chance.randrange(len(paper.words) - length)
        return list(paper.words[start : start + length])

    def _said(self, least: int, below: int) -> str:
        return " ".join(self._span(self._paper(), least, below))

    def _misspelt(self, least: int, below: int) -> str:
        return self._hurt(self._span(self._paper(), least, below))

    def _hurt(self, words: list[str]) -> str:
        """One letter of one of the longer words wrong, no marks."""
        plain = [unmark(word) for word in words]
        at = max(range(len(plain)), key=lambda place: (len(plain[place]), self._chance.random()))
        plain[at] = damage(plain[at], self._chance)
        return " ".join(plain)

    def _of_a_subject(self) -> SearchQuery:
        paper = self._paper()
        said = unmark(" ".join(self._span(paper, 2, 4)))
        return SearchQuery(said, subject_id=paper.entry.subject_id)

    def _filtered(self, text: str) -> SearchQuery:
        first = self._chance.randrange(2008, 2018)
        return SearchQuery(
            text,
            issuer=self._issuers[self._chance.randrange(30)],
            issued_from=date(first, 1, 1),
            issued_to=date(first + 9, 12, 31),
            facets=FACETS,
        )


def _asked(text: str) -> SearchQuery:
    return SearchQuery(text)
