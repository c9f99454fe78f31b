"""Is every part there, and may papers come in? For ``/readyz``, ``sohoa doctor`` and alarms.

Each part is asked in a thread of its own with a time limit, so one that hangs cannot keep
the others from being told of. Papers may come in while the database and the object store
work and there is room: then the answer is ready, though search or the workers are away.
"""

import logging
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import select, text

from ingest.house import House
from repository import workers
from repository.schema import audit_log
from vocabulary.errors import MissingPart, SohoaError

PartState = Literal["ok", "degraded", "down"]

LOG: Final = logging.getLogger("sohoa.readiness")
LIMIT_S: Final = 2.0
_KEPT_S: Final = 1.0
_ROOM_NEEDED: Final = 512 * 2**20
_ROOM_WANTED: Final = 4 * 2**30
_SKEW_WARN: Final = timedelta(seconds=2)
_SKEW_MOST: Final = timedelta(seconds=30)
"""Half of the shortest lease: beyond it another host would take a job that is being worked on."""


@dataclass(frozen=True, slots=True)
class Part:
    """What was found of one part.

    ``vi``, ``en``: a sentence for everybody, without addresses. ``needed``: papers cannot
    come in without it. ``mend_vi``, ``mend_en``: what the part itself said, for whoever
    runs the service.
    """

    name: str
    state: PartState
    vi: str
    en: str
    needed: bool
    mend_vi: str = ""
    mend_en: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """How to ask one part.

    ``ask`` returns None when all is well, a Part where it has more to say, and raises where
    the part does not work.
    """

    name: str
    needed: bool
    vi: str
    en: str
    ask: Callable[[], Part | None]


def is_ready(parts: Sequence[Part]) -> bool:
    """Whether papers may come in."""
    return not any(part.needed and part.state == "down" for part in parts)


def overall(parts: Sequence[Part]) -> PartState:
    """The state of the whole."""
    if not is_ready(parts):
        return "down"
    return "ok" if all(part.state == "ok" for part in parts) else "degraded"


class Readiness:
    """Asks the parts of a house; an answer is good for a second, whoever asks."""

    def __init__(
        self, house: House, limit_s: float = LIMIT_S, checks: Sequence[Check] | None = None
    ) -> None:
        self._checks = checks_of(house) if checks is None else checks
        self._limit = limit_s
        self._lock = threading.Lock()
        self._asking: dict[str, _Asking] = {}
        self._last: tuple[float, tuple[Part, ...]] | None = None

    def parts(self) -> tuple[Part, ...]:
        """Each part as it is now, or was a second ago at most."""
        with self._lock:  # many ask at once: one looks
            if self._last is not None and time.monotonic() - self._last[0] < _KEPT_S:
                return self._last[1]
            before = self._last[1] if self._last else ()
            found = self._look()
            self._last = time.monotonic(), found
        _tell_changes(before, found)
        return found

    def _look(self) -> tuple[Part, ...]:
        deadline = time.monotonic() + self._limit
        for check in self._checks:
            still = self._asking.get(check.name)
            if still is None or still.done.is_set():
                self._asking[check.name] = _Asking(check)
        found = []
        for check in self._checks:
            asking = self._asking[check.name]
            asking.done.wait(max(0.0, deadline - time.monotonic()))
            found.append(asking.found if asking.done.is_set() else _silent(check, self._limit))
        return tuple(found)


class _Asking:
    """One question in a thread of its own; one that hangs is not asked a second time beside."""

    def __init__(self, check: Check) -> None:
        self.done = threading.Event()
        self.found = Part(check.name, "down", check.vi, check.en, check.needed)
        threading.Thread(target=self._ask, args=(check,), daemon=True).start()

    def _ask(self, check: Check) -> None:
        try:
            said = check.ask()
            self.found = said or Part(check.name, "ok", "Hoạt động.", "Works.", check.needed)
        except SohoaError as error:
            self.found = Part(
                check.name, "down", check.vi, check.en, check.needed, error.vi, error.en
            )
        except Exception as error:
            LOG.warning("a check failed", extra={"part": check.name}, exc_info=error)
        finally:
            self.done.set()


def checks_of(house: House) -> tuple[Check, ...]:
    """The parts that a house has."""
    return (
        Check(
            "database", True,
            "Cơ sở dữ liệu không trả lời: chưa nhận được giấy tờ. Quản trị xem sohoa doctor.",
            "The database does not answer: no paper can be taken in. See sohoa doctor.",
            lambda: _database(house),
        ),
        Check(
            "objects", True,
            "Kho tệp không trả lời: chưa nhận được giấy tờ. Quản trị xem sohoa doctor.",
            "The object store does not answer: no paper can be taken in. See sohoa doctor.",
            lambda: _objects(house),
        ),
        Check(
            "search", False,
            "Tìm kiếm đang nghỉ; giấy tờ vẫn được nhận và sẽ tìm được khi nó trở lại.",
            "Search is away; papers are taken in and will be found when it is back.",
            lambda: _search(house),
        ),
        Check(
            "workers", False,
            "Hàng đợi không trả lời; giấy tờ vẫn được nhận, sẽ được đọc sau.",
            "The queue does not answer; papers are taken in and read later.",
            lambda: _workers(house),
        ),
        Check(
            "disk", True,
            "Ổ đĩa gần đầy: chưa nhận được giấy tờ. Quản trị dọn chỗ trống.",
            "The disk is nearly full: no paper can be taken in. Make room on it.",
            lambda: _disk(house),
        ),
        Check(
            "clock", False,
            "Đồng hồ của máy sai: thời hạn và việc giữ chỗ không còn đúng. Quản trị đồng bộ giờ.",
            "The machine's clock is wrong: time limits and leases do not hold. Set it by NTP.",
            lambda: _clock(house),
        ),
    )  # fmt: skip


