"""What the signatures of one file are worth, as commands and addresses answer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.bounded import Nursery
from ingest.identify import PDF, media_type
from ingest.signature_tasks import judge_signatures
from vocabulary.errors import Stopped


@dataclass(frozen=True, slots=True)
class Judge:
    """With what signatures are judged; files are read in children of ``nursery``."""

    nursery: Nursery
    anchors: Sequence[Path]
    revocation_folder: Path | None = None
    at: datetime | None = None
    online: bool = False

    def record(self, path: Path) -> dict[str, Any]:
        """``signatures``, ``verdict`` (the worst), ``state`` and, where it stopped, why.

        Never raises for a file that cannot be read: that is a state with its reason. Only
        PDF bears signatures of its own; other kinds have none.

        Raises:
            MissingPart, InvalidRequest: a root or the folder of lists cannot be used.
        """
        try:
            if media_type(path) != PDF:
                return _told({"signatures": [], "verdict": "unsigned", "state": "done"})
            report, _ = self.nursery.call(
                judge_signatures, path, self.anchors, self.at, self.online, self.revocation_folder
            )
            return _told(report.to_json())
        except Stopped as stop:
            return _told(
                {"signatures": [], "verdict": "unread", "state": "stopped", "reason": stop.reason}
            )


def _told(record: dict[str, Any]) -> dict[str, Any]:
    reason = record.get("reason")
    stop = Stopped(reason) if reason else None
    return {
        "transport_prefix": 0,
        "encrypted": False,
        **record,
        "verdict": "unread" if stop else record["verdict"],
        "reason": reason,
        "message": stop.vi if stop else None,
        "message_en": stop.en if stop else None,
    }
