"""Entries of the audit log that come at the same moment are written in one transaction.

For acts that change nothing but the log (a look, a question). Every caller waits until its
own entry is on stable storage, as if it wrote alone; only the wait for the disk is shared.
"""

import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

from repository import audit
from repository.audit import AuditEntry, Recorded
from repository.database import Database

_MANY: Final = 64
"""Entries of one transaction at most: nobody waits long behind others."""


@dataclass(slots=True)
class _Waiting:
    entry: AuditEntry
    outcome: Recorded | BaseException | None = None


class Scribe:
    """Writes into the log of one catalogue; for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: deque[_Waiting] = deque()
        self._turn = threading.Lock()

    def write(self, entry: AuditEntry) -> Recorded:
        """The entry in its place in the chain, on stable storage.

        Raises:
            MissingPart: the storage is full or away; then nothing of this moment was written.
            Conflict: ``moved``, see :meth:`repository.database.Database.write`.
        """
        mine = _Waiting(entry)
        self._queue.append(mine)
        with self._turn:  # while one writes, the next ones gather
            while mine.outcome is None:
                self._write_those_waiting()
        if isinstance(mine.outcome, BaseException):
            raise mine.outcome
        return mine.outcome

    def _write_those_waiting(self) -> None:
        batch = [self._queue.popleft() for _ in range(min(_MANY, len(self._queue)))]
        try:
            with self._database.write() as tx:
                written = audit.append_all(tx, [one.entry for one in batch])
        except BaseException as error:
            for one in batch:
                one.outcome = error
            return
        for one, recorded in zip(batch, written, strict=True):
            one.outcome = recorded
