"""The embedded index: one folder, many readers, one writer at a time.

Every call that writes commits, so what was put is visible to every searcher, here
and in other processes, when the call returns. Measured: killing a writer at any
moment loses no commit and leaves no stale lock. The index can always be rebuilt
from the catalogue, beside the one that is searched.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tantivy import Occur, Query

from repository.ports import Facets, IndexEntry, SearchHit, SearchQuery, SearchResult
from repository.search import tantivy_form as form
from repository.search.facets import WIDTH, known, merged
from repository.search.folders import Folders
from repository.search.highlights import highlights
from repository.search.ranking import LEVELS, Clause, Filters, Fixed, Plan, as_typed, filters
from repository.search.terms import Question, question
from vocabulary.errors import InvalidRequest, MissingPart
from vocabulary.given import whole_number
from vocabulary.text import folded

FORM: Final = "v2"
"""Folder of this form of the index; another form starts empty and is filled by ``reindex``."""

_HEAP: Final = 50_000_000
_BUILD_HEAP: Final = 200_000_000
_DEEPEST: Final = 10_000
_LOT: Final = 50_000
_FIELDS: Final = {"type": "type", "issuer": "issuer_name", "state": "state", "year": "year"}


class TantivyIndex:
    """Opens or makes the index under a folder (port ``repository.ports.SearchIndex``).

    Raises:
        MissingPart: the folder cannot be written or holds something unreadable.
    """

    def __init__(self, path: Path) -> None:
        self._threads = threading.Lock()
        self._seen: tuple[object, ...] = ()
        self._schema = form.schema()
        try:
            self._folders = Folders(path / FORM)
            self._opened()
        except (OSError, ValueError) as error:
            raise MissingPart(
                f"Không mở được chỉ mục tìm kiếm {path}. Hãy kiểm tra quyền ghi, "
                "hoặc xóa thư mục này rồi chạy: sohoa reindex.",
                f"The search index {path} cannot be opened. Check the right to write, "
                "or remove the folder and run: sohoa reindex.",
            ) from error

    def put(self, entries: Sequence[IndexEntry]) -> None:
        """Adds or replaces entries in one commit; visible when it returns."""
        if not entries:
            return
        with self._folders.writing():
            for generation in self._folders.written():
                _put(generation, entries, _HEAP)

    def remove(self, ids: Sequence[str], version: int = 0) -> None:
        """Forgets entries; unknown ids are no matter."""
        if not ids:
            return
        with self._folders.writing():
            for generation in self._folders.written():
                _remove(generation, ids, version)

    def clear(self) -> None:
        """Forgets everything."""
        with self.rebuilding():
            pass

    @contextmanager
    def rebuilding(self) -> Iterator["_Build"]:
        """A new generation; see the port."""
        with self._folders.filling() as generation:
            yield _Build(self._folders, generation)

    def count(self) -> int:
        """Documents in the index."""
        return int(self._searcher().search(form.papers(self._schema), limit=1).count)

    def check(self) -> str:
        """The engine's name and the number of documents."""
        return f"tantivy, {self.count()}"

    def versions(self) -> Iterator[tuple[str, int]]:
        """Id and version of every entry."""
        searcher = self._searcher()
        every = form.papers(self._schema)
        at = 0
        while hits := searcher.search(every, limit=_LOT, offset=at, count=False).hits:
            for _, address in hits:
                document = searcher.doc(address)
                yield document.get_first("id"), document.get_first("version")
            at += len(hits)

    def close(self) -> None:
        """Nothing is held that must be given back."""

    def search(self, query: SearchQuery) -> SearchResult:
        """Answers a query; see :mod:`repository.search.ranking` for the order of hits.

        Raises:
            InvalidRequest: the cursor is not one that this index gave.
        """
        level, offset = _position(query.cursor)
        facets = known(query.facets)
        searcher = self._searcher()
        asked = question(query.text)
        narrow = filters(query)
        limit = max(1, min(query.limit, 200))
        if not asked.folded:
            if query.text.strip():  # nothing but punctuation was typed
                return SearchResult((), 0, None)
            return self._listed(searcher, narrow, offset, limit, facets)
        pages = [
            (number, _Page(self._schema, searcher, plan, narrow, offset, limit))
            for number, build in enumerate(LEVELS)
            if (plan := build(asked)) and (query.cursor is None or number == level)
        ]
        if query.cursor is None and pages[0][1].must_yield():
            pages.insert(pages[0][1].plan.yields, pages.pop(0))
        for number, page in pages:
            total, hits = page.hits()
            if hits or query.cursor:
                shown = self._shown(searcher, asked, hits, relaxed=number > 0)
                following = _next(number, offset, len(hits), total)
                counted = _counted(searcher, page.matching(), facets)
                return SearchResult(shown, total, following, number > 0, counted)
        return SearchResult((), 0, None)

    def _listed(
        self, searcher: Any, narrow: Filters, offset: int, limit: int, facets: tuple[str, ...]
    ) -> SearchResult:
        """Everything that passes the filters, newest papers first."""
        clauses = form.narrowed(self._schema, narrow)
        every = Query.const_score_query(form.papers(self._schema), 0.0)
        whole = Query.boolean_query([(Occur.Must, every), *clauses])
        found = searcher.search(whole, limit=limit, offset=offset, order_by_field="issue_date")
        hits = tuple(
            SearchHit(searcher.doc(address).get_first("id"), 0.0, (), False)
            for _, address in found.hits
        )
        following = _next(0, offset, len(hits), found.count)
        return SearchResult(
            hits, found.count, following, False, _counted(searcher, whole, facets)
        )  # fmt: skip

    def _shown(
        self, searcher: Any, asked: Question, hits: Sequence[tuple[float, Any]], *, relaxed: bool
    ) -> tuple[SearchHit, ...]:
        documents = [(score, searcher.doc(address)) for score, address in hits]
        ids = [document.get_first("id") for _, document in documents]
        # where no paper has all the words, none has them as typed
        exactly = frozenset[str]() if relaxed else self._as_typed(searcher, asked, ids)
        shown = []
        for one, (score, document) in zip(ids, documents, strict=True):
            body = document.get_first("body").decode()
            pieces = highlights(body, folded(body), asked.shown, relaxed=relaxed)
            shown.append(SearchHit(one, score, pieces, one in exactly))
        return tuple(shown)

    def _as_typed(self, searcher: Any, asked: Question, ids: Sequence[str]) -> frozenset[str]:
        among = Query.term_set_query(self._schema, "id", list(ids))
        typed = form.written(self._schema, as_typed(asked))
        query = Query.boolean_query([(Occur.Must, among), (Occur.Must, typed)])
        found = searcher.search(query, limit=max(1, len(ids)))
        return frozenset(searcher.doc(address).get_first("id") for _, address in found.hits)

    def _searcher(self) -> Any:
        """A view of the newest commit of the generation in use, whoever made it."""
        with self._threads:
            try:
                return self._opened()
            except (OSError, ValueError):  # the generation went away between two looks
                self._seen = ()
                return self._opened()

    def _opened(self) -> Any:
        now = self._folders.state()
        if now != self._seen:
            if not self._seen or now[0] != self._seen[0]:
                self._index = self._folders.open(self._folders.current())
            self._index.reload()
            self._seen = now
        return self._index.searcher()


