"""Clauses as Elasticsearch's query language."""

from typing import Any, Final

from repository.search.ranking import (
    Best,
    Between,
    Clause,
    Filters,
    Fixed,
    Near,
    Phrase,
    Plan,
    Whole,
    Word,
)

Query = dict[str, Any]

FIRST: Final = "first"
"""Name of the clause that says whether a hit fits what the plan wants first."""
TYPED: Final = "typed"
"""Name of the clause that says whether the words stand just as typed."""

SCORED: Final = ("text", "fold")

_BM25: Final = 2.2
"""Lucene leaves the factor k1 + 1 out, which the embedded engine has."""


def whole(plan: Plan | None, filters: Filters, typed: Clause | None) -> Query:
    """The query: words that score, filters that do not, and a named look for the typed form."""
    query: Query = {
        "filter": [written(one) for one in filters.must],
        "must_not": [written(one) for one in filters.without],
    }
    if plan is not None:
        query["must"] = [written(plan.match)]
        query["should"] = [written(one) for one in plan.bonuses]
    if plan is not None and plan.yields and plan.first is not None:
        query["should"].append(_named(FIRST, plan.first))
    if typed is not None:
        query["should"].append(_named(TYPED, typed))
    return {"bool": query}


def _named(name: str, clause: Clause) -> Query:
    """Scores nothing; hits tell whether they fit."""
    return {"constant_score": {"filter": written(clause), "boost": 0.0, "_name": name}}


def written(clause: Clause) -> Query:
    """One clause."""
    match clause:
        case Word(field, word) if field in SCORED:
            return {"term": {field: {"value": word, "boost": _BM25}}}
        case Word(field, word):
            return {"term": {field: word}}
        case Near(field, word):
            return {"fuzzy": {field: {"value": word, "fuzziness": 1, "rewrite": "constant_score"}}}
        case Phrase(field, words):
            return {"match_phrase": {field: " ".join(words)}}
        case Between(field, first, last):
            return {"range": {field: {"gte": first, "lte": last}}}
        case Fixed(inner, score):
            return {"constant_score": {"filter": written(inner), "boost": score}}
        case Best(clauses):
            return {"dis_max": {"queries": [written(one) for one in clauses]}}
        case Whole(must, should, without, least):
            return {
                "bool": {
                    "must": [written(one) for one in must],
                    "should": [written(one) for one in should],
                    "must_not": [written(one) for one in without],
                    "minimum_should_match": least,
                }
            }
