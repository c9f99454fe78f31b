"""What only the file store can show; the rest stands in the contract of all stores."""

import io
import os
from pathlib import Path

import pytest

from repository.objects import FileStore
from repository.ports import ObjectStore
from vocabulary.errors import IntegrityFailure, MissingPart


def put(store: ObjectStore, data: bytes) -> str:
    return store.put(io.BytesIO(data)).sha256


def test_changed_bytes_are_found_out_and_mended_by_putting_them_again(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    name = put(store, b"original")
    path = tmp_path / name[:2] / name
    path.chmod(0o640)
    path.write_bytes(b"forged!!")
    with pytest.raises(IntegrityFailure):
        store.check(name)
    put(store, b"original")
    store.check(name)


def test_objects_are_read_only(tmp_path: Path) -> None:
    name = put(FileStore(tmp_path), b"original")
    assert (tmp_path / name[:2] / name).stat().st_mode & 0o777 == 0o440


def test_file_then_name_then_folder_are_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Durable before return: watched at the system calls themselves."""
    calls: list[str] = []
    fsync, rename = os.fsync, os.replace

    def watch_fsync(handle: int) -> None:
        kind = "folder" if Path(f"/proc/self/fd/{handle}").resolve().is_dir() else "file"
        calls.append(f"fsync {kind}")
        fsync(handle)

    def watch_rename(old: Path, new: Path) -> None:
        calls.append("rename")
        rename(old, new)

    store = FileStore(tmp_path)
    monkeypatch.setattr(os, "fsync", watch_fsync)
    monkeypatch.setattr(os, "replace", watch_rename)
    put(store, b"paper")
    assert calls == ["fsync file", "fsync folder", "rename", "fsync folder"]


def test_what_killed_processes_left_is_cleared(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    old, new = tmp_path / ".incoming" / "1-old", tmp_path / ".incoming" / "1-new"
    old.write_bytes(b"half a pa")
    new.write_bytes(b"half a pa")
    os.utime(old, (0, 0))
    assert store.clear_abandoned() == 1
    assert not old.exists()
    assert new.exists()
    assert list(store.all()) == []


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MissingPart, match="cannot be written"):
        FileStore(tmp_path / "file" / "objects")
