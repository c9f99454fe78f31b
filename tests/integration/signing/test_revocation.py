"""Revocation and missing certificates: asked for with limits, or from an administrator's folder."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing import asking
from signing.asking import forget_answers
from signing.certify import CertifyOrder, certify
from signing.revocation import Revocation
from signing.sign import sign_file
from signing.validation import verify_file
from tests.integration.commandline.calling import sohoa
from tests.integration.signing.pki import Pki, pki_at_work
from tests.integration.signing.tsa import authority_at_work
from tests.unit.signing.office import blank_pdf, make_key, make_root
from vocabulary.errors import InvalidRequest, MissingPart


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with pki_at_work(tmp_path_factory.mktemp("pki")) as running:
        yield running


@pytest.fixture(autouse=True)
def fresh(pki: Pki) -> None:
    forget_answers()
    pki.asked.clear()


@pytest.fixture
def closed(pki: Pki, tmp_path: Path) -> Path:
    """A folder that an administrator filled: the chain, and lists in both encodings."""
    folder = tmp_path / "lists"
    (folder / "sâu hơn").mkdir(parents=True)
    (folder / "interm.pem").write_bytes(pki.certificate("interm").public_bytes(Encoding.PEM))
    (folder / "root.crl").write_bytes(pki.ask("crls/root/latest.crl"))
    (folder / "sâu hơn" / "interm.crl.pem").write_bytes(pki.ask("crls/interm/latest.crl.pem"))
    pki.asked.clear()
    return folder


def test_online_the_chain_and_its_revocation_are_found(pki: Pki, tmp_path: Path) -> None:
    sign_file(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", pki.key("signer"), "officer")
    (offline,) = verify_file(tmp_path / "out.pdf", [pki.root]).signatures
    assert (offline.verdict, offline.remarks) == ("undecided", ("no_trust_anchor",))
    assert pki.asked == []
    (online,) = verify_file(tmp_path / "out.pdf", [pki.root], online=True).signatures
    assert (online.verdict, online.remarks) == ("valid", ())
    assert {path.split("/")[2] for path in pki.asked} == {"certs", "ocsp", "crls"}


def test_a_revoked_signer_is_found_online_and_in_the_folder(
    pki: Pki, tmp_path: Path, closed: Path
) -> None:
    sign_file(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", pki.key("revoked"), "officer")
    for how in ({"online": True}, {"folder": closed}):
        (record,) = verify_file(tmp_path / "out.pdf", [pki.root], **how).signatures  # type: ignore[arg-type]
        assert (record.trust, record.verdict) == ("untrusted", "invalid"), how
        assert "revoked" in record.remarks


def test_in_a_closed_network_the_folder_is_enough(pki: Pki, tmp_path: Path, closed: Path) -> None:
    sign_file(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", pki.key("signer"), "officer")
    (record,) = verify_file(tmp_path / "out.pdf", [pki.root], folder=closed).signatures
    assert (record.verdict, record.remarks) == ("valid", ())
    assert pki.asked == []
    answer = sohoa(
        "verify", tmp_path / "out.pdf", "--trust", pki.root, "--json", revocation_folder=closed
    )
    assert answer.records()[0]["signatures"][0]["verdict"] == "valid"


def test_long_term_evidence_is_embedded_from_the_folder_alone(
    pki: Pki, tmp_path: Path, closed: Path, order: CertifyOrder
) -> None:
    from dataclasses import replace

    long_term = replace(
        order, officer=pki.key("officer"), organisation=pki.key("signer"), level="B-LTA",
        tsa_url=pki.tsa, anchors=(pki.root,), revocation=Revocation(closed, online=False),
    )  # fmt: skip
    certify(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", long_term)
    assert {path.split("/")[2] for path in pki.asked} == {"tsa"}
    records = verify_file(tmp_path / "out.pdf", [pki.root]).signatures  # from the file alone
    assert [(one.level, one.verdict) for one in records] == [("B-LTA", "valid")] * 2


def test_a_batch_asks_once(pki: Pki, tmp_path: Path) -> None:
    blank_pdf(tmp_path / "in.pdf")
    for number in range(4):
        sign_file(
            tmp_path / "in.pdf", tmp_path / f"{number}.pdf", pki.key("signer"), "officer", "B-LT",
            pki.tsa, anchors=[pki.root],
        )  # fmt: skip
        (record,) = verify_file(tmp_path / f"{number}.pdf", [pki.root]).signatures
        assert (record.level, record.verdict) == ("B-LT", "valid")
    kinds = [path.split("/")[2] for path in pki.asked if "/tsa/" not in path]
    assert sorted(kinds) == ["certs", "crls", "ocsp"]


def test_a_revoked_certificate_does_not_sign(pki: Pki, tmp_path: Path, closed: Path) -> None:
    blank_pdf(tmp_path / "in.pdf")
    with pytest.raises(InvalidRequest) as by_folder:
        sign_file(tmp_path / "in.pdf", tmp_path / "out.pdf", pki.key("revoked"), "officer",
                  revocation=Revocation(closed, online=False))  # fmt: skip
    with pytest.raises(InvalidRequest) as by_network:
        sign_file(tmp_path / "in.pdf", tmp_path / "out.pdf", pki.key("revoked"), "officer", "B-LT",
                  pki.tsa, anchors=[pki.root])  # fmt: skip
    assert by_folder.value.error_code == by_network.value.error_code == "certificate_revoked"
    assert [path.name for path in tmp_path.glob("*.pdf")] == ["in.pdf"]


def test_what_cannot_be_checked_is_not_embedded_as_evidence(pki: Pki, tmp_path: Path) -> None:
    """A certificate that names its responder, and nobody answers: the paper waits."""
    blank_pdf(tmp_path / "in.pdf")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        gone = probe.getsockname()[1]
    root = make_root()
    key = make_key(root, crl=f"http://127.0.0.1:{gone}/root.crl")
    with pytest.raises(MissingPart) as caught:
        sign_file(tmp_path / "in.pdf", tmp_path / "out.pdf", key, "officer", "B-LT", pki.tsa,
                  anchors=[root.pem(tmp_path), pki.root])  # fmt: skip
    assert caught.value.error_code == "signing_failed"
    assert not (tmp_path / "out.pdf").exists()


def test_a_folder_that_is_gone_or_holds_other_things_is_told(tmp_path: Path, closed: Path) -> None:
    with pytest.raises(MissingPart) as caught:
        Revocation(tmp_path / "gone").held()
    assert caught.value.error_code == "revocation_folder_missing"
    (closed / "ghi chú.txt").write_text("không phải danh sách")
    (closed / "cắt.crl").write_bytes((closed / "root.crl").read_bytes()[:60])
    held = Revocation(closed).held()
    assert sorted(held.unread) == ["cắt.crl", "ghi chú.txt"]
    assert (len(held.certificates), len(held.crls), len(held.ocsps)) == (1, 2, 0)
    (closed / "root.crl").unlink()
    assert len(Revocation(closed).held().crls) == 1  # seen without a restart
    answer = sohoa("doctor", "--json", home=tmp_path / "home", revocation_folder=closed)
    told = {one["check"]: one for one in answer.records()}
    assert not told["danh sách thu hồi · revocation lists"]["ok"]


class _Drip(BaseHTTPRequestHandler):
    """An address that never ends: a byte now and then, or more than anybody needs."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            if self.path == "/flood":
                while True:
                    self.wfile.write(bytes(1 << 20))
            while True:
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("path", ["/flood", "/drip"])
def test_an_address_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(asking, "WHOLE_S", 0.5)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Drip) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        line = asking._Line()
        with pytest.raises((ValueError, httpx.HTTPError)):
            line.ask(f"http://127.0.0.1:{server.server_port}{path}", "*/*", lambda data, _: data)
        server.shutdown()
        thread.join()


