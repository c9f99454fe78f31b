"""The probe of what makes an archive: nobody can remove or shorten what is retained."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from minio.commonconfig import COMPLIANCE
from minio.retention import Retention

from repository.s3.findings import Finding, Verdict, ok, refuse
from repository.s3.headers import lock_headers
from repository.s3.probe_objects import deleted, put, remove, time_of, trial_key
from repository.s3.store import S3Store
from repository.s3.troubles import TROUBLES, status_of

_RETENTION: Final = timedelta(seconds=5)
_SURELY_OVER: Final = 2.0


def lock_holds(store: S3Store) -> Iterator[Finding]:
    """Tries to delete, to bypass and to shorten; then whether a hold outlives the retention."""
    if store.place.lock == "none":
        return
    key = trial_key(store)
    answer = store.client.ask("GET", query={"list-type": "2", "max-keys": "1"})
    until = time_of(answer.headers.get("Date")) + _RETENTION
    ends = time.monotonic() + _RETENTION.total_seconds()
    version = put(store, key, b"locked", lock_headers(until))
    if not version:
        yield _refuse_lock("lock_holds", "Kho không giữ phiên bản.", "The store keeps no versions.")
        return
    stays = _stays(store, key, version)
    yield stays
    if stays.verdict is Verdict.REFUSE:
        return
    yield _not_shortened(store, key, version, until)
    store.client.enable_object_legal_hold(store.place.bucket, key, version)
    time.sleep(max(0.0, ends + _SURELY_OVER - time.monotonic()))
    survives = _survives(store, key, version)
    yield survives
    if survives.verdict is Verdict.OK:
        store.client.disable_object_legal_hold(store.place.bucket, key, version)
        remove(store, key, version)


def _stays(store: S3Store, key: str, version: str) -> Finding:
    bypass = {"x-amz-bypass-governance-retention": "true"}
    if deleted(store, key, version) or deleted(store, key, version, bypass):
        return _refuse_lock(
            "lock_holds",
            "Tệp có khóa COMPLIANCE vẫn xóa được.",
            "An object with COMPLIANCE retention can be deleted.",
        )
    return ok("lock_holds", "Khóa COMPLIANCE giữ được.", "COMPLIANCE retention holds.")


def _not_shortened(store: S3Store, key: str, version: str, until: datetime) -> Finding:
    shorter = Retention(COMPLIANCE, until - timedelta(seconds=2))
    try:
        store.client.set_object_retention(store.place.bucket, key, shorter, version)
    except TROUBLES as error:
        if status_of(error) not in (400, 403):
            raise
        return ok("no_shortening", "Không rút ngắn được.", "A retention cannot be shortened.")
    return _refuse_lock(
        "no_shortening",
        "Thời hạn lưu COMPLIANCE rút ngắn được.",
        "A COMPLIANCE retention can be shortened.",
    )


def _survives(store: S3Store, key: str, version: str) -> Finding:
    if deleted(store, key, version):
        return _refuse_lock(
            "hold_survives",
            "Tệp đang bị giữ (legal hold) vẫn xóa được khi hết thời hạn lưu.",
            "An object under legal hold can be deleted once its retention has ended.",
        )
    return ok(
        "hold_survives",
        "Legal hold giữ được cả sau thời hạn lưu.",
        "A legal hold outlives the retention.",
    )


def _refuse_lock(check: str, vi: str, en: str) -> Finding:
    return refuse(
        check,
        f"{vi} Không dùng kho này với lock=compliance.",
        f"{en} Do not use this store with lock=compliance.",
    )
