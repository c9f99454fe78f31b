"""The commands on the data folder: taking in, working, finding, checking, mending."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from demo import hostile
from demo.papers import Paper, PaperKind
from tests.integration.commandline.calling import Answer, sohoa
from tests.integration.commandline.papers import SUBJECT, written

PROCEDURE = "2.002381"
WHO = f"{SUBJECT.scheme}:{SUBJECT.id}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo office."""
    home = tmp_path_factory.mktemp("house") / "data"
    answer = sohoa("demo", "office", home=home)
    assert (answer.code, answer.out) == (0, "")
    return home


@pytest.fixture(scope="module")
def licence(home: Path) -> Paper:
    return written(home.parent / "papers" / "giấy phép.pdf", PaperKind.LICENCE, 11)


@pytest.fixture(scope="module")
def imported(home: Path, licence: Paper) -> Answer:
    """A list of one licence that the office knows the holder of, a missing file and noise."""
    papers = home.parent / "papers"
    (papers / "nhiễu.pdf").write_bytes(hostile.random_bytes())
    (papers / "cắt.pdf").write_bytes(hostile.truncated_pdf())
    facts = {"type": "radiation_work_licence", "subject": WHO, "subject_name": SUBJECT.name,
             "scope": "nationwide", "form": "original"}  # fmt: skip
    rows = [
        {"file": "giấy phép.pdf", "pages": str(len(licence.pages)), **facts},
        {"file": "không có.pdf"},
        {"file": "nhiễu.pdf"},
        {"file": "cắt.pdf"},
    ]
    with (papers / "list.csv").open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.DictWriter(out, ["file", "pages", *facts])
        table.writeheader()
        table.writerows(rows)
    return sohoa("import", papers / "list.csv", "--json", home=home)


def named(answer: Answer) -> dict[str, dict[str, Any]]:
    return {Path(one["file"]).name: one for one in answer.records() if "file" in one}


def test_import_takes_in_a_list_and_counts_every_line(imported: Answer) -> None:
    assert imported.code == 3, imported.err
    lines = named(imported)
    assert {name: (one["state"], one["reason"]) for name, one in lines.items()} == {
        "giấy phép.pdf": ("done", None),
        "không có.pdf": ("stopped", "not_found"),
        "nhiễu.pdf": ("stopped", "not_a_document"),
        "cắt.pdf": ("stopped", "damaged"),
    }
    assert all(one["message"] for one in lines.values() if one["state"] == "stopped")
    total = imported.records()[-1]
    assert total == {
        "files": 4, "received": 2, "again": 0, "refused": 2, "states": {"done": 1, "stopped": 3},
        "reasons": {"not_found": 1, "not_a_document": 1, "damaged": 1},
    }  # fmt: skip


def test_a_second_import_takes_nothing_in_twice(home: Path, imported: Answer) -> None:
    before = sohoa("stats", "--json", home=home).records()
    again = sohoa("import", home.parent / "papers" / "list.csv", "--json", home=home)
    assert again.code == 3
    assert [one["document"] for one in again.records()[:-1]] == [
        one["document"] for one in imported.records()[:-1]
    ]
    assert again.records()[-1] == {
        "files": 4, "received": 0, "again": 2, "refused": 2, "states": {"done": 1, "stopped": 3},
        "reasons": {"not_found": 1, "not_a_document": 1, "damaged": 1},
    }  # fmt: skip
    assert sohoa("stats", "--json", home=home).records() == before


def test_a_folder_with_the_same_bytes_under_another_name_names_the_first(
    home: Path, imported: Answer
) -> None:
    folder = home.parent / "more"
    folder.mkdir()
    original = home.parent / "papers" / "giấy phép.pdf"
    (folder / "bản sao.pdf").write_bytes(original.read_bytes())
    (folder / ".hidden").write_bytes(b"x")
    answer = sohoa("import", folder, "--json", home=home)
    copy, total = answer.records()
    assert (answer.code, copy["reason"]) == (3, "duplicate")
    assert "«giấy phép.pdf»" in copy["message"]
    assert total["files"] == total["received"] == 1
    assert imported.code == 3


