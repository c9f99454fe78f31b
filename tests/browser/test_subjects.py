"""Subjects by keyboard: found, linked, joined, parted; and a holder who decides on a phone."""

import json
import re
import time
from datetime import date
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from demo.papers import PaperKind, born_digital_pdf, make_paper, make_subject
from tests.browser.conftest import Desk

FIRM = make_subject("vn:mst", 41)
RENEWAL = "2.002381"


@pytest.fixture(scope="module")
def licence(desk: Desk) -> str:
    """A licence of the firm and a paper of a person under an old number."""
    first = ""
    for place, (scheme, number, name) in enumerate(
        ((FIRM.scheme, FIRM.id, FIRM.name), ("vn:cmnd9", "145678902", "Phạm Thị Cũ"),
         ("vn:cccd", "033190123457", "Phạm Thị Cũ"))
    ):  # fmt: skip
        paper = make_paper(
            PaperKind.LICENCE, 60 + place, subject=FIRM, issue_date=date(2026, 3, 12)
        )
        told = {
            "type": "radiation_work_licence", "form": "original", "scope": "nationwide",
            "issue_date": "2026-03-12",
            "subject": {"scheme": scheme, "id": number, "name": name},
        }  # fmt: skip
        first = first or hand_in(desk, born_digital_pdf(paper), told)
        if place:
            hand_in(desk, born_digital_pdf(paper), told)
    return first


def hand_in(desk: Desk, pdf: bytes, told: dict[str, object]) -> str:
    accounts = json.loads((desk.home / "demo-accounts.json").read_text(encoding="utf-8"))
    headers = {"Authorization": f"Bearer {accounts['clerk']['token']}"}
    with httpx.Client(base_url=desk.url, headers=headers, timeout=60) as client:
        document: str = client.post(
            "/v1/documents", files={"file": ("giấy.pdf", pdf)}, data={"metadata": json.dumps(told)}
        ).json()["id"]
        for wanted in (("needs_review", "done"), ("done",)):
            for _ in range(300):
                if client.get(f"/v1/documents/{document}").json()["state"] in wanted:
                    break
                time.sleep(0.1)
            client.post(f"/v1/documents/{document}/confirm")
    return document


def look_up(page: Page, desk: Desk, scheme: str, number: str) -> None:
    page.goto(f"{desk.url}/subjects")
    expect(page.get_by_label("Mã số", exact=True)).to_be_focused()
    page.get_by_label("Loại mã số").select_option(scheme)
    page.get_by_label("Mã số", exact=True).fill(number)
    page.keyboard.press("Enter")


