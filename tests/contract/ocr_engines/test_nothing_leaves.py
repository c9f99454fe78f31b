"""The net's runtime keeps and sends nothing of its own."""

import os
import subprocess
import sys
from pathlib import Path

LOADED = """
import os
from ocr.engines import EngineChoice, open_engine
open_engine(EngineChoice("own"))
print(len(os.listdir("/proc/self/task")))
"""


def test_loading_the_net_starts_no_thread_and_writes_no_file(tmp_path: Path) -> None:
    """onnxruntime 1.32 and later would keep a store of events at home and send it away."""
    dropped = ("XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY")
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    done = subprocess.run(
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True,
        env={**kept, "HOME": str(tmp_path), "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert int(done.stdout) == 1
    assert list(tmp_path.rglob("*")) == []
