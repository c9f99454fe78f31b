"""Settings of an office on the embedded parts, and of one on the servers; tests run on both."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.elasticsearch import Elasticsearch
from tests.servers.postgresql import PostgreSql
from tests.servers.s3 import KEYS, S3Server

ON_BOTH = ["embedded", pytest.param("servers", marks=pytest.mark.servers)]
"""Parameters of a fixture that runs a test on either."""

Engines = dict[str, Any]
"""Names and values of ``api.settings.Settings``."""


class Servers:
    """Hands out engines that nobody has used yet."""

    def __init__(
        self, postgresql: PostgreSql, seaweedfs: S3Server, elasticsearch: Elasticsearch, keys: Path
    ) -> None:
        self._postgresql = postgresql
        self._s3 = seaweedfs
        self._elasticsearch = elasticsearch
        self._keys = keys

    def fresh(self) -> Engines:
        """Settings of a new, empty office on the servers."""
        bucket = self._s3.bucket(versioned=True)
        return {
            "database_url": self._postgresql.database(),
            "jobs": "procrastinate",
            "objects_url": f"s3://{bucket}?endpoint={self._s3.endpoint}",
            "s3_credentials_file": self._keys,
            "search_url": self._elasticsearch.address(),
        }


def as_environment(engines: Engines) -> dict[str, str]:
    """The same settings for a process of its own."""
    return {f"SOHOA_{name.upper()}": str(value) for name, value in engines.items()}


@pytest.fixture(scope="session")
def servers(
    postgresql: PostgreSql,
    seaweedfs_server: S3Server,
    elasticsearch: Elasticsearch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Servers:
    """PostgreSQL with procrastinate, SeaweedFS, Elasticsearch."""
    keys = tmp_path_factory.mktemp("s3") / "credentials"
    keys.write_text(
        f"[default]\naws_access_key_id = {KEYS.access_key}\n"
        f"aws_secret_access_key = {KEYS.secret_key}\n"
    )
    keys.chmod(0o600)
    return Servers(postgresql, seaweedfs_server, elasticsearch, keys)


@pytest.fixture(scope="module", params=ON_BOTH)
def engines(request: pytest.FixtureRequest) -> Iterator[Engines]:
    """Settings of a new office: once embedded, once on the servers."""
    if request.param == "embedded":
        yield {}
        return
    made: Servers = request.getfixturevalue("servers")
    yield made.fresh()
