"""Many files under one PIN: each signed exactly once, however often the run was killed."""

import fcntl
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pikepdf
import pytest

from signing.authority import TestAuthority
from signing.certify import CertifyOrder, certify
from signing.keys import load_pkcs12
from signing.sign import sign_file
from signing.validation import verify_file
from tests.integration.commandline.calling import Answer, sohoa
from tests.unit.signing.office import blank_pdf

FILES = 200
KILLS = 3


@pytest.fixture
def pin(tmp_path: Path, authority: TestAuthority) -> Path:
    path = tmp_path / "pin"
    path.write_text(authority.passphrase, "utf-8")
    return path


def batch(authority: TestAuthority, pin: Path, *words: object) -> Answer:
    return sohoa(
        "sign", *words, "--as", "officer", "--key", authority.officer, "--pass-file", pin, "--json"
    )


def test_two_hundred_files_are_signed_once_each_although_the_signer_is_killed_three_times(
    tmp_path: Path, authority: TestAuthority, pin: Path
) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for number in range(FILES):
        blank_pdf(source / f"{number:03}.pdf", 595 + number % 7, 842)
    before = {path.name: path.read_bytes() for path in source.iterdir()}
    command = [
        sys.executable, "-m", "api.cli", "sign", str(source), "--as", "officer",
        "--key", str(authority.officer), "--pass-file", str(pin), "--out", str(out), "--json",
    ]  # fmt: skip
    seen = 0
    for _ in range(KILLS):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seen = wait_for_more(running, out, seen + FILES // 5)
        running.send_signal(signal.SIGKILL)
        running.wait()
        for path in out.glob("*.pdf"):  # whole or not there: at any moment
            assert verify_file(path, [authority.root_pem]).verdict == "valid", path
    assert 0 < len(list(out.glob("*.pdf"))) < FILES, "the kills fell beside the work"
    last = subprocess.run(command, check=True, capture_output=True, text=True)
    again = subprocess.run(command, check=True, capture_output=True, text=True)
    assert last.stdout.count('"signed"') + last.stdout.count('"already_signed"') == FILES
    assert again.stdout.count('"already_signed"') == FILES
    assert sorted(path.name for path in out.iterdir()) == sorted(before)  # no drafts are left
    for path in out.iterdir():
        data = path.read_bytes()
        assert data.startswith(before[path.name])
        assert len(re.findall(rb"/ByteRange", data)) == 1, path
        (record,) = verify_file(path, [authority.root_pem]).signatures
        assert (record.verdict, record.covers) == ("valid", "whole_file")
    assert {path.name: path.read_bytes() for path in source.iterdir()} == before


def test_an_interrupted_run_leaves_no_draft_and_its_pin_nowhere(
    tmp_path: Path, authority: TestAuthority
) -> None:
    """While it works, no process list and no environment has the PIN; a second run goes on."""
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for number in range(40):
        blank_pdf(source / f"{number:02}.pdf")
    command = [
        sys.executable, "-m", "api.cli", "sign", str(source), "--as", "officer",
        "--key", str(authority.officer), "--out", str(out), "--json",
    ]  # fmt: skip
    secret = authority.passphrase.encode()
    running = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdin is not None
    running.stdin.write(secret + b"\n")
    running.stdin.flush()
    wait_for_more(running, out, 3)
    seen = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            open_to_others = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:  # it has ended meanwhile, or forbids it (children do)
            continue
        seen += b"api.cli\0sign\0" in open_to_others
        assert secret not in open_to_others, process
    assert seen, "the signer itself was not looked at"
    running.send_signal(signal.SIGINT)
    told, complained = running.communicate(timeout=60)
    assert running.returncode == 130, complained
    assert secret not in told + complained
    whole = sorted(path.name for path in out.iterdir())
    assert 3 <= len(whole) < 40
    assert not [name for name in whole if name.startswith(".")]
    for path in out.iterdir():
        assert verify_file(path, [authority.root_pem]).verdict == "valid"
    again = sohoa(*command[3:], typed=f"{authority.passphrase}\n")
    states = [one["state"] for one in again.records()]
    assert sorted(set(states)) == ["already_signed", "signed"]
    assert states.count("already_signed") == len(whole)
    assert len(list(out.iterdir())) == 40


def wait_for_more(running: subprocess.Popen[bytes], out: Path, wanted: int) -> int:
    """Until so many results are there; how many then are."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        found = len(list(out.glob("*.pdf"))) if out.is_dir() else 0
        if found >= wanted:
            return found
        assert running.poll() is None, "the signer ended before it could be killed"
        time.sleep(0.005)
    raise AssertionError("the signer does not sign")


def test_what_cannot_be_signed_stays_unsigned_with_its_reason_and_others_go_on(
    tmp_path: Path, authority: TestAuthority, pin: Path, order: CertifyOrder
) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    blank_pdf(source / "a.pdf")
    with pikepdf.open(source / "a.pdf") as pdf:
        pdf.save(source / "b.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    certify(source / "a.pdf", source / "c.pdf", order)
    (source / "d.pdf").write_bytes(b"%PDF-1.7 broken")
    (source / "e.pdf").write_bytes(b"")
    blank_pdf(source / "f.PDF")
    (source / "no paper.txt").write_text("x")
    before = {path.name: path.read_bytes() for path in source.iterdir()}
    answer = batch(authority, pin, source, "--out", out)
    told = {Path(one["file"]).name: (one["state"], one["reason"]) for one in answer.records()}
    assert (answer.code, answer.err) == (3, "")
    assert told == {
        "a.pdf": ("signed", None),
        "b.pdf": ("stopped", "encrypted"),
        "c.pdf": ("stopped", "changes_forbidden"),
        "d.pdf": ("stopped", "damaged"),
        "e.pdf": ("stopped", "empty"),
        "f.PDF": ("signed", None),
    }
    assert all(one["message"] for one in answer.records() if one["state"] == "stopped")
    assert sorted(path.name for path in out.iterdir()) == ["a.pdf", "f.PDF"]
    assert {path.name: path.read_bytes() for path in source.iterdir()} == before


def test_what_is_there_already_and_not_ours_is_never_overwritten(
    tmp_path: Path, authority: TestAuthority, pin: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    one, two, three = (blank_pdf(tmp_path / f"{name}.pdf") for name in "abc")
    key = load_pkcs12(authority.organisation, authority.passphrase)
    sign_file(one, out / "a.pdf", key, "officer")  # another key's
    (out / "b.pdf").write_bytes(two.read_bytes())  # not signed at all
    kept = [(out / name).read_bytes() for name in ("a.pdf", "b.pdf")]
    answer = batch(authority, pin, one, two, three, "--out", out)
    assert [record["reason"] for record in answer.records()] == ["output_exists"] * 2 + [None]
    assert [(out / name).read_bytes() for name in ("a.pdf", "b.pdf")] == kept
    assert answer.code == 3


def test_a_damaged_result_is_not_taken_for_signed(
    tmp_path: Path, authority: TestAuthority, pin: Path
) -> None:
    source, out = blank_pdf(tmp_path / "a.pdf"), tmp_path / "out"
    out.mkdir()
    assert batch(authority, pin, source, "--out", out).records()[0]["state"] == "signed"
    whole = (out / "a.pdf").read_bytes()
    (out / "a.pdf").write_bytes(whole[:-40])
    assert batch(authority, pin, source, "--out", out).records()[0]["reason"] == "output_exists"


def test_results_never_take_the_place_of_their_sources(
    tmp_path: Path, authority: TestAuthority, pin: Path
) -> None:
    blank_pdf(tmp_path / "a.pdf")
    answer = batch(authority, pin, tmp_path, "--out", tmp_path)
    answer.complains(2, "không bao giờ bị ghi đè", "never overwritten")
    (tmp_path / "x").mkdir()
    blank_pdf(tmp_path / "x" / "a.pdf")
    answer = batch(authority, pin, tmp_path / "a.pdf", tmp_path / "x" / "a.pdf", "--out",
                   tmp_path / "out")  # fmt: skip
    answer.complains(2, "cùng tên kết quả", "would both become")


def test_folders_keep_their_shape_and_a_second_run_signs_what_is_new(
    tmp_path: Path, authority: TestAuthority, pin: Path
) -> None:
    source, out = tmp_path / "in", tmp_path / "in" / "đã ký"
    (source / "sâu").mkdir(parents=True)
    blank_pdf(source / "a.pdf")
    blank_pdf(source / "sâu" / "b.pdf")
    assert batch(authority, pin, source, "--out", out).code == 0
    blank_pdf(source / "c.pdf")
    answer = batch(authority, pin, source, "--out", out)
    told = {Path(one["out"]).relative_to(out).as_posix(): one["state"] for one in answer.records()}
    assert told == {"a.pdf": "already_signed", "sâu/b.pdf": "already_signed", "c.pdf": "signed"}


def test_two_runs_do_not_sign_into_one_folder(
    tmp_path: Path, authority: TestAuthority, pin: Path
) -> None:
    source, out = blank_pdf(tmp_path / "a.pdf"), tmp_path / "out"
    out.mkdir()
    handle = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        answer = batch(authority, pin, source, "--out", out)
    finally:
        os.close(handle)
    answer.complains(2, "đợt ký khác", "Another run")
    assert list(out.iterdir()) == []


def test_a_wrong_pin_signs_nothing_and_is_asked_for_once(
    tmp_path: Path, authority: TestAuthority
) -> None:
    source, out = blank_pdf(tmp_path / "a.pdf"), tmp_path / "out"
    blank_pdf(tmp_path / "b.pdf")
    answer = sohoa(
        "sign", source, tmp_path / "b.pdf", "--as", "officer", "--key", authority.officer,
        "--out", out, typed="sai\n",
    )  # fmt: skip
    assert answer.code == 2
    assert "sai" not in answer.out + answer.err.replace("Sai mã", "")
    assert not out.exists()
