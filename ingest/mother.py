"""The mother process of :mod:`ingest.bounded`: loads the readers once, forks a child a task.

Forked by the parent, or run as ``python -m ingest.mother FD``. She watches the
children and tells the parent how each one ended; mother and children die with the
process above them. To fork costs time for every page of memory she has (10 ms for
190 MB), so a child costs one fork and no more.
"""

import contextlib
import ctypes
import gc
import importlib
import os
import pickle
import resource
import selectors
import signal
import socket
import sys
import tempfile
import traceback
import warnings
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from ingest.bounded import (
    HEADER,
    NOT_BEGUN,
    Bounds,
    Task,
    _Death,
    grant_cpu,
    receive_exactly,
    receive_message,
    send_message,
)
from ingest.room import full_disk, is_full_disk
from vocabulary.errors import MissingPart, SohoaError, Stopped

_STANDARD = 2
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_ALL_BYTES = 2**30


def live(control_fd: int) -> None:
    """Serve requests until the parent closes the control socket (by ending, too)."""
    _keep_only(control_fd)
    control = socket.socket(fileno=control_fd)
    os.environ["OMP_THREAD_LIMIT"] = "1"  # measured: OpenMP times processes collapses
    _keep_freed_memory()
    if not _prepare(control):
        return
    watched = selectors.DefaultSelector()
    watched.register(control, selectors.EVENT_READ)
    while True:
        for key, _ in watched.select():
            if key.data is not None:
                _hear(watched, key)
            elif not _bear(watched, control):
                return


@dataclass(slots=True)
class _Charge:
    """A child at work: when it ends, ``fate`` is told; ``base`` bytes it had from its mother."""

    pid: int
    ended: int
    fate: socket.socket
    base: int


def _bear(watched: selectors.BaseSelector, control: socket.socket) -> bool:
    """Fork a child for the next request; False: the parent is gone."""
    head, descriptors, _, _ = socket.recv_fds(control, HEADER, 2)
    if not head:
        return False
    message = receive_exactly(control, int.from_bytes(head, "big"))
    items, fate = (socket.socket(fileno=descriptor) for descriptor in descriptors)
    if message is None:
        return False
    module, request = pickle.loads(message)  # noqa: S301 - from our own parent
    _load(module)
    mother, base = os.getpid(), _resident_bytes()
    with items:
        try:
            child = os.fork()
        except OSError:  # no memory, or too many processes: her other children go on
            fate.close()
            _tell(items, _no_process())
            return True
        if child == 0:
            _grow_up(watched, fate, request, items, mother)
    charge = _Charge(child, os.pidfd_open(child), fate, base)
    watched.register(charge.ended, selectors.EVENT_READ, charge)
    watched.register(fate, selectors.EVENT_READ, charge)
    return True


def _no_process() -> MissingPart:
    """Every file would meet this, so jobs wait for a better moment and nothing is counted."""
    return MissingPart(
        "Máy không còn tiến trình hoặc bộ nhớ để đọc tệp. Hãy giảm SOHOA_WORKERS hoặc thêm bộ nhớ "
        "rồi thử lại: việc đã xong không mất.",
        "This machine has no process or no memory left for reading files. Lower SOHOA_WORKERS or "
        "add memory, then try again: finished work is kept.",
        part="process",
    )


def _grow_up(
    watched: selectors.BaseSelector,
    fate: socket.socket,
    request: bytes,
    items: socket.socket,
    mother: int,
) -> NoReturn:
    """In the child: all of its life; an error before it opens the file is not the file's."""
    try:
        _leave_home(watched, fate)
        _die_with(mother)
        # The request comes from our own parent over an inherited socket pair.
        task, args, bounds, asks = pickle.loads(request)  # noqa: S301
        _bound(bounds)
        _silence_native_code()
    except BaseException:
        os._exit(NOT_BEGUN)
    asking = (partial(_ask, items),) if asks else ()
    _child(items, partial(task, *asking, *args), bounds)


def _leave_home(watched: selectors.BaseSelector, fate: socket.socket) -> None:
    """In the child: let go of the mother's ends, or the parent would wait for her sisters' end."""
    for key in list(watched.get_map().values()):
        if isinstance(key.fileobj, socket.socket):
            key.fileobj.close()
        else:
            os.close(key.fd)
    watched.close()
    fate.close()


