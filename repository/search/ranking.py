"""From a question to clauses that every engine understands the same way.

What counts, from the weightiest on: the document's own number; how many pairs of
neighbours stand as in the question, in folded form; how many of them with the
marks as typed (only if it was typed with marks: measured, a bonus for exact forms
of an unmarked query lifts undiacritic recognition errors above everything); BM25
over the folded words. Each weighs more than all that follow together, so the best
hits of a common question can be taken from the few documents that have its pairs.
Pairs are terms of the index: looking them up costs a tenth of a phrase. Both
engines index the same words under the same clauses, so relevance is the same by
construction.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from repository.ports import SearchQuery
from repository.search.terms import Question, may_be_misspelt, number_form

_STEP: Final = 40.0
"""More than BM25 can give for one word: k1 + 1 = 2.2 times ln(2 N) for ten million documents."""

_NEIGHBOURS: Final = 10.0
"""For a pair that stands as in the question, where one wrong letter is forgiven."""

_WORD: Final = 15.0
_LIKE: Final = 12.0
"""For a word (or pair), or one like it, where not all have to be there: alike for all, rare ones
are often recognition errors."""

_NUMBER_BONUS: Final = 1_000_000.0
_A_PHRASE: Final = 3
"""From so many pairs on the words are taken for a phrase."""
_A_LONG_PHRASE: Final = 6
"""From so many on most of them are enough to come before scattered words."""
_MISSPELT_PAIR: Final = 6
"""Letters of a pair in which one wrong letter is forgiven."""
ENDLESS: Final = 9_999_999
"""Day number of a paper without an end of validity."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of ``text`` or ``fold`` by BM25, or a whole value of another field."""

    field: str
    word: str


@dataclass(frozen=True, slots=True)
class Near:
    """Terms of a folded field one letter apart from this one, and itself."""

    field: str
    word: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Three words or more side by side."""

    field: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A day number within bounds, both included."""

    field: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Fixed:
    """What matches scores a constant."""

    clause: "Clause"
    score: float


@dataclass(frozen=True, slots=True)
class Best:
    """The best of the clauses counts alone."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """``least`` of ``should`` must match; ``without`` may not. Scores add up."""

    must: tuple["Clause", ...] = ()
    should: tuple["Clause", ...] = ()
    without: tuple["Clause", ...] = ()
    least: int = 0


Clause = Word | Near | Phrase | Between | Fixed | Best | Whole


@dataclass(frozen=True, slots=True)
class Plan:
    """How a question is asked.

    ``match``: what is found, and counted. ``bonuses``: what more it is worth.
    ``first``: a narrower clause with its scores; whatever fits it stands above whatever
    does not, so a page that it fills need not score the rest. ``yields``: so many of the
    next levels are asked before this one where nothing fits ``first``.
    """

    match: Clause
    bonuses: tuple[Clause, ...] = ()
    first: Clause | None = None
    yields: int = 0


Level = Callable[[Question], Plan | None]


@dataclass(frozen=True, slots=True)
class Filters:
    """What must hold besides the words, and what may not; scores nothing."""

    must: tuple[Clause, ...]
    without: tuple[Clause, ...]


def day(moment: date | None, otherwise: int) -> int:
    """A date as the index orders it: days since the year 1."""
    return otherwise if moment is None else moment.toordinal()


def strict(asked: Question) -> Plan | None:
    """All words, in folded form; quoted: the very phrase."""
    if asked.quoted:
        return Plan(_quoted(asked))
    words = tuple(Word("fold", word) for word in dict.fromkeys(asked.folded))
    for_form = _STEP * len(asked.folded)
    pairs = tuple(
        Fixed(pair, for_form * (len(asked.folded) + 1)) for pair in _pairs("pairs", asked.folded)
    )
    more = (*_exact_forms(asked, for_form), *_own_number(asked))
    first = Whole(must=(*pairs, *words), should=more) if pairs else None
    return Plan(Whole(must=words), (*pairs, *more), first, _yields(len(pairs)))


def _yields(pairs: int) -> int:
    return int(pairs >= _A_PHRASE) + int(pairs >= _A_LONG_PHRASE)


def neighbours(asked: Question) -> Plan | None:
    """All pairs of neighbours, one wrong letter in each forgiven."""
    if asked.quoted or len(asked.folded) < 2:
        return None
    return _near(asked, lambda count: count)


def most_neighbours(asked: Question) -> Plan | None:
    """Six of ten pairs: a word may be missing, or be two in the text."""
    if asked.quoted or len(asked.folded) < 4:
        return None
    return _near(asked, lambda count: math.ceil(0.6 * count))


def nearly(asked: Question) -> Plan | None:
    """Words wherever they stand; one wrong letter in each is forgiven, one word may be missing."""
    return _most(asked, lambda count: count - 1 if count >= 3 else count)


def most_words(asked: Question) -> Plan | None:
    """Six of ten words must be there; neighbours decide which paper comes first."""
    if len(set(asked.folded)) < 5:
        return None
    return _most(asked, lambda count: math.ceil(0.6 * count))


LEVELS: Final[tuple[Level, ...]] = (strict, neighbours, most_neighbours, nearly, most_words)
"""From the strictest on; a looser one is asked only when the stricter found nothing.

