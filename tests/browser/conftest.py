"""A real Chromium against the real service: ``sohoa serve`` with its worker, in a demo office.

One service and one browser for this folder's tests; each test logs in afresh. They end with
the folder: Playwright's event loop would keep others from running theirs.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """The service as a person at a desk meets it."""

    url: str
    home: Path

    def password(self, who: str) -> str:
        told = json.loads((self.home / "demo-accounts.json").read_text(encoding="utf-8"))
        found: str = told[who]["password"]
        return found

    def log_in(self, page: Page, who: str = "clerk") -> None:
        page.goto(f"{self.url}/login")
        page.get_by_label("Tên đăng nhập").fill(who)
        page.get_by_label("Mật khẩu").fill(self.password(who))
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(lambda url: "/login" not in url)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "no Chromium: run `make test`, which installs it, or `apt-get install chromium`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("desk")
    environment = {**os.environ, "SOHOA_HOME": str(home), "OMP_THREAD_LIMIT": "1"}
    program = [sys.executable, "-m", "api.cli"]
    subprocess.run([*program, "demo", "office"], env=environment, cwd=ROOT, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home / "serve.log"
    with log.open("wb") as out:
        service = subprocess.Popen(
            [*program, "serve", "--port", str(port), "--workers", "1"],
            env=environment, cwd=ROOT, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, service, log)
        yield Desk(url, home)
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(timeout=30)


def _wait(url: str, service: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and service.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the service did not start:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A new browser profile; a script error or a refused script fails the test."""
    context = chromium.new_context(viewport={"width": 1360, "height": 850}, locale="vi-VN")
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "console",
        lambda message: wrong.append(message.text) if "Security Policy" in message.text else None,
    )
    yield opened
    context.close()
    assert not wrong, wrong
