"""The walk-through of docs/integrate.md is run as it stands, and so is the client of one file."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from demo.office import demo_office
from repository import purposes
from tests.integration.http.counter import hand_in, of_the_firm
from tests.integration.http.office import SECRET, Office, open_office
from tests.integration.http.papers import SUBJECT, born_digital
from tests.integration.http.test_evidence import RENEWAL, TYPE
from tests.integration.http.test_previews import want_previews
from tests.servers.engines import Engines

BASIS = [{"instrument": "Nghị định 45/2020/NĐ-CP", "article": "25"}]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="module")
def office(home: Path, engines: Engines) -> Iterator[Office]:
    with open_office(home, demo=True, engines=engines) as made:
        with made.house.database.write() as tx:
            purposes.grant(tx, "portal", RENEWAL, made.house.clock.now())
        hand_in(made, born_digital("GIAY PHEP"), **of_the_firm(TYPE))
        yield made


def block(root: Path, language: str) -> str:
    """The one block of code in a language."""
    text = (root / "docs/integrate.md").read_text("utf-8")
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return str(found)


def run(office: Office, folder: Path, *command: str, **more: str) -> str:
    known = {"BASE": office.url, "CLIENT": "portal", "SECRET": SECRET, "TAX_CODE": SUBJECT.id}
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **known, **more},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_walk_through_with_curl(office: Office, home: Path, root: Path, tmp_path: Path) -> None:
    said = run(office, tmp_path, "bash", "-c", block(root, "bash"))
    assert "delivered" in said.splitlines()
    assert "evidence.pdf: OK" in said
    demo = demo_office(home)
    assert demo is not None
    checked = run(
        office, tmp_path, sys.executable, "-m", "api.cli", "receipt", "verify", "receipt.json",
        "--trust", str(demo.root), "--json", PYTHONPATH=str(root),
    )  # fmt: skip
    assert json.loads(checked)["valid"] is True


def test_the_walk_through_with_python(office: Office, root: Path, tmp_path: Path) -> None:
    code, docs = block(root, "python"), str(root / "docs")
    assert "digest checked" in run(office, tmp_path, sys.executable, "-c", code, PYTHONPATH=docs)
    nobody = run(
        office, tmp_path, sys.executable, "-c", code, PYTHONPATH=docs, TAX_CODE="0100109106"
    )
    assert nobody == "refused: evidence_not_found\n"


@pytest.fixture(scope="module")
def client(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("sohoa_client", root / "docs/sohoa_client.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_client_of_one_file_does_it_all(office: Office, client: ModuleType) -> None:
    sohoa = client.Sohoa(office.url, "portal", SECRET)
    assert TYPE in [one["id"] for one in sohoa.evidence_types(RENEWAL)]
    told = sohoa.held(RENEWAL, "vn:mst", SUBJECT.id)["components"]
    held = {one["component"]: one for one in told}
    assert held["TP2"]["answer"] == "held"
    answer = sohoa.ask(RENEWAL, "HS-1", BASIS, organization=SUBJECT.id, evidence_type=TYPE)
    assert sohoa.state(answer["request_id"]) == "delivered"
    assert sohoa.fetch(answer["evidence"][0]).startswith(b"%PDF")
    with pytest.raises(client.Refused) as caught:
        sohoa.fetch(answer["evidence"][0])
    assert (caught.value.status, caught.value.code) == (410, "link_used")
    with pytest.raises(ValueError, match="not both"):
        sohoa.ask(RENEWAL, "HS-1", BASIS, evidence_type=TYPE)


def test_the_client_follows_the_holders_preview(office: Office, client: ModuleType) -> None:
    want_previews(office, RENEWAL, TYPE)
    sohoa = client.Sohoa(office.url, "portal", SECRET)
    said = {"answer": "agree", "reason": ""}
    shown: list[str] = []

    def show(location: str) -> None:
        """What a portal does: the holder's browser is sent there."""
        shown.append(location)
        path = "/preview/" + location.rpartition("/")[2]
        with httpx.Client(base_url=office.url, follow_redirects=True) as person:
            person.headers["Accept"] = "text/html"
            assert person.post(path, data={"number": SUBJECT.id}).status_code == 200
            assert person.post(f"{path}/decision", data=said).status_code == 200

    asked = {"organization": SUBJECT.id, "evidence_type": TYPE}
    answer = sohoa.ask(RENEWAL, "HS-2", BASIS, show=show, pause=0.05, **asked)
    assert answer["preview"]["decision"] == "agreed"
    assert sohoa.fetch(answer["evidence"][0]).startswith(b"%PDF")
    assert len(shown) == 1
    said.update(answer="refuse", reason="Tôi tự nộp")
    with pytest.raises(client.Refused) as caught:
        sohoa.ask(RENEWAL, "HS-3", BASIS, show=show, pause=0.05, **asked)
    assert (caught.value.status, caught.value.code) == (403, "preview_refused")


def test_a_portal_that_must_not_wait_asks_again_later(office: Office, client: ModuleType) -> None:
    want_previews(office, RENEWAL, TYPE)
    sohoa = client.Sohoa(office.url, "portal", SECRET)
    asked = {"organization": SUBJECT.id, "evidence_type": TYPE}
    first = sohoa.ask(RENEWAL, "HS-4", BASIS, **asked)
    assert first["status"] == sohoa.state(first["request_id"]) == "preview_required"
    waited = sohoa.ask(
        RENEWAL, "HS-4", BASIS, show=lambda _: None, patience=0, pause=0,
        request_id=first["request_id"], **asked,
    )  # fmt: skip
    assert waited == first
