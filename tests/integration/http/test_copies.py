"""Printed copies and receipts: a code on paper, and what the office says of it to anybody."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pikepdf
import pypdfium2
import pytest
import zxingcpp

from api.http.copies import FREE_LOOKUPS
from demo.papers import PaperKind
from repository import copies
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import SUBJECT, born_digital, scanned
from tests.servers.engines import Engines

ADDRESS = "https://sohoa.example.gov.vn"
FIRM = {"scheme": SUBJECT.scheme, "id": SUBJECT.id, "name": SUBJECT.name}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    with open_office(
        tmp_path_factory.mktemp("office"), ADDRESS, demo=True, engines=engines
    ) as made:
        yield made


@pytest.fixture
def anybody(office: Office) -> Iterator[httpx.Client]:
    with office.client(None) as client:
        client.headers["Accept"] = "application/json"
        yield client


@pytest.fixture(scope="module")
def licence(office: Office) -> str:
    told = {"type": "radiation_work_licence", "scope": "nationwide", "form": "original",
            "issue_date": "2026-03-12", "subject": FIRM}  # fmt: skip
    with office.client("clerk") as clerk:
        document: str = clerk.post(
            "/v1/documents",
            files={"file": ("giấy phép.pdf", scanned(PaperKind.LICENCE, 11))},
            data={"metadata": json.dumps(told)},
        ).json()["id"]
        office.work()
        clerk.post(f"/v1/documents/{document}/confirm")
        office.work()
    return document


def codes_on(pdf: bytes) -> list[list[str]]:
    """What the QR codes of each page say, at the printer's resolution."""
    opened = pypdfium2.PdfDocument(pdf)
    return [
        [code.text for code in zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())]
        for page in opened
    ]


def test_a_printed_copy_can_be_checked_by_anybody(
    office: Office, officer: httpx.Client, anybody: httpx.Client, licence: str
) -> None:
    made = officer.post(f"/v1/documents/{licence}/copies")
    assert made.status_code == 201, made.text
    code = made.json()["code"]
    assert made.json()["verify_url"] == f"{ADDRESS}/verify/{code}"
    pdf = officer.get(made.json()["url"])
    assert pdf.headers["content-type"] == "application/pdf"
    archival = officer.get(f"/v1/documents/{licence}/content?rendition=archival").content
    with pikepdf.open(io.BytesIO(pdf.content)) as copy, pikepdf.open(io.BytesIO(archival)) as from_:
        assert len(copy.pages) == len(from_.pages)
        assert "/AcroForm" not in copy.Root  # a changed file does not pretend to be signed
    assert codes_on(pdf.content) == [[f"{ADDRESS}/verify/{code}"]] * len(codes_on(archival))
    told = anybody.get(f"/verify/{code}").json()
    assert told["standing"] == "in_force"
    assert told["type"] == "radiation_work_licence"
    assert told["sha256"] == officer.get(f"/v1/documents/{licence}").json()["output"]["sha256"]
    shown = json.dumps(told, ensure_ascii=False)
    assert SUBJECT.name not in shown  # who holds the paper reads the holder there
    assert SUBJECT.id not in shown
    assert licence not in shown
    typed = code.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert anybody.get(f"/verify/{typed}").json()["code"] == code


def test_a_phone_gets_a_page(office: Office, officer: httpx.Client, licence: str) -> None:
    code = officer.post(f"/v1/documents/{licence}/copies").json()["code"]
    with httpx.Client(base_url=office.url, headers={"Accept": "text/html"}) as phone:
        page = phone.get(f"/verify/{code}")
        assert "Giấy tờ đang có giá trị" in page.text
        assert "THỬ NGHIỆM" in page.text
        assert phone.get("/verify").status_code == 200
        assert "Giấy tờ đang có giá trị" in phone.get(f"/verify?code={code}").text
        wrong = phone.get("/verify/AAAA-AAAA-AAAA")
        assert wrong.status_code == 404
        assert "Kiểm tra lại" in wrong.text or "kiểm tra lại" in wrong.text


