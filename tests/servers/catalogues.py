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


@pytest.fixture
def sqlite_catalogue(migrated_file: Path, tmp_path: Path) -> str:
    """The address of a migrated, empty catalogue in a file."""
    shutil.copy(migrated_file, tmp_path / "sohoa.db")
    return f"sqlite:///{tmp_path / 'sohoa.db'}"


@pytest.fixture
def postgresql_catalogue(postgresql: PostgreSql, migrated_template: str) -> Iterator[str]:
    """The address of a migrated, empty catalogue on the server."""
    url = postgresql.database(migrated_template)
    yield url
    postgresql.drop(url)


@pytest.fixture(params=ON_BOTH)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated, empty catalogue."""
    database = Database(request.getfixturevalue(f"{request.param}_catalogue"))
    yield database
    database.close()
