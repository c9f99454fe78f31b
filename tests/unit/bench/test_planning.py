"""The sizing table of the handbook is the one that is computed."""

from pathlib import Path

from bench.planning import Assumed, cost, lines, plan


def test_the_handbook_has_the_rows_that_are_computed(root: Path) -> None:
    told = set((root / "docs" / "operate.md").read_text("utf-8").splitlines())
    assert [line for line in lines() if line not in told] == []


def test_ten_times_the_pages_take_ten_times_the_disk() -> None:
    one, ten = plan(10_000_000), plan(100_000_000)
    assert abs(ten.objects_tb / one.objects_tb - 10) < 1e-9
    assert ten.cores > 7 * one.cores


def test_a_small_office_has_a_worker_all_the_same() -> None:
    assert (plan(1000).cores, plan(1000).hosts, plan(1000).shards) == (2, 1, 1)


def test_twice_the_work_a_page_takes_twice_the_cores() -> None:
    assert plan(100_000_000, Assumed(cpu_s=1.0)).cores in range(57, 63)
    assert cost(Assumed(cpu_s=1.0))["reading, signing, composing"] > 0.2
