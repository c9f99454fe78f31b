"""Headers of the S3 interface that say how an object is checked and protected."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from minio.commonconfig import COMPLIANCE

CHECKSUM: Final = "x-amz-checksum-sha256"
MODE: Final = "x-amz-object-lock-mode"
UNTIL: Final = "x-amz-object-lock-retain-until-date"
HOLD: Final = "x-amz-object-lock-legal-hold"


def lock_headers(until: datetime) -> dict[str, str]:
    """COMPLIANCE retention, as of the put itself: there is no moment without it."""
    return {MODE: COMPLIANCE, UNTIL: until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def retained_until(head: Mapping[str, str]) -> datetime | None:
    """When the object's COMPLIANCE retention ends, as the store tells with the object."""
    if head.get(MODE) != COMPLIANCE or not head.get(UNTIL):
        return None
    return datetime.fromisoformat(head[UNTIL]).astimezone(UTC)
