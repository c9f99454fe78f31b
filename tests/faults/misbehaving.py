"""Tasks that do to their child what a hostile file does to a reader."""

import ctypes
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator

from vocabulary.errors import Conflict, MissingPart, Stopped


def count_up(to: int) -> Iterator[int]:
    yield from range(to)


def burn_processor() -> Iterator[None]:
    while True:
        pass
    yield None


def burn_a_second_each(items: int) -> Iterator[int]:
    for item in range(items):
        end = time.process_time() + 1
        while time.process_time() < end:
            pass
        yield item


def eat_memory() -> Iterator[None]:
    hoard = []
    while True:
        hoard.append(bytearray(b"x" * 2**24))
    yield None


def abort() -> Iterator[None]:
    yield None
    os.abort()


def read_address_zero() -> Iterator[None]:
    ctypes.string_at(0)
    yield None


def die_in_mid_message(size: int) -> Iterator[bytes]:
    yield b"x" * size
    os.kill(os.getpid(), signal.SIGSEGV)


def sleep() -> Iterator[None]:
    time.sleep(600)
    yield None


def stop() -> Iterator[None]:
    yield None
    raise Stopped("encrypted", "by the test", page=2)


def conflict() -> Iterator[None]:
    raise Conflict("vi", "en", code="version_changed", current=3)
    yield None


def fall_over() -> Iterator[None]:
    raise KeyError("a bug of ours")
    yield None


def tell_pid() -> Iterator[int]:
    yield os.getpid()
    time.sleep(600)


class Trick:
    """What a file that has taken over its reader would send: a call in the shape of a value."""

    def __reduce__(self) -> tuple[object, ...]:
        return (os.system, ("touch taken-over",))


def send_a_trick() -> Iterator[Trick]:
    yield Trick()


_kept: list[str] = []


def keep(what: str) -> None:
    """A preparation: what is loaded in the mother."""
    _kept.append(what)


def allow_no_process() -> None:
    """A preparation: the system forks for this mother no more."""
    if os.getuid() == 0:  # the limit does not hold for root
        os.setuid(65534)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def lack_a_part(what: str) -> None:
    """A preparation that cannot be."""
    raise MissingPart(what, what)


def tell_kept() -> Iterator[list[str]]:
    yield _kept


def ask_twice(ask: Callable[[int], int]) -> Iterator[tuple[int, int]]:
    yield os.getpid(), ask(ask(20))


class Unreadable:
    """What is sent well and cannot be read where it comes."""

    def __reduce__(self) -> tuple[Callable[[], None], tuple[()]]:
        return fail_to_come, ()


def fail_to_come() -> None:
    raise ValueError("not in this process")
