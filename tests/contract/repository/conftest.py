"""Child processes that are gone when the test ends."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from repository.ports import SearchIndex
from repository.search import TantivyIndex
from repository.search.elastic import Credentials, ElasticIndex, elastic_address
from tests.servers.elasticsearch import Elasticsearch

ROOT = Path(__file__).parents[3]
Child = subprocess.Popen[bytes]
INDEXES = ["tantivy", pytest.param("elasticsearch", marks=pytest.mark.servers)]


@pytest.fixture
def start_child() -> Iterator[Callable[..., Child]]:
    """Starts ``children.py``; whatever still runs at the end is killed."""
    started: list[Child] = []

    def start(*arguments: object) -> Child:
        command = [sys.executable, "-m", "tests.contract.repository.children"]
        child = subprocess.Popen([*command, *map(str, arguments)], cwd=ROOT, stdin=subprocess.PIPE)
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.communicate()


@pytest.fixture
def wait_for() -> Callable[[Path], str]:
    """Waits until a file has something in it."""

    def wait(path: Path) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if path.exists() and path.stat().st_size:
                return path.read_text()
            time.sleep(0.01)
        raise AssertionError(f"nothing came in {path.name}")

    return wait


@pytest.fixture(params=INDEXES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    if request.param == "tantivy":
        yield TantivyIndex(tmp_path / "index")
        return
    yield from on_a_server(request)


def on_a_server(request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    node: Elasticsearch = request.getfixturevalue("elasticsearch")
    index = ElasticIndex(elastic_address(node.address(), Credentials()), "H31")
    yield index
    node.drop()
    index.close()


@pytest.fixture(scope="module", params=INDEXES)
def shared_index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchIndex]:
    if request.param == "tantivy":
        yield TantivyIndex(tmp_path_factory.mktemp("shared"))
        return
    yield from on_a_server(request)
