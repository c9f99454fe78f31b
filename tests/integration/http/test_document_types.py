"""The document types over HTTP and as a page; what they ask of a paper that came in."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from demo.papers import PaperKind, born_digital_pdf, make_paper
from tests.integration.http.office import Office, open_office
from tests.servers.engines import Engines

OWN = """schema = 1
key = "liquor_licence"
[name]
vi = "Giấy phép bán lẻ rượu"
en = "Liquor licence"
[[cues.titles]]
text = "Giấy phép bán lẻ rượu"
weight = 0.95
[fields]
has = ["doc_type", "holder_name"]
essential = ["doc_type", "holder_name"]
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    """An office with a type of its own, and a file that is wrong."""
    home: Path = tmp_path_factory.mktemp("typed-office")
    (home / "types").mkdir()
    (home / "types" / "liquor.toml").write_text(OWN, encoding="utf-8")
    (home / "types" / "wrong.toml").write_text("schema = 7", encoding="utf-8")
    with open_office(home, engines=engines) as made:
        yield made


def test_the_types_are_listed_with_the_offices_own(office: Office) -> None:
    with office.client("system") as client:
        answer = client.get("/v1/document-types").json()
        own = client.get("/v1/document-types/liquor_licence").json()
        missing = client.get("/v1/document-types/nothing")
    assert len(answer["items"]) == 11
    assert answer["problems"] >= 1
    assert own["name"]["vi"] == "Giấy phép bán lẻ rượu"
    assert not own["shipped"]
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


def test_nobody_is_told_nothing(office: Office) -> None:
    with office.client(None) as client:
        assert client.get("/v1/document-types").status_code == 401


def test_the_page_tells_cues_fields_and_validity_and_admins_what_is_wrong(office: Office) -> None:
    with office.browser("administrator") as browser:
        page = browser.get("/document-types").text
    assert "Giấy phép bán lẻ rượu" in page
    assert "Thông tư 32/2023/TT-BYT" in page
    assert "wrong.toml, dòng 1" in page
    with office.browser("clerk") as browser:
        shown = browser.get("/document-types").text
    assert "Giấy khám sức khỏe" in shown
    assert "wrong.toml" not in shown


def handed_in(office: Office, kind: PaperKind, seed: int, **wishes: date) -> str:
    paper = make_paper(kind, seed, **wishes)
    with office.client("clerk") as client:
        sent = {"file": ("giấy.pdf", born_digital_pdf(paper))}
        document: str = client.post("/v1/documents", files=sent).json()["id"]
    office.work()
    return document


def test_a_registration_is_not_asked_for_a_symbol_that_it_never_has(office: Office) -> None:
    document = handed_in(office, PaperKind.CERTIFICATE, 7301)
    with office.client("clerk") as client:
        record = client.get(f"/v1/documents/{document}").json()
    assert "number_symbol" not in record["fields"]
    assert record["state"] == "done"


def test_the_page_offers_the_type_and_the_end_that_the_law_gives(office: Office) -> None:
    document = handed_in(office, PaperKind.POWER_OF_ATTORNEY, law_seed())
    with office.browser("clerk") as browser:
        page = browser.get(f"/documents/{document}").text
    assert 'value="power_of_attorney" selected' in page
    assert "Tính theo Bộ luật Dân sự 2015" in page


def law_seed() -> int:
    """A power of attorney that does not say how long it holds."""
    kind = PaperKind.POWER_OF_ATTORNEY
    seeds = range(7300, 7330)
    return next(s for s in seeds if "expiry_date" not in make_paper(kind, s).fields)
