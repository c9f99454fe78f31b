"""The commands that need no service: their records, their exit codes, what goes where."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from demo import hostile
from demo.papers import Paper
from signing.authority import TestAuthority, ensure_test_authority
from signing.keys import load_pkcs12
from signing.receipts import make_receipt
from tests.integration.commandline.calling import Answer, sohoa
from tests.integration.commandline.papers import scanned, written
from vocabulary.clock import SystemClock
from vocabulary.papers import FIELD_NAMES
from vocabulary.reasons import REASONS

ROOT = Path(__file__).resolve().parents[3]
RECORD = {"source", "state", "reason", "message", "pages", "fields", "signatures", "output",
          "made_by"}  # fmt: skip
PAGE = {"number", "width_pt", "height_pt", "dpi", "source", "rotation", "skew_deg", "words",
        "confidence", "flags"}  # fmt: skip
FIELD = {"value", "confidence", "page", "bbox", "source", "needs_review"}
SIGNATURE = {"field", "signer", "certificate_issuer", "level", "verdict", "remarks", "integrity",
             "trust", "covers", "changes_after", "signed_at", "time_source"}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("giấy tờ")


@pytest.fixture(scope="module")
def letter(folder: Path) -> tuple[Path, Paper]:
    path = folder / "công văn.pdf"
    return path, scanned(path)


@pytest.fixture(scope="module")
def digitised(letter: tuple[Path, Paper], folder: Path) -> Answer:
    """One scan, the same again under another name, and noise."""
    (folder / "bản sao.pdf").write_bytes(letter[0].read_bytes())
    (folder / "nhiễu.bin").write_bytes(hostile.random_bytes())
    files = [letter[0], folder / "bản sao.pdf", folder / "nhiễu.bin"]
    return sohoa("digitize", *files, "--out", folder / "out", "--jobs", 1, "--json", "--no-sign")


@pytest.fixture(scope="module")
def authority(folder: Path) -> TestAuthority:
    return ensure_test_authority(folder / "authority", SystemClock().now())


def by_name(answer: Answer) -> dict[str, dict[str, Any]]:
    return {one["source"]["name"]: one for one in answer.records()}


def test_digitize_gives_one_record_a_file_and_3_where_some_stopped(digitised: Answer) -> None:
    assert digitised.code == 3
    assert digitised.err == ""
    records = by_name(digitised)
    assert {name: one["reason"] for name, one in records.items()} == {
        "công văn.pdf": None, "bản sao.pdf": "duplicate", "nhiễu.bin": "not_a_document",
    }  # fmt: skip
    for one in records.values():
        assert set(one) >= RECORD
        assert (one["state"] == "stopped") == (one["reason"] is not None)


def test_the_record_is_as_promised(digitised: Answer, letter: tuple[Path, Paper]) -> None:
    path, paper = letter
    record = by_name(digitised)["công văn.pdf"]
    content = path.read_bytes()
    assert record["source"] == {
        "name": "công văn.pdf", "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content), "media_type": "application/pdf",
    }  # fmt: skip
    [page] = record["pages"]
    assert set(page) >= PAGE
    assert (page["number"], page["source"], page["dpi"]) == (1, "scan", 150)
    assert set(record["fields"]) <= set(FIELD_NAMES)
    for field in record["fields"].values():
        assert set(field) >= FIELD
    assert record["fields"]["issue_date"]["value"] == paper.fields["issue_date"]
    output = Path(record["output"]["path"])
    assert record["output"] == {
        "path": str(output), "sha256": hashlib.sha256(output.read_bytes()).hexdigest(),
        "bytes": output.stat().st_size, "pdfa": "2B",
    }  # fmt: skip
    assert record["made_by"]["sohoa"]
    assert json.loads(output.with_suffix(".json").read_text("utf-8")) == record


def test_beside_the_results_nothing_is_left(digitised: Answer, folder: Path) -> None:
    assert digitised.code == 3
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {"công văn.pdf", "công văn.json", "bản sao.json", "nhiễu.json"}


def test_a_second_run_does_nothing_twice(
    digitised: Answer, letter: tuple[Path, Paper], folder: Path
) -> None:
    before = (folder / "out" / "công văn.pdf").stat().st_mtime_ns
    answer = sohoa("digitize", letter[0], "--out", folder / "out", "--no-sign")
    assert answer.code == 0
    assert "đã làm từ trước" in answer.out
    assert (folder / "out" / "công văn.pdf").stat().st_mtime_ns == before
    assert digitised.records()


def test_without_keys_it_says_that_nothing_is_signed(
    digitised: Answer, letter: tuple[Path, Paper], folder: Path
) -> None:
    answer = sohoa("digitize", letter[0], "--out", folder / "out", "--json")
    assert answer.code == 0
    assert len(answer.records()) == 1
    assert "SOHOA_OFFICER_KEY" in answer.err
    assert digitised.records()


def test_an_interrupted_digitize_ends_with_130_and_goes_on_later(tmp_path: Path) -> None:
    scanned(tmp_path / "dài.pdf", copies=12, seed=5)
    words = ["digitize", str(tmp_path / "dài.pdf"), "--out", str(tmp_path / "out"), "--jobs", "1",
             "--json", "--no-sign"]  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", *words],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        # A test run started in the background hands an ignored Ctrl-C on to its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("sohoa-*/file-*")):  # at work on the file
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Đã dừng" in err
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert list((tmp_path / "out").iterdir()) == []
    assert list(tmp_path.glob("sohoa-*")) == []


def test_a_run_goes_on_with_what_is_not_done(digitised: Answer, folder: Path) -> None:
    written(folder / "thêm.pdf", seed=8)
    files = [folder / "công văn.pdf", folder / "thêm.pdf"]
    answer = sohoa("digitize", *files, "--out", folder / "out", "--no-sign")
    assert answer.code == 0
    assert "công văn.pdf: 1 trang" in answer.out
    assert answer.out.count("đã làm từ trước") == 1
    assert digitised.records()


def test_read_gives_one_line_a_word(folder: Path) -> None:
    paper = written(folder / "có chữ.pdf")
    answer = sohoa("read", folder / "có chữ.pdf", "--json")
    assert (answer.code, answer.err) == (0, "")
    words = answer.records()
    for word in words:
        assert set(word) >= {"page", "text", "bbox", "confidence", "line", "source"}
        x0, y0, x1, y1 = word["bbox"]
        assert 0 <= x0 < x1 <= 612
        assert 0 <= y0 < y1 <= 842
        assert word["source"] == "text"
    assert "CỘNG" in [word["text"] for word in words]
    assert str(paper.fields["number_symbol"]) in " ".join(word["text"] for word in words)


def test_read_takes_the_pages_it_is_told(folder: Path) -> None:
    path = folder / "nhiều trang.pdf"
    with pikepdf.open(folder / "có chữ.pdf") as pdf:
        for _ in range(4):
            pdf.pages.append(pdf.pages[0])
        pdf.save(path)
    answer = sohoa("read", path, "--pages", "1,3-4", "--json")
    assert {word["page"] for word in answer.records()} == {1, 3, 4}
    sohoa("read", path, "--pages", "one").complains(2, "không phải danh sách", "not a list")
    sohoa("read", path, "--pages", "9").complains(2, "không có trang 9", "there is no page 9")


def test_read_of_a_bad_file_complains_with_3(folder: Path) -> None:
    (folder / "cắt.pdf").write_bytes(hostile.truncated_pdf())
    answer = sohoa("read", folder / "cắt.pdf", "--json")
    answer.complains(3, REASONS["damaged"].vi, REASONS["damaged"].en)
    assert answer.out == ""


def test_fields_gives_one_line_a_file(folder: Path) -> None:
    paper = written(folder / "có chữ.pdf")
    (folder / "rỗng.pdf").write_bytes(b"")
    answer = sohoa("fields", folder / "có chữ.pdf", folder / "rỗng.pdf", "--json")
    assert (answer.code, answer.err) == (3, "")
    good, empty = answer.records()
    assert good["file"] == str(folder / "có chữ.pdf")
    assert good["fields"]["number_symbol"]["value"] == paper.fields["number_symbol"]
    assert all(set(one) >= FIELD for one in good["fields"].values())
    assert (empty["reason"], empty["fields"]) == ("empty", {})


def test_a_paper_signed_here_verifies_here(folder: Path, authority: TestAuthority) -> None:
    written(folder / "ký.pdf")
    (folder / "mật khẩu").write_text(authority.passphrase, "utf-8")
    signed, broken = folder / "đã ký.pdf", folder / "bị sửa.pdf"
    answer = sohoa(
        "sign", folder / "ký.pdf", "--as", "officer", "--key", authority.officer,
        "--pass-file", folder / "mật khẩu", "--out", signed,
    )  # fmt: skip
    assert (answer.code, answer.err) == (0, "")
    data = bytearray(signed.read_bytes())
    data[200] ^= 1
    broken.write_bytes(data)
    answer = sohoa("verify", signed, broken, "--trust", authority.root_pem, "--json")
    good, bad = answer.records()
    assert (answer.code, good["file"], good["state"]) == (0, str(signed), "done")
    [signature] = good["signatures"]
    assert set(signature) >= SIGNATURE
    assert (signature["verdict"], signature["integrity"], signature["level"]) == (
        "valid", "intact", "B-B",
    )  # fmt: skip
    assert bad["signatures"][0]["integrity"] == "broken"
    assert bad["signatures"][0]["verdict"] == "invalid"


def test_verify_judges_at_a_moment_and_without_trust_knows_nobody(
    folder: Path, authority: TestAuthority
) -> None:
    signed = folder / "đã ký.pdf"
    [unknown] = sohoa("verify", signed, "--json").records()
    assert unknown["signatures"][0]["trust"] != "trusted"
    late = sohoa("verify", signed, "--trust", authority.root_pem, "--at", "2090-01-01", "--json")
    assert late.records()[0]["signatures"][0]["verdict"] != "valid"
    sohoa("verify", signed, "--at", "soon").complains(2, "không phải ngày giờ", "not a date")


def test_a_wrong_passphrase_is_one_sentence(folder: Path, authority: TestAuthority) -> None:
    (folder / "sai").write_text("không phải", "utf-8")
    out = folder / "không có.pdf"
    answer = sohoa(
        "sign", folder / "ký.pdf", "--as", "officer", "--key", authority.officer,
        "--pass-file", folder / "sai", "--out", out,
    )  # fmt: skip
    assert answer.code in (2, 4)
    assert len(answer.err.splitlines()) == 2
    assert not out.exists()


def test_a_receipt_is_checked_offline(folder: Path, authority: TestAuthority) -> None:
    key = load_pkcs12(authority.officer, authority.passphrase)
    receipt = make_receipt({"kind": "once_only_answer", "used": ["a"]}, key)
    path, forged = folder / "biên nhận.json", folder / "giả.json"
    path.write_text(json.dumps(receipt), "utf-8")
    receipt["claims"]["used"] = ["b"]
    forged.write_text(json.dumps(receipt), "utf-8")
    words = ("receipt", "verify")
    good = sohoa(*words, path, "--trust", authority.root_pem, "--json")
    assert (good.code, good.records()[0]["valid"]) == (0, True)
    assert good.records()[0]["test_authority"] is True
    bad = sohoa(*words, forged, "--trust", authority.root_pem, "--json")
    assert (bad.code, bad.records()[0]["reasons"]) == (5, ["signature_mismatch"])
    sohoa(*words, folder / "ký.pdf", "--trust", authority.root_pem).complains(
        2, "không phải tệp JSON", "not a JSON file"
    )
