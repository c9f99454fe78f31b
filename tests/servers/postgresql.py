"""PostgreSQL from the system's packages: a cluster of the tests' own on a free port of loopback.

PostgreSQL refuses to run as root, so a root user starts it as ``postgres``.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.servers.running import Server, free_ports

INSTALL = "apt-get install -y postgresql"


def programs() -> Path:
    """The folder of the newest server on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    if named is None:
        raise RuntimeError(f"the tests need a PostgreSQL server: {INSTALL}")
    return Path(named).parent


def _version(path: Path) -> int:
    return int(path.parts[4])


class PostgreSql:
    """A cluster in a folder of its own; ``database()`` makes a new empty database.

    ``network``: a further address of this machine at which it serves the hosts beside it.
    """

    def __init__(self, folder: Path, *, durable: bool = False, network: str | None = None) -> None:
        self.folder = folder
        self.port = free_ports()[0]
        self._made = 0
        data = folder / "data"
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        bins = programs()
        subprocess.run(
            [
                *_as_server(), str(bins / "initdb"), "-D", str(data), "-U", "sohoa",
                "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
            ],
            check=True, capture_output=True,
        )  # fmt: skip
        if network is not None:
            with (data / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {network}/24 trust\n")
        heard = "127.0.0.1" if network is None else f"127.0.0.1,{network}"
        self.server = Server(
            [
                *_as_server(), str(bins / "postgres"), "-D", str(data), "-p", str(self.port),
                "-h", heard, "-k", str(folder), "-c", "max_connections=200",
                # Killed servers lose nothing without it; only a power cut would.
                "-c", f"fsync={'on' if durable else 'off'}",
            ],
            folder / "log", self._ready, {},
        )  # fmt: skip
        self.server.start()

    def database(self, template: str = "template1") -> str:
        """The SQLAlchemy URL of a new database, a copy of another one that nobody is using."""
        self._made += 1
        name = f"office{self._made}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return f"postgresql+psycopg://sohoa@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        """Remove a database and whoever is still connected to it."""
        name = url.rpartition("/")[2]
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _address(self, name: str) -> str:
        return f"postgresql://sohoa@127.0.0.1:{self.port}/{name}"

    def _ready(self) -> bool:
        try:
            psycopg.connect(self._address("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def _as_server() -> list[str]:
    if os.getuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSql]:
    """One cluster for the whole run."""
    # Not under pytest's own folder: the server's user may not enter that one.
    with tempfile.TemporaryDirectory(prefix="sohoa-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        cluster = PostgreSql(Path(folder))
        try:
            yield cluster
        finally:
            cluster.server.stop()


@pytest.fixture
def postgresql_url(postgresql: PostgreSql) -> Iterator[str]:
    """A new empty database, gone after the test."""
    url = postgresql.database()
    yield url
    postgresql.drop(url)
