"""What the parts say together, and what happens when one hangs."""

import threading
import time
from collections.abc import Callable

import pytest

from ingest.readiness import Check, Part, Readiness, is_ready, overall
from vocabulary.errors import MissingPart

ASKED = Part("x", "degraded", "gần đầy", "nearly full", needed=True)


def check(name: str, ask: Callable[[], Part | None], needed: bool = True) -> Check:
    return Check(name, needed, f"{name} nghỉ", f"{name} is away", ask)


def away() -> None:
    raise MissingPart("máy chủ 10.0.0.7 mất", "the server 10.0.0.7 is gone")


def readiness(*checks: Check, limit_s: float = 5) -> Readiness:
    return Readiness(None, limit_s, checks)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("needed", "other", "state"),
    [("ok", "ok", "ok"), ("ok", "down", "degraded"), ("degraded", "ok", "degraded"),
     ("down", "ok", "down"), ("down", "down", "down"), ("ok", "degraded", "degraded")],
)  # fmt: skip
def test_papers_come_in_while_the_needed_parts_work(needed: str, other: str, state: str) -> None:
    parts = [
        Part("objects", needed, "", "", needed=True),  # type: ignore[arg-type]
        Part("search", other, "", "", needed=False),  # type: ignore[arg-type]
    ]
    assert overall(parts) == state
    assert is_ready(parts) == (state != "down")


def test_the_sentence_for_everybody_has_no_address() -> None:
    [part] = readiness(check("objects", away)).parts()
    assert (part.state, part.vi, part.en) == ("down", "objects nghỉ", "objects is away")
    assert part.mend_en == "the server 10.0.0.7 is gone"


def test_an_error_nobody_foresaw_is_a_part_that_is_down() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    [part] = readiness(check("search", broken, needed=False)).parts()
    assert (part.state, part.mend_en) == ("down", "")


def test_a_part_may_say_more() -> None:
    assert readiness(check("x", lambda: ASKED)).parts() == (ASKED,)


def test_a_part_that_hangs_does_not_hide_the_others_and_is_asked_once() -> None:
    release = threading.Event()
    asked = []

    def hangs() -> None:
        asked.append(1)
        release.wait(30)

    one = readiness(check("objects", hangs), check("search", away), limit_s=0.05)
    first, second = one.parts()
    assert (first.state, first.mend_en) == ("down", "No answer within 0.05 s.")
    assert second.mend_en == "the server 10.0.0.7 is gone"
    one._last = None  # the second that an answer is good for is over
    assert one.parts()[0].state == "down"
    assert len(asked) == 1
    release.set()
    deadline = time.monotonic() + 10
    while one.parts()[0].state != "ok" and time.monotonic() < deadline:
        one._last = None
        time.sleep(0.01)
    assert one.parts()[0].state == "ok"


def test_an_answer_is_good_for_a_second_whoever_asks() -> None:
    asked = []
    one = readiness(check("x", lambda: asked.append(1)))
    callers = [threading.Thread(target=one.parts) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(asked) == 1
