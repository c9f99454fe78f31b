"""The probe says of each store what holds there: two pass, one is refused by name."""

from pathlib import Path

import pytest
from minio.commonconfig import COMPLIANCE
from minio.objectlockconfig import DAYS, ObjectLockConfig

from repository.s3 import S3Store
from repository.s3.findings import Finding, Verdict, raise_refused
from repository.s3.probe import full, quick
from tests.servers.s3 import S3Server
from vocabulary.errors import MissingPart


def by_verdict(findings: tuple[Finding, ...], verdict: Verdict) -> set[str]:
    return {one.check for one in findings if one.verdict is verdict}


def left_behind(server: S3Server, store: S3Store) -> list[str | None]:
    found = server.client().list_objects(store.place.bucket, recursive=True, include_version=True)
    return [one.object_name for one in found]


def test_a_store_for_an_archive_keeps_every_promise(s3_server: S3Server, tmp_path: Path) -> None:
    store = s3_server.store(
        tmp_path / "scratch", s3_server.bucket(lock=True),
        lock="compliance", retention_days=1, sse="s3",
    )  # fmt: skip
    findings = full(store)
    assert by_verdict(findings, Verdict.OK) == {
        "reachable", "clock", "rights", "versioning", "lock", "round_trip", "checksum",
        "conditional", "encryption", "lock_holds", "no_shortening", "hold_survives",
    }  # fmt: skip
    assert len(findings) == 12
    assert left_behind(s3_server, store) == []


def test_a_store_that_breaks_promises_is_refused_by_name(
    versitygw_server: S3Server, tmp_path: Path
) -> None:
    store = versitygw_server.store(
        tmp_path / "scratch", versitygw_server.bucket(lock=True),
        lock="compliance", retention_days=1, sse="s3",
    )  # fmt: skip
    findings = full(store)
    assert by_verdict(findings, Verdict.REFUSE) == {"encryption", "hold_survives"}
    with pytest.raises(MissingPart) as refused:
        raise_refused(findings)
    assert refused.value.error_code == "store_refused"
    assert refused.value.detail["checks"] == ["encryption", "hold_survives"]
    assert "legal hold can be deleted" in refused.value.en
    assert "không" in refused.value.vi.lower()


def test_without_lock_and_versions_it_warns(s3_server: S3Server, tmp_path: Path) -> None:
    store = s3_server.store(tmp_path / "scratch")
    findings = full(store)
    assert by_verdict(findings, Verdict.REFUSE) == set()
    assert by_verdict(findings, Verdict.WARN) == {"versioning", "lock", "encryption"}
    assert left_behind(s3_server, store) == []


def test_lock_asked_of_a_bucket_that_has_none(s3_server: S3Server, tmp_path: Path) -> None:
    store = s3_server.store(
        tmp_path / "scratch", s3_server.bucket(versioned=True), lock="compliance", retention_days=1
    )
    assert by_verdict(quick(store), Verdict.REFUSE) == {"lock"}


def test_a_default_retention_is_warned_of(s3_server: S3Server, tmp_path: Path) -> None:
    bucket = s3_server.bucket(lock=True)
    s3_server.client().set_object_lock_config(bucket, ObjectLockConfig(COMPLIANCE, 1, DAYS))
    store = s3_server.store(tmp_path / "scratch", bucket, lock="compliance", retention_days=1)
    assert by_verdict(quick(store), Verdict.WARN) == {"lock"}
    assert left_behind(s3_server, store) == []


def test_the_quick_look_leaves_nothing(s3_server: S3Server, tmp_path: Path) -> None:
    store = s3_server.store(tmp_path / "scratch", s3_server.bucket(versioned=True))
    raise_refused(quick(store))
    assert left_behind(s3_server, store) == []
