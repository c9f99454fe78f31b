"""Writes in lots: smaller and later when the server has too much to do."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from elasticsearch import ApiError, Elasticsearch

from repository.ports import IndexEntry
from repository.search.elastic import trouble
from repository.search.elastic.line import WRITE, Line
from repository.search.elastic.mapping import source
from vocabulary.errors import MissingPart

_MOST: Final = 500
_BYTES: Final = 4_000_000
_PATIENCE: Final = 60.0
"""Seconds for which a server that says "later", and takes nothing, is asked again."""

Refresh = Literal["wait_for", False]


@dataclass(frozen=True, slots=True)
class Action:
    """One document to be put (``source``) or removed (no source) at a version."""

    id: str
    version: int
    source: dict[str, Any] | None

    @property
    def size(self) -> int:
        """About its bytes on the line."""
        if self.source is None:
            return 100
        return 500 + sum(len(one) * 2 for one in self.source.values() if isinstance(one, str))

    def operations(self) -> list[dict[str, Any]]:
        """As the server wants it; a lower version than the one it knows is refused there."""
        kind = "delete" if self.source is None else "index"
        head = {kind: {"_id": self.id, "version": self.version, "version_type": "external_gte"}}
        return [head] if self.source is None else [head, self.source]


def puts(entries: Sequence[IndexEntry]) -> Iterator[Action]:
    """One action for each entry; of entries with one id the last."""
    for entry in {entry.id: entry for entry in entries}.values():
        yield Action(entry.id, entry.version, source(entry))


def send(
    line: Line,
    alias: str,
    actions: Iterable[Action],
    *,
    refresh: Refresh = False,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Write everything to the index behind an alias.

    Raises:
        MissingPart: the server cannot be reached, refuses writes, or would not take some
            entries (``search_refused``; the others are written).
    """
    refusals: list[str] = []
    for lot in _lots(actions):
        _send_lot(line, alias, lot, refresh, pause, refusals)
    if refusals:
        raise trouble.refused(line.where, refusals[0], len(refusals))


def _lots(actions: Iterable[Action]) -> Iterator[list[Action]]:
    lot: list[Action] = []
    size = 0
    for action in actions:
        if lot and (len(lot) == _MOST or size + action.size > _BYTES):
            yield lot
            lot, size = [], 0
        lot.append(action)
        size += action.size
    if lot:
        yield lot


def _send_lot(
    line: Line,
    alias: str,
    lot: list[Action],
    refresh: Refresh,
    pause: Callable[[float], None],
    refusals: list[str],
) -> None:
    waiting, take, delay = lot, len(lot), 0.05
    give_up = time.monotonic() + _PATIENCE
    while waiting:
        now, later = waiting[:take], waiting[take:]
        again = _once(line, alias, now, refresh, refusals)
        if len(again) < len(now):  # it takes some: it is slow, not stuck
            give_up = time.monotonic() + _PATIENCE
        if again and time.monotonic() > give_up:
            raise trouble.overloaded(line.where)
        if again:
            pause(delay)
            take, delay = max(1, take // 2), min(2.0, delay * 2)
        waiting = again + later


def _once(
    line: Line, alias: str, lot: list[Action], refresh: Refresh, refusals: list[str]
) -> list[Action]:
    """Send once; returns those that the server had no room for."""
    operations = [part for action in lot for part in action.operations()]

    def ask(client: Elasticsearch) -> Any:
        return client.bulk(
            index=alias, operations=operations, refresh=refresh, require_alias=True,
            filter_path="errors,items.*.status,items.*.error.type,items.*.result",
        )  # fmt: skip

    try:
        answer = line.raw(ask, WRITE)
    except ApiError as error:
        if error.meta.status in (413, 429) and trouble.kind_of(error) != "cluster_block_exception":
            if error.meta.status == 413 and len(lot) == 1:
                refusals.append("too_large")
                return []
            return lot
        raise trouble.named(error, line.where) from error
    if not answer["errors"]:
        return []
    results = [next(iter(item.values())) for item in answer["items"]]
    judged = zip(lot, results, strict=True)
    return [action for action, result in judged if _later(line, result, refusals)]


def _later(line: Line, result: dict[str, Any], refusals: list[str]) -> bool:
    """Whether an item must be sent again; what is wrong for good is noted or raised."""
    status, kind = result["status"], result.get("error", {}).get("type", "")
    if status < 300 or status == 409 or result.get("result") == "not_found":
        return False  # 409: the index knows a newer version
    if kind == "cluster_block_exception":
        raise trouble.read_only(line.where)
    if kind == "index_not_found_exception":
        raise trouble.unprepared(line.where)
    if status == 429:
        return True
    refusals.append(kind or str(status))
    return False


def is_gone(error: MissingPart) -> bool:
    """Whether the alias written to is not there any more."""
    return error.error_code == "search_unprepared"
