"""What becomes of papers over time: ended with another, corrected, out of force after the check."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from ingest.copies import certified
from ingest.intake import check_metadata
from repository import copies
from tests.integration.http.counter import RENEWAL, component, hand_in, of_the_firm
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import born_digital
from tests.integration.http.test_bad_input import Stopped
from tests.servers.engines import Engines
from vocabulary.clock import VIETNAM
from vocabulary.errors import InvalidRequest

LICENCE = "radiation_work_licence"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office"), demo=True, engines=engines) as made:
        yield made


def firm(number: str) -> dict[str, str]:
    return {"scheme": "vn:mst", "id": number, "name": f"Công ty {number}"}


def paper(office: Office, holder: dict[str, str], text: str, kind: str, **more: object) -> str:
    return hand_in(office, born_digital(text), **{**of_the_firm(kind, **more), "subject": holder})


def dossier_of(officer: httpx.Client, holder: dict[str, str], **more: object) -> dict[str, object]:
    answer = officer.post("/v1/dossiers", json={"procedure": RENEWAL, "subject": holder, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


def say(officer: httpx.Client, document: str, **said: object) -> httpx.Response:
    version = officer.get(f"/v1/documents/{document}").json()["version"]
    return officer.patch(f"/v1/documents/{document}", json={**said, "version": version})


def lost(officer: httpx.Client, code: object) -> list[tuple[str, list[str]]]:
    told = officer.get(f"/v1/dossiers/{code}").json()["warnings"]
    return [(one["document"], one["reasons"]) for one in told if one["code"] == "paper_lost"]


def events(officer: httpx.Client, code: object) -> list[str]:
    return [one["event"] for one in officer.get(f"/v1/dossiers/{code}").json()["history"]]


def test_a_paper_that_is_found_to_have_expired_is_told_to_the_dossier_that_used_it(
    office: Office, officer: httpx.Client
) -> None:
    holder = firm("0301442379")
    licence = paper(office, holder, "HET HAN SAU", LICENCE)
    dossier = dossier_of(officer, holder)
    assert component(dossier, "TP2")["state"] == "reused"
    today = date.fromisoformat(str(dossier["received_at"])[:10])
    for ends, reasons in ((today, []), (today - DAY, ["expired"])):  # the last day still counts
        assert say(officer, licence, valid_to=ends.isoformat()).status_code == 200
        assert lost(officer, dossier["code"]) == ([(licence, reasons)] if reasons else [])
    assert events(officer, dossier["code"]).count("paper_ended") == 1


def test_a_paper_ends_with_another_and_the_dossier_is_told(
    office: Office, officer: httpx.Client
) -> None:
    holder = firm("0100109106")
    registration = paper(office, holder, "DANG KY", "business_registration")
    licence = paper(office, holder, "PHEP THEO DANG KY", LICENCE)
    said = say(officer, licence, ends_with=registration)
    assert said.json()["ends_with"] == registration
    dossier = dossier_of(officer, holder)
    assert component(dossier, "TP2")["documents"] == [licence]
    reason = {"reason": "QĐ giải thể"}
    officer.post(f"/v1/documents/{registration}/withdraw", json=reason)
    assert sorted(lost(officer, dossier["code"])) == sorted(
        [(licence, ["ended_with_other"]), (registration, ["withdrawn"])]
    )
    assert {"paper_withdrawn", "paper_ended"} <= set(events(officer, dossier["code"]))


def test_a_corrected_paper_gives_way_to_the_right_one(
    office: Office, officer: httpx.Client
) -> None:
    holder = firm("0312345673")
    wrong = paper(office, holder, "SAI TEN", LICENCE)
    dossier = dossier_of(officer, holder)
    right = paper(office, holder, "DUNG TEN", LICENCE)
    done = officer.post(
        f"/v1/documents/{wrong}/supersede", json={"by": right, "correction": True}
    ).json()
    assert (done["status"], done["superseded_by"]) == ("corrected", right)
    assert [one["event"] for one in done["history"]][-1] == "corrected"
    assert lost(officer, dossier["code"]) == [(wrong, ["corrected"])]
    assert "paper_corrected" in events(officer, dossier["code"])
    assert component(dossier_of(officer, holder), "TP2")["documents"] == [right]
    found = officer.get("/v1/documents", params={"status": "corrected"}).json()["items"]
    assert [one["id"] for one in found] == [wrong]


def test_papers_of_a_province_that_joined_count_from_its_day(
    office: Office, officer: httpx.Client
) -> None:
    """A licence of Thái Bình (H54) is in force here for dossiers from 01/7/2025 on."""
    holder = firm("0901234564")
    paper(office, holder, "PHEP THAI BINH", LICENCE, scope="H54", issue_date="2024-01-02")
    joined = date(2025, 7, 1)
    for day, state in ((joined - DAY, "awaited"), (joined, "reused"), (joined + DAY, "reused")):
        for hour in (17, 40):  # midnight in Vietnam, and 23:00 of the same day there
            start = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
            moment = start + timedelta(hours=hour)
            dossier = dossier_of(officer, holder, received_at=moment.isoformat())
            assert component(dossier, "TP2")["state"] == state, moment


def test_codes_of_papers_are_given_once_and_follow_a_correction(
    office: Office, officer: httpx.Client
) -> None:
    holder = firm("0100112437")
    first = paper(office, holder, "MA 1", LICENCE)
    second = paper(office, holder, "MA 2", LICENCE)
    codes = [officer.get(f"/v1/documents/{one}").json()["result_codes"] for one in (first, second)]
    stem = "0100112437.RADIATION-WORK-LICENCE"
    assert codes == [[stem], [f"{stem}-2"]]
    assert say(officer, first, type="birth_certificate").status_code == 200
    again = officer.get(f"/v1/documents/{first}").json()["result_codes"]
    assert again == [stem, "0100112437.KQ.G15.000031"]
    for code in again:  # the first still leads there
        found = officer.get("/v1/documents", params={"code": code.lower()}).json()["items"]
        assert [one["id"] for one in found] == [first]
    nobody = officer.get("/v1/documents", params={"code": "KHONG-CO"}).json()["items"]
    assert nobody == []


NEW_LAW = date(2026, 7, 1)


def last_and_first_minute(day: date) -> tuple[datetime, datetime]:
    """23:59 of the day before and 00:00 of a day, at Vietnam's clock."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    return midnight - timedelta(minutes=1), midnight


