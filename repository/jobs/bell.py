"""Hears at once when the engine has taken a job in (PostgreSQL's LISTEN), so that nobody polls."""

import threading
from time import monotonic
from typing import Final

import psycopg
from sqlalchemy import make_url

from repository.database_engines import watched_here, watched_there

_CHANNEL: Final = "procrastinate_any_queue_v1"
_LISTEN_SECONDS: Final = 1.0
_AGAIN_SECONDS: Final = 2.0


class Bell:
    """One connection of a process that listens; started when somebody first waits."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._address = {
            "host": parsed.host, "port": parsed.port, "user": parsed.username,
            "password": parsed.password, "dbname": parsed.database,
            "connect_timeout": 5, "application_name": "sohoa bell",
            "options": watched_there(), **watched_here(),
        }  # fmt: skip
        self._rung = threading.Condition()
        self._count = 0
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def wait(self, seconds: float) -> None:
        """Returns when a job came in, at the latest after so many seconds."""
        with self._rung:
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, daemon=True)
                self._thread.start()
            before, until = self._count, monotonic() + seconds
            while self._count == before and (left := until - monotonic()) > 0:
                self._rung.wait(left)

    def close(self) -> None:
        """Ends the connection."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def _listen(self) -> None:
        while not self._ending.is_set():
            try:
                with psycopg.connect(**self._address, autocommit=True) as connection:  # type: ignore[arg-type]
                    connection.execute(f"LISTEN {_CHANNEL}")
                    self._ring()  # what came before we listened
                    while not self._ending.is_set():
                        for _ in connection.notifies(timeout=_LISTEN_SECONDS, stop_after=1):
                            self._ring()
            except psycopg.Error:  # away: who waits looks for himself, as often as he would anyway
                self._ending.wait(_AGAIN_SECONDS)

    def _ring(self) -> None:
        with self._rung:
            self._count += 1
            self._rung.notify_all()