class _Build:
    """Fills a new generation; port ``repository.ports.IndexBuild``."""

    def __init__(self, folders: Folders, generation: Path) -> None:
        self._folders = folders
        self._generation = generation

    def put(self, entries: Sequence[IndexEntry]) -> None:
        """Adds entries; what was written meanwhile in a newer version stays."""
        if entries:
            with self._folders.writing():
                _put(self._generation, entries, _BUILD_HEAP)


class _Page:
    """One page of one plan, asked of one view."""

    def __init__(
        self, schema: Any, searcher: Any, plan: Plan, narrow: Filters, offset: int, limit: int
    ) -> None:
        self.plan = plan
        self._schema = schema
        self._searcher = searcher
        self._narrow = narrow
        self._offset = offset
        self._limit = limit

    def matching(self) -> Query:
        """What is found, without scores."""
        return form.whole(self._schema, Fixed(self.plan.match, 0.0), (), self._narrow)

    def must_yield(self) -> bool:
        """Whether nothing fits what should stand first, so that other levels are asked before."""
        return self.plan.yields > 0 and (self._first is None or not self._first.count)

    def hits(self) -> tuple[int, Sequence[tuple[float, Any]]]:
        """How many there are, and one page of them.

        What the plan says stands first is scored alone where it fills the page; the
        rest is then counted only.
        """
        first = self._first
        if first is not None and first.count >= self._offset + self._limit:
            return self._searcher.search(self.matching(), limit=1).count, first.hits
        found = self._found(self.plan.match, self.plan.bonuses)
        return found.count, found.hits

    @cached_property
    def _first(self) -> Any:
        return None if self.plan.first is None else self._found(self.plan.first, ())

    def _found(self, clause: Clause, bonuses: tuple[Clause, ...]) -> Any:
        query = form.whole(self._schema, clause, bonuses, self._narrow)
        return self._searcher.search(query, limit=self._limit, offset=self._offset)


