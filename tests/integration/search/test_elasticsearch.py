"""A real Elasticsearch node, and everything that can be wrong with one, by name."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.adapters import search_index
from api.settings import Settings
from repository.breaker import Breaker
from repository.ports import IndexEntry, SearchIndex, SearchQuery
from repository.search.elastic import Credentials, ElasticIndex, elastic_address
from repository.search.elastic.line import breaker_of
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.proxy import Proxy
from tests.servers.running import free_ports
from vocabulary.errors import MissingPart, UsageError

NODES = Callable[..., Elasticsearch]


@pytest.fixture
def node(elasticsearch: Elasticsearch) -> Iterator[Elasticsearch]:
    yield elasticsearch
    elasticsearch.drop()


@contextmanager
def opened(
    address: str,
    known: Credentials | None = None,
    office: str = "H31",
    breaker: Breaker | None = None,
) -> Iterator[ElasticIndex]:
    with closing(
        ElasticIndex(elastic_address(address, known or Credentials()), office, breaker)
    ) as index:
        yield index


def papers(count: int, text: str = "giấy phép", version: int = 0) -> list[IndexEntry]:
    return [IndexEntry(id=f"d{n:04}", text=text, version=version) for n in range(count)]


def pages(index: SearchIndex, text: str, limit: int) -> Iterator[list[str]]:
    cursor: str | None = None
    while True:
        result = index.search(SearchQuery(text, cursor=cursor, limit=limit))
        yield [hit.id for hit in result.hits]
        cursor = result.cursor
        if cursor is None:
            return


def refused(code: str) -> "pytest.RaisesExc[MissingPart]":
    return pytest.raises(MissingPart, check=lambda error: error.error_code == code)


def test_searchers_see_a_whole_index_at_every_moment_of_a_rebuild(node: Elasticsearch) -> None:
    address = node.address()
    wrong: list[object] = []
    done = threading.Event()

    def watch() -> None:
        with opened(address) as watching:
            while not done.is_set():
                try:
                    total = watching.search(SearchQuery("giay phep")).total
                except MissingPart as error:
                    wrong.append(error)
                else:
                    if total != 40:
                        wrong.append(total)

    with opened(address) as index:
        index.put(papers(40))
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            for _ in range(5):
                with index.rebuilding() as new:
                    new.put(papers(20))
                    new.put(papers(40)[20:])
        finally:
            done.set()
            watcher.join()
        assert not wrong
        names = httpx.get(f"{node.url}/_alias").json()
    (mine,) = [name for name in names if name.startswith(address.rpartition("/")[2])]
    assert mine.endswith("-g6")


def test_writers_elsewhere_reach_both_generations_and_lose_nothing(node: Elasticsearch) -> None:
    address = node.address()
    with opened(address) as rebuilder, opened(address) as writer:
        writer.put(papers(30, version=1))
        done = threading.Event()
        written = 0

        def write() -> None:
            nonlocal written
            while not done.is_set():
                written += 1
                entry = IndexEntry(id=f"w{written}", text="viết lúc dựng lại", version=1)
                writer.put([entry])

        thread = threading.Thread(target=write)
        thread.start()
        try:
            for _ in range(3):
                with rebuilder.rebuilding() as new:  # the catalogue is read when both are written
                    numbers = range(1, written + 1)
                    seen = [IndexEntry(f"w{n}", "viết lúc dựng lại", version=1) for n in numbers]
                    new.put([*papers(30, version=1), *seen])
        finally:
            done.set()
            thread.join()
        assert rebuilder.count() == 30 + written


def test_a_rebuild_that_was_killed_hinders_nobody(node: Elasticsearch) -> None:
    with opened(node.address()) as index:
        index.put(papers(3))
        index._generations.begin()  # as a process leaves it that dies here
        index.put(papers(5))
        assert index.count() == 5
        with index.rebuilding() as new:
            new.put(papers(2))
        assert index.count() == 2
        names = httpx.get(f"{node.url}/_alias").json()
        assert len([name for name in names if name.startswith(index._generations.names)]) == 1


def test_the_slower_of_two_rebuilds_says_so(node: Elasticsearch) -> None:
    address = node.address()
    with opened(address) as first, opened(address) as second:

        def overtaken() -> None:
            with first.rebuilding() as slow, second.rebuilding() as quick:
                quick.put(papers(2))
                first._generations.abandon(_being_built(node, address))
                slow.put(papers(3))

        with refused("search_rebuilt_elsewhere"):
            overtaken()


def _being_built(node: Elasticsearch, address: str) -> str:
    prefix = address.rpartition("/")[2]
    (name,) = httpx.get(f"{node.url}/_alias/{prefix}-next").json()
    return str(name)


def test_a_server_with_too_much_to_do_gets_less_later(own_elasticsearch: NODES) -> None:
    node = own_elasticsearch("indexing_pressure.memory.limit=200kb")
    with opened(node.address()) as index:
        index.put(papers(60, "giấy phép tiến hành công việc bức xạ " * 200))
        assert index.count() == 60
    told = httpx.get(f"{node.url}/_nodes/stats/indexing_pressure").json()
    (pressure,) = [one["indexing_pressure"]["memory"]["total"] for one in told["nodes"].values()]
    assert pressure["coordinating_rejections"] > 0


def test_paging_goes_on_after_the_view_was_lost(own_elasticsearch: NODES) -> None:
    node = own_elasticsearch()
    with opened(node.address()) as index:
        index.put(papers(9))
        walk = pages(index, "giay phep", 2)
        seen = [*next(walk), *next(walk)]
        node.server.kill()
        node.start()
        for page in walk:
            seen += page
    assert seen == [f"d{n:04}" for n in range(9)]


def test_pages_come_from_one_view_whatever_changes_meanwhile(node: Elasticsearch) -> None:
    with opened(node.address()) as index:
        index.put(papers(9))
        walk = pages(index, "giay phep", 3)
        seen = [*next(walk), *next(walk)]
        index.remove(["d0006"])
        seen += [one for page in walk for one in page]
    assert seen == [f"d{n:04}" for n in range(9)]


def test_a_cursor_made_up_for_another_offices_view_shows_nothing(node: Elasticsearch) -> None:
    with opened(node.address()) as mine, opened(node.address(), office="H54") as other:
        mine.put(papers(2))
        other.put(papers(2))
        alias = other._generations.alias
        view = httpx.post(f"{node.url}/{alias}/_pit?keep_alive=1m").json()["id"]
        made_up = base64.urlsafe_b64encode(json.dumps([0, 0, [9e9, "a"], view]).encode())
        result = mine.search(SearchQuery("giay phep", cursor=made_up.decode()))
        assert (result.hits, result.total) == ((), 0)


def test_a_cluster_that_blocks_writes_is_named_and_still_searched(node: Elasticsearch) -> None:
    with opened(node.address()) as index:
        index.put(papers(1))
        block = {"index.blocks.read_only_allow_delete": True}
        httpx.put(f"{node.url}/{index._generations.alias}/_settings", json=block)
        with refused("search_read_only"):
            index.put(papers(2))
        with refused("search_read_only"):
            index.check()
        assert index.search(SearchQuery("giay phep")).total == 1


def test_after_three_failures_calls_fail_at_once_until_the_pause_is_over(
    node: Elasticsearch,
) -> None:
    now = [0.0]
    with Proxy(node.url).running() as proxy:
        address = f"elasticsearch+{proxy.url}/{node.address().rpartition('/')[2]}"
        with opened(address, breaker=breaker_of(clock=lambda: now[0])) as index:
            index.put(papers(1))
            proxy.down = True
            for _ in range(3):
                with refused("search_unreachable"):
                    index.search(SearchQuery("giay"))
            tried = proxy.calls
            with pytest.raises(MissingPart) as told:
                index.search(SearchQuery("giay"))
            assert (told.value.error_code, told.value.detail["retry_after"]) == (
                "search_unreachable", 10,
            )  # fmt: skip
            assert proxy.calls == tried
            now[0] = 11.0
            with refused("search_unreachable"):  # one tries, and finds it still away
                index.search(SearchQuery("giay"))
            assert proxy.calls == tried + 1
            proxy.down = False
            now[0] = 22.0
            assert index.search(SearchQuery("giay")).total == 1


def test_a_server_that_is_not_there_is_named_and_the_adapter_still_opens() -> None:
    (port,) = free_ports()
    with opened(f"elasticsearch+http://127.0.0.1:{port}/x") as index:
        for call in (index.check, index.count, lambda: index.put(papers(1))):
            with refused("search_unreachable"):
                call()


def test_a_wrong_password_or_key_is_named(node: Elasticsearch, tmp_path: Path) -> None:
    basic = base64.b64encode("văn thư:mật khẩu".encode()).decode()
    with Proxy(node.url).running() as proxy:
        address = f"elasticsearch+{proxy.url}/{node.address().rpartition('/')[2]}"
        proxy.demanded = f"Basic {basic}"
        wrong = Credentials(user="văn thư", password="sai")
        with opened(address, wrong) as index, refused("search_wrong_password"):
            index.check()
        with opened(address, Credentials(user="văn thư", password="mật khẩu")) as index:
            index.check()
        proxy.demanded = "ApiKey khoa"
        with (
            opened(address, Credentials(api_key="khac")) as index,
            refused("search_wrong_password"),
        ):
            index.search(SearchQuery("a"))
        (tmp_path / "key").write_text("khoa\n")
        settings = Settings(
            home=tmp_path, search_url=address, search_api_key_file=tmp_path / "key",
            office_unit_code="H31",
        )  # fmt: skip
        with closing(search_index(settings)) as index:
            assert index.check().startswith("Elasticsearch 9.")


@pytest.mark.parametrize("version", ["8.19.3", "10.0.0"])
def test_a_server_of_another_version_is_named(node: Elasticsearch, version: str) -> None:
    with Proxy(node.url).running() as proxy:
        proxy.replaced = {'"number":"9.5.3"': f'"number":"{version}"'}
        with opened(f"elasticsearch+{proxy.url}/x") as index, refused("search_wrong_version"):
            index.check()


def test_something_else_that_listens_there_is_named(node: Elasticsearch) -> None:
    with Proxy(node.url).running() as proxy:
        proxy.dropped_header = "x-elastic-product"
        with opened(f"elasticsearch+{proxy.url}/x") as index, refused("search_wrong_server"):
            index.check()


def test_an_index_of_another_office_is_never_touched(node: Elasticsearch) -> None:
    address = node.address()
    with opened(address) as mine, opened(address, office="H54") as other:
        mine.put(papers(1))
        for call in (other.check, lambda: other.put(papers(2)), other.clear):
            with refused("search_other_office"):
                call()
        assert mine.count() == 1


def test_an_index_of_another_form_asks_for_a_rebuild_which_mends_it(node: Elasticsearch) -> None:
    address = node.address()
    with opened(address) as index:
        index.put(papers(1))
        note = {"_meta": {"form": "0", "office": "H31"}}
        httpx.put(f"{node.url}/{index._generations.alias}/_mapping", json=note).raise_for_status()
        with refused("search_other_form"):
            index.check()
        with index.rebuilding() as new:
            new.put(papers(2))
        assert index.check().endswith(", 2")


def test_a_name_that_is_taken_by_another_index_is_named(node: Elasticsearch) -> None:
    httpx.put(f"{node.url}/taken").raise_for_status()
    with opened(node.address("taken")) as index, refused("search_name_taken"):
        index.check()


def test_an_index_that_was_deleted_asks_for_a_rebuild(node: Elasticsearch) -> None:
    with opened(node.address()) as index:
        index.put(papers(1))
        node.drop()
        with refused("search_unprepared"):
            index.put(papers(1))
        with refused("search_unprepared"):
            index.search(SearchQuery("a"))
        with index.rebuilding() as new:
            new.put(papers(2))
        assert index.count() == 2


def test_an_entry_that_the_server_refuses_does_not_hold_up_the_others(node: Elasticsearch) -> None:
    with opened(node.address()) as index:
        bad = replace(papers(1)[0], id="x" * 600)  # an id of the server has 512 bytes at most
        with pytest.raises(MissingPart) as told:
            index.put([*papers(3), bad])
        assert told.value.error_code == "search_refused"
        assert index.count() in (0, 3)


def test_a_certificate_that_is_not_trusted_is_named(
    node: Elasticsearch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = _certificate(tmp_path)
    proxy = Proxy(node.url)
    proxy.speak_tls(certificate, key)
    with proxy.running():
        address = f"elasticsearch+{proxy.url}/{node.address().rpartition('/')[2]}"
        with opened(address) as index, refused("search_tls"):
            index.check()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with opened(address) as index:
            assert index.check().startswith("Elasticsearch 9.")


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    loopback = x509.IPAddress(ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([loopback]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "server.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    return folder / "server.pem", folder / "server.key"


@pytest.mark.parametrize(
    "url",
    [
        "elasticsearch+http://ten:mat-khau@host/x", "elasticsearch+http://host:9200",
        "elasticsearch+http://host/CHU-HOA", "elasticsearch+ftp://host/x",
        "elasticsearch+http:///x", "elasticsearch+http://host/a/b",
    ],
)  # fmt: skip
def test_an_address_that_does_not_fit_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as told:
        elastic_address(url, Credentials())
    assert "mat-khau" not in told.value.en.replace(url, "")


def test_an_address_names_hosts_and_prefix_and_no_secret() -> None:
    read = elastic_address("elasticsearch+https://a:9300,b/van-ban", Credentials(api_key="bi-mat"))
    assert read.hosts == ("https://a:9300", "https://b:443")
    assert read.prefix == "van-ban"
    assert "bi-mat" not in repr(read) + read.told


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path, search_url="elasticsearch+http://host/x",
        search_api_key_file=tmp_path / "none",
    )  # fmt: skip
    with pytest.raises(MissingPart, match="SOHOA_SEARCH_API_KEY_FILE"):
        search_index(settings)
