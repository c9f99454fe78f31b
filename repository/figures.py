"""Figures of dossiers (Decision 766/QĐ-TTg, group "số hóa hồ sơ", and on time), each a ratio.

Every figure is two sets of dossiers, so that whoever doubts it can open what is behind it.
Formulas: docs/officer.md. A figure is of dossiers received in a time; where the divisor is
nothing there is no ratio. What a formula cannot judge is told apart, never counted silently.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import dossiers, procedures
from repository.dossiers import Dossier, Paper, SupplementRequest
from repository.schema import dossier_events, dossier_papers, supplement_requests
from repository.schema import dossiers as kept
from vocabulary.errors import NotFound


@dataclass(frozen=True, slots=True)
class Facts:
    """What the figures look at of one dossier.

    ``needs_result``: the procedure gives a paper. ``supplementing``: how long the applicant
    had the dossier for supplements.
    """

    dossier: Dossier
    components: tuple[Paper, ...]
    results: int
    requests: tuple[SupplementRequest, ...]
    needs_result: bool
    supplementing: timedelta = timedelta()

    @property
    def reused(self) -> int:
        """Papers that the applicant did not have to bring."""
        return sum(1 for paper in self.components if paper.source != "handed_in")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its name for people, whom it counts, and whom of those it counts as good.

    ``apart``: dossiers told beside it, by a name.
    """

    code: str
    vi: str
    en: str
    counts: Callable[[Facts, datetime], bool]
    good: Callable[[Facts, datetime], bool]
    apart: Mapping[str, Callable[[Facts, datetime], bool]]


@dataclass(frozen=True, slots=True)
class Found:
    """A figure with the codes of the dossiers behind it."""

    figure: Figure
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    apart: Mapping[str, tuple[str, ...]]

    @property
    def percent(self) -> str | None:
        """Two decimals, as text; None where nothing was counted."""
        if not self.denominator:
            return None
        return f"{100 * len(self.numerator) / len(self.denominator):.2f}"


def on_time(facts: Facts, now: datetime) -> bool:
    """Indicator 2.1: ended (or still running) before the day promised, without supplements' time.

    Asked for supplements more than once counts as late.
    """
    due = facts.dossier.due_at
    assert due is not None
    end = facts.dossier.closed_at or now
    return len(facts.requests) <= 1 and end - facts.supplementing <= due


def _any(_: Facts, __: datetime) -> bool:
    return True


def _open_without_result(facts: Facts, _: datetime) -> bool:
    return facts.needs_result and not facts.results and facts.dossier.closed_at is None


FIGURES: Final[tuple[Figure, ...]] = (
    Figure(
        "electronic-results", "Hồ sơ có kết quả điện tử", "Dossiers with an electronic result",
        lambda facts, _: facts.needs_result,
        lambda facts, _: facts.results > 0,
        {"open_without_result": _open_without_result},
    ),
    Figure(
        "digitised", "Hồ sơ được số hóa (thành phần và kết quả)",
        "Digitised dossiers (components and result)",
        _any,
        lambda facts, _: bool(facts.components) and (facts.results > 0 or not facts.needs_result),
        {"open_without_result": _open_without_result},
    ),
    Figure(
        "reused", "Hồ sơ dùng lại giấy tờ đã có", "Dossiers that reuse a held paper",
        _any, lambda facts, _: facts.reused > 0, {},
    ),
    Figure(
        "reused-as-the-portal-counts", "Hồ sơ có thành phần số hóa (cách tính của Cổng DVCQG)",
        "Dossiers with a digitised component (as the national portal counts)",
        _any, lambda facts, _: bool(facts.components), {},
    ),
    Figure(
        "asked-again", "Hồ sơ bị yêu cầu nộp lại giấy tờ đã có",
        "Dossiers in which a held paper was asked for",
        _any, lambda facts, _: any(one.override for one in facts.requests), {},
    ),
    Figure(
        "online", "Hồ sơ trực tuyến (có kết quả điện tử nếu thủ tục có kết quả)",
        "Online dossiers (with an electronic result where the procedure gives one)",
        _any,
        lambda facts, _: facts.dossier.channel == "online"
        and (facts.results > 0 or not facts.needs_result),
        {"open_without_result": lambda facts, now: facts.dossier.channel == "online"
         and _open_without_result(facts, now)},
    ),
    Figure(
        "on-time", "Hồ sơ đúng hạn", "Dossiers on time",
        lambda facts, _: facts.dossier.due_at is not None,
        on_time,
        {
            "without_due_date": lambda facts, _: facts.dossier.due_at is None,
            "requested_more_than_once": lambda facts, _: len(facts.requests) > 1,
        },
    ),
)  # fmt: skip


