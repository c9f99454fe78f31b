"""The address of a store in the settings, and where its keys come from."""

import hashlib
import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repository.s3 import S3Keys, S3Place, find_keys
from repository.s3 import outline as outlines
from repository.s3.copies import LocalCopies
from repository.s3.outline import Tally
from vocabulary.errors import MissingPart, UsageError

STORE = "endpoint=http://host:9000"


def test_an_address_in_full() -> None:
    place = S3Place.from_url(
        "s3://papers/office?endpoint=https://store:9443&region=vn-1&lock=compliance"
        "&retention_days=3650&sse=s3&ca=/etc/ca.pem&patience_seconds=5&cache_mb=1"
        "&public_endpoint=https://kho.example.vn"
    )
    assert place == S3Place(
        host="store:9443", secure=True, bucket="papers", prefix="office/", region="vn-1",
        ca=Path("/etc/ca.pem"), lock="compliance", retention_days=3650, sse="s3",
        patience_seconds=5, cache_bytes=2**20, public_host="kho.example.vn", public_secure=True,
    )  # fmt: skip
    assert place.key("ab" * 32) == f"office/ab/{'ab' * 32}"


def test_what_need_not_be_said() -> None:
    place = S3Place.from_url(f"s3://papers?{STORE}")
    assert (place.host, place.secure, place.prefix) == ("host:9000", False, "")
    assert (place.lock, place.sse, place.region) == ("none", "none", "us-east-1")


