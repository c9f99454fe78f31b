"""Keyset cursors: lists page by the last row seen, so that new rows never shift a page."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from vocabulary.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page in a list ordered by moment and id, newest first."""

    moment: datetime
    id: str

    def __str__(self) -> str:
        plain = f"{self.moment.isoformat()}|{self.id}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @staticmethod
    def parse(text: str) -> "Cursor":
        """Reads a cursor that was given out.

        Raises:
            InvalidRequest: it is not one.
        """
        try:
            plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
            moment, _, row_id = plain.partition("|")
            parsed = datetime.fromisoformat(moment)
            if parsed.tzinfo is None:
                raise ValueError("a cursor's moment has a time zone")
        except (ValueError, binascii.Error):
            raise InvalidRequest(
                "Vị trí trang không hợp lệ. Hãy bắt đầu lại từ trang đầu.",
                "The cursor is not valid. Start again from the first page.",
                field="cursor",
            ) from None
        return Cursor(parsed, row_id)

    def before(self, moment: ColumnElement[Any], row_id: ColumnElement[Any]) -> ColumnElement[bool]:
        """Rows that come after this one in the list."""
        return or_(moment < self.moment, and_(moment == self.moment, row_id < self.id))