def _put(generation: Path, entries: Sequence[IndexEntry], heap: int) -> None:
    index = Folders.open(generation)
    entries = list({entry.id: entry for entry in entries}.values())
    known_versions = _versions(index, [entry.id for entry in entries if entry.version])
    with _committed(index, heap) as writer:
        for entry in entries:
            if known_versions.get(entry.id, 0) > entry.version:
                continue  # it comes too late
            for field in ("id", "gone"):
                writer.delete_documents_by_term(field, entry.id)
            writer.add_document(form.document(entry))


def _remove(generation: Path, ids: Sequence[str], version: int) -> None:
    index = Folders.open(generation)
    known_versions = _versions(index, ids)
    with _committed(index, _HEAP) as writer:
        for one in dict.fromkeys(ids):
            if known_versions.get(one, 0) > version:
                continue
            for field in ("id", "gone"):
                writer.delete_documents_by_term(field, one)
            if version:
                writer.add_document(form.tombstone(one, version))


def _versions(index: Any, ids: Sequence[str]) -> dict[str, int]:
    """The versions that the index knows, of entries and of removals."""
    if not ids:
        return {}
    index.reload()
    searcher, fields = index.searcher(), index.schema
    found = {}
    for one in ids:
        for field in ("id", "gone"):
            query = Query.term_query(fields, field, one, "basic")
            for _, address in searcher.search(query, limit=1, count=False).hits:
                found[one] = int(searcher.doc(address).get_first("version"))
    return found


@contextmanager
def _committed(index: Any, heap: int) -> Iterator[Any]:
    writer = index.writer(heap, 1)
    try:
        yield writer
        writer.commit()
    finally:
        writer.wait_merging_threads()


def _counted(searcher: Any, query: Query, facets: tuple[str, ...]) -> Facets:
    if not facets:
        return {}
    asked = {name: {"terms": {"field": _FIELDS[name], "size": WIDTH}} for name in facets}
    told = searcher.aggregate(query, asked)
    return {
        name: merged(
            name, ((_value(one["key"]), one["doc_count"]) for one in told[name]["buckets"])
        )
        for name in facets
    }


def _value(key: Any) -> str:
    return str(int(key)) if isinstance(key, float) else str(key)


def _position(cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return 0, 0
    level, offset = (whole_number(part) for part in cursor.partition("-")[::2])
    if level is None or offset is None or level >= len(LEVELS) or offset > _DEEPEST:
        raise InvalidRequest(
            "Vị trí trang không hợp lệ. Hãy tìm lại từ đầu hoặc thu hẹp điều kiện.",
            "The cursor is not valid. Search anew or narrow the question.",
            field="cursor",
        )
    return level, offset


def _next(level: int, offset: int, shown: int, total: int) -> str | None:
    reached = offset + shown
    return f"{level}-{reached}" if shown and reached < total and reached <= _DEEPEST else None
