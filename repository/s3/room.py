"""The scratch disk: bytes on their way to the store, and local copies."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vocabulary.errors import MissingPart


@contextmanager
def room_on(scratch: Path) -> Iterator[None]:
    """A full or closed scratch disk in words.

    Raises:
        MissingPart: ``disk_full``, or it may not be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise MissingPart(
                f"Ổ đĩa tạm «{scratch}» đã đầy. Hãy dọn chỗ trống rồi thử lại.",
                f"The scratch disk {str(scratch)!r} is full. Free some space and try again.",
                code="disk_full",
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENOENT):
            raise MissingPart(
                f"Không ghi được vào thư mục tạm «{scratch}». Hãy kiểm tra quyền ghi.",
                f"The scratch folder {str(scratch)!r} cannot be written. Check its rights.",
            ) from error
        raise
