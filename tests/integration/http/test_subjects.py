"""One person under old and new numbers: linked with provenance, joined, and parted again."""

import httpx

from tests.integration.http.office import Office
from tests.integration.http.papers import born_digital

CARD = {"scheme": "vn:cccd", "id": "033190123456", "name": "Trần Thị Mẫu"}
OLD = {"scheme": "vn:cmnd9", "id": "145678901", "name": "Trần Thị Mẫu"}


def hand_in(office: Office, subject: dict[str, str], text: str) -> str:
    with office.client("clerk") as clerk:
        document: str = clerk.post(
            "/v1/documents", files={"file": ("giấy.pdf", born_digital(text))}
        ).json()["id"]
        office.work()
        version = clerk.get(f"/v1/documents/{document}").json()["version"]
        done = clerk.patch(
            f"/v1/documents/{document}", json={"subject": subject, "version": version}
        )
        assert done.status_code == 200, done.text
    return document


def of(officer: httpx.Client, who: dict[str, str]) -> dict[str, object]:
    found: dict[str, object] = officer.get(
        "/v1/subjects", params={"scheme": who["scheme"], "id": who["id"]}
    ).json()
    return found


def holder(officer: httpx.Client, document: str) -> list[str]:
    told = officer.get(f"/v1/documents/{document}").json()["subject"]
    return sorted(one["id"] for one in told["identifiers"])


def test_an_old_number_is_linked_with_where_it_is_known_from(
    office: Office, officer: httpx.Client
) -> None:
    firm = {"scheme": "passport", "id": "B1234567", "name": "Lê Văn Thử"}
    hand_in(office, firm, "HO CHIEU")
    subject = of(officer, firm)["id"]
    address = f"/v1/subjects/{subject}/identifiers"
    number = {"scheme": "vn:cmnd9", "id": "145000111"}
    for source in ("", "  "):
        refused = officer.post(address, json={**number, "source": source})
        assert (refused.status_code, refused.json()["code"]) == (422, "source_needed")
    made = officer.post(address, json={**number, "source": "Mặt sau thẻ căn cước"})
    assert made.status_code == 201
    sources = {one["id"]: one["source"] for one in made.json()["identifiers"]}
    assert sources == {"145000111": "Mặt sau thẻ căn cước", "B1234567": None}
    assert of(officer, number)["id"] == subject


def test_two_entries_are_joined_and_parted_again(office: Office, officer: httpx.Client) -> None:
    new, old = hand_in(office, CARD, "THE MOI"), hand_in(office, OLD, "THE CU")
    kept, gone = of(officer, CARD)["id"], of(officer, OLD)["id"]
    assert kept != gone  # the same name joins nobody
    taken = officer.post(
        f"/v1/subjects/{kept}/identifiers",
        json={"scheme": OLD["scheme"], "id": OLD["id"], "source": "Thẻ căn cước"},
    )
    assert (taken.status_code, taken.json()["code"]) == (409, "identifier_taken")
    made = officer.post(
        f"/v1/subjects/{kept}/merge", json={"other": gone, "reason": "Thẻ căn cước"}
    )
    assert made.status_code == 201, made.text
    assert made.json()["merge"]["documents"] == 1
    assert holder(officer, old) == holder(officer, new) == sorted([CARD["id"], OLD["id"]])
    assert of(officer, OLD)["id"] == kept
    late = hand_in(office, OLD, "GIAY DEN SAU")
    merge = made.json()["merge"]["id"]
    parted = officer.post(f"/v1/subjects/merges/{merge}/undo")
    assert parted.status_code == 200
    assert holder(officer, old) == [OLD["id"]]
    assert holder(officer, new) == [CARD["id"]]
    assert holder(officer, late) == [CARD["id"]]  # what came since stays where it is
    again = officer.post(f"/v1/subjects/merges/{merge}/undo")
    assert (again.status_code, again.json()["code"]) == (409, "already_undone")


def test_what_cannot_be_joined(office: Office, officer: httpx.Client) -> None:
    hand_in(office, CARD, "MOT MINH")
    kept = of(officer, CARD)["id"]
    address = f"/v1/subjects/{kept}/merge"
    assert officer.post(address, json={"other": kept, "reason": "x"}).status_code == 422
    assert officer.post(address, json={"other": "0" * 32, "reason": "x"}).status_code == 404
    unknown = officer.get("/v1/subjects", params={"scheme": "vn:cccd", "id": "033190999999"})
    assert unknown.status_code == 404
    with office.client("clerk") as clerk:
        assert clerk.post(address, json={"other": "0" * 32, "reason": "x"}).status_code == 403
    with office.client("system") as system:
        params = {"scheme": CARD["scheme"], "id": CARD["id"]}
        assert system.get("/v1/subjects", params=params).status_code == 403
