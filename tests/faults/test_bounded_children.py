"""Whatever a file does to the child that reads it, the parent lives and has a reason."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.bounded import Bounds, Nursery
from ingest.job_troubles import of_the_machine
from tests.faults import misbehaving
from vocabulary.errors import Conflict, MissingPart, Stopped

ROOT = Path(__file__).parents[2]
SMALL = Bounds(cpu_seconds=2, total_cpu_seconds=4, wall_seconds=60, memory_bytes=300 * 2**20)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as one:
        yield one


def reason_of(nursery: Nursery, task: object, bounds: Bounds = SMALL) -> str:
    with pytest.raises(Stopped) as stop:
        list(nursery.run(task, bounds=bounds))  # type: ignore[arg-type]
    return stop.value.reason


def test_items_come_one_by_one(nursery: Nursery) -> None:
    assert list(nursery.run(misbehaving.count_up, 5)) == [0, 1, 2, 3, 4]


def test_endless_work_ends_with_the_time_limit(nursery: Nursery) -> None:
    assert reason_of(nursery, misbehaving.burn_processor) == "time_limit"


def test_processor_time_is_granted_item_by_item_up_to_the_total(nursery: Nursery) -> None:
    done: list[int] = []
    with pytest.raises(Stopped) as stop:
        done.extend(nursery.run(misbehaving.burn_a_second_each, 60, bounds=SMALL))
    assert stop.value.reason == "time_limit"
    assert 2 <= len(done) <= 4


def test_too_much_memory_ends_with_the_memory_limit(nursery: Nursery) -> None:
    assert reason_of(nursery, misbehaving.eat_memory) == "memory_limit"


@pytest.mark.parametrize("task", [misbehaving.abort, misbehaving.read_address_zero])
def test_a_crash_of_native_code_is_a_damaged_file(nursery: Nursery, task: object) -> None:
    assert reason_of(nursery, task) == "damaged"


def test_waiting_for_nothing_ends_by_the_wall_clock(nursery: Nursery) -> None:
    bounds = Bounds(cpu_seconds=2, total_cpu_seconds=4, wall_seconds=1)
    assert reason_of(nursery, misbehaving.sleep, bounds) == "time_limit"


def test_a_stop_keeps_its_reason_and_its_page(nursery: Nursery) -> None:
    with pytest.raises(Stopped) as stop:
        list(nursery.run(misbehaving.stop))
    assert (stop.value.reason, stop.value.note, stop.value.page) == ("encrypted", "by the test", 2)


def test_other_errors_of_the_tree_come_back_whole(nursery: Nursery) -> None:
    with pytest.raises(Conflict) as error:
        list(nursery.run(misbehaving.conflict))
    assert error.value.error_code == "version_changed"
    assert error.value.detail == {"current": 3}


def test_a_bug_in_a_reader_stops_the_file_not_the_service(nursery: Nursery) -> None:
    with pytest.raises(Stopped) as stop:
        list(nursery.run(misbehaving.fall_over))
    assert stop.value.reason == "engine_failed"
    assert "a bug of ours" in stop.value.note  # the operator sees it in the history


def test_a_reader_under_a_files_hand_cannot_reach_the_parent(
    nursery: Nursery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Stopped) as stop:
        list(nursery.run(misbehaving.send_a_trick))
    assert stop.value.reason == "damaged"
    assert not (tmp_path / "taken-over").exists()


def test_an_abandoned_task_leaves_no_child(nursery: Nursery) -> None:
    run = nursery.run(misbehaving.tell_pid)
    pid = next(run)
    run.close()  # type: ignore[attr-defined]
    assert gone(pid)


def test_a_child_that_ends_or_is_given_up_leaves_its_sisters_alone(nursery: Nursery) -> None:
    elder, younger = nursery.run(misbehaving.tell_pid), nursery.run(misbehaving.tell_pid)
    pids = [next(elder), next(younger)]
    assert reason_of(nursery, misbehaving.abort) == "damaged"  # told while both are at work
    younger.close()  # type: ignore[attr-defined]
    assert gone(pids[1])
    os.kill(pids[0], 0)
    elder.close()  # type: ignore[attr-defined]
    assert gone(pids[0])


def test_children_die_with_their_parent() -> None:
    nursery = Nursery()
    pid = next(iter(nursery.run(misbehaving.tell_pid)))
    nursery.close()
    assert gone(pid)


def test_several_threads_may_ask_at_once(nursery: Nursery) -> None:
    results: list[list[int]] = []
    threads = [
        threading.Thread(
            target=lambda n=n: results.append(list(nursery.run(misbehaving.count_up, n)))
        )
        for n in range(1, 9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=len) == [list(range(n)) for n in range(1, 9)]


def test_a_mother_that_was_killed_is_replaced() -> None:
    with Nursery() as nursery:
        assert nursery.call(misbehaving.count_up, 1) == 0
        assert nursery.mother is not None
        os.kill(nursery.mother, signal.SIGKILL)
        assert nursery.call(misbehaving.count_up, 1) == 0


def test_what_the_mother_has_ready_each_child_has_also_after_she_was_replaced() -> None:
    with Nursery((misbehaving.keep, ("loaded",))) as nursery:
        assert nursery.call(misbehaving.tell_kept) == ["loaded"]
        assert nursery.mother is not None
        os.kill(nursery.mother, signal.SIGKILL)
        assert nursery.call(misbehaving.tell_kept) == ["loaded"]


def test_what_cannot_be_made_ready_does_not_keep_the_mother_from_her_work() -> None:
    with Nursery((misbehaving.lack_a_part, ("net",))) as nursery:
        assert nursery.call(misbehaving.count_up, 1) == 0


def test_a_machine_without_room_for_a_process_is_no_fault_of_the_file() -> None:
    with Nursery((misbehaving.allow_no_process, ())) as nursery:
        for _ in range(2):  # the mother lives on
            with pytest.raises(MissingPart, match="SOHOA_WORKERS") as refused:
                nursery.call(misbehaving.count_up, 1)
            assert of_the_machine(refused.value)  # so the job waits and is not counted


def test_a_child_that_cannot_begin_is_no_fault_of_the_file(nursery: Nursery) -> None:
    with pytest.raises(MissingPart) as told:
        nursery.call(misbehaving.count_up, misbehaving.Unreadable())
    assert told.value.error_code == "reader_gone"
    assert nursery.call(misbehaving.count_up, 1) == 0


def test_what_native_code_closes_when_it_is_forked_is_nothing_that_a_child_uses() -> None:
    """libuv makes a pipe for its signals and makes it anew in each process that is forked."""
    program = """
import uvloop
uvloop.new_event_loop().close()
from contextlib import ExitStack
from ingest.bounded import Nursery
from tests.faults import misbehaving
with Nursery() as nursery, ExitStack() as open_:
    for n in range(1, 12):  # each has other numbers for its sockets
        assert list(nursery.run(misbehaving.count_up, n)) == list(range(n)), n
        waiting = nursery.run(misbehaving.tell_pid)
        open_.callback(waiting.close)
        next(waiting)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_a_child_asks_and_this_process_answers(nursery: Nursery) -> None:
    where = []

    def answer(question: int) -> int:
        where.append(os.getpid())
        return question + 1

    child, found = nursery.call(misbehaving.ask_twice, answer=answer)
    assert found == 22
    assert where == [os.getpid()] * 2
    assert child != os.getpid()


def test_an_answer_that_fails_ends_the_child_and_is_told(nursery: Nursery) -> None:
    def refuse(question: int) -> int:
        raise Conflict(str(question), str(question), code="refused")

    with pytest.raises(Conflict) as caught:
        nursery.call(misbehaving.ask_twice, answer=refuse)
    assert caught.value.error_code == "refused"
    assert list(nursery.run(misbehaving.count_up, 2)) == [0, 1]
