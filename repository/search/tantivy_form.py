"""The form of the embedded index, and clauses as queries of its engine."""

from typing import Any

import tantivy
from tantivy import FieldType, Occur, Query, Schema

from repository.ports import IndexEntry
from repository.search.bodies import body_of
from repository.search.ranking import (
    ENDLESS,
    Best,
    Between,
    Clause,
    Filters,
    Fixed,
    Near,
    Phrase,
    Whole,
    Word,
    day,
    pair_terms,
)
from repository.search.terms import number_form

_SCORED = ("text", "fold")
_VALUES = ("subject_id", "type", "procedure", "state", "status")


def schema() -> Schema:
    """Fields; pairs of neighbours are terms without places, a tenth of the cost of a phrase."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("gone", tokenizer_name="raw", index_option="basic")
    for name in _SCORED:
        builder.add_text_field(name, tokenizer_name="whitespace")
    for name in ("exact_pairs", "pairs"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("number", "issuer", "subject_id", "procedure", "status"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("type", "state"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("issuer_name", tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("issue_date", "valid_from", "valid_to"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_integer_field("year", fast=True)
    builder.add_integer_field("version", stored=True)
    builder.add_bytes_field("body", stored=True)
    return builder.build()


def document(entry: IndexEntry) -> Any:
    """The document of an entry."""
    body = body_of(entry)
    made = tantivy.Document()
    made.add_text("id", entry.id)
    made.add_integer("version", entry.version)
    made.add_text("text", " ".join(body.exact))
    made.add_text("fold", " ".join(body.folded))
    made.add_text("exact_pairs", " ".join(pair_terms(body.exact)))
    made.add_text("pairs", " ".join(pair_terms(body.folded)))
    made.add_bytes("body", body.text.encode())
    if entry.number_symbol:
        made.add_text("number", number_form(entry.number_symbol))
    if entry.issuer:
        made.add_text("issuer", number_form(entry.issuer))
        made.add_text("issuer_name", entry.issuer)
    for name in _VALUES:
        if value := getattr(entry, name):
            made.add_text(name, value)
    made.add_integer("issue_date", day(entry.issue_date, 0))
    made.add_integer("valid_from", day(entry.valid_from or entry.issue_date, 0))
    made.add_integer("valid_to", day(entry.valid_to, ENDLESS))
    if entry.issue_date:
        made.add_integer("year", entry.issue_date.year)
    return made


def tombstone(document_id: str, version: int) -> Any:
    """Remembers that a document is gone, so that a late entry does not raise it."""
    made = tantivy.Document()
    made.add_text("gone", document_id)
    made.add_integer("version", version)
    return made


def papers(fields: Schema) -> Query:
    """Every document but tombstones."""
    return Query.range_query(fields, "issue_date", FieldType.Integer, lower_bound=0)


def whole(fields: Schema, words: Clause, bonuses: tuple[Clause, ...], filters: Filters) -> Query:
    """Words that score and filters that do not."""
    return Query.boolean_query(
        [
            (Occur.Must, written(fields, words)),
            *((Occur.Should, written(fields, one)) for one in bonuses),
            *narrowed(fields, filters),
        ]
    )


def narrowed(fields: Schema, filters: Filters) -> list[tuple[Occur, Query]]:
    """The filters."""
    return [
        *(
            (Occur.Must, Query.const_score_query(written(fields, one), 0.0))
            for one in filters.must
        ),
        *((Occur.MustNot, written(fields, one)) for one in filters.without),
    ]  # fmt: skip


def written(fields: Schema, clause: Clause) -> Query:
    """One clause."""
    match clause:
        case Word(field, word) if field in _SCORED:
            return Query.term_query(fields, field, word)
        case Word(field, word):
            return Query.term_query(fields, field, word, "basic")
        case Near(field, word):
            return Query.fuzzy_term_query(fields, field, word, 1)
        case Phrase(field, words):
            return Query.phrase_query(fields, field, list(words))
        case Between(field, first, last):
            return Query.range_query(
                fields, field, FieldType.Integer, lower_bound=first, upper_bound=last
            )
        case Fixed(inner, score):
            return Query.const_score_query(written(fields, inner), score)
        case Best(clauses):
            return Query.disjunction_max_query([written(fields, one) for one in clauses])
        case Whole(must, should, without, least):
            parts = [
                *((Occur.Must, written(fields, one)) for one in must),
                *((Occur.Should, written(fields, one)) for one in should),
                *((Occur.MustNot, written(fields, one)) for one in without),
            ]
            return Query.boolean_query(parts, minimum_number_should_match=least)
