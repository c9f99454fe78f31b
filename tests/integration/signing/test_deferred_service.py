"""The officer signs at their own computer: the paper waits, nothing is lost, it goes on."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from api.settings import Settings
from api.wiring import open_house
from ingest.worker import Worker
from repository import audit, documents
from repository.audit import AuditFilter
from signing.keys import SigningKey
from signing.validation import verify_file
from tests.integration.commandline.calling import sohoa
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.integration.signing.tsa import authority_at_work
from tests.judges.fixtures import Dss, VeraPdf
from tests.unit.signing import pss
from tests.unit.signing.office import NOW, Root, make_key, make_root, write_p12
from tests.unit.signing.test_certify import corners
from tests.unit.signing.test_deferred import own_cms


@dataclass
class Desk:
    """An office that signs so, and the officer's key, which the office never sees."""

    office: Office
    root: Root
    key: SigningKey
    home: Path

    def hand_in(self, text: str) -> str:
        with self.office.client("clerk") as clerk:
            document: str = clerk.post(
                "/v1/documents", files={"file": (f"{text}.pdf", born_digital(text))}
            ).json()["id"]
            self.office.work()
            clerk.post(f"/v1/documents/{document}/confirm")
            self.office.work()
        return document

    def tasks(self, role: str = "officer") -> list[dict[str, Any]]:
        with self.office.client(role) as caller:
            found: list[dict[str, Any]] = caller.get("/v1/signing-tasks").json()["items"]
        return found

    def task_of(self, document: str) -> dict[str, Any]:
        (found,) = (one for one in self.tasks() if one["document"] == document)
        with self.office.client("officer") as officer:
            task: dict[str, Any] = officer.get(found["url"]).json()
        return task

    def answer(self, task: dict[str, Any], **answer: bytes) -> httpx.Response:
        with self.office.client("officer") as officer:
            body = {name: base64.b64encode(value).decode() for name, value in answer.items()}
            return officer.post(f"{task['url']}/signature", json=body)

    def raw(self, task: dict[str, Any], key: SigningKey | None = None) -> bytes:
        return (key or self.key).sign(base64.b64decode(task["attributes"]), "sha256")

    def state(self, document: str) -> tuple[str, str, list[str]]:
        with self.office.house.database.read() as tx:
            found = documents.get(tx, document)
            events = [one.event for one in documents.history(tx, document)]
        return found.state, found.status, events

    def archival(self, document: str, folder: Path) -> Path:
        with self.office.client("officer") as officer:
            answer = officer.get(f"/v1/documents/{document}/content?rendition=archival")
        assert answer.status_code == 200, answer.text
        (folder / "archival.pdf").write_bytes(answer.content)
        return folder / "archival.pdf"


def settings_of(folder: Path, root: Root, key: SigningKey) -> dict[str, str]:
    """The office has the officer's certificate and its own key."""
    pem = folder / "officer.pem"
    pem.write_bytes(
        b"".join(one.public_bytes(Encoding.PEM) for one in (key.certificate, *key.chain))
    )
    write_p12(folder / "office.p12", make_key(root, "Sở Thử", number=8))
    (folder / "office.pin").write_text("bi mat")
    return {
        "SOHOA_OFFICER_CERTIFICATES": json.dumps([str(pem)]),
        "SOHOA_ORGANISATION_KEY": str(folder / "office.p12"),
        "SOHOA_ORGANISATION_PASSPHRASE_FILE": str(folder / "office.pin"),
        "SOHOA_TRUST": json.dumps([str(root.pem(folder))]),
    }


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    root = make_root("Gốc của Sở")
    key = make_key(root, "Lê Thị Một Cửa", number=7)
    (tmp_path / "keys").mkdir()
    for name, value in settings_of(tmp_path / "keys", root, key).items():
        monkeypatch.setenv(name, value)
    with open_office(tmp_path / "home") as office:
        yield Desk(office, root, key, tmp_path / "home")


