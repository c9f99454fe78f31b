"""HAProxy from the system's packages, as the door before the service and as the store's gate."""

import os
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path

from tests.servers.running import Server

INSTALL = "apt-get install -y haproxy"


def program() -> str:
    """The server.

    Raises:
        RuntimeError: it is not there.
    """
    found = shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        raise RuntimeError(f"the tests need HAProxy: {INSTALL}")
    return found


def start(
    config: Path, environment: Mapping[str, str], listens: tuple[str, int], log: Path
) -> Server:
    """A running proxy; ready when it takes calls at ``listens``."""

    def ready() -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(listens) == 0

    server = Server([program(), "-db", "-f", str(config)], log, ready, environment)
    server.start()
    return server
