"""The catalogue between processes."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from repository.database import Database
from repository.database_fits import MIGRATIONS
from tests.contract.repository.conftest import Child


def test_processes_that_start_together_migrate_one_empty_catalogue(
    tmp_path: Path, start_child: Callable[..., Child]
) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    children = [start_child("migrate", url) for _ in range(2)]
    assert [child.wait() for child in children] == [0, 0]
    database = Database(url)
    with database.read() as tx:
        found = tx.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    newest = max(path.name[1:5] for path in (MIGRATIONS / "versions").glob("v*.py"))
    assert found == [newest]
    database.close()
