"""How every search index must take changes: versions, rebuilds, other processes, kills."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from repository.ports import SearchIndex
from repository.search import TantivyIndex
from repository.search.index import FORM
from tests.contract.repository.conftest import Child
from tests.contract.repository.search_papers import entry, found
from vocabulary.errors import Conflict, MissingPart


def test_a_late_entry_of_a_lower_version_loses(index: SearchIndex) -> None:
    index.put([replace(entry("a", "bản mới"), version=3)])
    index.put([replace(entry("a", "bản cũ"), version=2), replace(entry("b", "khác"), version=1)])
    assert found(index, "bản mới") == ["a"]
    assert found(index, "bản cũ") == []
    index.put([replace(entry("a", "bản mới nữa"), version=3)])
    assert found(index, "nữa") == ["a"]
    assert index.count() == 2


def test_a_late_entry_does_not_raise_what_was_removed_and_a_newer_one_does(
    index: SearchIndex,
) -> None:
    index.put([replace(entry("a", "giấy phép"), version=3)])
    index.remove(["a"], version=2)
    assert found(index, "giấy phép") == ["a"]
    index.remove(["a"], version=4)
    index.put([replace(entry("a", "giấy phép"), version=3)])
    assert found(index, "giấy phép") == []
    assert found(index) == []
    assert index.count() == 0
    index.put([replace(entry("a", "giấy phép"), version=5)])
    assert found(index) == ["a"]


def test_no_searcher_sees_a_half_filled_index(index: SearchIndex) -> None:
    index.put([entry("old", "giấy phép"), entry("gone", "giấy phép")])
    with index.rebuilding() as new:
        new.put([entry("old", "giấy phép")])
        assert set(found(index, "giấy phép")) == {"old", "gone"}
        new.put([entry("more", "giấy phép")])
    assert set(found(index, "giấy phép")) == {"old", "more"}
    assert index.count() == 2


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(index: SearchIndex) -> None:
    index.put([entry("old", "giấy phép")])

    def broken() -> None:
        with index.rebuilding() as new:
            new.put([entry("new", "giấy phép")])
            raise KeyError

    with pytest.raises(KeyError):
        broken()
    assert found(index, "giấy phép") == ["old"]
    index.put([entry("after", "giấy phép")])
    assert set(found(index, "giấy phép")) == {"old", "after"}


def test_what_changes_during_a_rebuild_is_in_the_new_generation(index: SearchIndex) -> None:
    index.put([replace(entry(one, "giấy phép cũ"), version=1) for one in ("a", "b", "c")])
    with index.rebuilding() as new:
        index.put([replace(entry("a", "giấy phép mới"), version=2)])
        index.remove(["b"], version=2)
        assert found(index, "mới") == ["a"]
        new.put([replace(entry(one, "giấy phép cũ"), version=1) for one in ("a", "b", "c")])
    assert found(index, "mới") == ["a"]
    assert set(found(index, "giấy phép")) == {"a", "c"}


def test_a_commit_is_seen_by_a_searcher_opened_before_it(tmp_path: Path) -> None:
    writer, reader = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    assert found(reader, "giấy") == []
    writer.put([entry("a", "giấy phép")])
    assert found(reader, "giấy") == ["a"]


def test_writers_of_several_processes_line_up(
    tmp_path: Path, start_child: Callable[..., Child]
) -> None:
    index = TantivyIndex(tmp_path)
    writers = [start_child("put_some", tmp_path, f"p{number}", 5) for number in range(2)]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert index.count() == 10


def test_killing_a_writer_at_any_moment_loses_nothing_that_was_acknowledged(
    tmp_path: Path, start_child: Callable[..., Child], wait_for: Callable[[Path], str]
) -> None:
    folder = tmp_path / "index"
    logs = [tmp_path / f"acknowledged-{number}" for number in range(3)]
    for number, log in enumerate(logs):
        child = start_child("put_for_ever", folder, log, f"r{number}")
        wait_for(log)
        time.sleep(0.05 + 0.037 * number)
        child.kill()
        child.wait()
    index = TantivyIndex(folder)
    for log in logs:
        for name in log.read_text().split():
            assert name in found(index, f"từ {name}", limit=5)
    index.put([entry("after", "sau cùng")])
    assert found(index, "sau cùng") == ["after"]


def test_a_folder_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    generation = tmp_path / FORM / "g1"
    generation.mkdir(parents=True)
    (generation / "meta.json").write_text("not an index")
    with pytest.raises(MissingPart, match="reindex"):
        TantivyIndex(tmp_path)


def test_two_embedded_rebuilds_at_once_are_refused(tmp_path: Path) -> None:
    first, second = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    first.put([entry("a", "giấy phép")])
    with first.rebuilding() as new:
        new.put([entry("b", "giấy phép")])
        with pytest.raises(Conflict) as told, second.rebuilding():
            pass
        assert told.value.error_code == "search_rebuilt_elsewhere"
    assert found(second, "giấy phép") == ["b"]
