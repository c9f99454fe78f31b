"""A call repeated after its answer was lost makes nothing twice, also across a restart."""

import io

import httpx
import pytest

from ingest import intake
from tests.integration.http.office import Office
from tests.integration.http.papers import born_digital
from vocabulary.errors import InvalidRequest


def test_a_key_makes_one_document_whatever_the_process_remembers(office: Office) -> None:
    content = born_digital("CONG VAN 31")
    first = intake.receive(office.house, io.BytesIO(content), "a.pdf", by="clerk", once_key="k#0")
    # What a new process does with the repeated call: it remembers nothing but the catalogue.
    again = intake.receive(office.house, io.BytesIO(content), "a.pdf", by="clerk", once_key="k#0")
    assert again == first
    assert first.duplicate_of is None


def test_the_same_key_for_another_file_is_refused(office: Office) -> None:
    intake.receive(
        office.house, io.BytesIO(born_digital("CONG VAN 32")), "a.pdf", by="clerk", once_key="k2#0"
    )
    with pytest.raises(InvalidRequest) as error:
        intake.receive(
            office.house,
            io.BytesIO(born_digital("CONG VAN 33")),
            "a.pdf",
            by="clerk",
            once_key="k2#0",
        )
    assert error.value.error_code == "idempotency_key_reused"


def test_a_batch_is_opened_once_for_a_key(office: Office) -> None:
    with office.client("clerk") as client:
        made = [open_batch(client, "batch-1") for _ in range(2)]
    assert made[0]["id"] == made[1]["id"]


def open_batch(client: httpx.Client, key: str) -> dict[str, str]:
    answer = client.post("/v1/batches", json={"name": "Sáng"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json()
    return made
