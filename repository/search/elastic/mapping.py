"""The form of the index: text comes normalised and cut, the server only splits at spaces."""

from typing import Any, Final

from repository.ports import IndexEntry
from repository.search.bodies import body_of
from repository.search.ranking import ENDLESS, day, pair_terms
from repository.search.terms import number_form

FORM: Final = "1"
"""Counts up when the mapping or the normal forms change; an older index must be rebuilt."""

_REFRESH: Final = "200ms"
"""What is put waits at most so long to be seen, however many put at once."""
_VALUES: Final = (
    "id", "number", "subject_id", "type", "issuer", "issuer_name", "procedure", "state", "status",
)  # fmt: skip
_MADE: Final = ("text", "fold", "exact_pairs", "pairs")


def definition(office: str) -> dict[str, Any]:
    """Settings and mappings of a new generation; it is refreshed only when it is full."""
    number = {"type": "integer"}
    words = {"type": "text", "analyzer": "whitespace"}
    pairs = {**words, "index_options": "docs", "norms": False}
    return {
        "settings": {
            "number_of_shards": 1,  # scores of one shard are comparable; it holds millions
            "auto_expand_replicas": "0-1",
            "refresh_interval": -1,
            "gc_deletes": "12h",  # a late write must not raise a document that was removed
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"form": FORM, "office": office},
            "_source": {"excludes": list(_MADE)},  # from the body, again if need be
            "properties": {
                **dict.fromkeys(("text", "fold"), words),
                **dict.fromkeys(("exact_pairs", "pairs"), pairs),
                **{name: {"type": "keyword"} for name in _VALUES},
                **dict.fromkeys(("issue_date", "valid_from", "valid_to", "year"), number),
                "body": {"type": "text", "index": False},
            },
        },
    }  # fmt: skip


def searched() -> dict[str, Any]:
    """Settings of a generation that is in use."""
    return {"index": {"refresh_interval": _REFRESH}}


def source(entry: IndexEntry) -> dict[str, Any]:
    """The document of an entry."""
    body = body_of(entry)
    found: dict[str, Any] = {
        "id": entry.id,
        "body": body.text,
        "text": " ".join(body.exact),
        "fold": " ".join(body.folded),
        "exact_pairs": " ".join(pair_terms(body.exact)),
        "pairs": " ".join(pair_terms(body.folded)),
        "issue_date": day(entry.issue_date, 0),
        "valid_from": day(entry.valid_from or entry.issue_date, 0),
        "valid_to": day(entry.valid_to, ENDLESS),
    }
    if entry.number_symbol:
        found["number"] = number_form(entry.number_symbol)
    if entry.issuer:
        found |= {"issuer": number_form(entry.issuer), "issuer_name": entry.issuer}
    if entry.issue_date:
        found["year"] = entry.issue_date.year
    for name in ("subject_id", "type", "procedure", "state", "status"):
        if value := getattr(entry, name):
            found[name] = value
    return found
