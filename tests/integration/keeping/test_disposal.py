"""From what has fallen due to what is gone: two persons, a signed list, holds, locks, kills."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest import disposal_run, disposing, holding
from ingest.backup import back_up
from ingest.fixity import sweep
from ingest.house import House
from ingest.intake import receive
from repository import audit, documents, subjects
from repository.keeping import disposals, fixity, rules
from repository.keeping.schedule import Rule, Schedule
from repository.named_objects import named_objects
from repository.ports import Job, StoredObject
from signing.receipts import verify_receipt
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.integration.keeping.letters import (
    OLD,
    Dying,
    Killed,
    approved,
    disposed_entries,
    found,
    objects_of,
    paper,
    states,
    statuses,
)
from tests.servers.engines import Engines
from tests.servers.s3 import S3Server
from vocabulary.clock import FixedClock
from vocabulary.errors import Conflict, IntegrityFailure, MissingPart, NotAllowed

LETTERS = Rule("letter", date(2020, 1, 1), None, 10, "issued", "Luật 33/2024/QH15", True)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    """An office with keys and a schedule by which letters of 2010 are due."""
    with open_office(tmp_path_factory.mktemp("office"), demo=True, engines=engines) as made:
        with made.house.database.write() as tx:
            rules.put_schedule(tx, Schedule((LETTERS,)))
        yield made


@pytest.fixture
def house(office: Office) -> House:
    """The office without what an earlier test left due."""
    with office.house.database.write() as tx:
        for one in disposals.page_of(tx, limit=200).items:
            if one.state not in ("done", "cancelled"):
                disposals.change(tx, one, "cancelled")
        page = documents.page_of(tx, documents.DocumentFilter(), limit=500)
        for one in page.items:
            if one.status != "disposed":
                documents.describe(tx, one.id, {"type": "kept_now"}, "clerk", OLD)
    return office.house


def test_the_whole_way_of_a_list(office: Office, house: House, tmp_path: Path) -> None:
    goes, off = paper(house, "khu vườn mùa xuân"), paper(house, "bờ sông mùa hạ")
    stays = paper(house, "ngọn đồi mùa thu", issue_date=date(2024, 1, 1))
    gone = objects_of(house, goes)
    assert found(house, "khu vườn mùa xuân") == [goes]
    made = disposing.draft(house, "officer")
    assert set(states(house, made.id)) == {goes, off}
    disposing.take_off(house, made.id, [off], "còn cần cho thanh tra", "officer")
    with pytest.raises(NotAllowed) as refusal:
        disposing.approve(house, made.id, "officer")
    assert refusal.value.error_code == "same_person"
    with pytest.raises(Conflict):
        disposal_run.carry_out(house, made.id, "leader")
    signed = disposing.approve(house, made.id, "leader")
    assert (signed.state, signed.approved_by) == ("approved", "leader")
    disposal_run.ask(house, made.id, "leader")
    office.work()
    with house.database.read() as tx:
        ended = disposals.get(tx, made.id)
    assert (ended.state, dict(ended.counts)) == ("done", {"gone": 1, "off": 1})
    assert statuses(house, goes, off, stays) == ["disposed", "active", "active"]
    assert not any(house.objects.exists(one) for one in gone)
    assert found(house, "khu vườn mùa xuân") == []
    assert found(house, "bờ sông mùa hạ") == [off]
    assert disposed_entries(house, goes) == 1
    with house.database.read() as tx:
        assert audit.verify(tx).intact
        assert ended.receipt_sha256 in named_objects(tx)
        for one in named_objects(tx):
            house.objects.check(one)
    _receipt_says(office, ended.receipt_sha256 or "", goes, off)
    back_up(house, tmp_path / "backup")


def _receipt_says(office: Office, sha256: str, goes: str, off: str) -> None:
    house = office.house
    with house.objects.open(sha256) as stream:
        verdict = verify_receipt(json.load(stream), list(house.anchors))
    assert verdict.valid, verdict
    claims = verdict.claims
    assert (claims["kind"], claims["drafted_by"], claims["approved_by"]) == (
        "disposal_list", "officer", "leader",
    )  # fmt: skip
    (listed,) = claims["papers"]
    assert (listed["document"], listed["type"], listed["kept_until"]) == (
        goes, "letter", "2020-12-31",
    )  # fmt: skip
    assert [one["document"] for one in claims["taken_off"]] == [off]
    assert "khu vườn" not in json.dumps(claims, ensure_ascii=False)


def test_a_hold_that_comes_after_the_approval_wins(house: House) -> None:
    free, held = paper(house, "giấy tự do"), paper(house, "giấy bị giữ")
    approved_list = approved(house)
    hold = holding.place(house, "document", held, "khiếu nại", "Luật 02/2011/QH13", "inspector")
    ended = disposal_run.carry_out(house, approved_list, "leader")
    assert (ended.state, states(house, approved_list)) == ("done", {free: "gone", held: "kept"})
    assert statuses(house, free, held) == ["disposed", "active"]
    for one in objects_of(house, held):
        house.objects.check(one)
    with pytest.raises(Conflict) as refusal:
        disposing.draft(house, "officer")
    assert refusal.value.error_code == "nothing_due"
    holding.lift(house, hold.id, "đã giải quyết xong", "inspector")
    assert set(states(house, disposing.draft(house, "officer").id)) == {held}


def test_a_hold_that_comes_before_the_approval_is_not_on_the_signed_list(house: House) -> None:
    held = paper(house, "giấy bị giữ trước khi ký")
    made = disposing.draft(house, "officer")
    hold = holding.place(house, "document", held, "khiếu nại", "Luật 02/2011/QH13", "inspector")
    with pytest.raises(Conflict) as refusal:
        disposing.approve(house, made.id, "leader")
    assert refusal.value.error_code == "nothing_due"
    holding.lift(house, hold.id, "xong", "inspector")


def test_bytes_that_another_paper_names_stay(house: House) -> None:
    one = paper(house, "bản thứ nhất", b"the same bytes")
    other = paper(house, "bản thứ hai", b"the same bytes", issue_date=date(2024, 1, 1))
    shared, own = objects_of(house, one)
    disposal_run.carry_out(house, approved(house), "leader")
    assert statuses(house, one, other) == ["disposed", "active"]
    house.objects.check(shared)
    assert not house.objects.exists(own)


def test_two_papers_of_the_same_bytes_go_together(house: House) -> None:
    one, other = (paper(house, text, b"twice the same") for text in ("một", "hai"))
    shared, _ = objects_of(house, one)
    ended = disposal_run.carry_out(house, approved(house), "leader")
    assert (ended.state, dict(ended.counts)) == ("done", {"gone": 2})
    assert statuses(house, one, other) == ["disposed", "disposed"]
    assert not house.objects.exists(shared)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("removals", range(4))
def test_a_killed_run_goes_on_and_each_paper_goes_once(
    house: House, removals: int, *, after: bool
) -> None:
    papers = [paper(house, f"bị dừng {number} {removals} {after}") for number in range(2)]
    gone = [name for one in papers for name in objects_of(house, one)]
    disposal = approved(house)
    dying = replace(house, objects=Dying(house.objects, removals, after=after))
    with pytest.raises(Killed):
        disposal_run.carry_out(dying, disposal, "leader")
    ended = disposal_run.carry_out(house, disposal, "leader")
    assert (ended.state, dict(ended.counts)) == ("done", {"gone": 2})
    assert not any(house.objects.exists(one) for one in gone)
    assert [disposed_entries(house, one) for one in papers] == [1, 1]
    with house.database.read() as tx:
        assert audit.verify(tx).intact


def test_a_store_that_is_away_ends_the_run_and_the_next_one_goes_on(house: House) -> None:
    one = paper(house, "kho vắng mặt")
    gone = objects_of(house, one)

    class Away(Dying):
        def answers(self) -> None:
            raise MissingPart("Kho không trả lời.", "The store does not answer.")

    disposal = approved(house)
    with pytest.raises(MissingPart):
        disposal_run.carry_out(
            replace(house, objects=Away(house.objects, 9, after=False)), disposal, "leader"
        )
    assert states(house, disposal) == {one: "erased"}
    assert disposal_run.carry_out(house, disposal, "leader").state == "done"
    assert not any(house.objects.exists(name) for name in gone)


def test_the_same_bytes_handed_in_at_the_moment_of_removal_are_not_lost(house: House) -> None:
    """The clerk's bytes are put, then removed by the disposal, then to be named: refused."""
    content = born_digital("GIAY NOP LAI")
    one = paper(house, "giấy nộp lại", content)
    name, _ = objects_of(house, one)

    class Slow(Dying):
        def put(self, stream: Any, limit: int | None = None) -> StoredObject:
            stored = self._store.put(stream, limit)
            disposal_run.carry_out(house, disposal, "leader")
            return stored

    disposal = approved(house)
    slow = replace(house, objects=Slow(house.objects, 9, after=False))
    with pytest.raises(Conflict) as refusal:
        receive(slow, io.BytesIO(content), "giấy.pdf", by="clerk")
    assert refusal.value.error_code == "object_gone"
    again = receive(house, io.BytesIO(content), "giấy.pdf", by="clerk")
    assert again.duplicate_of is None
    house.objects.check(name)