But where the words of a phrase stand nowhere side by side, papers in which they do but for a
letter come before those that have them scattered: measured on 200,000 papers, a misspelt word
is often a recognition error of some other paper.
"""


def as_typed(asked: Question) -> Clause:
    """Documents in which the words stand just as typed."""
    if len(asked.exact) == 1:
        return Word("text", asked.exact[0])
    pairs = _pairs("exact_pairs", asked.exact)
    return Whole(must=(*pairs, *([Phrase("text", asked.exact)] if len(asked.exact) > 2 else [])))


def filters(query: SearchQuery) -> Filters:
    """What the query demands besides words."""
    must: list[Clause] = []
    for name in ("subject_id", "type", "procedure", "state", "status"):
        value = getattr(query, name)
        if value is not None:
            must.append(Word(name, value))
    if query.issuer is not None:
        must.append(Word("issuer", number_form(query.issuer)))
    if query.issued_from is not None or query.issued_to is not None:
        first, last = day(query.issued_from, 1), day(query.issued_to, ENDLESS)
        must.append(Between("issue_date", first, last))
    if query.valid_on is None:
        return Filters(tuple(must), ())
    on = query.valid_on.toordinal()
    must += [Between("valid_from", 0, on), Between("valid_to", on, ENDLESS)]
    gone = ("superseded", "corrected", "withdrawn")
    return Filters(tuple(must), tuple(Word("status", one) for one in gone))


def pair_terms(words: tuple[str, ...]) -> tuple[str, ...]:
    """Neighbours as terms of the index, each once; no word has a _ in it."""
    return tuple(dict.fromkeys(map("_".join, pairwise(words))))


def _pairs(field: str, words: tuple[str, ...]) -> tuple[Clause, ...]:
    return tuple(Word(field, pair) for pair in pair_terms(words))


def _silent(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    return tuple(Fixed(clause, 0.0) for clause in clauses)


def _quoted(asked: Question) -> Clause:
    """The pairs first: they are few, and only where they stand the phrase is looked for."""
    field = "text" if asked.marked else "fold"
    pairs = _pairs("exact_pairs" if asked.marked else "pairs", asked.forms)
    if len(asked.forms) == 1:
        return Word(field, asked.forms[0])
    if len(asked.forms) == 2:
        return Whole(must=(*_silent(pairs), Word(field, asked.forms[0])))
    return Whole(must=(Phrase(field, asked.forms), *_silent(pairs)))


def _exact_forms(asked: Question, score: float) -> tuple[Clause, ...]:
    """Pairs, or the only word, with the marks as typed."""
    if not asked.marked:
        return ()
    if len(asked.exact) == 1:
        return (Fixed(Word("text", asked.exact[0]), score),)
    return tuple(Fixed(pair, score) for pair in _pairs("exact_pairs", asked.exact))


def _own_number(asked: Question) -> tuple[Clause, ...]:
    if asked.number is None:
        return ()
    return (Fixed(Word("number", asked.number), _NUMBER_BONUS),)


def _near(asked: Question, how_many: Callable[[int], int]) -> Plan:
    terms = pair_terms(asked.folded)
    near = tuple(Fixed(_near_pair(term), _LIKE) for term in terms)
    count = how_many(len(near))
    match = Whole(must=near) if count == len(near) else Whole(should=near, least=count)
    bonuses = [Fixed(Word("pairs", term), _NEIGHBOURS) for term in terms]
    return Plan(match, (*bonuses, *_exact_forms(asked, _NEIGHBOURS), *_own_number(asked)))


def _near_pair(term: str) -> Clause:
    letters = term.replace("_", "")
    known = len(letters) < _MISSPELT_PAIR or any(char.isdigit() for char in letters)
    return Word("pairs", term) if known else Near("pairs", term)


def _most(asked: Question, how_many: Callable[[int], int]) -> Plan | None:
    if asked.quoted:
        return None
    distinct = tuple(dict.fromkeys(asked.folded))
    words = Whole(should=tuple(map(_like, distinct)), least=how_many(len(distinct)))
    pairs = tuple(Fixed(pair, _NEIGHBOURS) for pair in _pairs("pairs", asked.folded))
    return Plan(words, (*pairs, *_exact_forms(asked, _NEIGHBOURS), *_own_number(asked)))


def _like(word: str) -> Clause:
    there = Fixed(Word("fold", word), _WORD)
    return Best((there, Fixed(Near("fold", word), _LIKE))) if may_be_misspelt(word) else there
