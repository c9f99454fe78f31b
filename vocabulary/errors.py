"""The one error tree of sohoa.

::

    SohoaError                 code, Vietnamese and English sentence, exit code
    ├── Stopped                a file stops with a reason code (vocabulary.reasons)
    ├── UsageError             the call itself is wrong                        (exit 2)
    ├── MissingPart            a needed part is missing or unreachable         (exit 4)
    ├── IntegrityFailure       stored bytes are not what they were             (exit 5)
    ├── NotFound               no such thing, or no right to know of it
    ├── NotAllowed             known person, not this right
    ├── NotAuthenticated       nobody, or wrong credentials
    ├── InvalidRequest         a value does not fit; names the value
    ├── Conflict               the thing changed or exists already
    └── LeaseLost              another worker has taken this job over

Errors never are HTTP answers: the edge (api.problems) maps them in one table.
"""

from typing import Any, ClassVar

from vocabulary.reasons import REASONS


class SohoaError(Exception):
    """Base of all errors a person or a system is meant to read.

    Args:
        vi: sentence in Vietnamese that says what to do.
        en: the same in English.
        code: stable machine code; defaults to the class's.
        detail: further facts, JSON-ready, without personal data.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, vi: str, en: str, *, code: str | None = None, **detail: Any) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en
        self.error_code = code or type(self).code
        self.detail: dict[str, Any] = detail

    def __reduce__(self) -> tuple[Any, ...]:  # crosses process borders
        return (_rebuilt, (type(self), self.vi, self.en, self.error_code, self.detail))


def _rebuilt(kind: type["SohoaError"], vi: str, en: str, code: str, detail: dict[str, Any]) -> Any:
    return kind(vi, en, code=code, **detail)


class Stopped(SohoaError):
    """A file cannot go on; ``reason`` is one of :data:`vocabulary.reasons.REASONS`."""

    code = "stopped"
    exit_code = 3

    def __init__(self, reason: str, note: str = "", *, page: int | None = None) -> None:
        known = REASONS[reason]
        super().__init__(known.vi, known.en, code=reason, note=note, page=page)
        self.reason = reason
        self.note = note
        self.page = page

    def __reduce__(self) -> tuple[Any, ...]:
        return (_stopped, (self.reason, self.note, self.page))


def _stopped(reason: str, note: str, page: int | None) -> Stopped:
    return Stopped(reason, note, page=page)


class UsageError(SohoaError):
    """The command or call is wrong."""

    code = "usage"
    exit_code = 2


class MissingPart(SohoaError):
    """A program, model, font, server, port or folder that is needed is not there."""

    code = "missing_part"
    exit_code = 4


class IntegrityFailure(SohoaError):
    """Stored bytes do not match their hash, or a signed chain is broken."""

    code = "integrity"
    exit_code = 5


class NotFound(SohoaError):
    """No such thing, or the caller has no right to know that there is one."""

    code = "not_found"


class NotAuthenticated(SohoaError):
    """Credentials are missing or wrong."""

    code = "not_authenticated"


class NotAllowed(SohoaError):
    """The caller is known but may not do this."""

    code = "not_allowed"


class InvalidRequest(SohoaError):
    """A value of the request does not fit; ``detail['field']`` names it."""

    code = "invalid_request"


class Conflict(SohoaError):
    """The thing changed meanwhile, exists already, or is in a state that forbids this."""

    code = "conflict"


class LeaseLost(SohoaError):
    """The job belongs to another worker now: drop the work, write nothing."""

    code = "lease_lost"
