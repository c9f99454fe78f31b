"""Does this store behave as an archive needs? Asked of the store itself, not of its brand.

``quick`` at every start: is it there, may we write, are the clocks alike, is the lock
configured. ``full`` for ``sohoa doctor``: puts small objects of its own under ``probe/``,
tries to break each promise, and clears up (about six seconds, most of them waiting for
a retention to end).
"""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from minio.error import S3Error

from repository.s3.answers import value_in
from repository.s3.findings import Finding, Verdict, ok, refuse, warn
from repository.s3.headers import CHECKSUM
from repository.s3.outline import base64_of
from repository.s3.probe_locks import lock_holds
from repository.s3.probe_objects import put, remove, time_of, trial_key
from repository.s3.sending import abandon_parts, begin_parts
from repository.s3.store import S3Store
from repository.s3.troubles import TROUBLES, explained, status_of
from vocabulary.errors import SohoaError

_SKEW_WARN: Final = timedelta(seconds=60)
_SKEW_REFUSE: Final = timedelta(minutes=10)

_Check = Callable[[S3Store], Iterator[Finding]]


def quick(store: S3Store) -> tuple[Finding, ...]:
    """What must be so at every start; leaves nothing behind."""
    return _run(store, (_reachable, _rights, _versioning, _lock_configured))


def full(store: S3Store) -> tuple[Finding, ...]:
    """Everything; the locks are really tried."""
    findings = quick(store)
    if any(one.check == "reachable" and one.verdict is Verdict.REFUSE for one in findings):
        return findings
    return (
        *findings,
        *_run(store, (_round_trip, _wrong_checksum, _conditional, _encryption, lock_holds)),
    )


def _run(store: S3Store, checks: tuple[_Check, ...]) -> tuple[Finding, ...]:
    """Each check; a trouble that it did not expect refuses under its name."""
    findings: list[Finding] = []
    for check in checks:
        try:
            with explained(store.place, writing=True):
                findings.extend(check(store))
        except SohoaError as error:
            findings.append(refuse(check.__name__.strip("_"), error.vi, error.en))
            if check is _reachable:
                break
    return tuple(findings)


def _reachable(store: S3Store) -> Iterator[Finding]:
    # A listing and not a HEAD: the answer says why it is refused.
    answer = store.client.ask("GET", query={"list-type": "2", "max-keys": "1"})
    yield ok("reachable", f"{store.place.endpoint} trả lời.", f"{store.place.endpoint} answers.")
    skew = abs(time_of(answer.headers.get("Date")) - datetime.now(UTC))
    seconds = int(skew.total_seconds())
    if skew > _SKEW_REFUSE:
        yield refuse(
            "clock",
            f"Đồng hồ của kho và máy này lệch {seconds} giây. Hãy bật đồng bộ giờ (NTP).",
            f"The store's clock and this machine's differ by {seconds} s. Turn on NTP.",
        )
    elif skew > _SKEW_WARN:
        yield warn(
            "clock",
            f"Đồng hồ của kho và máy này lệch {seconds} giây; quá 15 phút kho sẽ từ chối.",
            f"The store's clock and this machine's differ by {seconds} s; beyond 15 minutes "
            "the store refuses every call.",
        )
    else:
        yield ok("clock", "Đồng hồ khớp.", "The clocks agree.")


def _rights(store: S3Store) -> Iterator[Finding]:
    """An upload that is begun and let go leaves nothing."""
    key = trial_key(store)
    abandon_parts(store.client, key, begin_parts(store.client, key, {}))
    yield ok("rights", "Được phép ghi.", "The keys may write.")


def _versioning(store: S3Store) -> Iterator[Finding]:
    status = store.client.get_bucket_versioning(store.place.bucket).status
    if status == "Enabled":
        yield ok("versioning", "Versioning đang bật.", "Versioning is on.")
        return
    vi = "Versioning đang tắt: tệp bị xóa hay ghi đè là mất. Hãy bật versioning cho bucket."
    en = "Versioning is off: what is deleted or overwritten is gone. Turn it on for the bucket."
    locked = store.place.lock != "none"
    yield refuse("versioning", vi, en) if locked else warn("versioning", vi, en)


