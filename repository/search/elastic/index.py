"""Search on an Elasticsearch server, behind the same port as the embedded index."""

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from elasticsearch import ApiError

from repository.breaker import Breaker
from repository.ports import IndexEntry, SearchHit, SearchQuery, SearchResult
from repository.search.elastic import trouble
from repository.search.elastic.address import ElasticAddress
from repository.search.elastic.bulk import Action, is_gone, puts, send
from repository.search.elastic.dsl import FIRST, TYPED, whole
from repository.search.elastic.facets import asked_for, counted
from repository.search.elastic.generations import Generations
from repository.search.elastic.line import Line
from repository.search.elastic.paging import KEEP, Place, cursor_of, place_of
from repository.search.facets import known
from repository.search.highlights import highlights
from repository.search.ranking import LEVELS, Plan, as_typed, filters
from repository.search.terms import Question, question
from vocabulary.errors import MissingPart, SohoaError
from vocabulary.text import folded

_MOMENT: Final = 0.05
_LOT: Final = 5_000
_BY_SCORE: Final = ({"_score": "desc"}, {"id": "asc"})
_BY_DAY: Final = ({"issue_date": "desc"}, {"id": "asc"})


class ElasticIndex:
    """The index of one office (port ``repository.ports.SearchIndex``).

    Nothing is asked of the server before the first call, so that the service starts
    and takes papers in while it is away.

    Args:
        address: cluster and prefix.
        office: identity of the office; an index of another office is never touched.
        breaker: for tests.
    """

    def __init__(
        self, address: ElasticAddress, office: str, breaker: Breaker | None = None
    ) -> None:
        self._line = Line(address, breaker)
        self._generations = Generations(self._line, address.prefix, office)
        self._lock = threading.Lock()
        self._verified = False

    def put(self, entries: Sequence[IndexEntry]) -> None:
        """Adds or replaces entries; returns when every searcher sees them."""
        if entries:
            self._write(list(puts(entries)))

    def remove(self, ids: Sequence[str], version: int = 0) -> None:
        """Forgets entries; unknown ids are no matter."""
        if ids:
            self._write([Action(one, version, None) for one in dict.fromkeys(ids)])

    def clear(self) -> None:
        """Forgets everything."""
        with self.rebuilding():
            pass

    def count(self) -> int:
        """Documents in the index."""
        self._ready()
        told = self._line.twice(lambda client: client.count(index=self._generations.alias))
        return int(told["count"])

    def check(self) -> str:
        """Looks at everything anew; see the port."""
        with self._lock:
            version = self._generations.verify()
            self._verified = True
        self._generations.writable()
        return f"Elasticsearch {version}, {self.count()}"

    def versions(self) -> Iterator[tuple[str, int]]:
        """Id and version of every entry, read in one view of the index."""
        self._ready()
        alias = self._generations.alias
        opened = self._line.call(lambda c: c.open_point_in_time(index=alias, keep_alive=KEEP))
        view, after = str(opened["id"]), None
        try:
            while hits := self._lot(view, after):
                for hit in hits:
                    yield hit["_id"], hit["_version"]
                after = hits[-1]["sort"]
        finally:
            with suppress(MissingPart):
                self._line.call(lambda c: c.close_point_in_time(id=view))

    def _lot(self, view: str, after: Any) -> Any:
        body: dict[str, Any] = {
            "size": _LOT, "sort": ["_shard_doc"], "version": True, "source": False,
            "track_total_hits": False, "pit": _view(view),
        }  # fmt: skip
        if after is not None:
            body["search_after"] = after
        return self._line.call(lambda c: c.search(**body))["hits"]["hits"]

    def close(self) -> None:
        """Give the connections back."""
        self._line.close()

    @contextmanager
    def rebuilding(self) -> Iterator["_Build"]:
        """A new generation; see the port."""
        name = self._generations.begin()
        try:
            yield _Build(self._line, self._generations.following)
            self._generations.finish(name)
        except BaseException:
            with suppress(SohoaError):
                self._generations.abandon(name)
            raise
        with self._lock:
            self._verified = False

    def search(self, query: SearchQuery) -> SearchResult:
        """Answers a query; see :mod:`repository.search.ranking` for the order of hits.

        Raises:
            InvalidRequest: the cursor is not one that this index gave.
            MissingPart: the server cannot answer.
        """
        place = place_of(query.cursor)
        asked = question(query.text)
        self._ready()
        if not asked.folded:
            if query.text.strip():  # nothing but punctuation was typed
                return SearchResult((), 0, None)
            return self._page(query, place, asked, None)[0]
        plans = [(number, plan) for number, build in enumerate(LEVELS) if (plan := build(asked))]
        if query.cursor is not None:
            plans = [one for one in plans if one[0] == place.level]
        scattered: SearchResult | None = None
        yields = 0
        for number, plan in plans:
            here = Place(number, place.seen, place.after, place.view)
            result, together = self._page(query, here, asked, plan)
            if plan.yields and query.cursor is None and result.hits and not together:
                scattered, yields = result, plan.yields
            elif result.hits or query.cursor is not None:
                return result
            if scattered is not None and number >= yields:
                break
        return scattered or SearchResult((), 0, None)

    def _page(
        self, query: SearchQuery, place: Place, asked: Question, plan: Plan | None
    ) -> tuple[SearchResult, bool]:
        """A page, and whether what stands first in it fits the plan's first clause."""
        limit = max(1, min(query.limit, 200))
        typed = None if plan is None else as_typed(asked)
        body: dict[str, Any] = {
            "query": whole(plan, filters(query), typed),
            "sort": _BY_DAY if plan is None else _BY_SCORE,
            "size": limit,
            "track_total_hits": True,
            "source": ["body"] if plan is not None else False,
        }
        facets = known(query.facets)
        if facets:
            body["aggs"] = asked_for(facets)
        told, view = self._ask(body, place, query.text)
        found = told["hits"]["hits"]
        hits = tuple(_hit(hit, asked, relaxed=place.level > 0) for hit in found)
        total, seen, cursor = told["hits"]["total"]["value"], place.seen + len(hits), None
        if hits and seen < total:
            cursor = cursor_of(Place(place.level, seen, tuple(found[-1]["sort"]), view))
        counts = counted(told.get("aggregations", {}), facets)
        together = bool(found) and FIRST in found[0].get("matched_queries", ())
        return SearchResult(hits, total, cursor, place.level > 0, counts), together

    def _ask(self, body: dict[str, Any], place: Place, text: str) -> tuple[Any, str | None]:
        """The first page as the index is now; the following in one view of it."""
        if not place.after:
            # the same copy for the same question: copies score a little differently
            same = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
            alias = self._generations.alias
            return self._line.twice(lambda c: c.search(index=alias, preference=same, **body)), None
        body["search_after"] = list(place.after)
        # a view comes back from outside: whatever it shows, only this office's index counts
        mine = {"prefix": {"_index": self._generations.names}}
        body["query"] = {"bool": {"must": [body["query"]], "filter": [mine]}}
        if place.view is not None:
            try:
                return self._in_view(body, place.view), place.view
            except ApiError as error:
                if error.meta.status not in (400, 404):
                    raise trouble.named(error, self._line.where) from error
        opened = self._line.call(
            lambda c: c.open_point_in_time(index=self._generations.alias, keep_alive=KEEP)
        )
        view = str(opened["id"])
        return self._line.call(lambda c: c.search(pit=_view(view), **body)), view

    def _in_view(self, body: dict[str, Any], view: str) -> Any:
        return self._line.raw(lambda c: c.search(pit=_view(view), **body))

    def _write(self, actions: Sequence[Action]) -> None:
        """To every generation.

        The one that is being built comes first: if it becomes current meanwhile it gets
        all of it a second time, and nothing falls between the two.
        """
        self._ready()
        if self._generations.being_built():
            try:
                send(self._line, self._generations.following, actions)
            except MissingPart as error:
                if not is_gone(error):
                    raise
        try:
            send(self._line, self._generations.alias, actions, refresh="wait_for")
        except MissingPart as error:
            if not is_gone(error):
                raise
            # the generation went away under the write; versions make writing twice harmless
            time.sleep(_MOMENT)
            send(self._line, self._generations.alias, actions, refresh="wait_for")

    def _ready(self) -> None:
        """Server and index were looked at once since this process started."""
        with self._lock:
            if not self._verified:
                self._generations.verify()
                self._verified = True


class _Build:
    """Fills a new generation; port ``repository.ports.IndexBuild``."""

    def __init__(self, line: Line, alias: str) -> None:
        self._line = line
        self._alias = alias

    def put(self, entries: Sequence[IndexEntry]) -> None:
        """Adds entries; what was written meanwhile in a newer version stays."""
        try:
            send(self._line, self._alias, puts(entries))
        except MissingPart as error:
            raise (trouble.taken_over(self._line.where) if is_gone(error) else error) from error


def _view(view: str) -> dict[str, str]:
    return {"id": view, "keep_alive": KEEP}


def _hit(hit: Any, asked: Question, *, relaxed: bool) -> SearchHit:
    body = hit.get("_source", {}).get("body")
    shown = () if body is None else highlights(body, folded(body), asked.shown, relaxed=relaxed)
    exact = TYPED in hit.get("matched_queries", ())
    return SearchHit(hit["_id"], hit["_score"] or 0.0, shown, exact)
