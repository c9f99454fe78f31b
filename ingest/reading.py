"""Reading all pages of a file with several bounded children, each page a checkpoint."""

import queue
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest import tasks
from ingest.shelf import Shelf
from ingest.tools import Received, Tools
from vocabulary.errors import Stopped
from vocabulary.papers import PageReading


def page_numbers_of(received: Received, media_type: str, tools: Tools) -> range:
    """The numbers of the file's pages, 1 and on.

    Raises:
        Stopped: ``empty``, ``page_count_mismatch`` against what was declared.
    """
    count: int = tools.nursery.call(
        tasks.count_pages, received.path, media_type, tools.open_limits, bounds=tools.bounds
    )
    if count == 0:
        raise Stopped("empty", "no page")
    if received.declared_pages is not None and received.declared_pages != count:
        raise Stopped("page_count_mismatch", f"declared {received.declared_pages}, found {count}")
    return range(1, count + 1)


def read_all(
    path: Path, media_type: str, numbers: Sequence[int], tools: Tools, shelf: Shelf
) -> tuple[PageReading, ...]:
    """All pages in order; those the shelf has are not read again."""
    done = dict(shelf.pages())
    missing = [number for number in numbers if number not in done]
    for page in _read(path, media_type, missing, len(numbers), tools):
        shelf.keep_page(page)
        done[page.number] = page
    return tuple(done[number] for number in numbers)


def _read(
    path: Path, media_type: str, numbers: Sequence[int], of: int, tools: Tools
) -> Iterator[PageReading]:
    """Pages as they come; one thread a child, each waiting for its own pages."""
    children = min(tools.children, len(numbers))
    bounds = tools.bounds.for_pages(of)
    if children <= 1:
        if numbers:
            yield from tools.nursery.run(
                tasks.read_pages, path, media_type, tools.open_limits, numbers, tools.engine,
                bounds=bounds,
            )  # fmt: skip
        return
    finished: queue.Queue[PageReading | BaseException | None] = queue.Queue()
    stop = threading.Event()

    def follow(share: Sequence[int]) -> None:
        try:
            for page in tools.nursery.run(
                tasks.read_pages, path, media_type, tools.open_limits, share, tools.engine,
                bounds=bounds,
            ):  # fmt: skip
                finished.put(page)
                if stop.is_set():
                    return
        except BaseException as error:
            finished.put(error)
        finally:
            finished.put(None)

    threads = [
        threading.Thread(target=follow, args=(numbers[start::children],), daemon=True)
        for start in range(children)
    ]
    for thread in threads:
        thread.start()
    try:
        ended = 0
        while ended < children:
            item = finished.get()
            if item is None:
                ended += 1
            elif isinstance(item, BaseException):
                raise item
            else:
                yield item
    finally:
        stop.set()
