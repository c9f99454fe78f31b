"""make-secrets.sh: random, readable by few, never made twice."""

import json
import stat
import subprocess
from configparser import ConfigParser
from pathlib import Path

from tests.deploy.checking import ROOT

SCRIPT = ROOT / "deploy" / "make-secrets.sh"
NAMES = {
    "database-password", "search-password", "metrics-token", "audit-key", "s3-credentials",
    "s3-identities", "tls.pem",
}  # fmt: skip


def make(folder: Path) -> str:
    return subprocess.run(
        ["sh", str(SCRIPT), str(folder), "so.example.vn"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


def test_all_that_compose_asks_for_is_made_and_closed(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    said = make(folder)
    files = {path.name: path for path in folder.iterdir()}
    assert set(files) == NAMES
    for name, path in files.items():
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o440 if name in ("database-password", "metrics-token") else 0o400), name
        assert path.read_bytes().strip() not in said.encode()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(files["audit-key"].read_bytes()) == 32
    assert len(files["metrics-token"].read_text("ascii").strip()) == 64


def test_both_sides_of_the_store_have_one_key(tmp_path: Path) -> None:
    make(tmp_path)
    keys = ConfigParser(interpolation=None)
    keys.read(tmp_path / "s3-credentials")
    [identity] = json.loads((tmp_path / "s3-identities").read_text("utf-8"))["identities"]
    [given] = identity["credentials"]
    assert given["accessKey"] == keys["default"]["aws_access_key_id"]
    assert given["secretKey"] == keys["default"]["aws_secret_access_key"]
    assert all(action.endswith(":sohoa") for action in identity["actions"])


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    make(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    make(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_two_offices_have_nothing_in_common(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make(tmp_path / name)
    for name in NAMES:
        assert (tmp_path / "a" / name).read_bytes() != (tmp_path / "b" / name).read_bytes()
