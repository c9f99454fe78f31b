"""The whole way of a service whose keys are at a signing service (CSC API 2) over real HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import update

from ingest.worker import Worker
from repository import documents
from repository.schema import jobs
from signing.receipts import make_receipt, verify_receipt
from signing.remote_signer import RemoteAccess, RemoteSigner
from signing.validation import verify_file
from tests.integration.commandline.calling import sohoa
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.integration.signing.signing_service import PIN, PSS, TOKEN, Service, service_at_work
from tests.unit.signing.office import Root, make_key, make_root
from vocabulary.errors import InvalidRequest, MissingPart, UsageError

Files = dict[str, str]


@dataclass
class Setup:
    """A signing service with both keys, and the settings that reach it."""

    service: Service
    root: Root
    settings: Files
    folder: Path

    def give(self, monkeypatch: pytest.MonkeyPatch, **changed: str | None) -> None:
        for name, value in {**self.settings, **changed}.items():
            if value is not None:
                monkeypatch.setenv(name, value)

    def pin(self, text: str) -> None:
        (self.folder / "pin").write_text(text)


@pytest.fixture
def setup(tmp_path: Path) -> Iterator[Setup]:
    root = make_root("Gốc của dịch vụ ký")
    folder = tmp_path / "secrets"
    folder.mkdir()
    for name, text in (("pin", PIN), ("token", TOKEN)):
        (folder / name).write_text(text)
    keys = {"can-bo": make_key(root, "Lê Thị Một Cửa", number=7),
            "co-quan": make_key(root, "Sở Thử", number=8)}  # fmt: skip
    with service_at_work(**keys) as service:
        settings = {
            "SOHOA_REMOTE_SIGNING_URL": service.address,
            "SOHOA_REMOTE_SIGNING_TOKEN_FILE": str(folder / "token"),
            "SOHOA_OFFICER_CREDENTIAL": "can-bo",
            "SOHOA_ORGANISATION_CREDENTIAL": "co-quan",
            "SOHOA_OFFICER_PASSPHRASE_FILE": str(folder / "pin"),
            "SOHOA_ORGANISATION_PASSPHRASE_FILE": str(folder / "pin"),
            "SOHOA_TRUST": f'["{root.pem(folder)}"]',
        }
        yield Setup(service, root, settings, folder)


def hand_in(office: Office, count: int) -> list[str]:
    """So many papers, confirmed, and everything done that can be."""
    with office.client("clerk") as clerk:
        made = [
            clerk.post(
                "/v1/documents", files={"file": ("giấy.pdf", born_digital(f"KY TU XA {number}"))}
            ).json()["id"]
            for number in range(count)
        ]
        office.work()
        for document in made:
            clerk.post(f"/v1/documents/{document}/confirm")
        office.work()
    return made


def status(office: Office, document: str) -> tuple[str, str, str]:
    with office.house.database.read() as tx:
        found = documents.get(tx, document)
        waits = [
            one.detail["code"]
            for one in documents.history(tx, document)
            if one.event == "signature_waits"
        ]
    return found.state, found.status, waits[-1] if waits else ""


def once_more(office: Office) -> None:
    """Half a minute has passed: what waited is tried again."""
    with office.house.database.write() as tx:
        tx.execute(update(jobs).values(run_after=office.house.clock.now()))
    Worker(office.house, 1).run(until_idle=True)


def test_a_batch_of_papers_is_signed_under_one_authorisation_a_turn(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.give(monkeypatch)
    with open_office(tmp_path / "home") as office, office.client("officer") as officer:
        papers = hand_in(office, 5)
        assert {status(office, one) for one in papers} == {("done", "active", "")}
        for document in papers:
            answer = officer.get(f"/v1/documents/{document}/content?rendition=archival")
            (tmp_path / "a.pdf").write_bytes(answer.content)
            report = verify_file(tmp_path / "a.pdf", [setup.root.pem(tmp_path)])
            assert [one.signer for one in report.signatures] == ["Lê Thị Một Cửa", "Sở Thử"]
            assert [one.verdict for one in report.signatures] == ["valid", "valid"]
    assert setup.service.calls.count("credentials/authorize") == 2  # officer's turn, office's turn
    assert setup.service.calls.count("signatures/signHash") == 2


def test_no_batch_is_longer_than_the_service_takes(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.service.most = 2
    setup.give(monkeypatch)
    with open_office(tmp_path / "home") as office:
        papers = hand_in(office, 3)
        assert {status(office, one)[1] for one in papers} == {"active"}
    assert setup.service.calls.count("credentials/authorize") == 4


def test_papers_wait_while_the_service_refuses_and_go_on_when_it_does_not(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.pin("000000")
    setup.give(monkeypatch)
    with open_office(tmp_path / "home") as office:
        (document,) = hand_in(office, 1)
        assert status(office, document) == ("composed", "draft", "wrong_pin")
        for _ in range(5):
            once_more(office)
        assert setup.service.wrong_tries == 1  # a refused PIN is not sent again by itself
        setup.pin(PIN)
        once_more(office)
        assert status(office, document)[:2] == ("done", "active")
    log = (tmp_path / "home").rglob("*")
    assert not any(PIN.encode() in path.read_bytes() for path in log if path.is_file())


def test_an_office_starts_while_its_service_is_away_and_its_papers_wait(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = setup.service.address.replace(setup.service.address.split(":")[2].split("/")[0], "9")
    setup.give(monkeypatch, SOHOA_REMOTE_SIGNING_URL=gone)
    with open_office(tmp_path / "home") as office:
        (document,) = hand_in(office, 1)
        assert status(office, document) == ("composed", "draft", "signing_service_unreachable")
    setup.give(monkeypatch)
    with open_office_again(tmp_path / "home") as again:
        once_more(again)
        assert status(again, document)[:2] == ("done", "active")


def open_office_again(home: Path) -> "Again":
    return Again(home)


class Again:
    """The same data folder, opened by another process of the service."""

    def __init__(self, home: Path) -> None:
        from api.settings import Settings
        from api.wiring import open_house

        self._house = open_house(Settings(home=home, workers=1))

    def __enter__(self) -> Office:
        return Office(self._house.__enter__(), "")

    def __exit__(self, *error: object) -> None:
        self._house.__exit__(None, None, None)


def test_the_officers_key_may_be_remote_and_the_offices_here(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.unit.signing.office import write_p12

    write_p12(setup.folder / "so.p12", make_key(setup.root, "Sở tại chỗ", number=9))
    (setup.folder / "so.pin").write_text("bi mat")
    setup.settings.pop("SOHOA_ORGANISATION_CREDENTIAL")
    setup.give(
        monkeypatch, SOHOA_ORGANISATION_KEY=str(setup.folder / "so.p12"),
        SOHOA_ORGANISATION_PASSPHRASE_FILE=str(setup.folder / "so.pin"),
    )  # fmt: skip
    with open_office(tmp_path / "home") as office:
        papers = hand_in(office, 2)
        assert {status(office, one)[1] for one in papers} == {"active"}
    assert setup.service.calls.count("credentials/authorize") == 1


def test_keys_that_sign_by_pss_alone_sign_papers_and_receipts(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.service.algorithms = [PSS]
    setup.give(monkeypatch)
    with open_office(tmp_path / "home") as office:
        (paper,) = hand_in(office, 1)
        assert status(office, paper)[1] == "active"
        with office.client("officer") as officer:
            url = f"/v1/documents/{paper}/content?rendition=archival"
            (tmp_path / "a.pdf").write_bytes(officer.get(url).content)
    report = verify_file(tmp_path / "a.pdf", [setup.root.pem(tmp_path)])
    assert [one.verdict for one in report.signatures] == ["valid", "valid"]
    receipt = make_receipt({"kind": "once_only_answer"}, access(setup))
    assert verify_receipt(receipt, [setup.root.pem(tmp_path)]).valid


def access(setup: Setup, **changed: object) -> RemoteSigner:
    given = {
        "url": setup.service.address, "credential": "can-bo", "pin_file": setup.folder / "pin",
        "token_file": setup.folder / "token",
    }  # fmt: skip
    return RemoteSigner(RemoteAccess(**{**given, **changed}))  # type: ignore[arg-type]


def test_a_token_is_got_with_the_offices_client(setup: Setup) -> None:
    (setup.folder / "secret").write_text("bí mật của cơ quan")
    setup.service.clients["so-khcn"] = "bí mật của cơ quan"
    client = {"token_file": None, "client_id": "so-khcn",
              "client_secret_file": setup.folder / "secret"}  # fmt: skip
    signer = access(setup, **client)
    assert signer.sign(b"x", "sha256")
    assert signer.sign(b"y", "sha256")
    assert setup.service.calls.count("oauth2/token") == 1
    (setup.folder / "secret").write_text("sai")
    with pytest.raises(MissingPart) as caught:
        access(setup, **client).sign(b"x", "sha256")
    assert caught.value.error_code == "signing_service_refused"


def test_a_one_time_code_is_read_when_it_is_needed_and_sent_once(setup: Setup) -> None:
    code = setup.folder / "otp"
    code.write_text("111111")
    setup.service.one_time_codes = {"222222"}
    signer = access(setup, otp_file=code)
    for _ in range(3):
        with pytest.raises(InvalidRequest) as caught:
            signer.sign(b"x", "sha256")
        assert caught.value.error_code == "wrong_one_time_code"
    assert setup.service.calls.count("credentials/authorize") == 1
    code.write_text("222222")
    assert signer.sign_digests([bytes(32)] * 3)  # one code for a batch
    assert setup.service.one_time_codes == set()


def test_a_wrong_address_is_told_at_the_start(setup: Setup) -> None:
    with pytest.raises(UsageError):
        access(setup, url="http://ky.example.vn/csc/v2")


def test_the_doctor_asks_the_service_without_a_pin(setup: Setup, tmp_path: Path) -> None:
    settings = {name.removeprefix("SOHOA_").lower(): one for name, one in setup.settings.items()}
    answer = sohoa("doctor", "--json", home=tmp_path / "home", **settings)
    told = {one["check"]: one for one in answer.records()}
    assert told["khóa công chức · officer's key"]["ok"]
    assert "Lê Thị Một Cửa" in told["khóa công chức · officer's key"]["detail"]
    assert "credentials/authorize" not in setup.service.calls
    settings["officer_credential"] = "khong-co"
    answer = sohoa("doctor", "--json", home=tmp_path / "home", **settings)
    told = {one["check"]: one for one in answer.records()}
    assert answer.code == 4
    assert not told["khóa công chức · officer's key"]["ok"]


def test_a_laptop_does_not_sign_with_keys_that_are_elsewhere(setup: Setup, tmp_path: Path) -> None:
    settings = {name.removeprefix("SOHOA_").lower(): one for name, one in setup.settings.items()}
    (tmp_path / "a.pdf").write_bytes(born_digital())
    words = ("digitize", tmp_path / "a.pdf", "--out", tmp_path / "out")
    sohoa(*words, **settings).complains(2, "--no-sign", "--no-sign")
