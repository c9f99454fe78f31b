"""The catalogue between processes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from sqlalchemy import text

from repository.database import Database
from repository.database_fits import MIGRATIONS
from tests.contract.repository.conftest import Child


def test_who_opens_a_new_catalogue_together_with_others_waits_for_them(tmp_path: Path) -> None:
    def open_together(url: str, others: Barrier) -> list[str]:
        database = Database(url)
        others.wait()
        with database.read() as tx:
            modes = tx.execute(text("PRAGMA journal_mode")).scalars().all()
        database.close()
        return list(modes)

    for number in range(20):
        url, others = f"sqlite:///{tmp_path / f'{number}.db'}", Barrier(6)
        with ThreadPoolExecutor(6) as threads:
            opened = [threads.submit(open_together, url, others) for _ in range(6)]
        assert [one.result() for one in opened] == [["wal"]] * 6


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
