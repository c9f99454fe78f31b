"""A large scan goes from the clerk's browser straight into the object store."""

import random
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from tests.integration.http.office import PASSWORD, Office, open_office
from tests.integration.http.papers import born_digital
from tests.servers.s3 import KEYS, S3Server

pytestmark = pytest.mark.servers
CORS = """<CORSConfiguration><CORSRule><AllowedOrigin>{}</AllowedOrigin>
<AllowedMethod>PUT</AllowedMethod><AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>
</CORSRule></CORSConfiguration>"""


@pytest.fixture
def office(seaweedfs_server: S3Server, tmp_path: Path) -> Iterator[Office]:
    bucket = seaweedfs_server.bucket()
    keys = tmp_path / "credentials"
    keys.touch(0o600)
    keys.write_text(
        f"[default]\naws_access_key_id={KEYS.access_key}\naws_secret_access_key={KEYS.secret_key}\n"
    )
    at = seaweedfs_server.endpoint
    engines = {
        "objects_url": f"s3://{bucket}?endpoint={at}&public_endpoint={at}",
        "s3_credentials_file": keys,
    }
    with open_office(tmp_path / "home", engines=engines) as made:
        store = seaweedfs_server.store(tmp_path / "scratch", bucket)
        store.client.ask("PUT", body=CORS.format(made.url).encode(), query={"cors": ""})
        yield made


def large_scan(path: Path) -> bytes:
    """A paper of some 40 MB: three parts."""
    small = path.with_suffix(".small")
    small.write_bytes(born_digital("BAN QUET RAT LON"))
    with pikepdf.open(small) as pdf:
        pdf.Root.Scan = pdf.make_stream(random.Random(5).randbytes(40_000_000))
        pdf.save(path, compress_streams=False)
    return path.read_bytes()


def test_a_large_file_passes_by_the_service_in_parts(
    office: Office, page: Page, tmp_path: Path
) -> None:
    large_scan(tmp_path / "lớn.pdf")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    page.goto(f"{office.url}/login")
    page.get_by_label("Tên đăng nhập").fill("clerk")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto(f"{office.url}/hand-in")
    page.set_input_files("#files", [tmp_path / "lớn.pdf"])
    page.get_by_role("button", name="Gửi").click()
    page.wait_for_url("**/batches/*", timeout=60_000)
    expect(page.get_by_text("lớn.pdf").first).to_be_visible()
    store = [one for one in sent if one.startswith("PUT ") and office.url not in one]
    assert len(store) == 3
    assert not [one for one in sent if one.endswith("/files")]
    with office.client("clerk") as clerk:
        batch = page.url.rpartition("/")[2]
        told = clerk.get(f"/v1/batches/{batch}").json()
        record = clerk.get(f"/v1/documents/{told['files'][0]['id']}").json()
    office.house.objects.check(record["source"]["sha256"])


def test_a_store_that_the_browser_may_not_reach_is_passed_by(
    office: Office, page: Page, tmp_path: Path, seaweedfs_server: S3Server
) -> None:
    """Without the bucket's permission the file goes by the service: nothing is lost."""
    large_scan(tmp_path / "lớn.pdf")
    page.route(f"{seaweedfs_server.endpoint}/**", lambda route: route.abort())
    page.goto(f"{office.url}/login")
    page.get_by_label("Tên đăng nhập").fill("clerk")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto(f"{office.url}/hand-in")
    page.set_input_files("#files", [tmp_path / "lớn.pdf"])
    page.get_by_role("button", name="Gửi").click()
    page.wait_for_url("**/batches/*", timeout=90_000)
    expect(page.get_by_text("lớn.pdf").first).to_be_visible()