def test_only_http_is_spoken_and_a_judgement_asks_a_few_times_at_most(pki: Pki) -> None:
    line = asking._Line()
    for url in ("file:///etc/passwd", "ldap://127.0.0.1/cn", "ftp://127.0.0.1/x"):
        with pytest.raises(ValueError, match="not asked"):
            line.ask(url, "*/*", lambda data, _: data)
    asked = asking._Line()
    url = f"{pki.address}/bai-kiem/crls/root/latest.crl"
    for _ in range(asking.MOST_ASKED * 2):  # what is kept does not count
        asked.ask(url, "*/*", asking._list_of)
    assert len(pki.asked) == 1
    for number in range(asking.MOST_ASKED - 1):
        asked.ask(f"{url}?{number}", "*/*", asking._list_of)
    with pytest.raises(ValueError, match="not asked"):
        asked.ask(f"{url}?more", "*/*", asking._list_of)


def test_certificates_of_the_folder_are_no_anchors(pki: Pki, tmp_path: Path, closed: Path) -> None:
    """Whoever may fill the folder may not decide whom to trust."""
    (closed / "root.pem").write_bytes(pki.root.read_bytes())
    sign_file(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", pki.key("signer"), "officer")
    stranger = make_root("Gốc khác", number=101).pem(tmp_path)
    (record,) = verify_file(tmp_path / "out.pdf", [stranger], folder=closed).signatures
    assert (record.trust, record.verdict) == ("unknown", "undecided")
    assert isinstance(Revocation(closed).held().certificates[0], asn1_x509.Certificate)


def test_a_list_at_hand_counts_for_certificates_that_name_none(tmp_path: Path) -> None:
    root = make_root()
    key = make_key(root, "Chứng thư cũ")
    sign_file(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", key, "officer")
    pem, folder = root.pem(tmp_path), tmp_path / "lists"
    folder.mkdir()
    with authority_at_work(root) as tsa:
        (folder / "root.crl").write_bytes(tsa.crl())
        (good,) = verify_file(tmp_path / "out.pdf", [pem], folder=folder).signatures
        tsa.revoked.append(key.certificate.serial_number)
        (folder / "root.crl").write_bytes(tsa.crl())
        (bad,) = verify_file(tmp_path / "out.pdf", [pem], folder=folder).signatures
    assert (good.verdict, good.remarks) == ("valid", ())
    assert (bad.verdict, bad.trust) == ("invalid", "untrusted")
    assert "revoked" in bad.remarks
