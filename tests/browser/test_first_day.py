"""A clerk's first day: log in, hand in, watch, correct, confirm, find, check."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo.damage import scan
from demo.papers import PaperKind, make_paper, make_subject, render
from demo.scan_files import pdf_bytes
from tests.browser.conftest import Desk

SUBJECT = make_subject("vn:mst", 7)
DPI = 200


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scan of one generated letter, which has no number that could be read wrong twice."""
    made = make_paper(PaperKind.LETTER, 14, subject=SUBJECT, issue_date=date(2026, 3, 12))
    pages = [scan(render(one, DPI), "office", DPI, 1400 + one.number) for one in made.pages]
    path = tmp_path_factory.mktemp("papers") / "công văn.pdf"
    path.write_bytes(pdf_bytes(pages))
    return path


def hand_in(page: Page, desk: Desk, *files: Path) -> None:
    page.goto(f"{desk.url}/hand-in")
    page.locator("#files").set_input_files([str(file) for file in files])
    page.get_by_role("button", name="Gửi").click()


def open_first_document(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/documents")
    page.locator("table.list tbody a").last.click()
    page.wait_for_url(re.compile(r"/documents/[0-9a-f]{32}"))


def test_nobody_is_asked_to_log_in_and_comes_back_where_they_wanted(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/once-only")
    expect(page).to_have_url(re.compile("/login"))
    page.get_by_label("Tên đăng nhập").fill("clerk")
    page.get_by_label("Mật khẩu").fill("sai")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("không đúng")
    page.get_by_label("Mật khẩu").fill(desk.password("clerk"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{desk.url}/once-only")
    expect(page.get_by_role("note")).to_contain_text("Cơ quan thử nghiệm")


def test_a_paper_is_handed_in_and_its_progress_is_seen(page: Page, desk: Desk, paper: Path) -> None:
    desk.log_in(page)
    page.goto(f"{desk.url}/hand-in")
    page.get_by_label("Số tệp đã đếm").fill("1")
    page.locator("#files").set_input_files(str(paper))
    expect(page.locator("#chosen")).to_contain_text("công văn.pdf")
    page.get_by_role("button", name="Gửi").click()
    page.wait_for_url(re.compile("/batches/"))
    expect(page.locator("#said")).to_contain_text("Đã xử lý xong", timeout=60_000)
    expect(page.locator("#rows .state")).to_have_text(re.compile("Cần xác nhận|Hoàn thành"))
    expect(page.locator(".pages-read")).to_have_text("1/1")


def test_a_field_is_corrected_and_the_paper_confirmed_by_keyboard(page: Page, desk: Desk) -> None:
    desk.log_in(page)
    open_first_document(page, desk)
    signer = page.get_by_label("Người ký", exact=True)
    signer.focus()
    if signer.get_attribute("data-box"):
        expect(page.locator("rect.active")).to_have_count(1)
    signer.fill("Nguyễn Thị Kiểm Tra")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("said=confirmed"))
    expect(page.get_by_role("status").filter(has_text="Đã xác nhận")).to_be_visible()
    expect(page.get_by_label("Người ký", exact=True)).to_have_value("Nguyễn Thị Kiểm Tra")
    expect(page.locator("#b-signer")).to_have_text("người xác nhận")
    expect(page.locator(".history")).to_contain_text("Xác nhận thông tin")
    for _ in range(60):
        if page.locator(".doc-head .state-done").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator(".doc-head")).to_contain_text("Hoàn thành")
    with page.expect_download() as archival:
        page.get_by_role("link", name="Bản lưu trữ PDF/A").click()
    assert Path(archival.value.path()).read_bytes().startswith(b"%PDF")


def test_the_page_image_is_drawn_and_a_box_lights_up_for_the_field_in_focus(
    page: Page, desk: Desk
) -> None:
    desk.log_in(page)
    open_first_document(page, desk)
    image = page.locator("#page-image")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("one => one.naturalWidth") == 1200
    number = page.get_by_label("Số, ký hiệu")
    number.focus()
    active = page.locator("rect.active")
    expect(active).to_have_attribute("data-field", "number_symbol")
    number.press("Tab")
    expect(active).not_to_have_attribute("data-field", "number_symbol")


def test_somebody_elses_change_is_not_overwritten(page: Page, desk: Desk) -> None:
    desk.log_in(page)
    open_first_document(page, desk)
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Địa danh").fill("Hà Nội")
    other.get_by_role("button", name="Lưu, chưa xác nhận").click()
    other.wait_for_url(re.compile("said=saved"))
    page.get_by_label("Địa danh").fill("Huế")
    page.get_by_role("button", name="Lưu, chưa xác nhận").click()
    expect(page.get_by_role("alert")).to_contain_text("vừa được người khác sửa")
    expect(page.get_by_label("Địa danh")).to_have_value("Huế")


def test_the_paper_is_found_without_marks_and_its_hits_are_marked(page: Page, desk: Desk) -> None:
    desk.log_in(page)
    page.goto(f"{desk.url}/search")
    page.get_by_role("searchbox").fill("so khoa hoc va cong nghe")
    page.keyboard.press("Enter")
    expect(page.locator(".hit mark").first).to_be_visible()
    page.locator(".hit h2 a").first.click()
    page.wait_for_url(re.compile("/documents/"))


def test_the_same_file_again_is_named_and_discarded(page: Page, desk: Desk, paper: Path) -> None:
    desk.log_in(page)
    hand_in(page, desk, paper)
    page.get_by_role("link", name="Xem và chọn cách xử lý").click()
    expect(page.get_by_role("heading", name="Tệp này đã được nhận trước đó")).to_be_visible()
    page.get_by_role("button", name="Bỏ tệp này, dùng bản đầu tiên").click()
    said = page.get_by_role("status").filter(has_text="Đã bỏ tệp trùng")
    expect(said).to_be_visible()


def test_a_file_that_is_no_paper_is_refused_with_what_to_do(
    page: Page, desk: Desk, tmp_path: Path
) -> None:
    wrong = tmp_path / "ghi chú.txt"
    wrong.write_text("không phải giấy tờ", encoding="utf-8")
    desk.log_in(page)
    hand_in(page, desk, wrong)
    expect(page.locator("#chosen .bad")).to_contain_text("Hãy xuất sang PDF rồi gửi lại")


def test_the_once_only_check_answers_in_sentences(page: Page, desk: Desk) -> None:
    desk.log_in(page)
    page.goto(f"{desk.url}/once-only")
    page.get_by_label("Thủ tục hành chính").select_option("2.002381")
    page.get_by_label("Mã số chủ hồ sơ").fill("123")
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("alert")).to_contain_text("mã số thuế có 10 chữ số")
    page.get_by_label("Mã số chủ hồ sơ").fill(SUBJECT.id)
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.locator(".components > li")).to_have_count(6)
    expect(page.locator(".components")).to_contain_text("Chưa có, được phép yêu cầu")
    assert SUBJECT.id not in page.url


