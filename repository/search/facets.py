"""Facets as callers see them, whatever engine counted."""

from collections.abc import Iterable
from typing import Final

from repository.ports import FACETS, FacetCount
from repository.search.terms import number_form
from vocabulary.errors import InvalidRequest

WIDTH: Final = 200
"""Values counted by the engine; spellings of one issuer are put together afterwards."""
_SHOWN: Final = 20


def known(names: tuple[str, ...]) -> tuple[str, ...]:
    """The facets asked for, each once.

    Raises:
        InvalidRequest: one that there is not.
    """
    for name in names:
        if name not in FACETS:
            raise InvalidRequest(
                f"Không đếm được theo «{name}». Có thể đếm theo: {', '.join(FACETS)}.",
                f"There is no facet {name!r}. There are: {', '.join(FACETS)}.",
                field="facets",
            )
    return tuple(dict.fromkeys(names))


def merged(name: str, counts: Iterable[tuple[str, int]]) -> tuple[FacetCount, ...]:
    """The most frequent values; of an issuer's spellings the most frequent stands for all."""
    found: dict[str, FacetCount] = {}
    for value, count in sorted(counts, key=lambda one: (-one[1], one[0])):
        key = number_form(value) if name == "issuer" else value
        first = found.get(key)
        found[key] = (
            FacetCount(first.value, first.count + count) if first else FacetCount(value, count)
        )
    ordered = sorted(found.values(), key=lambda one: (-one.count, one.value))
    return tuple(ordered[:_SHOWN])