def _hear(watched: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    """A child has ended, which is told; or the parent does not wait for it any more."""
    charge: _Charge = key.data
    if key.fileobj is charge.fate:  # closed at the other end
        if charge.fate.fileno() >= 0:  # else it has ended in the same moment
            watched.unregister(charge.fate)
            signal.pidfd_send_signal(charge.ended, signal.SIGKILL)
        return
    watched.unregister(charge.ended)
    with contextlib.suppress(KeyError):  # the parent may have closed it before
        watched.unregister(charge.fate)
    _, status, usage = os.wait4(charge.pid, 0)
    os.close(charge.ended)
    grown = max(0, usage.ru_maxrss * 1024 - charge.base)
    with charge.fate, contextlib.suppress(OSError):  # nobody may be listening any more
        send_message(charge.fate, "death", _Death(os.waitstatus_to_exitcode(status), grown))


def _keep_only(control_fd: int) -> None:
    """Let go of everything the parent had open: children must not hold its sockets or files."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    # Their numbers stay taken: native code remembers them, and what was opened under them
    # later would be closed by it (libuv does so at each fork).
    for number in [int(one.name) for one in Path("/proc/self/fd").iterdir()]:
        if number > _STANDARD and number != control_fd:
            with contextlib.suppress(OSError):  # the listing's own is gone already
                os.fstat(number)
                os.dup2(nowhere, number)


def _keep_freed_memory() -> None:
    """Images of pages come and go by the hundred in a child: what is freed stays with it.

    To give it back to the system and take it anew costs a tenth of reading. Other C libraries
    than glibc have no such setting, and do without.
    """
    with contextlib.suppress(AttributeError):
        for setting in (_M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD):
            ctypes.CDLL(None).mallopt(setting, _ALL_BYTES)


def _prepare(control: socket.socket) -> bool:
    """Load what all children will need, as the parent's first message says; False: she is gone."""
    head = receive_exactly(control, HEADER)
    message = None if head is None else receive_exactly(control, int.from_bytes(head, "big"))
    if message is None:
        return False
    module, ready = pickle.loads(message)  # noqa: S301 - from our own parent
    if module is not None:
        _load(module)
        function, args = pickle.loads(ready)  # noqa: S301 - from our own parent
        with contextlib.suppress(SohoaError):  # what is missing, a child finds out and can tell
            function(*args)
    gc.freeze()  # children share what is loaded instead of copying it
    return True


def _load(module: str) -> None:
    """Load what a task needs once, so that a forked child starts in milliseconds."""
    if module not in sys.modules:
        importlib.import_module(module)
        gc.freeze()  # children share the loaded modules' pages instead of copying them


def _child(items: socket.socket, task: Task, bounds: Bounds) -> NoReturn:
    code = 0
    try:
        for item in task():
            send_message(items, "item", item)
            grant_cpu(bounds)
        send_message(items, "end", None)
    except MemoryError:
        _tell(items, Stopped("memory_limit"))
    except SohoaError as error:
        _tell(items, error)
    except BrokenPipeError:
        code = 1
    except Exception as error:
        _tell(items, _judged(error))
    os._exit(code)


def _ask(items: socket.socket, question: Any) -> Any:
    """What the parent answers; without one the child has no more to do."""
    send_message(items, "ask", question)
    message = receive_message(items)
    if message is None:
        raise BrokenPipeError
    return message[1]


def _judged(error: Exception) -> SohoaError:
    """A full disk is no fault of the file; a bug of a reader stops the file, not the service."""
    if is_full_disk(error):
        return full_disk(getattr(error, "filename", None) or tempfile.gettempdir())
    return Stopped("engine_failed", _where(error))


def _where(error: Exception) -> str:
    """Kind, words and innermost places of an error: what a developer needs, on one line."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
    return f"{type(error).__name__}: {error} ({places})"


def _tell(items: socket.socket, error: SohoaError) -> None:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own object
    except Exception:
        error = MissingPart(error.vi, error.en, code=error.error_code)
    send_message(items, "error", error)


def _silence_native_code() -> None:
    """What libtiff and others print about a broken file says nothing to the person."""
    warnings.simplefilter("ignore")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _bound(bounds: Bounds) -> None:
    base = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limit = base + bounds.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * 2**30, 4 * 2**30))
    grant_cpu(bounds)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 0)


def _die_with(parent: int) -> None:
    """Be killed when ``parent`` ends (safe here: the mother has one thread)."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    live(int(sys.argv[1]))
