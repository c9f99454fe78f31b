"""Figures: each formula on dossiers made for it, and the dossiers behind each side."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from repository import seed, subjects
from repository.database import Database
from repository.dossiers import Dossier, Override, Paper, SupplementRequest
from repository.figures import FIGURES, Facts, facts_between, figure, found, on_time, spared
from repository.schema import dossiers
from vocabulary.errors import NotFound

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
DUE = NOW + timedelta(days=5)


def dossier(code: str = "A", **changes: object) -> Dossier:
    one = Dossier(
        code, "2.002381", "s", NOW - timedelta(days=10), "counter", DUE, "received", 1, False,
        "clerk", NOW, NOW, None,
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


def paper(source: str) -> Paper:
    return Paper("d", "TP1", source, "clerk", NOW)  # type: ignore[arg-type]


def facts(code: str = "A", sources: str = "", results: int = 0, **changes: object) -> Facts:
    """``sources``: h handed in, r reused, d from a database, one letter a paper."""
    names = {"h": "handed_in", "r": "reused", "d": "from_database"}
    one = Facts(dossier(code), tuple(paper(names[s]) for s in sources), results, (), True)
    return replace(one, **changes)  # type: ignore[arg-type]


def request(override: Override | None = None) -> SupplementRequest:
    return SupplementRequest("r", ("TP1",), "", ("TP1",) if override else (), override, "o", NOW)


def behind(code: str, given: list[Facts]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    one = found(figure(code), given, NOW)
    return one.numerator, one.denominator


def test_electronic_results_are_of_procedures_that_give_a_paper() -> None:
    given = [facts("A", results=1), facts("B"), facts("C", results=1, needs_result=False)]
    assert behind("electronic-results", given) == (("A",), ("A", "B"))
    assert found(figure("electronic-results"), given, NOW).apart["open_without_result"] == ("B",)


def test_a_digitised_dossier_has_components_and_its_result() -> None:
    given = [
        facts("A", "h", 1), facts("B", "h"), facts("C", "", 1), facts("D", "r", needs_result=False)
    ]  # fmt: skip
    assert behind("digitised", given) == (("A", "D"), ("A", "B", "C", "D"))


def test_reuse_is_what_the_applicant_did_not_bring_and_the_portal_counts_more() -> None:
    given = [facts("A", "hr"), facts("B", "h"), facts("C", "d"), facts("D")]
    assert behind("reused", given) == (("A", "C"), ("A", "B", "C", "D"))
    assert behind("reused-as-the-portal-counts", given) == (("A", "B", "C"), ("A", "B", "C", "D"))
    given[2] = replace(given[2], dossier=dossier("C", state="done"))
    assert spared(given) == {"papers": 2, "dossiers": 2, "trips": 1}


@pytest.mark.parametrize("state", ["received", "awaiting_supplement", "withdrawn", "refused"])
def test_no_trip_is_spared_before_the_result(state: str) -> None:
    running = facts("A", "r", dossier=dossier(state=state))
    assert spared([running]) == {"papers": 1, "dossiers": 1, "trips": 0}


def test_papers_asked_for_again_are_counted() -> None:
    override = Override("illegible", "NĐ 45/2020", "mờ")
    given = [facts("A", requests=(request(override),)), facts("B", requests=(request(),))]
    assert behind("asked-again", given) == (("A",), ("A", "B"))


@pytest.mark.parametrize(
    ("closed", "requests", "supplementing", "good"),
    [
        (None, 0, 0, True),
        (DUE, 0, 0, True),
        (DUE + timedelta(seconds=1), 0, 0, False),
        (DUE + timedelta(days=3), 1, 3, True),  # the applicant had it for three days
        (DUE + timedelta(days=3), 1, 2, False),
        (DUE - timedelta(days=1), 2, 0, False),  # asked twice: late whatever the day
    ],
)
def test_on_time(closed: datetime | None, requests: int, supplementing: int, good: bool) -> None:
    one = facts(
        dossier=dossier(closed_at=closed), requests=(request(),) * requests,
        supplementing=timedelta(days=supplementing),
    )  # fmt: skip
    assert on_time(one, NOW) is good


def test_what_has_no_due_date_is_told_apart() -> None:
    given = [facts("A"), facts("B", dossier=dossier("B", due_at=None))]
    one = found(figure("on-time"), given, NOW)
    assert (one.numerator, one.denominator) == (("A",), ("A",))
    assert one.apart["without_due_date"] == ("B",)


def test_nothing_counted_is_no_ratio() -> None:
    assert found(figure("reused"), [], NOW).percent is None
    assert (
        found(figure("reused"), [facts("A", "r"), facts("B"), facts("C")], NOW).percent == "33.33"
    )


def test_a_figure_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(NotFound) as caught:
        figure("happiness")
    assert "reused" in caught.value.en


some = st.builds(
    facts, st.sampled_from("ABC"), st.text("hrd", max_size=3), st.integers(0, 2),
    needs_result=st.booleans(),
)  # fmt: skip


@given(st.lists(some, max_size=8))
def test_the_good_are_always_among_those_counted(given: list[Facts]) -> None:
    for one in FIGURES:
        result = found(one, given, NOW)
        assert len(result.numerator) <= len(result.denominator) <= len(given)
        assert set(result.numerator) <= set(result.denominator)


def test_a_year_of_dossiers_is_asked_for_in_few_statements_of_few_values(
    database: Database,
) -> None:
    """A database takes only so many values in a statement; a province has more dossiers."""
    with database.write() as tx:
        seed.load_procedures(tx, NOW)
        subject = subjects.ensure(tx, "vn:mst", "0901234564", "A")
        row = {name: getattr(dossier(), name) for name in Dossier.__dataclass_fields__}
        rows = [row | {"code": f"A{place:03}", "stem": "002381", "subject_id": subject.id}
                for place in range(60)]  # fmt: skip
        tx.execute(dossiers.insert(), rows)
    said: list[str] = []
    with database.read() as tx:
        connection = tx.connection()
        raw = connection.connection.dbapi_connection
        if isinstance(raw, sqlite3.Connection):
            raw.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 50)
        event.listen(connection, "before_cursor_execute", lambda *given: said.append(given[2]))
        read = facts_between(tx, NOW - timedelta(days=365), NOW)
    assert [one.dossier.code for one in read] == [f"A{place:03}" for place in range(60)]
    assert len(said) < 10
