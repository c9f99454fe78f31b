"""The whole way by the command line on the servers, as an administrator would try them."""

import json
from pathlib import Path

import pytest

from tests.faults.service import sohoa
from tests.servers.engines import Servers, as_environment

pytestmark = pytest.mark.servers


def test_the_demo_goes_the_whole_way_and_is_kept(servers: Servers, tmp_path: Path) -> None:
    home, more = tmp_path / "home", as_environment(servers.fresh())

    def command(*words: str) -> str:
        return sohoa(home, *words, more=more).stdout

    assert "ĐÃ ĐI HẾT CON ĐƯỜNG" in command("demo", "run")
    told = json.loads((home / "demo-summary.json").read_text("utf-8"))
    assert told["states"] == {"done": 5, "needs_review": 1}
    assert told["signatures"] == told["signatures_valid"] == 10
    assert told["fields"] > 20
    assert told["search_hits"] >= 1
    assert "held" in told["once_only"].values()
    assert told["receipt_valid"]
    assert not (home / "sohoa.db").exists()
    assert "kiểm tra đúng" in command("demo", "run")  # a second time: the same summary

    assert json.loads(command("check", "--json").splitlines()[-1])["broken"] == 0
    indexed = json.loads(command("reindex", "--json"))["indexed"]
    assert indexed == told["documents"]
    found = command("search", "quyet dinh", "--json").splitlines()
    made = json.loads(command("backup", str(tmp_path / "copies"), "--json"))
    assert json.loads(command("doctor", "--json").splitlines()[0])["ok"]

    other, there = tmp_path / "other", as_environment(servers.fresh())
    back = sohoa(other, "restore", str(tmp_path / "copies"), "--json", more=there)
    assert json.loads(back.stdout)["snapshot"] == made["snapshot"]
    assert json.loads(back.stdout)["objects"] == made["objects"]
    again = sohoa(other, "search", "quyet dinh", "--json", more=there).stdout.splitlines()
    ids = [sorted(json.loads(line)["document"] for line in lines) for lines in (found, again)]
    assert ids[0] == ids[1]
    assert sohoa(other, "check", more=there).returncode == 0


def test_no_demo_is_made_in_an_office_that_is_there(servers: Servers, tmp_path: Path) -> None:
    more = as_environment(servers.fresh())
    sohoa(tmp_path / "first", "demo", "office", more=more)
    for words in (("demo", "run"), ("demo", "office")):
        answer = sohoa(
            tmp_path / "second", *words, check=False,
            more={**more, "SOHOA_AUDIT_KEY_FILE": str(tmp_path / "first" / "keys" / "audit.key")},
        )  # fmt: skip
        assert answer.returncode == 2
        assert "đã có cơ quan" in answer.stderr
    assert not (tmp_path / "second" / "demo.json").exists()
