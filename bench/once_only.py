"""``python -m bench.once_only``: the once-only check over a full catalogue.

A catalogue of a province is generated (100,000 subjects, 1,000,000 documents, 2,000,000
events by default), kept under ``.cache/bench``, and asked about subjects drawn by chance:
inside the process, and over HTTP by several clients at once.
"""

import argparse
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from api.auth.passwords import make_hash
from api.settings import Settings
from api.wiring import open_house
from bench.postgresql_copy import on_postgresql
from bench.report import Section, Table, Target, say, show, show_targets
from bench.store import STORE
from repository import accounts, once_only, seed, subjects
from repository.database import Database
from vocabulary.clock import SystemClock

PROCEDURE: Final = "2.002381"
TYPES: Final = (
    "radiation_work_licence", "business_registration", "personal_dose_report",
    "radiation_survey_report", "equipment_inspection_certificate", "decision", "official_letter",
    "land_use_certificate", "health_certificate", "professional_diploma",
)  # fmt: skip
IN_PROCESS_MS: Final = 20.0
OVER_HTTP_MS: Final = 40.0
_DAY: Final = date(2026, 11, 23)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.once_only", description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=3_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--postgresql", action="store_true", help="on a server, not in a file")
    chosen = parser.parse_args(arguments)
    home = catalogue(chosen.documents)
    if not chosen.postgresql:
        _ask(chosen, home, None)
        return
    Database(_file(home)).migrate()
    with on_postgresql(home / "sohoa.db") as url:
        _ask(chosen, home, url)


def _ask(chosen: argparse.Namespace, home: Path, server: str | None) -> None:
    url = server or _file(home)
    holders = chosen.documents // 10
    asked = random.Random(7).sample(range(holders), min(chosen.questions, holders))
    numbers = [_tax_code(place) for place in asked]
    ways = (
        ("inside the process", IN_PROCESS_MS, _in_process(url, numbers)),
        (f"{chosen.clients} clients", OVER_HTTP_MS, _over_http(home, url, numbers, chosen.clients)),
    )
    rows, targets = [], []
    for name, limit, took in ways:
        p50, p95, p99 = (_percentile(took, part) for part in (50, 95, 99))
        rows.append((name, len(took), p50, p95, p99, max(took)))
        targets.append(Target(f"{name}: p99 ms", limit, p99, "most"))
    heads = ("once-only check", "questions", "p50 ms", "p95 ms", "p99 ms", "worst ms")
    title = f"{chosen.documents:,} documents, {'PostgreSQL' if server else 'SQLite'}"
    section = Section("once only", (Table(title, heads, tuple(rows)),), tuple(targets))
    show(section)
    show_targets([section])


def catalogue(count: int) -> Path:
    """The data folder of a generated office with ``count`` documents; made once."""
    home = STORE / "once-only" / str(count)
    if (home / "made").exists():
        return home
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    say(f"generating {count:,} documents ...")
    database = Database(_file(home))
    database.migrate()
    with database.write() as tx:
        seed.load_procedures(tx, SystemClock().now())
    database.close()
    with sqlite3.connect(home / "sohoa.db") as connection:
        connection.execute("PRAGMA synchronous=OFF")
        _fill(connection, count)
    connection.close()
    (home / "made").touch()
    return home


