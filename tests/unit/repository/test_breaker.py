"""The circuit breaker: table, and a model that chance drives."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repository.breaker import Breaker
from vocabulary.errors import InvalidRequest, MissingPart

AWAY = MissingPart("mất", "gone")


class Time:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def breaker(time: Time, failures: int = 3) -> Breaker:
    return Breaker("Máy chủ", failures=failures, rest=10, trial=30, clock=time)


def fail(one: Breaker, error: Exception = AWAY) -> str:
    """What a call met that would fail: the error itself, or the breaker."""
    try:
        with one.call():
            raise error
    except MissingPart as met:
        return met.error_code
    except Exception as met:
        return type(met).__name__


def succeed(one: Breaker) -> str:
    try:
        with one.call():
            return "answered"
    except MissingPart as met:
        return met.error_code


def test_it_opens_after_failures_in_a_row() -> None:
    one = breaker(Time())
    assert [fail(one), fail(one), succeed(one), fail(one), fail(one)] == [
        "missing_part", "missing_part", "answered", "missing_part", "missing_part",
    ]  # fmt: skip
    assert one.state == "closed"
    assert fail(one) == "missing_part"
    assert one.state == "open"
    assert succeed(one) == "server_resting"


def test_it_says_when_it_will_be_tried_again() -> None:
    time = Time()
    one = breaker(time, failures=1)
    fail(one)
    time.now += 4
    with pytest.raises(MissingPart, match="tried again in 6 seconds") as met, one.call():
        pass
    assert met.value.detail["retry_after"] == 6
    assert "Máy chủ" in met.value.vi


def test_one_caller_tries_and_the_others_are_told() -> None:
    time = Time()
    one = breaker(time, failures=1)
    fail(one)
    time.now += 10
    assert one.state == "half_open"
    with one.call():
        assert succeed(one) == "server_resting"
    assert one.state == "closed"


def test_a_trial_that_fails_opens_it_again() -> None:
    time = Time()
    one = breaker(time)
    for _ in range(3):
        fail(one)
    time.now += 10
    assert fail(one) == "missing_part"
    assert one.state == "open"
    time.now += 9.9
    assert succeed(one) == "server_resting"
    time.now += 0.1
    assert succeed(one) == "answered"


def test_a_trial_that_hangs_does_not_keep_it_shut_and_says_nothing_later() -> None:
    time = Time()
    one = breaker(time, failures=1)
    fail(one)
    time.now += 10
    hanging = one.call()
    hanging.__enter__()
    time.now += 30
    assert fail(one) == "missing_part"  # the second trial: open again
    hanging.__exit__(None, None, None)  # the first comes back well, too late to count
    assert one.state == "open"


def test_a_call_from_before_changes_nothing_after() -> None:
    time = Time()
    one = breaker(time, failures=1)
    slow = one.call()
    slow.__enter__()
    fail(one)
    slow.__exit__(None, None, None)
    assert one.state == "open"


def test_a_wrong_question_is_an_answer() -> None:
    one = breaker(Time(), failures=2)
    assert fail(one) == "missing_part"
    assert fail(one, InvalidRequest("sai", "wrong")) == "InvalidRequest"
    assert fail(one) == "missing_part"
    assert one.state == "closed"


@pytest.mark.parametrize("wrong", [{"failures": 0}, {"rest": 0}, {"trial": -1}])
def test_it_is_not_made_of_nothing(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        Breaker("x", **wrong)  # type: ignore[arg-type]


@given(
    failures=st.integers(1, 4),
    steps=st.lists(st.one_of(st.booleans(), st.floats(0, 25)), max_size=60),
)
def test_it_is_what_its_model_says(failures: int, steps: list[bool | float]) -> None:
    """One caller after another: bool = how the server would answer, float = time passes."""
    time = Time()
    one = breaker(time, failures=failures)
    in_a_row, open_until = 0, None
    for step in steps:
        if not isinstance(step, bool):
            time.now += step
            continue
        if open_until is not None and time.now < open_until:
            assert succeed(one) == "server_resting"
            continue
        if step:
            assert succeed(one) == "answered"
            in_a_row, open_until = 0, None
        else:
            assert fail(one) == "missing_part"
            in_a_row += 1
            if in_a_row >= failures:
                open_until = time.now + 10
        assert (one.state == "closed") == (open_until is None)


def test_of_many_threads_one_tries() -> None:
    time = Time()
    one = breaker(time, failures=1)
    fail(one)
    time.now += 10
    inside, told = [], []
    together, release = threading.Barrier(8), threading.Event()

    def caller() -> None:
        together.wait()
        try:
            with one.call():
                inside.append(1)
                release.wait(10)
        except MissingPart:
            told.append(1)
            if len(told) == 7:
                release.set()

    threads = [threading.Thread(target=caller) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(inside), len(told)) == (1, 7)
    assert one.state == "closed"