def test_a_job_of_many_papers_lets_others_come_between(
    office: Office, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disposal_run, "_SLICE", 1)
    for number in range(3):
        paper(house, f"danh mục dài {number}")
    disposal = approved(house)
    disposal_run.ask(house, disposal, "leader")
    job = house.queue.claim("worker", [disposal_run.JOB])
    assert isinstance(job, Job)
    assert not disposal_run.work(house, job)
    assert sorted(states(house, disposal).values()) == ["gone", "listed", "listed"]
    disposal_run.ask(house, disposal, "leader")
    office.work()
    with house.database.read() as tx:
        ended = disposals.get(tx, disposal)
    assert (ended.state, dict(ended.counts)) == ("done", {"gone": 3})
    assert house.queue.unfinished() == 0


def test_an_office_without_keys_cannot_approve(house: House) -> None:
    paper(house, "không có khóa")
    made = disposing.draft(house, "officer")
    with pytest.raises(MissingPart) as refusal:
        disposing.approve(replace(house, seal=None), made.id, "leader")
    assert refusal.value.error_code == "seal_missing"
    assert disposing.cancel(house, made.id, "chưa có khóa", "leader").state == "cancelled"
    with pytest.raises(Conflict):
        disposing.cancel(house, made.id, "lần nữa", "leader")