def test_a_paper_waits_for_the_officer_and_then_gets_both_signatures(
    desk: Desk, tmp_path: Path
) -> None:
    document = desk.hand_in("CHO KY")
    state, status, events = desk.state(document)
    assert (state, status, events[-1]) == ("composed", "draft", "signature_awaited")
    desk.office.work()  # nothing is done again, nothing is asked twice
    assert len(desk.tasks()) == 1
    task = desk.task_of(document)
    assert (task["role"], task["signer"], task["state"]) == ("officer", "Lê Thị Một Cửa", "waiting")
    answer = desk.answer(task, signature=desk.raw(task))
    assert (answer.status_code, answer.json()["state"]) == (200, "signed")
    again = desk.answer(task, signature=desk.raw(task))
    assert (again.status_code, again.json()) == (200, answer.json())
    assert desk.tasks() == []
    desk.office.work()
    state, status, events = desk.state(document)
    assert (state, status) == ("done", "active")
    assert events.count("signature_given") == events.count("certified") == 1
    signed = desk.archival(document, tmp_path)
    report = verify_file(signed, [desk.root.pem(tmp_path)])
    assert [one.signer for one in report.signatures] == ["Lê Thị Một Cửa", "Sở Thử"]
    assert [one.verdict for one in report.signatures] == ["valid", "valid"]
    assert [one.field for one in report.signatures] == ["CanBo", "CoQuan"]
    with desk.office.house.database.read() as tx:
        found = audit.page_of(tx, AuditFilter(document_id=document, event_type="signature.given"))
    assert [one.entry.actor for one in found.items] == ["officer"]


def test_the_draft_can_be_read_and_is_what_the_digest_says(desk: Desk) -> None:
    task = desk.task_of(desk.hand_in("XEM TRUOC"))
    with desk.office.client("officer") as officer:
        draft = officer.get(task["draft"]["url"]).content
    assert sha256(draft).hexdigest() == task["draft"]["sha256"]
    start, end = task["place"]
    around = sha256(draft[:start] + draft[end:]).digest()
    assert base64.b64encode(around).decode() == task["digest"]["value"]
    assert around in base64.b64decode(task["attributes"])


def test_a_cms_of_the_officers_own_program_is_taken(desk: Desk, tmp_path: Path) -> None:
    document = desk.hand_in("CMS RIENG")
    task = desk.task_of(document)
    digest = base64.b64decode(task["digest"]["value"])
    certificate = desk.key.certificate.public_bytes(Encoding.DER)
    taken = desk.answer(task, cms=own_cms(desk.key, digest), certificate=certificate)
    assert taken.status_code == 200
    desk.office.work()
    report = verify_file(desk.archival(document, tmp_path), [desk.root.pem(tmp_path)])
    assert [one.integrity for one in report.signatures] == ["intact", "intact"]


def test_rsassa_pss_is_taken_where_its_parameters_are_sound(desk: Desk, tmp_path: Path) -> None:
    whole, raw = desk.hand_in("PSS NGUYEN CMS"), desk.hand_in("PSS CHU KY THO")
    task = desk.task_of(whole)
    digest = base64.b64decode(task["digest"]["value"])
    weak = own_cms(
        desk.key, digest, algorithm=pss.algorithm(pss.parameters(mask="sha1")),
        sign=pss.signing(desk.key, mask="sha1"),
    )  # fmt: skip
    told = desk.answer(task, cms=weak)
    assert (told.status_code, told.json()["code"]) == (422, "signature_parameters_unsound")
    sound = own_cms(
        desk.key, digest, algorithm=pss.algorithm(pss.parameters()), sign=pss.signing(desk.key)
    )
    assert desk.answer(task, cms=sound).status_code == 200
    other = desk.task_of(raw)
    attributes = base64.b64decode(other["attributes"])
    assert desk.answer(other, signature=pss.signing(desk.key)(attributes)).status_code == 200
    desk.office.work()
    for document in (whole, raw):
        report = verify_file(desk.archival(document, tmp_path), [desk.root.pem(tmp_path)])
        assert [one.verdict for one in report.signatures] == ["valid", "valid"]


