"""The demo office: an invented office with keys of a test authority, accounts and papers.

It lives in a data folder of its own, is marked by ``demo.json`` in it and is
removed whole by one command. Nothing it signs has legal value, and every
stamp, record and page says so.
"""

import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from signing.authority import ensure_test_authority
from vocabulary.errors import Conflict

MARKER: Final = "demo.json"
NAME: Final = "Sở Khoa học và Công nghệ tỉnh Mẫu"
OFFICER: Final = "Nguyễn Thị Tiếp Nhận"


@dataclass(frozen=True, slots=True)
class DemoOffice:
    """Where the demo office's keys lie. The passphrase protects nothing of value."""

    name: str
    officer_name: str
    root: Path
    officer_key: Path
    organisation_key: Path
    passphrase: str


def demo_office(home: Path) -> DemoOffice | None:
    """The demo office of this data folder, None where the folder is a real office's."""
    marker = home / MARKER
    if not marker.exists():
        return None
    data = json.loads(marker.read_text(encoding="utf-8"))
    keys = {name: home / data[name] for name in ("root", "officer_key", "organisation_key")}
    return DemoOffice(data["name"], data["officer_name"], passphrase=data["passphrase"], **keys)


def make_demo_office(home: Path, now: datetime) -> DemoOffice:
    """Make the office's keys and mark the folder; made once, later calls find it.

    Raises:
        Conflict: the folder holds a real office's data.
    """
    found = demo_office(home)
    if found is not None:
        return found
    if (home / "sohoa.db").exists():
        raise Conflict(
            f"Thư mục «{home}» đã có dữ liệu thật. Hãy đặt SOHOA_HOME khác cho bản thử nghiệm.",
            f"The folder {str(home)!r} holds real data. Set another SOHOA_HOME for the demo.",
        )
    authority = ensure_test_authority(
        home / "keys" / "test-authority", now, officer_name=OFFICER, organisation_name=NAME
    )
    data = {
        "name": NAME,
        "officer_name": OFFICER,
        "root": str(authority.root_pem.relative_to(home)),
        "officer_key": str(authority.officer.relative_to(home)),
        "organisation_key": str(authority.organisation.relative_to(home)),
        "passphrase": authority.passphrase,
    }
    write_private(home / MARKER, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    made = demo_office(home)
    assert made is not None
    return made


def remove_demo_office(home: Path) -> None:
    """Remove the whole demo folder.

    Raises:
        Conflict: it is not a demo office's.
    """
    if demo_office(home) is None:
        raise Conflict(
            f"«{home}» không phải dữ liệu thử nghiệm nên không bị xóa.",
            f"{str(home)!r} is not a demo office's folder and was not removed.",
        )
    shutil.rmtree(home)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
