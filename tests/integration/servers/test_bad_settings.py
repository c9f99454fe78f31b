"""Settings and servers that do not fit: found at the start, by name, with what to do."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from api.adapters import search_index
from api.settings import Settings
from api.wiring import open_house
from demo.office import make_demo_office
from ingest.starting import must_fit
from tests.faults.service import ROOT, environment, free_port, sohoa
from tests.integration.http.office import open_office
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.engines import Engines, Servers, as_environment
from tests.servers.postgresql import PostgreSql
from tests.servers.troubled_way import troubled_way
from vocabulary.clock import SystemClock
from vocabulary.errors import Conflict

pytestmark = pytest.mark.servers

WITH_THE_CLOCK_OFF = """
import sys
from datetime import timedelta
from vocabulary import clock
off, right = timedelta(seconds=int(sys.argv.pop(1))), clock.SystemClock.now
clock.SystemClock.now = lambda self: right(self) + off
from api.cli.main import main
main()
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[PostgreSql]:
    """A server with passwords, beside the one of the whole run."""
    with tempfile.TemporaryDirectory(prefix="sohoa-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = PostgreSql(Path(folder))
        with psycopg.connect(**connected(made), autocommit=True) as connection:  # type: ignore[arg-type]
            connection.execute("CREATE ROLE clerk LOGIN SUPERUSER PASSWORD 'the right one'")
            rules = made.folder / "data" / "pg_hba.conf"
            rules.write_text("host all clerk all scram-sha-256\n" + rules.read_text())
            connection.execute("SELECT pg_reload_conf()")
        try:
            yield made
        finally:
            made.server.stop()


def connected(cluster: PostgreSql) -> dict[str, object]:
    return {"host": "127.0.0.1", "port": cluster.port, "user": "sohoa", "dbname": "postgres"}


@dataclass(frozen=True)
class Bench:
    """What a case may use to make its trouble."""

    cluster: PostgreSql
    elasticsearch: Elasticsearch
    folder: Path


@pytest.fixture
def bench(cluster: PostgreSql, elasticsearch: Elasticsearch, tmp_path: Path) -> Bench:
    return Bench(cluster, elasticsearch, tmp_path)


def nobody_there(bench: Bench) -> Engines:
    return {"database_url": f"postgresql+psycopg://sohoa@127.0.0.1:{free_port()}/office"}


def wrong_password(bench: Bench) -> Engines:
    secret = bench.folder / "password"
    secret.write_text("the wrong one\n")
    url = bench.cluster.database().replace("sohoa@", "clerk@")
    return {"database_url": url, "database_password_file": secret}


def no_database(bench: Bench) -> Engines:
    return {"database_url": f"postgresql+psycopg://sohoa@127.0.0.1:{bench.cluster.port}/nowhere"}


def newer_catalogue(bench: Bench) -> Engines:
    url = bench.cluster.database()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    return {"database_url": url}


def other_office(bench: Bench) -> Engines:
    url = bench.elasticsearch.address()
    other_office_at(url, bench.folder)
    return {"search_url": url}


def no_address(bench: Bench) -> Engines:
    return {"database_url": "the server in the cellar"}


def without_postgresql(bench: Bench) -> Engines:
    return {"jobs": "procrastinate"}


@dataclass(frozen=True)
class Case:
    """A trouble, the exit code that it ends with, and words of its two sentences."""

    make: Callable[[Bench], Engines]
    code: int
    vi: str
    en: str


CASES = [
    Case(nobody_there, 4, "Không mở hoặc không ghi được", "cannot be opened or written"),
    Case(wrong_password, 4, "không cho đăng nhập", "refuses the login"),
    Case(no_database, 4, "createdb -E UTF8 -O sohoa nowhere", "has no database 'nowhere'"),
    Case(newer_catalogue, 4, "phiên bản mới hơn", "newer version of this program"),
    Case(other_office, 4, "là của đơn vị 000.00.00.H54", "belongs to the office 000.00.00.H54"),
    Case(no_address, 2, "SOHOA_DATABASE_URL", "catalogue's address cannot be used"),
    Case(without_postgresql, 2, "cần cơ sở dữ liệu PostgreSQL", "needs PostgreSQL"),
]


def run(
    home: Path, engines: Engines, *words: str, program: tuple[str, ...] = ("-m", "api.cli")
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *program, *words], env=environment(home, as_environment(engines)),
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def refused(home: Path, engines: Engines, case: Case, *program: str) -> None:
    """By the service, by a worker, and by the doctor."""
    how = program or ("-m", "api.cli")
    for words in (("serve", "--port", str(free_port())), ("worker",)):
        answer = run(home, engines, *words, program=how)
        assert answer.returncode == case.code, answer.stderr
        assert "Traceback" not in answer.stderr
        lines = [line.strip() for line in answer.stderr.splitlines()]
        assert len(lines) == 2, answer.stderr
        assert case.vi in lines[0]
        assert case.en in lines[1]
    told = run(home, engines, "doctor", "--json", program=how)
    if case.code == 2 and not told.stdout:  # no settings, nothing to look at
        assert (told.returncode, case.vi in told.stderr) == (2, True)
        return
    assert told.returncode == 4, told.stdout + told.stderr
    found = [json.loads(line) for line in told.stdout.splitlines()]
    bad = [one for one in found if not one["ok"]]
    assert any(case.vi in one["mend"] for one in bad), bad


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.make.__name__)
def test_a_wrong_part_is_named_at_the_start(case: Case, bench: Bench, tmp_path: Path) -> None:
    refused(tmp_path / "home", case.make(bench), case)


