"""A host loses the network to the database alone, and comes back."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from demo.papers import PaperKind
from ingest.house import House
from tests.faults.hosts import Department, department
from tests.faults.network import DATABASE, Cable, Namespace, cable_to, namespace, way_to
from tests.faults.whole import (
    each_paper_once,
    index_is_the_catalogue,
    nothing_waits,
    pages_read,
    states,
    wait_until,
)
from tests.integration.http.papers import born_digital, many_pages, scanned
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.engines import Engines, Servers
from tests.servers.postgresql import PostgreSql
from tests.servers.s3 import S3Server

pytestmark = pytest.mark.servers


@pytest.fixture
def network() -> Iterator[Namespace | None]:
    with namespace() as found:
        yield found


@pytest.fixture
def cluster(network: Namespace | None) -> Iterator[PostgreSql]:
    """A server at this machine's end of the cable."""
    with tempfile.TemporaryDirectory(prefix="sohoa-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = PostgreSql(Path(folder), network=None if network is None else DATABASE)
        try:
            yield made
        finally:
            made.server.stop()


@pytest.fixture
def engines(servers: Servers, cluster: PostgreSql) -> Engines:
    return {**servers.fresh(), "database_url": cluster.database()}


@pytest.fixture
def office(tmp_path: Path, engines: Engines) -> Iterator[Department]:
    with department(tmp_path, engines) as made:
        yield made


@contextmanager
def far_away(
    engines: Engines, network: Namespace | None, *ports: int
) -> Iterator[tuple[Cable, Engines]]:
    """The cable, and the settings of a host at its other end; ports: database, store, search."""
    with ExitStack() as opened:
        cable, database = opened.enter_context(cable_to(ports[0], network))
        places = {ports[0]: database}
        for port in ports[1:]:
            places[port] = opened.enter_context(way_to(port, network))
        seen: Engines = {}
        for name in ("database_url", "objects_url", "search_url"):
            url = str(engines[name])
            for port, place in places.items():
                url = url.replace(f"127.0.0.1:{port}", place)
            seen[name] = url
        yield cable, seen


def import_papers(office: Department, folder: Path, papers: dict[str, bytes]) -> None:
    folder.mkdir()
    for name, content in papers.items():
        (folder / name).write_bytes(content)
    office.command("import", str(folder), "--no-wait")


def sessions_from_far_away(house: House) -> int:
    with house.database.read() as tx:
        return int(
            tx.execute(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE host(client_addr) LIKE '10.213.%'"
                )
            ).scalar_one()
        )


def test_a_host_without_the_database_writes_nothing_stale_and_goes_on(
    office: Department,
    engines: Engines,
    network: Namespace | None,
    cluster: PostgreSql,
    seaweedfs_server: S3Server,
    elasticsearch: Elasticsearch,
    tmp_path: Path,
) -> None:
    first = {"quyết định.pdf": many_pages(scanned(PaperKind.DECISION, 5), 16)}
    import_papers(office, tmp_path / "first", first)
    ports = (cluster.port, seaweedfs_server.port, elasticsearch.port)
    with office.house() as house, far_away(engines, network, *ports) as (cable, seen):
        cut_off = office.host("cut-off", inside=cable.inside, **seen)
        wait_until(lambda: len(pages_read(house)) >= 2, 60, lambda: (states(house), cut_off.said()))
        cable.pull()
        before = pages_read(house)
        steady = office.host("steady")
        wait_until(lambda: len(pages_read(house)) >= len(before) + 2, 60, lambda: states(house))
        # the server lets go of what that host has held
        wait_until(lambda: sessions_from_far_away(house) == 0, 60)
        assert cut_off.process.poll() is None
        cable.plug_in()
        wait_until(lambda: nothing_waits(house), 90, lambda: states(house))
        assert before.items() <= pages_read(house).items()
        each_paper_once(house, {"quyết định.pdf": 16})
        assert steady.end() == 0
        then = {f"{number}.pdf": born_digital(f"CONG VAN SO {number}") for number in range(4)}
        import_papers(office, tmp_path / "then", then)
        wait_until(lambda: nothing_waits(house), 60, lambda: (states(house), cut_off.said()))
        each_paper_once(house, {"quyết định.pdf": 16, **dict.fromkeys(then, 1)})
        index_is_the_catalogue(house)
        assert cut_off.end() == 0
        for host in (cut_off, steady):
            assert "read twice" not in host.said()
