"""What one line of the log says, and what it never says."""

import io
import json
import logging
import sys
from typing import Any

import pytest

from api.logs import Lines
from vocabulary import correlation
from vocabulary.errors import MissingPart

SECRET = "Trần Thị Bí Mật 079200001234"


def record(name: str, said: str, *values: object, **facts: Any) -> logging.LogRecord:
    error = facts.pop("exc_info", None)
    return logging.getLogger(name).makeRecord(
        name, logging.WARNING, __file__, 1, said, values, error, extra=facts
    )


def line(made: logging.LogRecord, *, debug: bool = False) -> dict[str, Any]:
    text = Lines(as_json=True, secrets_too=debug).format(made)
    assert "\n" not in text
    told: dict[str, Any] = json.loads(text)
    return told


def failed(error: Exception) -> Any:
    try:
        raise error
    except Exception:
        return sys.exc_info()


def test_a_line_is_one_json_object_with_its_facts() -> None:
    told = line(record("sohoa.http", "answered", status=200, role="clerk", code=None))
    assert (told["logger"], told["level"], told["event"]) == ("sohoa.http", "warning", "answered")
    assert (told["status"], told["role"]) == (200, "clerk")
    assert "code" not in told
    assert told["time"].endswith("+00:00")


def test_an_error_is_told_by_its_class_and_places_alone() -> None:
    told = line(record("sohoa.http", "failed", exc_info=failed(ValueError(SECRET))))
    assert told["error"] == ["ValueError"]
    assert told["places"][-1].startswith("test_logs.py:")
    assert SECRET not in json.dumps(told, ensure_ascii=False)


def test_what_caused_an_error_is_named() -> None:
    def caused() -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise MissingPart("x", "y") from error

    try:
        caused()
    except MissingPart:
        told = line(record("sohoa.http", "failed", exc_info=sys.exc_info()))
    assert told["error"] == ["MissingPart", "KeyError"]
    assert "Bí Mật" not in json.dumps(told, ensure_ascii=False)


def test_of_other_libraries_the_values_are_left_out() -> None:
    told = line(record("elastic_transport", "Node %s failed for %s", "http://x", SECRET))
    assert told["event"] == "Node %s failed for %s"


def test_debug_tells_everything() -> None:
    told = line(record("sohoa.http", "failed", exc_info=failed(ValueError(SECRET))), debug=True)
    assert told["said"] == SECRET
    told = line(record("other", "of %s", SECRET), debug=True)
    assert told["event"] == f"of {SECRET}"


def test_a_line_bears_the_name_of_the_call() -> None:
    name = correlation.new()
    with correlation.bound(name):
        assert line(record("sohoa.worker", "job done"))["request"] == name
    assert "request" not in line(record("sohoa.worker", "job done"))


def test_a_value_cannot_make_a_second_line() -> None:
    made = record("sohoa.http", "answered", method="GET\nfake")
    text = Lines(as_json=False).format(made)
    assert "\n" not in text
    assert 'method="GET fake"' in text


@pytest.mark.parametrize(
    "given",
    ["079200001234", "a" * 31, "A" * 32, "g" * 32, "0" * 32 + "\n", "", None, 7, "../../etc"],
)
def test_only_an_id_is_taken_from_outside(given: object) -> None:
    assert correlation.accepted(given) is None


def test_ids_that_are_taken() -> None:
    for given in (correlation.new(), "0f8fad5b-d9cb-469f-a165-70867728950e"):
        assert correlation.accepted(given) == given
        with correlation.bound(given):
            assert correlation.of_payload(correlation.carried()) == given
    assert correlation.carried() == {}
    assert correlation.of_payload({"request": "079200001234"}) is None


def test_the_form_follows_the_setting() -> None:
    from api import logs

    root = logging.getLogger()
    before = list(root.handlers), root.level, logging.getLogger("sohoa").level

    class Settings:
        log_format = "auto"
        log_level = "info"

    class Out(io.StringIO):
        terminal = False

        def isatty(self) -> bool:
            return self.terminal

    out = Out()
    try:
        for terminal, form in ((False, "{"), (True, "2")):
            out.terminal = terminal
            logs.start(Settings(), out)  # type: ignore[arg-type]
            logging.getLogger("sohoa.x").info("here")
            assert out.getvalue().splitlines()[-1].startswith(form)
            logging.getLogger("other").info("not told")
        assert "not told" not in out.getvalue()
    finally:
        root.handlers[:], root.level = before[0], before[1]
        logging.getLogger("sohoa").setLevel(before[2])