def test_a_dossier_follows_the_law_of_its_day_in_vietnam(
    office: Office, officer: httpx.Client
) -> None:
    code, parts = "1.666666", [{"code": "A", "name": "Giấy A", "satisfied_by": [["a"]]}]
    old = {"code": code, "name": "Luật cũ", "valid_from": "2024-01-01",
           "valid_to": (NEW_LAW - DAY).isoformat(), "components": parts}  # fmt: skip
    new = {"code": code, "name": "Luật mới", "valid_from": NEW_LAW.isoformat(),
           "valid_to": (NEW_LAW + DAY).isoformat(), "components": parts}  # fmt: skip
    with office.client("administrator") as administrator:
        for version in (old, new):
            assert administrator.put(f"/v1/procedures/{code}", json=version).status_code == 201
    names = []
    for day in (NEW_LAW, NEW_LAW + DAY, NEW_LAW + 2 * DAY):
        for moment in last_and_first_minute(day):
            body = {"procedure": code, "subject": firm("0901234564"),
                    "received_at": moment.isoformat()}  # fmt: skip
            answer = officer.post("/v1/dossiers", json=body).json()
            names.append(answer.get("procedure_name", answer.get("code")))
    assert names == ["Luật cũ", *["Luật mới"] * 4, "procedure_not_found"]


def test_the_age_of_a_paper_ends_at_midnight_in_vietnam(
    office: Office, officer: httpx.Client
) -> None:
    """A dose report may be 365 days old on the day of receipt, not one more."""
    holder = firm("0301442379")
    issued = date(2025, 6, 10)
    paper(office, holder, "LIEU KE", "personal_dose_report", issue_date=issued.isoformat())
    limit = issued + timedelta(days=365)
    for day, state in ((limit, "reused"), (limit + DAY, "awaited")):
        for moment in (*last_and_first_minute(day)[1:], last_and_first_minute(day + DAY)[0]):
            dossier = dossier_of(officer, holder, received_at=moment.isoformat())
            assert component(dossier, "TP5")["state"] == state, moment


def test_what_a_printed_copy_stands_for_the_day_after_its_last(
    office: Office, officer: httpx.Client
) -> None:
    holder = firm("0100109106")
    last = date(2026, 11, 20)
    document = paper(office, holder, "BAN IN", "diploma", valid_to=last.isoformat())
    code = officer.post(f"/v1/documents/{document}/copies").json()["code"]
    with office.house.database.read() as tx:
        made = copies.find(tx, code)
        for moment, standing in zip(
            (*last_and_first_minute(last), *last_and_first_minute(last + DAY)),
            ("in_force", "in_force", "in_force", "expired"), strict=True,
        ):  # fmt: skip
            house = replace(office.house, clock=Stopped(moment))
            assert certified(house, tx, made)["standing"] == standing, moment


def test_a_paper_may_be_issued_today_in_vietnam(office: Office) -> None:
    """At 23:30 in Greenwich it is the next day already where the paper was signed."""
    evening = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    house = replace(office.house, clock=Stopped(evening))
    for day, fits in ((26, True), (27, True), (28, False)):
        said = {"issue_date": f"2026-11-{day}"}
        if fits:
            check_metadata(house, said)
        else:
            with pytest.raises(InvalidRequest) as refusal:
                check_metadata(house, said)
            assert refusal.value.error_code == "issued_in_future"