def test_a_prefix_is_the_same_however_it_was_typed() -> None:
    composed, decomposed = (
        S3Place.from_url(f"s3://papers/{unicodedata.normalize(form, 'Hồ sơ')}?{STORE}")
        for form in ("NFC", "NFD")
    )
    assert composed == decomposed
    assert composed.prefix == S3Place.from_url(f"s3://papers/H%E1%BB%93%20s%C6%A1?{STORE}").prefix


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("s3://papers", "endpoint"),
        ("s3:papers?" + STORE, "use s3://"),
        ("s3://AK:secret@papers?" + STORE, "keys must not stand"),
        ("s3://papers?endpoint=http://AK:secret@host", "endpoint"),
        ("s3://papers?endpoint=ftp://host", "endpoint"),
        ("s3://papers?endpoint=http://host/path", "endpoint"),
        ("s3://Papers_1?" + STORE, "names no bucket"),
        (f"s3://papers?{STORE}&secret_key=x", "no option"),
        (f"s3://papers?{STORE}&region=a&region=b", "twice"),
        (f"s3://papers?{STORE}&lock=governance", "lock must be"),
        (f"s3://papers?{STORE}&lock=compliance", "go together"),
        (f"s3://papers?{STORE}&retention_days=5", "go together"),
        (f"s3://papers?{STORE}&region=a b", "no region"),
        ("s3://AK:secret@[papers?" + STORE, "no address"),
        ("s3://[papers?" + STORE, "no address"),
        ("s3://papers?endpoint=http://host:123456", "no address"),
        (f"s3://papers?{STORE}&cache_mb=-1", "whole number"),
        (f"s3://papers?{STORE}&cache_mb=1e9", "whole number"),
        (f"s3://papers?{STORE}&sse=c", "sse must be"),
        (f"s3://papers/a//b?{STORE}", "prefix"),
        (f"s3://papers/a%5Cb?{STORE}", "prefix"),
        (f"s3://papers/../b?{STORE}", "prefix"),
        (f"s3://papers/a%0Ab?{STORE}", "prefix"),
        (f"s3://papers/{'a' * 256}?{STORE}", "prefix"),
        (f"s3://papers/{'/'.join(['a' * 200] * 5)}?{STORE}", "too long"),
    ],
)
def test_an_address_that_does_not_fit_is_named(url: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as wrong:
        S3Place.from_url(url)
    assert "secret@" not in wrong.value.en + wrong.value.vi


class TestKeys:
    def file(self, folder: Path, text: str, mode: int = 0o600) -> Path:
        path = folder / "credentials"
        path.write_text(text)
        path.chmod(mode)
        return path

    def test_the_file_goes_before_the_environment(self, tmp_path: Path) -> None:
        path = self.file(
            tmp_path,
            "[default]\naws_access_key_id = AK\naws_secret_access_key = a=%b\n",
        )
        environment = {"SOHOA_S3_ACCESS_KEY": "x", "SOHOA_S3_SECRET_KEY": "y"}
        assert find_keys(path, environment) == S3Keys("AK", "a=%b")

    def test_the_usual_names(self) -> None:
        usual = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SESSION_TOKEN": "t"}
        assert find_keys(None, usual) == S3Keys("a", "b", "t")
        own = {"SOHOA_S3_ACCESS_KEY": "x", "SOHOA_S3_SECRET_KEY": "y"}
        assert find_keys(None, {**usual, **own}) == S3Keys("x", "y")

    def test_no_keys(self) -> None:
        with pytest.raises(MissingPart, match="SOHOA_S3_CREDENTIALS_FILE"):
            find_keys(None, {"SOHOA_S3_ACCESS_KEY": "x"})

    @pytest.mark.parametrize("mode", [0o640, 0o604])
    def test_a_file_that_others_may_read(self, tmp_path: Path, mode: int) -> None:
        with pytest.raises(MissingPart, match="chmod 600"):
            find_keys(self.file(tmp_path, "", mode), {})

    @pytest.mark.parametrize("text", ["", "no form hunter2", "[default]\naws_access_key_id = a\n"])
    def test_a_file_of_another_form(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(MissingPart) as wrong:
            find_keys(self.file(tmp_path, text), {})
        assert "hunter2" not in str(wrong.value)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(MissingPart, match="cannot be read"):
            find_keys(tmp_path / "none", {})

    def test_the_secret_is_not_printed(self) -> None:
        assert "hunter2" not in repr(S3Keys("AK", "hunter2", "hunter2"))


@given(pieces=st.lists(st.binary(max_size=40), max_size=12), part=st.integers(1, 30))
def test_an_outline_has_the_hash_of_every_part(pieces: list[bytes], part: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outlines, "PART_BYTES", part)
        tally = Tally()
        for piece in pieces:
            tally.add(piece)
        outline = tally.outline()
    data = b"".join(pieces)
    cut = [data[start : start + part] for start in range(0, len(data), part)] or [b""]
    assert outline.sha256 == hashlib.sha256(data).hexdigest()
    assert outline.size == len(data)
    assert list(outline.parts) == [hashlib.sha256(one).digest() for one in cut]


class TestCopies:
    """Copies on this machine: bounded, and never taken from under a reader."""

    def lent(self, copies: LocalCopies, data: bytes, fetched: list[bytes]) -> bytes:
        def fetch(file: io.BufferedIOBase) -> None:
            fetched.append(data)
            file.write(data)

        with copies.lend(hashlib.sha256(data).hexdigest(), fetch) as path:
            return path.read_bytes()

    def test_a_second_look_fetches_nothing(self, tmp_path: Path) -> None:
        copies, fetched = LocalCopies(tmp_path, 1000), []
        assert [self.lent(copies, b"paper", fetched) for _ in range(3)] == [b"paper"] * 3
        assert fetched == [b"paper"]
        assert list((tmp_path / "lent").iterdir()) == []

    def test_room_is_made_for_what_was_used_last(self, tmp_path: Path) -> None:
        copies, fetched = LocalCopies(tmp_path, 250), []
        for letter in (b"a", b"b", b"c"):
            self.lent(copies, letter * 100, fetched)
        kept = {path.read_bytes()[:1] for path in (tmp_path / "kept").iterdir()}
        assert kept == {b"b", b"c"}
        self.lent(copies, b"d" * 300, fetched)  # larger than all the room: lent, not kept
        assert len(list((tmp_path / "kept").iterdir())) == 2

    def test_clearing_takes_nothing_from_a_reader(self, tmp_path: Path) -> None:
        copies = LocalCopies(tmp_path, 150)
        with copies.lend("a", lambda file: file.write(b"a" * 100) and None) as path:
            for letter in (b"b", b"c"):
                self.lent(copies, letter * 100, [])
            assert path.read_bytes() == b"a" * 100

    def test_what_failed_to_come_leaves_nothing(self, tmp_path: Path) -> None:
        def broken(file: io.BufferedIOBase) -> None:
            file.write(b"half")
            raise MissingPart("Hãy chờ.", "Wait.")

        copies = LocalCopies(tmp_path, 150)
        with pytest.raises(MissingPart), copies.lend("a", broken):
            pass
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_what_dead_processes_had_is_swept(self, tmp_path: Path) -> None:
        LocalCopies(tmp_path, 150)
        left = tmp_path / "lent" / "999999999-abc"
        left.write_bytes(b"x")
        LocalCopies(tmp_path, 150)
        assert not left.exists()
