"""Untrusted files are parsed only in child processes bounded in CPU, memory and time.

A :class:`Nursery` has one mother process with the heavy modules loaded
(:mod:`ingest.mother`); she is forked from us while we have one thread, else
started anew. Each task runs in a child forked from her: it
starts in milliseconds, sees one document and dies with it. What a hostile file
does to the child (a 4 kB PDF that unpacks to 2 GiB aborts pdfium) reaches the
parent as a reason code, never as a crash.
"""

import contextlib
import io
import os
import pickle
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass, replace
from enum import Enum
from typing import Any, Final, Self

from vocabulary import errors
from vocabulary.errors import MissingPart, SohoaError, Stopped

HEADER: Final = 8
"""Bytes that tell the length of a message."""
NOT_BEGUN: Final = 70
"""Exit code of a child that could not begin with its file."""

_ROOMS: Final = frozenset({"ingest", "ocr", "signing", "vocabulary"})
_HARMLESS: Final = frozenset(
    {
        ("vocabulary.errors", "_stopped"),
        ("vocabulary.errors", "_rebuilt"),
        *(("vocabulary.errors", name) for name in vars(errors) if name[0].isupper()),
        ("pathlib", "PosixPath"),
        ("datetime", "datetime"),
        ("datetime", "date"),
        ("datetime", "timezone"),
        ("datetime", "timedelta"),
    }
)
_SHORT = 10
_KILLED_WITHIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one task may use.

    ``cpu_seconds`` is granted anew with each item the task yields (a page, say);
    ``total_cpu_seconds`` bounds the whole task on a file of up to ten pages, each
    further page adds ``more_cpu_seconds_a_page``. ``memory_bytes`` is address space
    on top of what the loaded program itself takes. ``wall_seconds`` bounds the
    wait for the next item.
    """

    cpu_seconds: int = 30
    total_cpu_seconds: int = 58
    more_cpu_seconds_a_page: int = 3
    wall_seconds: int = 240
    memory_bytes: int = 1200 * 2**20

    def for_pages(self, pages: int) -> "Bounds":
        """Bounds for a file of ``pages`` pages: long papers are honest, single pages are not."""
        more = self.more_cpu_seconds_a_page * max(0, pages - _SHORT)
        return replace(self, total_cpu_seconds=self.total_cpu_seconds + more)


Task = Callable[..., Iterator[Any]]
"""A module-level generator function; what it yields is sent to the parent item by item."""

Preparation = tuple[Callable[..., object], tuple[Any, ...]]
Answer = Callable[[Any], Any]
"""What the parent answers to a task's question; an error of it ends the task and is raised."""


@dataclass(frozen=True, slots=True)
class _Death:
    """How a child ended: exit code (negative: signal) and the memory it took in bytes."""

    code: int
    grown_bytes: int


class _MotherGoneError(Exception):
    """The mother ``pid`` died before the child said anything."""

    def __init__(self, pid: int | None) -> None:
        super().__init__(pid)
        self.pid = pid


