"""Codes of answers that no other test comes upon by name."""

from datetime import timedelta

import httpx
import pytest

from api.auth import logins
from repository import accounts
from tests.integration.http.office import Office
from tests.integration.http.papers import born_digital
from vocabulary.errors import Conflict, NotAuthenticated

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def fresh(office: Office) -> str:
    """A paper that nobody has read yet."""
    with office.client("clerk") as clerk:
        answer = clerk.post("/v1/documents", files={"file": ("a.pdf", born_digital("CHUA DOC"))})
    found: str = answer.json()["id"]
    return found


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/v1/documents/{fresh}/content?rendition=archival", 404, "no_archival_file"),
        ("/v1/documents/{fresh}/pages/99/words", 404, "no_such_page"),
        ("/v1/stats/nothing", 404, "no_such_figure"),
        ("/v1/copies/AAAAAAAAAAAA/content", 404, "unknown_code"),
        ("/v1/nothing", 404, "not_found"),
    ],
)
def test_what_is_not_there(
    officer: httpx.Client, fresh: str, address: str, status: int, code: str
) -> None:
    answer = officer.get(address.format(fresh=fresh))
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_a_stopped_paper_is_settled_first(office: Office, officer: httpx.Client) -> None:
    file = {"file": ("hai.pdf", born_digital("HAI LAN"))}
    officer.post("/v1/documents", files=file)
    second = officer.post("/v1/documents", files=file).json()
    assert second["reason"] == "duplicate"
    answer = officer.post(f"/v1/documents/{second['id']}/confirm")
    assert (answer.status_code, answer.json()["code"]) == (409, "document_stopped")


def test_a_paper_is_withdrawn_once(officer: httpx.Client, fresh: str) -> None:
    reason = {"reason": "QĐ 1/QĐ-SKHCN"}
    assert officer.post(f"/v1/documents/{fresh}/withdraw", json=reason).status_code == 200
    again = officer.post(f"/v1/documents/{fresh}/withdraw", json=reason)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


def test_a_body_that_cannot_be_read(officer: httpx.Client) -> None:
    broken = officer.post(
        "/v1/documents", content=b"--x\r\n", headers={"Content-Type": "multipart/form-data"}
    )
    assert (broken.status_code, broken.json()["code"]) == (400, "bad_request")


def test_wrong_words_at_the_door(office: Office) -> None:
    with pytest.raises(NotAuthenticated) as refusal:
        logins.log_in(office.house, "clerk", "sai hoàn toàn", "10.0.0.1", length=HOUR)
    assert refusal.value.error_code == "wrong_credentials"


def test_names_are_given_once(office: Office) -> None:
    now = office.house.clock.now()
    for make, code in (
        (lambda tx: accounts.create_client(tx, "portal", "Cổng", "x", now), "client_taken"),
        (lambda tx: accounts.create_account(tx, "clerk", "A", "clerk", "x", now),
         "username_taken"),
    ):  # fmt: skip
        with pytest.raises(Conflict) as refusal, office.house.database.write() as tx:
            make(tx)
        assert refusal.value.error_code == code
