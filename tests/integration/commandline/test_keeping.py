"""Retention, holds, disposal and fixity on the command line: acts of persons, with passwords."""

import io
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from api.settings import Settings
from api.wiring import open_house
from demo.office import make_demo_office
from repository import documents
from repository.documents import NewDocument
from tests.integration.commandline.calling import Answer, sohoa

OLD = datetime(2010, 5, 1, 3, 0, tzinfo=UTC)
PASSWORD = "mật khẩu thử nghiệm đủ dài"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo office with an officer, a leader, an inspector, and one letter of 2010."""
    home = tmp_path_factory.mktemp("office")
    make_demo_office(home, datetime.now(UTC))
    (home / "password").write_text(PASSWORD)
    for role in ("officer", "leader", "inspector"):
        call(home, "users", "add", role, "--role", role, "--pass-file", home / "password")
    with open_house(Settings(home=home, workers=1)) as house:
        kept = house.objects.put(io.BytesIO(b"letter of 2010"))
        new = NewDocument(
            "thư.pdf", kept.sha256, kept.bytes, "application/pdf", "officer",
            type="official_letter", issue_date=date(2010, 5, 1),
        )  # fmt: skip
        with house.database.write() as tx:
            documents.finish(tx, documents.register(tx, new, OLD), OLD)
    return home


def call(home: Path, *words: object, code: int = 0, typed: str = "") -> Answer:
    answer = sohoa(*words, home=home, typed=typed)
    assert answer.code == code, answer
    return answer


def act(home: Path, who: str, *words: object, code: int = 0) -> Answer:
    return call(home, *words, "--as", who, "--pass-file", home / "password", code=code)


def test_the_schedule_goes_out_and_in_as_one_file(home: Path, tmp_path: Path) -> None:
    shipped = call(home, "retention", "show", "--shipped").out
    assert 'type = "official_letter"' in shipped
    assert "confirmed = true" not in shipped.partition("[[rule]]")[2]
    file = tmp_path / "schedule.toml"
    file.write_text(shipped.replace("confirmed = false", "confirmed = true"), "utf-8")
    (loaded,) = call(home, "retention", "load", file, "--json").records()
    assert loaded["unconfirmed"] == 0
    with closing(sqlite3.connect(home / "sohoa.db")) as catalogue:
        log = catalogue.execute("SELECT event_type, actor FROM audit_log").fetchall()
    assert log.count(("retention.loaded", "cli")) == 1
    assert call(home, "retention", "show").out.strip() == file.read_text("utf-8").strip()
    assert len(call(home, "retention", "show", "--json").records()) == loaded["rules"]
    file.write_text("[[rule]]\ntype = 'x'\n")
    answer = sohoa("retention", "load", file, home=home)
    answer.complains(2, "chỗ sai", "mistakes")


def test_the_way_of_a_list_with_two_passwords(home: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("không đúng mật khẩu")
    wrong = ("disposal", "draft", "--as", "officer", "--pass-file", tmp_path / "wrong")
    sohoa(*wrong, home=home).complains(2, "mật khẩu không đúng", "password is wrong")
    act(home, "inspector", "disposal", "draft", code=2)
    (made,) = act(home, "officer", "disposal", "draft", "--json").records()
    (paper,) = call(home, "disposal", "show", made["id"], "--json").records()[1:]
    hold = act(
        home, "inspector", "hold", "place", "document", paper["document"],
        "--basis", "Luật 02/2011/QH13", "--reason", "khiếu nại",
    ).out.strip()  # fmt: skip
    assert call(home, "hold", "list", "--json").records()[0]["id"] == hold
    act(home, "leader", "disposal", "approve", made["id"], code=2)
    act(home, "inspector", "hold", "lift", hold, "--reason", "xong")
    assert call(home, "hold", "list").out == ""
    assert hold in call(home, "hold", "list", "--all").out
    act(home, "leader", "disposal", "cancel", made["id"], "--reason", "lập lại")

    (made,) = act(home, "officer", "disposal", "draft", "--on", "2026-01-01", "--json").records()
    act(home, "officer", "disposal", "take-off", made["id"], paper["document"], "--reason", "cần")
    (made,) = act(home, "leader", "disposal", "draft", "--json").records()
    sohoa(
        "disposal", "approve", made["id"], "--as", "leader", "--pass-file", home / "password",
        home=home,
    ).complains(2, "không được tự phê duyệt", "cannot approve")  # fmt: skip
    act(home, "leader", "disposal", "run", made["id"], code=2)
    assert "draft" in call(home, "disposal", "show").out


def test_another_person_approves_and_it_is_carried_out(home: Path, tmp_path: Path) -> None:
    for one in call(home, "disposal", "show", "--json").records():
        if one["state"] == "draft":
            act(home, "leader", "disposal", "cancel", one["id"], "--reason", "lập lại")
    (made,) = act(home, "officer", "disposal", "draft", "--json").records()
    (signed,) = act(home, "leader", "disposal", "approve", made["id"], "--json").records()
    (ended,) = act(home, "leader", "disposal", "run", made["id"], "--json").records()
    assert (ended["state"], ended["papers"]) == ("done", {"gone": 1})
    assert "gone" in call(home, "disposal", "show", made["id"]).out
    call(home, "worker", "--until-idle")  # the index hears of it
    records = call(home, "check", "--json").records()
    assert len(records) == 1, records
    summary = records[0]
    assert (summary["checked"], summary["broken"]) == (1, 0), "the signed list is all that is left"
    with open_house(Settings(home=home, workers=1)) as house:
        with house.objects.open(signed["receipt_sha256"]) as stream:
            (tmp_path / "list.json").write_bytes(stream.read())
        roots = [str(one) for one in house.anchors]
    verdict = sohoa("receipt", "verify", tmp_path / "list.json", "--trust", roots[0])
    assert verdict.code == 0, verdict


def test_the_sweep_is_told_and_what_is_missing_is_named(home: Path) -> None:
    (before,) = call(home, "fixity", "--json").records()
    assert before["failed"] == 0
    (after,) = call(home, "fixity", "--now", "10", "--json").records()
    assert (after["named"], after["checked"]) == (1, 1)
    with open_house(Settings(home=home, workers=1)) as house:
        (name,) = house.objects.all()
        path = house.objects._path(name)  # type: ignore[attr-defined]
        path.chmod(0o640)
        path.write_bytes(b"forged")
        with house.database.write() as tx:
            from repository.schema import fixity_checks

            tx.execute(fixity_checks.delete())
    answer = sohoa("fixity", "--now", "10", home=home)
    assert (answer.code, f"damaged: {name}" in answer.out) == (5, True), answer
    assert path.read_bytes() == b"forged", "nothing is deleted by it"