def test_what_was_printed_follows_the_paper(
    office: Office, officer: httpx.Client, anybody: httpx.Client
) -> None:
    told = {"type": "radiation_work_licence", "scope": "nationwide", "form": "original",
            "issue_date": "2025-03-12", "subject": FIRM}  # fmt: skip
    with office.client("clerk") as clerk:
        paper = clerk.post(
            "/v1/documents",
            files={"file": ("cũ.pdf", born_digital("BAN CU"))},
            data={"metadata": json.dumps(told)},
        ).json()["id"]
        early = officer.post(f"/v1/documents/{paper}/copies")
        assert (early.status_code, early.json()["code"]) == (409, "not_certified")
        office.work()
        clerk.post(f"/v1/documents/{paper}/confirm")
        office.work()
    code = officer.post(f"/v1/documents/{paper}/copies").json()["code"]
    assert anybody.get(f"/verify/{code}").json()["standing"] == "in_force"
    officer.post(f"/v1/documents/{paper}/withdraw", json={"reason": "QĐ 5/QĐ-SKHCN"})
    assert anybody.get(f"/verify/{code}").json()["standing"] == "withdrawn"


@pytest.mark.usefixtures("licence")
def test_the_applicant_gets_a_receipt_for_what_was_not_asked_for(
    officer: httpx.Client, anybody: httpx.Client
) -> None:
    body = {"procedure": "2.002381", "subject": FIRM}
    dossier = officer.post("/v1/dossiers", json=body).json()["code"]
    made = officer.post(f"/v1/dossiers/{dossier}/receipt").json()
    pdf = officer.get(made["url"]).content
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    assert "không phải nộp lại" in text
    assert dossier in text
    assert codes_on(pdf) == [[f"{ADDRESS}/verify/{made['code']}"]]
    told = anybody.get(f"/verify/{made['code']}").json()
    assert (told["kind"], told["dossier"], len(told["papers"])) == ("receipt", dossier, 1)
    stranger = {"scheme": "vn:mst", "id": "0100109106"}
    other = officer.post("/v1/dossiers", json={**body, "subject": stranger}).json()["code"]
    empty = officer.post(f"/v1/dossiers/{other}/receipt")
    assert (empty.status_code, empty.json()["code"]) == (409, "nothing_reused")


def test_who_may_not_know_of_a_paper_cannot_print_it(office: Office, licence: str) -> None:
    with office.client("officer") as officer:
        url = officer.post(f"/v1/documents/{licence}/copies").json()["url"]
    with office.client("system") as system:
        assert system.post(f"/v1/documents/{licence}/copies").status_code == 404
        assert system.get(url).status_code == 404
    with office.client(None) as nobody:
        assert nobody.get(url).status_code == 401


def test_guessing_codes_has_to_wait(tmp_path: Path) -> None:
    with open_office(tmp_path) as made, made.client(None) as client:
        client.headers["Accept"] = "application/json"
        answers = [client.get(f"/verify/{copies.new_code()}") for _ in range(FREE_LOOKUPS + 1)]
        assert [one.status_code for one in answers] == [404] * FREE_LOOKUPS + [429]
        assert int(answers[-1].headers["retry-after"]) >= 1


def test_codes_cannot_be_guessed_or_misread() -> None:
    assert len({copies.new_code() for _ in range(1000)}) == 1000
    assert copies.normal("abcd-efgh-jkmo") == "ABCDEFGHJKM0"
    assert copies.normal("abcd-efgh-jkm") is None
    assert copies.normal("abcd-efgh-jkmu") is None


def test_a_label_for_the_paper_file(officer: httpx.Client, licence: str) -> None:
    dossier = officer.post("/v1/dossiers", json={"procedure": "2.002381", "subject": FIRM}).json()
    answer = officer.get(f"/v1/dossiers/{dossier['code']}/label")
    assert answer.headers["content-type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        (page,) = pdf.pages
        assert [round(float(side) * 25.4 / 72) for side in page.mediabox] == [0, 0, 105, 74]
    assert codes_on(answer.content) == [[f"{dossier['code']}|2.002381|{SUBJECT.id}|Hồ sơ giấy"]]
    text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_bounded()
    assert dossier["code"] in text
    given = officer.get(f"/v1/documents/{licence}").json()["result_codes"]
    assert given[0] in text
    assert officer.get("/v1/dossiers/000.00.15.H31-200101-0001/label").status_code == 404
