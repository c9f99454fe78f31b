"""The whole service with its objects on S3: hand in, read, check, doctor."""

import hashlib
import io
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from repository.s3 import S3Store
from tests.integration.commandline.calling import Answer, sohoa
from tests.integration.commandline.papers import written
from tests.integration.http.office import Office, open_office
from tests.servers.s3 import KEYS, S3Server
from tests.servers.troubled_way import troubled_way


@pytest.fixture(scope="module")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As other S3 tools keep them."""
    path = tmp_path_factory.mktemp("keys") / "credentials"
    path.touch(0o600)
    path.write_text(
        f"[default]\naws_access_key_id = {KEYS.access_key}\n"
        f"aws_secret_access_key = {KEYS.secret_key}\n"
    )
    return path


def address(server: S3Server, bucket: str, options: str = "") -> str:
    return f"s3://{bucket}/Sở KHCN/hồ sơ?endpoint={server.endpoint}{options}"


def large_pdf() -> bytes:
    """A page, and 8 MB beside it."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.Root.Attachment = pdf.make_stream(random.Random(1).randbytes(8_000_000))
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


@pytest.fixture
def office(
    s3_server: S3Server, credentials: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    bucket = s3_server.bucket(lock=True)
    monkeypatch.setenv(
        "SOHOA_OBJECTS_URL", address(s3_server, bucket, "&lock=compliance&retention_days=30")
    )
    monkeypatch.setenv("SOHOA_S3_CREDENTIALS_FILE", str(credentials))
    with open_office(tmp_path / "home") as made:
        yield made


def test_a_paper_goes_its_way_and_is_read_in_pieces(office: Office) -> None:
    data = large_pdf()
    with office.client("clerk") as client:
        batch = client.post("/v1/batches", json={"name": "Lô S3"}).json()["id"]
        answer = client.post(f"/v1/batches/{batch}/files", files={"files": ("lớn.pdf", data)})
        assert answer.status_code == 201, answer.text
        paper = answer.json()["files"][0]
        assert paper["sha256"] == hashlib.sha256(data).hexdigest()
        office.work()
        state = client.get(f"/v1/documents/{paper['document']}").json()["state"]
        assert state in ("done", "needs_review")
        content = f"/v1/documents/{paper['document']}/content?rendition=original"
        assert client.get(content).content == data
        end = client.get(content, headers={"Range": "bytes=-100"})
        assert (end.status_code, end.content) == (206, data[-100:])
        middle = client.get(content, headers={"Range": "bytes=4000000-4000099"})
        assert middle.content == data[4_000_000:4_000_100]
        assert client.get(content, headers={"Range": "bytes=99000000-"}).status_code == 416
        page = client.get(f"/v1/documents/{paper['document']}/pages/1/image")
        assert page.headers["content-type"] == "image/jpeg"
        assert client.get("/readyz").json()["parts"]["objects"] is True
    store = office.house.objects
    assert isinstance(store, S3Store)
    assert store.locks.protection(paper["sha256"]).retained_until is not None
    assert store.place.key("ab" * 32) == f"Sở KHCN/hồ sơ/ab/{'ab' * 32}"


def test_a_range_is_not_the_whole_object(s3_server: S3Server, tmp_path: Path) -> None:
    data = random.Random(2).randbytes(20_000_000)
    with troubled_way(s3_server.port) as way:
        place = replace(s3_server.place(s3_server.bucket()), host=way.address.partition("//")[2])
        store = S3Store(place, KEYS, tmp_path)
        name = store.put(io.BytesIO(data)).sha256
        before = way.passed
        with store.open(name) as stream:
            stream.seek(12_345_678)
            assert stream.read(100) == data[12_345_678:12_345_778]
        assert way.passed - before < 2_000_000


def test_a_store_that_went_away_is_not_ready(
    credentials: Path, minio_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with troubled_way(minio_server.port) as way:
        bucket = minio_server.bucket()
        monkeypatch.setenv("SOHOA_OBJECTS_URL", f"s3://{bucket}?endpoint={way.address}")
        monkeypatch.setenv("SOHOA_S3_CREDENTIALS_FILE", str(credentials))
        with open_office(tmp_path / "home") as office, office.client(None) as client:
            assert client.get("/readyz").status_code == 200
            way.refuse("503 Service Unavailable")
            time.sleep(1.1)  # an answer is good for a second
            answer = client.get("/readyz")
            assert (answer.status_code, answer.json()["parts"]["objects"]) == (503, False)
            way.refusals = 0
            time.sleep(1.1)
            assert client.get("/readyz").status_code == 200


# ---- command line


class Desk:
    """A data folder whose objects lie in a bucket."""

    def __init__(self, home: Path, server: S3Server, bucket: str, credentials: Path) -> None:
        self.home = home
        self.server = server
        self.bucket = bucket
        self.settings: dict[str, object] = {
            "objects_url": address(server, bucket, "&patience_seconds=2"),
            "s3_credentials_file": credentials,
        }

    def run(self, *words: object, **settings: object) -> Answer:
        return sohoa(*words, home=self.home, **{**self.settings, **settings})

    def keys(self) -> list[str]:
        found = self.server.client().list_objects(self.bucket, recursive=True)
        return [one.object_name or "" for one in found]


@pytest.fixture
def desk(s3_server: S3Server, credentials: Path, tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "home", s3_server, s3_server.bucket(), credentials)
    written(tmp_path / "papers" / "công văn.pdf")
    assert desk.run("demo", "office").code == 0
    answer = desk.run("import", tmp_path / "papers", "--json")
    assert answer.code in (0, 3), answer
    return desk


def test_check_finds_what_was_altered_and_what_is_gone(desk: Desk) -> None:
    assert desk.run("check", "--json").code == 0
    forged, gone = sorted(desk.keys())[:2]
    client = desk.server.client()
    client.put_object(desk.bucket, forged, io.BytesIO(b"forged"), 6)
    client.remove_object(desk.bucket, gone)
    broken = desk.run("check", "--json")
    broken.complains(5, "hỏng hoặc thiếu", "damaged or missing")
    states = {one["object"]: one["state"] for one in broken.records() if "object" in one}
    assert states[forged.rpartition("/")[2]] == "integrity"
    assert states[gone.rpartition("/")[2]] == "not_found"


def test_a_store_that_goes_away_during_a_check_is_not_called_damage(desk: Desk) -> None:
    with troubled_way(desk.server.port) as way:
        desk.settings["objects_url"] = f"s3://{desk.bucket}/Sở KHCN/hồ sơ?endpoint={way.address}"
        assert desk.run("check").code == 0
        way.unknown = b"range: bytes=0-"
        desk.run("check").complains(4, "báo lỗi 501", "answers 501")


def test_doctor_looks_at_the_store(desk: Desk) -> None:
    answer = desk.run("doctor", "--json")
    assert answer.code == 0, answer
    told = {
        one["check"].rpartition(": ")[2]: one["verdict"]
        for one in answer.records()
        if "object store" in one["check"]
    }
    assert told["reachable"] == told["checksum"] == told["round_trip"] == "ok"
    assert told["versioning"] == "warn"


def test_a_wrong_secret_stops_every_command(desk: Desk, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.touch(0o600)
    wrong.write_text(
        f"[default]\naws_access_key_id={KEYS.access_key}\naws_secret_access_key=wrong\n"
    )
    answer = desk.run("check", s3_credentials_file=wrong)
    answer.complains(4, "không nhận khóa truy cập", "refuses the keys")
    doctor = desk.run("doctor", "--json", s3_credentials_file=wrong)
    assert doctor.code == 4
    told = next(one for one in doctor.records() if one["check"].endswith(": reachable"))
    assert "Hãy" in told["mend"]


def test_keys_may_stand_in_the_environment(desk: Desk) -> None:
    desk.settings.pop("s3_credentials_file")
    missing = desk.run("check")
    missing.complains(4, "Thiếu khóa truy cập", "keys of the S3 store are missing")
    keys = {"s3_access_key": KEYS.access_key, "s3_secret_key": KEYS.secret_key}
    assert desk.run("check", **keys).code == 0
    shown = desk.run("settings", "--json", **keys)
    assert KEYS.secret_key not in shown.out


def test_doctor_refuses_a_store_on_which_locks_do_not_hold(
    versitygw_server: S3Server, credentials: Path, tmp_path: Path
) -> None:
    bucket = versitygw_server.bucket(lock=True)
    url = f"s3://{bucket}?endpoint={versitygw_server.endpoint}&lock=compliance&retention_days=1"
    answer = sohoa(
        "doctor", "--json", home=tmp_path, objects_url=url, s3_credentials_file=credentials
    )
    assert answer.code == 4
    refused = [one for one in answer.records() if not one["ok"]]
    assert [one["check"].rpartition(": ")[2] for one in refused] == ["hold_survives"]
    assert "lock=compliance" in refused[0]["mend"]


def test_a_wrong_address_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "sohoa.db").touch()
    answer = sohoa("check", home=tmp_path, objects_url="s3://papers?endpoint=nowhere")
    answer.complains(2, "endpoint phải có dạng", "endpoint must be like")
