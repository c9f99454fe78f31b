"""Troubles of jobs: whether they are the machine's, and what a line of the log says of them."""

import errno

from repository.ports import Job
from vocabulary.errors import MissingPart, SohoaError


def of_the_machine(error: Exception) -> bool:
    """Whether every file would meet this trouble: a full disk, a missing part."""
    if isinstance(error, MissingPart):
        return error.error_code != "reader_gone"  # that one a file may cause
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def facts_of(job: Job) -> dict[str, object]:
    """What a line says of a job: its key is the random id of a document or a delivery."""
    return {"kind": job.kind, "key": job.key, "attempt": job.attempt}


def told(error: Exception) -> dict[str, object]:
    """What a line says of an error: never its text, which may hold what a paper says."""
    if isinstance(error, SohoaError):
        return {"code": error.error_code}
    return {"code": errno.errorcode.get(getattr(error, "errno", 0) or 0, type(error).__name__)}