def test_answers_that_do_not_fit_are_refused_by_name_and_change_nothing(desk: Desk) -> None:
    one, other = (desk.task_of(desk.hand_in(text)) for text in ("TO MOT", "TO HAI"))
    stranger = make_key(desk.root, "Người khác", number=9)
    wrong: list[tuple[dict[str, bytes], str]] = [
        ({"signature": desk.raw(other)}, "signature_mismatch"),
        ({"signature": desk.raw(one, stranger)}, "signature_mismatch"),
        ({"signature": b"rubbish"}, "signature_mismatch"),
        ({"cms": b"rubbish"}, "signature_mismatch"),
        ({"cms": own_cms(stranger, base64.b64decode(one["digest"]["value"]))},
         "signature_mismatch"),
        ({"signature": desk.raw(one),
          "certificate": stranger.certificate.public_bytes(Encoding.DER)}, "certificate_differs"),
        ({}, "invalid_request"),
    ]  # fmt: skip
    for answer, code in wrong:
        told = desk.answer(one, **answer)
        assert (told.status_code, told.json()["code"]) == (422, code)
    with desk.office.client("officer") as officer:
        url = f"{one['url']}/signature"
        assert officer.post(url, json={"signature": "%%%"}).status_code == 422
        assert officer.post("/v1/signing-tasks/0/signature", json={"cms": ""}).status_code == 404
    assert len(desk.tasks()) == 2


@pytest.mark.parametrize("role", ["clerk", "leader", "inspector", "administrator", "system"])
def test_only_officers_see_and_answer_tasks(desk: Desk, role: str) -> None:
    with desk.office.client(role) as caller:
        assert caller.get("/v1/signing-tasks").status_code == 403
        assert caller.post("/v1/signing-tasks/0/signature", json={}).status_code == 403


def test_a_restart_between_the_halves_loses_nothing(desk: Desk, tmp_path: Path) -> None:
    """The lid is closed: another process of the service takes the answer and goes on."""
    document = desk.hand_in("GAP MAY")
    task = desk.task_of(document)
    signature = desk.raw(task)
    with open_house(Settings(home=desk.home)) as house:  # as after a restart
        Worker(house, 1).run(until_idle=True)
        from ingest.awaited_signatures import Given, take

        take(house, task["id"], Given(signature=signature), "officer")
        Worker(house, 1).run(until_idle=True)
    assert desk.state(document)[1] == "active"
    report = verify_file(desk.archival(document, tmp_path), [desk.root.pem(tmp_path)])
    assert report.verdict == "valid"


def test_a_renewed_certificate_makes_its_papers_wait_anew(desk: Desk, tmp_path: Path) -> None:
    document = desk.hand_in("GIA HAN")
    before = desk.task_of(document)
    renewed = make_key(desk.root, "Lê Thị Một Cửa", number=7, end=NOW + timedelta(days=900))
    settings_of(tmp_path / "keys", desk.root, renewed)
    desk.office.work()
    (task,) = desk.tasks()
    assert task["id"] != before["id"]
    assert desk.answer(before, signature=desk.raw(before)).status_code == 404
    fresh = desk.task_of(document)
    assert desk.answer(fresh, signature=desk.raw(fresh, renewed)).status_code == 200
    desk.office.work()
    assert desk.state(document)[1] == "active"


