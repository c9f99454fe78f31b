"""The page on which anybody of the office has the signatures of a file judged."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.web import words
from demo import hostile
from signing.authority import TestAuthority
from signing.keys import load_pkcs12
from signing.sign import sign_file
from tests.integration.http.office import Office, open_office
from tests.unit.signing.office import authority, blank_pdf
from tests.unit.signing.tampering import page_painted_over
from vocabulary.errors import Stopped

__all__ = ["authority"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, authority: TestAuthority) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with open_office(folder, trust=(authority.root_pem,)) as made:
        yield made


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, authority: TestAuthority) -> bytes:
    folder: Path = tmp_path_factory.mktemp("signed")
    key = load_pkcs12(authority.officer, authority.passphrase)
    sign_file(blank_pdf(folder / "a.pdf"), folder / "b.pdf", key, "officer")
    return (folder / "b.pdf").read_bytes()


def judged(
    browser: httpx.Client, *files: tuple[str, bytes], token: str | None = None, at: str = ""
) -> httpx.Response:
    page = browser.get("/signatures").text
    found = page.partition('name="csrf" content="')[2].partition('"')[0]
    return browser.post(
        "/signatures",
        files=[("files", one) for one in files] or [("files", ("", b""))],
        data={"csrf": found if token is None else token, "at": at},
    )


def test_each_signature_is_told_with_its_reasons(office: Office, signed: bytes) -> None:
    broken = page_painted_over(signed)
    with office.browser("clerk") as browser:
        answer = judged(
            browser, ("tốt.pdf", signed), ("sửa.pdf", broken),
            ("khóa.pdf", hostile.encrypted_pdf()), ("ảnh.png", b"\x89PNG\r\n\x1a\n"),
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        good, bad, locked, picture = answer.text.split("<h2>")[1:]
    assert words.VERDICTS["valid"] in good
    assert "Nguyễn Thị Mẫu" in good
    assert words.VERDICTS["invalid"] in bad
    assert words.REMARKS["changed_after_signing"] in bad
    assert Stopped("encrypted").vi in locked
    assert "không có chữ ký số" in picture


def test_a_day_can_be_named_and_nonsense_is_told(office: Office, signed: bytes) -> None:
    with office.browser("inspector") as browser:
        later = judged(browser, ("a.pdf", signed), at="2060-01-01")
        assert words.REMARKS["certificate_expired"] in later.text
        wrong = judged(browser, ("a.pdf", signed), at="hôm nào")
        assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
        assert judged(browser).status_code == 422
        many = judged(browser, *[(f"{n}.pdf", b"%PDF-") for n in range(21)])
        assert many.status_code == 422


def test_nothing_is_kept_and_forged_calls_are_refused(office: Office, signed: bytes) -> None:
    with office.browser("leader") as browser:
        assert judged(browser, ("a.pdf", signed), token="x").status_code == 403
        judged(browser, ("a.pdf", signed))
    with office.client("clerk") as clerk:
        assert clerk.get("/v1/documents").json()["items"] == []
    assert not list(office.house.scratch.glob("verify-*"))