@pytest.mark.usefixtures("licence")
def test_an_officer_links_joins_and_parts_by_keyboard(
    page: Page, desk: Desk, tmp_path: Path
) -> None:
    desk.log_in(page, "officer")
    look_up(page, desk, "vn:cccd", "033190999999")
    expect(page.get_by_role("alert")).to_contain_text("Không có tổ chức, cá nhân này")
    expect(page.get_by_label("Mã số", exact=True)).to_have_value("033190999999")
    look_up(page, desk, "vn:cccd", "033190123457")
    page.wait_for_url(re.compile("/subjects/[0-9a-f]{32}"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Phạm Thị Cũ")
    expect(page.locator("#papers-title")).to_contain_text("(1)")
    summary = page.get_by_text("Nối thêm mã số")
    summary.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Mã số", exact=True).fill("145678902")
    page.get_by_label("Căn cứ: giấy tờ, cơ sở dữ liệu nào").fill("Mặt sau thẻ căn cước")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("thuộc về tổ chức, cá nhân khác")
    expect(page.get_by_label("Căn cứ: giấy tờ, cơ sở dữ liệu nào")).to_have_value(
        "Mặt sau thẻ căn cước"
    )
    page.get_by_label("Mã số của mục kia", exact=True).fill("145678902")
    page.get_by_label("Căn cứ", exact=True).fill("Mặt sau thẻ căn cước")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã gộp hai mục")
    expect(page.locator("#papers-title")).to_contain_text("(2)")
    expect(page.locator("#numbers")).to_contain_text("145678902")
    expect(page.locator("#numbers")).to_contain_text("Gộp hai mục: Mặt sau thẻ căn cước")
    page.screenshot(path=tmp_path / "subject.png", full_page=True)
    page.get_by_role("button", name="Hoàn tác").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã hoàn tác")
    expect(page.locator("#papers-title")).to_contain_text("(1)")
    page.get_by_text("Nối thêm mã số").press("Enter")
    page.get_by_label("Loại mã số", exact=True).select_option("passport")
    page.get_by_label("Mã số", exact=True).fill("B7654321")
    page.get_by_label("Căn cứ: giấy tờ, cơ sở dữ liệu nào").fill("Hộ chiếu đã xuất trình")
    page.keyboard.press("Enter")
    expect(page.locator("#numbers")).to_contain_text("Hộ chiếu đã xuất trình")


@pytest.mark.usefixtures("licence")
def test_a_holder_decides_on_a_phone(chromium: Browser, desk: Desk, tmp_path: Path) -> None:
    accounts = json.loads((desk.home / "demo-accounts.json").read_text(encoding="utf-8"))
    with httpx.Client(base_url=desk.url, timeout=60) as client:
        portal = accounts["portal"]
        form = {"grant_type": "client_credentials", "client_id": portal["client_id"],
                "client_secret": portal["client_secret"]}  # fmt: skip
        token = client.post("/v1/token", data=form).json()["access_token"]
        law = _with_preview(client, accounts["leader"]["token"])
        asked = {
            "request_id": "b7a2f6de-1111-4222-8333-444455556666",
            "purpose": {"procedure_code": RENEWAL, "case_ref": "HS-1",
                        "legal_basis": [{"instrument": "NĐ 45/2020/NĐ-CP", "article": "25"}]},
            "subject": {"organization": {"id": FIRM.id}},
            "evidence_type": {"id": "radiation_work_licence"},
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {token}"}
        try:
            told = client.post("/v1/evidence-requests", json=asked, headers=headers)
            assert told.status_code == 202, told.text
            path = "/preview/" + told.json()["preview"]["location"].rpartition("/")[2]
            _decide(chromium, desk, path, tmp_path)
            given = client.post("/v1/evidence-requests", json=asked, headers=headers)
            assert given.json()["preview"]["decision"] == "agreed"
        finally:
            client.put(f"/v1/procedures/{RENEWAL}", json=law, headers=_leader(accounts))


def _decide(chromium: Browser, desk: Desk, path: str, folder: Path) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
    phone = context.new_page()
    phone.goto(desk.url + path)
    phone.get_by_label("Mã số thuế của bạn").fill("0301442379")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("alert")).to_contain_text("Mã số không khớp")
    phone.get_by_label("Mã số thuế của bạn").fill(FIRM.id)
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Ai xin dùng giấy tờ, để làm gì")).to_be_visible()
    picture = phone.locator("img.paper-page").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("one => one.naturalWidth") > 100
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.screenshot(path=folder / "preview.png", full_page=True)
    phone.get_by_role("button", name="Đồng ý").press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("Bạn đã đồng ý")
    context.close()


def _leader(accounts: dict[str, dict[str, str]]) -> dict[str, str]:
    return {"Authorization": f"Bearer {accounts['leader']['token']}"}


def _with_preview(client: httpx.Client, token: str) -> dict[str, object]:
    """The law as it was; from now on the holder looks before a licence is given."""
    headers = {"Authorization": f"Bearer {token}"}
    was: dict[str, object] = client.get(f"/v1/procedures/{RENEWAL}", headers=headers).json()
    was.pop("versions")
    changed = json.loads(json.dumps(was))
    for one in changed["components"]:
        one["preview"] = ["radiation_work_licence"] in one["satisfied_by"]
    done = client.put(f"/v1/procedures/{RENEWAL}", json=changed, headers=headers)
    assert done.status_code in (200, 201), done.text
    return was
