"""An office to test against: a real house in a new folder, served on a real socket."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import uvicorn

from api.access import Role
from api.auth.passwords import make_hash
from api.http.app import make_app
from api.settings import Settings
from api.wiring import open_house
from demo.office import make_demo_office
from ingest.house import House
from ingest.worker import Worker
from repository import accounts, seed
from tests.servers.engines import Engines
from tests.servers.running import TLS
from vocabulary.clock import SystemClock

PASSWORD = "mật khẩu thử nghiệm đủ dài"
_BROWSER = {"Accept": "text/html"}
SECRET = "bí mật của cổng dịch vụ"


@dataclass(frozen=True)
class Office:
    """A served house, with a bearer token for every role."""

    house: House
    url: str
    tokens: dict[str, str] = field(default_factory=dict)

    def client(self, role: str | None) -> httpx.Client:
        """A caller with the role's token; None is nobody."""
        headers = {} if role is None else {"Authorization": f"Bearer {self.tokens[role]}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, verify=TLS)

    @contextmanager
    def browser(self, role: str) -> Iterator[httpx.Client]:
        """A browser that has logged in with the password."""
        with httpx.Client(base_url=self.url, timeout=60, headers=_BROWSER, verify=TLS) as client:
            answer = client.post("/login", data={"username": role, "password": PASSWORD})
            assert answer.status_code == 303, answer.text
            yield client

    def work(self) -> None:
        """Let a worker do everything that waits."""
        Worker(self.house, 1).run(until_idle=True)


@contextmanager
def open_office(
    home: Path,
    public_url: str = "http://127.0.0.1:8000",
    *,
    demo: bool = False,
    max_file_mb: int = 512,
    metrics_token_file: Path | None = None,
    engines: Engines | None = None,
    trust: tuple[Path, ...] = (),
) -> Iterator[Office]:
    """Serve a new office until the block ends; a demo office has keys of its test authority."""
    if demo:
        make_demo_office(home, SystemClock().now())
    settings = Settings(
        home=home, workers=1, public_url=public_url, max_file_mb=max_file_mb,
        metrics_token_file=metrics_token_file, trust=trust, **(engines or {}),
    )  # fmt: skip
    with open_house(settings) as house:
        tokens = _people(house)
        config = uvicorn.Config(
            make_app(house, settings), log_level="warning", port=0, timeout_graceful_shutdown=1,
            ws="none",
        )  # fmt: skip
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            while not server.started:
                thread.join(0.01)
                assert thread.is_alive(), "the server did not start"
            port = server.servers[0].sockets[0].getsockname()[1]
            yield Office(house, f"http://127.0.0.1:{port}", tokens)
        finally:
            server.should_exit = True
            thread.join()


def _people(house: House) -> dict[str, str]:
    """One account for each role, named like it, and the system ``portal``."""
    now = house.clock.now()
    hashed = make_hash(PASSWORD)
    tokens = {}
    with house.database.write() as tx:
        for role in Role:
            if role is Role.SYSTEM:
                continue
            made = accounts.create_account(tx, role, f"Người {role}", role.value, hashed, now)
            tokens[str(role)] = accounts.create_personal_token(tx, made.id, "test", now).token
        accounts.create_client(tx, "portal", "Cổng dịch vụ", make_hash(SECRET), now)
        tokens["system"] = accounts.issue_access_token(tx, "portal", now).token
        seed.load_procedures(tx, now)
    return tokens