def _database(house: House) -> None:
    with house.database.read() as tx:
        tx.execute(text("SELECT 1"))


def _objects(house: House) -> None:
    house.objects.answers()


def _search(house: House) -> None:
    house.index.check()


def _workers(house: House) -> Part | None:
    house.queue.figures()
    now = house.clock.now()
    with house.database.read() as tx:
        crew = workers.crew(tx, now)
    if crew.processes:
        return None
    seconds = int(workers.SEEN.total_seconds())
    return Part(
        "workers", "degraded",
        f"Không thấy bộ xử lý nào trong {seconds} giây qua: giấy tờ vẫn được nhận nhưng chưa đọc. "
        "Hãy chạy sohoa worker.",
        f"No worker was seen in the last {seconds} seconds: papers are taken in but not read. "
        "Start sohoa worker.",
        needed=False,
    )  # fmt: skip


def _disk(house: House) -> Part | None:
    places = [house.scratch]
    root = getattr(house.objects, "root", None)
    if isinstance(root, Path):
        places.append(root)
    free = min(shutil.disk_usage(place).free for place in places)
    needed = max(_ROOM_NEEDED, house.max_file_bytes)
    if free < needed:
        raise MissingPart(
            f"Chỉ còn {free >> 20} MiB trống, cần ít nhất {needed >> 20} MiB.",
            f"Only {free >> 20} MiB are free, at least {needed >> 20} MiB are needed.",
        )
    if free >= _ROOM_WANTED:
        return None
    return Part(
        "disk", "degraded",
        f"Chỉ còn {free >> 20} MiB trống. Hãy dọn chỗ trống trước khi việc nhận giấy tờ dừng lại.",
        f"Only {free >> 20} MiB are free. Make room before intake has to stop.",
        needed=True,
    )  # fmt: skip


def _clock(house: House) -> Part | None:
    """Against the database server's clock, and against what was written down last.

    What was written a moment ago by a host whose clock is ahead lies in the future here.
    """
    with house.database.read() as tx:
        written = tx.execute(
            select(audit_log.c.occurred_at).order_by(audit_log.c.seq.desc()).limit(1)
        ).scalar()
        before = house.clock.now()
        skew = max(written - before, timedelta()) if written else timedelta()
    skew = max(skew, clock_of_the_server(house))
    if skew >= _SKEW_MOST:
        raise _wrong_clock(skew)
    if skew < _SKEW_WARN:
        return None
    return Part(
        "clock", "degraded",
        f"Đồng hồ lệch {skew.total_seconds():.0f} giây. Hãy bật đồng bộ giờ (NTP).",
        f"The clock differs by {skew.total_seconds():.0f} s. Let NTP set it.",
        needed=False,
    )  # fmt: skip


def clock_of_the_server(house: House) -> timedelta:
    """How far this host's clock is from the database server's; a file has none of its own.

    Raises:
        MissingPart: ``clock_wrong``: further than leases and signatures bear.
    """
    with house.database.read() as tx:
        if tx.get_bind().dialect.name != "postgresql":
            return timedelta()
        before = house.clock.now()
        skew: timedelta = abs(tx.execute(text("SELECT clock_timestamp()")).scalar_one() - before)
    if skew >= _SKEW_MOST:
        raise _wrong_clock(skew)
    return skew


def _wrong_clock(skew: timedelta) -> MissingPart:
    return MissingPart(
        f"Đồng hồ lệch {skew.total_seconds():.0f} giây. Hãy bật NTP trên mọi máy.",
        f"The clock differs by {skew.total_seconds():.0f} s. Let NTP set it on every host.",
        code="clock_wrong",
    )


def _silent(check: Check, limit_s: float) -> Part:
    return Part(
        check.name, "down", check.vi, check.en, check.needed,
        f"Không trả lời trong {limit_s:g} giây.", f"No answer within {limit_s:g} s.",
    )  # fmt: skip


def _tell_changes(before: Sequence[Part], now: Sequence[Part]) -> None:
    known = {part.name: part.state for part in before}
    for part in now:
        if known.get(part.name, "ok") != part.state:
            level = logging.INFO if part.state == "ok" else logging.WARNING
            facts = {"part": part.name, "state": part.state, "said": part.mend_en or part.en}
            LOG.log(level, "a part changed its state", extra=facts)
