"""A reader forked from a process that has used OpenCV threads reads; it waits for none of them."""

import subprocess
import sys

from tests.faults.service import ROOT

AFTER_THREADS = """
import cv2
import numpy as np
cv2.setNumThreads(4)
cv2.resize(np.zeros((4000, 4000), np.uint8), (3000, 3000), interpolation=cv2.INTER_CUBIC)
from ingest import tasks
from ingest.bounded import Nursery
from ocr.engines import EngineChoice
choice = EngineChoice("own", None)
with Nursery((tasks.load_engine, (choice,))) as nursery:
    print(nursery.call(tasks.engine_versions, choice)["engine"])
"""


def test_threads_of_the_parent_hold_no_reader_up() -> None:
    told = subprocess.run(
        [sys.executable, "-c", AFTER_THREADS],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    assert told == "own\n"
