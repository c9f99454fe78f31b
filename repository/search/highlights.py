"""Pieces of the stored text around what was found, with the places of the words in them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from repository.ports import Highlight
from repository.search.terms import WORD, may_be_misspelt, one_edit_apart

_PIECES: Final = 2
_REACH: Final = 150
"""Letters that the words of one piece may span."""
_MARGIN: Final = 40
_MOST_MATCHES: Final = 3000

Match = tuple[int, int, str]


def highlights(
    body: str, folded_body: str, wanted: Sequence[str], *, relaxed: bool
) -> tuple[Highlight, ...]:
    """The best pieces of ``body``.

    Args:
        body: text as stored.
        folded_body: its folded form, letter for letter.
        wanted: folded words of the question.
        relaxed: words one letter apart count too.
    """
    if not wanted:
        return ()
    misspelt = tuple(word for word in wanted if relaxed and may_be_misspelt(word))
    exactly = frozenset(wanted)
    places = (
        (match.start(), match.end(), word)
        for match in WORD.finditer(folded_body)
        if (word := match.group()) in exactly or (misspelt and _is_like_one(word, misspelt))
    )
    found = list(islice(places, _MOST_MATCHES))
    return tuple(_piece(body, group) for group in _best_groups(found))


@lru_cache(maxsize=50_000)  # the papers of one page share most of their words
def _is_like_one(word: str, misspelt: tuple[str, ...]) -> bool:
    return any(
        (word[0] == other[0] or word[-1] == other[-1]) and one_edit_apart(word, other)
        for other in misspelt
    )


def _best_groups(found: Sequence[Match]) -> list[Sequence[Match]]:
    """Groups of matches within reach, those with most different words first, apart."""
    groups: list[tuple[int, int, int]] = []
    inside: Counter[str] = Counter()
    end = 0  # the group of ``first`` is found[first:end]; both only move forward
    for first, match in enumerate(found):
        while end < len(found) and (end <= first or found[end][1] <= match[0] + _REACH):
            inside[found[end][2]] += 1
            end += 1
        groups.append((len(inside), -first, end))
        inside[match[2]] -= 1
        if not inside[match[2]]:
            del inside[match[2]]
    return _apart(found, sorted(groups, reverse=True))


def _apart(found: Sequence[Match], groups: Iterable[tuple[int, int, int]]) -> list[Sequence[Match]]:
    chosen: list[Sequence[Match]] = []
    for _, minus_first, end in groups:
        group = found[-minus_first:end]
        if all(group[0][0] > other[-1][1] or group[-1][1] < other[0][0] for other in chosen):
            chosen.append(group)
        if len(chosen) == _PIECES:
            break
    return sorted(chosen, key=lambda group: group[0][0])


def _piece(body: str, group: Sequence[Match]) -> Highlight:
    start = _word_start(body, max(0, group[0][0] - _MARGIN), group[0][0])
    end = _word_end(body, group[-1][1], min(len(body), group[-1][1] + _MARGIN))
    text = re.sub(r"\s", " ", body[start:end])  # letter for letter, so the marks stay right
    return Highlight(text, tuple((first - start, last - start) for first, last, _ in group))


def _word_start(body: str, start: int, limit: int) -> int:
    if start == 0 or body[start - 1].isspace():
        return start
    while start < limit and not body[start].isspace():
        start += 1
    return min(start + 1, limit) if start < limit else limit


def _word_end(body: str, limit: int, end: int) -> int:
    if end == len(body) or body[end].isspace():
        return end
    while end > limit and not body[end - 1].isspace():
        end -= 1
    return max(end - 1, limit) if end > limit else limit