def _lock_configured(store: S3Store) -> Iterator[Finding]:
    asked = store.place.lock != "none"
    try:
        answer = store.client.ask("GET", query={"object-lock": ""})
    except S3Error as error:
        if status_of(error) not in (400, 404, 501):
            raise
        if asked:
            yield refuse(
                "lock",
                "Bucket không bật object lock (chỉ bật được khi tạo). Hãy tạo bucket mới có "
                "object lock, hoặc bỏ lock=compliance.",
                "The bucket has no object lock (it can only be turned on when it is made). Make "
                "a new bucket with object lock, or drop lock=compliance.",
            )
        else:
            yield warn(
                "lock",
                "Không dùng object lock: quản trị kho xóa được tệp lưu trữ.",
                "Object lock is not used: whoever runs the store can delete papers.",
            )
        return
    if value_in(answer.data, "Mode"):
        yield warn(
            "lock",
            "Bucket có thời hạn lưu mặc định: tệp tạm cũng bị giữ, không tải thẳng lên được. "
            "Hãy bỏ mặc định; hệ thống đặt thời hạn cho từng tệp.",
            "The bucket has a default retention: passing files are kept, too, so direct uploads "
            "are off. Remove the default; retention is set on each object.",
        )
    elif asked:
        yield ok("lock", "Object lock đang bật.", "Object lock is on.")
    else:
        yield warn(
            "lock",
            "Bucket có object lock nhưng chưa dùng. Hãy thêm lock=compliance&retention_days=…",
            "The bucket has object lock, but it is not used. Add lock=compliance&retention_days=…",
        )


def _round_trip(store: S3Store) -> Iterator[Finding]:
    key, data = trial_key(store), secrets.token_bytes(1000)
    version = put(store, key, data)
    try:
        answer = store.client.ask("GET", key)
        if answer.data != data:
            yield refuse(
                "round_trip",
                "Đọc lại khác với dữ liệu đã ghi. Không dùng kho này.",
                "What is read differs from what was written. Do not use this store.",
            )
            return
    finally:
        remove(store, key, version)
    yield ok("round_trip", "Ghi và đọc lại khớp.", "What is written is read again.")


def _wrong_checksum(store: S3Store) -> Iterator[Finding]:
    key = trial_key(store)
    try:
        answer = store.client.ask(
            "PUT", key, body=b"other bytes",
            headers={"Content-Length": "11", CHECKSUM: base64_of(bytes(32))},
        )  # fmt: skip
    except TROUBLES as error:
        if status_of(error) != 400:
            raise
        yield ok("checksum", "Sai mã SHA-256 bị từ chối.", "A wrong SHA-256 is refused.")
        return
    remove(store, key, answer.headers.get("x-amz-version-id", ""))
    yield refuse(
        "checksum",
        "Kho nhận dữ liệu sai mã SHA-256: lỗi đường truyền không bị phát hiện. Không dùng kho này.",
        "The store takes bytes with a wrong SHA-256: errors on the way go unseen. Do not use it.",
    )


def _conditional(store: S3Store) -> Iterator[Finding]:
    key = trial_key(store)
    versions = [put(store, key, b"first")]
    try:
        versions.append(put(store, key, b"first", only_new=True))
    except TROUBLES as error:
        if status_of(error) != 412:
            raise
        yield ok("conditional", "Ghi có điều kiện được.", "Conditional writes work.")
    else:
        yield warn(
            "conditional",
            "Kho bỏ qua If-None-Match: hai máy ghi cùng lúc tạo hai phiên bản giống nhau. Vẫn an "
            "toàn.",
            "The store ignores If-None-Match: two hosts at once make two equal versions. Safe "
            "all the same.",
        )
    finally:
        for version in versions:
            remove(store, key, version)


def _encryption(store: S3Store) -> Iterator[Finding]:
    if store.place.sse == "none":
        yield warn(
            "encryption",
            "Không yêu cầu kho mã hóa (sse=s3). Hãy mã hóa ổ đĩa của kho.",
            "The store is not asked to encrypt (sse=s3). Encrypt its disks.",
        )
        return
    key, version = trial_key(store), ""
    try:
        version = put(store, key, b"secret", {"x-amz-server-side-encryption": "AES256"})
        told = store.client.ask("HEAD", key).headers.get("x-amz-server-side-encryption")
    except TROUBLES as error:
        if status_of(error) not in (400, 501):
            raise
        told = None
    finally:
        remove(store, key, version)
    if told:
        yield ok("encryption", f"Kho mã hóa ({told}).", f"The store encrypts ({told}).")
    else:
        yield refuse(
            "encryption",
            "Kho nhận yêu cầu mã hóa (sse=s3) nhưng lưu nguyên văn hoặc không hỗ trợ. Hãy bật "
            "mã hóa ở kho (khóa KMS) hoặc bỏ sse=s3 và mã hóa ổ đĩa.",
            "The store is asked to encrypt (sse=s3) and stores in the clear, or cannot. Turn "
            "encryption on there (a KMS key), or drop sse=s3 and encrypt its disks.",
        )
