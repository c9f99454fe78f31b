"""A fresh catalogue on each of the two databases, copied from one that was migrated once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from repository.database import Database
from tests.servers.postgresql import PostgreSql

ON_BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)]
"""Parameters of a fixture that runs a test on both databases."""


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite catalogue to copy."""
    path = tmp_path_factory.mktemp("catalogue") / "sohoa.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture(scope="session")
def migrated_template(postgresql: PostgreSql) -> str:
    """The name of a migrated, empty PostgreSQL database to copy."""
    url = postgresql.database()
    database = Database(url)
    database.migrate()
    database.close()
    return url.rpartition("/")[2]


@pytest.fixture(params=ON_BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty catalogue."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "sohoa.db")
        yield f"sqlite:///{tmp_path / 'sohoa.db'}"
        return
    cluster: PostgreSql = request.getfixturevalue("postgresql")
    url = cluster.database(request.getfixturevalue("migrated_template"))
    yield url
    cluster.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty catalogue."""
    database = Database(database_url)
    yield database
    database.close()
