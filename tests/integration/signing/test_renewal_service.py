"""Archival files are prolonged in time; the original and the file before stay as they were."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from api.settings import Settings
from api.wiring import open_house
from ingest import renewal
from ingest.house import House
from repository import documents
from signing.validation import verify_file
from tests.integration.commandline.calling import sohoa
from tests.integration.http.office import open_office
from tests.integration.http.papers import born_digital
from tests.integration.signing.tsa import authority_at_work
from tests.unit.signing.office import NOW, make_key, make_root, write_p12


def keys_of(folder: Path, root: object, crl: str) -> dict[str, str]:
    """Files of both keys, as settings name them."""
    found = {}
    for number, who in ((7, "officer"), (8, "organisation")):
        key = make_key(root, f"Người {who}", number=number, crl=crl)  # type: ignore[arg-type]
        write_p12(folder / f"{who}.p12", key)
        (folder / f"{who}.pin").write_text("bi mat")
        found[f"{who}_key"] = str(folder / f"{who}.p12")
        found[f"{who}_passphrase_file"] = str(folder / f"{who}.pin")
    return found


def bytes_of(house: House, name: str) -> bytes:
    with house.objects.open(name) as stream:
        return stream.read()


def test_what_falls_due_is_told_and_renewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_root()
    home, original = tmp_path / "home", born_digital("GIU LAU DAI")
    with authority_at_work(root, end=NOW + timedelta(days=90)) as first:
        settings = {
            **keys_of(tmp_path, root, first.crl_url),
            "signature_level": "B-LTA", "tsa_url": first.url,
            "trust": f'["{root.pem(tmp_path)}"]',
        }  # fmt: skip
        for name, value in settings.items():
            monkeypatch.setenv(f"SOHOA_{name.upper()}", value)
        with open_office(home) as office, office.client("clerk") as clerk:
            document = clerk.post("/v1/documents", files={"file": ("giấy.pdf", original)}).json()[
                "id"
            ]
            office.work()
            clerk.post(f"/v1/documents/{document}/confirm")
            office.work()
            with office.client("administrator") as administrator:
                due = "/v1/archives/due?within_days="
                (item,) = administrator.get(f"{due}365").json()["items"]
                assert item["document"] == document
                assert "name" not in item
                assert administrator.get(f"{due}30").json()["items"] == []
        (told,) = sohoa("due", "--within", "365d", "--json", home=home, **settings).records()
        assert told["document"] == document
        assert told["until"].startswith((NOW + timedelta(days=90)).date().isoformat()[:7])
        assert sohoa("due", "--within", "30d", "--json", home=home, **settings).records() == []
        with authority_at_work(root, end=NOW + timedelta(days=399)) as second:
            settings["tsa_url"] = second.url
            answer = sohoa("renew", "--within", "180d", "--json", home=home, **settings)
            again = sohoa("renew", "--within", "180d", "--json", home=home, **settings)
    assert [one["state"] for one in answer.records()] == ["renewed"]
    assert (answer.code, again.records()) == (0, [])
    assert sohoa("due", "--within", "365d", "--json", home=home, **settings).records() == []
    with open_house(Settings(home=home)) as house:
        with house.database.read() as tx:
            kept = documents.renditions(tx, document)
            (past,) = documents.past_renditions(tx, document)
            last = documents.history(tx, document)[-1]
            found = documents.get(tx, document)
        with house.objects.local(kept["archival"].sha256) as now_:
            report = verify_file(now_, [root.pem(tmp_path)])
            assert now_.read_bytes().startswith(bytes_of(house, past.sha256))
        assert bytes_of(house, found.sha256) == original
    assert found.sha256 == sha256(original).hexdigest()
    assert [one.verdict for one in report.signatures] == ["valid", "valid"]
    assert (last.event, last.detail["before"]) == ("archive_renewed", past.sha256)
    assert told["sha256"] == past.sha256 != kept["archival"].sha256
    assert '"unnamed"' not in sohoa("check", "--json", home=home, **settings).out


def test_a_silent_authority_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    root = make_root()
    with authority_at_work(root, end=NOW + timedelta(days=90)) as tsa:
        settings = {
            **keys_of(tmp_path, root, tsa.crl_url),
            "signature_level": "B-T", "tsa_url": tsa.url, "trust": f'["{root.pem(tmp_path)}"]',
        }  # fmt: skip
        for name, value in settings.items():
            monkeypatch.setenv(f"SOHOA_{name.upper()}", value)
        with open_office(tmp_path / "home") as office, office.client("clerk") as clerk:
            made = clerk.post("/v1/documents", files={"file": ("a.pdf", born_digital("IM LANG"))})
            office.work()
            clerk.post(f"/v1/documents/{made.json()['id']}/confirm")
            office.work()
    with open_house(Settings(home=tmp_path / "home")) as house:
        before = renewal.falling_due(house, timedelta(days=365))
        renewal.care(house, timedelta(days=365))  # the worker's duty never raises
        assert renewal.falling_due(house, timedelta(days=365)) == before != []
    answer = sohoa("renew", "--within", "365d", home=tmp_path / "home", **settings)
    assert answer.code in (3, 4)
    assert "Traceback" not in answer.err + capfd.readouterr().err


def test_files_of_ones_own_are_looked_at_without_a_data_folder(tmp_path: Path) -> None:
    from signing.sign import sign_file
    from tests.unit.signing.office import blank_pdf

    blank_pdf(tmp_path / "a.pdf")
    key = make_key(make_root(), end=NOW + timedelta(days=100))
    sign_file(tmp_path / "a.pdf", tmp_path / "b.pdf", key, "officer")
    answer = sohoa("due", tmp_path / "a.pdf", tmp_path / "b.pdf", "--within", "101d", "--json")
    none, some = answer.records()
    assert (none["until"], none["due"]) == (None, False)
    assert (some["because"], some["due"]) == ("certificate", True)
    sohoa("due", tmp_path / "b.pdf", "--within", "soon").complains(2, "khoảng thời gian", "period")