def test_a_database_server_that_is_too_old(bench: Bench, tmp_path: Path) -> None:
    with psycopg.connect(**connected(bench.cluster)) as connection:  # type: ignore[arg-type]
        major = str(connection.info.server_version // 10_000)
    url = bench.cluster.database()
    with troubled_way(bench.cluster.port) as way:
        way.told = (b"server_version\0" + major.encode(), b"server_version\x0012")
        through = url.replace(str(bench.cluster.port), way.address.rpartition(":")[2])
        case = Case(nobody_there, 4, "PostgreSQL 12 quá cũ", "13 or newer is needed")
        refused(tmp_path / "home", {"database_url": through}, case)


@pytest.mark.parametrize("off", ["-600", "600"])
def test_a_clock_that_is_wrong(bench: Bench, tmp_path: Path, off: str) -> None:
    engines = {"database_url": bench.cluster.database()}
    case = Case(nobody_there, 4, "Đồng hồ lệch 600 giây", "Let NTP set it")
    refused(tmp_path / "home", engines, case, "-c", WITH_THE_CLOCK_OFF, off)


def test_a_host_without_keys_where_others_sign(bench: Bench, tmp_path: Path) -> None:
    first, other = tmp_path / "first", tmp_path / "other"
    make_demo_office(first, SystemClock().now())
    engines: Engines = {"database_url": bench.cluster.database()}
    assert run(first, engines, "worker", "--until-idle").returncode == 0
    (other / "keys").mkdir(parents=True)
    shutil.copy(first / "keys" / "audit.key", other / "keys")
    answer = run(other, engines, "worker", "--until-idle")
    assert answer.returncode == 2, answer.stderr
    assert "máy này chưa có khóa ký" in answer.stderr
    assert "SOHOA_WITHOUT_SIGNING=true" in answer.stderr
    assert run(other, engines, "import", str(tmp_path)).returncode == 2  # its own worker, too
    told = run(other, engines, "doctor", "--json")
    assert told.returncode == 4, told.stdout + told.stderr
    assert "khóa ký" in told.stdout
    with open_house(Settings(home=other, **engines)) as house, pytest.raises(Conflict) as refusal:
        must_fit(house)
    assert refusal.value.error_code == "signing_keys_missing"
    on_purpose = {**as_environment(engines), "SOHOA_WITHOUT_SIGNING": "true"}
    assert sohoa(other, "worker", "--until-idle", more=on_purpose).returncode == 0


def test_a_search_server_that_is_away_keeps_nobody_from_starting(
    bench: Bench, tmp_path: Path
) -> None:
    away = {"search_url": f"elasticsearch+http://127.0.0.1:{free_port()}/office"}
    assert run(tmp_path / "home", away, "worker", "--until-idle").returncode == 0


def test_readiness_tells_of_what_goes_wrong_later(
    cluster: PostgreSql, servers: Servers, elasticsearch: Elasticsearch, tmp_path: Path
) -> None:
    url = elasticsearch.address()
    engines = {**servers.fresh(), "database_url": cluster.database(), "search_url": url}
    with open_office(tmp_path / "home", engines=engines) as office:
        assert parts(office.url)[0] == 200
        prefix = url.rpartition("/")[2]
        httpx.delete(f"{elasticsearch.url}/{prefix}-g1").raise_for_status()
        other_office_at(url, tmp_path)
        code, found = parts(office.url)
        assert (code, found["search"]["state"]) == (200, "down")
        cluster.server.kill()
        code, found = parts(office.url)
        assert (code, found["database"]["state"]) == (503, "down")
        assert "sohoa doctor" in str(found["database"]["message"])
        cluster.server.start()
        wait = [parts(office.url) for _ in range(3)]
        assert wait[-1][0] == 200


def other_office_at(url: str, folder: Path) -> None:
    theirs = Settings(home=folder / "theirs", office_unit_code="000.00.00.H54", search_url=url)
    index = search_index(theirs)
    index.check()
    index.close()


def parts(url: str) -> tuple[int, dict[str, dict[str, object]]]:
    time.sleep(1.1)  # an answer is good for a second
    answer = httpx.get(f"{url}/readyz", timeout=30)
    return answer.status_code, {one["name"]: one for one in answer.json()["checks"]}