def test_the_officers_command_signs_everything_that_waits_with_one_pin(
    desk: Desk, tmp_path: Path
) -> None:
    papers = [desk.hand_in(f"DOT KY {number}") for number in range(3)]
    token, pin = tmp_path / "token", tmp_path / "pin"
    token.write_text(desk.office.tokens["officer"])
    pin.write_text("bi mat")
    key = write_p12(tmp_path / "officer.p12", desk.key)
    words = ("sign-tasks", "--service", desk.office.url, "--token-file", token, "--pass-file", pin,
             "--json")  # fmt: skip
    answer = sohoa(*words, "--key", key)
    assert (answer.code, answer.err) == (0, "")
    assert sorted(one["document"] for one in answer.records()) == sorted(papers)
    assert {one["state"] for one in answer.records()} == {"signed"}
    assert sohoa(*words, "--key", key).records() == []  # run again: nothing is left to do
    desk.office.work()
    assert {desk.state(document)[1] for document in papers} == {"active"}


def test_the_command_signs_only_what_waits_for_its_certificate_and_only_true_digests(
    desk: Desk, tmp_path: Path
) -> None:
    desk.hand_in("KHONG PHAI CUA TOI")
    token, pin = tmp_path / "token", tmp_path / "pin"
    token.write_text(desk.office.tokens["officer"])
    pin.write_text("bi mat")
    stranger = write_p12(tmp_path / "p.p12", make_key(desk.root, "Người khác", number=9))
    words = ("--token-file", token, "--pass-file", pin, "--json")
    answer = sohoa("sign-tasks", "--service", desk.office.url, *words, "--key", stranger)
    assert (answer.code, answer.records()) == (0, [])
    gone = sohoa("sign-tasks", "--service", "http://127.0.0.1:9", *words, "--key", stranger)
    assert gone.code == 4
    token.write_text(desk.office.tokens["clerk"])
    assert sohoa("sign-tasks", "--service", desk.office.url, *words, "--key", stranger).code == 2
    plain = sohoa("sign-tasks", "--service", "http://so.example.vn", *words, "--key", stranger)
    plain.complains(2, "https://", "https://")


def test_the_pages_tell_which_papers_wait_for_whom(desk: Desk) -> None:
    document = desk.hand_in("TREN TRANG")
    with desk.office.browser("officer") as browser:
        page = browser.get("/documents?state=composed").text
        history = browser.get(f"/documents/{document}").text
    assert document in page
    assert "chờ chữ ký của Lê Thị Một Cửa" in page
    assert "Chờ chữ ký số ở nơi khác" in history


def test_long_term_levels_get_their_stamps_when_the_answer_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dss: Dss, verapdf: VeraPdf
) -> None:
    with authority_at_work(make_root()) as tsa:
        key = make_key(tsa.root, "Lê Thị Một Cửa", number=7, crl=tsa.crl_url)
        for name, value in settings_of(tmp_path, tsa.root, key).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("SOHOA_SIGNATURE_LEVEL", "B-LTA")
        monkeypatch.setenv("SOHOA_TSA_URL", tsa.url)
        with open_office(tmp_path / "home") as office:
            desk = Desk(office, tsa.root, key, tmp_path / "home")
            document = desk.hand_in("LAU DAI")
            task = desk.task_of(document)
            assert desk.answer(task, signature=desk.raw(task)).status_code == 200
            desk.office.work()
            signed = desk.archival(document, tmp_path)
        report = verify_file(signed, [tsa.root.pem(tmp_path)])
        (told,) = dss([signed], trust=[tsa.root.pem(tmp_path)])
    (pdfa,) = verapdf([signed])
    assert pdfa.passed, pdfa
    assert [one.indication for one in told.signatures] == ["TOTAL_PASSED"] * 2
    left, right, _ = corners(signed)
    assert "Lê Thị Một Cửa" in left
    assert "Sở Khoa học và Công nghệ" in right.replace("\r\n", " ")
    assert [one.level for one in report.signatures] == ["B-LTA", "B-LTA"]
    assert [one.time_source for one in report.signatures] == ["timestamp", "timestamp"]
    assert [one.verdict for one in report.signatures] == ["valid", "valid"]
