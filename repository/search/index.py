"""The embedded index: one folder, many readers, one writer at a time.

Writers of all processes line up at a file lock; every call commits, so what
was put is visible to every searcher, here and in other processes, when the
call returns. Measured: killing a writer at any moment loses no commit and
leaves no stale lock. The index can always be rebuilt from the catalogue.
"""

import fcntl
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import tantivy
from tantivy import Occur, Query

from repository.ports import IndexEntry, SearchHit, SearchQuery, SearchResult
from repository.search.asking import ENDLESS, LEVELS, as_typed, day, filters
from repository.search.highlights import highlights
from repository.search.terms import Question, number_form, question, shortened, words
from vocabulary.errors import InvalidRequest, MissingPart
from vocabulary.text import exact, folded, nfc

FORM: Final = "v1"
"""Folder of this form of the index; another form starts empty and is filled by ``reindex``."""

_HEAP: Final = 50_000_000
_DEEPEST: Final = 10_000


class TantivyIndex:
    """Opens or makes the index under a folder (port ``repository.ports.SearchIndex``).

    Raises:
        MissingPart: the folder cannot be written or holds something unreadable.
    """

    def __init__(self, path: Path) -> None:
        self.path = path / FORM
        self._threads = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with self._locked():
                self._index = tantivy.Index(_schema(), path=str(self.path))
            self._index.config_reader("manual")
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
        with self._writing() as writer:
            for entry in {entry.id: entry for entry in entries}.values():
                writer.delete_documents_by_term("id", entry.id)
                writer.add_document(_document(entry))

    def remove(self, ids: Sequence[str]) -> None:
        """Forgets entries; unknown ids are no matter."""
        if not ids:
            return
        with self._writing() as writer:
            for one in ids:
                writer.delete_documents_by_term("id", one)

    def clear(self) -> None:
        """Forgets everything, before a rebuild."""
        with self._writing() as writer:
            writer.delete_all_documents()

    def count(self) -> int:
        """Documents in the index."""
        return int(self._searcher().num_docs)

    def search(self, query: SearchQuery) -> SearchResult:
        """Answers a query; see :mod:`repository.search.asking` for the order of hits.

        Raises:
            InvalidRequest: the cursor is not one that this index gave.
        """
        level, offset = _position(query.cursor)
        limit = max(1, min(query.limit, 200))
        searcher = self._searcher()
        asked = question(query.text)
        must = filters(self._index.schema, query)
        if not asked.folded:
            if query.text.strip():  # nothing but punctuation was typed
                return SearchResult((), 0, None)
            return self._listed(searcher, must, offset, limit)
        levels = LEVELS[level : level + 1] if query.cursor else LEVELS
        for number, build in enumerate(levels, start=level):
            words_query = build(self._index.schema, asked)
            if words_query is None:
                continue
            whole = Query.boolean_query([(Occur.Must, words_query), *must])
            found = searcher.search(whole, limit=limit, offset=offset)
            if found.hits or query.cursor:
                return self._result(searcher, asked, found, number, offset)
        return SearchResult((), 0, None)

    def _listed(self, searcher: Any, must: Sequence[Any], offset: int, limit: int) -> SearchResult:
        """Everything that passes the filters, newest papers first."""
        whole = Query.boolean_query([(Occur.Must, Query.all_query()), *must])
        found = searcher.search(whole, limit=limit, offset=offset, order_by_field="issue_date")
        hits = tuple(
            SearchHit(searcher.doc(address).get_first("id"), 0.0, (), False)
            for _, address in found.hits
        )
        return SearchResult(hits, found.count, _next(0, offset, len(hits), found.count))

    def _result(
        self, searcher: Any, asked: Question, found: Any, level: int, offset: int
    ) -> SearchResult:
        documents = [(score, searcher.doc(address)) for score, address in found.hits]
        ids = [document.get_first("id") for _, document in documents]
        exactly = self._as_typed(searcher, asked, ids)
        hits = tuple(
            SearchHit(
                id=one,
                score=score,
                highlights=highlights(
                    document.get_first("body").decode(),
                    document.get_first("folded_body").decode(),
                    asked.folded,
                    relaxed=level > 0,
                ),
                exact=one in exactly,
            )
            for one, (score, document) in zip(ids, documents, strict=True)
        )
        following = _next(level, offset, len(hits), found.count)
        return SearchResult(hits, found.count, following, relaxed=level > 0)

    def _as_typed(self, searcher: Any, asked: Question, ids: Sequence[str]) -> frozenset[str]:
        schema = self._index.schema
        among = Query.term_set_query(schema, "id", list(ids))
        query = Query.boolean_query([(Occur.Must, among), (Occur.Must, as_typed(schema, asked))])
        found = searcher.search(query, limit=max(1, len(ids)))
        return frozenset(searcher.doc(address).get_first("id") for _, address in found.hits)

    def _searcher(self) -> Any:
        """A view of the newest commit, whoever made it: the engine replaces meta.json each time."""
        stat = (self.path / "meta.json").stat()
        now = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        with self._threads:
            if now != self._seen:
                self._index.reload()
                self._seen = now
            return self._index.searcher()

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._locked():
            writer = self._index.writer(_HEAP, 1)
            try:
                yield writer
                writer.commit()
            finally:
                writer.wait_merging_threads()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """The place at the head of the line of all writers, in this process and others."""
        handle = os.open(self.path / "writers.lock", os.O_CREAT | os.O_RDWR, 0o640)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("text", "fold"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    for name in ("number", "subject_id", "type", "issuer", "procedure", "state", "status"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("issue_date", "valid_from", "valid_to"):
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in ("body", "folded_body"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def _document(entry: IndexEntry) -> Any:
    heads = (entry.number_symbol, entry.subject, entry.issuer, entry.holder, entry.name)
    body = shortened(nfc("\n".join(part for part in (*heads, entry.text) if part)))
    normal = folded(body)
    document = tantivy.Document()
    document.add_text("id", entry.id)
    document.add_text("text", " ".join(words(exact(body))))
    document.add_text("fold", " ".join(words(normal)))
    document.add_bytes("body", body.encode())
    document.add_bytes("folded_body", normal.encode())
    if entry.number_symbol:
        document.add_text("number", number_form(entry.number_symbol))
    if entry.issuer:
        document.add_text("issuer", number_form(entry.issuer))
    for name in ("subject_id", "type", "procedure", "state", "status"):
        value = getattr(entry, name)
        if value:
            document.add_text(name, value)
    document.add_integer("issue_date", day(entry.issue_date, 0))
    document.add_integer("valid_from", day(entry.valid_from or entry.issue_date, 0))
    document.add_integer("valid_to", day(entry.valid_to, ENDLESS))
    return document


def _position(cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return 0, 0
    level, _, offset = cursor.partition("-")
    known = level.isdecimal() and offset.isdecimal() and int(level) < len(LEVELS)
    if not known or int(offset) > _DEEPEST:
        raise InvalidRequest(
            "Vị trí trang không hợp lệ. Hãy tìm lại từ đầu hoặc thu hẹp điều kiện.",
            "The cursor is not valid. Search anew or narrow the question.",
            field="cursor",
        )
    return int(level), int(offset)


def _next(level: int, offset: int, shown: int, total: int) -> str | None:
    reached = offset + shown
    return f"{level}-{reached}" if shown and reached < total and reached <= _DEEPEST else None
