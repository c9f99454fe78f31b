"""The port of the search index, with what it is told and what it answers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the index knows of one document. ``text``: all pages; ``subject``: trích yếu.

    ``version``: the catalogue's own count of changes; a late entry of a lower one loses.
    """

    id: str
    text: str
    name: str = ""
    number_symbol: str = ""
    subject: str = ""
    issuer: str = ""
    holder: str = ""
    type: str = ""
    subject_id: str = ""
    procedure: str = ""
    state: str = ""
    status: str = ""
    issue_date: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    version: int = 0


FACETS: Final = ("type", "issuer", "state", "year")
"""What hits can be counted by; ``year``: of issue."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A question to the index; empty ``text`` lists everything that passes the filters.

    ``issuer`` is compared in folded form; the others as they were stored. ``facets``:
    which of :data:`FACETS` to count over all that is found; nothing is counted unasked.
    """

    text: str = ""
    subject_id: str | None = None
    type: str | None = None
    issuer: str | None = None
    procedure: str | None = None
    state: str | None = None
    status: str | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    valid_on: date | None = None
    cursor: str | None = None
    limit: int = 20
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Highlight:
    """A piece of the stored text around hits; ``marks`` are offsets (from, to) within it."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One document found. Never its full text."""

    id: str
    score: float
    highlights: tuple[Highlight, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the documents found have this value."""

    value: str
    count: int


Facets = Mapping[str, tuple[FacetCount, ...]]
"""The most frequent values of each facet asked for, the most frequent first."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``cursor`` fetches the next page, None at the end.

    ``relaxed``: nothing had all words (or nothing a phrase of four or more as it was
    typed), so these have most of them or words like them.
    """

    hits: tuple[SearchHit, ...]
    total: int
    cursor: str | None
    relaxed: bool = False
    facets: Facets = field(default_factory=dict)


class IndexBuild(Protocol):
    """A new generation of the index while it is filled; no searcher sees it yet."""

    def put(self, entries: Sequence[IndexEntry]) -> None: ...


class SearchIndex(Protocol):
    """Finds documents by what is written in them. Can always be rebuilt from the catalogue.

    Every call may raise MissingPart: the index cannot be reached or is not what it should
    be; its code starts with ``search_``, its sentence says what to do.
    """

    def put(self, entries: Sequence[IndexEntry]) -> None:
        """Adds or replaces entries; visible to every searcher when it returns.

        An entry whose version is lower than what the index has, or than that of the
        removal it has seen, is passed over: it comes too late.
        """
        ...

    def remove(self, ids: Sequence[str], version: int = 0) -> None:
        """Forgets entries, unless they are there with a version above ``version``."""
        ...

    def search(self, query: SearchQuery) -> SearchResult:
        """Answers a query.

        Raises:
            InvalidRequest: the cursor is not one that this index gave, or a facet is not known.
        """
        ...

    def count(self) -> int:
        """Documents in the index."""
        ...

    def versions(self) -> Iterator[tuple[str, int]]:
        """Id and version of every entry, in no particular order, for comparing."""
        ...

    def clear(self) -> None:
        """Forgets everything."""
        ...

    def rebuilding(self) -> AbstractContextManager[IndexBuild]:
        """Builds a new generation beside the one that is searched.

        It takes the old one's place at once when the context ends well, and is thrown
        away otherwise. What is put and removed meanwhile reaches both.
        """
        ...

    def check(self) -> str:
        """What answers (engine, version, documents), after looking at all that can be wrong.

        Raises:
            MissingPart: what is wrong and how to mend it.
        """
        ...

    def close(self) -> None:
        """Gives connections back."""
        ...