def test_a_rule_that_nobody_confirmed_lets_nothing_go(house: House) -> None:
    one = paper(house, "chưa xác nhận")
    real = replace(house, office=replace(house.office, demo=False))
    with house.database.write() as tx:
        rules.put_schedule(tx, Schedule((replace(LETTERS, confirmed=False),)))
    try:
        with pytest.raises(Conflict) as refusal:
            disposing.draft(real, "officer")
        assert refusal.value.error_code == "nothing_due"
        assert set(states(house, disposing.draft(house, "officer").id)) == {one}
    finally:
        with house.database.write() as tx:
            rules.put_schedule(tx, Schedule((LETTERS,)))


def test_the_sweep_names_what_is_damaged_or_missing_and_removes_nothing(house: House) -> None:
    whole, broken, lost = (objects_of(house, paper(house, text))[0] for text in ("a", "b", "c"))

    class Damaged(Dying):
        def check(self, sha256: str) -> None:
            if sha256 == broken:
                raise IntegrityFailure("hỏng", "damaged")
            self._store.check(sha256)

    month = timedelta(days=30)
    house.objects.remove(lost)
    damaged = replace(house, objects=Damaged(house.objects, 9, after=False))
    done = sweep(damaged, month, 1000)
    assert (done.damaged, done.missing) == ((broken,), (lost,))
    with house.database.read() as tx:
        failed = {one.sha256: one.state for one in fixity.failures(tx)}
        assert done.checked == len(named_objects(tx))
    assert failed == {broken: "damaged", lost: "missing"}
    assert house.objects.exists(broken)
    assert sweep(house, month, 1000).checked == 0
    house.objects.put(io.BytesIO(b"original c"))
    later = replace(house, clock=FixedClock(house.clock.now() + timedelta(days=2)))
    assert sweep(later, month, 1000).checked == 2
    with house.database.read() as tx:
        assert fixity.failures(tx) == []
    house.objects.check(whole)


