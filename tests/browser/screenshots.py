"""Pictures of every page for the handbook: ``make screenshots``, beside a served demo office."""

import json
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS


def log_in(page: Page, url: str, who: dict[str, str]) -> None:
    page.goto(f"{url}/login")
    page.fill("input[name=username]", who["username"])
    page.fill("input[name=password]", who["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/documents*")


def shoot(page: Page, out: Path, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)  # page images fade in
    page.screenshot(path=out / f"{name}.png")


def main(url: str, home: Path, out: Path) -> None:
    people = json.loads((home / "demo-accounts.json").read_text(encoding="utf-8"))
    summary = json.loads((home / "demo-summary.json").read_text(encoding="utf-8"))
    subject = summary["subject"].rpartition(":")[2]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="vi-VN")
        page.goto(f"{url}/login")
        shoot(page, out, "login")
        log_in(page, url, people["officer"])
        shoot(page, out, "documents")
        page.goto(f"{url}/documents?state=needs_review")
        page.click("main table a")
        shoot(page, out, "document")
        page.goto(f"{url}/documents?state=done")
        page.click("main table tr:last-child a")
        shoot(page, out, "document-done")
        page.goto(f"{url}/hand-in")
        shoot(page, out, "hand-in")
        page.goto(f"{url}/search?q=giay+phep+tien+hanh+cong+viec+buc+xa")
        shoot(page, out, "search")
        page.goto(f"{url}/once-only")
        page.select_option("#procedure", summary["procedure"])
        page.select_option("#scheme", "vn:mst")
        page.fill("#id", subject)
        page.keyboard.press("Enter")
        shoot(page, out, "once-only")
        page.goto(f"{url}/subjects")
        page.select_option("#scheme", "vn:mst")
        page.fill("#id", subject)
        page.keyboard.press("Enter")
        shoot(page, out, "subject")
        page.goto(f"{url}/procedures")
        shoot(page, out, "procedures")
        page.goto(f"{url}/dossiers")
        page.click("summary")
        page.select_option("#procedure", summary["procedure"])
        page.fill("#id", subject)
        page.keyboard.press("Enter")
        shoot(page, out, "dossier")
        page.goto(f"{url}/dossiers")
        shoot(page, out, "dossiers")
        page.goto(f"{url}/figures?figure=reused&part=numerator")
        shoot(page, out, "figures")
        phone = browser.new_page(viewport={"width": 390, "height": 844}, locale="vi-VN")
        log_in(phone, url, people["clerk"])
        shoot(phone, out, "phone")
        inspector = browser.new_page(viewport={"width": 1280, "height": 860}, locale="vi-VN")
        log_in(inspector, url, people["inspector"])
        inspector.goto(f"{url}/audit")
        shoot(inspector, out, "audit")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