class Nursery:
    """Runs tasks in bounded children; safe to use from several threads.

    Make it before anything that starts threads: then the mother is a cheap fork.
    """

    def __init__(self, ready: Preparation | None = None) -> None:
        """``ready``: a module-level function and its arguments, called once in the mother.

        What it loads and keeps, all children have from their birth.
        """
        function = None if ready is None else ready[0]
        module = None if function is None else function.__module__
        self._ready = pickle.dumps((module, pickle.dumps(ready)))
        self._lock = threading.Lock()
        self._mother: int | None = None
        self._control: socket.socket | None = None
        if threading.active_count() == 1:
            self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the mother process; children still at work die with her."""
        with self._lock:
            if self._control is not None:
                self._control.close()
            if self._mother is not None and self._alive():
                os.kill(self._mother, signal.SIGKILL)
                os.waitpid(self._mother, 0)
            self._mother = self._control = None

    @property
    def mother(self) -> int | None:
        """Process id of the mother, None before the first task."""
        return self._mother

    def _alive(self) -> bool:
        if self._mother is None:
            return False
        try:
            return os.waitpid(self._mother, os.WNOHANG)[0] == 0
        except ChildProcessError:
            return False

    def run(
        self, task: Task, *args: Any, bounds: Bounds = Bounds(), answer: Answer | None = None
    ) -> Iterator[Any]:
        """Yield what ``task(*args)`` yields in a bounded child.

        With ``answer`` the task is called as ``task(ask, *args)``: ``ask(question)`` in the
        child gives ``answer(question)`` of this process. So what must not be where a
        hostile file is read (a key) is used without being there.

        Raises:
            Stopped: what the task raised, or ``time_limit``, ``memory_limit``,
                ``damaged`` when the child did not survive the file.
            SohoaError: any other error of the tree that the task raised.
        """
        try:
            yield from self._attempt(task, args, bounds, answer)
        except _MotherGoneError as gone:  # killed by whoever; a new one does the work
            self._bury(gone.pid)
            yield from self._attempt(task, args, bounds, answer)

    def _attempt(
        self, task: Task, args: tuple[Any, ...], bounds: Bounds, answer: Answer | None
    ) -> Iterator[Any]:
        mine, childs = socket.socketpair()
        fate, mothers = socket.socketpair()
        ended = False
        with mine, fate:
            try:
                with childs, mothers:
                    request = pickle.dumps((task, args, bounds, answer is not None))
                    mother = self._send(pickle.dumps((task.__module__, request)), [childs, mothers])
                yield from _listen(mine, fate, bounds, mother, answer)
                ended = True
            finally:
                # An abandoned generator must not leave a child at work: closing
                # our ends makes the mother kill it.
                with contextlib.suppress(OSError):
                    fate.shutdown(socket.SHUT_WR)
                if not ended:
                    _until_it_is_gone(fate)

    def call(
        self, task: Task, *args: Any, bounds: Bounds = Bounds(), answer: Answer | None = None
    ) -> Any:
        """The only item of a task that yields one; arguments as of :meth:`run`."""
        items = list(self.run(task, *args, bounds=bounds, answer=answer))
        if len(items) != 1:
            raise RuntimeError(f"{task.__name__} yielded {len(items)} items instead of one")
        return items[0]

    def _bury(self, pid: int | None) -> None:
        """Wait until a dead mother is gone, unless another thread has replaced her already."""
        with self._lock:
            if pid is not None and pid == self._mother and self._alive():
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)

    def _send(self, request: bytes, ends: list[socket.socket]) -> int | None:
        with self._lock:
            if not self._alive():
                self._start()
            assert self._control is not None
            descriptors = [end.fileno() for end in ends]
            head = len(request).to_bytes(HEADER, "big")
            try:
                socket.send_fds(self._control, [head], descriptors)
                self._control.sendall(request)
            except ConnectionError:
                raise _MotherGoneError(self._mother) from None
            return self._mother

    def _start(self) -> None:
        mine, hers = socket.socketpair()
        if self._control is not None:
            self._control.close()
        self._control = mine
        with hers:
            if threading.active_count() == 1:
                self._mother = _fork_mother(hers)
            else:
                self._mother = _spawn_mother(hers)
        with contextlib.suppress(ConnectionError):  # dead already: the next request finds out
            mine.sendall(len(self._ready).to_bytes(HEADER, "big") + self._ready)


def _fork_mother(control: socket.socket) -> int:
    """Fork the mother from this process, which has one thread and the modules loaded."""
    from ingest import mother  # here, because she imports this module

    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            mother.live(control.fileno())
        finally:
            os._exit(0)
    return pid


def _spawn_mother(control: socket.socket) -> int:
    """Start the mother anew: a process with threads must not be forked."""
    control.set_inheritable(True)
    command = [sys.executable, "-m", "ingest.mother", str(control.fileno())]
    return os.posix_spawn(sys.executable, command, os.environ, setsid=True)


def _listen(
    items: socket.socket,
    fate: socket.socket,
    bounds: Bounds,
    mother: int | None,
    answer: Answer | None,
) -> Iterator[Any]:
    items.settimeout(bounds.wall_seconds)
    silent = True
    while True:
        try:
            message = receive_message(items)
        except pickle.UnpicklingError as error:
            raise Stopped("damaged", str(error)) from error
        except TimeoutError:
            raise Stopped("time_limit", "wall clock") from None
        if message is None:
            death = receive_message(fate)
            if death is None and silent:
                raise _MotherGoneError(mother)
            raise _verdict(death[1] if death else None, bounds)
        silent = False
        kind, value = message
        if kind == "item":
            yield value
        elif kind == "end":
            return
        elif kind == "ask" and answer is not None:
            _send_answer(items, answer(value))
        elif isinstance(value, SohoaError):
            raise value
        else:
            raise Stopped("damaged", "the reader sent no message of ours")


def _until_it_is_gone(fate: socket.socket) -> None:
    """A child that was given up writes nothing any more when its parent goes on."""
    fate.settimeout(_KILLED_WITHIN_S)
    with contextlib.suppress(OSError, pickle.UnpicklingError):
        receive_message(fate)


def _send_answer(items: socket.socket, value: Any) -> None:
    with contextlib.suppress(ConnectionError):  # it died meanwhile: its fate is read next
        send_message(items, "answer", value)


def _verdict(death: _Death | None, bounds: Bounds) -> SohoaError:
    """Why a child that said nothing more has died."""
    if death is None or death.code == NOT_BEGUN:
        return MissingPart(
            "Tiến trình đọc tệp đã dừng bất ngờ. Hãy thử lại.",
            "The process that reads files has ended unexpectedly. Try again.",
            code="reader_gone",
        )
    if death.code == -signal.SIGXCPU:
        return Stopped("time_limit", "processor time")
    how = f"by signal {-death.code}" if death.code < 0 else f"with code {death.code}"
    if death.code == -signal.SIGKILL or death.grown_bytes > bounds.memory_bytes * 0.6:
        return Stopped("memory_limit", f"ended {how}")
    return Stopped("damaged", f"the reader ended {how}")


def send_message(channel: socket.socket, kind: str, value: Any) -> None:
    """Send one framed message."""
    data = pickle.dumps((kind, value))
    channel.sendall(len(data).to_bytes(HEADER, "big") + data)


def receive_message(channel: socket.socket) -> tuple[str, Any] | None:
    """The next message, or None when the other side is gone (even in mid-message)."""
    head = receive_exactly(channel, HEADER)
    data = None if head is None else receive_exactly(channel, int.from_bytes(head, "big"))
    if data is None:
        return None
    try:
        kind, value = _PlainValues(io.BytesIO(data)).load()
    except (AttributeError, EOFError, ImportError, LookupError, TypeError, ValueError) as error:
        raise pickle.UnpicklingError(f"not a message: {error}") from error
    return str(kind), value


class _PlainValues(pickle.Unpickler):
    """Reads what a child says, who may be under the hand of the file it has read.

    Only our own value types and a few of the standard library's may appear: no function
    can be named, so nothing can be called by what comes in.
    """

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _HARMLESS:
            return super().find_class(module, name)
        if module.partition(".")[0] in _ROOMS:
            found = super().find_class(module, name)
            if isinstance(found, type) and (
                is_dataclass(found) or issubclass(found, (tuple, Enum))
            ):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value a reader may send")


def receive_exactly(channel: socket.socket, size: int) -> bytes | None:
    """``size`` bytes, or None when the other side is gone before."""
    parts = bytearray()
    while len(parts) < size:
        try:
            part = channel.recv(min(size - len(parts), 1 << 20))
        except ConnectionError:
            return None
        if not part:
            return None
        parts += part
    return bytes(parts)


def grant_cpu(bounds: Bounds) -> None:
    """In the child: allow ``bounds.cpu_seconds`` more, up to the task's total."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    soft = min(int(used + bounds.cpu_seconds) + 1, bounds.total_cpu_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
