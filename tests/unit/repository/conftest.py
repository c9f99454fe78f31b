"""A fresh catalogue for each test, copied from one that was migrated once."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from repository.database import Database

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("catalogue") / "sohoa.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(migrated, tmp_path / "sohoa.db")
    database = Database(f"sqlite:///{tmp_path / 'sohoa.db'}")
    yield database
    database.close()


@pytest.fixture
def now() -> datetime:
    return NOW
