"""What the service and its workers write to stderr: one line an event, by the standard library.

``json``: one JSON object a line (RFC 8259), for a collector. ``text``: the same for a person.
A line has the moment (UTC), level, logger, event, correlation id and the event's own facts.

No personal data: facts are codes, figures, route templates and the random ids of documents.
Of an error only its class and the places it passed are written, and of lines of other
libraries the words without the values put into them: both may hold what a paper says. At
level ``debug`` everything is written; that is for a test installation.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final, Literal, Protocol, TextIO

from vocabulary import correlation

LogFormat = Literal["auto", "json", "text"]
LogLevel = Literal["debug", "info", "warning", "error"]

_OWN: Final = "sohoa"
_PLACES: Final = 12
_KNOWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; whatever else it has are facts that the caller gave by ``extra``."""


class LogSettings(Protocol):
    """What is read of the settings."""

    @property
    def log_format(self) -> LogFormat: ...

    @property
    def log_level(self) -> LogLevel: ...


class Lines(logging.Formatter):
    """One line a record; ``secrets_too`` (debug) also tells what errors and others say."""

    def __init__(self, *, as_json: bool, secrets_too: bool = False) -> None:
        super().__init__()
        self._json = as_json
        self._all = secrets_too

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        facts = self._facts(record)
        if self._json:
            return json.dumps(facts, ensure_ascii=False, default=str)
        head = [str(facts.pop(name)) for name in ("time", "level", "logger", "event")]
        rest = [f"{name}={_plain(value)}" for name, value in facts.items()]
        return " ".join([*head, *rest])

    def _facts(self, record: logging.LogRecord) -> dict[str, Any]:
        own = record.name.partition(".")[0] == _OWN
        facts: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if own or self._all else str(record.msg),
            "pid": record.process,
        }
        request = getattr(record, "request", None) or correlation.current()
        if request is not None:
            facts["request"] = request
        facts |= {
            name: value
            for name, value in vars(record).items()
            if name not in _KNOWN and name != "request" and value is not None
        }
        if record.exc_info and record.exc_info[1] is not None:
            facts |= self._error(record.exc_info[1])
        return facts

    def _error(self, error: BaseException) -> dict[str, Any]:
        chain: list[str] = []
        one: BaseException | None = error
        while one is not None and len(chain) < _PLACES:
            chain.append(type(one).__qualname__)
            one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        places = [
            f"{Path(frame.filename).name}:{frame.lineno}:{frame.name}"
            for frame in extract_tb(error.__traceback__)[-_PLACES:]
        ]
        told: dict[str, Any] = {"error": chain, "places": places}
        return {**told, "said": str(error)} if self._all else told


def start(
    settings: LogSettings, stream: TextIO | None = None, *, troubles_only: bool = False
) -> None:
    """Let every logger of this process write to stderr in one form.

    ``troubles_only``: for a command that a person waits for, which ends with its own sentence.
    """
    out = sys.stderr if stream is None else stream
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not out.isatty())
    debug = settings.log_level == "debug"
    handler = logging.StreamHandler(out)
    handler.setFormatter(Lines(as_json=as_json, secrets_too=debug))
    root = logging.getLogger()
    for old in list(root.handlers):
        if isinstance(old.formatter, Lines):
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if debug else logging.WARNING)
    quiet = troubles_only and settings.log_level == "info"
    logging.getLogger(_OWN).setLevel("WARNING" if quiet else settings.log_level.upper())


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(str(one) for one in value)
    text = str(value).replace("\n", " ")
    return json.dumps(text, ensure_ascii=False) if " " in text or not text else text