def test_a_store_that_is_away_says_nothing_of_its_objects(house: House) -> None:
    paper(house, "kho vắng mặt khi kiểm")

    class Away(Dying):
        def check(self, sha256: str) -> None:
            raise MissingPart("Kho không trả lời.", "The store does not answer.", sha256=sha256)

    with pytest.raises(MissingPart):
        sweep(replace(house, objects=Away(house.objects, 0, after=False)), timedelta(days=1), 10)
    with house.database.read() as tx:
        assert fixity.failures(tx) == []


@pytest.mark.servers
def test_the_store_s_own_locks_are_asked_and_set(
    house: House, s3_server: S3Server, tmp_path: Path
) -> None:
    """A hold reaches the store; what the store keeps is told by name and not forced."""
    store = s3_server.store(
        tmp_path / "scratch", s3_server.bucket(lock=True), lock="compliance", retention_days=1
    )
    locked = replace(house, objects=store, locks=store.locks)
    one = paper(locked, f"trong kho có khóa {s3_server.endpoint}")
    names = objects_of(house, one)
    with house.database.write() as tx:
        firm = subjects.ensure(tx, "vn:mst", "0901234564")
        documents.describe(tx, one, {"subject_id": firm.id}, "clerk", OLD)
    hold = holding.place(locked, "subject", "vn:mst:0901234564", "điều tra", "QĐ 1", "leader")
    assert all(store.locks.protection(name).held for name in names)
    assert holding.into_store(locked) == 0
    holding.lift(locked, hold.id, "xong", "leader")
    assert not any(store.locks.protection(name).held for name in names)
    disposal = approved(locked)
    for _ in range(2):
        ended = disposal_run.carry_out(locked, disposal, "leader")
        assert (ended.state, dict(ended.counts)) == ("partly", {"locked": 1})
    with house.database.read() as tx:
        (entry,) = disposals.entries(tx, disposal)
    assert all(f"{name} retained until" in entry.reason for name in names)
    assert statuses(house, one) == ["active"], "nothing of it is gone"
    free = replace(locked, locks=None)  # as if the lock had come between look and removal
    ended = disposal_run.carry_out(free, disposal, "leader")
    assert (ended.state, dict(ended.counts)) == ("partly", {"erased": 1})
    with house.database.read() as tx:
        (entry,) = disposals.entries(tx, disposal)
    assert all(f"{name} retained" in entry.reason for name in names)
    assert all(store.exists(name) for name in names)


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    """An office that no other test has damaged: a backup reads everything there is."""
    with open_office(tmp_path / "own", demo=True) as made:
        with made.house.database.write() as tx:
            rules.put_schedule(tx, Schedule((LETTERS,)))
        yield made.house


def test_a_backup_during_which_a_paper_goes_is_whole(own_house: House, tmp_path: Path) -> None:
    house = own_house
    one = paper(house, "hủy khi đang sao lưu")
    names = objects_of(house, one)
    disposal = approved(house)

    class Between(Dying):
        def size(self, sha256: str) -> int:
            return self._store.size(sha256)

        def open(self, sha256: str) -> Any:
            if sha256 in names:
                disposal_run.carry_out(house, disposal, "leader")
            return self._store.open(sha256)

    made = back_up(replace(house, objects=Between(house.objects, 9, after=False)), tmp_path / "b")
    with house.database.read() as tx:
        assert made.objects == len(named_objects(tx))
    pool = {path.name for path in (tmp_path / "b" / "objects").glob("??/*")}
    assert not pool & set(names)
