"""Remote keys over real HTTP: a batch under one authorisation, every failure a named state."""

from datetime import timedelta
from pathlib import Path

import pytest

from signing.awaited import AwaitedSigner
from signing.deferred import complete
from signing.remote import Release, RemotePlace, find_key
from signing.validation import verify_file
from tests.integration.signing.signing_service import PIN, TOKEN, Service, service_at_work
from tests.unit.signing.office import NOW, make_key, make_root
from tests.unit.signing.test_deferred import prepare
from vocabulary.errors import SohoaError, UsageError


def place(service: Service, name: str = "khoa", token: str = TOKEN) -> RemotePlace:
    return RemotePlace(service.address, name, token)


def state_of(where: RemotePlace, pin: str = PIN, digests: int = 1) -> str:
    with pytest.raises(SohoaError) as caught:
        find_key(where).sign_digests([bytes(32)] * digests, Release(pin))
    assert pin not in f"{caught.value} {caught.value.detail} {where!r}"
    return caught.value.error_code


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_batch_is_signed_under_one_authorisation(tmp_path: Path, kind: str) -> None:
    root = make_root()
    with service_at_work(khoa=make_key(root, kind=kind)) as service:
        key = find_key(place(service))
        who = AwaitedSigner(key.certificate, key.chain)
        folders = [tmp_path / str(number) for number in range(5)]
        for folder in folders:
            folder.mkdir()
        drafts = [prepare(folder, who) for folder in folders]
        signatures = key.sign_digests([item.to_sign for _, item in drafts], Release(PIN))
    for folder, (draft, prepared), signature in zip(folders, drafts, signatures, strict=True):
        complete(draft, folder / "out.pdf", prepared, signature)
        (record,) = verify_file(folder / "out.pdf", [root.pem(tmp_path)]).signatures
        assert (record.integrity, record.trust) == ("intact", "trusted")
    assert service.calls == ["credentials/info", "credentials/authorize", "signatures/signHash"]


def test_every_failure_has_its_name() -> None:
    with service_at_work(khoa=make_key(make_root())) as service:
        service.most = 10
        assert state_of(place(service), pin="000000") == "wrong_pin"
        assert state_of(place(service, name="khong-co")) == "key_missing"
        assert state_of(place(service, token="het-han")) == "signing_service_refused"
        assert state_of(place(service), digests=11) == "batch_too_large"
        service.status["key"] = "disabled"
        assert state_of(place(service)) == "key_disabled"
        service.status["key"], service.status["cert"] = "enabled", "revoked"
        assert state_of(place(service)) == "certificate_revoked"
        service.status.clear()
        service.wrong_tries = 3
        assert state_of(place(service)) == "pin_locked"
        gone = place(service)
    assert state_of(gone) == "signing_service_unreachable"


def test_an_ended_certificate_is_refused_before_the_pin_is_asked() -> None:
    ended = make_key(make_root(), start=NOW - timedelta(days=9), end=NOW - timedelta(days=1))
    with service_at_work(khoa=ended) as service:
        assert state_of(place(service)) == "certificate_expired"
        assert service.calls == ["credentials/info"]


def test_secrets_go_over_tls_only() -> None:
    with pytest.raises(UsageError):
        RemotePlace("http://ky.example.vn/csc/v2", "khoa", TOKEN)
