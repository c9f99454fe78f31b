"""A node that is killed in the middle of writing: what was acknowledged is there afterwards."""

import threading
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from repository.ports import IndexEntry, SearchQuery
from repository.search.elastic import Credentials, ElasticIndex, elastic_address
from repository.search.elastic.line import breaker_of
from tests.servers.elasticsearch import Elasticsearch
from vocabulary.errors import MissingPart


def test_a_node_killed_in_mid_bulk_loses_nothing_acknowledged(
    own_elasticsearch: Callable[..., Elasticsearch],
) -> None:
    node = own_elasticsearch()
    address = elastic_address(node.address(), Credentials())
    with closing(ElasticIndex(address, "H31", breaker_of(rest=0.1))) as index:
        acknowledged: list[str] = []
        for round_number in range(3):
            stopped = threading.Event()

            def write(mark: str = f"r{round_number}", ended: threading.Event = stopped) -> None:
                for lot in range(10_000):
                    ids = [f"{mark}-{lot}-{n}" for n in range(20)]
                    try:
                        index.put([IndexEntry(id=one, text=f"giấy phép {one}") for one in ids])
                    except MissingPart:
                        break
                    acknowledged.extend(ids)
                ended.set()

            before = len(acknowledged)
            writer = threading.Thread(target=write)
            writer.start()
            while len(acknowledged) < before + 60:
                assert not stopped.wait(0.01)
            time.sleep(0.05 + 0.13 * round_number)
            node.server.kill()
            assert stopped.wait(90)
            writer.join()
            node.start()
            time.sleep(0.2)
        assert len(acknowledged) > 100
        assert index.count() >= len(acknowledged)
        for one in acknowledged[:: max(1, len(acknowledged) // 200)]:
            hits = index.search(SearchQuery(f'"{one}"', limit=3)).hits
            assert one in [hit.id for hit in hits]
        there = set[str]()
        cursor = None
        while True:
            page = index.search(SearchQuery(cursor=cursor, limit=200))
            there |= {hit.id for hit in page.hits}
            cursor = page.cursor
            if cursor is None:
                break
        assert there >= set(acknowledged)


def test_a_rebuild_cut_short_by_a_kill_leaves_the_old_index_and_can_be_done_again(
    own_elasticsearch: Callable[..., Elasticsearch],
) -> None:
    node = own_elasticsearch()
    address = elastic_address(node.address(), Credentials())
    with closing(ElasticIndex(address, "H31", breaker_of(rest=0.1))) as index:
        index.put([IndexEntry(id=f"a{n}", text="giấy phép") for n in range(10)])

        def cut_short() -> None:
            with index.rebuilding() as new:
                new.put([IndexEntry(id=f"b{n}", text="giấy phép") for n in range(5)])
                node.server.kill()
                new.put([IndexEntry(id="c", text="giấy phép")])

        with pytest.raises(MissingPart) as told:
            cut_short()
        assert told.value.error_code == "search_unreachable"
        node.start()
        time.sleep(0.2)
        assert index.count() == 10
        with index.rebuilding() as new:
            new.put([IndexEntry(id=f"b{n}", text="giấy phép") for n in range(5)])
        assert index.count() == 5
