"""What may go and what stays: holds, reasons, the tombstone; the claims of the fixity sweep."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from repository import documents, dossiers, subject_merges, subjects
from repository.database import Database
from repository.dossiers import NewDossier, Paper
from repository.keeping import disposals, due, erasure, fixity, holds
from repository.keeping.due import REASONS, Question
from repository.keeping.schedule import EVERY, Rule, Schedule
from repository.named_objects import is_named, named_objects
from repository.ports import StoredObject
from repository.schema import evidence_links, evidence_requests
from tests.unit.repository.paper import field, finished, reading, registered, signature
from vocabulary.errors import Conflict, InvalidRequest, NotFound

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
OLD = datetime(2010, 5, 1, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 27)


def rule(kind: str, years: int | None = 10, **changes: Any) -> Rule:
    values: dict[str, Any] = {
        "type": kind, "valid_from": date(2020, 1, 1), "valid_to": None, "years": years,
        "counts_from": "issued", "legal_basis": "Luật 33/2024/QH15", "confirmed": True,
    }  # fmt: skip
    return Rule(**(values | changes))


SCHEDULE = Schedule((
    rule("letter"), rule("decision", None), rule("draft_rule", confirmed=False),
    rule("licence", counts_from="dossier_closed"),
))  # fmt: skip


def letter(tx: Session, sha: str = "a", **changes: Any) -> str:
    values = {"type": "letter", "issue_date": date(2010, 5, 1), "sha256": sha * 64}
    return finished(tx, at=OLD, **(values | changes))


def ask(tx: Session, *ids: str, day: date = TODAY, **more: Any) -> list[str | None]:
    question = Question(SCHEDULE, day, NOW, **more)
    judged = {one.document.id: one.stays for one in due.judge(tx, ids, question)}
    return [judged[one] for one in ids]


def next_of(tx: Session, now: datetime, every: timedelta, most: int) -> list[str]:
    return fixity.claim(tx, fixity.candidates(tx, now, every, most), now)


def found_due(tx: Session, day: date = TODAY) -> set[str]:
    return {one.document.id for one in due.due(tx, Question(SCHEDULE, day, NOW))}


def dossier(tx: Session, subject: str, *papers: str, closed: datetime | None = None) -> str:
    new = NewDossier("2.002381", subject, OLD, "counter", "clerk")
    made = dossiers.open_new(tx, new, "000.00.00.H31", OLD)
    for one in papers:
        dossiers.add_paper(tx, made.code, Paper(one, "TP1", "handed_in", "clerk", OLD))
    if closed is not None:
        dossiers.change(tx, made, None, closed, state="done", closed_at=closed)
    return made.code


def test_each_reason_keeps_a_paper(database: Database) -> None:
    with database.write() as tx:
        who = subjects.ensure(tx, "vn:mst", "0901234564").id
        free = letter(tx, "0")
        assert ask(tx, free) == [None]
        cases = {
            "not_due": letter(tx, "1", issue_date=date(2016, 1, 1)),
            "permanent": letter(tx, "2", type="decision"),
            "no_rule": letter(tx, "3", type="other"),
            "unconfirmed_rule": letter(tx, "4", type="draft_rule"),
            "in_force": letter(tx, "5", valid_to=TODAY),
            "in_work": registered(
                tx, OLD, type="letter", issue_date=date(2010, 1, 1), sha256="6" * 64
            ),
            "dossier_open": letter(tx, "7"),
            "succeeds": letter(tx, "8"),
            "evidence": letter(tx, "9"),
            "listed": letter(tx, "b"),
            "held": letter(tx, "c"),
        }
        dossier(tx, who, cases["dossier_open"])
        replaced = letter(tx, "d", issue_date=date(2020, 1, 1))
        documents.supersede(tx, replaced, cases["succeeds"], "officer", NOW)
        _give_as_evidence(tx, cases["evidence"], NOW + timedelta(minutes=5))
        disposals.open_new(tx, TODAY, [(cases["listed"], {})], "officer", NOW, more=False)
        holds.place(tx, "document", cases["held"], "khiếu nại", "Luật 02/2011/QH13", "leader", NOW)
        for name, one in cases.items():
            assert ask(tx, one) == [name], name
            assert name in REASONS
        assert found_due(tx) == {free}
        assert ask(tx, cases["unconfirmed_rule"], trial=True) == [None]
        assert set(cases) | {"disposed"} == set(REASONS)


def _give_as_evidence(tx: Session, document: str, until: datetime) -> None:
    from repository import accounts

    accounts.create_client(tx, "portal", "Cổng", "hash", NOW)
    tx.execute(
        evidence_requests.insert().values(
            id="r" * 32, client_id="portal", request_id="1", fingerprint="f" * 64,
            conversation_id="c", answer={}, created_at=NOW,
        )
    )  # fmt: skip
    tx.execute(
        evidence_links.insert().values(
            id="l" * 32, response_id="r" * 32, document_id=document, sha256="9" * 64,
            media_type="application/pdf", bytes=1, expires_at=until,
        )
    )  # fmt: skip


def test_evidence_keeps_a_paper_until_it_was_fetched_or_its_time_is_over(
    database: Database,
) -> None:
    with database.write() as tx:
        one = letter(tx)
        _give_as_evidence(tx, one, NOW - timedelta(seconds=1))
        assert ask(tx, one) == [None]


def test_a_licence_counts_from_the_end_of_its_last_dossier(database: Database) -> None:
    with database.write() as tx:
        who = subjects.ensure(tx, "vn:mst", "0901234564").id
        early, late, never = (letter(tx, sha, type="licence") for sha in "123")
        dossier(tx, who, early, late, closed=datetime(2015, 12, 31, 16, 59, tzinfo=UTC))
        dossier(tx, who, late, closed=datetime(2015, 12, 31, 17, 1, tzinfo=UTC))  # 2016 here
        assert ask(tx, early, late, never) == [None, "not_due", None]
        assert found_due(tx) == {early, never}
        assert found_due(tx, date(2027, 1, 1)) == {early, late, never}


def test_a_hold_on_a_dossier_or_subject_holds_all_of_it_and_what_comes_later(
    database: Database,
) -> None:
    closed = datetime(2011, 1, 1, tzinfo=UTC)
    with database.write() as tx:
        firm = subjects.ensure(tx, "vn:mst", "0901234564").id
        other = subjects.ensure(tx, "vn:cccd", "033090123456").id
        own, in_dossier, apart = letter(tx, "1", subject_id=firm), letter(tx, "2"), letter(tx, "3")
        code = dossier(tx, firm, in_dossier, closed=closed)
        every = (own, in_dossier, apart)
        assert ask(tx, *every) == [None, None, None]
        one = holds.place(tx, "dossier", code, "thanh tra", "QĐ 1/QĐ-TTr", "inspector", NOW)
        assert ask(tx, *every) == [None, "held", None]
        two = holds.place(tx, "subject", firm, "điều tra", "QĐ 2/CSĐT", "inspector", NOW)
        assert ask(tx, *every) == ["held", "held", None]
        later = letter(tx, "4", subject_id=firm)
        assert ask(tx, later) == ["held"]
        assert holds.held_objects(tx) == {"1" * 64, "2" * 64, "4" * 64}
        holds.lift(tx, one.id, "xong", "inspector", NOW)
        assert ask(tx, *every) == ["held", "held", None]
        subject_merges.merge(tx, other, firm, "giấy đăng ký", "officer", NOW)
        assert documents.get(tx, own).subject_id == other
        assert ask(tx, *every) == ["held", "held", None], "a merge frees nobody"
        holds.lift(tx, two.id, "xong", "inspector", NOW)
        assert ask(tx, *every) == [None, None, None]
        assert [one.lifted_by for one in holds.every(tx, active_only=False)] == ["inspector"] * 2
        assert holds.every(tx) == []


def test_a_hold_says_why_and_is_lifted_once(database: Database) -> None:
    with database.write() as tx:
        one = letter(tx)
        for reason, basis in (("", "luật"), ("lý do", " ")):
            with pytest.raises(InvalidRequest):
                holds.place(tx, "document", one, reason, basis, "leader", NOW)
        made = holds.place(tx, "document", one, "lý do", "luật", "leader", NOW)
        with pytest.raises(InvalidRequest):
            holds.lift(tx, made.id, " ", "leader", NOW)
        holds.lift(tx, made.id, "xong", "leader", NOW)
        with pytest.raises(Conflict):
            holds.lift(tx, made.id, "xong", "leader", NOW)
        with pytest.raises(NotFound):
            holds.get(tx, "nobody")


def test_a_tombstone_says_what_it_was_and_names_nobody(database: Database) -> None:
    with database.write() as tx:
        who = subjects.ensure(tx, "vn:cccd", "033090123456", "Nguyễn Thị Ánh").id
        one = letter(
            tx, name="don cua Ánh.pdf", subject_id=who, number_symbol="15/SKHCN-VP",
            metadata={"subject": {"name": "Nguyễn Thị Ánh"}},
        )  # fmt: skip
        documents.save_page(tx, one, reading(text="Nguyễn Thị Ánh"), NOW)
        documents.save_fields(tx, one, {"holder_name": field("Nguyễn Thị Ánh")}, NOW)
        documents.save_signatures(tx, one, [signature()])
        for kind, sha in (("archival", "b" * 64), ("text", "c" * 64)):
            stored = StoredObject(sha, 1)
            documents.add_rendition(tx, one, kind, stored, "application/pdf", {}, NOW)  # type: ignore[arg-type]
        documents.describe(tx, one, {"subject_id": None}, "officer", NOW)
        documents.describe(tx, one, {"subject_id": who}, "officer", NOW)
        before = documents.get(tx, one)
        assert erasure.only_here(tx, one) == {"a" * 64, "b" * 64, "c" * 64}
        gone = erasure.erase(tx, one, "d" * 32, "system", NOW)
        assert gone == {"a" * 64, "b" * 64, "c" * 64}
        left = documents.get(tx, one)
        history = documents.history(tx, one)
        assert (left.status, left.status_note, left.subject_id) == ("disposed", "d" * 32, None)
        assert (left.name, dict(left.metadata), left.note) == (erasure.NAME, {}, "")
        for name in ("type", "number_symbol", "issue_date", "sha256", "bytes", "created_at"):
            assert getattr(left, name) == getattr(before, name)
        assert left.version > before.version
        assert documents.pages(tx, one) == {}
        assert documents.fields(tx, one) == {}
        assert documents.signatures(tx, one) == ()
        assert documents.renditions(tx, one) == {}
        assert "Ánh" not in repr((left, history))
        assert who not in repr((left, history))
        assert history[-1].event == "disposed"
        assert named_objects(tx) == frozenset()
        assert documents.find_by_sha(tx, "a" * 64) is None, "its bytes are nobody's duplicate"
        assert ask(tx, one) == ["disposed"]
        for act in (
            lambda: documents.withdraw(tx, one, "leader", "x", NOW),
            lambda: documents.describe(tx, one, {"type": "letter"}, "officer", NOW),
        ):
            with pytest.raises(Conflict) as refusal:
                act()
            assert refusal.value.error_code == "disposed"


def test_bytes_that_another_paper_names_are_not_only_here(database: Database) -> None:
    with database.write() as tx:
        one, other = letter(tx), letter(tx, duplicate_of=None)
        assert erasure.only_here(tx, one) == frozenset()
        erasure.erase(tx, one, "d" * 32, "system", NOW)
        assert is_named(tx, "a" * 64)
        assert erasure.only_here(tx, other) == {"a" * 64}


def test_many_papers_are_found_in_the_order_in_which_they_came(database: Database) -> None:
    with database.write() as tx:
        made = []
        for number in range(1100):
            at = OLD + timedelta(minutes=number // 3)  # some at the same moment
            one = registered(
                tx, at, type="letter", issue_date=date(2011, 1, 1), sha256=f"{number:064x}"
            )
            documents.stop(tx, one, "engine_failed", "", at)
            made.append((at, one))
        found = [one.document.id for one in due.due(tx, Question(SCHEDULE, TODAY, NOW))]
        assert found == [one for _, one in sorted(made)]


def test_every_other_type_falls_due_by_the_common_rule(database: Database) -> None:
    common = Schedule((rule(EVERY, 5, counts_from="received"), rule("decision", None)))
    with database.write() as tx:
        untyped, other = letter(tx, "1", type=None), letter(tx, "2", type="thing")
        letter(tx, "3", type="decision")
        found = {one.document.id for one in due.due(tx, Question(common, TODAY, NOW))}
        assert found == {untyped, other}


def test_the_sweep_takes_what_was_longest_unread_and_nobody_takes_it_twice(
    database: Database,
) -> None:
    month = timedelta(days=30)
    with database.write() as tx:
        names = [f"{number:x}" * 64 for number in range(1, 6)]
        for name in names:
            letter(tx, name[0])
        assert next_of(tx, NOW, month, 3) == names[:3]
        assert fixity.claim(tx, names[2:4], NOW) == [names[3]], "another worker looked before us"
        assert next_of(tx, NOW, month, 9) == names[4:], "those four are being read"
        for number, name in enumerate(names):
            fixity.record(tx, name, "ok", NOW + timedelta(minutes=9 - number))
        assert next_of(tx, NOW + timedelta(days=29), month, 9) == []
        assert next_of(tx, NOW + timedelta(days=31), month, 2) == [names[4], names[3]]


def test_a_claim_of_a_worker_that_died_ends(database: Database) -> None:
    month = timedelta(days=30)
    with database.write() as tx:
        letter(tx)
        assert next_of(tx, NOW, month, 1) == ["a" * 64]
        assert next_of(tx, NOW + timedelta(minutes=59), month, 1) == []
        assert next_of(tx, NOW + timedelta(minutes=61), month, 1) == ["a" * 64]


def test_what_was_damaged_is_looked_at_again_the_next_day(database: Database) -> None:
    year = timedelta(days=365)
    with database.write() as tx:
        for sha in "ab":
            letter(tx, sha)
        next_of(tx, NOW, year, 9)
        fixity.record(tx, "a" * 64, "damaged", NOW)
        fixity.record(tx, "b" * 64, "ok", NOW)
        assert [one.sha256 for one in fixity.failures(tx)] == ["a" * 64]
        found = fixity.survey(tx)
        assert (found.named, found.checked, found.by_state) == (2, 2, {"damaged": 1, "ok": 1})
        assert next_of(tx, NOW + timedelta(hours=25), year, 9) == ["a" * 64]
        fixity.record(tx, "a" * 64, "ok", NOW)
        assert fixity.failures(tx) == []
