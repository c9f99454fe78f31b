"""Signatures that are awaited from elsewhere, on both databases; past archival files."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from repository import documents, signing_tasks
from repository.database import Database
from repository.documents import NewDocument
from repository.ports import StoredObject
from repository.signing_tasks import NewTask
from vocabulary.errors import InvalidRequest, NotFound
from vocabulary.signers import SignerRole

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('catalogue') / 'sohoa.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
    database = Database(url)
    database.migrate()
    yield database
    database.close()


def document(database: Database, name: str = "giấy.pdf") -> str:
    with database.write() as tx:
        return documents.register(tx, NewDocument(name, "0" * 64, 1, "application/pdf", "lan"), NOW)


def task(document_id: str, role: SignerRole = "officer", mark: str = "f") -> NewTask:
    return NewTask(
        document_id, role, "own_computer", "Lê Thị Một Cửa", mark * 64, "d" * 64, 3,
        {"place": [1, 2]}, {"size": 10.0},
    )  # fmt: skip


def test_a_task_is_kept_once_and_answered_once(catalogue: Database) -> None:
    paper = document(catalogue)
    with catalogue.write() as tx:
        assert signing_tasks.put(tx, task(paper), NOW)
        assert not signing_tasks.put(tx, task(paper), NOW)
        (waiting,) = signing_tasks.waiting(tx, "own_computer").items
        assert (waiting.new, waiting.document_name, waiting.answer) == (
            task(paper), "giấy.pdf", None,
        )  # fmt: skip
        assert signing_tasks.awaited_signers(tx, [paper]) == {paper: "Lê Thị Một Cửa"}
        assert signing_tasks.answer(tx, waiting.id, b"first", "lan", NOW)
        assert not signing_tasks.answer(tx, waiting.id, b"second", "lan", NOW)
        assert signing_tasks.get(tx, waiting.id).answer == b"first"
        assert signing_tasks.count_waiting(tx, "own_computer") == 0
        signing_tasks.drop(tx, paper, "officer")  # what was answered is not forgotten
        assert set(signing_tasks.of_document(tx, paper)) == {"officer"}
        assert signing_tasks.drafts(tx) == {"d" * 64}
        with pytest.raises(NotFound):
            signing_tasks.get(tx, "0" * 32)


def test_lists_page_and_are_for_one_certificate(catalogue: Database) -> None:
    papers = [document(catalogue, f"{number}.pdf") for number in range(5)]
    with catalogue.write() as tx:
        for number, paper in enumerate(papers):
            at = NOW + timedelta(seconds=number)
            signing_tasks.put(tx, task(paper, mark="a" if number % 2 else "b"), at)
        seen: list[str] = []
        cursor = None
        while True:
            page = signing_tasks.waiting(tx, "own_computer", cursor=cursor, limit=2)
            seen += [one.new.document_id for one in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert seen == papers[::-1]
        mine = signing_tasks.waiting(tx, "own_computer", certificate="A" * 64).items
        assert [one.new.document_id for one in mine] == [papers[3], papers[1]]
        assert signing_tasks.waiting(tx, "remote").items == ()
        with pytest.raises(InvalidRequest):
            signing_tasks.waiting(tx, "own_computer", cursor="không phải")


def test_a_renewed_archival_file_keeps_the_one_before(catalogue: Database) -> None:
    paper, soon = document(catalogue), NOW + timedelta(days=90)
    first, second = StoredObject("1" * 64, 1), StoredObject("2" * 64, 2)
    with catalogue.write() as tx:
        documents.add_rendition(tx, paper, "archival", first, "application/pdf", {}, NOW, soon)
        assert documents.falling_due(tx, NOW + timedelta(days=80)) == []
        (due,) = documents.falling_due(tx, NOW + timedelta(days=100))
        assert (due.document_id, due.sha256, due.until) == (paper, first.sha256, soon)
        late = NOW + timedelta(days=9000)
        assert documents.renew_rendition(tx, paper, first.sha256, second, late, NOW)
        assert not documents.renew_rendition(tx, paper, first.sha256, second, late, NOW)
        assert documents.renditions(tx, paper)["archival"].sha256 == second.sha256
        assert [one.sha256 for one in documents.past_renditions(tx, paper)] == [first.sha256]
        assert documents.falling_due(tx, NOW + timedelta(days=100)) == []
        assert documents.history(tx, paper)[-1].event == "archive_renewed"