def test_an_administrator_sees_no_papers_and_an_inspector_sees_who_did(
    page: Page, desk: Desk
) -> None:
    desk.log_in(page, "admin")
    expect(page).to_have_url(f"{desk.url}/procedures")
    expect(page.get_by_role("navigation")).not_to_contain_text("Giấy tờ")
    page.goto(f"{desk.url}/documents")
    expect(page.get_by_role("heading", name="Không có quyền")).to_be_visible()
    page.context.clear_cookies()
    desk.log_in(page, "inspector")
    page.goto(f"{desk.url}/audit")
    expect(page.locator("table.list")).to_contain_text("Xem giấy tờ")


def test_every_control_has_a_name_and_every_page_its_landmarks(page: Page, desk: Desk) -> None:
    desk.log_in(page)
    for path in ("/hand-in", "/documents", "/search", "/once-only", "/procedures", "/account"):
        page.goto(desk.url + path)
        assert page.locator("main").count() == page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("lang") == "vi"
        nameless = page.evaluate(
            """() => [...document.querySelectorAll(
                "input:not([type=hidden]), select, textarea, button, a")]
              .filter(one => !(one.labels && one.labels.length) && !one.getAttribute("aria-label")
                && !one.textContent.trim()).map(one => one.outerHTML)"""
        )
        assert nameless == [], path
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.tagName")
        assert focused in ("A", "INPUT", "BUTTON", "SELECT"), path
