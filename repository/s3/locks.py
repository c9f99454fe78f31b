"""Retention and legal holds, set on each object by itself.

A bucket's default retention is never relied on: on some stores it is only a state of
the bucket, and removing the rule frees the objects.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from minio.commonconfig import COMPLIANCE
from minio.error import S3Error
from minio.retention import Retention

from repository.objects import unknown
from repository.ports import Protection
from repository.s3.client import PatientClient
from repository.s3.headers import HOLD, retained_until
from repository.s3.leftovers import remove_versions
from repository.s3.place import S3Place
from repository.s3.troubles import explained, is_absent, status_of
from vocabulary.clock import Clock
from vocabulary.errors import Conflict


class Locks:
    """Retention and holds of the objects of one place."""

    def __init__(self, client: PatientClient, place: S3Place, clock: Clock) -> None:
        self._client = client
        self._place = place
        self._clock = clock

    def protection(self, sha256: str) -> Protection:
        """What holds of the object now.

        Raises:
            NotFound: no such object.
        """
        with self._explained(sha256, writing=False):
            head = self._client.ask("HEAD", self._place.key(sha256)).headers
        return Protection(retained_until(head), head.get(HOLD) == "ON")

    def retain(self, sha256: str, until: datetime) -> None:
        """Keep the object at least until then; an earlier time than holds now changes nothing.

        Raises:
            NotFound: no such object.
        """
        now = self.protection(sha256).retained_until
        if now is not None and now >= until:
            return
        with self._explained(sha256):
            self._client.set_object_retention(
                self._place.bucket, self._place.key(sha256), Retention(COMPLIANCE, until)
            )

    def hold(self, sha256: str, *, on: bool) -> None:
        """Set or lift the legal hold.

        Raises:
            NotFound: no such object.
        """
        act = (
            self._client.enable_object_legal_hold if on else self._client.disable_object_legal_hold
        )
        with self._explained(sha256):
            act(self._place.bucket, self._place.key(sha256))

    def remove(self, sha256: str) -> None:
        """Remove the object, all its versions.

        Raises:
            NotFound: no such object.
            Conflict: ``retained`` or ``held``; what is protected stays.
        """
        self._refuse_protected(sha256, self.protection(sha256))
        key = self._place.key(sha256)
        with self._explained(sha256):
            try:
                remove_versions(self._client, key)
            except S3Error as error:
                if status_of(error) not in (400, 403):  # stores differ in how they refuse
                    raise
                self._refuse_protected(sha256, self.protection(sha256))
                raise _locked(sha256) from error

    def _refuse_protected(self, sha256: str, protection: Protection) -> None:
        if protection.held:
            raise Conflict(
                "Tệp đang bị giữ theo yêu cầu pháp lý (legal hold). Hãy gỡ lệnh giữ trước.",
                "The object is under a legal hold. Lift the hold first.",
                code="held",
                sha256=sha256,
            )
        until = protection.retained_until
        if until is not None and until > self._clock.now():
            raise Conflict(
                f"Tệp phải được lưu đến {until:%d/%m/%Y %H:%M} UTC; kho không cho xóa trước đó.",
                f"The object is retained until {until:%Y-%m-%d %H:%M} UTC; the store does not "
                "let anybody remove it before.",
                code="retained",
                sha256=sha256,
            )

    @contextmanager
    def _explained(self, sha256: str, *, writing: bool = True) -> Iterator[None]:
        with explained(self._place, writing=writing):
            try:
                yield
            except S3Error as error:
                if is_absent(error):
                    raise unknown(sha256) from error
                raise


def _locked(sha256: str) -> Conflict:
    return Conflict(
        "Kho không cho xóa một phiên bản của tệp: phiên bản đó còn thời hạn lưu hoặc bị giữ.",
        "The store does not let a version of the object go: it is retained or held.",
        code="retained",
        sha256=sha256,
    )
