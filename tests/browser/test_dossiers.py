"""At the counter: a dossier is received, filled with what is held, asked about, and closed."""

import json
import re
import time
from datetime import date
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from demo.papers import PaperKind, born_digital_pdf, make_paper, make_subject
from tests.browser.conftest import Desk
from tests.integration.http import sheets

SUBJECT = make_subject("vn:mst", 9)
RENEWAL = "2.002381"
LICENCE = "Bản sao giấy phép đã được cấp"


@pytest.fixture(scope="module")
def held(desk: Desk) -> str:
    """A licence of the applicant that the office has digitised and confirmed."""
    paper = make_paper(PaperKind.LICENCE, 31, subject=SUBJECT, issue_date=date(2026, 3, 12))
    told = {
        "type": "radiation_work_licence", "form": "original", "scope": "nationwide",
        "subject": {"scheme": SUBJECT.scheme, "id": SUBJECT.id, "name": SUBJECT.name},
    }  # fmt: skip
    accounts = json.loads((desk.home / "demo-accounts.json").read_text(encoding="utf-8"))
    headers = {"Authorization": f"Bearer {accounts['clerk']['token']}"}
    with httpx.Client(base_url=desk.url, headers=headers, timeout=60) as client:
        sent = {"file": ("giấy phép.pdf", born_digital_pdf(paper))}
        document: str = client.post(
            "/v1/documents", files=sent, data={"metadata": json.dumps(told)}
        ).json()["id"]
        _wait_for(client, document, ("needs_review", "done"))
        client.post(f"/v1/documents/{document}/confirm")
        _wait_for(client, document, ("done",))
    return document


def _wait_for(client: httpx.Client, document: str, states: tuple[str, ...]) -> None:
    for _ in range(300):
        if client.get(f"/v1/documents/{document}").json()["state"] in states:
            return
        time.sleep(0.1)
    raise AssertionError("the paper did not come to its end")


def test_a_dossier_from_receipt_to_its_gates(page: Page, desk: Desk, held: str) -> None:
    desk.log_in(page, "officer")
    page.goto(f"{desk.url}/dossiers")
    page.get_by_text("Tiếp nhận hồ sơ mới").click()
    page.get_by_label("Thủ tục hành chính").select_option(RENEWAL)
    number = page.get_by_label("Mã số chủ hồ sơ")
    number.fill("0901234560")
    number.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("mã số thuế có 10 chữ số")
    expect(page.get_by_label("Thủ tục hành chính")).to_have_value(RENEWAL)  # nothing typed is lost
    number.fill(SUBJECT.id)
    page.get_by_label("Tên chủ hồ sơ").fill(SUBJECT.name)
    page.get_by_role("button", name="Tiếp nhận", exact=True).click()
    page.wait_for_url(re.compile("said=received"))
    licence = page.locator(".components > li", has_text=LICENCE)
    expect(licence).to_contain_text("Dùng lại")
    expect(licence.locator(f"a[href='/documents/{held}']")).to_be_visible()

    page.get_by_text("Yêu cầu người nộp bổ sung").click()
    page.get_by_role("checkbox", name=LICENCE).check()
    page.get_by_role("button", name="Gửi yêu cầu bổ sung").click()
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("Không được yêu cầu nộp lại giấy tờ đã có")
    expect(refused.locator(f"a[href='/documents/{held}']")).to_be_visible()

    expect(page.get_by_role("checkbox", name=LICENCE)).to_be_checked()  # nothing typed is lost
    page.get_by_label("Lý do", exact=True).first.select_option("suspected_forgery")
    page.get_by_label("Căn cứ pháp lý").fill("Nghị định 45/2020/NĐ-CP")
    page.get_by_label("Diễn giải").fill("Số giấy phép không khớp sổ gốc")
    page.get_by_role("button", name="Gửi yêu cầu bổ sung").click()
    page.wait_for_url(re.compile("said=asked"))
    expect(page.locator("main")).to_contain_text("Chờ bổ sung")
    expect(page.locator("main")).to_contain_text("Yêu cầu nộp lại giấy tờ đã có")

    page.get_by_role("button", name="Đóng hồ sơ").click()
    expect(page.get_by_role("alert")).to_contain_text("còn thiếu kết quả")
    page.get_by_text("Kết thúc không có kết quả").click()
    page.get_by_label("Cách kết thúc").select_option("withdrawn")
    page.locator("#end-reason").fill("Người nộp xin rút")
    page.get_by_role("button", name="Kết thúc hồ sơ").click()
    page.wait_for_url(re.compile("said=ended"))
    expect(page.locator("main")).to_contain_text("Người nộp rút")
    expect(page.get_by_role("button", name="Đóng hồ sơ")).to_have_count(0)


def test_an_inspector_reads_and_changes_nothing(page: Page, desk: Desk, tmp_path: Path) -> None:
    desk.log_in(page, "inspector")
    page.goto(f"{desk.url}/dossiers")
    page.locator("table.list a").first.click()
    expect(page.locator("h1")).to_contain_text("H31-")
    expect(page.locator("main form")).to_have_count(0)
    page.screenshot(path=tmp_path / "dossier.png", full_page=True)


def test_every_figure_opens_the_dossiers_behind_it(
    page: Page, desk: Desk, held: str, tmp_path: Path
) -> None:
    desk.log_in(page, "inspector")
    page.get_by_role("link", name="Số liệu").click()
    row = page.locator("table.list tr", has_text="Hồ sơ dùng lại giấy tờ đã có")
    expect(row).to_contain_text("%")
    number = row.locator("td.num a").first
    count = int(number.inner_text())
    assert count > 0  # the dossier above reused the licence
    number.click()
    behind = page.locator("#behind")
    expect(behind).to_contain_text("Hồ sơ dùng lại giấy tờ đã có: tử số")
    expect(behind.locator("li a")).to_have_count(count)
    behind.locator("li a").first.click()
    expect(page.locator("h1")).to_contain_text("H31-")
    page.go_back()
    page.screenshot(path=tmp_path / "figures.png", full_page=True)
    page.get_by_label("đến ngày").fill("2020-01-01")
    page.get_by_role("button", name="Xem").click()
    expect(page.get_by_role("alert")).to_contain_text("Ngày đầu phải không sau ngày cuối")
    expect(page.get_by_label("đến ngày")).to_have_value("2020-01-01")  # nothing typed is lost
    expect(page.locator("main table")).to_have_count(0)  # and no figures of another time
    page.get_by_label("Tiếp nhận từ ngày").fill("2020-01-01")
    page.get_by_role("button", name="Xem").click()
    expect(page.locator("table.list")).to_contain_text("—")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert "Hồ sơ đúng hạn" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải bảng Excel").click()
    assert "Chỉ tiêu" in sheets.read(Path(download.value.path()).read_bytes())
