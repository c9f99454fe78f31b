"""From a question to a query of the engine.

Ranking: the document's own number, then the phrase as typed (only if it was
typed with marks: measured, a bonus for exact forms of an unmarked query lifts
undiacritic recognition errors above everything), then the folded phrase, then
neighbouring pairs, then BM25 over the folded words. The bonuses are constants
because boosts multiply with the rarity of words.
"""

import math
from collections.abc import Callable
from datetime import date
from typing import Final

from tantivy import FieldType, Occur, Query, Schema

from repository.ports import SearchQuery
from repository.search.terms import Question, may_be_misspelt, number_form

_STEP: Final = 40.0
"""More than BM25 can give for one word: k1 + 1 = 2.2 times ln(2 N) for ten million documents."""

_NEIGHBOURS: Final = 10.0
"""For each pair of words that stand as in the question; over a wrong word too."""

_WORD: Final = 15.0
_LIKE: Final = 12.0
"""For a word, or one like it, where not all have to be there: alike for all, rare ones are
often recognition errors."""

_NUMBER_BONUS: Final = 100_000.0
ENDLESS: Final = 9_999_999
"""Day number of a paper without an end of validity."""

Clause = tuple[Occur, Query]
Level = Callable[[Schema, Question], Query | None]


def day(moment: date | None, otherwise: int) -> int:
    """A date as the index orders it: days since the year 1."""
    return otherwise if moment is None else moment.toordinal()


def strict(schema: Schema, asked: Question) -> Query | None:
    """All words, in folded form; quoted: the very phrase."""
    if asked.quoted:
        return _phrase(schema, "text" if asked.marked else "fold", _forms(asked))
    every = [(Occur.Must, _term(schema, word)) for word in dict.fromkeys(asked.folded)]
    return Query.boolean_query([*every, *_bonuses(schema, asked)])


def nearly(schema: Schema, asked: Question) -> Query | None:
    """One wrong letter in each word is forgiven, and one word may be missing altogether."""
    return _most(schema, asked, lambda count: count - 1 if count >= 3 else count)


def most_words(schema: Schema, asked: Question) -> Query | None:
    """Six of ten words must be there; neighbours decide which paper comes first."""
    if len(set(asked.folded)) < 5:
        return None
    return _most(schema, asked, lambda count: math.ceil(0.6 * count))


LEVELS: Final[tuple[Level, ...]] = (strict, nearly, most_words)
"""From the strictest on; a looser one is asked only when the stricter found nothing."""


def as_typed(schema: Schema, asked: Question) -> Query:
    """Documents in which the words stand just as typed."""
    return _phrase(schema, "text", asked.exact)


def filters(schema: Schema, query: SearchQuery) -> list[Clause]:
    """What must hold besides the words; scores nothing."""
    clauses: list[Query] = []
    for name in ("subject_id", "type", "procedure", "state", "status"):
        value = getattr(query, name)
        if value is not None:
            clauses.append(Query.term_query(schema, name, value, "basic"))
    if query.issuer is not None:
        clauses.append(Query.term_query(schema, "issuer", number_form(query.issuer), "basic"))
    if query.issued_from is not None or query.issued_to is not None:
        first, last = day(query.issued_from, 1), day(query.issued_to, ENDLESS)
        clauses.append(_between(schema, "issue_date", first, last))
    unwanted: list[Query] = []
    if query.valid_on is not None:
        on = query.valid_on.toordinal()
        clauses.append(_between(schema, "valid_from", 0, on))
        clauses.append(_between(schema, "valid_to", on, ENDLESS))
        unwanted = [
            Query.term_query(schema, "status", status, "basic")
            for status in ("superseded", "withdrawn")
        ]
    return [
        *((Occur.Must, Query.const_score_query(clause, 0.0)) for clause in clauses),
        *((Occur.MustNot, clause) for clause in unwanted),
    ]


def _most(schema: Schema, asked: Question, how_many: Callable[[int], int]) -> Query | None:
    if asked.quoted:
        return None
    distinct = tuple(dict.fromkeys(asked.folded))
    words = Query.boolean_query(
        [(Occur.Should, _like(schema, word)) for word in distinct],
        minimum_number_should_match=how_many(len(distinct)),
    )
    over_one = [
        _bonus(Query.phrase_query(schema, "fold", [(0, before), (2, after)]), _NEIGHBOURS)
        for before, after in zip(asked.folded, asked.folded[2:], strict=False)
    ]
    return Query.boolean_query([(Occur.Must, words), *over_one, *_bonuses(schema, asked)])


def _bonuses(schema: Schema, asked: Question) -> list[Clause]:
    count = len(asked.folded)
    found: list[Clause] = []
    if count > 1:
        found.append(_bonus(_phrase(schema, "fold", asked.folded), _STEP * count))
        found += [
            _bonus(_phrase(schema, "fold", asked.folded[at : at + 2]), _NEIGHBOURS)
            for at in range(count - 1)
        ]
    if asked.marked:
        found.append(_bonus(_phrase(schema, "text", asked.exact), 2 * _STEP * count))
    if asked.number is not None:
        own = Query.term_query(schema, "number", asked.number, "basic")
        found.append(_bonus(own, _NUMBER_BONUS))
    return found


def _bonus(query: Query, score: float) -> Clause:
    return Occur.Should, Query.const_score_query(query, score)


def _forms(asked: Question) -> tuple[str, ...]:
    return asked.exact if asked.marked else asked.folded


def _phrase(schema: Schema, name: str, words: tuple[str, ...]) -> Query:
    if len(words) == 1:  # the engine's phrase needs two
        return Query.term_query(schema, name, words[0])
    return Query.phrase_query(schema, name, list(words))


def _term(schema: Schema, word: str) -> Query:
    return Query.term_query(schema, "fold", word)


def _like(schema: Schema, word: str) -> Query:
    there = Query.const_score_query(_term(schema, word), _WORD)
    if not may_be_misspelt(word):
        return there
    near = Query.const_score_query(Query.fuzzy_term_query(schema, "fold", word, 1), _LIKE)
    return Query.disjunction_max_query([there, near])


def _between(schema: Schema, name: str, first: int, last: int) -> Query:
    return Query.range_query(schema, name, FieldType.Integer, lower_bound=first, upper_bound=last)
