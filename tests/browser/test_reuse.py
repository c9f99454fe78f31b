"""From the scanner to "Đã có": a paper handed in on the page is not asked for again."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo.damage import scan
from demo.papers import PaperKind, make_paper, make_subject, render
from demo.scan_files import pdf_bytes
from tests.browser.conftest import Desk

SUBJECT = make_subject("vn:mst", 8)
DPI = 200
LICENCE_OF_THE_APPLICANT = "Bản sao giấy phép đã được cấp"


@pytest.fixture(scope="module")
def licence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_paper(PaperKind.LICENCE, 21, subject=SUBJECT, issue_date=date(2026, 3, 12))
    pages = [scan(render(one, DPI), "office", DPI, 2100 + one.number) for one in made.pages]
    path = tmp_path_factory.mktemp("papers") / "giấy phép.pdf"
    path.write_bytes(pdf_bytes(pages))
    return path


def ask(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/once-only")
    page.get_by_label("Thủ tục hành chính").select_option("2.002381")
    page.get_by_label("Mã số chủ hồ sơ").fill(SUBJECT.id)
    page.get_by_role("button", name="Kiểm tra").click()


def test_a_licence_handed_in_on_the_page_is_held_once_it_is_confirmed(
    page: Page, desk: Desk, licence: Path
) -> None:
    desk.log_in(page)
    page.goto(f"{desk.url}/hand-in")
    page.locator("#files").set_input_files(str(licence))
    page.get_by_label("Loại mã", exact=True).select_option("Mã số thuế")
    number = page.get_by_label("Mã số", exact=True)
    number.fill("0123456789")
    number.press("Tab")
    expect(page.locator("#about-id-said")).to_contain_text("mã số thuế có 10 chữ số")
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator("#progress")).to_contain_text("mã số thuế có 10 chữ số")
    number.fill(SUBJECT.id)
    number.press("Tab")
    expect(page.locator("#about-id-said")).to_have_text("Mã số đúng dạng.")
    page.get_by_label("Tên người hoặc tổ chức").fill(SUBJECT.name)
    expect(page.get_by_label("Hình thức bản")).to_have_value("original")
    page.get_by_role("button", name="Gửi").click()
    page.wait_for_url(re.compile("/batches/"))
    expect(page.locator("#said")).to_contain_text("Đã xử lý xong", timeout=90_000)
    page.locator("#rows a").first.click()
    expect(page.locator("#about")).to_contain_text(f"Của {SUBJECT.name}")
    expect(page.locator("#about .lacking")).to_contain_text("Chưa rõ loại giấy tờ")
    page.get_by_label("Loại giấy tờ").select_option("radiation_work_licence")
    page.get_by_label("Loại giấy tờ").press("Control+Enter")
    page.wait_for_url(re.compile("said=confirmed"))
    expect(page.locator("#about .lacking")).to_have_count(0)
    for _ in range(60):
        if page.locator(".doc-head .state-done").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    ask(page, desk)
    held = page.locator(".components > li", has_text=LICENCE_OF_THE_APPLICANT)
    expect(held).to_contain_text("Đã có, không yêu cầu nộp lại")
    expect(held).to_contain_text("Dùng được.")


def test_the_holder_on_the_paper_is_offered_and_kept_only_when_saved(
    page: Page, desk: Desk, tmp_path: Path
) -> None:
    made = make_paper(PaperKind.CERTIFICATE, 22, subject=SUBJECT, issue_date=date(2025, 1, 9))
    pages = [scan(render(one, DPI), "office", DPI, 2200 + one.number) for one in made.pages]
    paper = tmp_path / "đăng ký doanh nghiệp.pdf"
    paper.write_bytes(pdf_bytes(pages))
    desk.log_in(page)
    page.goto(f"{desk.url}/hand-in")
    page.locator("#files").set_input_files(str(paper))
    page.get_by_role("button", name="Gửi").click()
    page.wait_for_url(re.compile("/batches/"))
    expect(page.locator("#said")).to_contain_text("Đã xử lý xong", timeout=90_000)
    page.locator("#rows a").first.click()
    expect(page.locator("#about .lacking")).to_contain_text("Chưa rõ chủ giấy tờ")
    expect(page.get_by_label("Loại giấy tờ")).to_have_value("business_registration")
    offer = page.get_by_role("button", name="Điền theo giấy")
    expect(offer).to_have_attribute("type", "button")  # scripts run: nothing is sent
    offer.focus()
    page.keyboard.press("Space")
    number = page.get_by_label("Mã số", exact=True)
    expect(number).to_have_value(SUBJECT.id)
    expect(number).to_be_focused()
    page.reload()
    expect(page.get_by_label("Mã số", exact=True)).to_have_value("")
    page.get_by_role("button", name="Điền theo giấy").click()
    page.get_by_role("button", name="Lưu, chưa xác nhận").click()
    page.wait_for_url(re.compile("said="))
    expect(page.locator("#about .owner")).to_contain_text(SUBJECT.id)
    expect(page.locator("#about .lacking")).to_have_count(0)
