"""Long work tells how far it is, on a terminal and in the log of a night's job."""

import io

import pytest
from rich.console import Console

from api.cli import output


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """A stderr that is no terminal, and a line at each step."""
    paper = io.StringIO()
    monkeypatch.setattr(output, "stderr", Console(file=paper, width=200))
    monkeypatch.setattr(output, "_LINE_EVERY_S", 0.0)
    return paper


def test_without_a_terminal_lines_tell_how_far_how_fast_and_how_long_still(
    told: io.StringIO,
) -> None:
    with output.progress(3, "Nhập") as bar:
        for _ in range(3):
            bar.advance(bar.task_ids[0])
    lines = told.getvalue().splitlines()
    assert [line.split(",")[0] for line in lines] == ["Nhập: 1/3", "Nhập: 2/3", "Nhập: 3/3"]
    assert "/s, còn khoảng 1 phút" in lines[0]


def test_what_counts_by_itself_tells_too(told: io.StringIO) -> None:
    with output.counting("Sao lưu") as count:
        count(7, 20)
    assert told.getvalue().startswith("Sao lưu: 7/20")


@pytest.mark.parametrize(
    ("done", "seconds", "left"),
    [(50_000, 300.0, "5 phút"), (1_000, 100.0, "2 giờ 45 phút"), (0, 60.0, None)],
)
def test_the_end_is_reckoned_from_the_whole_way_so_far(
    done: int, seconds: float, left: str | None
) -> None:
    with output.progress(100_000, "Nhập") as bar:
        bar.update(bar.task_ids[0], completed=done)
        line = output.line_of(bar.tasks[0], seconds)
    assert ("còn khoảng" in line) == (left is not None)
    assert left is None or line.endswith(f"còn khoảng {left}")
