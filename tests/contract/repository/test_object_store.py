"""What every object store must do, told against the port; adapters join the fixture's list."""

import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repository.objects import FileStore
from repository.ports import ObjectStore
from vocabulary.errors import IntegrityFailure, InvalidRequest, MissingPart, NotFound

NOBODY = "0" * 64


@pytest.fixture(params=["files"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    return FileStore(tmp_path / "objects")


def put(store: ObjectStore, data: bytes) -> str:
    return store.put(io.BytesIO(data)).sha256


@given(data=st.binary(max_size=2000))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_bytes_come_back_as_they_went_in(store: ObjectStore, data: bytes) -> None:
    stored = store.put(io.BytesIO(data))
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert stored.bytes == len(data) == store.size(stored.sha256)
    with store.open(stored.sha256) as stream:
        assert stream.read() == data
    with store.local(stored.sha256) as path:
        assert path.read_bytes() == data
    store.check(stored.sha256)


def test_the_same_bytes_are_one_object(store: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"paper")
    assert store.put_file(tmp_path / "file") == store.put(io.BytesIO(b"paper"))
    assert list(store.all()) == [hashlib.sha256(b"paper").hexdigest()]
    assert (tmp_path / "file").read_bytes() == b"paper"


def test_all_names_every_object(store: ObjectStore) -> None:
    names = {put(store, bytes([number])) for number in range(20)}
    assert set(store.all()) == names
    assert all(store.exists(name) for name in names)


@pytest.mark.parametrize("name", [NOBODY, "", "../../etc/passwd", "A" * 64, "ab"])
def test_what_is_not_there_is_not_found(store: ObjectStore, name: str) -> None:
    assert not store.exists(name)
    for ask in (store.open, store.check, store.size):
        with pytest.raises(NotFound):
            ask(name)
    with pytest.raises(NotFound), store.local(name):
        pass


def test_too_much_is_refused_and_nothing_is_kept(store: ObjectStore) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        store.put(io.BytesIO(b"x" * 11), limit=10)
    assert refusal.value.error_code == "too_large"
    assert list(store.all()) == []
    assert store.put(io.BytesIO(b"x" * 10), limit=10).bytes == 10


class TornStream(io.BytesIO):
    """A sender that goes away in the middle."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 0:
            raise ConnectionResetError
        return super().read(min(10, size or 10))


def test_a_torn_stream_leaves_nothing(store: ObjectStore) -> None:
    with pytest.raises(ConnectionResetError):
        store.put(TornStream(b"x" * 100))
    assert list(store.all()) == []


class TestFiles:
    """What only the file store can show."""

    def test_changed_bytes_are_found_out_and_mended_by_putting_them_again(
        self, tmp_path: Path
    ) -> None:
        store = FileStore(tmp_path)
        name = put(store, b"original")
        path = tmp_path / name[:2] / name
        path.chmod(0o640)
        path.write_bytes(b"forged!!")
        with pytest.raises(IntegrityFailure):
            store.check(name)
        put(store, b"original")
        store.check(name)

    def test_objects_are_read_only(self, tmp_path: Path) -> None:
        name = put(FileStore(tmp_path), b"original")
        assert (tmp_path / name[:2] / name).stat().st_mode & 0o777 == 0o440

    def test_file_then_name_then_folder_are_synced(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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

    def test_what_killed_processes_left_is_cleared(self, tmp_path: Path) -> None:
        store = FileStore(tmp_path)
        old, new = tmp_path / ".incoming" / "1-old", tmp_path / ".incoming" / "1-new"
        old.write_bytes(b"half a pa")
        new.write_bytes(b"half a pa")
        os.utime(old, (0, 0))
        assert store.clear_abandoned() == 1
        assert not old.exists()
        assert new.exists()
        assert list(store.all()) == []

    def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(MissingPart, match="cannot be written"):
            FileStore(tmp_path / "file" / "objects")
