"""Our own line recogniser: finds text lines, reads each with a small net (README.md)."""

import os

# From 1.32 on, onnxruntime gathers what it is used for in a file under the home folder and
# sends it to its maker from a thread of its own, unless this is said before it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
