"""What a worker gives back is nobody's any more: another thread may have it at once."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ingest.room import full_disk
from ingest.worker import Worker
from repository.ports import Job
from vocabulary.clock import SystemClock
from vocabulary.errors import MissingPart

JOB = Job("7", "digitize", "a")


class OnAFullDisk(Worker):
    """Has no room for the paper; notes what is left of the attempt when it gives the job back."""

    def __init__(self, scratch: Path) -> None:
        queue = SimpleNamespace(lease=timedelta(seconds=60))
        house: Any = SimpleNamespace(queue=queue, clock=SystemClock(), cores=2, scratch=scratch)
        super().__init__(house, 2)
        self.worked_in: list[Path] = []
        self.left: list[object] = []

    def _digitize(self, job: Job, folder: Path, children: int) -> str:
        assert folder.is_dir()
        assert children == 2
        assert self._busy == {job.id: job}
        self.worked_in.append(folder)
        raise full_disk(folder)

    def _put_back(self, job: Job) -> None:
        assert job is JOB
        self.left += [*self.house.scratch.iterdir(), *self._busy]


def test_nothing_of_an_attempt_is_left_when_its_job_is_given_back(tmp_path: Path) -> None:
    worker = OnAFullDisk(tmp_path)
    for _ in range(2):
        with pytest.raises(MissingPart) as stop:
            worker._work_on(JOB)
        assert stop.value.error_code == "disk_full"
    assert worker.left == []
    assert worker.worked_in[0] != worker.worked_in[1]