def test_a_list_that_does_not_fit_is_a_wrong_call(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name\nx.pdf\n", "utf-8")
    sohoa("import", tmp_path / "a.csv", home=home).complains(2, "thiếu cột file", "Line 2")
    (tmp_path / "b.csv").write_text("file,pages\nx.pdf,hai\n", "utf-8")
    sohoa("import", tmp_path / "b.csv", home=home).complains(2, "không phải số", "'hai'")
    (tmp_path / "b.csv").write_text(f"file,pages\nx.pdf,{'9' * 5000}\n", "utf-8")
    sohoa("import", tmp_path / "b.csv", home=home).complains(2, "không phải số", "Line 2")
    (tmp_path / "b.csv").write_text("file,pages\nx.pdf,1\n", "utf-16")
    sohoa("import", tmp_path / "b.csv", home=home).complains(2, "CSV UTF-8", "not UTF-8")
    (tmp_path / "b.csv").write_text('file,pages\n"' + "x" * 200_000, "utf-8")
    sohoa("import", tmp_path / "b.csv", home=home).complains(2, "dấu ngoặc kép", "no CSV file")
    (tmp_path / "c.csv").write_text("file,subject\nx.pdf,0901234564\n", "utf-8")
    sohoa("import", tmp_path / "c.csv", home=home).complains(2, "loại mã", "scheme")


def test_import_without_waiting_leaves_the_work_to_a_worker(home: Path, tmp_path: Path) -> None:
    written(tmp_path / "sau.pdf", seed=21)
    [one, total] = sohoa("import", tmp_path, "--no-wait", "--json", home=home).records()
    assert (one["state"], total["states"]) == ("received", {"received": 1})
    worker = sohoa("worker", "--until-idle", "--concurrency", 1, home=home)
    assert (worker.code, worker.out, worker.err) == (0, "", "")
    [one, _] = sohoa("import", tmp_path, "--json", home=home).records()
    assert one["again"]
    assert one["state"] in ("done", "needs_review")


def test_stats_count_by_state_and_reason(home: Path, imported: Answer) -> None:
    [record] = sohoa("stats", "--json", home=home).records()
    assert record["documents"] == sum(record["by_state"].values())
    assert record["stopped_by_reason"]["damaged"] == 1
    assert imported.code == 3


def test_search_finds_and_filters(home: Path, imported: Answer, licence: Paper) -> None:
    number = licence.fields["number_symbol"]
    first = sohoa("search", number, "--json", home=home).records()[0]
    assert first["number_symbol"] == number
    assert set(first) >= {"document", "name", "issuer", "type", "state", "status", "exact",
                          "score", "highlights"}  # fmt: skip
    words = ("search", "giay phep", "--json")
    assert sohoa(*words, "--subject", WHO, home=home).records()
    assert sohoa(*words, "--subject", "vn:mst:0100109106", home=home).out == ""
    assert sohoa(*words, "--type", "radiation_work_licence", home=home).records()
    assert sohoa(*words, "--type", "decision", home=home).records() == []
    assert sohoa(*words, "--valid-on", "1990-01-01", home=home).records() == []
    sohoa(*words, "--valid-on", "hôm nay", home=home).complains(2, "không phải ngày", "not a date")
    nothing = sohoa("search", "xyzxyz", home=home)
    assert (nothing.code, nothing.out) == (0, "Không tìm thấy giấy tờ nào · nothing found.\n")
    assert imported.code == 3


def test_once_only_says_what_the_office_holds(home: Path, imported: Answer) -> None:
    asked = ("once-only", "check", "--procedure", PROCEDURE, "--subject", WHO)
    answer = sohoa(*asked, "--json", home=home)
    assert (answer.code, answer.err) == (0, "")
    [record] = answer.records()
    components = {one["component"]: one for one in record["components"]}
    verdicts = {one["answer"] for one in components.values()}
    assert verdicts <= {"held", "partly", "must_request"}
    considered = [seen["document"] for one in components.values() for seen in one["considered"]]
    assert named(imported)["giấy phép.pdf"]["document"] in considered
    assert "cần nộp" in sohoa(*asked, home=home).out


def test_once_only_of_what_is_not_there_is_a_wrong_call(home: Path) -> None:
    words = ("once-only", "check")
    missing = sohoa(*words, "--procedure", "9.999999", "--subject", WHO, home=home)
    missing.complains(2, "", "")
    unknown = sohoa(*words, "--procedure", PROCEDURE, "--subject", "0901234564", home=home)
    unknown.complains(2, "loại mã", "scheme")


def test_reindex_builds_the_index_from_the_catalogue(home: Path, imported: Answer) -> None:
    words = ("search", "giay phep", "--json")
    before = sohoa(*words, home=home).records()
    answer = sohoa("reindex", "--json", home=home)
    assert (answer.code, answer.records()[0]["indexed"] > 0) == (0, True)
    after = sohoa(*words, home=home).records()
    for one in (*before, *after):
        del one["score"]  # remembered removals end with the old index and move scores a little
    assert after == before
    assert imported.code == 3


def test_check_finds_a_flipped_byte(home: Path, imported: Answer) -> None:
    clean = sohoa("check", "--json", home=home)
    assert clean.code == 0
    total = clean.records()[-1]
    assert (total["broken"], total["checked"] > 2) == (0, True)
    sha = next(one for one in sorted((home / "objects").glob("??/*")))
    content = sha.read_bytes()
    sha.chmod(0o640)
    sha.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    try:
        broken = sohoa("check", "--json", home=home)
    finally:
        sha.write_bytes(content)
        sha.chmod(0o440)
    broken.complains(5, "hỏng hoặc thiếu", "damaged or missing")
    assert {"object": sha.name, "state": "integrity"} in broken.records()
    assert sohoa("check", home=home).code == 0
    assert imported.code == 3


def test_check_finds_a_missing_object(home: Path, imported: Answer) -> None:
    sha = next(one for one in sorted((home / "objects").glob("??/*")))
    aside = sha.rename(home / "aside")
    try:
        broken = sohoa("check", "--json", home=home)
    finally:
        aside.rename(sha)
    assert broken.code == 5
    assert {"object": sha.name, "state": "not_found"} in broken.records()
    assert imported.code == 3


def test_settings_are_listed_with_where_they_come_from(home: Path) -> None:
    answer = sohoa("settings", "--json", home=home, max_pages=7)
    found = {one["name"]: one for one in answer.records()}
    assert (found["SOHOA_MAX_PAGES"]["value"], found["SOHOA_MAX_PAGES"]["from"]) == (7, "set")
    assert found["SOHOA_WORKERS"]["from"] == "default"
    assert all(one["help"] for one in found.values())
    (home / "sohoa.toml").write_text("max_pages = 9\n", "utf-8")
    try:
        told = sohoa("settings", home=home).out
    finally:
        (home / "sohoa.toml").unlink()
    assert "SOHOA_MAX_PAGES=9" in told
    assert "sohoa.toml" in told


def test_doctor_finds_nothing_wrong_where_all_is_there(home: Path) -> None:
    answer = sohoa("doctor", "--json", home=home)
    assert (answer.code, answer.err) == (0, "")
    assert all(one["ok"] for one in answer.records())


def test_doctor_says_what_is_missing_and_how_to_mend_it(home: Path, tmp_path: Path) -> None:
    answer = sohoa("doctor", "--json", home=home, tessdata=tmp_path)
    assert answer.code == 4
    [bad] = [one for one in answer.records() if not one["ok"]]
    assert "tesseract-ocr-vie" in bad["mend"]


def test_the_audit_chain_is_verified(home: Path) -> None:
    answer = sohoa("audit", "verify", "--json", home=home)
    assert (answer.code, answer.records()[0]["intact"]) == (0, True)


def test_people_are_added_and_listed(home: Path, tmp_path: Path) -> None:
    password = tmp_path / "mật khẩu"
    password.write_text("một mật khẩu đủ dài\n", "utf-8")
    words = ("users", "add", "lan", "--role", "clerk", "--name", "Lan", "--pass-file", password)
    added = sohoa(*words, home=home)
    assert (added.code, added.err) == (0, "")
    listed = sohoa("users", "list", "--json", home=home).records()
    assert {"username": "lan", "name": "Lan", "role": "clerk", "active": True} in listed
    assert "inspector" in {one["role"] for one in listed}
    assert sohoa(*words, home=home).code == 2
    password.write_text("ngắn\n", "utf-8")
    short = sohoa("users", "add", "minh", "--role", "clerk", "--pass-file", password, home=home)
    assert short.code == 2
    assert "10" in short.err


def test_a_password_is_changed_and_an_account_closed(home: Path, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("mật khẩu đầu tiên\n", "utf-8")
    assert (
        sohoa("users", "add", "hoa", "--role", "officer", "--pass-file", password, home=home).code
        == 0
    )
    password.write_text("mật khẩu thứ hai\n", "utf-8")
    assert sohoa("users", "password", "hoa", "--pass-file", password, home=home).code == 0
    assert sohoa("users", "close", "hoa", home=home).code == 0
    listed = sohoa("users", "list", "--json", home=home).records()
    assert [one["active"] for one in listed if one["username"] == "hoa"] == [False]
    sohoa("users", "close", "nobody", home=home).complains(2, "Không có người dùng", "no user")


def test_a_system_is_registered_once_and_told_its_secret(home: Path) -> None:
    made = sohoa("users", "client", "igate", "--name", "Một cửa", "--json", home=home)
    [record] = made.records()
    assert record["client_id"] == "igate"
    assert len(record["client_secret"]) >= 24
    assert sohoa("users", "client", "igate", home=home).code == 2
    given = ("--purpose", "2.002381", "--purpose", "2.002380.000.00.00.H31", "--json")
    granted = sohoa("users", "grant", "igate", *given, home=home).records()[0]
    assert granted["purposes"] == ["2.002380", "2.002381"]
    left = sohoa("users", "take-back", "igate", "--purpose", "2.002380", "--json", home=home)
    assert left.records()[0]["purposes"] == ["2.002381"]
    shown = sohoa("users", "clients", "--json", home=home).records()
    assert shown[0]["items"][0]["purposes"] == ["2.002381"]
    sohoa("users", "grant", "nobody", "--purpose", "*", home=home).complains(
        2, "Không có hệ thống", "no system"
    )


def test_procedures_come_from_a_file_or_from_the_sample_set(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "procedures.json"
    version = {"code": "1.999999", "name": "Thủ tục thử", "valid_from": "2026-01-01"}
    file.write_text(json.dumps({"procedures": [version]}, ensure_ascii=False), "utf-8")
    assert "1 thủ tục" in sohoa("procedures", "load", file, home=home).out
    assert sohoa("procedures", "load", home=home).code == 0
    for name in ("all.json", "all.csv"):
        assert "12 versions" in sohoa("procedures", "export", tmp_path / name, home=home).out
        assert "12 thủ tục" in sohoa("procedures", "load", tmp_path / name, home=home).out
    sohoa("procedures", "export", tmp_path / "no" / "all.csv", home=home).complains(
        2, "Không ghi được", "cannot be written"
    )
    file.write_text("{", "utf-8")
    assert sohoa("procedures", "load", file, home=home).code == 2


@pytest.mark.parametrize(
    "words",
    ["search giấy", f"once-only check --procedure {PROCEDURE} --subject {WHO}", "stats", "check",
     "reindex", "audit verify", "users list"],
)  # fmt: skip
def test_without_a_data_folder_it_says_how_to_get_one(words: str, tmp_path: Path) -> None:
    answer = sohoa(*words.split(), home=tmp_path / "nowhere")
    answer.complains(4, "Chưa có dữ liệu", "There is no data")
    assert not (tmp_path / "nowhere").exists()


def test_the_demo_office_is_removed_whole_and_a_real_one_never(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    assert sohoa("demo", "office", home=home).code == 0
    told = json.loads((home / "demo-accounts.json").read_text("utf-8"))
    assert sohoa("demo", "office", home=home).code == 0
    assert json.loads((home / "demo-accounts.json").read_text("utf-8")) == told
    assert sohoa("demo", "remove", home=home, typed="n\n").code == 130
    assert home.exists()
    assert sohoa("demo", "remove", "--yes", home=home).code == 0
    assert not home.exists()
    real = tmp_path / "real"
    real.mkdir()
    (real / "sohoa.db").touch()
    sohoa("demo", "remove", "--yes", home=real).complains(2, "không phải dữ liệu thử", "not a demo")
    assert (real / "sohoa.db").exists()