def _fill(connection: sqlite3.Connection, count: int) -> None:
    chance = random.Random(1)
    holders = range(count // 10)
    connection.executemany(
        "INSERT INTO subjects (id, name) VALUES (?, ?)",
        ((f"{place:032x}", f"Tổ chức {place}") for place in holders),
    )
    connection.executemany(
        "INSERT INTO subject_identifiers (scheme, value, subject_id) VALUES ('vn:mst', ?, ?)",
        ((_tax_code(place), f"{place:032x}") for place in holders),
    )
    connection.executemany(
        "INSERT INTO documents (id, name, sha256, bytes, media_type, state, note, status, "
        "status_note, version, page_count, type, subject_id, issue_date, scope, form, "
        "certified_at, demo, metadata, created_by, created_at, updated_at) VALUES "
        "(?, 'giấy.pdf', ?, 100000, 'application/pdf', 'done', '', ?, '', 1, 2, ?, ?, ?, "
        "'nationwide', 'original', '2026-01-01 00:00:00.000000', 0, '{}', 'clerk', ?, ?)",
        (_document(chance, place) for place in range(count)),
    )
    connection.executemany(
        "INSERT INTO fields (document_id, name, value, needs_review, changed_at) VALUES "
        "(?, 'holder_id', ?, 0, '2026-01-01 00:00:00.000000')",
        ((f"{place:032x}", f'{{"value": "{_tax_code(place // 10)}", "confidence": 0.99}}')
         for place in range(0, count, 3)),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO document_events (document_id, at, actor, event, detail) VALUES "
        "(?, '2026-01-01 00:00:00.000000', 'system', ?, '{}')",
        ((f"{place // 2:032x}", "received" if place % 2 else "done") for place in range(2 * count)),
    )
    connection.commit()
    connection.execute("ANALYZE")


def _document(chance: random.Random, place: int) -> tuple[Any, ...]:
    made = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=50 * place)
    moment = made.strftime("%Y-%m-%d %H:%M:%S.000000")
    issued = (_DAY - timedelta(days=chance.randrange(2000))).isoformat()
    status = "active" if chance.random() < 0.9 else "superseded"
    holder = f"{place // 10:032x}"
    return (
        f"{place:032x}",
        f"{place:064x}",
        status,
        TYPES[place % 10],
        holder,
        issued,
        moment,
        moment,
    )


def _tax_code(place: int) -> str:
    """The tax code of a number, the next one that has a check digit."""
    nine = 100_000_000 + 7 * place
    while (digit := subjects.mst_check_digit(str(nine))) is None:
        nine += 1
    return f"{nine}{digit}"


def _file(home: Path) -> str:
    return f"sqlite:///{(home / 'sohoa.db').absolute()}"


def _in_process(url: str, numbers: Sequence[str]) -> list[float]:
    database = Database(url)

    def ask(number: str) -> None:
        with database.read() as tx:
            found = subjects.find(tx, "vn:mst", number)
            assert found is not None
            once_only.check(tx, PROCEDURE, found, _DAY, ("H31",))

    took = [_timed(ask, number) for number in numbers]
    database.close()
    return took


def _over_http(home: Path, database: str, numbers: Sequence[str], clients: int) -> list[float]:
    with _served(home, database) as (url, token):

        def ask_all(mine: Sequence[str]) -> list[float]:
            headers = {"Authorization": f"Bearer {token}"}
            with httpx.Client(base_url=url, headers=headers, timeout=60) as client:

                def ask(number: str) -> None:
                    body = {"procedure": PROCEDURE, "on": _DAY.isoformat(),
                            "subject": {"scheme": "vn:mst", "id": number}}  # fmt: skip
                    client.post("/v1/once-only/check", json=body).raise_for_status()

                return [_timed(ask, number) for number in mine]

        with ThreadPoolExecutor(clients) as pool:
            parts = pool.map(ask_all, [numbers[place::clients] for place in range(clients)])
            return [one for part in parts for one in part]


@contextmanager
def _served(home: Path, database: str) -> Iterator[tuple[str, str]]:
    """The service as an office runs it, in its own process, and a token for it."""
    with open_house(Settings(home=home, workers=1, database_url=database)) as house:
        now = house.clock.now()
        with house.database.write() as tx:
            there = accounts.find_account(tx, "bench")
            who = there or accounts.create_account(
                tx, "bench", "Đo", "officer", make_hash("đo thời gian trả lời"), now
            )
            token = accounts.create_personal_token(tx, who.id, "bench", now).token
    command = (sys.executable, "-m", "api.cli", "serve", "--port", "0", "--workers", "0")
    with subprocess.Popen(
        command,
        env=os.environ
        | {"SOHOA_HOME": str(home), "SOHOA_DATABASE_URL": database}
        | {"SOHOA_WITHOUT_SIGNING": "true"},
        stdout=subprocess.PIPE,
        text=True,
    ) as service:
        assert service.stdout is not None
        try:
            url = next(line.split()[-1] for line in service.stdout if "http://" in line)
            _wait_for(url)
            yield url, token
        finally:
            service.terminate()


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            httpx.get(f"{url}/healthz").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} does not answer")


def _timed(work: Callable[[str], None], value: str) -> float:
    begin = time.perf_counter()
    work(value)
    return 1000 * (time.perf_counter() - begin)


def _percentile(took: Sequence[float], part: int) -> float:
    return statistics.quantiles(took, n=100)[part - 1]


if __name__ == "__main__":
    sys.exit(main())