def figure(code: str) -> Figure:
    """One figure.

    Raises:
        NotFound: there is none of this name.
    """
    for one in FIGURES:
        if one.code == code:
            return one
    known = ", ".join(one.code for one in FIGURES)
    raise NotFound(
        f"Không có chỉ tiêu {code}. Các chỉ tiêu: {known}.",
        f"There is no figure {code}. Known: {known}.",
        code="no_such_figure",
    )


def found(one: Figure, facts: Sequence[Facts], now: datetime) -> Found:
    """The figure over dossiers."""
    counted = [each for each in facts if one.counts(each, now)]
    return Found(
        one,
        _codes(each for each in counted if one.good(each, now)),
        _codes(counted),
        {name: _codes(each for each in facts if is_so(each, now))
         for name, is_so in one.apart.items()},
    )  # fmt: skip


def spared(facts: Sequence[Facts]) -> dict[str, int]:
    """Papers that applicants did not have to bring, and dossiers in which they did not.

    A trip is spared where a dossier came to its result and nothing at all was brought for it:
    of one that still runs nobody knows what will have to be brought.
    """
    return {
        "papers": sum(each.reused for each in facts),
        "dossiers": sum(1 for each in facts if each.reused),
        "trips": sum(
            1
            for each in facts
            if each.dossier.state == "done"
            and each.components
            and each.reused == len(each.components)
        ),
    }


def facts_between(tx: Session, since: datetime, until: datetime) -> list[Facts]:
    """Facts of the dossiers received from ``since`` up to, not with, ``until``."""
    received = dossiers.received_between(tx, since, until)
    # By the time, not by their codes: a statement takes only some ten thousand values.
    codes = select(kept.c.code).where(kept.c.received_at >= since, kept.c.received_at < until)
    papers: dict[str, list[Paper]] = {}
    for row in tx.execute(select(dossier_papers).where(dossier_papers.c.dossier.in_(codes))):
        one = Paper(row.document_id, row.component or None, row.source, row.added_by, row.added_at)
        papers.setdefault(row.dossier, []).append(one)
    requests = select(supplement_requests.c.dossier).where(supplement_requests.c.dossier.in_(codes))
    asked = set(tx.execute(requests).scalars())
    gives: dict[tuple[str, date], bool] = {}  # one look for each procedure and day
    for dossier in received:
        version = dossier.procedure, dossier.received_on
        if version not in gives:
            gives[version] = any(one.required for one in procedures.get(tx, *version).results)
    return [
        _facts(
            tx, one, papers.get(one.code, []), one.code in asked,
            gives[one.procedure, one.received_on],
        )
        for one in received
    ]  # fmt: skip


def _facts(
    tx: Session, dossier: Dossier, papers: Sequence[Paper], asked: bool, needs_result: bool
) -> Facts:
    requests = tuple(dossiers.requests_of(tx, dossier.code)) if asked else ()
    return Facts(
        dossier=dossier,
        components=tuple(paper for paper in papers if paper.component),
        results=sum(1 for paper in papers if not paper.component),
        requests=requests,
        needs_result=needs_result,
        supplementing=_supplementing(tx, dossier, requests),
    )


def _supplementing(
    tx: Session, dossier: Dossier, requests: Sequence[SupplementRequest]
) -> timedelta:
    """From each request to what came for it, or to the end."""
    if not requests:
        return timedelta()
    came = list(
        tx.execute(
            select(dossier_events.c.at)
            .where(
                dossier_events.c.dossier == dossier.code, dossier_events.c.event == "supplemented"
            )
            .order_by(dossier_events.c.at)
        ).scalars()
    )
    total = timedelta()
    for request in requests:
        after = [moment for moment in came if moment >= request.at]
        end = after[0] if after else dossier.closed_at or dossier.updated_at
        total += max(end - request.at, timedelta())
    return total


def _codes(facts: Iterable[Facts]) -> tuple[str, ...]:
    return tuple(each.dossier.code for each in facts)
